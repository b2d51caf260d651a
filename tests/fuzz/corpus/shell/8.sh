until nc -z minio.store 9000; do sleep 2; done

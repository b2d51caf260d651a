until nc -z minio.minio.svc.cluster.local 9000; do sleep 2; done

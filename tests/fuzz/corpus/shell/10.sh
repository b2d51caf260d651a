until nc -z kafka.default.svc.cluster.local 9092; do sleep 2; done

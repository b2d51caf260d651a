while ! wget -q -O /dev/null http://mlflow.default.svc.cluster.local:5000/health; do sleep 1; done

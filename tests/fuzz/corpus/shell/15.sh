until nc -z mlflow 5000; do sleep 2; done

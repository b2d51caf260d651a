nc -z mlflow 5000 || true

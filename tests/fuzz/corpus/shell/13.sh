echo "waiting for nc -z mlflow 5000"; sleep 1

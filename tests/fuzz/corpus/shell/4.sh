wait_for() { until nc -z "$1" "$2"; do sleep 1; done; }; HOST=${MLFLOW_HOST:-mlflow}; wait_for "$HOST" 5000

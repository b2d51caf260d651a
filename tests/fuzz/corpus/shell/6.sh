while true; do if nslookup mlflow; then break; fi; sleep 2; done

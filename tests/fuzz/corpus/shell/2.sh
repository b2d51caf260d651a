until nc -z kafkaa 9092; do sleep 2; done

until nc -z events-kafka-bootstrap 9092; do sleep 1; done

until nc -z kafka-0.kafka 9092; do sleep 2; done

until nc -z kafka 9092; do sleep 2; done

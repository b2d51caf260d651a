for host in kafka zookeeper; do until nc -z $host 9092; do sleep 1; done; done

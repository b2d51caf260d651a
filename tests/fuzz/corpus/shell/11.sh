until wget -q -O /dev/null https://example.com/health; do sleep 2; done

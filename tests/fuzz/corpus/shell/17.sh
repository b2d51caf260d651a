while true; do nc -l -p 5000 -e echo hello; done

set -eu
HOSTS="a b" ; export PORT=${PORT:-5432}
wait_for() { local n=0; until nc -z "$1" "$2" || [ $n -ge 30 ]; do n=$((n+1)); sleep 1; done; }
for h in $HOSTS; do wait_for $h ${PORT}; done
case "$X" in a) curl -sf http://b:80;; *) true;; esac
if [ -n "${Y:-}" ] && ! wget -q $(echo http://c:80); then exit 1; elif true; then :; else false; fi
cat <<END | sh
until pg_isready -h db; do sleep 1; done
END
while read l; do echo "$l"; done < <(getent hosts x)

set -eu
export LC_ALL=C.UTF-8 HOME=/root COLUMNS=100
cd /root
run() { printf '$ %s\n' "$*"; "$@" </dev/null 2>&1; }
fails() { printf '$ %s\n' "$*"; if "$@" </dev/null 2>&1; then echo "不该成功"; exit 1; else echo "[退出码 $?]"; fi; }
P=/opt/duban/current/venv/bin/python
get() { python3 -c "import sys,urllib.request as u; print(u.urlopen(sys.argv[1], timeout=5).read().decode().strip())" "$1"; }
post() { python3 -c "import sys,urllib.request as u; print(u.urlopen(u.Request(sys.argv[1], sys.argv[2].encode(), {'content-type':'application/json'}), timeout=20).read().decode()[:300])" "$1" "$2"; }
wait_for() { for i in $(seq 1 120); do get "$1" >/dev/null 2>&1 && return 0; sleep 0.25; done; echo "没有起来: $1"; return 1; }

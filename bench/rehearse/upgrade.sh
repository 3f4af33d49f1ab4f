schema() { $P -c "import sqlite3; print('数据库结构', *sqlite3.connect('/var/lib/duban/var/duban.db').execute('SELECT version_num FROM alembic_version').fetchone())"; }
export START='sh /root/start.sh' STOP='sh /root/stop.sh' HEALTH=60
run duban audit verify
schema
echo '# 一个坏版本: 装得上, 结构也升得了, 起不来'
rm -rf /root/next; cp -R /root/bundle/duban-* /root/next; printf '9.9.2\n' >/root/next/VERSION
sed -i 's/^_LOG = .*/&/' /root/next/program/bot/health.py
printf 'import sys as _sys\nif "serve" in _sys.argv:\n    raise RuntimeError("a fault of this version")\n' >>/root/next/program/bot/health.py
(cd /root/next && find . -type f ! -name SHA256SUMS -print0 | xargs -0 sha256sum >SHA256SUMS)
cd /root/next
(export HEALTH=15; fails sh install.sh --upgrade)
echo "current -> $(readlink /opt/duban/current)"
schema
get http://127.0.0.1:8000/readyz
run duban resume
run duban resume --send all
echo '# 好版本: 数据库结构不同'
cd /root/bundle/duban-*
run sh install.sh --upgrade
echo "current -> $(readlink /opt/duban/current)"
schema
get http://127.0.0.1:8000/readyz
run duban audit verify
echo '# 升级前登记的件还在, 升级后照常答'
post http://127.0.0.1:9000/sandbox/say '{"userid":"sunlei","agentid":1000002,"text":"查001"}'
sleep 4
get "http://127.0.0.1:9000/sandbox/messages?viewer=sunlei" | grep -o '001《[^"\\]*' | tail -1
get http://127.0.0.1:8000/metrics | grep -E '^duban_(database_up|cases_open)'
sh /root/stop.sh
kill $(cat /root/sandbox.pid)

python3 /root/sandbox.py /var/lib/duban
sandbox() { (cd /opt/duban/current && exec $P -m bot.sandbox --config /root/sandbox.json --port 9000 --log /root/sandbox.jsonl >/root/sandbox.log 2>&1) & echo $! >/root/sandbox.pid; wait_for http://127.0.0.1:9000/; }
sandbox
install -o duban -m 600 /root/people.csv /var/lib/duban/people.csv
install -o duban -m 600 /root/answers.toml /var/lib/duban/answers.toml
run duban init --answers answers.toml --wait 0
kill $(cat /root/sandbox.pid); wait || true
python3 /root/sandbox.py /var/lib/duban
sandbox
sh /root/start.sh; wait_for http://127.0.0.1:8000/readyz
(for i in $(seq 1 30); do sleep 3; post http://127.0.0.1:9000/sandbox/verify '{"agentid":1000002}' >/dev/null 2>&1 || break; done) &
presses=$!
run duban init --answers answers.toml --wait 90 | tail -6
kill $presses 2>/dev/null || true
echo '# 王小雨在手机上转发一篇'
post http://127.0.0.1:9000/sandbox/forward '{"userid":"wangxiaoyu","agentid":1000002,"title":"青禾路积水多日","url":"https://www.toutiao.com/article/7249559687354974759/","description":""}'
sleep 3
get "http://127.0.0.1:9000/sandbox/messages?viewer=wangxiaoyu" | grep -o '已登记[^"\\]*' | head -1

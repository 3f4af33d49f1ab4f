old=$(readlink /opt/duban/current)
next() { # next NAME: the same program under another version's name
  rm -rf /root/next; cp -R /root/bundle/duban-* /root/next; printf '%s\n' "$1" >/root/next/VERSION
}
seal() { (cd /root/next && find . -type f ! -name SHA256SUMS -print0 | xargs -0 sha256sum >SHA256SUMS); }
export START='sh /root/start.sh' STOP='sh /root/stop.sh' HEALTH=40
echo '# 升级'
next 9.9.1; seal
cd /root/next
run sh install.sh --upgrade
echo "current -> $(readlink /opt/duban/current)"
echo '# 一个坏版本: 装得上, 起不来'
next 9.9.2
cat >>/root/next/program/bot/health.py <<'END'
raise RuntimeError("a fault of this version")
END
sed -i 's/^raise RuntimeError.*/import os\nif "serve" in __import__("sys").argv: raise RuntimeError("a fault of this version")/' /root/next/program/bot/health.py
seal
cd /root/next
fails sh install.sh --upgrade
echo "current -> $(readlink /opt/duban/current)"
run duban resume
run duban resume --send all
run duban audit verify
get http://127.0.0.1:8000/readyz
sh /root/stop.sh
kill $(cat /root/sandbox.pid)

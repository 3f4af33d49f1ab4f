#!/bin/sh
D=${D:-/var/lib/duban}; O=${O:-/opt/duban}
cd "$D"
setpriv --reuid duban --regid duban --init-groups "$O/current/venv/bin/python" "$O/current/main.py" serve --config "$D/duban.toml" >>/root/serve.log 2>&1 &
echo $! >/root/serve.pid

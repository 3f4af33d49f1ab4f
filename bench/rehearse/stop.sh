#!/bin/sh
[ -f /root/serve.pid ] || exit 0
kill "$(cat /root/serve.pid)" 2>/dev/null || exit 0
while kill -0 "$(cat /root/serve.pid)" 2>/dev/null; do sleep 0.1; done
rm -f /root/serve.pid

export PREFIX=/srv/programs/duban DATA=/data/yuqing
cp -R /root/carried/secrets /root/carried/duban.toml /root/carried/directory.toml "$DATA/"
chown -R duban: "$DATA"
fresh=$(ls /root/carried/backups/duban-*.backup | tail -1); install -o duban -m 600 "$fresh" "$DATA/carried.backup"
run duban backup verify carried.backup
run duban restore carried.backup
run duban rearm
D=$DATA O=$PREFIX sh /root/start.sh; wait_for http://127.0.0.1:8000/readyz
get http://127.0.0.1:8000/readyz
run duban resume
run duban resume --send none
run duban audit verify
get http://127.0.0.1:8000/metrics | grep -E '^duban_(database_up|cases_open)'
sh /root/stop.sh

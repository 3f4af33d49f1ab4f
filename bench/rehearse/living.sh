echo '# 群机器人的 key 泄露: 换新的, 不重启'
printf '0a1b2c3d-robot-of-chengguan-0000002\n' >/var/lib/duban/secrets/robot_1
run duban reload
echo '# 配置写错: 仍用原来的'
cp -p /var/lib/duban/duban.toml /root/good.toml
sed -i 's/^port = 8000/port = "x"/' /var/lib/duban/duban.toml
fails duban reload
cp -p /root/good.toml /var/lib/duban/duban.toml
run duban backup nightly backups --keep 14 --evidence
get http://127.0.0.1:8000/metrics | grep -E '^duban_(database_up|cases_open|backup_age|beat_age)'

cd /root/older/duban-*
run sh install.sh

export PREFIX=/srv/programs/duban DATA=/data/yuqing
cd /root/bundle/duban-*
run sh install.sh
run duban --help | sed -n '1,6p'

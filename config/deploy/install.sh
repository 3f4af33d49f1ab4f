#!/bin/sh
# 督办离线安装: 核对校验和、Python、glibc, 建虚拟环境, 装 systemd 单元, 说下一步. 全程不联网.
# 用法: sh install.sh [--upgrade]
# 可改的位置: PREFIX (程序, 默认 /opt/duban)  DATA (配置和数据, 默认 /var/lib/duban)  RUN_AS (账号, 默认 duban)
#   PYTHON (哪个 Python)  START, STOP (没有 systemd 时怎么启停)  HEALTH (升级后等它健康的秒数)
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
PREFIX=${PREFIX:-/opt/duban}
DATA=${DATA:-/var/lib/duban}
RUN_AS=${RUN_AS:-duban}
UNITS=${UNITS:-/etc/systemd/system}
COMMAND=${COMMAND:-/usr/local/bin/duban}
wish=${1:-}

say() { printf '%s\n' "$*"; }
stop() {
  printf '没有安装: %s\n' "$1" >&2
  [ -z "${2:-}" ] || printf '怎么办: %s\n' "$2" >&2
  exit 1
}
at_least() { # at_least 2.31 2.28
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t. -k1,1n -k2,2n | head -n1)" = "$2" ]
}

case $wish in '' | --upgrade) ;; *) stop "不认识 $wish" "用法: sh install.sh [--upgrade]" ;; esac
[ "$(uname -s)" = Linux ] || stop "这不是 Linux" "请在 Linux 服务器上安装"
machine=$(uname -m)
case $machine in
x86_64 | aarch64) ;;
*) stop "没有 $machine 架构的安装包" "离线包只有 x86_64 和 aarch64" ;;
esac

say "1/6 核对校验和"
[ -f "$here/SHA256SUMS" ] || stop "缺少 SHA256SUMS" "请重新解开完整的离线包"
(cd "$here" && sha256sum --quiet -c SHA256SUMS) || stop "离线包不完整或被改动" "请重新拷贝离线包, 核对 .tar.sha256"

say "2/6 检查系统"
glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed 's/[^0-9.]*//')
[ -n "$glibc" ] || stop "没有 glibc (musl 系统不行)" "请用 Debian、openEuler、麒麟、统信等 glibc 系统"
at_least "$glibc" 2.28 || stop "glibc $glibc 太旧" "需要 2.28 或更新 (麒麟 V10、openEuler 20.03、统信 20、Debian 10 起)"
python=
for one in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
  found=$(command -v "$one" 2>/dev/null) || continue
  if "$found" -c 'import sys, venv, ssl, sqlite3; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
    python=$found
    break
  fi
done
[ -n "$python" ] || stop "没有合用的 Python" "需要 Python 3.11、3.12 或 3.13 (含 venv、ssl、sqlite3 模块); 从系统安装源装好后再运行, 或用 PYTHON=/路径/python3 指定"
version=$(cat "$here/VERSION")
say "    $machine, glibc $glibc, $("$python" --version), 督办 $version"

target=$PREFIX/$version
[ ! -e "$target" ] || stop "$target 已经有了" "这个版本已经装过; 要重装请先把它改名"
[ -z "$wish" ] || [ -e "$PREFIX/current" ] || stop "还没有装过, 谈不上升级" "请运行 sh install.sh"

say "3/6 建虚拟环境 (不联网)"
mkdir -p "$PREFIX"
cp -R "$here/program" "$target"
trap 'rm -rf "$target"' EXIT
"$python" -m venv --without-pip "$target/venv"
pip=$(ls "$here"/wheels/pip-*.whl)
PYTHONPATH=$pip "$target/venv/bin/python" -m pip --isolated install --quiet \
  --disable-pip-version-check --no-warn-script-location --no-cache-dir --no-index --find-links "$here/wheels" \
  --require-hashes --requirement "$target/requirements.txt" || stop "装依赖时出错" "把上面的输出发给维护人员"
"$target/venv/bin/python" -m compileall -q "$target/main.py" "$target/bot" "$target/handlers" "$target/storage" \
  "$target/config" "$target/cases"
"$target/venv/bin/python" "$target/main.py" --help >/dev/null || stop "程序起不来" "把上面的输出发给维护人员"
trap - EXIT

say "4/6 账号和目录"
if [ "$(id -u)" = 0 ] && ! id "$RUN_AS" >/dev/null 2>&1; then
  useradd --system --home-dir "$DATA" --shell /usr/sbin/nologin "$RUN_AS"
fi
mkdir -p "$DATA/secrets" "$DATA/var" "$DATA/backups"
chmod 700 "$DATA" "$DATA/secrets" "$DATA/var" "$DATA/backups"
[ "$(id -u)" != 0 ] || chown "$RUN_AS:" "$DATA" "$DATA/secrets" "$DATA/var" "$DATA/backups"

say "5/6 命令和 systemd 单元"
if [ "$wish" != --upgrade ]; then
  rm -f "$PREFIX/current.new"
  ln -s "$version" "$PREFIX/current.new"
  mv -T "$PREFIX/current.new" "$PREFIX/current"
fi
mkdir -p "$(dirname "$COMMAND")"
cat >"$COMMAND" <<END
#!/bin/sh
# 督办的命令: 以账号 $RUN_AS 在 $DATA 里运行
cd "$DATA" || exit 1
if [ "\$(id -u)" = 0 ] && id "$RUN_AS" >/dev/null 2>&1; then
  exec setpriv --reuid "$RUN_AS" --regid "$RUN_AS" --init-groups "$PREFIX/current/venv/bin/python" "$PREFIX/current/main.py" "\$@"
fi
exec "$PREFIX/current/venv/bin/python" "$PREFIX/current/main.py" "\$@"
END
chmod 755 "$COMMAND"
if [ -d "$UNITS" ]; then
  for unit in "$target"/config/deploy/systemd/*.service "$target"/config/deploy/systemd/*.timer; do
    sed -e "s#/opt/duban#$PREFIX#g" -e "s#/var/lib/duban#$DATA#g" -e "s#^User=duban#User=$RUN_AS#" "$unit" >"$UNITS/$(basename "$unit")"
  done
  if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
else
  say "    没有 $UNITS, 未装单元; 样本在 $target/config/deploy/systemd"
fi

if [ "$wish" = --upgrade ]; then
  say "6/6 升级: 先试、再备份、换版本, 不行就退回"
  set -- --config "$DATA/duban.toml" --program "$PREFIX/current" --to "$version" --run-as "$RUN_AS"
  # Without systemd: START and STOP are the commands that start and stop the service.
  [ -z "${START:-}" ] || set -- "$@" --start "$START" --stop "$STOP"
  exec "$target/venv/bin/python" "$target/main.py" upgrade "$@" ${HEALTH:+--health "$HEALTH"}
fi
say "6/6 完成: $target"
say "下一步: duban init    (问十几个问题, 写好配置, 随时可停, 再运行接着来)"

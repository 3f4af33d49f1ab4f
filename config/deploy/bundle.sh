#!/usr/bin/env bash
# Make the offline bundle: the program, the wheels of both architectures and three Python versions, checksums and
# one script. Run with `make bundle`, on a machine with a network; the bundle is installed on one without.
set -euo pipefail
cd "$(dirname "$0")/../.."

PYTHON=${PYTHON:-.venv/bin/python}
OUT=${OUT:-dist}
ARCHITECTURES=${ARCHITECTURES:-x86_64 aarch64}
VERSIONS=${VERSIONS:-3.11 3.12 3.13}
MOST_MB=${MOST_MB:-400} # of the finished archive: it has to fit where it is carried
PIP=pip==26.0.1         # carried along, because Debian splits ensurepip off

version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
if commit=$(git rev-parse --short=8 HEAD 2>/dev/null); then version="$version-$commit"; fi
name=duban-$version
place=$OUT/$name
rm -rf "$place" "$place.tar"
mkdir -p "$place/wheels" "$place/program"

# Only what runs: no tests, no benches, no documents but those a reader on the server needs.
PARTS="main.py bot handlers storage config cases requirements.txt pyproject.toml README.md README.zh-CN.md LICENSE NOTICE CHANGELOG.md docs"
if git rev-parse HEAD >/dev/null 2>&1; then
  # shellcheck disable=SC2086
  git archive HEAD $PARTS | tar -x -C "$place/program"
else
  # shellcheck disable=SC2086
  tar -c --exclude=__pycache__ $PARTS | tar -x -C "$place/program"
fi
rm -rf "$place/program/docs/images" "$place/program/docs/evidence"

for architecture in $ARCHITECTURES; do
  for python in $VERSIONS; do
    "$PYTHON" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
      --implementation cp --python-version "$python" --abi "cp${python/./}" --abi abi3 --abi none \
      --platform "manylinux_2_28_$architecture" --platform "manylinux_2_17_$architecture" \
      --platform "manylinux2014_$architecture" --platform any \
      --require-hashes --requirement requirements.txt --dest "$place/wheels"
  done
done
"$PYTHON" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$place/wheels" "$PIP"

cp config/deploy/install.sh "$place/install.sh"
chmod +x "$place/install.sh"
printf '%s\n' "$version" >"$place/VERSION"
(cd "$place" && find . -type f ! -name SHA256SUMS -print0 | LC_ALL=C sort -z | xargs -0 sha256sum >SHA256SUMS)

tar -C "$OUT" -cf "$place.tar" "$name"
megabytes=$(($(stat -c %s "$place.tar") / 1000000))
(cd "$OUT" && sha256sum "$name.tar" >"$name.tar.sha256")
if [ "$megabytes" -gt "$MOST_MB" ]; then
  echo "离线包 $megabytes MB, 超过上限 $MOST_MB MB" >&2
  exit 1
fi
echo "$place.tar: $megabytes MB, $(find "$place/wheels" -name '*.whl' | wc -l) 个 wheel, 架构 $ARCHITECTURES, Python $VERSIONS"

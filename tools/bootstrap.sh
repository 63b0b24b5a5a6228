#!/usr/bin/env bash
# Makes .venv from the lock file, from a machine with only Python 3.11, make and git.
# usage: bootstrap.sh core|dev
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-core}

python=""
for candidate in python3.11 python3.12 python3.13 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate; break
  fi
done
if [ -z "$python" ]; then echo "需要 Python 3.11 或更高版本。" >&2; exit 1; fi

if [ ! -x .venv/bin/python ]; then
  if ! "$python" -m venv .venv 2>/dev/null; then
    rm -rf .venv
    echo "本机 Python 没有 venv 模块，正在用 apt 安装……" >&2
    apt-get update -qq && apt-get install -y -qq python3-venv python3-pip
    "$python" -m venv .venv
  fi
fi
lock=requirements.lock
[ "$kind" = dev ] && lock=requirements-dev.lock
.venv/bin/python -m uv --version >/dev/null 2>&1 || .venv/bin/python -m pip install -q --disable-pip-version-check uv
echo "正在按 $lock 安装依赖……"
export VIRTUAL_ENV="$PWD/.venv"
if [ "$kind" = core ] && [ -f .venv/.dev ]; then : # the dev set is a superset: keep it
else .venv/bin/python -m uv pip install -q --require-hashes -r "$lock"; fi
.venv/bin/python -m uv pip install -q --no-deps -e .
touch ".venv/.$kind"; [ "$kind" = dev ] && touch .venv/.core; exit 0

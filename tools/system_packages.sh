#!/usr/bin/env bash
# The Debian packages that only tests need: Chromium (browser tests) and a CJK fallback font.
# Where they cannot be installed the tests that need them skip and say so.
set -uo pipefail
want=()
command -v chromium >/dev/null || command -v google-chrome >/dev/null || want+=(chromium)
[ -d /usr/share/fonts/opentype/noto ] || want+=(fonts-noto-cjk)
[ ${#want[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "提示：缺少 ${want[*]}，且不能用 apt 安装；相关测试将跳过。" >&2; exit 0
fi
echo "正在安装测试用的系统软件包：${want[*]} ……"
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${want[@]}"; } >/dev/null 2>&1 \
  || echo "提示：${want[*]} 安装失败；相关测试将跳过。" >&2
exit 0

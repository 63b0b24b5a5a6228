#!/usr/bin/env bash
# Fetches the Chinese document fonts (仿宋, 宋体, 黑体, 楷体: Fandol, GPL with font exception) into var/fonts,
# unpacked from the Debian package without installing TeX. Without them PDFs fall back to fonts of the system.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p var/fonts
[ -f var/fonts/FandolFang-Regular.otf ] && exit 0
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
  echo "提示：本机不是 Debian 系统，未下载公文字体；PDF 将使用系统字体。" >&2; exit 0
fi
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
( cd "$work" && { apt-get download -qq texlive-lang-chinese 2>/dev/null || { apt-get update -qq 2>/dev/null && apt-get download -qq texlive-lang-chinese; }; } ) >/dev/null 2>&1 || {
  echo "提示：公文字体下载失败，PDF 将使用系统字体；可稍后运行 tools/fonts.sh 重试。" >&2; exit 0; }
dpkg-deb -x "$work"/texlive-lang-chinese_*.deb "$work/x"
cp "$work"/x/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/Fandol{Fang,Song,Hei,Kai}-*.otf var/fonts/
echo "公文字体已就绪（var/fonts）。"

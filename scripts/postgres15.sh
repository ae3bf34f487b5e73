#!/usr/bin/env bash
# Migrations and action tests on Debian's PostgreSQL 15: the oldest server we promise to run on.
# The cluster is a new one in a temporary folder; the system's own is not touched.
#   scripts/postgres15.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "$0")/.."
programs=/usr/lib/postgresql/15/bin

if [ ! -x "$programs/initdb" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    printf 'Installing postgresql-15…\n' >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15; } >&2
  else
    printf '\n  NOT TESTED ON POSTGRESQL 15: it is not installed (Debian 12: apt-get install postgresql-15)\n\n' >&2
    [ -z "${CI:-}" ] || exit 1
    exit 0
  fi
fi

# As root the server needs another user; that user must be able to reach the folder.
folder="$(mktemp -d "${TMPDIR:-/tmp}/bihuan-pg15.XXXXXX")"
mkdir "$folder/socket"
as_server() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$folder"
  chown -R postgres: "$folder"
  as_server() { runuser -u postgres -- "$@"; }
fi
stop() {
  as_server "$programs/pg_ctl" stop --pgdata "$folder/data" --mode immediate --silent 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT

# A password of this run alone: what comes in without one must be refused here too.
password="$(.venv/bin/python -c 'import secrets; print(secrets.token_hex(16))')"
printf '%s\n' "$password" > "$folder/password"
[ "$(id -u)" != 0 ] || chown postgres: "$folder/password"
(
  cd /
  as_server "$programs/initdb" --pgdata "$folder/data" --username administrator --pwfile "$folder/password" \
    --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 --no-instructions >/dev/null
  as_server "$programs/pg_ctl" start --pgdata "$folder/data" --silent --wait --log "$folder/log" \
    --options "-c listen_addresses= -c unix_socket_directories=$folder/socket -c fsync=off -c full_page_writes=off"
)
PGPASSWORD="$password" "$programs/psql" --quiet --no-psqlrc --set ON_ERROR_STOP=1 \
  --host "$folder/socket" --username administrator --dbname postgres <<SQL
CREATE ROLE bihuan_owner LOGIN CREATEDB PASSWORD '$password';
CREATE ROLE bihuan LOGIN PASSWORD '$password';
CREATE DATABASE bihuan OWNER bihuan_owner;
SQL

export DATABASE_URL="postgresql://bihuan:$password@/bihuan?host=$folder/socket"
export BIHUAN_OWNER_DATABASE_URL="postgresql://bihuan_owner:$password@/bihuan?host=$folder/socket"
mkdir -m 700 "$folder.ours"
trap 'stop; rm -rf "$folder.ours"' EXIT
export BIHUAN_DATA="$folder.ours/data" BIHUAN_TEST_DATA="$folder.ours/test"

printf '── migrations on PostgreSQL 15\n'
.venv/bin/bihuan migrate --verbosity 0
.venv/bin/bihuan doctor
printf '── action tests on PostgreSQL 15\n'
shopt -s nullglob
# Actions that have a file of their own by subject.
subjects=(tests/intake/test_confirming.py tests/rectification/test_{judging,planned_work,short_path}.py)
.venv/bin/pytest -n "${JOBS:-auto}" -m "not journey and not embedded" "$@" \
  tests/journal tests/*/test_actions*.py "${subjects[@]}"

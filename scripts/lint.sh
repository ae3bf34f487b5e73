#!/usr/bin/env bash
# Style, types, floors, licences, browser floor, sizes, secrets. All of them run; one that fails is enough.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()

step() {
  local name="$1"
  shift
  printf '── %s\n' "$name"
  "$@" || failed+=("$name")
}

step "ruff: style"       .venv/bin/ruff check .
step "ruff: format"      .venv/bin/ruff format --check --quiet .
step "mypy: types"       .venv/bin/mypy
step "floors"            .venv/bin/lint-imports --no-logo
step "migrations"        .venv/bin/python scripts/check_migrations.py
step "licences"          .venv/bin/python scripts/check_licences.py
step "sizes"             .venv/bin/python scripts/check_sizes.py
step "messages"          .venv/bin/python scripts/check_messages.py
step "secrets and paths" .venv/bin/python scripts/check_leaks.py
step "browser floor"     scripts/browser_floor.sh

if [ "${#failed[@]}" -gt 0 ]; then
  printf '\nFAILED: %s\n' "$(IFS=,; printf '%s' "${failed[*]}")" >&2
  exit 1
fi
printf '\nAll checks passed.\n'

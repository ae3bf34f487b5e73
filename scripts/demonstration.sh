#!/usr/bin/env bash
# Makes the demonstration city where there is none yet, shows the main job on it, and serves it.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/bihuan demo "$@"
exec .venv/bin/bihuan up

#!/bin/sh
# Measures time and memory, prints the table that the README quotes. Nothing here can fail for being slow.
# Usage: sh scripts/bench.sh [name …]      names: help, streets, run, matrix, transit, many-transit, many-streets
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[cluster,dev]'
exec .venv/bin/python -m tests.benchmarks "$@"

#!/bin/sh
# Installs what the tests need, then lints, checks types and import contracts, and runs the tests.
# Usage: sh scripts/test.sh [pytest arguments]
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "installing what the tests need …" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[cluster,dev,report,web]'
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
.venv/bin/lint-imports
exec .venv/bin/python -m pytest -n auto --dist worksteal -m "not benchmark" "$@"

#!/bin/sh
# Makes .venv, installs the program and runs the main job on the embedded Anting study.
# Usage: sh scripts/run.sh [STUDY] [--out DIR]     PYTHON=python3.12 sh scripts/run.sh uses that Python.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
    echo "需要 Python 3.11-3.13 / Python 3.11-3.13 is needed (PYTHON=/path/to/python sh scripts/run.sh)" >&2
    exit 1
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "安装中 / installing …" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable .
exec .venv/bin/python -m accessibility run "$@"

#!/bin/sh
# Measures time and memory, prints the tables that the README quotes. Nothing here can fail for being slow.
# What the README quotes is drawn by: python scripts/draw_bench.py
# Usage: sh scripts/bench.sh [name …]      names: help, streets, cache, nearest, run, matrix, gtfs, transit,
#                                          many-transit, many-streets
#        sh scripts/bench.sh --growth      time and memory as origins and trips are multiplied
#        sh scripts/bench.sh --peers       street searches beside other tools, in an environment of their own
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[cluster,dev]'
if [ "${1:-}" = --peers ]; then
    # pandana is AGPL, igraph GPL: for measuring only, never a dependency
    [ -x .venv-peers/bin/python ] || "$python" -m venv .venv-peers
    for peer in numpy scipy networkx igraph networkit rustworkx pandana pyvalhalla; do
        .venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: "$peer" \
            || echo "$peer cannot be installed here" >&2
    done
    exec .venv/bin/python -m tests.benchmarks.peers
fi
if [ "${1:-}" = --growth ]; then
    exec .venv/bin/python -m tests.benchmarks.growth
fi
exec .venv/bin/python -m tests.benchmarks "$@"

"""Street searches beside other tools: the same graph for all, ratios in one run, answers compared."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from accessibility.kernels.dijkstra import one_to_all, within
from accessibility.kernels.nearest import nearest
from tests.benchmarks.measured import RUNS, processors
from tests.benchmarks.streets import REFERENCE
from tests.benchmarks.walking_graph import walking_graph

TOOLS = ("scipy", "networkit", "rustworkx", "igraph", "networkx", "pandana")
TASKS = {
    "bounded": "100 origins, all nodes within 1,800 m (30 min on foot)",
    "nearest": "nearest of 100 facilities for all nodes",
    "all": "100 origins to all nodes",
}
LIMIT_M = 1800.0
TOLERANCE_M = 0.51
"""Single precision of the kept answers, and pandana's rounding of weights."""
GRAIN_M = 2.0**-24


def timed(run, runs=RUNS):
    """Run once to warm up, then several times; give median, least and most seconds."""
    run()
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), min(seconds), max(seconds)


def ours(graph, origins):
    """Run the kernels as `times_to_nodes` and `nearest_of_nodes` do, on one thread."""
    n = len(graph["indptr"]) - 1
    csr = (graph["indptr"], graph["target"], np.round(graph["length_m"] / GRAIN_M) * GRAIN_M)
    seeds = (np.arange(len(origins) + 1), origins.astype(np.int32), np.zeros(len(origins)))

    def bounded():
        offset = np.zeros(len(origins) + 1, np.int64)
        vertex, length_m = np.empty(len(origins) * n // 4, np.int32), np.empty(len(origins) * n // 4)
        assert within(*csr, *seeds, LIMIT_M, 0, offset, vertex, length_m) == len(origins)
        return offset, vertex, length_m

    def nearest_facility():
        length_m, owner = np.empty((n, 1)), np.empty((n, 1), np.int32)
        nearest(*csr, *seeds, np.inf, length_m, owner)
        return length_m

    def everything():
        length_m = np.empty((len(origins), n))
        one_to_all(*csr, *seeds, np.inf, length_m)
        return length_m

    offset, vertex, length_m = bounded()
    table = np.full((len(origins), n), np.inf)
    table[np.repeat(np.arange(len(origins)), np.diff(offset)), vertex[: offset[-1]]] = length_m[: offset[-1]]
    answers = {"bounded": table, "nearest": nearest_facility().T, "all": everything()}
    return {"bounded": bounded, "nearest": nearest_facility, "all": everything}, answers


def unit(graph, origins):
    """Measure U: scipy's time for 100 one-to-all searches."""
    n = len(graph["indptr"]) - 1
    matrix = csr_array((graph["length_m"], graph["target"], graph["indptr"]), shape=(n, n))
    return timed(lambda: dijkstra(matrix, indices=origins))[0]


def same(task, theirs, own):
    """Say whether a tool found the same; at the very limit either way is right."""
    if theirs.shape != own.shape:
        return "other shape"
    both = np.isfinite(theirs) & np.isfinite(own)
    apart = np.isfinite(theirs) != np.isfinite(own)
    if task == "bounded":
        edge = np.where(np.isfinite(own), own, theirs)
        apart &= np.abs(edge - LIMIT_M) > TOLERANCE_M
    worst = float(np.abs(theirs[both] - own[both]).max())
    return f"same, ≤ {worst:.3f} m" if worst <= TOLERANCE_M and not apart.any() else f"differs: {worst:.1f} m"


def asked(python, tool, files):
    """Let a tool answer in its own environment; nothing where it is not installed."""
    found = subprocess.run([python, "-c", f"import {tool}"], capture_output=True, check=False)
    if found.returncode != 0:
        return None
    script = Path(__file__).with_name("peer_tools.py")
    done = subprocess.run(
        [python, str(script), tool, *map(str, files), str(RUNS)], capture_output=True, text=True, check=False
    )
    line = next((line for line in done.stdout.splitlines() if line.startswith("ANSWER ")), None)
    if line is None:
        raise RuntimeError(f"{tool} failed: {done.stderr[-500:]}")
    return json.loads(line.removeprefix("ANSWER "))


def main():
    """Print the tables."""
    python = os.environ.get("ACCESSIBILITY_PEERS_PYTHON", str(Path(".venv-peers") / "bin" / "python"))
    graph = walking_graph(REFERENCE / "porto_alegre" / "poa_osm.pbf")
    n_nodes, n_edges = len(graph["indptr"]) - 1, len(graph["target"])
    origins = np.random.default_rng(20190513).choice(n_nodes, 100, replace=False)
    u_s = unit(graph, origins)
    tasks, answers = ours(graph, origins)
    measured = {"accessibility": {task: timed(run) for task, run in tasks.items()}}
    said, builds = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        files = (Path(folder) / "graph.npz", Path(folder) / "answers.npz")
        np.savez(files[0], **graph, origins=origins)
        for tool in TOOLS:
            told = asked(python, tool, files)
            if told is None:
                measured[tool] = None
                continue
            measured[tool] = told["seconds"]
            builds[tool] = (told["build_s"], told["version"])
            with np.load(files[1]) as theirs:
                said[tool] = {task: same(task, theirs[task], answers[task]) for task in theirs.files}
    print(f"{processors()}, Python {sys.version.split()[0]}; {n_nodes:,} nodes, {n_edges:,} directed edges")
    print(f"U = {1000 * u_s:.0f} ms: scipy csgraph.dijkstra, 100 one-to-all searches, median of {RUNS}\n")
    for task, title in TASKS.items():
        own_s = measured["accessibility"][task][0]
        print(f"| {title} | median ms | min–max ms | U | times ours | answer |\n|---|---|---|---|---|---|")
        for tool, seconds in measured.items():
            name = tool if tool not in builds else f"{tool} {builds[tool][1]}"
            if seconds is None:
                print(f"| {name} | not installed | | | | |")
            elif task not in seconds:
                print(f"| {name} | no such call | | | | |")
            else:
                median, least, most = (1000 * s for s in seconds[task])
                ratio = f"{median / 1000 / u_s:.3f} | {median / 1000 / own_s:.1f}"
                answer = said.get(tool, {}).get(task, "")
                print(f"| {name} | {median:.1f} | {least:.1f}–{most:.1f} | {ratio} | {answer} |")
        print()
    print(
        "Building the graph from the arrays, s: " + ", ".join(f"{t} {s:.1f}" for t, (s, _v) in builds.items())
    )
    valhalla = subprocess.run([python, "-c", "import valhalla"], capture_output=True, check=False)
    state = "installed, but it" if valhalla.returncode == 0 else "not installed; it"
    print(f"Valhalla: {state} searches only tiles it builds of OSM itself, so it cannot be given this graph.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

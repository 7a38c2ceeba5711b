"""What one origin costs: the table of `docs/cluster.md`, from which larger questions are worked out.

``python -m tests.benchmarks.blocks``: processor time of one thread for blocks of origins, from the loaded
network to finished rows; bytes of the rows; bytes a worker is sent; peak memory. A process per question.
"""

import json
import pickle
import sys
import time
from dataclasses import replace

import numpy as np

from accessibility.model.places import Places
from accessibility.model.projection import unproject
from accessibility.sources.osm import read_streets
from accessibility.studies.block_parts import MatrixRows, NearestRows, Task
from accessibility.studies.on_streets import StreetOptions, prepare
from accessibility.studies.progress import silent
from accessibility.studies.questions import StreetQuestion
from tests.benchmarks import growth
from tests.benchmarks.measured import processors, timed
from tests.benchmarks.streets import REFERENCE

PORTO = REFERENCE / "porto" / "porto_portugal.osm.pbf"
OFF_M = 30.0
"""How far places lie from the street node they are spread about (m), so that no two are the same."""
LEAST_S = 2.0
"""Blocks are worked off until so much processor time has passed (s)."""

QUESTIONS = {
    "foot-30-5k": ("matrix on foot within 30 min, 5,000 destinations", 5_000, 5_000, 30),
    "foot-120-5k": ("matrix on foot within 120 min, 5,000 destinations", 5_000, 5_000, 120),
    "foot-30-100k": ("matrix on foot within 30 min, 100,000 destinations", 100_000, 100_000, 30),
    "foot-120-100k": ("matrix on foot within 120 min, 100,000 destinations", 100_000, 100_000, 120),
    "transit-1": ("matrix by public transport, 1,227 destinations", 1, 1, 0),
    "transit-4": ("matrix by public transport, 4,908 destinations", 4, 4, 0),
    "transit-16": ("matrix by public transport, 19,632 destinations", 16, 16, 0),
    "near-transit": ("nearest of 117 by public transport", 16, 0, 0),
    "near-100": ("nearest of 100 on foot within 30 min, 100,000 origins", 100_000, 100, 30),
    "near-100k": ("nearest of 100,000 on foot within 30 min, 100,000 origins", 100_000, 100_000, 30),
    "near-1m": ("nearest of 1,000,000 on foot within 30 min, 1,000,000 origins", 1_000_000, 1_000_000, 30),
}


def spread(streets, n, seed):
    """Spread places about the nodes of streets, the same ones every time."""
    random = np.random.default_rng(seed)
    at = random.integers(0, len(streets.x_m), n)
    x_m, y_m = (axis[at] + random.uniform(-OFF_M, OFF_M, n) for axis in (streets.x_m, streets.y_m))
    lon, lat = unproject(x_m, y_m, streets.crs)
    ids = tuple(f"n{i}" for i in range(n))
    return Places(ids, ids, ("",) * n, lon, lat, np.ones(n), np.zeros(n))


def question(name):
    """Load the network and ask; give the question, and how long it took to link the places (s)."""
    _what, n_from, n_to, minutes = QUESTIONS[name]
    if "transit" in name:
        job = "nearest" if name.startswith("near") else "transit"
        asked = growth.task(job, n_from, 1, n_destinations=n_to or 1)
        return asked.question, 0.0
    streets = read_streets(PORTO)
    places = spread(streets, n_from, 1), spread(streets, n_to, 2)
    began = time.process_time()
    ready = prepare(StreetOptions(PORTO, walk_speed=3.6, max_duration=minutes), *places, silent)
    linked_s = time.process_time() - began
    ids = ready.origins.ids, ready.destinations.ids
    return StreetQuestion(ready.streets, ready.linkage, ready.query, ids), linked_s


def work(name):
    """Answer some blocks as CSV, then as Parquet; print what they cost."""
    asked, linked_s = question(name)
    table = NearestRows() if name.startswith("near") else MatrixRows()
    told = {"linked_s": linked_s, "sent_mb": len(pickle.dumps(Task(asked, table), 5)) / 1e6}
    for kind in ("csv", "parquet"):
        task = Task(asked, replace(table, parquet=kind == "parquet"))
        size, n_origins = task.block_origins, len(asked.ids[0])
        task.rows(range(min(size, n_origins)))
        n, n_bytes, began = 0, 0, time.process_time()
        while n == 0 or time.process_time() - began < LEAST_S:
            begin = (n + size) % max(1, n_origins - size + 1)
            n_bytes += len(task.rows(range(begin, min(begin + size, n_origins))).content)
            n += min(size, n_origins)
        n_rows = n * table.rows_per_origin(len(asked.ids[1]))
        told[kind] = (1000 * (time.process_time() - began) / n, n_bytes / n_rows)
    told["origins"] = size
    print(json.dumps(told))


HEAD = (
    *("question", "origins a block", "ms per origin CSV", "Parquet", "bytes a row CSV", "Parquet"),
    *("sent MB", "peak MB", "linking s"),
)


def main():
    """Print the table."""
    print(f"{processors()}; processor time of one thread\n")
    print(f"| {' | '.join(HEAD)} |\n{'|---' * len(HEAD)}|")
    for name in sys.argv[1:] or QUESTIONS:
        run = timed(["-m", "tests.benchmarks.blocks", "--one", name], runs=1, warm_up=0)
        told = json.loads(run.said)
        cells = [str(told["origins"]), *(f"{told[of][i]:.3g}" for i in (0, 1) for of in ("csv", "parquet"))]
        cells += [f"{told['sent_mb']:.0f}", f"{run.peak_mb:.0f}", f"{told['linked_s']:.1f}"]
        print(f"| {QUESTIONS[name][0]} | {' | '.join(cells)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(work(sys.argv[2]) if sys.argv[1:2] == ["--one"] else main())

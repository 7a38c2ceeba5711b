"""Twenty planners at one workbench for a minute: ``python -m tests.benchmarks.workbench``."""

import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from accessibility.sources.scenario_file import read_scenario
from tests.serving import serving

N_CLIENTS, SECONDS = 20, 60.0


def _edit(served, number, until, reads_s, saves_s, wrong):
    _, _, stored = served.ask("POST", "/api/scenarios", {"name": f"{number}"})
    path, count = f"/api/scenarios/{stored['id']}", 0
    while time.monotonic() < until:
        count += 1
        began = time.perf_counter()
        status, _, stored = served.ask(
            "PUT", path, {"name": f"{number}-{count}"}, {"if-match": stored["etag"]}
        )
        saves_s.append(time.perf_counter() - began)
        began = time.perf_counter()
        read, _, whole = served.ask("GET", path)
        reads_s.append(time.perf_counter() - began)
        if (status, read) != (200, 200) or whole["scenario"]["name"] != f"{number}-{count}":
            wrong.append((status, read))
        time.sleep(0.3)
    if read_scenario(served.folder / f"{stored['id']}.toml").name != f"{number}-{count}":
        wrong.append("lost")


def main() -> int:
    """Run and print a row per measure; 1 where an edit failed or was lost."""
    reads_s, saves_s, wrong = [], [], []
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as served:
        served.ask("GET", "/api/study")
        until = time.monotonic() + SECONDS
        threads = [
            threading.Thread(target=_edit, args=(served, i, until, reads_s, saves_s, wrong))
            for i in range(N_CLIENTS)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    print(f"reads  n {len(reads_s)}  p95 {np.percentile(reads_s, 95) * 1000:.0f} ms")
    print(f"saves  n {len(saves_s)}  p95 {np.percentile(saves_s, 95) * 1000:.0f} ms")
    print(f"errors or lost edits: {len(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""How time and memory grow with origins and with trips: ``sh scripts/bench.sh --growth``.

Porto Alegre; every job in a process of its own, from the loaded network to the written table. Origins are
multiplied by spreading more of them about the centre of every cell, trips by running others between them, so
that headways are halved and quartered. Rounds are told in turn, ratios are those within a round.
"""

import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace

import numpy as np

from accessibility.model.places import Places
from accessibility.model.timetable import NONE
from accessibility.sources.places import read_places
from accessibility.studies.block_parts import MatrixRows, NearestRows, Task
from accessibility.studies.many import Workforce
from accessibility.studies.on_streets import StreetOptions, prepare
from accessibility.studies.on_transit import TransitOptions, prepare_transit
from accessibility.studies.progress import silent
from accessibility.studies.questions import StreetQuestion, TransitQuestion
from tests.benchmarks.measured import RUNS, processors, timed
from tests.benchmarks.streets import REFERENCE

POA = REFERENCE / "porto_alegre"
JOBS = {
    "transit": "公共交通矩阵 / matrix by public transport",
    "nearest": "最近的医疗网格 / nearest of 117, transit",
    "foot": "步行矩阵 / matrix on foot",
}
SCALES = {
    "1×": (1, 1),
    "4× 起点 origins": (4, 1),
    "16× 起点 origins": (16, 1),
    "2× 班次 trips": (1, 2),
    "4× 班次 trips": (1, 4),
}
"""Name -> how many times the origins, and the trips."""

LONG_S = 2.0
"""Jobs that take longer are run three times only."""
NEAR = 0.0008
"""How far (degrees, 80 to 90 m) more origins lie from the centre of their cell at most."""


def more_places(places, n):
    """Spread `n` places about each one, the first of them where it was."""
    turn = np.arange(n) * 2.4  # radians: about the golden angle, so that none lie on one line
    away = NEAR * np.sqrt(np.arange(n) / max(1, n - 1))
    ids = tuple(f"{one}-{k}" for one in places.ids for k in range(n))
    lon = np.repeat(places.lon, n) + np.tile(away * np.cos(turn), len(places))
    lat = np.repeat(places.lat, n) + np.tile(away * np.sin(turn), len(places))
    return Places(ids, ids, ("",) * len(ids), lon, lat, np.ones(len(ids)), np.zeros(len(ids)))


def more_trips(timetable, n):
    """Run `n` trips for each one, evenly until the next of its course, each vehicle for itself."""
    if n == 1:
        return timetable
    gap_s = gaps_s(timetable)
    offset, n_trips = timetable.stop_time_offset, len(timetable.trip_ids)
    trip = np.repeat(np.arange(n_trips), n)
    later_s = np.tile(np.arange(n), n_trips) * gap_s[trip] // n
    n_calls = np.diff(offset)[trip]
    call = np.arange(n_calls.sum()) + np.repeat(offset[trip] - np.cumsum(n_calls) + n_calls, n_calls)
    shift_s = np.repeat(later_s, n_calls).astype(np.int32)
    by_trip = ("trip_route", "trip_service", "trip_direction", "trip_shape")
    by_call = ("stop_time_stop", "pickup", "drop_off")
    return replace(
        timetable,
        trip_ids=tuple(f"{timetable.trip_ids[i]}-{k % n}" for k, i in enumerate(trip.tolist())),
        trip_headsigns=tuple(timetable.trip_headsigns[i] for i in trip.tolist()),
        trip_block=np.full(len(trip), NONE, np.int32),
        block_ids=(),
        **{name: getattr(timetable, name)[trip] for name in by_trip},
        **{name: getattr(timetable, name)[call] for name in by_call},
        stop_time_offset=np.concatenate([[0], np.cumsum(n_calls)]),
        arrival_s=timetable.arrival_s[call] + shift_s,
        departure_s=timetable.departure_s[call] + shift_s,
    )


def gaps_s(timetable):
    """Say how long after each trip the next of its route, direction, days and stops begins (s).

    After the last one as long as before it; where there is only one, an hour.
    """
    offset, courses = timetable.stop_time_offset, {}
    for trip, (begin, end) in enumerate(zip(offset[:-1].tolist(), offset[1:].tolist(), strict=True)):
        stops = timetable.stop_time_stop[begin:end].tobytes()
        course = (timetable.trip_route[trip], timetable.trip_direction[trip], timetable.trip_service[trip])
        courses.setdefault((*course, stops), []).append((int(timetable.departure_s[begin]), trip))
    gap_s = np.full(len(timetable.trip_ids), 3600)
    for departures in courses.values():
        departures.sort()
        for (this_s, trip), (next_s, later) in zip(departures, departures[1:], strict=False):
            gap_s[[trip, later]] = next_s - this_s
    return gap_s


def task(job, n_origins, n_trips, *, n_destinations=1):
    """Load the network and ask the question of a job at some scale."""
    streets = StreetOptions(POA / "poa_osm.pbf", walk_speed=3.6, max_duration=120)
    cells = read_places(POA / "poa_hexgrid.csv")
    origins = more_places(cells, n_origins)
    if job == "foot":
        ready = prepare(streets, origins, cells, silent)
        ids = origins.ids, cells.ids
        return Task(StreetQuestion(ready.streets, ready.linkage, ready.query, ids), MatrixRows())
    feeds = POA / "poa_eptc.zip", POA / "poa_trensurb.zip"
    options = TransitOptions(
        streets, feeds, "2019-05-13", "14:00", 120,
        percentiles=(5, 25, 50, 75, 95), max_rides=3, max_walk=30,
    )  # fmt: skip
    if job == "nearest":
        cells = cells.take(np.array([float(n or 0) > 0 for n in cells.fact("healthcare")]))
    goals = more_places(cells, n_destinations)
    ready = prepare_transit(options, origins, goals, silent)
    timetable = more_trips(ready.timetable, n_trips)
    question = TransitQuestion(timetable, ready.linkage, ready.query, ready.ids)
    return Task(question, NearestRows() if job == "nearest" else MatrixRows())


def work(job, n_origins, n_trips):
    """Do a job and print what it took (s); what is compiled on first use is not counted."""
    asked = task(job, n_origins, n_trips)
    small = replace(asked.question.query, **({} if job == "foot" else {"n_minutes": 2}))
    warm = replace(asked, question=replace(asked.question, query=small))
    warm.rows(range(32))
    began = time.perf_counter()
    with tempfile.TemporaryFile() as file, Workforce().gathered(silent) as crew:
        for rows in crew(asked, Workforce().blocks(asked, 0)):
            file.write(rows.content)
    print(json.dumps(time.perf_counter() - began))


@dataclass
class Cell:
    """What a job took at a scale: seconds and ratio of every round, largest peak (MB)."""

    seconds: list = field(default_factory=list)
    ratios: list = field(default_factory=list)
    peak_mb: float = 0.0

    def take(self, run, base_s):
        """Note a round."""
        seconds = json.loads(run.said)
        self.seconds.append(seconds)
        self.ratios.append(seconds / (base_s or seconds))
        self.peak_mb = max(self.peak_mb, run.peak_mb)

    def __str__(self):
        """Write the cell of the table."""
        ratio = "" if set(self.ratios) == {1.0} else f"{statistics.median(self.ratios):.1f}×, "
        return f"{statistics.median(self.seconds):.2f} ({ratio}{self.peak_mb:.0f} MB)"


def measure(job, scales):
    """Run a job at every scale in turn."""
    cells = {name: Cell() for name in scales}
    for turn in range(RUNS):
        base_s = None
        for name, (n_origins, n_trips) in scales.items():
            cell = cells[name]
            if base_s is not None and turn >= 3 and statistics.median(cell.seconds) > LONG_S:
                continue
            arguments = ["-m", "tests.benchmarks.growth", job, str(n_origins), str(n_trips)]
            cell.take(timed(arguments, runs=1, warm_up=0), base_s)
            base_s = base_s or cell.seconds[-1]
    return cells


def main():
    """Print the table."""
    print(f"{processors()}, Python {sys.version.split()[0]}")
    print(
        f"medians of {RUNS}, of three beyond {LONG_S:.0f} s; in brackets times the first row, peak memory\n"
    )
    columns = []
    for job in JOBS:
        scales = {name: scale for name, scale in SCALES.items() if job != "foot" or scale[1] == 1}
        columns.append(measure(job, scales))
        print(job, *(f"{name}: {cell}" for name, cell in columns[-1].items()), sep="; ", file=sys.stderr)
    print(f"| s | {' | '.join(JOBS.values())} |\n|---|{'---|' * len(JOBS)}")
    for name in SCALES:
        print(f"| {name} | {' | '.join(str(cells.get(name, '–')) for cells in columns)} |")
    return 0


if __name__ == "__main__":
    sys.exit(work(sys.argv[1], *map(int, sys.argv[2:])) if len(sys.argv) > 1 else main())

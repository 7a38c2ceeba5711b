"""Benchmarks of many origins: one and two threads, one and two workers, files to file; what memory holds."""

import tempfile
from pathlib import Path

import numpy as np

from tests.benchmarks.measured import timed
from tests.benchmarks.streets import REFERENCE

RUN = """
from pathlib import Path
from accessibility.studies.many import Workforce
from accessibility.studies.matrix import write_matrix_file
from accessibility.studies.on_streets import StreetOptions
from accessibility.studies.on_transit import TransitOptions

if __name__ == "__main__":
    streets = StreetOptions(Path({osm!r}), walk_speed=3.6, max_duration={minutes})
    options = streets
    if {gtfs!r}:
        options = TransitOptions(
            streets, tuple(map(Path, {gtfs!r})), "2019-05-13", depart="14:00", window=120, max_walk=30
        )
    write_matrix_file({out!r}, options, (Path({points!r}), None), workforce=Workforce(**{work!r}))
"""
WORK = {
    "1 thread": {"n_threads": 1},
    "2 threads": {"n_threads": 2},
    "1 worker": {"n_workers": 1},
    "2 workers": {"n_workers": 2},
}


def _rows(folder, what, **asked):
    """Time the same table by all who may work; check that they wrote the same bytes."""
    base, first = None, None
    for name, work in WORK.items():
        out = Path(folder) / "out.csv"
        script = Path(folder) / "run.py"
        script.write_text(
            RUN.format(**({"gtfs": ()} | asked | {"out": str(out), "work": work})), encoding="utf-8"
        )
        measured = timed([str(script)], environment={"PYTHONPATH": str(Path(__file__).parents[2])})
        first = first or out.read_bytes()
        if out.read_bytes() != first:
            raise RuntimeError(f"{what}: {name} wrote other bytes")
        base = base or measured.median
        yield measured.row(f"{what}, {name}", f"{measured.median / base:.2f}")


def transit():
    """Porto Alegre by public transport, 1,227 x 1,227, window of 120 minutes."""
    poa = REFERENCE / "porto_alegre"
    feeds = tuple(str(poa / name) for name in ("poa_eptc.zip", "poa_trensurb.zip"))
    with tempfile.TemporaryDirectory() as folder:
        yield from _rows(
            folder,
            "1,227 x 1,227 by public transport, files to CSV",
            osm=str(poa / "poa_osm.pbf"),
            gtfs=feeds,
            points=str(poa / "poa_hexgrid.csv"),
            minutes=120,
        )


def streets():
    """Porto on foot, 5,000 x 5,000 places spread over the street nodes; then memory as the table grows."""
    osm = REFERENCE / "porto" / "porto_portugal.osm.pbf"
    with tempfile.TemporaryDirectory() as folder:
        for n_places in (2_500, 5_000, 10_000):
            points = Path(folder) / f"{n_places}.csv"
            write_points(points, osm, n_places)
            asked = {"osm": str(osm), "points": str(points), "minutes": 60}
            what = f"{n_places:,} x {n_places:,} on foot within 60 min, files to CSV"
            if n_places == 5_000:
                yield from _rows(folder, what, **asked)
                continue
            script, out = Path(folder) / "run.py", Path(folder) / "out.csv"
            asked |= {"gtfs": (), "out": str(out), "work": {}}
            script.write_text(RUN.format(**asked), encoding="utf-8")
            environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
            yield timed([str(script)], runs=1, warm_up=0, environment=environment).row(what)


def write_points(path, osm, n_places):
    """Write street nodes as places, the same ones every time."""
    from accessibility.model.projection import unproject
    from accessibility.sources.osm import read_streets

    network = read_streets(osm)
    chosen = np.random.default_rng(1).choice(len(network.x_m), n_places, replace=len(network.x_m) < n_places)
    lon, lat = unproject(network.x_m[chosen], network.y_m[chosen], network.crs)
    lines = [f"n{i},{x:.6f},{y:.6f}" for i, (x, y) in enumerate(zip(lon, lat, strict=True))]
    path.write_text("\n".join(["id,lon,lat", *lines, ""]), encoding="utf-8")


BENCHMARKS = {"many-transit": transit, "many-streets": streets}

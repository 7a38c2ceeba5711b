"""Benchmarks of the street part: reading, travelling, the main job."""

import os
import tempfile
from pathlib import Path

import osmium

from tests.benchmarks.measured import timed

REFERENCE = Path(os.environ.get("ACCESSIBILITY_REFERENCE", Path(__file__).parents[3] / "shared" / "data"))
READ = "from accessibility.sources.osm import read_streets; read_streets({file!r})"
OSMNX = "import osmnx; osmnx.graph_from_xml({file!r}, simplify=True, retain_all=True)"


def help_text():
    """Time until the help is printed."""
    yield timed(["-m", "accessibility", "--help"]).row("`accessibility --help`")


def streets():
    """Reading streets: ours from pbf, OSMnx from XML of the same extract."""
    poa = REFERENCE / "porto_alegre" / "poa_osm.pbf"
    porto = REFERENCE / "porto" / "porto_portugal.osm.pbf"
    with tempfile.TemporaryDirectory() as folder:
        xml = Path(folder) / "poa.osm"
        with osmium.SimpleWriter(str(xml)) as writer:
            for thing in osmium.FileProcessor(str(poa)):
                writer.add(thing)
        ours = timed(["-c", READ.format(file=str(poa))])
        theirs = timed(["-c", OSMNX.format(file=str(xml))], warm_up=0, runs=3)
    yield ours.row("`poa_osm.pbf` (43,264 nodes) to `Streets`, process included", "1")
    ratio = f"{theirs.median / ours.median:.1f}"
    yield theirs.row("the same extract as XML through `osmnx.graph_from_xml`", ratio)
    yield timed(["-c", READ.format(file=str(porto))]).row(
        "`porto_portugal.osm.pbf` (347,944 nodes) to `Streets`"
    )


def matrix():
    """1,227 x 1,227 hexagons of Porto Alegre on foot, from files to a file."""
    poa = REFERENCE / "porto_alegre"
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["-m", "accessibility", "matrix", "--osm", poa / "poa_osm.pbf", "--mode", "walk"]
        arguments += [
            "--origins",
            poa / "poa_hexgrid.csv",
            "--walk-speed",
            "3.6",
            "-o",
            Path(folder) / "out.csv",
        ]
        yield timed(list(map(str, arguments))).row(
            "`accessibility matrix`, 1,227 x 1,227 on foot, files to file"
        )


def main_job():
    """The embedded study, with compiled kernels on disk and without."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["-m", "accessibility", "run", "--out", str(Path(folder) / "out")]
        yield timed(arguments).row("`accessibility run` on the Anting study, warm")
        cold = {"NUMBA_CACHE_DIR": str(Path(folder) / "empty")}
        yield timed(arguments, runs=1, warm_up=0, environment=cold).row(
            "the same, cold: kernels compiled first"
        )


KEPT = """
from pathlib import Path
from accessibility.sources.cache import NetworkCache, kept_streets, kept_timetable
kept = NetworkCache(Path({cache!r}))
kept_streets({osm!r}, cache=kept)
kept_timetable({feeds!r}, cache=kept)
"""


def network():
    """Streets and both feeds ready for queries, from files and from what was kept."""
    poa = REFERENCE / "porto_alegre"
    feeds = [str(poa / "poa_eptc.zip"), str(poa / "poa_trensurb.zip")]
    with tempfile.TemporaryDirectory() as folder:
        code = KEPT.format(cache=str(Path(folder) / "kept"), osm=str(poa / "poa_osm.pbf"), feeds=feeds)
        cold = timed(["-c", code.replace("kept = NetworkCache", "kept = None and NetworkCache")])
        warm = timed(["-c", code])
        nothing = timed(["-c", "from accessibility.sources.cache import kept_streets"])
    yield nothing.row("loading the program for the next two rows")
    yield cold.row("`poa_osm.pbf` and two feeds to a network, from files", "1")
    yield warm.row("the same, kept from a run before", f"{warm.median / cold.median:.2f}")


def nearest():
    """The nearest of 15 points of interest for 100,000 origins on foot, from files to a file."""
    poa = REFERENCE / "porto_alegre"
    cells = (poa / "poa_hexgrid.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    with tempfile.TemporaryDirectory() as folder:
        origins = Path(folder) / "origins.csv"
        rows = []
        for i in range(100_000):
            _id, lon, lat = cells[i % len(cells)].split(",")[:3]
            rows.append(f"{i},{float(lon) + i % 89 * 1e-5:.6f},{float(lat) + i % 97 * 1e-5:.6f}")
        origins.write_text("id,lon,lat\n" + "\n".join(rows), encoding="utf-8")
        arguments = ["-m", "accessibility", "nearest", "--osm", poa / "poa_osm.pbf", "--origins", origins]
        arguments += ["--destinations", poa / "poa_points_of_interest.csv", "-o", Path(folder) / "out.csv"]
        yield timed(list(map(str, arguments))).row(
            "`accessibility nearest`, 100,000 origins x 15, files to file"
        )


BENCHMARKS = {
    "help": help_text,
    "streets": streets,
    "cache": network,
    "nearest": nearest,
    "matrix": matrix,
    "run": main_job,
}

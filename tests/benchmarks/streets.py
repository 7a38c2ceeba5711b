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


BENCHMARKS = {"help": help_text, "streets": streets, "matrix": matrix, "run": main_job}

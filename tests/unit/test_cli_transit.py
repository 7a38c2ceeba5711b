"""RULE UNDER TEST: matrix and nearest answer by public transport, say how times count, refuse wrong use.

The world of `tests.feeds` on one street: 8:00 a, 8:03-8:04 b, 8:12 c, a Friday. At 60 m/min no walk of 30 min
leads from a to c, 2.9 km away.
"""

import csv

import pytest

from accessibility.cli import main
from accessibility.model.transit_query import DEFINITIONS, definition_text
from tests.feeds import feed

STREET = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
 <node id="1" lat="31.3000" lon="121.0900"/>
 <node id="2" lat="31.3000" lon="121.1400"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="secondary"/></way>
</osm>
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "street.osm").write_text(STREET, encoding="utf-8")
    points = "id,lon,lat\na,121.1000,31.3000\nc,121.1300,31.3000\nfar,121.0920,31.3000\n"
    (tmp_path / "points.csv").write_text(points, encoding="utf-8")
    feed(tmp_path)
    return tmp_path


def run(folder, *more, command="matrix", expect=0):
    points = str(folder / "points.csv")
    arguments = [command, "--osm", str(folder / "street.osm"), "--gtfs", str(folder / "feed.zip")]
    arguments += ["--date", "2021-05-21", "--origins", points, "--destinations", points]
    assert main([*arguments, *more, "-o", str(folder / "out.csv")]) == expect
    if expect:
        return None
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        return {tuple(row[:2]): row[2:] for row in csv.reader(file)}


def test_several_percentiles_give_several_columns_whatever_limits_are_set(files):
    limits = ["--max-rides", "1", "--max-walk", "20", "--max-duration", "90", "--walk-speed", "3.6"]
    rows = run(
        files, "--depart", "7:55", "--window", "5", "--percentile", "50", "--percentile", "99", *limits
    )
    assert rows["origin", "destination"] == ["minutes_p50", "minutes_p99", "reason"]
    assert rows["a", "c"] == ["15.0", "17.0", ""], "leaving at 7:55 to 7:59 for 8:12; 8:00 leaves no slack"


@pytest.mark.parametrize(
    ("definition", "options", "minutes"),
    [
        ("departure", ["--depart", "7:55"], "17.0"),
        ("planned", ["--depart", "7:55", "--planned"], "13.0"),
        ("arrive-by", ["--arrive-by", "8:20"], "21.0"),
    ],
)
def test_every_definition_is_told_beside_its_figures(files, capsys, definition, options, minutes):
    assert run(files, "--window", "1", *options)["a", "c"] == [minutes, ""]
    said = "".join("".join(capsys.readouterr()).split())
    told = {name for name in DEFINITIONS if "".join(definition_text(name).split()) in said}
    assert told == {definition}


def test_a_bicycle_brings_the_far_place_to_the_line(files):
    """760 m at 12 km/h take 3.8 min: by 7:59 at the stop, in time for 8:00 with its minute of slack."""
    options = ["--depart", "7:55", "--window", "1"]
    assert run(files, *options, "--max-walk", "10")["far", "c"] == ["", "beyond-limits"]
    by_bicycle = run(files, *options, "--max-walk", "10", "--access-mode", "cycle", "--max-access", "5")
    assert by_bicycle["far", "c"] == ["17.0", ""]
    too_far = run(files, *options, "--max-walk", "10", "--access-mode", "cycle", "--max-access", "3")
    assert too_far["far", "c"] == ["", "beyond-limits"]


def test_nearest_takes_the_same_options(files):
    rows = run(files, "--arrive-by", "8:20", "--window", "1", "--access-mode", "drive", command="nearest")
    assert rows["origin", "nearest"][0] == "minutes_p50"
    assert rows["a", "a"][0] == "0.0"


@pytest.mark.parametrize(
    "more",
    [
        ["--depart", "8:00", "--arrive-by", "9:00"],
        ["--planned", "--arrive-by", "9:00"],
        ["--max-access", "0"],
        ["--access-mode", "fly"],
        ["--egress-mode", "drive", "--period", "midnight"],
        ["--arrive-by", "noon"],
    ],
)
def test_wrong_use_is_told_apart_with_exit_code_2(files, capsys, more):
    run(files, *more, expect=2)
    assert "Traceback" not in capsys.readouterr().err

"""RULE UNDER TEST: the catchment of a facility is who reaches it: the column of the matrix, counted."""

import csv
import json
from collections import Counter
from itertools import product

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.cli import main
from accessibility.errors import ModelError
from accessibility.measures import catchments, nearest
from accessibility.messages import set_language
from tests.measure_worlds import given as given_times

N, STEP_DEG = 12, 0.001


@pytest.fixture(autouse=True)
def in_english():
    set_language("en")
    yield
    set_language("zh")


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """Twelve homes on a street, 95.2 m (1.6 min) apart, ten times their number of people in each."""
    folder = tmp_path_factory.mktemp("catchment")
    lon = [121.16 + STEP_DEG * i for i in range(N)]
    nodes = "".join(f'<node id="{i + 1}" lat="31.29" lon="{x:.4f}"/>' for i, x in enumerate(lon))
    refs = "".join(f'<nd ref="{i + 1}"/>' for i in range(N))
    way = f'<way id="1">{refs}<tag k="highway" v="residential"/></way>'
    (folder / "town.osm").write_text(f"<osm version='0.6'>{nodes}{way}</osm>", encoding="utf-8")
    homes = "".join(f"h{i},{x:.4f},31.29,{10 * i}\n" for i, x in enumerate(lon))
    (folder / "homes.csv").write_text(f"id,lon,lat,count\n{homes}", encoding="utf-8")
    plain = "".join(f"h{i},{x:.4f},31.29\n" for i, x in enumerate(lon))
    (folder / "plain.csv").write_text(f"id,lon,lat\n{plain}", encoding="utf-8")
    clinics = f"id,name,lon,lat\nw,西,{lon[0]:.4f},31.29\ne,东,{lon[-1]:.4f},31.29\nlost,,,\nfar,,122,32\n"
    (folder / "clinics.csv").write_text(clinics, encoding="utf-8")
    lines = folder / "lines"
    lines.mkdir()
    stops = f"line,order,name,lon,lat,minutes\n1,1,A,{lon[2]:.4f},31.29,\n1,2,B,{lon[-1]:.4f},31.29,2\n"
    (lines / "stops.csv").write_text(stops, encoding="utf-8")
    (lines / "services.csv").write_text("line,days,departures\n1,daily,07:32 07:44\n", encoding="utf-8")
    return folder


def ask(street, out, command, *more, origins="homes.csv"):
    asked = [command, "--osm", str(street / "town.osm"), "--walk-speed", "3.6",
             "--destinations", str(street / "clinics.csv")]  # fmt: skip
    start = ["--origins", str(street / origins)] if origins else []
    assert main(["--lang", "en", *asked, *start, *more, "-o", str(out)]) == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file)) if out.suffix == ".csv" else None


def test_who_lives_within_five_and_ten_minutes_of_either_end(street, tmp_path):
    """Four homes within 5 min (the own and three steps of 1.6), seven within 10; half of all nearest."""
    west, east, lost, far = ask(street, tmp_path / "o.csv", "nearest", "--catchment", "5,10")
    assert list(west) == [
        "destination_id", "destination_name", "origins_5", "origins_10", "people_5", "people_10",
        "nearest_origins", "nearest_people", "reason",
    ]  # fmt: skip
    assert list(west.values())[2:] == ["4", "7", "60", "210", "6", "150", ""]
    assert list(east.values())[2:] == ["4", "7", "380", "560", "6", "510", ""]
    assert [row["reason"] for row in (lost, far)] == ["destination-no-position", "destination-not-linked"]
    assert {row["origins_10"] for row in (lost, far)} == {"0"}


def test_without_a_count_there_is_no_column_of_people(street, tmp_path):
    rows = ask(street, tmp_path / "o.csv", "nearest", "--catchment", "5", origins="plain.csv")
    assert "people_5" not in rows[0]
    assert rows[0]["origins_5"] == "4"


@pytest.mark.parametrize(
    "more",
    [
        ["--mode", "drive", "--period", "offpeak"],
        ["--depart", "07:30"],
        ["--arrive-by", "07:40", "--percentile", "20", "--percentile", "80"],
        ["--depart", "07:35", "--planned"],
    ],
)
def test_the_counts_are_those_of_the_matrix_and_of_the_nearest(street, tmp_path, more):
    if "--mode" not in more:
        more = [*more, "--lines", str(street / "lines"), "--date", "2024-05-13", "--window", "12"]
    limits = "1.23", "8.23"  # where no written minute can be, whatever it was rounded from
    asked = ["--osm", str(street / "town.osm"), "--destinations", str(street / "clinics.csv"),
             "--origins", str(street / "homes.csv"), *more]  # fmt: skip

    def table(command, *last):
        assert main([command, *asked, *last, "-o", str(tmp_path / "o.csv")]) == 0
        with (tmp_path / "o.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    matrix, near = table("matrix"), table("nearest")
    levels = [name.removeprefix("minutes") for name in matrix[0] if name.startswith("minutes")]
    times = Counter(row["nearest"] for row in near)
    for row in table("nearest", "--catchment", ",".join(limits)):
        column = [pair for pair in matrix if pair["destination"] == row["destination_id"]]
        for limit, level in product(limits, levels):
            minutes = {pair["origin"]: pair[f"minutes{level}"] for pair in column}
            within = [home for home, m in minutes.items() if m and float(m) <= float(limit)]
            heading = f"{round(60 * float(limit)) / 60:g}{level}"
            assert int(row[f"origins_{heading}"]) == len(within)
            assert int(row[f"people_{heading}"]) == sum(10 * int(home[1:]) for home in within)
        assert int(row["nearest_origins"]) == times[row["destination_id"]]


def test_areas_are_the_cells_that_reach_a_facility(street, tmp_path):
    box = "--area=121.155,31.286,121.176,31.294"
    size = ["--cell-m", "50", "--crs", "EPSG:4549"]
    ask(street, tmp_path / "o.geojson", "surface", box, *size, "--catchment", "4,8", origins="")
    ask(street, tmp_path / "cells.geojson", "surface", box, *size, origins="")
    features = json.loads((tmp_path / "o.geojson").read_text(encoding="utf-8"))["features"]
    told = [(f["properties"]["destination_id"], f["properties"]["cutoff_minutes"]) for f in features]
    assert told == [("w", 8), ("e", 8), ("w", 4), ("e", 4)]
    cells = json.loads((tmp_path / "cells.geojson").read_text(encoding="utf-8"))["features"]
    for feature in features[2:]:
        area = shapely.geometry.shape(feature["geometry"])
        assert area.is_valid
        inside = [
            f["properties"]
            for f in cells
            if area.contains(shapely.geometry.shape(f["geometry"]).representative_point())
        ]
        assert len(inside) == feature["properties"]["cells"]
        assert {one["nearest_id"] for one in inside} == {feature["properties"]["destination_id"]}
        assert max(one["minutes"] for one in inside) <= 4.0


def test_a_geopackage_holds_areas_and_facilities_and_points_have_no_area(street, tmp_path):
    pyogrio = pytest.importorskip("pyogrio")
    box = ["--area=121.155,31.286,121.176,31.294", "--h3", "10"]
    ask(street, tmp_path / "o.gpkg", "surface", *box, "--catchment", "4,8", origins="")
    assert [name for name, _kind in pyogrio.list_layers(tmp_path / "o.gpkg")] == ["areas", "catchments"]
    ask(street, tmp_path / "p.geojson", "surface", "--catchment", "4,8")
    features = json.loads((tmp_path / "p.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["geometry"] and f["geometry"]["type"] for f in features] == ["Point", "Point", None, "Point"]
    assert features[0]["properties"]["people_8"] == 150


times_of = st.lists(st.lists(st.integers(0, 900) | st.none(), min_size=3, max_size=3), min_size=1, max_size=8)


def counted(times, cutoffs_s, people, **more):
    return catchments(times, nearest(times, target="t"), cutoffs_s=cutoffs_s, people=people, **more)


@settings(max_examples=100, deadline=None)
@given(times_of, st.lists(st.integers(1, 900), min_size=1, max_size=3, unique=True), st.data())
def test_parts_add_up_to_the_whole_and_every_origin_has_one_nearest(rows, cutoffs_s, data):
    people = np.array([data.draw(st.floats(0, 1e6)) for _row in rows])
    whole = counted(given_times(*rows), cutoffs_s, people, with_members=True)
    for j in range(3):
        for c, cutoff_s in enumerate(cutoffs_s):
            within = [row[j] is not None and row[j] <= cutoff_s for row in rows]
            assert whole.n_within[j, c, 0] == sum(within)
            assert whole.members[:, j, c].tolist() == within
            assert whole.people_within[j, c, 0] / 1e6 == pytest.approx(people[within].sum(), abs=1e-4)
    assert whole.n_nearest.sum() == sum(row != [None] * 3 for row in rows)
    cut = data.draw(st.integers(1, len(rows)))
    parts = counted(given_times(*rows[:cut]), cutoffs_s, people[:cut], with_members=True)
    if cut < len(rows):
        rest = counted(given_times(*rows[cut:]), cutoffs_s, people[cut:], with_members=True)
        parts = parts.plus(rest)
    for name in ("n_within", "people_within", "n_nearest", "people_nearest", "members"):
        assert np.array_equal(getattr(parts, name), getattr(whole, name))


def test_catchments_of_different_questions_are_not_added():
    times = given_times([1, 2, 3])
    with pytest.raises(ModelError) as told:
        counted(times, [60], None).plus(counted(times, [120], None))
    assert told.value.code == "catchments-unlike"

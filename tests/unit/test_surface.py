"""RULE UNDER TEST: a surface holds, for every cell of an area, what ``nearest`` says of the cell's middle."""

import csv
import json
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.cli import main
from accessibility.messages import set_language
from accessibility.model.cells import bare_points, hexagon_cells, square_cells
from accessibility.model.grid import Grid
from accessibility.model.projection import geodesic_m
from accessibility.sources.places import read_places
from tests.reference import reference

LAT, WEST, EAST = 31.29, 121.16, 121.18
BOX = f"--area={WEST},{LAT - 0.004},{EAST},{LAT + 0.004}"


@pytest.fixture(autouse=True)
def in_english():
    set_language("en")
    yield
    set_language("zh")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """One street of 1.9 km from west to east, a clinic at either end, and a bus between them."""
    folder = tmp_path_factory.mktemp("surface")
    nodes = "".join(f'<node id="{i}" lat="{LAT}" lon="{WEST + i * 0.001:.4f}"/>' for i in range(21))
    refs = "".join(f'<nd ref="{i}"/>' for i in range(21))
    way = f'<way id="1">{refs}<tag k="highway" v="residential"/></way>'
    (folder / "town.osm").write_text(f"<osm version='0.6'>{nodes}{way}</osm>", encoding="utf-8")
    clinics = f"id,name,lon,lat\nw,西医院,{WEST},{LAT}\ne,东医院,{EAST},{LAT}\n"
    (folder / "clinics.csv").write_text(clinics, encoding="utf-8")
    lines = folder / "lines"
    lines.mkdir()
    stops = f"line,order,name,lon,lat,minutes\n1,1,A,{WEST + 0.01},{LAT},\n1,2,B,{EAST},{LAT},2\n"
    (lines / "stops.csv").write_text(stops, encoding="utf-8")
    (lines / "services.csv").write_text("line,days,departures\n1,daily,07:32 07:44\n", encoding="utf-8")
    polygon = {
        "type": "Polygon",
        "coordinates": [[[WEST, LAT - 0.004], [EAST, LAT - 0.004], [WEST, LAT + 0.004], [WEST, LAT - 0.004]]],
    }
    (folder / "area.geojson").write_text(
        json.dumps({"type": "Feature", "geometry": polygon, "properties": {}})
    )
    return folder


def ask(town, out, *more, command="surface", expect=0):
    asked = [command, "--osm", str(town / "town.osm"), "--walk-speed", "3.6", "--destinations"]
    goals = [] if "--destinations" in more else [str(town / "clinics.csv")]
    assert main(["--lang", "en", *asked, *goals, *more, "-o", str(out)]) == expect
    if expect:
        assert not out.exists(), "nothing half-written"
    return out


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("size", [["--cell-m", "100", "--crs", "EPSG:4549"], ["--h3", "10"]])
def test_the_time_is_the_way_along_the_street_and_the_connector(town, tmp_path, size):
    """60 m a minute: along the street to the nearer end, and 1.3 times the distance from the street."""
    rows = rows_of(ask(town, tmp_path / "out.csv", BOX, *size))
    assert list(rows[0]) == ["origin", "lon", "lat", "nearest", "minutes", "km", "reason"]
    assert len(rows) > 100
    for row in rows:
        lon, lat = float(row["lon"]), float(row["lat"])
        along_m = min(float(geodesic_m((lon, LAT), (end, LAT))) for end in (WEST, EAST))
        beside_m = float(geodesic_m((lon, lat), (lon, LAT)))
        if abs(lon - (WEST + EAST) / 2) > 1e-4:
            assert row["nearest"] == ("w" if lon < (WEST + EAST) / 2 else "e")
        assert float(row["minutes"]) == pytest.approx((along_m + 1.3 * beside_m) / 60, abs=0.1)
        assert row["reason"] == ""


def test_points_get_the_rows_of_nearest_with_their_position(town, tmp_path):
    points = tmp_path / "points.csv"
    points.write_text(f"id,lon,lat\na,{WEST + 0.002},{LAT}\nb,,\nfar,122,31\n", encoding="utf-8")
    surface = rows_of(ask(town, tmp_path / "s.csv", "--origins", str(points)))
    nearest = rows_of(ask(town, tmp_path / "n.csv", "--origins", str(points), command="nearest"))
    assert [(row.pop("lon"), row.pop("lat")) for row in surface] == [
        (f"{WEST + 0.002:.6f}", f"{LAT:.6f}"), ("", ""), ("122.000000", "31.000000"),
    ]  # fmt: skip
    assert surface == nearest
    assert [row["reason"] for row in nearest] == ["", "origin-no-position", "origin-not-linked"]


def test_only_cells_whose_middle_lies_in_the_polygon_count(town, tmp_path):
    whole = rows_of(ask(town, tmp_path / "w.csv", BOX, "--cell-m", "50"))
    half = rows_of(ask(town, tmp_path / "h.csv", "--area", str(town / "area.geojson"), "--cell-m", "50"))
    assert len(half) == pytest.approx(len(whole) / 2, rel=0.05)
    times = {(row["lon"], row["lat"]): row["minutes"] for row in whole}
    assert all(times[row["lon"], row["lat"]] == row["minutes"] for row in half)


def test_every_format_holds_the_same_times(town, tmp_path):
    geopandas = pytest.importorskip("geopandas")
    asked = [BOX, "--cell-m", "200"]
    rows = {row["origin"]: row for row in rows_of(ask(town, tmp_path / "o.csv", *asked))}
    features = json.loads(ask(town, tmp_path / "o.geojson", *asked).read_text(encoding="utf-8"))["features"]
    assert {f["properties"]["cell_id"]: f["properties"]["minutes"] for f in features} == {
        cell: float(row["minutes"]) for cell, row in rows.items()
    }
    assert {f["properties"]["nearest_name"] for f in features} == {"西医院", "东医院"}
    frame = geopandas.read_file(ask(town, tmp_path / "o.gpkg", *asked)).set_index("cell_id")
    assert frame.loc["g003-002"].minutes == float(rows["g003-002"]["minutes"])
    assert set(frame.geom_type) == {"Polygon"}
    assert frame.to_crs("EPSG:32651").area.to_numpy() == pytest.approx(40_000, rel=1e-6)
    parquet = pytest.importorskip("pyarrow.parquet")
    out = f"{ask(town, tmp_path / 'o.parquet', *asked)}/part-000000.parquet"
    told = parquet.read_table(out).to_pylist()
    assert {one["origin"]: one["minutes"] for one in told} == {
        i: float(r["minutes"]) for i, r in rows.items()
    }
    assert "lon" in told[0]
    assert ask(town, tmp_path / "o.html", *asked).read_text(encoding="utf-8").count("<script") > 3


def test_by_public_transport_every_definition_and_rank(town, tmp_path):
    """At stop A at 7:30, slack 60 s: the bus of 7:32 is at the clinic at 7:34; on foot it takes 15.9 min."""
    points = tmp_path / "points.csv"
    points.write_text(f"id,lon,lat\na,{WEST + 0.01},{LAT}\n", encoding="utf-8")
    asked = [
        "--origins",
        str(points),
        "--lines",
        str(town / "lines"),
        "--date",
        "2024-05-13",
        "--window",
        "1",
    ]

    def minutes(*more):
        (row,) = rows_of(ask(town, tmp_path / "o.csv", *asked, *more))
        return row["nearest"], row["minutes_p50"]

    assert minutes("--depart", "07:30") == ("e", "4.0")
    assert minutes("--depart", "07:30", "--rank", "2") == ("w", "15.9")
    assert minutes("--depart", "07:30", "--planned") == ("e", "3.0")
    assert minutes("--arrive-by", "07:40") == ("e", "9.0"), "left at 7:31, waits for 7:40 at the clinic"
    assert minutes("--arrive-by", "07:46") == ("e", "3.0")
    assert minutes("--arrive-by", "07:46", "--rank", "2") == ("w", "15.9")
    assert minutes("--depart", "07:45") in [("w", "15.9"), ("e", "15.9")]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ([BOX, "--cell-m", "0"], "surface-cells"),
        ([BOX, "--cell-m", "-5"], "surface-cells"),
        ([BOX, "--cell-m", "nan"], "surface-cells"),
        ([BOX, "--h3", "16"], "surface-cells"),
        ([BOX, "--h3", "-1"], "surface-cells"),
        ([BOX, "--h3", "9", "--cell-m", "100"], "surface-cells"),
        ([BOX, "--h3", "2"], "surface-no-cell"),
        ([BOX, "--h3", "15"], "surface-too-many"),
        ([BOX, "--cell-m", "1"], "surface-too-many"),
        ([BOX, "--cell-m", "5"], "surface-too-many"),
        (["--area=121.2,31,121.1,32"], "area-box"),
        (["--area=121.2,31,121.3,1-2"], "area-box"),
        (["--area=121.2,31,121.3,95"], "area-position"),
        (["--area", "here"], "area-format"),
        (["--area", "none.geojson"], "file-missing"),
        (["--area=10,50,10.02,50.01"], "nothing-linked"),
        ([], "surface-area"),
        ([BOX, "--crs", "EPSG:4326"], "streets-crs"),
        ([BOX, "--crs", "EPSG:2056"], "streets-crs"),
        ([BOX, "--rank", "3"], "rank"),
        ([BOX, "--rank", "0"], "rank"),
        ([BOX, "--catchment", "15,200"], "catchment-limit"),
        ([BOX, "--catchment", "15", "--max-duration", "10"], "catchment-limit"),
    ],
)
def test_what_cannot_be_is_told_with_a_code_and_nothing_is_written(town, tmp_path, capsys, asked, code):
    out = tmp_path / "out.csv"
    arguments = ["surface", "--osm", str(town / "town.osm"), "--destinations", str(town / "clinics.csv")]
    assert main(["--lang", "en", *arguments, *asked, "-o", str(out)]) in (1, 2)
    said = capsys.readouterr().err
    assert f"[{code}]" in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_too_many_cells_are_told_with_a_size_that_fits(town, tmp_path, capsys):
    ask(town, tmp_path / "out.csv", BOX, "--h3", "13", expect=2)
    said = capsys.readouterr().err
    fits = said.split("--h3 ")[-1].split()[0]
    ask(town, tmp_path / "out.csv", BOX, "--h3", fits)
    assert 5_000 < len(rows_of(tmp_path / "out.csv")) <= 40_000


def test_unknown_endings_points_for_polygons_and_negative_limits_are_refused(town, tmp_path, capsys):
    ask(town, tmp_path / "out.xlsx", BOX, expect=2)
    assert "[format]" in capsys.readouterr().err
    ask(town, tmp_path / "out.html", BOX, "--catchment", "15", expect=2)
    assert "[format]" in capsys.readouterr().err
    ask(town, tmp_path / "out.csv", BOX, "--catchment", "-5", expect=2)
    ask(town, tmp_path / "out.csv", BOX, "--catchment", "15", "--rank", "2", expect=2)
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [WEST, LAT]}}
    (tmp_path / "p.geojson").write_text(json.dumps(point))
    ask(town, tmp_path / "out.csv", "--area", str(tmp_path / "p.geojson"), expect=1)
    assert "[area-no-polygon]" in capsys.readouterr().err


def test_points_are_never_overwritten_and_too_many_of_them_make_no_map(town, tmp_path, capsys):
    points = tmp_path / "points.csv"
    rows = "".join(f"p{i},{WEST},{LAT}\n" for i in range(40_001))
    points.write_text(f"id,lon,lat\n{rows}", encoding="utf-8")
    before = points.read_bytes()
    asked = ["surface", "--osm", str(town / "town.osm"), "--destinations", str(town / "clinics.csv")]
    assert main([*asked, "--origins", str(points), "-o", str(points)]) == 2
    assert "overwrites-input" in capsys.readouterr().err
    assert points.read_bytes() == before
    ask(town, tmp_path / "o.html", "--origins", str(points), expect=2)
    assert "[surface-too-many]" in capsys.readouterr().err


def test_the_area_of_a_result_is_never_overwritten(town, tmp_path, capsys):
    area = tmp_path / "area.geojson"
    area.write_bytes((town / "area.geojson").read_bytes())
    before = area.read_bytes()
    main(["surface", "--osm", str(town / "town.osm"), "--destinations", str(town / "clinics.csv"),
          "--area", str(area), "-o", str(area)])  # fmt: skip
    assert "overwrites-input" in capsys.readouterr().err
    assert area.read_bytes() == before


def test_workers_and_threads_change_no_byte(town, tmp_path):
    pytest.importorskip("distributed")
    for name, more in (("map.html", []), ("counts.csv", ["--catchment", "5,10"])):
        for kind, work in (("one", []), ("two", ["--workers", "2"])):
            (tmp_path / kind).mkdir(exist_ok=True)
            ask(town, tmp_path / kind / name, BOX, "--cell-m", "100", *more, *work)
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_map_of_the_second_nearest_says_so(town, tmp_path):
    text = ask(town, tmp_path / "o.html", BOX, "--cell-m", "200", "--rank", "2").read_text(encoding="utf-8")
    assert "<title>Travel time to number 2 in nearness</title>" in text


@settings(max_examples=60, deadline=None)
@given(st.floats(-170, 170), st.floats(-60, 60), st.floats(0.001, 0.05), st.floats(0.001, 0.05), st.randoms())
def test_cells_cover_an_area_once(west, south, width, height, random):
    """Every point well inside the area lies in exactly one square, and in one hexagon."""
    area = shapely.box(west, south, west + width, south + height)
    side_m = 111_195 * min(height, width * math.cos(math.radians(south))) / 8
    lon, lat = west + width / 2, south + height / 2
    crs = f"EPSG:{(32700 if lat < 0 else 32600) + int((lon + 180) // 6) + 1}"
    grid = Grid.over(
        (west - width, south - height, west + 2 * width, south + 2 * height), crs=crs, cell_m=side_m
    )
    x, y = west + width * random.uniform(0.3, 0.7), south + height * random.uniform(0.3, 0.7)
    squares = square_cells(grid, area)
    assert shapely.contains_xy(squares.polygons(), x, y).sum() == 1
    assert np.all(shapely.contains_xy(area, squares.points.lon, squares.points.lat))
    hexagons = hexagon_cells(area, min(15, 4 + int(math.log(2e9 / side_m**2, 7))))
    assert shapely.contains_xy(hexagons.polygons(), x, y).sum() == 1


def test_bare_points_without_a_position_have_no_geometry(tmp_path):
    (tmp_path / "p.csv").write_text("id,lon,lat\na,121,31\nb,,\n", encoding="utf-8")
    geometry = bare_points(read_places(tmp_path / "p.csv")).polygons()
    assert geometry[0].equals(shapely.Point(121, 31))
    assert geometry[1] is None


@pytest.mark.golden
def test_the_hexagons_of_porto_alegre_are_those_of_h3(tmp_path):
    """Its table names cells of resolution 9; cut anew from a box around them they stand where they stood."""
    known = read_places(reference("porto_alegre/poa_hexgrid.csv"))
    cells = hexagon_cells(shapely.box(-51.28, -30.28, -51.0, -29.9), 9)
    place = {cell: i for i, cell in enumerate(cells.points.ids)}
    found = [place[cell] for cell in known.ids if cell in place]
    assert len(found) == len(known)
    assert np.allclose(cells.points.lon[found], known.lon, atol=1e-6)
    assert np.allclose(cells.points.lat[found], known.lat, atol=1e-6)

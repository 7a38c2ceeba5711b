"""RULE UNDER TEST: tables hold one row per figure, the same bytes every time, and no formula."""

import csv
import json
import time
from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import pytest

from accessibility.errors import ModelError, OutputError
from accessibility.messages import language, set_language, speaking
from accessibility.outputs import geo_layers, sheets, tables
from accessibility.outputs.headings import heading
from accessibility.outputs.sheets import Sheet
from accessibility.outputs.wording import kilometres_text, range_text, reason_text, spoken_half
from accessibility.units import UNREACHED
from tests import output_worlds as worlds

AS_OF = date(2021, 5, 21)


@pytest.fixture(autouse=True)
def _english():
    before = language()
    set_language("en")
    yield
    set_language(before)


def nasty_sheet() -> Sheet:
    texts = ("=1+1", "+86 21", "-3", "@x", "\tx", "\rx", "plain", "", None, 12.5, -3)
    return Sheet("nasty", "Nasty", ("name",), tuple((text,) for text in texts))


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def layers():
    grid = worlds.town_grid()
    cells = grid.centres()
    found = [
        worlds.nearest_table(cells, "metro"),
        worlds.unreached_table(cells),
        worlds.opportunities_table(cells),
    ]
    return [
        geo_layers.places_layer(worlds.town_places()),
        geo_layers.grid_layer(grid, found),
        geo_layers.isochrone_layer(worlds.town_isochrones(), worlds.town_places()),
        geo_layers.journey_layer(worlds.town_journeys(), worlds.town_places()),
        geo_layers.streets_layer(worlds.town_streets()),
    ]


def all_sheets():
    places = worlds.town_places()
    sites = places.of_kinds(["site"])
    nearest = [worlds.nearest_table(sites, "metro"), worlds.unreached_table(sites)]
    return [
        sheets.nearest_sheet(nearest, sites, places, terminal_s=(240, 300, 360)),
        sheets.opportunities_sheet([worlds.opportunities_table(sites)], sites),
        sheets.matrix_sheet([worlds.town_times()], sites, places),
        sheets.isochrone_sheet(worlds.town_isochrones(), sites),
        sheets.journey_sheet(worlds.town_journeys(), places),
        sheets.places_sheet(places),
        sheets.sources_sheet(worlds.town_provenance()),
        sheets.notices_sheet(worlds.town_provenance()),
        sheets.unknowns_sheet([{"id": "u1", "what_zh": "地址", "what_en": "address"}]),
        sheets.assumptions_sheet([{"item": "walk_speed", "value": 60, "unit": "m/min"}]),
        nasty_sheet(),
    ]


def test_nearest_rows_say_minutes_place_distance_or_reason():
    sites = worlds.town_places().of_kinds(["site"])
    found = [worlds.nearest_table(sites, "metro"), worlds.unreached_table(sites)]
    sheet = sheets.nearest_sheet(found, sites, worlds.town_places(), terminal_s=(240, 300, 360))
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]

    assert rows[1] == {
        "as_of": "",
        "target": "metro",
        "mode": "walk",
        "period": "",
        "origin_id": "C2",
        "origin_name": "Candidate 2",
        "nearest_id": "s11",
        "nearest_name": "Anting",
        "minutes_low": 2.4,
        "minutes_mid": 3.0,
        "minutes_high": 3.8,
        "distance_km": 0.22,
        "access_parking_minutes": None,
        "reason": "",
    }
    assert rows[2]["minutes_mid"] is None
    assert rows[2]["reason"] == "no-such-destination"
    assert rows[2]["access_parking_minutes"] == 5.0


def test_matrix_rows_keep_every_pair():
    places = worlds.town_places()
    sheet = sheets.matrix_sheet([worlds.town_times()], places.of_kinds(["site"]), places)

    assert len(sheet.rows) == 6
    assert sheet.column("reason") == ["", "", "destination-no-position"] * 2
    assert sheet.column("minutes_mid") == [12.0, 5.0, None] * 2


def test_a_count_nobody_knows_is_an_empty_cell_with_its_reason_and_a_true_zero_stays(tmp_path):
    cells = worlds.town_grid().centres()
    table = worlds.opportunities_table(cells)
    sheet = sheets.opportunities_sheet([table], cells)
    first, lost = (row[-3:] for row in (sheet.rows[0], sheet.rows[16]))
    assert (first, lost) == ((15, 0, ""), (15, None, "origin-not-linked"))
    written = rows_of(tables.write_csv(tmp_path / "counts.csv", sheet))
    assert (written[0]["count"], written[16]["count"]) == ("0", "")
    assert written[16]["reason"] == "origin-not-linked"
    book = tables.write_xlsx(tmp_path / "counts.xlsx", [sheet], title="t", as_of="2021-05-21")
    worksheet = openpyxl.load_workbook(book).worksheets[0]
    assert [worksheet.cell(2, 8).value, worksheet.cell(18, 8).value] == [0, None]
    layer = geo_layers.grid_layer(worlds.town_grid(), [table])
    assert layer.sheet.column("opportunities_hospital_drive_peak_15")[8] is None
    assert layer.sheet.column("opportunities_hospital_drive_peak_reason")[8] == "origin-not-linked"


def test_a_value_at_some_levels_only_names_the_others_in_every_table():
    sites = worlds.town_places().of_kinds(["site"])
    table = worlds.nearest_table(sites, "metro")
    values = table.values.copy()
    values[0, 1:] = np.nan
    partly = replace(table, values=values)
    assert sheets.nearest_sheet([partly], sites, sites).column("reason")[0] == "beyond-limits:mid+high"
    times = worlds.town_times()
    duration_s = times.duration_s.copy()
    duration_s[0, 0, 2] = UNREACHED
    sheet = sheets.matrix_sheet([replace(times, duration_s=duration_s)], sites, worlds.town_places())
    assert sheet.column("reason")[0] == "beyond-limits:high"


def test_csv_begins_with_a_mark_ends_lines_alike_and_computes_nothing(tmp_path):
    path = tables.write_csv(tmp_path / "nasty.csv", nasty_sheet())
    raw = path.read_bytes()

    assert raw.startswith(b"\xef\xbb\xbfname\r\n")
    cells = [row["name"] for row in rows_of(path)]
    assert cells == ["'=1+1", "'+86 21", "-3", "'@x", "'\tx", "'\rx", "plain", "", "", "12.5", "-3"]


def test_no_table_says_nan(tmp_path):
    for sheet in all_sheets():
        text = tables.write_csv(tmp_path / f"{sheet.name}.csv", sheet).read_text(encoding="utf-8-sig")
        assert "nan" not in text.lower().split(",")


def test_the_workbook_freezes_filters_and_keeps_formulas_as_text(tmp_path):
    path = tables.write_xlsx(tmp_path / "r.xlsx", all_sheets(), title="小镇", as_of=AS_OF)
    book = openpyxl.load_workbook(path)

    nasty = book["Nasty"]
    assert [cell.value for cell in nasty["A"]][1:5] == ["=1+1", "+86 21", "-3", "@x"]
    assert {cell.data_type for cell in nasty["A"][1:5]} == {"s"}
    nearest = book.worksheets[0]
    assert nearest.freeze_panes == "A2"
    assert nearest.auto_filter.ref == "A1:N5"
    assert "(min)" in nearest["I1"].value
    assert book.properties.created.isoformat() == "2021-05-21T00:00:00"
    assert {"Sources", "Assumptions"} <= set(book.sheetnames)


def test_names_of_worksheets_are_legal_and_different(tmp_path):
    odd = [
        Sheet(f"s{k}", "A/B: a very long title that excel would refuse [x]", ("a",), ((1,),))
        for k in range(2)
    ]
    book = openpyxl.load_workbook(tables.write_xlsx(tmp_path / "r.xlsx", odd, title="t", as_of="2021-05-21"))

    assert len(set(book.sheetnames)) == 2
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)


def test_the_same_inputs_give_the_same_bytes_in_another_second(tmp_path):
    def write(folder):
        folder.mkdir()
        tables.write_gpkg(folder / "r.gpkg", layers(), as_of=AS_OF)
        tables.write_xlsx(folder / "r.xlsx", all_sheets(), title="t", as_of=AS_OF)
        tables.write_geojson(folder / "r.geojson", layers()[2])
        return [(folder / name).read_bytes() for name in ("r.gpkg", "r.xlsx", "r.geojson")]

    first = write(tmp_path / "a")
    time.sleep(2.1)  # xlsx stores even seconds

    assert write(tmp_path / "b") == first


def test_the_geopackage_holds_every_layer_with_its_types(tmp_path):
    path = tables.write_gpkg(tmp_path / "r.gpkg", layers(), as_of=AS_OF)

    assert [name for name, _ in pyogrio.list_layers(path)] == [
        "places",
        "grid",
        "isochrones",
        "journeys",
        "streets",
    ]
    grid = gpd.read_file(path, layer="grid")
    assert grid.crs.to_epsg() == 4326
    assert len(grid) == len(worlds.town_grid())
    assert grid["metro_walk_mid"].dtype == np.float64
    assert grid["metro_walk_reason"][7] == "beyond-limits"
    assert np.isnan(grid["metro_walk_mid"][7])
    assert not grid["metro_walk_nearest"][7]
    sides_m = grid.to_crs(worlds.CRS).geometry.area ** 0.5
    assert sides_m.to_numpy() == pytest.approx(500.0, abs=0.1)
    places = gpd.read_file(path, layer="places")
    assert places.geometry.isna().sum() == 1
    assert worlds.EVIL in set(places["name_zh"])


def test_gdal_keeps_its_own_clock_afterwards(tmp_path):
    tables.write_gpkg(tmp_path / "r.gpkg", layers()[:1], as_of=AS_OF)

    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_geojson_is_plain_wgs84_with_few_decimals(tmp_path):
    read = json.loads(tables.write_geojson(tmp_path / "i.geojson", layers()[2]).read_text(encoding="utf-8"))

    assert read["type"] == "FeatureCollection"
    assert len(read["features"]) == 8
    assert read["features"][0]["properties"]["cutoff_minutes"] == 30
    ring = read["features"][0]["geometry"]["coordinates"][0][0]
    assert all(len(str(value).split(".")[1]) <= 7 for point in ring for value in point)


def test_an_unwritable_place_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    for write in (
        lambda path: tables.write_csv(path, nasty_sheet()),
        lambda path: tables.write_xlsx(path, [nasty_sheet()], title="t", as_of=AS_OF),
        lambda path: tables.write_gpkg(path, layers()[:1], as_of=AS_OF),
        lambda path: tables.write_geojson(path, layers()[0]),
    ):
        with pytest.raises(OutputError) as caught:
            write(tmp_path / "file" / "r.x")
        assert caught.value.code == "output-write"
        assert caught.value.mend


def test_rows_must_be_as_wide_as_the_head():
    with pytest.raises(ModelError):
        Sheet("s", "S", ("a", "b"), ((1,),))


def test_words_for_figures():
    assert range_text([600, 750, 900]) == "12.5 (10.0–15.0)"
    assert range_text([600, 600, 600]) == "10.0"
    assert range_text([float("nan")] * 3) == "–"
    assert range_text([600, float("nan"), float("nan")]) == "10.0 at best, else not reached"
    assert range_text([600, 750, float("nan")]) == "12.5 (10.0 – not reached)"
    assert kilometres_text(994) == "0.99"
    assert kilometres_text(996) == "1.0"
    assert kilometres_text(float("nan")) == "–"
    assert reason_text(5)
    assert reason_text(99)
    assert heading("minutes_mid").endswith("(min)")
    assert heading("unheard_of") == "unheard_of"


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("现场查看 / a visit / or a plan", "现场查看", "a visit / or a plan"),
        ("15 / 30 min", "15 / 30 min", "15 / 30 min"),
        ("甲 / 乙", "甲 / 乙", "甲 / 乙"),
        ("", "", ""),
    ],
)
def test_of_a_text_in_both_languages_the_reader_sees_one_half(text, chinese, english):
    with speaking("zh"):
        assert spoken_half(text) == chinese
    with speaking("en"):
        assert spoken_half(text) == english

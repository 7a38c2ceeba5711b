"""RULE UNDER TEST: an unusable place is kept and told; malformed rows are all told and stop everything."""

import datetime
import json

import numpy as np
import openpyxl
import pytest

from accessibility.errors import DataError, UsageError
from accessibility.messages import _
from accessibility.sources.coordinates import from_wgs84
from accessibility.sources.places import read_places

ANTING = (121.15745, 31.29039)


@pytest.fixture
def table(tmp_path):
    def write(text, name="places.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def failure(path, **options):
    with pytest.raises(DataError) as caught:
        read_places(path, **options)
    return caught.value


def told(places_or_error, *, severity=None):
    carrier = getattr(places_or_error, "provenance", places_or_error)
    return [
        (notice.code, notice.row, notice.field, notice.value)
        for notice in carrier.notices
        if severity in (None, notice.severity)
    ]


# ---- what is read


def test_three_columns_are_enough(table):
    places = read_places(table("id,lon,lat\n001,121.15745,31.29039\n"))

    assert (places.ids, places.names, places.kinds) == (("001",), ("001",), ("",))
    assert (places.lon[0], places.lat[0], places.count[0], places.uncertainty_m[0]) == (*ANTING, 1.0, 0.0)
    assert told(places) == []


@pytest.mark.parametrize(
    "header",
    [
        "id,name,kind,lon,lat,count,uncertainty_m",
        "ID, Name_zh ,KIND,Lng,Latitude,Population,Uncertainty_M",
        "编号,名称,类别,经度,纬度,人数,误差",
        "代码,名称,类别,longitude,lat,数量,误差",
        "id,name,kind,x,y,people,误差",
        "ｉｄ,ｎａｍｅ,ｋｉｎｄ,ｌｏｎ,ｌａｔ,ｃｏｕｎｔ,误差",
    ],
)
def test_columns_are_understood_in_chinese_and_english(table, header):
    places = read_places(table(f"{header}\n a ,安亭, metro_station ,121.15745,31.29039,12,50\n"))

    assert (places.ids, places.names, places.kinds) == (("a",), ("安亭",), ("metro_station",))
    assert (places.lon[0], places.lat[0], places.count[0], places.uncertainty_m[0]) == (*ANTING, 12.0, 50.0)
    assert dict(places.facts) == {}


def test_every_other_column_becomes_a_fact(table):
    text = "id,lon,lat,name_en,Line,valid_from,备注,停用日期\n"
    text += "a,121.1,31.2,Anting,11,2010-03-29, 甲 ,2030-01-01\n"

    places = read_places(table(text))

    assert dict(places.facts) == {
        "name_en": ("Anting",),
        "line": ("11",),
        "valid_from": ("2010-03-29",),
        "note": ("甲",),
        "valid_to": ("2030-01-01",),
    }


def test_the_kind_is_stated_where_the_table_does_not_say_it(table):
    places = read_places(table("id,kind,lon,lat\na,,121.1,31.2\nb,park,121.2,31.2\n"), kind="hospital")

    assert places.kinds == ("hospital", "park")


def test_the_source_travels_with_the_places(table):
    (source,) = read_places(table("id,lon,lat\na,121.1,31.2\n"), label="places/a.csv").provenance.sources

    assert (source.file, len(source.sha256)) == ("places/a.csv", 64)


def test_a_count_that_is_missing_among_others_is_0_and_told(table):
    places = read_places(table("id,lon,lat,count\na,121.1,31.2,5\nb,121.2,31.2,\n"))

    assert places.count.tolist() == [5.0, 0.0]
    assert told(places) == [("count-missing", 3, "count", "")]


def test_a_count_nobody_filled_in_counts_places(table):
    assert read_places(table("id,lon,lat,count\na,121.1,31.2,\n")).count.tolist() == [1.0]


def test_dates_of_a_workbook_are_dates(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "lon", "lat", "valid_from"])
    book.active.append(["001", 121.15745, 31.29039, datetime.datetime(2010, 3, 29)])
    book.save(tmp_path / "a.xlsx")

    places = read_places(tmp_path / "a.xlsx")

    assert (places.ids, places.lon[0], places.fact("valid_from")) == (("001",), ANTING[0], ("2010-03-29",))


# ---- the coordinate system


@pytest.mark.parametrize(("system", "label", "shift"), [("GCJ-02", "GCJ-02", 481), ("bd09", "BD-09", 1143)])
def test_shifted_coordinates_come_back_and_the_shift_is_told(table, system, label, shift):
    x, y = (float(value) for value in from_wgs84(*ANTING, system))

    places = read_places(table(f"id,lon,lat\na,{x!r},{y!r}\n"), system=system)

    assert (places.lon[0], places.lat[0]) == pytest.approx(ANTING, abs=1e-8)
    (notice,) = places.provenance.notices
    assert (notice.code, notice.severity, notice.value) == ("coordinates-shifted", "info", f"{shift} m")
    assert label in notice.message


@pytest.mark.parametrize("header", ["id,x,y,lon,lat", "id,lon,lat", "编号,东坐标,北坐标"])
def test_projected_coordinates_are_read(table, header):
    more = ",9,9" if header.count(",") == 4 else ""
    places = read_places(table(f"{header}\na,610208.493,3463748.640{more}\n"), system="EPSG:4549")

    assert (places.lon[0], places.lat[0]) == pytest.approx(ANTING, abs=1e-7)


def test_an_unknown_system_is_a_wrong_call(table):
    with pytest.raises(UsageError):
        read_places(table("id,lon,lat\na,121.1,31.2\n"), system="mars")


def geojson(table, coordinates, crs=None):
    feature = {
        "type": "Feature",
        "properties": {"id": "a"},
        "geometry": {"type": "Point", "coordinates": coordinates},
    }
    document = {"type": "FeatureCollection", "features": [feature]}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    return table(json.dumps(document), "a.geojson")


def test_geojson_is_wgs84(table):
    places = read_places(geojson(table, ANTING))

    assert (places.lon[0], places.lat[0]) == ANTING
    assert told(places) == []


def test_geojson_is_what_its_crs_says(table):
    places = read_places(geojson(table, (610208.493, 3463748.640), "EPSG:4549"))

    assert (places.lon[0], places.lat[0]) == pytest.approx(ANTING, abs=1e-7)


def test_what_the_caller_states_overrules_the_file_and_is_told(table):
    places = read_places(
        geojson(table, tuple(map(float, from_wgs84(*ANTING, "gcj02"))), "EPSG:4326"), system="gcj02"
    )

    assert (places.lon[0], places.lat[0]) == pytest.approx(ANTING, abs=1e-8)
    assert [code for code, *_more in told(places)] == ["system-overruled", "coordinates-shifted"]


# ---- places without a position are kept


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (",31.2", "lon"),
        ("121.1,", "lat"),
        (",", "lon"),
        ("nan,31.2", "lon"),
        ("121.1,inf", "lat"),
        ("-inf,NaN", "lon"),
    ],
)
def test_a_place_without_a_position_is_kept_and_told(table, cells, field):
    places = read_places(table(f"id,lon,lat\na,121.1,31.2\nb,{cells}\n"))

    assert places.located.tolist() == [True, False]
    assert np.isnan([places.lon[1], places.lat[1]]).all()
    assert [(code, row, name) for code, row, name, _cell in told(places, severity="warning")] == [
        ("place-no-position", 3, field)
    ]


@pytest.mark.parametrize(
    ("cells", "field", "hint"),
    [
        ("31.2,121.1", "lat", "Longitude and latitude (or easting and northing) look swapped."),
        ("610208.5,3463748.6", "lon", "They look like projected metres; state their system, e.g. EPSG:4549."),
        ("121.1,-91", "lat", "Check the coordinates and the stated system."),
        ("181,31.2", "lon", "Check the coordinates and the stated system."),
    ],
)
def test_a_place_out_of_range_is_kept_and_told_with_a_hint(table, cells, field, hint):
    places = read_places(table(f"id,lon,lat\na,121.1,31.2\nb,{cells}\n"))

    assert places.located.tolist() == [True, False]
    (notice,) = places.provenance.notices
    assert (notice.code, notice.severity, notice.row, notice.field) == (
        "place-out-of-range",
        "warning",
        3,
        field,
    )
    assert notice.mend == _(hint)


@pytest.mark.parametrize("cells", ["3463748.6,610208.5", "121.1,31.2", "40610208.5,3463748.6"])
def test_a_place_outside_its_projection_is_kept_and_told(table, cells):
    places = read_places(table(f"id,x,y\na,610208.5,3463748.6\nb,{cells}\n"), system="EPSG:4549")

    assert places.located.tolist() == [True, False]
    assert [(code, row) for code, row, *_more in told(places, severity="warning")] == [
        ("place-out-of-range", 3)
    ]


def test_an_error_value_of_a_spreadsheet_is_no_position(table):
    places = read_places(table("id,lon,lat\na,121.1,31.2\nb,#N/A,31.2\n"))

    assert told(places) == [("cell-error", 3, "lon", "#N/A"), ("place-no-position", 3, "lon", "")]


def test_places_at_one_point_are_told_once(table):
    places = read_places(table("id,lon,lat\na,121.1,31.2\nb,121.1,31.2\nc,121.10,31.20\nd,121.3,31.2\n"))

    (notice,) = places.provenance.notices
    assert (notice.code, notice.severity, notice.row, notice.count) == ("places-coincident", "info", 2, 3)


# ---- malformed rows


MALFORMED = {
    ",121.1,31.2,1,,": ("id-empty", 3, "id", ""),
    "  ,121.1,31.2,1,,": ("id-empty", 3, "id", ""),
    "a,121.1,31.2,1,,": ("id-twice", 3, "id", "a"),
    " a ,121.1,31.2,1,,": ("id-twice", 3, "id", "a"),
    "b,abc,31.2,1,,": ("coordinate-not-a-number", 3, "lon", "abc"),
    "b,121.1,31°12',1,,": ("coordinate-not-a-number", 3, "lat", "31°12'"),
    "b,1_21.1,31.2,1,,": ("coordinate-not-a-number", 3, "lon", "1_21.1"),
    "b,121.1,31.2,-1,,": ("number-malformed", 3, "count", "-1"),
    "b,121.1,31.2,many,,": ("number-malformed", 3, "count", "many"),
    "b,121.1,31.2,nan,,": ("number-malformed", 3, "count", "nan"),
    "b,121.1,31.2,inf,,": ("number-malformed", 3, "count", "inf"),
    'b,121.1,31.2,"1,000",,': ("number-malformed", 3, "count", "1,000"),
    "b,121.1,31.2,1,2010/3/29,": ("date-malformed", 3, "valid_from", "2010/3/29"),
    "b,121.1,31.2,1,20100329,": ("date-malformed", 3, "valid_from", "20100329"),
    "b,121.1,31.2,1,,2021-02-30": ("date-malformed", 3, "valid_to", "2021-02-30"),
    "b,121.1,31.2,1,2021-02-03,2021-02-02": ("dates-reversed", 3, "valid_to", "2021-02-02"),
    "b,121.1,31.2": ("row-ragged", 3, "", "3"),
    "b,121.1,31.2,1,,,x": ("row-ragged", 3, "", "7"),
    'b,121.1,31.2,1,,"x': ("quote-unterminated", 3, "", ""),
    "b,121.1,31.2,1,,\0": ("nul-byte", 3, "", ""),
}


@pytest.mark.parametrize("row", MALFORMED)
def test_a_malformed_row_is_told_with_file_and_row(table, row):
    error = failure(table(f"id,lon,lat,count,valid_from,valid_to\na,121.2,31.3,1,,\n{row}\n"))

    assert (error.code, error.where) == ("malformed-rows", "places.csv")
    assert told(error, severity="error") == [MALFORMED[row]]
    assert all(notice.file == "places.csv" and notice.message for notice in error.notices)


def test_everything_malformed_is_told_at_once(table):
    error = failure(table("id,lon,lat,uncertainty_m\n,121.1,31.2,\na,abc,def,-5\na,,31.2,x\nc,1\n"))

    assert sorted(told(error, severity="error")) == [
        ("coordinate-not-a-number", 3, "lat", "def"),
        ("coordinate-not-a-number", 3, "lon", "abc"),
        ("id-empty", 2, "id", ""),
        ("id-twice", 4, "id", "a"),
        ("number-malformed", 3, "uncertainty_m", "-5"),
        ("number-malformed", 4, "uncertainty_m", "x"),
        ("row-ragged", 5, "", "2"),
    ]
    assert told(error, severity="warning") == [("place-no-position", 4, "lon", "")]


def test_a_column_twice_is_malformed(table):
    error = failure(table("id,lon,lat,line,LINE\na,121.1,31.2,11,14\n"))

    assert told(error) == [("column-twice", 1, "LINE", "")]


# ---- tables that cannot be used at all


@pytest.mark.parametrize(
    ("header", "missing"),
    [("id,lon", "lat"), ("lon,lat", "id"), ("name,address", "id, lon, lat"), ("编号,名称,经度", "lat")],
)
def test_missing_columns_are_named_with_what_was_found(table, header, missing):
    error = failure(table(header + "\n" + ",".join("1" * len(header.split(","))) + "\n"))

    assert error.code == "missing-column"
    assert missing in error.what
    assert header.replace(",", ", ") in error.mend


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty-file"), ("\n\n", "empty-file"), ("id,lon,lat\n", "no-rows")]
)
def test_a_table_without_rows_is_an_error(table, text, code):
    assert failure(table(text)).code == code


def test_coordinates_swapped_throughout_are_an_error_of_their_own(table):
    error = failure(table("id,lon,lat\na,31.2,121.1\nb,,\nc,31.3,121.2\n"))

    assert error.code == "coordinates-swapped"
    assert [row for code, row, *_more in told(error) if code == "place-out-of-range"] == [2, 4]


def test_northing_and_easting_swapped_throughout_are_told_too(table):
    error = failure(table("id,x,y\na,3463748.6,610208.5\n"), system="EPSG:4549")

    assert error.code == "coordinates-swapped"


@pytest.mark.parametrize("cells", [",", "610208.5,3463748.6", "nan,nan", "200,100"])
def test_a_table_without_any_position_is_an_error(table, cells):
    error = failure(table(f"id,lon,lat\na,{cells}\n"))

    assert (error.code, [row for _code, row, *_more in told(error)]) == ("no-usable-places", [2])


def test_full_width_digits_are_digits(table):
    places = read_places(table("id,lon,lat\na,１２１．１５７４５,３１．２９０３９\n"))

    assert (places.lon[0], places.lat[0]) == ANTING

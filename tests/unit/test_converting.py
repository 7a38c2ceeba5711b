"""RULE UNDER TEST: a converted table keeps every column and row, and says how far each point moved."""

import csv
import os

import numpy as np
import pytest

from accessibility.errors import DataError, OutputError, UsageError
from accessibility.sources.coordinates import from_wgs84, to_wgs84
from accessibility.sources.places import read_places
from accessibility.studies.convert_crs import convert_file

ANTING = (121.15745, 31.29039)


@pytest.fixture
def table(tmp_path):
    def write(text):
        (tmp_path / "in.csv").write_text(text, encoding="utf-8")
        return tmp_path / "in.csv"

    return write


def rows(path):
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_every_column_stays_and_the_converted_ones_follow(table, tmp_path):
    x, y = (float(value) for value in from_wgs84(*ANTING, "gcj02"))

    done = convert_file(
        table(f"名称,经度,纬度\n安亭,{x!r},{y!r}\n未知,,\n"), tmp_path / "out.csv", source="GCJ-02"
    )

    assert rows(tmp_path / "out.csv") == [
        ["名称", "经度_gcj02", "纬度_gcj02", "lon", "lat", "shift_m"],
        ["安亭", repr(x), repr(y), "121.15745000", "31.29039000", "481.30"],
        ["未知", "", "", "", "", ""],
    ]
    assert (done.n_converted, round(done.mean_shift_m)) == (1, 481)
    assert [(notice.code, notice.row) for notice in done.notices] == [("place-no-position", 3)]


def test_a_plane_is_written_in_metres(table, tmp_path):
    convert_file(
        table("lon,lat\n121.29254,31.26946\n"),
        tmp_path / "out.csv",
        source="wgs84",
        target="4549",
    )

    assert rows(tmp_path / "out.csv")[0] == ["lon_wgs84", "lat_wgs84", "x", "y", "shift_m"]
    assert rows(tmp_path / "out.csv")[1][2:] == ["623099.457", "3461570.633", "0.00"]


def test_the_shift_is_that_between_both_systems(table, tmp_path):
    done = convert_file(
        table("lon,lat\n121.15745,31.29039\n"),
        tmp_path / "out.csv",
        source="wgs84",
        target="bd09",
    )

    assert 1130 < done.mean_shift_m < 1145


def test_a_column_of_the_table_is_never_replaced(table, tmp_path):
    convert_file(
        table("X,Y,lon,shift_m,lat_2\n623099.457,3461570.633,a,b,c\n"),
        tmp_path / "out.csv",
        source="EPSG:4549",
    )

    assert rows(tmp_path / "out.csv") == [
        ["X_epsg4549", "Y_epsg4549", "lon_2", "shift_m", "lat_2", "lon", "lat", "shift_m_2"],
        ["623099.457", "3461570.633", "a", "b", "c", "121.29254000", "31.26946000", "0.00"],
    ]


@pytest.mark.parametrize("target", ["wgs84", "bd09", "EPSG:4549", "cgcs2000"])
def test_a_later_command_reads_the_converted_pair_and_the_way_back_is_the_same(table, tmp_path, target):
    there, back = tmp_path / "there.csv", tmp_path / "back.csv"
    convert_file(table("id,lon,lat\na,121.16200,31.28840\n"), there, source="gcj02", target=target)
    convert_file(there, back, source=target, target="gcj02")

    wgs84 = to_wgs84(np.array([121.162]), np.array([31.2884]), "gcj02")
    for places in (read_places(there, system=target), read_places(back, system="gcj02")):
        assert (places.lon[0], places.lat[0]) == pytest.approx((wgs84[0][0], wgs84[1][0]), abs=2e-8)


def test_the_input_is_never_overwritten(table):
    path = table("lon,lat\n121.1,31.2\n")

    with pytest.raises(UsageError) as caught:
        convert_file(path, path.parent / "." / "in.csv", source="gcj02")

    assert caught.value.code == "overwrites-input"
    assert path.read_text() == "lon,lat\n121.1,31.2\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("lon,name\n121.1,x\n", "missing-column"),
        ("lon,lat\nabc,31.2\n", "malformed-rows"),
        ("lon,lat\n121.1\n", "malformed-rows"),
        ("lon,lat\n31.2,121.1\n", "coordinates-swapped"),
        ("lon,lat\n,\n181,31.2\n", "no-usable-places"),
        ("lon,lat,name\n,,a\n999,999,b\n", "no-usable-places"),
        ("lon,lat\n", "no-rows"),
    ],
)
def test_a_table_that_cannot_be_converted_writes_nothing(table, tmp_path, text, code):
    with pytest.raises(DataError) as caught:
        convert_file(table(text), tmp_path / "out.csv", source="gcj02")

    assert caught.value.code == code
    assert not (tmp_path / "out.csv").exists()


def test_a_place_that_cannot_be_written_is_told(table, tmp_path):
    (tmp_path / "file").write_text("here", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        convert_file(table("lon,lat\n121.1,31.2\n"), tmp_path / "file" / "out.csv", source="gcj02")

    assert caught.value.code == "output-not-writable"
    assert (tmp_path / "file").read_text(encoding="utf-8") == "here"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_keeps_its_place(table, tmp_path):
    os.mkfifo(tmp_path / "out.csv")
    with pytest.raises(OutputError) as caught:
        convert_file(table("lon,lat\n121.1,31.2\n"), tmp_path / "out.csv", source="gcj02")

    assert caught.value.code == "output-is-device"
    assert (tmp_path / "out.csv").is_fifo()


def test_a_shifted_system_stated_outside_china_is_told(table, tmp_path):
    text = "lon,lat\n121.16200,31.28840\n-51.2,-30.0\n-51.3,-30.0\n"
    done = convert_file(table(text), tmp_path / "out.csv", source="gcj02")

    assert done.n_converted == 3
    assert [(one.code, one.row, one.count) for one in done.notices] == [("outside-gcj02", 3, 2)]

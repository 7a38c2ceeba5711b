"""RULE UNDER TEST: no text of a result is computed by a spreadsheet, and an id reads back as it was."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.cli import main
from accessibility.model.csv_text import harmless, restored
from accessibility.sources.places import read_places
from accessibility.studies.convert_crs import convert_file
from tests.unit.test_cli import TOWN


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86 21", "'+86 21"),
        ("-1+1", "'-1+1"),
        ("@cmd", "'@cmd"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("-3.5", "-3.5"),
        ("+12", "+12"),
        ("安亭", "安亭"),
        ("'quoted'", "'quoted'"),
        ("", ""),
    ],
)
def test_what_would_be_computed_gets_an_apostrophe_and_nothing_else_does(text, cell):
    assert harmless(text) == cell
    assert restored(cell) == text


@given(st.text(alphabet="'=+-@\t1.a安", max_size=6))
def test_every_text_reads_back_as_it_was_and_is_never_computed(text):
    cell = harmless(text)
    assert restored(cell) == text
    assert not cell.startswith(("=", "@", "\t")), cell


def test_ids_that_look_like_formulas_are_harmless_in_results_and_find_their_places_again(tmp_path):
    (tmp_path / "town.osm").write_text(TOWN, encoding="utf-8")
    points = "id,lon,lat\n=1+1,121.1600,31.2900\n-x,121.1705,31.2990\n@y,121.1705,31.2950\n"
    (tmp_path / "p.csv").write_text(points, encoding="utf-8")
    common = ["--osm", str(tmp_path / "town.osm"), "--origins", str(tmp_path / "p.csv")]
    assert main(["matrix", *common, "-o", str(tmp_path / "m.csv")]) == 0
    goals = ["--destinations", str(tmp_path / "p.csv"), "-o", str(tmp_path / "n.csv")]
    assert main(["nearest", *common, *goals]) == 0
    for name, n in (("m.csv", 9), ("n.csv", 3)):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))[1:]
        assert len(rows) == n
        assert {row[0] for row in rows} == {"'=1+1", "'-x", "'@y"}
        assert {restored(row[0]) for row in rows} == {"=1+1", "-x", "@y"}


def test_a_converted_table_keeps_its_ids_and_its_negative_numbers(tmp_path):
    (tmp_path / "in.csv").write_text("id,lon,lat\n=1+1,-8.61,41.15\n", encoding="utf-8")
    convert_file(tmp_path / "in.csv", tmp_path / "out.csv", source="wgs84", target="EPSG:4326")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("'=1+1,-8.61,41.15,-8.61")
    assert read_places(tmp_path / "out.csv").ids == ("=1+1",)

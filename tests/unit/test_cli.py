"""RULE UNDER TEST: a command answers, or says what is wrong, where, and how to mend it; never a trace."""

import csv
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from accessibility import messages
from accessibility.cli import COMMANDS, main

HEAVY = ("pandas", "geopandas", "osmnx", "folium", "numba", "scipy", "shapely", "pyproj")
TOWN = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
 <node id="1" lat="31.2900" lon="121.1600"/>
 <node id="2" lat="31.2900" lon="121.1705"/>
 <node id="3" lat="31.2990" lon="121.1705"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="曹安公路"/></way>
 <way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/>
  <tag k="name" v="&lt;script&gt;"/></way>
</osm>
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "town.osm").write_text(TOWN, encoding="utf-8")
    (tmp_path / "points.csv").write_text(
        "id,lon,lat\na,121.1600,31.2900\nb,121.1705,31.2990\n", encoding="utf-8"
    )
    return tmp_path


def run(folder, command, *more, expect=0):
    arguments = [command, "--osm", str(folder / "town.osm"), "--origins", str(folder / "points.csv"), *more]
    assert main([*arguments, "-o", str(folder / "out.csv")]) == expect
    if expect == 0:
        with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    assert not (folder / "out.csv").exists(), "nothing half-written"
    return None


def test_importing_and_help_load_nothing_heavy():
    code = f"""
import sys, accessibility
from accessibility.cli import main
main(["--help"])
loaded = [name for name in {HEAVY!r} if name in sys.modules]
sys.exit(", ".join(loaded) if loaded else 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys):
    assert main([command, "--help"]) == 0
    assert f"accessibility {command}" in capsys.readouterr().out


def test_a_matrix_on_foot_has_one_decimal_and_no_reason_where_reached(files):
    rows = run(files, "matrix", "--mode", "walk", "--walk-speed", "3.6", "--max-duration", "120")
    assert rows[0] == ["origin", "destination", "minutes", "reason"]
    assert rows[1] == ["a", "a", "0.0", ""]
    assert rows[2][:2] == ["a", "b"]
    assert float(rows[2][2]) == pytest.approx((1000 + 998) / 60, abs=0.2)
    assert len(rows) == 5


def test_a_matrix_by_car_answers_low_mid_high(files):
    rows = run(files, "matrix", "--mode", "drive", "--with-distance")
    assert rows[0] == ["origin", "destination", "minutes_low", "minutes_mid", "minutes_high", "km", "reason"]
    low, mid, high = (float(text) for text in rows[2][2:5])
    assert 0 < low < mid < high
    assert float(rows[2][5]) == pytest.approx(2.0, abs=0.02)


def test_a_pair_beyond_the_limit_is_empty_and_says_why(files):
    rows = run(files, "matrix", "--max-duration", "10")
    assert rows[2] == ["a", "b", "", "beyond-limits"]


def test_a_place_without_position_among_others_is_kept_with_its_reason(files, capsys):
    (files / "points.csv").write_text(
        "id,lon,lat\na,121.16,31.29\nb,,\nfar,121.30,31.29\nc,121.1705,31.299\n", encoding="utf-8"
    )
    rows = run(files, "matrix")
    reasons = {(row[0], row[1]): row[3] for row in rows[1:]}
    assert reasons["a", "b"] == "destination-no-position"
    assert reasons["b", "a"] == "origin-no-position"
    assert reasons["a", "far"] == "destination-not-linked"
    assert reasons["far", "a"] == "origin-not-linked"
    assert reasons["a", "c"] == ""
    assert "place-not-linked" in capsys.readouterr().err


def test_line_sheets_answer_in_place_of_a_feed(files):
    """From a along 1 km: 17 min on foot; by line 3 min after a departure at 7:32, each end within 10 m."""
    lines = files / "lines"
    lines.mkdir()
    stops = "line,order,name,lon,lat,minutes\n1,1,A,121.1600,31.2900,\n1,2,B,121.1705,31.2900,3\n"
    (lines / "stops.csv").write_text(stops, encoding="utf-8")
    (lines / "services.csv").write_text("line,days,departures\n1,daily,07:32\n", encoding="utf-8")
    (files / "points.csv").write_text(
        "id,lon,lat\na,121.1600,31.2900\nb,121.1705,31.2900\n", encoding="utf-8"
    )
    asked = ["--lines", str(lines), "--depart", "07:30", "--window", "1"]
    rows = run(files, "matrix", *asked, "--date", "2021-05-21")
    assert {(row[0], row[1]): row[2] for row in rows[1:]}["a", "b"] == "5.0"
    (files / "out.csv").unlink()
    run(files, "matrix", *asked, expect=2)
    run(files, "matrix", "--mode", "transit", "--date", "2021-05-21", expect=2)
    (lines / "services.csv").write_text(
        "line,days,from,to,headway_min\n1,daily,6:00,9:00,0\n", encoding="utf-8"
    )
    run(files, "matrix", *asked, "--date", "2021-05-21", expect=1)
    assert main(["check", str(lines)]) == 1


def test_the_nearest_names_a_destination(files):
    (files / "goals.csv").write_text("id,lon,lat\nx,121.1602,31.29\ny,121.1705,31.2991\n", encoding="utf-8")
    rows = run(files, "nearest", "--destinations", str(files / "goals.csv"))
    assert rows[0] == ["origin", "nearest", "minutes", "km", "reason"]
    assert [row[1] for row in rows[1:]] == ["x", "y"]


def test_a_rank_above_the_number_of_destinations_is_wrong_use(files, capsys):
    run(files, "nearest", "--destinations", str(files / "points.csv"), "--rank", "3", expect=2)
    said = capsys.readouterr().err
    assert "[rank]" in said
    assert "→" in said
    rows = run(files, "nearest", "--destinations", str(files / "points.csv"), "--rank", "2")
    assert [row[1] for row in rows[1:]] == ["b", "a"]


def test_a_value_at_some_levels_only_says_which_levels_lie_beyond_the_limit(files):
    """About 2 km of primary and residential road: 5.0, 6.6 and 9.0 min at the peak."""
    full = run(files, "matrix", "--mode", "drive")[2]
    low, mid, _high = (float(text) for text in full[2:5])
    between = run(files, "matrix", "--mode", "drive", "--max-duration", f"{(low + mid) / 2:.2f}")[2]
    assert between == ["a", "b", full[2], "", "", "beyond-limits:mid+high"]
    limits = ["--max-duration", f"{mid + 0.2:.2f}"]
    goals = ["--destinations", str(files / "points.csv"), "--rank", "2"]
    nearest = run(files, "nearest", "--mode", "drive", *goals, *limits)[1]
    assert nearest[2:4] == full[2:4]
    assert (nearest[4], nearest[-1]) == ("", "beyond-limits:high")


def test_an_area_beyond_the_longest_journey_is_refused_instead_of_drawn_too_small(files, capsys):
    arguments = ["isochrone", "--osm", str(files / "town.osm"), "--at", "121.165,31.29", "--minutes", "5,30"]
    out = files / "areas.geojson"
    assert main([*arguments, "--max-duration", "20", "-o", str(out)]) == 2
    assert "[max-duration]" in capsys.readouterr().err
    assert not out.exists()
    assert main([*arguments, "--max-duration", "30", "-o", str(out)]) == 0


def test_an_explanation_tells_what_to_know_about_the_speeds(files, capsys):
    (files / "town.osm").write_text(TOWN.replace('lon="121', 'lon="-8'), encoding="utf-8")
    ends = ["--from=-8.16,31.29", "--to=-8.1705,31.299", "--mode", "drive"]
    assert main(["explain", "--osm", str(files / "town.osm"), *ends]) == 0
    assert "speeds-elsewhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "--from", "a", "--to", "b"],
        ["explain", "--from", "121.16,31.29", "--to", "121.17,31.29", "--level", "low"],
        ["isochrone", "--at", "121.16,31.29", "--level", "high", "-o", "o.geojson"],
        ["isochrone", "--at", "x", "-o", "o.geojson"],
        ["isochrone", "--at", "121.16,31.29", "-o", "o.csv"],
        ["matrix", "--origins", "points.csv", "--max-duration", "0", "-o", "o.csv"],
        ["matrix", "--origins", "points.csv", "--walk-speed", "0", "-o", "o.csv"],
        ["matrix", "--origins", "points.csv", "--mode", "drive", "--period", "x", "-o", "o.csv"],
        ["nearest", "--origins", "points.csv", "--destinations", "points.csv", "--rank", "0", "-o", "o.csv"],
    ],
)
def test_wrong_use_comes_with_a_remedy(files, capsys, monkeypatch, arguments):
    monkeypatch.chdir(files)
    assert main([arguments[0], "--osm", "town.osm", *arguments[1:]]) == 2
    assert "→" in capsys.readouterr().err


def test_an_interrupt_while_the_program_is_still_loading_shows_no_trace(files):
    code = """
import builtins, runpy, sys
real = builtins.__import__
def interrupted(name, *rest, **more):
    if name == "click":
        raise KeyboardInterrupt
    return real(name, *rest, **more)
builtins.__import__ = interrupted
runpy.run_module("accessibility", run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"Interrupted." in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_explanation_adds_up_and_names_the_roads(files, capsys):
    ends = ["--places", str(files / "points.csv"), "--from", "a", "--to", "b"]
    assert main(["--lang", "en", "explain", "--osm", str(files / "town.osm"), *ends]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("曹安公路" in line for line in lines)
    times = [line.split()[1] for line in lines if line.strip()[:1].isdigit()]
    total = next(line.split()[-2] for line in lines if "sum of the parts" in line)
    assert sum(_seconds(time) for time in times) == _seconds(total)


def _seconds(clock):
    minutes, seconds = clock.split(":")
    return 60 * int(minutes) + int(seconds)


def test_isochrones_are_written_as_polygons(files):
    out = files / "areas.geojson"
    arguments = ["isochrone", "--osm", str(files / "town.osm"), "--at", "121.165,31.29", "--minutes", "5,10"]
    assert main([*arguments, "-o", str(out)]) == 0
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert sorted(feature["properties"]["cutoff_minutes"] for feature in features) == [5, 10]
    assert all(feature["geometry"]["type"] in {"Polygon", "MultiPolygon"} for feature in features)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty"),
        ("id,lon\na,121.16\n", "missing-column"),
        ("id,lon,lat\na,121.16,31.29\na,121.17,31.29\n", "malformed"),
        ("id,lon,lat\na,abc,31.29\n", "malformed"),
        ("id,lon,lat\na,nan,31.29\n", "no-usable-places"),
        ("id,lon,lat\na,inf,31.29\n", "no-usable-places"),
        ("id,lon,lat\na,31.29,121.16\nb,31.30,121.17\n", "coordinates-swapped"),
        ("id,lon,lat\na,121.16,95\n", "no-usable-places"),
        ("id,lon,lat\na,2.35,48.85\n", "nothing-linked"),
        ("id,lon,lat\na,121.2205,31.29\n", "nothing-linked"),
    ],
)
def test_bad_tables_are_refused_with_a_code(files, capsys, content, code):
    (files / "points.csv").write_text(content, encoding="utf-8")
    run(files, "matrix", expect=1)
    said = capsys.readouterr().err
    assert code in said
    assert "points.csv" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("town.osm", b"", "empty"),
        ("town.osm", TOWN.encode()[:300], "damaged"),
        ("town.osm", b"PK\x03\x04 this is a zip", "format"),
        ("town.osm.pbf", TOWN.encode(), "format"),
        ("town.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x7c", "damaged"),
        ("town.osm.gz", b"\x1f\x8b\x08\x00broken", "damaged"),
        (
            "town.osm",
            b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><osm version="0.6">&b;</osm>',
            "",
        ),
        ("town.osm", b'<osm version="0.6"></osm>', "osm-no-streets"),
    ],
)
def test_bad_streets_are_refused_with_a_code(files, capsys, name, content, code):
    bad = files / f"bad-{name}"
    bad.write_bytes(content)
    arguments = ["matrix", "--osm", str(bad), "--origins", str(files / "points.csv")]
    assert main([*arguments, "-o", str(files / "out.csv")]) == 1
    said = capsys.readouterr().err
    assert code in said
    assert bad.name in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "more",
    [
        ["--max-duration", "0"],
        ["--max-duration", "-5"],
        ["--max-duration", "nan"],
        ["--walk-speed", "0"],
        ["--walk-speed", "inf"],
        ["--mode", "fly"],
        ["--mode", "drive", "--walk-speed", "5"],
        ["--mode", "walk", "--cycle-speed", "12"],
        ["--mode", "cycle", "--avoid", "motorway"],
        ["--mode", "walk", "--period", "peak"],
        ["--mode", "drive", "--period", "midnight"],
        ["--system", "mars"],
        ["--study", "x.toml"],
        ["--unknown-option"],
    ],
)
def test_wrong_use_is_told_apart_with_exit_code_2(files, capsys, more):
    run(files, "matrix", *more, expect=2)
    assert "Traceback" not in capsys.readouterr().err


def test_a_coordinate_system_of_another_part_of_the_world_is_refused(files, capsys):
    run(files, "matrix", "--crs", "EPSG:2154", expect=1)
    assert "streets-crs" in capsys.readouterr().err
    for crs in ("EPSG:4549", "EPSG:32651", "EPSG:4550"):
        run(files, "matrix", "--crs", crs)


def test_a_new_study_of_a_box_without_streets_is_refused(files, capsys):
    arguments = ["new", str(files / "nowhere"), "--osm", str(files / "town.osm"), "--bbox", "1,2,3,4"]
    assert main(arguments) == 1
    assert "[study-area]" in capsys.readouterr().err
    assert not (files / "nowhere").exists()


def test_a_missing_file_says_which(files, capsys):
    (files / "points.csv").unlink()
    run(files, "matrix", expect=1)
    assert "points.csv" in capsys.readouterr().err


def test_an_output_folder_that_cannot_be_made_is_told(files, capsys):
    (files / "taken").write_text("a file", encoding="utf-8")
    arguments = ["matrix", "--osm", str(files / "town.osm"), "--origins", str(files / "points.csv")]
    assert main([*arguments, "-o", str(files / "taken" / "out.csv")]) == 1
    assert "taken" in capsys.readouterr().err
    assert (files / "taken").read_text(encoding="utf-8") == "a file"


def test_an_interrupt_ends_without_a_trace_and_without_a_file(files, capsys, monkeypatch):
    def interrupt(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("accessibility.travel.StreetSearch.times", interrupt)
    run(files, "matrix", expect=1)
    assert "Traceback" not in capsys.readouterr().err
    assert sorted(path.name for path in files.iterdir()) == ["points.csv", "town.osm"]


def test_a_defect_shows_no_trace_unless_asked(files, capsys, monkeypatch):
    def fail(*_arguments, **_options):
        raise ZeroDivisionError("seven")

    monkeypatch.setattr("accessibility.travel.StreetSearch.times", fail)
    run(files, "matrix", expect=1)
    said = capsys.readouterr().err
    assert "seven" in said
    assert "Traceback" not in said


def test_a_console_that_knows_no_chinese_still_gets_an_answer(files):
    arguments = ["matrix", "--osm", "missing.osm", "--origins", str(files / "points.csv"), "-o", "x.csv"]
    for encoding in ("ascii", "gbk"):
        done = subprocess.run(
            [sys.executable, "-m", "accessibility", *arguments],
            capture_output=True,
            env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
            check=False,
            cwd=files,
        )
        assert done.returncode == 1
        assert b"missing.osm" in done.stderr
        assert b"Traceback" not in done.stderr


def test_gbk_and_marked_tables_are_read(files):
    text = "编号,经度,纬度,名称\na,121.1600,31.2900,封浜\nb,121.1705,31.2990,安亭\n"
    for encoding in ("gb18030", "utf-8-sig"):
        (files / "points.csv").write_bytes(text.encode(encoding))
        assert len(run(files, "matrix")) == 5


def test_check_lists_what_is_wrong_and_fails(files, capsys):
    (files / "points.csv").write_text("id,lon,lat\na,121.16,31.29\na,x,31.29\n", encoding="utf-8")
    assert main(["check", str(files / "town.osm"), str(files / "points.csv")]) == 1
    said = capsys.readouterr().out
    assert "points.csv:3" in said


def test_check_finds_nothing_wrong_with_the_embedded_study(capsys):
    study = Path(__file__).parents[2] / "data" / "anting" / "study.toml"
    assert main(["check", str(study)]) == 0


def test_points_are_converted_between_systems(files):
    out = files / "converted.csv"
    table = str(files / "points.csv")
    assert main(["convert-crs", table, "--from", "wgs84", "--to", "gcj02", "-o", str(out)]) == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[0]["shift_m"]) == pytest.approx(481, abs=2)


def test_what_is_written_wrongly_is_told_in_chinese_and_by_its_own_option(files, capsys):
    """Neither the words of a library nor an option that does not exist are shown."""
    osm, table, out = str(files / "town.osm"), str(files / "points.csv"), str(files / "x.csv")
    assert main(["new", str(files / "n"), "--osm", osm, "--as-of", "2021-13-40"]) == 2
    told = capsys.readouterr().err
    assert "日期须写成 2019-05-13 的形式" in told
    assert "--as-of" in told
    assert "match" not in told
    asked = ["matrix", "--osm", osm, "--origins", table, "-o", out, "--walk-speed", "-3"]
    assert main(["--lang", "zh", *asked]) == 2
    assert "--walk-speed -3" in capsys.readouterr().err
    here = ["isochrone", "--osm", osm, "--at", "500,3", "-o", str(files / "x.geojson")]
    assert main(["--lang", "zh", *here]) == 2
    assert "--at 500,3" in capsys.readouterr().err


def test_why_the_system_refused_is_told_in_the_language_of_the_reader():
    refused = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    before = messages.language()
    try:
        messages.set_language("zh")
        assert messages.system_reason(refused) == "没有权限"
        messages.set_language("en")
        assert messages.system_reason(refused) == "Permission denied"
        assert messages.system_reason(OSError("odd")) == "odd"
    finally:
        messages.set_language(before)


def test_a_new_study_of_any_place_runs(files):
    folder = files / "studies" / "town"
    assert main(["new", str(folder), "--osm", str(files / "town.osm"), "--as-of", "2021-05-21"]) == 0
    assert main(["check", str(folder)]) == 0
    assert main(["run", str(folder), "--out", str(files / "result")]) == 0
    assert (files / "result" / "index.html").is_file()
    assert main(["new", str(folder), "--osm", str(files / "town.osm")]) == 1, "nothing is overwritten"

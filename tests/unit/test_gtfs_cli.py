"""RULE UNDER TEST: whatever is wrong with a timetable or a question is told, and nothing is silent."""

import csv

import pytest

from accessibility.cli import main
from accessibility.messages import language, set_language
from accessibility.sources.study_file import read_study
from accessibility.studies.load import load_study
from tests.feeds import BANDS, CALLS, WORLD, calls, feed, world
from tests.unit.test_findings import STUDY, write_study

STREET = "".join(f'<node id="{i}" lat="31.3" lon="{121.09 + i * 0.01:.3f}"/>' for i in range(1, 6))
OSM = (
    f'<osm version="0.6">{STREET}<way id="1">{"".join(f"<nd ref={str(i)!r}/>" for i in range(1, 6))}'
    '<tag k="highway" v="residential"/></way></osm>'
)
TWO = "route_id,service_id,trip_id\nr,work,t\nr,work,u\n"
GOOD_U = calls("9:00:00 a", "9:10:00 c", trip="u")


@pytest.fixture(autouse=True)
def _keep_language():
    before = language()
    yield
    set_language(before)


@pytest.fixture
def say(capsys):
    """Run a command in English; return its exit code and everything it prints."""

    def command(*arguments):
        code = main(["--lang", "en", *map(str, arguments)])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return command


@pytest.fixture
def check(say):
    return lambda path: say("check", path)


@pytest.fixture
def run(tmp_path, monkeypatch, say):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "street.osm").write_text(OSM)
    (tmp_path / "points.csv").write_text("id,lon,lat\no,121.1,31.3\nz,121.13,31.3\n")

    def matrix(*feeds, date="2021-05-21", depart="07:45", points="points.csv", extra=()):
        named = [x for one in feeds for x in ("--gtfs", one)]
        question = ["--origins", points, "--date", date, "--depart", depart, "--window", "5"]
        code, output = say("matrix", "--osm", "street.osm", *named, *question, "-o", "out.csv", *extra)
        return code, output, _pairs(tmp_path / "out.csv")

    return matrix


def _pairs(path):
    if not path.exists():
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["origin"] + row["destination"]: row["minutes_p50"] or row["reason"] for row in rows}


BAD = {
    "file missing": ({"stops": None}, "[gtfs-file-missing] bad.zip stops.txt"),
    "column missing": ({"trips": "route_id,trip_id\nr,t\n"},
                       "[gtfs-column-missing] bad.zip/trips.txt:1 service_id"),
    "unknown service": ({"trips": TWO + "r,never,w\n", "stop_times": WORLD["stop_times.txt"] + GOOD_U},
                        "[gtfs-unknown-reference] bad.zip/trips.txt:4 service_id=never"),
    "unknown trip": ({"stop_times": WORLD["stop_times.txt"] + GOOD_U},
                     "[gtfs-unknown-reference] (×2) bad.zip/stop_times.txt:5 trip_id=u"),
    "unknown stop": ({"trips": TWO, "stop_times": CALLS + calls("8:00:00 a", "8:05:00 q") + GOOD_U},
                     "[gtfs-trip-unknown-stop] bad.zip/stop_times.txt:3 trip_id=t"),
    "times run back": ({"trips": TWO, "stop_times": CALLS + calls("8:00:00 a", "7:00:00 c") + GOOD_U},
                       "[gtfs-times-run-back] bad.zip/stop_times.txt:3 trip_id=t"),
    "blank ends": ({"trips": TWO, "stop_times": CALLS + calls("- a", "7:00:00 c") + GOOD_U},
                   "[gtfs-blank-end] bad.zip/stop_times.txt:2 trip_id=t"),
    "one stop": ({"trips": TWO, "stop_times": CALLS + calls("8:00:00 a") + GOOD_U},
                 "[gtfs-trip-one-call] bad.zip/trips.txt:2 trip_id=t"),
    "duplicated trip": ({"trips": TWO + "r,work,t\n", "stop_times": WORLD["stop_times.txt"] + GOOD_U},
                        "[gtfs-duplicate] bad.zip/trips.txt:4 trip_id=t"),
    "bands overlap": ({"frequencies": BANDS + "t,6:00:00,9:00:00,600,0\nt,8:00:00,10:00:00,300,0\n"},
                      "[gtfs-bands-overlap] bad.zip/frequencies.txt:3 trip_id=t"),
    "headway of 0": ({"frequencies": BANDS + "t,6:00:00,9:00:00,600,0\nt,9:00:00,10:00:00,0,0\n"},
                     "[gtfs-value] bad.zip/frequencies.txt:3 headway_secs=0"),
    "time zones": ({"agency": WORLD["agency.txt"] + "B,B,http://b.example,Asia/Tokyo\n"},
                   "[gtfs-time-zone] bad.zip/agency.txt"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_check_names_what_is_wrong_by_file_and_row(tmp_path, check, name):
    files, expected = BAD[name]
    code, output = check(feed(tmp_path, "bad", **files))
    assert code == 1
    assert f"✗ {expected}" in output


ODD = {
    "25:10": ({"stop_times": CALLS + calls("24:50:00 a", "25:10:00 c")}, ""),
    "out of order": ({"stop_times": CALLS + "t,8:12:00,8:12:00,c,3\nt,8:00:00,8:00:00,a,1\n"},
                     "· [gtfs-calls-out-of-order] odd.zip/stop_times.txt:3"),
    "no time, too fast": ({"stop_times": CALLS + calls("8:00:00 a", "8:00:00 b", "8:00:30 c")},
                          "! [gtfs-too-fast] odd.zip/stop_times.txt:4 Beta → Gamma: 228 km/h"),
    "GBK": ({"stops": WORLD["stops.txt"].replace("Alpha", "封浜").encode("gbk")},
            "[encoding] odd.zip/stops.txt"),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_check_tells_what_is_odd_and_goes_on(tmp_path, check, name):
    files, expected = ODD[name]
    code, output = check(feed(tmp_path, "odd", **files))
    assert code == 0
    assert expected in output
    assert "0 errors" in output


def test_check_reads_folders_too(tmp_path, check):
    folder = tmp_path / "lines"
    folder.mkdir()
    for name, data in world(**BAD["headway of 0"][0]).items():
        (folder / name).write_bytes(data)
    code, output = check(folder)
    assert code == 1
    assert "[gtfs-value] lines/frequencies.txt:3 headway_secs=0" in output


def test_a_good_feed_gives_times_without_a_warning(run, tmp_path):
    code, output, pairs = run(feed(tmp_path))
    assert (code, pairs["oz"]) == (0, "25.0"), "leave 7:45 to 7:49, the median of 27 ... 23 minutes"
    assert "! [" not in output


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ({"date": "2021-05-22"}, "nothing runs on 2021-05-22 from 07:45"),
        ({"depart": "20:00"}, "nothing runs on 2021-05-21 from 20:00"),
    ],
)
def test_where_nothing_runs_the_result_says_so_and_a_warning_too(run, tmp_path, question, told):
    code, output, pairs = run(feed(tmp_path), **question)
    assert code == 0
    assert pairs == {"oo": "0.0", "oz": "no-service", "zo": "no-service", "zz": "0.0"}
    assert f"! [no-service-in-window]: {told}" in output


def test_bands_without_exact_times_count_as_service(run, tmp_path):
    bands = feed(tmp_path, frequencies=BANDS + "t,19:00:00,22:00:00,600,0\n")
    _code, output, pairs = run(bands, depart="20:00")
    assert float(pairs["oz"]) < 30
    assert "no-service-in-window" not in output


def test_a_date_outside_the_timetable_is_an_error_and_nothing_is_written(run, tmp_path):
    code, output, pairs = run(feed(tmp_path), date="2022-01-01")
    assert (code, pairs) == (1, None)
    assert "error [date-outside-feed]: the timetable says nothing about 2022-01-01" in output
    assert "where: feed.zip" in output


def test_a_feed_of_another_time_is_told_beside_one_that_fits(run, tmp_path):
    old = feed(
        tmp_path, "old", calendar=WORLD["calendar.txt"].replace("20210517,20210530", "20190101,20191231")
    )
    _code, output, pairs = run(feed(tmp_path, "new"), old)
    assert pairs["oz"] == "25.0"
    assert "! [feed-outside-date] old: the timetable says nothing about 2021-05-21" in output


def test_feeds_in_different_time_zones_are_an_error(run, tmp_path):
    there = feed(tmp_path, "there", agency=WORLD["agency.txt"].replace("Shanghai", "Tokyo"))
    code, output, pairs = run(feed(tmp_path), there)
    assert (code, pairs) == (1, None)
    assert "error [time-zones]" in output


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--max-walk", "0", "transit-limit"),
        ("--max-rides", "0", "transit-limit"),
        ("--window", "0", "transit-limit"),
        ("--percentile", "0", "transit-limit"),
        ("--percentile", "100", "transit-limit"),
        ("--max-duration", "0", "max-duration"),
    ],
)
def test_a_limit_that_cannot_be_is_wrong_use(run, tmp_path, option, value, code):
    exit_code, output, pairs = run(feed(tmp_path), extra=(option, value))
    assert (exit_code, pairs) == (2, None)
    assert f"error [{code}]" in output
    assert option in output


def test_a_table_without_origins_is_an_error(run, tmp_path):
    (tmp_path / "none.csv").write_text("id,lon,lat\n")
    code, output, pairs = run(feed(tmp_path), points="none.csv")
    assert (code, pairs) == (1, None)
    assert "none.csv" in output


SKIPPABLE = [name for name in BAD if name not in ("file missing", "column missing", "time zones")]
"""What leaves a feed that can be used without it."""


@pytest.mark.parametrize("name", BAD)
def test_nothing_is_computed_from_a_feed_with_malformed_entries(run, tmp_path, name):
    files, expected = BAD[name]
    code, output, pairs = run(feed(tmp_path, "bad", **files))
    assert (code, pairs) == (1, None)
    assert expected.split(" ")[0] in output
    assert ("error [feed-errors]" in output and "--skip-errors" in output) == (name in SKIPPABLE)
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith((".out", "out"))] == []


@pytest.mark.parametrize("name", SKIPPABLE)
def test_malformed_entries_are_skipped_where_asked_and_that_is_told(run, tmp_path, name):
    files, expected = BAD[name]
    code, output, pairs = run(feed(tmp_path, "bad", **files), extra=("--skip-errors",))
    assert code == 0
    assert f"✗ {expected}" in output
    assert "! [feed-errors-skipped] bad.zip: as asked, computed without" in output
    assert pairs["oz"] != ""


def test_skipping_errors_changes_nothing_about_a_good_feed(run, tmp_path):
    asked, plain = run(feed(tmp_path), extra=("--skip-errors",)), run(feed(tmp_path))
    assert asked == plain


def test_every_feed_is_told_before_anything_is_refused(run, tmp_path):
    one, other = (feed(tmp_path, name, **BAD[bad][0]) for name, bad in
                  (("good", "bands overlap"), ("bad", "one stop")))  # fmt: skip
    code, output, _pairs = run(one, other)
    assert code == 1
    assert "good.zip/frequencies.txt" in output
    assert "bad.zip/trips.txt" in output


@pytest.mark.parametrize("command", ["nearest", "isochrone", "explain"])
def test_no_command_computes_from_a_feed_with_malformed_entries(run, say, tmp_path, command):
    run(feed(tmp_path))
    bad = feed(tmp_path, "bad", **BAD["one stop"][0])
    ends = {
        "nearest": ["--origins", "points.csv", "--destinations", "points.csv", "-o", "new.csv"],
        "isochrone": ["--at", "121.1,31.3", "-o", "new.geojson"],
        "explain": ["--from", "121.1,31.3", "--to", "121.13,31.3", "-o", "new.html"],
    }[command]
    asked = [
        command,
        "--osm",
        "street.osm",
        "--gtfs",
        bad,
        "--date",
        "2021-05-21",
        "--depart",
        "07:45",
        *ends,
    ]
    code, output = say(*asked)
    assert code == 1
    assert "error [feed-errors]" in output
    assert list(tmp_path.glob("new*")) == []
    code, output = say(*asked, "--skip-errors")
    assert code == 0
    assert "[feed-errors-skipped]" in output


@pytest.fixture
def study(tmp_path):
    """Write a study with a feed in which a trip has one stop, and what else its settings say."""

    def write(settings=""):
        folder = write_study(tmp_path / "study", f'{STUDY}\n[transit]\ngtfs = ["bad.zip"]\n{settings}')
        feed(folder, "bad", **BAD["one stop"][0])
        return folder

    return write


def test_a_study_with_malformed_entries_in_a_feed_is_not_computed(say, study, tmp_path):
    code, output = say("run", study(), "--out", tmp_path / "result")
    assert code == 1
    assert "error [feed-errors]" in output
    assert BAD["one stop"][1] in output
    assert not (tmp_path / "result").exists()


def test_a_study_may_ask_to_go_on_without_malformed_entries(study):
    loaded = load_study(read_study(study("skip_errors = true")))
    assert "feed-errors-skipped" in [notice.code for notice in loaded.provenance.notices]
    assert "t" not in loaded.timetables[0].trip_ids


def test_the_check_of_a_study_looks_into_its_feeds(check, study):
    code, output = check(study())
    assert code == 1
    assert f"✗ {BAD['one stop'][1]}" in output


def test_an_empty_file_is_called_empty(run, tmp_path):
    (tmp_path / "empty.zip").write_bytes(b"")
    code, output, pairs = run(tmp_path / "empty.zip")
    assert (code, pairs) == (1, None)
    assert "error [gtfs-empty]: the file is empty" in output

"""RULE UNDER TEST: a journey by public transport tells what the reported time consists of, to the second.

The town: one street; a bus at 8:00 from a, 8:03-8:04 at b, 8:12 at c. Home lies 95 m east of a, work at c.
Ready 60 s before departure, so who leaves at 7:57 or before catches the bus: eight of ten minutes from 7:50.
"""

import contextlib
import csv
import io
import json
from types import SimpleNamespace

import numpy as np
import pytest

from accessibility.cli import main
from accessibility.errors import ModelError
from accessibility.messages import language, set_language
from accessibility.model.breakdown import OriginBreakdown
from accessibility.model.course_measure import along_shape, cut_course
from accessibility.model.transit_journey import PARTS, Leg, Service, StopCall, TransitJourney
from tests.feeds import CALLS
from tests.timetables import DAY
from tests.transit_town import town_files


@pytest.fixture(autouse=True)
def english():
    before = language()
    set_language("en")
    yield
    set_language(before)


def run(command, *arguments):
    """Run a command; return its exit code, what it printed, and that with what it told beside."""
    printed, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told):
        code = main(["--lang", "en", command, *map(str, arguments)])
    out = printed.getvalue()
    return SimpleNamespace(exit_code=code, stdout=out, output=out + told.getvalue())


def explain(folder, *more, start="home", goal="work", **changes):
    options, points = town_files(folder, **changes)
    found = run("explain", *options, "--places", points, "--from", start, "--to", goal, *more)
    assert found.exit_code == 0, found.output
    return found.stdout


def test_the_journey_behind_the_median_is_told_with_its_clock_times(tmp_path):
    """Durations 15 to 22 min for 7:57 down to 7:50, two minutes unreached: the fifth of ten is 19 min."""
    words = explain(tmp_path)
    assert "percentile 50: 19:00 min:s, leaving 07:53 on 2021-05-21" in words
    assert "line 1: Alpha → Gamma, 2 stops" in words
    assert "08:00–08:12   12:00" in words
    assert "access 1:35 + waiting 5:25 + riding 12:00 + transfer walks 0:00 + egress 0:00 = 19:00" in words


def test_the_spread_over_the_window_is_told(tmp_path):
    words = explain(tmp_path, "--percentile", "80")
    assert "departures 07:50–08:00: 80 % arrive within the limits" in words
    assert "shortest 15.0" in words
    assert "p80 22.0" in words
    assert "p95 –" in words


def test_a_percentile_that_is_not_reached_is_told_with_its_cause(tmp_path):
    words = explain(tmp_path, "--percentile", "50", "--percentile", "90")
    assert "percentile 50: 19:00" in words
    assert "[beyond-limits]" in words
    assert "the longest walk of 20.0 min stands in the way" in words


def test_too_many_rides_are_named_as_the_cause(tmp_path):
    calls = CALLS + "t,08:00:00,08:00:00,a,1\nt,08:03:00,08:04:00,b,2\n"
    calls += "u,08:10:00,08:10:00,b,1\nu,08:20:00,08:20:00,c,2\n"
    trips = "route_id,service_id,trip_id\nr,work,t\nr,work,u\n"
    words = explain(tmp_path, "--max-rides", "1", "--max-walk", "5", stop_times=calls, trips=trips)
    assert "the limit of 1 rides stands in the way: with 2 rides it takes 27.0 min" in words


def test_a_short_limit_on_the_duration_is_named_as_the_cause(tmp_path):
    words = explain(tmp_path, "--max-duration", "10")
    assert "the longest duration of 10.0 min stands in the way: it takes 19.0 min" in words
    assert "the first vehicle departs 08:00" in words


def test_after_the_last_bus_the_next_departure_is_told(tmp_path):
    words = explain(tmp_path, "--depart", "20:00", "--date", "2021-05-20", "--max-walk", "10")
    assert "[no-service]" in words
    assert "the first vehicle departs 08:00 (day +1)" in words
    assert "nearest stop to the start: Alpha, 1.6 min on foot (95 m in a straight line)" in words


def test_who_stays_seated_is_told_so_and_it_is_one_ride(tmp_path):
    calls = CALLS + "t,08:00:00,08:00:00,a,1\nt,08:03:00,08:04:00,b,2\n"
    calls += "u,08:05:00,08:05:00,b,1\nu,08:12:00,08:12:00,c,2\n"
    trips = "route_id,service_id,trip_id,block_id,trip_headsign\nr,work,t,x,Beta\nq,work,u,x,Gamma\n"
    routes = "route_id,route_short_name,route_long_name,route_type\nr,1,First,3\nq,2,Second,3\n"
    words = explain(tmp_path, stop_times=calls, trips=trips, routes=routes)
    assert "line 1 (towards Beta): Alpha → Gamma, 2 stops" in words
    assert "; stay seated at Beta, it goes on as line 2 (towards Gamma)" in words


def test_a_walk_all_the_way_is_told_as_one(tmp_path):
    words = explain(tmp_path, goal="near")
    assert "1. 07:50–07:53:10    3:10  walking all the way, 190 m" in words
    assert "access 3:10 + waiting 0:00 + riding 0:00" in words


@pytest.mark.parametrize("suffix", ["html", "geojson"])
def test_the_journey_is_written_as_a_map_and_as_lines(tmp_path, suffix):
    out = tmp_path / f"journey.{suffix}"
    explain(tmp_path, "-o", out)
    text = out.read_text(encoding="utf-8")
    if suffix == "geojson":
        legs = [feature["properties"] for feature in json.loads(text)["features"]]
        assert [leg["kind"] for leg in legs] == ["access", "wait", "ride", "egress"]
        assert sum(leg["seconds"] for leg in legs) == 19 * 60
    else:
        assert "line 1: Alpha \\u2192 Gamma" in text or "line 1: Alpha → Gamma" in text


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--to", "nowhere"), "unknown-place"),
        (("--percentile", "0"), "transit-limit"),
        (("-o", "journey.pdf"), "format"),
        (("--max-rides", "0"), "transit-limit"),
        (("--date", "2031-01-01"), "date-outside-feed"),
    ],
)
def test_what_cannot_be_is_refused_with_a_code(tmp_path, more, code):
    options, points = town_files(tmp_path)
    found = run("explain", *options, "--places", points, "--from", "home", "--to", "work", *more)
    assert found.exit_code != 0
    assert code in found.output


def test_a_map_of_a_journey_on_streets_is_refused(tmp_path):
    options, points = town_files(tmp_path)
    found = run("explain", *options[:2], "--places", points, "--from", "home", "--to", "near", "-o", "x.html")
    assert found.exit_code == 2


# ---- breakdown


def test_the_parts_of_every_pair_add_up_to_its_minutes(tmp_path):
    options, points = town_files(tmp_path)
    out = tmp_path / "matrix.csv"
    found = run("matrix", *options, "--origins", points, "--percentile", "50", "--percentile", "70",
                "--breakdown", "-o", out)  # fmt: skip
    assert found.exit_code == 0, found.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["origin"], row["destination"]): row for row in csv.DictReader(file)}
    assert rows["home", "work"]["lines_p50"] == "1"
    assert rows["home", "work"]["rides_p50"] == "1"
    assert rows["home", "work"]["ride_p50"] == "12.0"
    assert rows["home", "near"]["rides_p50"] == "0"
    assert rows["home", "near"]["access_p50"] == rows["home", "near"]["minutes_p50"]
    assert rows["work", "home"]["access_p50"] == rows["work", "home"]["rides_p50"] == ""
    for row in rows.values():
        for level in ("p50", "p70"):
            if row[f"minutes_{level}"]:
                total = sum(round(10 * float(row[f"{part}_{level}"])) for part in PARTS)
                assert total == round(10 * float(row[f"minutes_{level}"]))


def test_a_breakdown_without_public_transport_is_refused(tmp_path):
    options, points = town_files(tmp_path)
    out = str(tmp_path / "matrix.csv")
    assert run("matrix", *options[:2], "--origins", points, "--breakdown", "-o", out).exit_code == 2


# ---- isochrones


def areas(folder, *more):
    options, points = town_files(folder)
    out = folder / "areas.geojson"
    found = run("isochrone", *options, "--at", "121.101,31.300", "--minutes", "5,15,20,23", "-o", out, *more)
    assert found.exit_code == 0, found.output
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["cutoff_minutes"]: f["properties"]["street_km"] for f in features}


def test_who_gets_off_walks_on_for_the_time_that_is_left(tmp_path):
    """
    Median: 10 min to b, 857 m east of home; 19 min to c, 2,762 m east. West the street ends after 571 m.

    5 min: 300 m either way. 15: as far as the end, and 300 m beyond b. 20: 600 m beyond b, and 60 m either
    way of c. 23: 780 m beyond b, and 240 m either way of c.
    """
    expected = {5: 0.60, 15: 0.571 + 1.157, 20: 0.571 + 1.457 + 0.12, 23: 0.571 + 1.637 + 0.48}
    assert areas(tmp_path) == pytest.approx(expected, abs=0.012)


def test_without_a_bus_the_area_is_that_of_walking(tmp_path):
    by_bus = areas(tmp_path, "--depart", "20:00", "--max-walk", "30")
    options, _points = town_files(tmp_path)
    out = tmp_path / "walk.geojson"
    run("isochrone", *options[:2], "--at", "121.101,31.300", "--minutes", "5,15,20,23", "-o", out)
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    on_foot = {f["properties"]["cutoff_minutes"]: f["properties"]["street_km"] for f in features}
    assert by_bus == pytest.approx(on_foot, abs=0.02)


# ---- nouns and courses

STOP = StopCall("a", "Alpha", 121.1, 31.3)


def test_legs_that_leave_a_gap_or_do_not_add_up_are_refused():
    walk = Leg("direct", 0, 60, mode="walk")
    for legs, duration_s, code in (((walk,), 61, "journey-sum"), ((walk, walk), 120, "journey-gap")):
        with pytest.raises(ModelError) as caught:
            TransitJourney("p", "q", DAY, "p50", 0, 0, duration_s, legs)
        assert caught.value.code == code


def test_a_leg_runs_forward_and_only_a_ride_has_a_service():
    service = Service("t", "r", "1", "", STOP)
    for wrong in ({"kind": "fly"}, {"kind": "ride"}, {"kind": "wait", "services": (service,)}):
        with pytest.raises(ModelError):
            Leg(**{"start_s": 0, "end_s": 1, **wrong})
    with pytest.raises(ModelError):
        Leg("wait", 2, 1)


def test_a_breakdown_needs_one_row_per_destination():
    with pytest.raises(ModelError):
        OriginBreakdown(np.zeros((2, 1, 5)), np.zeros((2, 1)), (("",),))
    with pytest.raises(ModelError):
        OriginBreakdown(np.full((1, 1, 5), -1), np.zeros((1, 1)), (("",),))


def test_a_line_that_passes_a_place_twice_is_cut_where_it_is_meant():
    """Out along a street and back to the first point: the stops are passed in the order far, near."""
    shape = np.array([0.0, 0.01, 0.02, 0.01, 0.0]), np.zeros(5)
    for stops, passed in ((2, 1, 0), [2, 1, 0]), ((0, 2, 0), [0, 1, 2, 1, 0]):
        along_m = along_shape(shape, (np.array(stops) / 100, np.zeros(3)))
        lon, _lat = cut_course(shape, along_m[0], along_m[-1])
        assert lon == pytest.approx(np.array(passed) / 100, abs=1e-9)


def test_a_course_of_one_point_measures_no_trip():
    assert along_shape((np.zeros(1), np.zeros(1)), (np.zeros(2), np.zeros(2))) is None

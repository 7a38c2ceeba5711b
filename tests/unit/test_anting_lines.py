"""Rule: the lines of the Anting study say how each figure is known, and are possible as lines.

The tables are read with the standard library alone; distances are measured on the ellipsoid. Minutes and
counts of departures were worked out from the sources beforehand.
"""

import csv
import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import groupby, pairwise

import numpy as np
import pytest
from pyproj import Geod

from tests.reference import reference
from tests.unit.test_anting_tables import ANTING, DATA, readme_rows, rows_of

LINES = ANTING / "lines"
FACTS = ANTING / "line_facts"
TABLES = sorted([*LINES.glob("*.csv"), *FACTS.glob("*.csv")])
MARKS = {"S", "W", "U", "I", "A"}
GEOD = Geod(ellps="WGS84")
BEFORE, AFTER = date(2021, 5, 21), date(2021, 12, 30)
OF_2025 = {"b822", "jddz1"}


def sheet(name):
    return rows_of(LINES / f"{name}.csv")


def courses():
    """Stops by line and direction, in the order of the table."""
    return {
        key: list(group) for key, group in groupby(sheet("stops"), key=lambda r: (r["line"], r["direction"]))
    }


def minute(clock):
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def holds(row, day):
    start, end = row["valid_from"], row["valid_to"]
    return (not start or date.fromisoformat(start) <= day) and (not end or day <= date.fromisoformat(end))


def stated(row):
    """The filled cells of a row."""
    return {column: text for column, text in row.items() if text}


def km(a, b):
    return GEOD.inv(float(a["lon"]), float(a["lat"]), float(b["lon"]), float(b["lat"]))[2] / 1000


def ridden(line, direction, start, goal):
    stops = courses()[line, direction]
    names = [stop["name"] for stop in stops]
    return sum(float(stop["minutes"]) for stop in stops[names.index(start) + 1 : names.index(goal) + 1])


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_table_is_utf8_without_bom_with_lf_and_full_rows(path):
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    header, *rows = csv.reader(raw.decode("utf-8").splitlines(), strict=True)
    assert rows
    assert {len(row) for row in rows} == {len(header)}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_both_readmes_list_every_table_and_the_study_its_true_number_of_rows(path):
    name = path.relative_to(ANTING).as_posix()
    assert readme_rows(ANTING / "README.md")[name] == str(len(rows_of(path)))
    assert f"anting/{name}" in readme_rows(DATA / "README.md")


@pytest.mark.parametrize("name", ["lines", "stops", "services", "transfers"])
def test_every_row_has_a_mark_and_a_source(name):
    for row in sheet(name):
        assert row["mark"] in MARKS, row
        assert row["source"], row


def test_every_stop_has_an_uncertainty_and_a_position_in_the_area_or_is_marked_as_of_the_city():
    for stop in sheet("stops"):
        assert float(stop["uncertainty_m"]) > 0, stop
        lon, lat = float(stop["lon"]), float(stop["lat"])
        inside = 121.09 <= lon <= 121.36 and 31.23 <= lat <= 31.40
        assert stop["where"] == ("area" if inside else "city"), stop
        assert 121.09 <= lon <= 121.67, stop
        assert 31.10 <= lat <= 31.40, stop


@pytest.mark.parametrize(
    ("line", "direction", "start", "goal", "minutes"),
    [
        ("14", "0", "封浜", "真如", 18),
        ("14", "0", "封浜", "曹杨路", 22),
        ("14", "0", "封浜", "静安寺", 29),
        ("14", "0", "封浜", "陆家嘴", 40),
        ("14", "0", "封浜", "桂桥路", 67),
        ("11-huaqiao", "0", "安亭", "嘉定新城", 14),
        ("11-huaqiao", "0", "安亭", "真如", 41),
        ("11-huaqiao", "0", "安亭", "曹杨路", 45),
        # The facts state 56; the hops of the table of 2026 add up to 55 eastward and 56 westward.
        ("11-huaqiao", "0", "安亭", "徐家汇", 55),
        ("11-huaqiao", "1", "徐家汇", "安亭", 56),
        ("11-jiadingbei", "0", "嘉定北", "嘉定新城", 9),
        ("b822", "0", "绿苑路（同济）", "封浜公交站", 27),
        ("b822", "1", "封浜公交站", "绿苑路（同济）", 27),
        ("jddz1", "0", "绿苑路（同济）", "封浜公交站", 17),
    ],
)
def test_the_minutes_in_the_vehicle_are_those_of_the_sources(line, direction, start, goal, minutes):
    assert ridden(line, direction, start, goal) == pytest.approx(minutes)


def test_both_branches_of_line_11_are_one_line_from_jiading_xincheng_on():
    branches = [[s["stop_id"] for s in courses()[name, "0"]] for name in ("11-huaqiao", "11-jiadingbei")]
    joined = [branch[branch.index("L11-jiadingxincheng") :] for branch in branches]
    assert joined[0] == joined[1]
    assert set(branches[0]) & set(branches[1]) == set(joined[0])


def test_the_metro_rows_are_what_the_tables_of_facts_give(monkeypatch):
    minutes = reference("metro/inter_station_minutes_2026.csv")
    monkeypatch.syspath_prepend(str(ANTING.parents[1] / "scripts"))
    from anting_lines.metro import metro_sheet
    from anting_lines.tables import Inputs

    made = metro_sheet(Inputs(minutes.parents[2] / "facts", minutes.parents[1], ANTING))
    names = {row["line"] for row in made.lines}
    for name in ("lines", "stops", "services"):
        kept = [row for row in sheet(name) if row["line"] in names]
        assert [stated(row) for row in getattr(made, name)] == [stated(row) for row in kept]


def test_a_hop_that_the_table_of_minutes_lacks_is_inferred_and_says_from_what():
    missing = rows_of(FACTS / "missing_hops.csv")
    assert len(missing) == 7
    for hop in missing:
        pairs = [
            stop
            for (line, _direction), stops in courses().items()
            if line.split("-")[0] == hop["line"]
            for before, stop in pairwise(stops)
            if (before["name"], stop["name"]) == (hop["from_station"], hop["to_station"])
        ]
        assert pairs, hop
        for stop in pairs:
            assert (stop["mark"], stop["minutes"], stop["note"].split("; no opening")[0]) == (
                "I",
                hop["minutes"],
                hop["note"],
            )


def test_headways_carry_their_range_and_assumed_ones_are_never_marked_as_facts():
    for row in sheet("services"):
        assert bool(row["headway_min"]) != bool(row["departures"]), row
        if row["headway_min"]:
            low, mid, high = (float(row[f"headway_{k}min"]) for k in ("low_", "", "high_"))
            assert 0 < low <= mid <= high, row
            assert low < high, row
            assert row["mark"] in {"A", "W"}, row
        assert (row["mark"] == "A") == ("assumption of this project" in row["source"]), row


def test_every_assumed_time_of_a_change_carries_its_range_and_holds_both_ways():
    stops = {stop["stop_id"] for stop in sheet("stops")}
    changes = {(row["from_stop"], row["to_stop"]): row["minutes"] for row in sheet("transfers")}
    for row in sheet("transfers"):
        assert {row["from_stop"], row["to_stop"]} <= stops, row
        assert float(row["minutes_low"]) < float(row["minutes"]) < float(row["minutes_high"]), row
    assert {(b, a): minutes for (a, b), minutes in changes.items()} == changes


def test_lines_that_meet_in_one_station_of_the_city_have_a_time_of_change():
    at = defaultdict(set)
    for stop in sheet("stops"):
        if stop["stop_id"].startswith("L") and stop["where"] == "city":
            at[stop["lon"], stop["lat"]].add(stop["stop_id"])
    meeting = [sorted(ids) for ids in at.values() if len(ids) > 1]
    changes = {(row["from_stop"], row["to_stop"]) for row in sheet("transfers")}
    assert len(meeting) == 9
    assert [pair for pair in meeting if tuple(pair) not in changes] == []


def test_every_line_has_stops_and_services_in_both_directions():
    lines = {row["line"] for row in sheet("lines")}
    both = {(line, direction) for line in lines for direction in "01"}
    assert set(courses()) == both
    served = {(row["line"], way) for row in sheet("services") for way in (row["direction"] or "01")}
    assert served == both


def test_line_14_and_the_lines_of_2025_do_not_run_before_their_dates():
    lines = {row["line"]: row for row in sheet("lines")}
    assert {name for name in lines if not holds(lines[name], BEFORE)} == {"14"} | OF_2025
    assert {name for name in lines if not holds(lines[name], AFTER)} == OF_2025
    assert "2025-26" in lines["b822"]["note"]


@pytest.mark.parametrize("day", [BEFORE, AFTER], ids=str)
def test_every_line_that_runs_has_services_on_the_days_that_are_asked_about(day):
    assert day.weekday() < 5
    lines = {row["line"] for row in sheet("lines") if holds(row, day)}
    served = {
        (row["line"], row["direction"])
        for row in sheet("services")
        if holds(row, day) and row["days"] in {"weekday", "daily"}
    }
    assert {(line, direction) for line in lines for direction in "01"} <= served


def test_no_bus_changes_when_line_14_opens():
    metro = {row["line"] for row in sheet("lines") if row["mode"] == "metro"}
    around = {(AFTER + timedelta(days=k)).isoformat() for k in range(-45, 46)}
    for row in sheet("services") + sheet("lines"):
        assert row["line"] in metro or not {row["valid_from"], row["valid_to"]} & around, row


def test_bands_of_one_direction_and_kind_of_day_never_overlap():
    by_course = defaultdict(list)
    for row in sheet("services"):
        by_course[row["line"], row["direction"], row["days"]].append(row)
    for bands in by_course.values():
        for i, a in enumerate(bands):
            assert minute(a["from"]) < minute(a["to"]) or a["departures"] == a["from"] == a["to"], a
            for b in bands[i + 1 :]:
                dated = (a["valid_to"] or "9999") < b["valid_from"] or (b["valid_to"] or "9999") < a[
                    "valid_from"
                ]
                apart = minute(a["to"]) <= minute(b["from"]) or minute(b["to"]) <= minute(a["from"])
                assert dated or apart, (a, b)


@pytest.mark.parametrize(
    ("line", "days", "day", "expected"),
    [
        ("anhong", "weekday", AFTER, 96),
        ("anhong", "weekend", AFTER, 96),
        ("jd116", "weekday", BEFORE, 60),
        ("jd116", "weekday", AFTER, 60),
        ("jd116", "weekend", AFTER, 50),
        ("jd65", "daily", AFTER, 80),
        ("jd70", "weekday", AFTER, 66),
        ("jd70", "weekend", AFTER, 54),
        ("jd106", "weekday", AFTER, 136),
        ("jd106", "weekend", AFTER, 124),
        ("jd104", "weekday", BEFORE, 133),
    ],
)
def test_the_departures_are_as_many_as_the_plan_states(line, days, day, expected):
    bands = [r for r in sheet("services") if (r["line"], r["days"]) == (line, days) and holds(r, day)]
    clocks = [(band["direction"], clock) for band in bands for clock in band["departures"].split()]
    assert len(clocks) == len(set(clocks)) == expected
    for band in bands:
        times = band["departures"].split()
        assert (times[0], times[-1]) == (band["from"], band["to"])
        assert times == sorted(times)


def test_the_first_bus_116_leaves_anting_north_at_05_15_and_takes_35_minutes_and_60_at_07_30():
    run = {
        clock: float(band["run_min"])
        for band in sheet("services")
        if (band["line"], band["direction"], band["days"], band["mark"]) == ("jd116", "0", "weekday", "S")
        for clock in band["departures"].split()
    }
    assert min(run) == "05:15"
    assert (run["05:15"], run["07:30"], run["12:00"]) == (35, 60, 40)


def test_a_plan_not_yet_in_force_is_taken_before_as_inferred():
    bands = [row for row in sheet("services") if row["line"] == "jd116"]
    marks = {(row["valid_from"], row["valid_to"]): row["mark"] for row in bands}
    assert marks == {("2021-06-01", ""): "S", ("", "2021-05-31"): "I"}


def test_the_departures_of_bus_104_are_those_of_the_timetable():
    listed = {}
    for direction, name in (("0", "up"), ("1", "down")):
        rows = rows_of(reference(f"route104/timetable_0906_{name}.csv"))
        minutes = sorted(round(float(row["departure_day_fraction"]) * 1440) for row in rows)
        listed[direction] = [f"{at // 60:02d}:{at % 60:02d}" for at in minutes]
    for direction, expected in listed.items():
        found = [
            clock
            for row in sheet("services")
            if (row["line"], row["direction"], row["days"]) == ("jd104", direction, "weekday")
            for clock in row["departures"].split()
        ]
        assert found == expected


def test_no_hop_is_too_long_and_every_hop_has_a_possible_speed():
    metro = {row["line"] for row in sheet("lines") if row["mode"] == "metro"}
    for (line, _direction), stops in courses().items():
        for before, stop in pairwise(stops):
            hop_km = km(before, stop)
            longest_km = 9 if line == "jddz1" else 6
            assert hop_km <= longest_km, stop
            if hop_km > 0.2:
                speed_kmh = hop_km / float(stop["minutes"]) * 60
                assert (12 if line in metro else 5) <= speed_kmh <= 120, (speed_kmh, stop)


def test_run_times_of_bands_keep_the_mean_speed_of_a_bus():
    length_km = {row["line"]: float(row["length_km"] or 0) for row in sheet("lines")}
    for band in sheet("services"):
        if band["run_min"]:
            speed_kmh = length_km[band["line"]] / float(band["run_min"]) * 60
            assert 12 <= speed_kmh <= 30, band


def test_every_course_begins_without_minutes_and_counts_its_stops():
    for stops in courses().values():
        assert [int(stop["order"]) for stop in stops] == list(range(1, len(stops) + 1))
        assert stops[0]["minutes"] == ""
        assert all(float(stop["minutes"]) > 0 for stop in stops[1:])
        assert max(Counter(stop["stop_id"] for stop in stops).values()) == 1


def test_a_stop_has_one_name_and_one_position():
    seen = {}
    for stop in sheet("stops"):
        where = (stop["lon"], stop["lat"])
        assert seen.setdefault(stop["stop_id"], where) == where, stop


def test_an_inferred_order_is_told_and_no_longer_than_twice_the_direct_way_over_streets():
    for line in sheet("lines"):
        if line["order_basis"].startswith("inferred"):
            stops = courses()[line["line"], "0"]
            assert (line["mark"], len(stops) >= 4) == ("I", True), line
            assert {stop["mark"] for stop in stops} <= {"I", "W"}, line
            assert "list of 2020, check before publishing" in line["source"]
            assert km(stops[0], stops[-1]) <= float(line["length_km"]), line
            assert float(line["length_km"]) <= 2 * float(line["direct_km"]), line


@pytest.mark.parametrize(
    ("line", "plan_km", "tolerance"),
    [
        ("jd116", 15.2, 0.05),
        ("jd65", 27.6, 0.05),
        ("jd70", 12.0, 0.05),
        ("jd106", 16.2, 0.15),
        ("jd104", 15.8, 0.01),
    ],
)
def test_the_ways_found_are_about_as_long_as_the_plans_say(line, plan_km, tolerance):
    found = next(float(row["length_km"]) for row in sheet("lines") if row["line"] == line)
    assert found == pytest.approx(plan_km, rel=tolerance)


@pytest.mark.parametrize("direction", ["0", "1"])
def test_the_known_order_of_bus_104_is_found_again_from_its_shuffled_stops(direction, monkeypatch):
    monkeypatch.syspath_prepend(str(ANTING.parents[1] / "scripts"))
    from anting_lines.ordering import shortest_order, street_metres

    stops = courses()["jd104", direction]
    n = len(stops)
    metres = street_metres(ANTING, [float(s["lon"]) for s in stops], [float(s["lat"]) for s in stops])
    inside = list(range(1, n - 1))
    random.Random(104).shuffle(inside)
    shuffled = [0, *inside, n - 1]
    found = [shuffled[k] for k in shortest_order(metres[np.ix_(shuffled, shuffled)], 0, n - 1)]
    displaced = [place for place, stop in enumerate(found) if place != stop]
    assert len(displaced) <= 2
    assert all(abs(found[place] - place) == 1 for place in displaced)


def test_the_exact_and_the_improved_order_agree_on_points_along_a_street(monkeypatch):
    monkeypatch.syspath_prepend(str(ANTING.parents[1] / "scripts"))
    from anting_lines import ordering

    along_m = np.array([0, 700, 100, 900, 300, 500, 1000], float)
    metres = np.abs(along_m[:, None] - along_m)
    expected = [0, 2, 4, 5, 1, 3, 6]
    assert ordering.shortest_order(metres, 0, 6) == expected
    monkeypatch.setattr(ordering, "EXACT_INSIDE", 2)
    assert ordering.shortest_order(metres, 0, 6) == expected


def test_every_point_of_the_city_lies_at_a_stop_of_a_line():
    at = defaultdict(set)
    for stop in sheet("stops"):
        at[stop["name"]].add((stop["lon"], stop["lat"]))
    points = rows_of(ANTING / "places" / "city_points.csv")
    assert {"曹杨路", "静安寺"} <= {point["name_zh"] for point in points}
    for point in points:
        assert (point["lon"], point["lat"]) in at[point["name_zh"]], point["id"]


def test_the_bus_stops_beside_the_candidate_sites_are_served():
    stops = {(stop["name"], stop["line"]) for stop in sheet("stops")}
    assert {
        ("曹安公路曹联路", "beian"),
        ("曹安公路曹联路", "beiankua"),
        ("曹联路曹安公路", "jd112"),
        ("曹安公路联西路", "beian"),
        ("曹安公路联西路", "beiankua"),
        ("曹安公路联西路", "jd112"),
    } <= stops


def test_lines_left_out_and_stops_left_out_are_told_as_unknown():
    unknown = {row["id"]: row for row in rows_of(ANTING / "unknown.csv")}
    laid_out = {row["name"] for row in sheet("lines")}
    for name in ("嘉定117路", "嘉定119路"):
        assert name not in laid_out
        assert any(name in row["what_zh"] for row in unknown.values()), name
    without_place = [row["name"] for row in rows_of(FACTS / "corridor_stops.csv") if not row["lon"]]
    assert without_place == ["宝园七路", "宝园五路"]
    for name in without_place:
        assert name in unknown["u-bus-missing-stops"]["what_zh"]
        assert name not in {stop["name"] for stop in sheet("stops")}

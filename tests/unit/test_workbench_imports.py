"""RULE UNDER TEST: files of an office become changes of a scenario, or words about what is wrong."""

import base64
from dataclasses import replace
from datetime import date

import pytest

from accessibility.errors import DataError
from accessibility.model.driving_plan import DrivingPlan, PlanDeparture, PlanService
from accessibility.model.line_changes import AddLine, Departures, Headway, NewStop, SetTimetable
from accessibility.model.scenario import Scenario
from accessibility.model.transport_network import TransportNetwork
from accessibility.outputs.driving_plan import write_driving_plan
from accessibility.scenarios import apply_scenario
from accessibility.sources.driving_plan.read import read_driving_plan
from accessibility.sources.line_sheets import read_line_sheets
from accessibility.studies.lines_as_changes import line_changes, plan_changes
from accessibility.studies.service_plan import service_plan
from tests import sheets
from tests.reference import reference
from tests.serving import STUDY, serving

MONDAY, SUNDAY = date(2021, 5, 17), date(2021, 5, 23)
HOUR = 3600


def lines(place, **some):
    return read_line_sheets(sheets.folder(place, **some), first_day=MONDAY, last_day=SUNDAY)


@pytest.fixture
def network(tmp_path):
    """A line 9 from Gamma on, so that only Gamma is known already."""
    other = "9,0,1,Gamma,121.130,31.300,\n9,0,2,Delta,121.140,31.300,4\n"
    return lines(
        tmp_path,
        stops=sheets.STOPS + other,
        services=sheets.SERVICES + "9,0,daily,06:00,22:00,15,,,,\n",
    )


# ---- line sheets ----


def test_a_line_of_a_sheet_becomes_a_new_line_with_its_minutes_and_bands(tmp_path, network):
    (line,) = line_changes(lines(tmp_path), network).modifications

    assert line == AddLine(
        id="1",
        name="1",
        stops=(NewStop("Alpha", 121.1, 31.3), NewStop("Beta", 121.11, 31.3), "Gamma"),
        hop_s=(180, 360),
        dwell_s=(0, 0, 0),
        headways=(Headway("weekday", 6 * HOUR, 9 * HOUR, 600),),
    )


def test_the_imported_line_runs_as_the_sheet_says(tmp_path, network):
    sheet = lines(tmp_path)
    (line,) = line_changes(sheet, network).modifications
    after = apply_scenario(TransportNetwork(network), Scenario("x", (line,)), default_dwell_s=20).timetable
    trip = after.trip_route.tolist().index(after.route_ids.index("1"))
    part = slice(*after.stop_time_offset[trip : trip + 2])

    assert (after.arrival_s[part] - after.arrival_s[part][0]).tolist() == [0, 180, 540]
    assert after.headway_s.tolist()[-1] == 600


def test_a_way_back_that_is_the_way_there_makes_one_line_both_ways(tmp_path, network):
    back = "1,1,1,Gamma,121.130,31.300,\n1,1,2,Beta,121.110,31.300,6\n1,1,3,Alpha,121.100,31.300,3\n"
    both = sheets.SERVICES + "".join(f"1,{way},weekday,06:00,09:00,10,,,,\n" for way in (0, 1))
    (line,) = line_changes(
        lines(tmp_path, stops=sheets.WORLD["stops"] + back, services=both), network
    ).modifications
    assert line.both_ways

    slow = both.replace("1,1,weekday,06:00,09:00,10", "1,1,weekday,06:00,09:00,20")
    there, other = line_changes(
        lines(tmp_path, stops=sheets.WORLD["stops"] + back, services=slow), network
    ).modifications
    assert (there.id, other.id, there.both_ways) == ("1", "1-back", False)
    assert other.stops[0] == "Gamma"
    assert other.headways[0].every_s == 1200


def test_stated_departures_are_kept_and_an_identifier_in_use_is_not_taken_again(tmp_path, network):
    services = sheets.SERVICES + "9,0,weekend,,,,,,07:00 08:30,\n"
    own = sheets.STOPS + "9,0,1,Alpha,121.1,31.3,\n9,0,2,Beta,121.11,31.3,3\n"
    changes = line_changes(lines(tmp_path, stops=own, services=services), network)
    (line,) = changes.modifications

    assert line.id == "9-2"
    assert line.departures == (Departures("weekend", (7 * HOUR, 8 * HOUR + 1800)),)
    assert [(one.severity, one.value) for one in changes.notices] == [("warning", "9")]


# ---- driving plans ----


def plan(line="9", origin="Gamma", **more):
    times = tuple(PlanDeparture(time_s) for time_s in (6 * HOUR, 7 * HOUR))
    one = PlanService(line, 0, origin, "Delta", "weekday", times)
    return DrivingPlan(line, (replace(one, **more),))


def test_a_plan_gives_its_line_a_timetable(network):
    assert plan_changes(plan(), network).modifications == (
        SetTimetable("9", (Departures("weekday", (6 * HOUR, 7 * HOUR)),)),
    )


def test_the_directions_of_a_plan_are_found_by_the_termini(tmp_path, network):
    ends = ("Gamma,121.13,31.3", "Delta,121.14,31.3")
    back = "".join(
        f"9,{way},1,{start},\n9,{way},2,{goal},4\n" for way, (start, goal) in enumerate((ends, ends[::-1]))
    )
    both = lines(
        tmp_path, stops=sheets.STOPS + back, services=sheets.SERVICES + "9,,daily,06:00,22:00,15,,,,\n"
    )
    (change,) = plan_changes(plan(origin="公交Delta站"), both).modifications
    assert [one.direction for one in change.departures] == [1]
    (change,) = plan_changes(plan(), both).modifications
    assert [one.direction for one in change.departures] == [0]
    unlike = plan_changes(plan(origin="Omega"), both)
    assert [one.direction for one in unlike.modifications[0].departures] == [0]
    assert [one.value for one in unlike.notices] == ["Omega"]


def test_branches_and_odd_days_are_left_out_and_told(network):
    whole = plan()
    branch = replace(whole.services[0], line="9区间", variant="区间")
    friday = replace(whole.services[0], days="周五下午", day_label="周五下午")
    changes = plan_changes(replace(whole, services=(whole.services[0], branch, friday)), network)

    assert len(changes.modifications[0].departures) == 1
    assert [one.value for one in changes.notices] == ["9区间 weekday", "9 周五下午"]
    with pytest.raises(DataError) as told:
        plan_changes(replace(whole, services=(branch,)), network)
    assert told.value.code == "import-nothing"


def test_a_plan_of_a_line_that_is_not_there_needs_the_line_named(network):
    with pytest.raises(DataError) as told:
        plan_changes(plan(line="77路"), network)
    assert told.value.code == "import-line"
    assert plan_changes(plan(line="77路"), network, "9").modifications[0].route == "9"


def test_departures_written_as_a_plan_read_back_and_count_up(tmp_path, network):
    """Every 15 min from 06:00 to 22:00 are 64 departures; a trip takes 4 min."""
    made = service_plan(network, ("9",), MONDAY, name="九路")
    (one,) = made.services
    assert (one.origin, one.destination, one.days, len(one.departures)) == ("Gamma", "Delta", "weekday", 64)
    assert one.departures[1].time_s == 6 * HOUR + 900
    assert one.departures[0].run_s == 240
    assert one.note
    assert service_plan(network, ("8",), MONDAY, name="x").services == ()
    write_driving_plan(tmp_path / "plan.xlsx", made, as_of=MONDAY)
    assert read_driving_plan(tmp_path / "plan.xlsx").services[0].times_s == one.times_s


def test_a_real_plan_is_taken_over_with_all_its_departures():
    anting = read_line_sheets(STUDY / "lines", first_day=MONDAY, last_day=SUNDAY)
    real = read_driving_plan(reference("driving_plans/route116.xls"))
    (change,) = plan_changes(real, anting).modifications

    assert change.route == "jd116"
    assert sum(len(one.times_s) for one in change.departures) == sum(
        len(one.departures) for one in real.services
    )


# ---- the request ----


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("scenarios")) as one:
        yield one


def sent(*files):
    return {"files": [{"name": name, "content": base64.b64encode(data).decode()} for name, data in files]}


def imported(served, body):
    status, _, state = served.ask("POST", "/api/imports", body)
    assert status == 202, state
    while state["state"] in ("queued", "running"):
        _, _, state = served.ask("GET", f"/api/jobs/{state['id']}?wait=20")
    return state, served.ask("GET", f"/api/jobs/{state['id']}/result")[2]


def world(**some):
    return [(f"{name}.csv", data) for name, data in sheets.world(**some).items()]


def test_csv_files_sent_together_are_line_sheets(served):
    state, answer = imported(served, {**sent(*world()), "system": "wgs84"})
    assert state["state"] == "done"
    assert answer["kind"] == "lines"
    assert [one["type"] for one in answer["scenario"]["modification"]] == ["add_line"]
    assert len(answer["told"]) == 1


def test_stated_coordinates_are_converted(served):
    plain, shifted = (
        imported(served, {**sent(*world()), "system": system})[1]["scenario"]["modification"][0]["stops"][0]
        for system in ("wgs84", "gcj02")
    )
    assert 0.002 < abs(plain["lon"] - shifted["lon"]) < 0.008


def test_a_scenario_file_comes_back_as_it_stands(served):
    text = 'name = "x"\n[[modification]]\ntype = "remove_line"\nroute = "jd112"\nenabled = false\n'
    _, answer = imported(served, sent(("../../方案.TOML", text.encode())))
    assert answer["kind"] == "scenario"
    assert answer["scenario"]["modification"] == [{"type": "remove_line", "route": "jd112", "enabled": False}]


@pytest.mark.parametrize(
    ("files", "code", "word"),
    [
        ([("a.toml", b"name = ")], "scenario-toml", "TOML"),
        ([("a.toml", b'name = "x"\nodd = 1\n')], "scenario-settings", ""),
        ([("a.toml", b'name = "x"'), ("b.toml", b'name = "y"')], "import-files", "a.toml, b.toml"),
        ([("a.exe", b"MZ")], "import-files", "a.exe"),
        ([("../../etc/passwd", b"root")], "import-files", "passwd"),
        ([("a.xls", b"no workbook")], "", ""),
        ([("a.xlsx", b"PK\x03\x04")], "", ""),
        ([("stops.csv", b"line,order\n1,1\n")], "malformed-rows", ""),
        ([("stops.csv", b"a\n"), ("站点.csv", b"a\n")], "import-files", "stops"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_in_words(served, files, code, word):
    state, answer = imported(served, sent(*files))
    assert state["state"] == "failed"
    assert answer["error"]["code"] != "defect", answer
    assert code in answer["error"]["code"]
    assert word in answer["error"]["what"]
    assert "/tmp" not in str(answer)
    assert served.ask("GET", "/api/state")[2]["workers"] == 1


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"files": []},
        {"files": "x"},
        {"files": [{"name": "a.toml"}]},
        {"files": [{"name": 7, "content": ""}]},
        {"files": [{"name": "a.toml", "content": "%%%"}]},
        {"files": [{"name": "a.toml", "content": ""}] * 9},
    ],
)
def test_a_malformed_upload_is_refused(served, body):
    status, _, answer = served.ask("POST", "/api/imports", body)
    assert (status, answer["error"]["code"]) == (422, "import-files")


def test_files_may_be_larger_than_other_requests_and_no_larger(served):
    state, answer = imported(served, sent(("big.csv", b"#" * 2_000_000)))
    assert (state["state"], answer["error"]["code"] != "defect") == ("failed", True)
    for path, size in (("/api/imports", 4_300_000), ("/api/jobs", 1_100_000)):
        assert served.ask("POST", path, raw=b"", headers={"content-length": str(size)})[0] == 413

"""Scenario files: the documented examples, everything wrong told at once, and the commands."""

import re
from pathlib import Path

import numpy as np
import pytest

from accessibility import messages
from accessibility.cli import main
from accessibility.errors import DataError, SourceError
from accessibility.model.line_changes import AddLine, Reroute, ScaleSpeed
from accessibility.model.places import Places
from accessibility.model.scenario import TYPES, Scenario, type_name
from accessibility.model.study import StreetUse
from accessibility.model.transport_network import TransportNetwork
from accessibility.outputs.scenario.file import scenario_text, write_scenario
from accessibility.outputs.scenario.names import Names
from accessibility.outputs.scenario.words import difference_sentences, scenario_sentences
from accessibility.sources.gtfs import read_gtfs
from accessibility.sources.scenario_file import read_scenario
from accessibility.studies.bus_rides import BusRides
from accessibility.studies.data_folder import data_folder, embedded_defaults
from accessibility.studies.scenario import Baseline
from tests.behaviours.test_d_scenarios import STOPS, network, trip
from tests.builders import CRS, ORIGIN_M, town
from tests.feeds import CALLS, feed

DOCS = Path(__file__).resolve().parents[2] / "docs" / "scenarios.md"
EXAMPLES = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def chinese():
    before = messages.language()
    messages.set_language("zh")
    yield
    messages.set_language(before)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The documented line, a street `Main` along it, and a hospital."""
    from accessibility.model.projection import project

    lines = network(tmp_path_factory.mktemp("feed")).timetable
    x_m, y_m = project(np.array([121.105, 121.155]), np.array([31.3, 31.3]), CRS)
    ends = [f"{x - ORIGIN_M[0]} {y - ORIGIN_M[1]}" for x, y in zip(x_m, y_m, strict=True)]
    streets = town(f"A {ends[0]}, B {ends[1]}", "A B 'Main' secondary")
    one = np.ones(1)
    places = Places(("h1",), ("医院",), ("hospital",), 121.13 * one, 31.3 * one, one, 0 * one, {})
    return Baseline(TransportNetwork(lines, streets, places), embedded_defaults())


def written(folder, text, name="one.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_documents_describe_every_modification():
    documented = {re.search(r'type = "(\w+)"', text).group(1) for text in EXAMPLES}

    assert documented == set(TYPES)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: re.search(r'type = "(\w+)"', text).group(1))
def test_the_documented_examples_are_applied_and_told(tmp_path, base, text):
    scenario = read_scenario(written(tmp_path, text))
    changed = base.changed(scenario)

    assert changed is not base.network
    assert read_scenario(write_scenario(tmp_path / "again.toml", scenario)) == scenario
    (sentence,) = scenario_sentences(scenario, Names([scenario], base.network.timetable))
    assert "{" not in sentence


BAD = """
name = "bad"
[[modification]]
type = "reroot"
[[modification]]
type = "set_frequency"
route = "r"
headways = [{from = "09:00", to = "07:00", every_s = 600}]
[[modification]]
type = "set_frequency"
route = "r"
headways = [{from = "07:00", to = "09:00", every_s = 0}]
[[modification]]
type = "set_frequency"
route = "r"
headways = [
  {from = "07:00", to = "09:00", every_s = 60},
  {days = "sunday", from = "08:00", to = "10:00", every_s = 60},
]
[[modification]]
type = "scale_speed"
route = "r"
factor = -1
[[modification]]
type = "remove_line"
rout = "r"
[[modification]]
type = "add_street"
course = [[121.1, 31.3]]
[[modification]]
type = "add_line"
id = "x"
stops = ["a", {name = "B", lon = 200, lat = 31}]
departures = [{times = ["07:00", "06:00"]}, {times = ["7 Uhr"]}]
"""


def test_everything_wrong_with_a_file_is_told_at_once(tmp_path):
    with pytest.raises(DataError) as caught:
        read_scenario(written(tmp_path, BAD))

    assert sorted(notice.field for notice in caught.value.notices) == [
        "modification[1].type",
        "modification[2].headways[1].every_s",
        "modification[3].headways[1].every_s",
        "modification[4].headways",
        "modification[5].factor",
        "modification[6].rout",
        "modification[6].route",
        "modification[7].course",
        "modification[8].departures[1].times",
        "modification[8].departures[2].times",
        "modification[8].stops[2].lon",
    ]


def test_a_toml_error_is_told_with_line_and_column(tmp_path):
    with pytest.raises(SourceError) as caught:
        read_scenario(written(tmp_path, 'name = "x"\nnote = oops\n'))

    assert "line 2, column 8" in caught.value.where


def test_the_sentence_of_a_rerouting_names_line_direction_stops_and_their_number(base, chinese):
    timetable = base.network.timetable
    change = Reroute("r", ("s5", "s1"), direction=0, from_stop="s2", to_stop="s3")
    names = Names([], timetable)

    assert scenario_sentences(Scenario("x", (change,)), names) == [
        "1（上行）在Stop 2与Stop 3之间改经Stop 5、Stop 1，增加2站"
    ]


def test_the_difference_of_two_scenarios_is_told(base, chinese):
    fast, faster = ScaleSpeed("r", 1.5), ScaleSpeed("r", 2.0)
    one, other = Scenario("a", (fast,)), Scenario("b", (faster, Reroute("r", from_stop="s3")))

    assert difference_sentences(one, other, Names([], base.network.timetable)) == [
        "名称：a → b",
        "改动（factor）：1的车速变为原来的1.5倍 → 1的车速变为原来的2倍",
        "只见于后者：1改到Stop 3为止，减少1站",
    ]


def test_new_hops_are_driven_over_the_streets_at_the_speed_of_their_period(base):
    defaults = embedded_defaults()
    rides = BusRides(defaults)
    streets = base.network.streets
    start, goal = (121.11, 31.3), (121.14, 31.3)

    peak, later = (rides(streets, start, goal, hour * 3600) for hour in (8, 11))

    share = 0.03 / 0.05
    for ride, period in ((peak, "peak"), (later, "offpeak")):
        mps = defaults.road_speeds.of_class("secondary", period)[1]
        assert ride.ride_s == pytest.approx(streets.length_m[0] * share / mps, abs=2)
    assert [rides.period(hour * 3600) for hour in (6, 7, 9, 17, 19, 32)] == [
        "offpeak", "peak", "offpeak", "peak", "offpeak", "peak",
    ]  # fmt: skip
    assert peak.course[0] == pytest.approx(start)
    assert peak.course[-1] == pytest.approx(goal)
    assert rides(streets, start, (121.9, 31.9), 0) is None


def test_a_bus_does_not_leap_to_a_stop_a_kilometre_from_the_street(base):
    defaults, streets = embedded_defaults(), base.network.streets
    start, beside, goal = (121.11, 31.3), (121.12, 31.302), (121.12, 31.309)
    sketch = BusRides(defaults, StreetUse(generalised=True))

    assert BusRides(defaults)(streets, start, beside, 36000) is not None, "220 m: within the first radius"
    assert BusRides(defaults)(streets, start, goal, 36000) is None
    # beside a sketch: 0.01/0.05 of the street, then 998 m times 1.3 over the local streets it leaves out
    mps = {name: defaults.road_speeds.of_class(name, "offpeak")[1] for name in ("secondary", "unclassified")}
    along_s = streets.length_m[0] * 0.2 / mps["secondary"]
    predicted_s = along_s + 998 * defaults.limits["connector_detour_factor"] / mps["unclassified"]
    assert sketch(streets, start, goal, 36000).ride_s == pytest.approx(predicted_s, abs=3)
    assert sketch(streets, start, beside, 36000).ride_s == pytest.approx(along_s, abs=2)


def test_a_line_drives_over_a_street_that_an_earlier_modification_builds(tmp_path, base):
    text = """
        [[modification]]
        type = "add_street"
        course = [[121.12, 31.3], [121.12, 31.35]]
        [[modification]]
        type = "add_line"
        id = "N"
        stops = ["s2", {name = "North", lon = 121.12, lat = 31.35}]
        departures = [{times = ["08:00"]}]
    """
    made = base.changed(read_scenario(written(tmp_path, text))).timetable

    assert made.trip_ids[-1] == "N/0@08:00"
    shape = slice(*made.shape_offset[-2:])
    assert made.shape_lat[shape].max() == pytest.approx(31.35)
    assert made.arrival_s[-1] - made.departure_s[-2] > 300


def test_where_no_street_leads_the_hop_is_told(tmp_path, base):
    line = AddLine("N", ("s2", "far"), departures=())
    text = """
        [[modification]]
        type = "add_line"
        id = "N"
        stops = ["s2", {name = "far", lon = 122.0, lat = 31.9}]
        departures = [{times = ["08:00"]}]
    """
    with pytest.raises(DataError) as caught:
        base.changed(read_scenario(written(tmp_path, text)))

    (notice,) = caught.value.notices
    assert notice.field == f"modification[1] ({type_name(line)}) hop_s"


def test_the_course_of_a_rerouted_trip_is_joined_from_old_and_new(tmp_path):
    shapes = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n" + "".join(
        f"a,31.30,{121.10 + 0.01 * i:.2f},{i}\n" for i in range(1, 5)
    )
    path = feed(tmp_path, stops=STOPS, shapes=shapes, stop_times=CALLS + trip("t", 25200),
                trips="route_id,service_id,trip_id,direction_id,shape_id\nr,work,t,0,a\n")  # fmt: skip
    plain = Baseline(TransportNetwork(read_gtfs([path])), embedded_defaults())
    change = Reroute("r", ("s5",), from_stop="s2", to_stop="s4", hop_s=(60, 70))
    made = plain.changed(Scenario("x", (change,))).timetable

    part = slice(*made.shape_offset[made.trip_shape[0] : made.trip_shape[0] + 2])
    assert made.shape_lon[part].round(4).tolist() == [121.11, 121.12, 121.15, 121.14]


def run(capsys, *arguments):
    code = main(["--lang", "en", *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, out, err


SLOW = 'name = "slow"\n[[modification]]\ntype = "scale_speed"\nroute = "1"\nfactor = 0.5\n'


def test_the_commands_check_describe_compare_and_export(tmp_path, capsys):
    lines = feed(tmp_path, "base")
    good, bad = (
        written(tmp_path, SLOW, "good.toml"),
        written(tmp_path, SLOW.replace('"1"', '"l"'), "bad.toml"),
    )

    assert run(capsys, "scenario", "check", good, bad)[:2] == (0, "2 scenarios: 0 errors\n")
    code, out, _err = run(capsys, "scenario", "check", good, bad, "--gtfs", lines)
    assert code == 1
    assert "modification[1] (scale_speed) route=l: there is no line l" in out
    assert run(capsys, "scenario", "describe", good, "--gtfs", lines)[1].splitlines() == [
        "slow",
        "1. 1 runs at 0.5 times its speed",
    ]
    assert run(capsys, "scenario", "diff", good, good)[1] == "both scenarios are the same\n"
    target = tmp_path / "out.zip"
    assert run(capsys, "export-gtfs", "--gtfs", lines, "--scenario", bad, "-o", target)[0] == 1
    assert not target.exists()
    assert run(capsys, "export-gtfs", "--gtfs", lines, "--scenario", good, "-o", target)[0] == 0
    slow = read_gtfs([target])
    assert (slow.arrival_s[-1] - slow.departure_s[0]) == 2 * (180 + 480) + 60
    assert run(capsys, "export-gtfs", "-o", target)[0] == 2
    assert run(capsys, "export-gtfs", "--gtfs", lines, "-o", lines)[0] == 2


def test_the_empty_scenario_is_written_as_its_name():
    assert scenario_text(Scenario("基准")) == 'name = "基准"\n'


ANTING = """
name = "112 bent"
mark = "A"
[[modification]]
type = "add_line"
id = "P1"
name = "园区线"
stops = ["L11-anting", {name = "园区东门", lon = 121.2570, lat = 31.2759}]
headways = [{days = "weekday", from = "06:30", to = "09:30", every_s = 600}]
"""


def test_a_study_is_exported_with_a_scenario_whose_new_line_drives_over_its_streets(tmp_path, capsys):
    study, out = data_folder() / "anting" / "study.toml", tmp_path / "out.zip"
    scenario = written(tmp_path, ANTING)

    assert run(capsys, "export-gtfs", study, "--scenario", scenario, "-o", out)[0] == 0
    lines = read_gtfs([out])
    (added,) = (i for i, route in enumerate(lines.trip_route.tolist()) if lines.route_ids[route] == "P1")
    ride_s = lines.arrival_s[lines.stop_time_offset[added + 1] - 1] - 6.5 * 3600
    assert 600 < ride_s < 3600, "some ten kilometres on main roads in the peak"
    assert lines.trip_shape[added] >= 0
    assert "P1/0/weekday/06:30-09:30" in lines.frequency_ids


SLIPS = {
    "hop_s = [999999999999]": "hop_s",
    "by_s = 99999999": "by_s",
    "factor = 1e9": "factor",
    'name = "a\\u0000b"': "name",
    "course = 3": "course",
    "course = []": "course",
}


@pytest.mark.parametrize("line", SLIPS)
def test_a_slip_of_the_hand_is_told_and_never_a_trace(tmp_path, line):
    kind = {
        "hop_s": "reroute",
        "by_s": "shift_times",
        "factor": "scale_speed",
        "name": "add_line",
        "course": "add_street",
    }
    file = tmp_path / "slip.toml"
    file.write_text(f'[[modification]]\ntype = "{kind[SLIPS[line]]}"\n{line}\n')

    with pytest.raises(DataError) as caught:
        read_scenario(file)

    assert f"modification[1].{SLIPS[line]}" in [notice.field for notice in caught.value.notices]


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000, "a = " + "{a = " * 3000])
def test_lists_thousands_deep_and_endless_numbers_are_no_toml(tmp_path, text):
    file = tmp_path / "deep.toml"
    file.write_text(text)

    with pytest.raises(SourceError) as caught:
        read_scenario(file)

    assert caught.value.code == "scenario-toml"


def test_two_problems_of_one_setting_are_both_shown(tmp_path, capsys):
    path = tmp_path / "two.toml"
    path.write_text('[[modification]]\ntype = "remove_stops"\nroute = "r"\nstops = [1, "s1", 2.5]\n')
    gtfs = feed(tmp_path)

    assert (
        main(["export-gtfs", "--gtfs", str(gtfs), "--scenario", str(path), "-o", str(tmp_path / "o.zip")])
        == 1
    )

    told = capsys.readouterr().err
    assert "stops=1:" in told
    assert "stops=2.5:" in told

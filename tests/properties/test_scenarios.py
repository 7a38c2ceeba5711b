"""Scenarios on small random timetables: files read back, only told problems fail, bytes stay."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from accessibility.errors import DataError
from accessibility.model.bus_ride import BusRide
from accessibility.model.day_types import DAY_TYPES
from accessibility.model.line_changes import (
    AddLine,
    ControlPoint,
    Departures,
    Headway,
    NewStop,
    RemoveLine,
    RemoveStops,
    RemoveTrips,
    Reroute,
    ScaleSpeed,
    SetDwell,
    SetFrequency,
    SetTimetable,
    ShiftTimes,
)
from accessibility.model.scenario import Scenario
from accessibility.model.street_changes import (
    AddEntrance,
    AddPlace,
    AddStreet,
    ChangeStreet,
    CloseStreet,
    MovePlace,
)
from accessibility.model.timetable import NONE
from accessibility.model.transport_network import TransportNetwork
from accessibility.outputs.scenario.file import scenario_text, write_scenario
from accessibility.outputs.scenario.names import Names
from accessibility.outputs.scenario.words import difference_sentences, scenario_sentences
from accessibility.scenarios import apply_scenario
from accessibility.sources.scenario_file import read_scenario
from accessibility.transit import drawn_days
from tests.builders import town
from tests.random_timetables import FIRST, timetables
from tests.transit_worlds import arrivals, query

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
STOP = st.sampled_from(["s0", "s1", "s2", "s3", "Stop 1", "p", "nowhere"])
ROUTE = st.sampled_from(["r0", "r0", "r1", "0路", "none"])
DIRECTION = st.sampled_from([None, None, 0, 1])
LON, LAT = st.floats(121.09, 121.16), st.floats(31.29, 31.31)
NEW_STOP = st.builds(NewStop, TEXT, LON, LAT, st.sampled_from(["", "n1"]))
CONTROL_POINT = st.builds(ControlPoint, LON, LAT)
CALLS = st.one_of(STOP, NEW_STOP, STOP, NEW_STOP, CONTROL_POINT)
SECONDS = st.integers(0, 900)
ODD = {"allow_nan": False, "allow_infinity": False}


def several(values, least=0, most=3):
    return st.lists(values, min_size=least, max_size=most).map(tuple)


@st.composite
def bands(draw):
    """Bands that do not overlap, as a file demands."""
    ends = sorted(draw(st.sets(st.integers(0, 30 * 3600), min_size=2, max_size=4)))
    days = draw(st.sampled_from(tuple(DAY_TYPES)))
    every = st.integers(30, 3600)
    made = [Headway(days, a, b, draw(every)) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    if draw(st.booleans()):
        made[0] = replace(made[0], phase_s=draw(st.integers(0, made[0].every_s - 1)), phase_stop=draw(STOP))
    return tuple(made)


DEPARTURES = several(
    st.builds(
        Departures,
        st.sampled_from(tuple(DAY_TYPES)),
        st.sets(st.integers(0, 30 * 3600), min_size=1, max_size=4).map(lambda s: tuple(sorted(s))),
        st.sampled_from([0, 1]),
    ),
    most=2,
)
MODES = several(st.sampled_from(["walk", "cycle", "drive"]), most=2)
ON_LINES = st.one_of(
    st.builds(
        AddLine, TEXT, several(CALLS, 2, 5), TEXT, st.sampled_from(["bus", "metro"]),
        several(SECONDS), st.one_of(st.none(), st.floats(1, 80)), several(SECONDS), st.booleans(), bands(),
        DEPARTURES,
    ),
    st.builds(
        Reroute, ROUTE, several(CALLS), DIRECTION, st.one_of(st.just(""), STOP),
        st.one_of(st.just(""), STOP), several(SECONDS), several(SECONDS),
    ),
    st.builds(RemoveStops, ROUTE, several(STOP, 1), DIRECTION, SECONDS),
    st.builds(RemoveLine, ROUTE),
    st.builds(
        RemoveTrips, ROUTE, DIRECTION, several(st.sampled_from(["t0", "t1", "x"]), most=2),
        st.sampled_from(tuple(DAY_TYPES)), st.integers(0, 8 * 3600), st.integers(8 * 3600, 30 * 3600),
    ),
    st.builds(SetFrequency, ROUTE, bands(), DIRECTION, st.booleans(), st.sampled_from(["", "t0"])),
    st.builds(SetTimetable, ROUTE, DEPARTURES, st.sampled_from(["", "t0"])),
    st.builds(
        ScaleSpeed, ROUTE, st.floats(0.1, 10), DIRECTION, st.booleans(),
        several(st.tuples(STOP, STOP), most=1),
    ),
    st.builds(
        SetDwell, ROUTE, DIRECTION, several(STOP), st.one_of(st.none(), SECONDS),
        st.one_of(st.none(), st.floats(0, 5)),
    ),
    st.builds(
        ShiftTimes, ROUTE, st.integers(-9000, 9000), DIRECTION, several(st.sampled_from(["t0", "t1"]), most=2)
    ),
    st.builds(AddEntrance, STOP, LON, LAT, SECONDS, TEXT),
)  # fmt: skip
ON_STREETS = st.one_of(
    st.builds(
        AddStreet, several(st.tuples(LON, LAT), 2, 4), st.sampled_from(["residential", "footway", "odd"]),
        TEXT,
        st.one_of(st.none(), MODES), st.booleans(), st.one_of(st.none(), st.floats(1, 120)),
        several(st.tuples(LON, LAT), most=1),
    ),
    st.builds(CloseStreet, several(st.integers(-3, 3), most=2), st.sampled_from(["", "Main", "x"]), MODES),
    st.builds(
        ChangeStreet, several(st.integers(-3, 3), most=2), st.sampled_from(["", "Main"]),
        st.one_of(st.none(), st.floats(1, 120)), st.one_of(st.none(), MODES),
        st.sampled_from([None, True, False]),
    ),
)  # fmt: skip
ON_PLACES = st.one_of(
    st.builds(AddPlace, TEXT, TEXT, TEXT, LON, LAT, st.floats(0.1, 1e6, **ODD), TEXT),
    st.builds(MovePlace, TEXT, LON, LAT),
)
MODIFICATIONS = several(st.one_of(ON_LINES, ON_STREETS, ON_PLACES), most=4)
SCENARIOS = st.builds(
    Scenario, TEXT, MODIFICATIONS, st.one_of(st.just(""), TEXT), st.sampled_from(["", "A"]),
    st.sampled_from([None, FIRST]),
)  # fmt: skip
FAR = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def drive(_streets, start, goal, _clock_s):
    return BusRide(77, (start, goal))


def applied(timetable, *changes, streets=None):
    network = TransportNetwork(timetable, streets)
    return apply_scenario(network, Scenario("test", changes), default_dwell_s=20, ride=drive, join_m=30.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("scenarios")


@FAR
@given(scenario=SCENARIOS)
def test_any_scenario_reads_back_the_same_from_its_file(folder, scenario):
    assert read_scenario(write_scenario(folder / "one.toml", scenario)) == scenario
    assert scenario_text(scenario) == (folder / "one.toml").read_bytes().decode()


@FAR
@given(timetable=timetables(), scenario=SCENARIOS, other=SCENARIOS)
def test_any_scenario_can_be_told_in_words(timetable, scenario, other):
    names = Names([scenario, other], timetable)

    assert len(scenario_sentences(scenario, names)) == max(1, len(scenario.modifications))
    assert difference_sentences(scenario, scenario, names) == []
    assert bool(difference_sentences(scenario, other, names)) == (scenario != other)


@FAR
@given(timetable=timetables(), changes=several(st.one_of(ON_LINES, ON_STREETS), 1, 3))
def test_every_modification_tells_problems_or_gives_a_valid_network_and_never_touches_the_base(
    timetable, changes
):
    streets = town("A 0 0, B 400 0, C 800 0", "A B 'Main', B C 'Main'")
    before = pickle.dumps((timetable, streets))
    made, told = None, ()
    try:
        made = applied(timetable, *changes, streets=streets).timetable
    except DataError as error:
        told = error.notices
    assert (made is None) == bool(told)
    assert all(notice.severity == "error" and notice.field for notice in told)
    assert made is None or made.stop_ids[: len(timetable.stop_ids)] == timetable.stop_ids
    assert pickle.dumps((timetable, streets)) == before


@FAR
@given(timetable=timetables())
def test_the_empty_scenario_is_the_baseline_itself(timetable):
    network = TransportNetwork(timetable)

    assert apply_scenario(network, Scenario("nothing"), default_dwell_s=20) is network


def earliest(timetable, *, n_draws=2):
    """Earliest arrivals at every old stop from the first one, draw by draw, in the morning of a Monday."""
    asked = query(FIRST, start_s=5 * 3600, n_minutes=90, n_draws=n_draws)
    found = []
    for day in drawn_days(timetable, asked):
        out = arrivals(day, {}, {0: 0}, start_s=5 * 3600, n_minutes=90, slack_s=0, max_duration_s=8 * 3600)
        found.append(day.by_stop(out))
    return found


@FAR
@given(
    timetable=timetables(stations=False), stops=st.permutations(range(3)), start_s=st.integers(18000, 25000)
)
def test_an_added_line_never_lengthens_a_journey(timetable, stops, start_s):
    line = AddLine("new", tuple(f"s{i}" for i in stops), hop_s=(200, 300),
                   departures=(Departures("daily", (start_s, start_s + 900)),))  # fmt: skip
    made = applied(timetable, line).timetable
    assume(timetable.first_day == FIRST)

    for before, after in zip(earliest(timetable), earliest(made), strict=True):
        assert np.all(after <= before)


@FAR
@given(timetable=timetables(stations=False), factor=st.floats(0.2, 5))
def test_a_change_to_a_line_that_nothing_reaches_changes_no_result(timetable, factor):
    assume(timetable.first_day == FIRST)
    n = len(timetable.stop_ids)
    far = replace(
        timetable,
        stop_ids=(*timetable.stop_ids, "x", "y"),
        stop_names=(*timetable.stop_names, "X", "Y"),
        stop_lon=np.append(timetable.stop_lon, [10.0, 10.1]),
        stop_lat=np.append(timetable.stop_lat, [50.0, 50.0]),
        stop_kind=np.append(timetable.stop_kind, [0, 0]),
        stop_parent=np.append(timetable.stop_parent, [NONE, NONE]),
    )
    line = AddLine("far", ("x", "y"), hop_s=(600,), headways=(Headway("daily", 18000, 36000, 600),))
    base = applied(far, line).timetable
    changed = applied(base, ScaleSpeed("far", factor), SetDwell("far", dwell_s=5)).timetable

    for before, after in zip(earliest(base), earliest(changed), strict=True):
        assert np.array_equal(before[:n], after[:n])


@FAR
@given(
    timetable=timetables(stations=False),
    hops=st.lists(SECONDS, min_size=2, max_size=2),
    dwells=st.lists(SECONDS, min_size=3, max_size=3),
    start_s=st.integers(18000, 25000),
)
def test_removing_a_line_and_adding_it_again_gives_the_baseline_s_times(timetable, hops, dwells, start_s):
    assume(timetable.first_day == FIRST)
    line = AddLine("again", ("s0", "s2", "s1"), hop_s=tuple(hops), dwell_s=tuple(dwells), both_ways=True,
                   departures=(Departures("weekday", (start_s + 60, start_s + 2000)),
                               Departures("daily", (start_s + 90,), direction=1)))  # fmt: skip
    base = applied(timetable, line).timetable
    again = applied(base, RemoveLine("again"), replace(line, id="back", name="again")).timetable

    for one, other in zip(earliest(base), earliest(again), strict=True):
        assert np.array_equal(one, other)

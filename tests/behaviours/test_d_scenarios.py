"""RULE UNDER TEST: what a modification makes of a line, to the second.

The line of the published worked examples: s1-s4 with hops of 500 s and dwells of 30 s at s2 and s3, so that
arrivals are 0, 500, 1030, 1560 and departures 0, 530, 1060, 1560 after the start at 7:00; s5 lies beside it.
"""

from datetime import date

import numpy as np
import pytest

from accessibility.errors import DataError
from accessibility.model.bus_ride import BusRide
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
from accessibility.model.transport_network import TransportNetwork
from accessibility.scenarios import apply_scenario
from accessibility.sources.gtfs import read_gtfs
from tests.feeds import BANDS, CALLS, feed

START = 7 * 3600
MONDAY, SATURDAY = date(2021, 5, 17), date(2021, 5, 22)
STOPS = "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
    f"s{i},Stop {i},31.30,{121.10 + 0.01 * i:.2f}\n" for i in range(1, 6)
)


def clock(seconds):
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def trip(name, start_s, order=(1, 2, 3, 4)):
    times = zip(order, (0, 500, 1030, 1560), (0, 530, 1060, 1560), strict=True)
    return "".join(
        f"{name},{clock(start_s + a)},{clock(start_s + d)},s{stop},{k}\n"
        for k, (stop, a, d) in enumerate(times, start=1)
    )


def network(folder, *, back=False, **files):
    trips = "route_id,service_id,trip_id,direction_id\nr,work,t,0\n"
    calls = CALLS + trip("t", START)
    if back:
        trips += "r,work,u,1\n"
        calls += trip("u", START + 3600, (4, 3, 2, 1))
    files = {"stops": STOPS, "trips": trips, "stop_times": calls, **files}
    return TransportNetwork(read_gtfs([feed(folder, **files)]))


def applied(base, *changes, **context):
    return apply_scenario(base, Scenario("test", changes), default_dwell_s=20, **context).timetable


def calls_of(timetable, trip_id, start_s=START):
    """Stops, arrivals and departures of a trip, seconds after the start."""
    i = timetable.trip_ids.index(trip_id)
    part = slice(timetable.stop_time_offset[i], timetable.stop_time_offset[i + 1])
    stops = [timetable.stop_ids[s] for s in timetable.stop_time_stop[part]]
    return (
        stops,
        (timetable.arrival_s[part] - start_s).tolist(),
        (timetable.departure_s[part] - start_s).tolist(),
    )


@pytest.mark.parametrize(
    ("change", "stops", "arrivals", "departures"),
    [
        (ScaleSpeed("r", 2.0, scale_dwells=True), "1 2 3 4", [0, 250, 515, 780], [0, 265, 530, 780]),
        (ScaleSpeed("r", 2.0), "1 2 3 4", [0, 250, 530, 810], [0, 280, 560, 810]),
        (ScaleSpeed("r", 2.0, hops=(("s2", "s3"),)), "1 2 3 4", [0, 500, 780, 1310], [0, 530, 810, 1310]),
        (ScaleSpeed("r", 3.0), "1 2 3 4", [0, 167, 363, 560], [0, 197, 393, 560]),
        (SetDwell("r", stops=("s2", "s3"), dwell_s=0), "1 2 3 4", [0, 500, 1000, 1500], [0, 500, 1000, 1500]),
        (SetDwell("r", stops=("s2",), factor=0.5), "1 2 3 4", [0, 500, 1015, 1545], [0, 515, 1045, 1545]),
        (SetDwell("r", dwell_s=0), "1 2 3 4", [0, 500, 1000, 1500], [0, 500, 1000, 1500]),
        (SetDwell("r", dwell_s=42), "1 2 3 4", [-42, 500, 1042, 1584], [0, 542, 1084, 1626]),
        (RemoveStops("r", ("s1",), saved_s_per_stop=60), "2 3 4", [440, 970, 1500], [470, 1000, 1500]),
        (RemoveStops("r", ("s2",)), "1 3 4", [0, 1030, 1560], [0, 1060, 1560]),
        (RemoveStops("r", ("s2",), saved_s_per_stop=60), "1 3 4", [0, 970, 1500], [0, 1000, 1500]),
        (RemoveStops("r", ("s4",), saved_s_per_stop=60), "1 2 3", [0, 500, 1030], [0, 530, 1060]),
        (RemoveStops("r", ("s2", "s3"), saved_s_per_stop=10), "1 4", [0, 1540], [0, 1540]),
        (RemoveStops("r", ("s1", "s2"), saved_s_per_stop=10), "3 4", [1010, 1540], [1040, 1540]),
        (
            Reroute("r", ("s5",), from_stop="s2", to_stop="s4", hop_s=(60, 70), dwell_s=(20, 40, 50)),
            "1 2 5 4", [0, 500, 580, 690], [0, 520, 620, 740],
        ),
        (
            Reroute("r", ("s5",), from_stop="s2", to_stop="s3", hop_s=(30, 40), dwell_s=(10, 15, 20)),
            "1 2 5 3 4", [0, 500, 540, 595, 1115], [0, 510, 555, 615, 1115],
        ),
        (
            Reroute("r", ("s5",), from_stop="s4", hop_s=(60,), dwell_s=(20, 40)),
            "1 2 3 4 5", [0, 500, 1030, 1560, 1640], [0, 530, 1060, 1580, 1680],
        ),
        (
            Reroute("r", ("s5",), from_stop="s3", hop_s=(60,), dwell_s=(15, 25)),
            "1 2 3 5", [0, 500, 1030, 1105], [0, 530, 1045, 1130],
        ),
        (
            Reroute("r", ("s5",), to_stop="s1", hop_s=(60,), dwell_s=(40, 50)),
            "5 1 2 3 4", [-40, 60, 610, 1140, 1670], [0, 110, 640, 1170, 1670],
        ),
        (
            Reroute("r", ("s5",), to_stop="s3", hop_s=(60,), dwell_s=(15, 25)),
            "5 3 4", [-15, 60, 585], [0, 85, 585],
        ),
        (Reroute("r", from_stop="s3"), "1 2 3", [0, 500, 1030], [0, 530, 1060]),
        (Reroute("r", from_stop="s2", to_stop="s4", hop_s=(300,)), "1 2 4", [0, 500, 830], [0, 530, 830]),
        (ShiftTimes("r", -60), "1 2 3 4", [-60, 440, 970, 1500], [-60, 470, 1000, 1500]),
    ],
)  # fmt: skip
def test_a_modification_gives_these_times(tmp_path, change, stops, arrivals, departures):
    found = calls_of(applied(network(tmp_path), change), "t")

    assert found == ([f"s{stop}" for stop in stops.split()], arrivals, departures)


def test_the_baseline_never_changes_and_the_empty_scenario_is_the_same_object(tmp_path):
    base = network(tmp_path)
    before = {name: np.copy(getattr(base.timetable, name)) for name in ("arrival_s", "stop_time_stop")}

    applied(base, ScaleSpeed("r", 2.0), RemoveStops("r", ("s2",)))

    assert apply_scenario(base, Scenario("nothing"), default_dwell_s=20) is base
    for name, values in before.items():
        assert np.array_equal(getattr(base.timetable, name), values)


def test_without_a_direction_the_way_back_is_bent_too(tmp_path):
    base = network(tmp_path, back=True)

    bent = applied(
        base, Reroute("r", ("s5",), from_stop="s2", to_stop="s4", hop_s=(60, 70), dwell_s=(20, 40, 50))
    )

    assert calls_of(bent, "t")[0] == ["s1", "s2", "s5", "s4"]
    stops, arrivals, departures = calls_of(bent, "u", START + 3600)
    assert stops == ["s4", "s5", "s2", "s1"]
    assert arrivals == [-50, 70, 170, 690], "hops and dwells in the other order"
    assert departures == [0, 110, 190, 690]


def test_an_extension_beyond_a_terminus_is_driven_back_as_well(tmp_path):
    base = network(tmp_path, back=True)

    longer = applied(base, Reroute("r", ("s5",), from_stop="s4", hop_s=(60,), dwell_s=(20, 40)))

    assert calls_of(longer, "t")[0] == ["s1", "s2", "s3", "s4", "s5"]
    assert calls_of(longer, "u")[0] == ["s5", "s4", "s3", "s2", "s1"]
    assert calls_of(longer, "u", START + 3600)[2][:2] == [0, 80]


def test_a_stop_within_both_directions_needs_the_direction_stated(tmp_path):
    with pytest.raises(DataError) as caught:
        applied(network(tmp_path, back=True), Reroute("r", ("s5",), from_stop="s3", hop_s=(60,)))
    assert [notice.field for notice in caught.value.notices] == ["modification[1] (reroute) direction"]


def test_a_line_is_added_both_ways_and_can_be_changed_at_once(tmp_path):
    park = NewStop("园区东门", 121.257, 31.276)
    line = AddLine("P1", ("s1", park), hop_s=(120,), dwell_s=(0, 0), both_ways=True,
                   headways=(Headway("weekday", 6 * 3600 + 1800, 9 * 3600 + 1800, 600),))  # fmt: skip
    made = applied(network(tmp_path), line, ScaleSpeed("P1", 2.0))

    assert made.route_ids == ("r", "P1")
    assert made.frequency_ids == ("P1/0/weekday/06:30-09:30", "P1/1/weekday/06:30-09:30")
    assert made.frequency_start_s.tolist() == [23400, 23400]
    assert made.headway_s.tolist() == [600, 600]
    assert not made.frequency_exact.any()
    there, back = (
        [made.stop_ids[s] for s in made.stop_time_stop[a : a + 2]] for a in made.stop_time_offset[1:3]
    )
    assert (there, back) == (["s1", "园区东门"], ["园区东门", "s1"])
    assert (made.arrival_s[5] - made.departure_s[4], made.arrival_s[7] - made.departure_s[6]) == (60, 60)
    assert made.operates(MONDAY)[made.trip_service[1]]
    assert not made.operates(SATURDAY)[made.trip_service[1]]


def test_a_phase_makes_a_band_a_schedule_at_a_stop(tmp_path):
    line = AddLine("P1", ("s1", "s2", "s3"), hop_s=(100, 200), dwell_s=(0, 20, 0),
                   headways=(Headway("daily", 25200, 28800, 600, phase_s=0, phase_stop="s2"),))  # fmt: skip
    made = applied(network(tmp_path), line)

    assert made.frequency_exact.tolist() == [True]
    assert made.frequency_start_s.tolist() == [25200 + 480], (
        "120 s before 7:10, the first time s2 is left on the beat"
    )


def test_headways_take_the_place_of_trips_within_their_band_and_days(tmp_path):
    calls = CALLS + trip("t", START) + trip("v", START + 7200)
    trips = "route_id,service_id,trip_id,direction_id\nr,work,t,0\nr,work,v,0\n"
    base = network(tmp_path, trips=trips, stop_times=calls)
    band = Headway("weekday", START, START + 3600, 900)

    kept = applied(base, SetFrequency("r", (band,)))
    alone = applied(base, SetFrequency("r", (band,), keep_outside=False))

    assert [i for i in kept.trip_ids if i in ("t", "v")] == ["v"]
    assert kept.headway_s.tolist() == [900]
    assert len(alone.trip_ids) == 1


def test_a_trip_goes_on_on_days_that_a_change_does_not_mean(tmp_path):
    calendar = ("service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
                "work,1,1,1,1,1,1,1,20210517,20210530\n")  # fmt: skip
    base = network(tmp_path, calendar=calendar)

    changed = applied(base, RemoveTrips("r", days="weekday"))

    assert len(changed.trip_ids) == 1
    assert not changed.operates(MONDAY)[changed.trip_service[0]]
    assert changed.operates(SATURDAY)[changed.trip_service[0]]


def test_a_band_gives_way_only_within_the_span_and_keeps_its_name(tmp_path):
    base = network(tmp_path, frequencies=BANDS + "t,07:00:00,10:00:00,600,0\n")
    (name,) = base.timetable.frequency_ids

    changed = applied(base, SetFrequency("r", (Headway("weekday", 8 * 3600, 9 * 3600, 300),)))

    columns = (changed.frequency_start_s, changed.frequency_end_s, changed.headway_s)
    bands = zip(*(column.tolist() for column in columns), strict=True)
    spans = dict(zip(changed.frequency_ids, bands, strict=True))
    assert spans == {
        name: (7 * 3600, 8 * 3600, 600),
        f"{name}+": (9 * 3600, 10 * 3600, 600),
        "r/0/weekday/08:00-09:00": (8 * 3600, 9 * 3600, 300),
    }


def test_stated_departures_take_the_place_of_all_trips(tmp_path):
    changed = applied(network(tmp_path), SetTimetable("r", (Departures("weekday", (30000, 31000)),)))

    starts = changed.departure_s[changed.stop_time_offset[:-1]].tolist()
    assert starts == [30000, 31000]
    assert (changed.arrival_s[3] - changed.departure_s[0]) == 1560


def test_remove_then_add_of_the_same_line_gives_the_same_calls(tmp_path):
    base = network(tmp_path)
    again = AddLine("r2", ("s1", "s2", "s3", "s4"), hop_s=(500, 500, 500), dwell_s=(0, 30, 30, 0),
                    departures=(Departures("weekday", (START,)),))  # fmt: skip
    made = applied(base, RemoveLine("r"), again)

    assert calls_of(made, "r2/0@07:00") == calls_of(base.timetable, "t")


def test_every_problem_of_a_scenario_is_told_at_once_with_the_nearest_names(tmp_path):
    changes = (
        Reroute("R9", from_stop="s1"),
        RemoveStops("r", ("Stop 9",)),
        RemoveStops("r", ("s2",), saved_s_per_stop=9999),
        RemoveStops("r", ("s1", "s2", "s3")),
        ScaleSpeed("r", 2.0, hops=(("s1", "s3"),)),
        AddLine("r", ("s1", "s2"), hop_s=(60,), headways=(Headway("daily", 0, 60, 60),)),
        AddLine("X", ("s1", "s2"), hop_s=(60, 70), headways=(Headway("daily", 0, 60, 60),)),
        ScaleSpeed("X", 2.0),
        Reroute("r", ("s5",), from_stop="s4"),
        SetDwell("r"),
    )
    with pytest.raises(DataError) as caught:
        applied(network(tmp_path), *changes)

    told = [(notice.field.split(" ")[0], notice.field.split(" ")[-1]) for notice in caught.value.notices]
    assert told == [
        ("modification[1]", "route"),
        ("modification[2]", "stops"),
        ("modification[3]", "saved_s_per_stop"),
        ("modification[4]", "stops"),
        ("modification[5]", "hops"),
        ("modification[6]", "id"),
        ("modification[7]", "hop_s"),
        ("modification[9]", "hop_s"),
        ("modification[10]", "dwell_s"),
    ], "what changes the line of modification 7 is not told: it could not be added"
    assert "Stop" in caught.value.notices[1].mend


def test_new_hops_take_their_times_from_the_streets_at_the_clock_of_the_trip(tmp_path):
    asked = []

    def ride(_streets, start, goal, clock_s):
        asked.append((start[0], goal[0], clock_s - START))
        return BusRide(77)

    bent = applied(network(tmp_path), Reroute("r", ("s5",), from_stop="s2", to_stop="s4"), ride=ride)

    assert asked == [(121.12, 121.15, 530), (121.15, 121.14, 530)]
    assert calls_of(bent, "t")[1] == [0, 500, 607, 704]
    assert calls_of(bent, "t")[2] == [0, 530, 627, 704], (
        "old dwell at s2, the default at s5, the terminus as it was"
    )


def drawn(timetable, trip):
    """The course of a trip, as longitudes in thousandths of a degree after 121."""
    shape = int(timetable.trip_shape[timetable.trip_ids.index(trip)])
    part = slice(*timetable.shape_offset[shape : shape + 2])
    return [round((lon - 121) * 1000) for lon in timetable.shape_lon[part].tolist()]


def over_streets(_streets, start, goal, _clock_s):
    """A second for every thousandth of a degree, along a street that lies a thousandth off the doors."""
    way_s = round(abs(goal[0] - start[0]) * 1000)
    return BusRide(way_s, (start, (start[0] + 0.001, 31.3), (goal[0] - 0.001, 31.3), goal))


def test_a_control_point_is_passed_without_stopping(tmp_path):
    point = ControlPoint(121.17, 31.30)
    bent = applied(network(tmp_path), Reroute("r", (point,), from_stop="s2", to_stop="s3"), ride=over_streets)

    assert calls_of(bent, "t")[0] == ["s1", "s2", "s3", "s4"]
    assert calls_of(bent, "t")[1] == [0, 500, 530 + 50 + 40, 530 + 50 + 40 + 30 + 500]
    assert drawn(bent, "t") == [
        110, 111, 119, 120,
        121, 169,
        171, 129, 130,
        131, 139, 140,
    ], "kept hops over the streets; the way from the street to the control point is left out"  # fmt: skip


def test_whoever_runs_back_passes_the_control_points_in_the_other_order(tmp_path):
    points = (ControlPoint(121.17, 31.30), "s5", ControlPoint(121.16, 31.30))
    line = AddLine(
        "new", ("s1", *points, "s2"), both_ways=True, headways=(Headway("daily", START, START + 3600, 600),)
    )
    added = applied(network(tmp_path), line, ride=over_streets)
    there, back = ([name for name in added.trip_ids if f"new/{way}" in name][0] for way in (0, 1))

    assert calls_of(added, there)[0] == ["s1", "s5", "s2"]
    assert calls_of(added, there)[1] == [0, 60 + 20, 80 + 20 + 10 + 40]
    assert calls_of(added, back)[0] == ["s2", "s5", "s1"]
    assert calls_of(added, back)[1] == [0, 40 + 10, 50 + 20 + 20 + 60]


def test_a_straight_line_at_a_speed_goes_by_its_control_points(tmp_path):
    away = ControlPoint(121.11, 31.31)  # north of s1: about 1,109 m there, 1,461 m on to s2; 953 m without
    head = (Headway("daily", START, START + 3600, 600),)
    lines = [
        AddLine(name, stops, mode="tram", speed_kmh=36, headways=head)
        for name, stops in (("plain", ("s1", "s2")), ("bent", ("s1", away, "s2")))
    ]
    added = applied(network(tmp_path), *lines)
    plain, bent = (
        next(one for one in added.trip_ids if one.startswith(f"{name}/")) for name in ("plain", "bent")
    )

    assert [calls_of(added, name)[1][-1] for name in (plain, bent)] == [95, 257]
    assert drawn(added, bent) == [110, 110, 120]


POINT = ControlPoint(121.1, 31.3)


@pytest.mark.parametrize(
    "change",
    [
        AddLine("new", (POINT, "s1", "s2"), hop_s=(60,), headways=(Headway("daily", 0, 60, 60),)),
        AddLine("new", ("s1", "s2", POINT), hop_s=(60,), headways=(Headway("daily", 0, 60, 60),)),
        Reroute("r", (POINT, "s5"), to_stop="s2", hop_s=(60,)),
        Reroute("r", ("s5", POINT), from_stop="s2", hop_s=(60,)),
    ],
)
def test_a_line_neither_begins_nor_ends_at_a_control_point(tmp_path, change):
    with pytest.raises(DataError) as told:
        applied(network(tmp_path), change)
    assert ["途经点" in one.message for one in told.value.notices] == [True]

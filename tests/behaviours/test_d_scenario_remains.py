"""RULE UNDER TEST: what a scenario leaves behind: blocks, branches, courses, stations, rows of a feed.

The line of `test_d_scenarios`: s1-s4, 500 s apart, 30 s at s2 and s3, from 7:00; s5 lies beside it.
"""

import pytest

from accessibility.errors import DataError
from accessibility.linking import link_transit
from accessibility.model.line_changes import (
    AddLine,
    Departures,
    NewStop,
    RemoveLine,
    RemoveStops,
    Reroute,
    ScaleSpeed,
)
from accessibility.model.scenario import Scenario
from accessibility.model.street_changes import AddEntrance
from accessibility.model.transport_network import TransportNetwork
from accessibility.outputs.gtfs import write_gtfs
from accessibility.scenarios import apply_scenario
from accessibility.sources.gtfs import read_gtfs
from accessibility.studies.export_gtfs import export_gtfs
from accessibility.studies.scenario import NetworkFiles
from tests.behaviours.test_d_scenarios import START, applied, calls_of, network, trip
from tests.behaviours.test_e_stations import STREET
from tests.behaviours.test_e_stations import linked as station
from tests.builders import spots, town, walking
from tests.feeds import CALLS, RULES, codes, feed

TRIPS = "route_id,service_id,trip_id,direction_id,block_id,shape_id\n"


def problems(base, *changes):
    with pytest.raises(DataError) as caught:
        applied(base, *changes)
    return [(notice.field, notice.value) for notice in caught.value.notices]


def test_a_trip_that_its_vehicle_cannot_drive_any_more_leaves_the_block_and_is_told(tmp_path):
    trips = TRIPS + "r,work,t,0,B,\nr,work,u,1,B,\nr,work,v,0,B,\n"
    back = trip("u", START + 1800, (4, 3, 2, 1))
    base = network(
        tmp_path, trips=trips, stop_times=CALLS + trip("t", START) + back + trip("v", START + 3600)
    )

    slow = applied(base, ScaleSpeed("r", 0.5))  # 3 x 1,000 + 60 s: until 7:51, while u leaves at 7:30

    # u begins while t is under way; v begins at 8:00, after t
    assert [slow.block_ids[b] if b >= 0 else "" for b in slow.trip_block] == ["B", "", "B"]
    assert codes(slow, "warning").count("scenario-block-overlap") == 1
    again = read_gtfs([write_gtfs(tmp_path / "out.zip", slow)])
    assert again.trip_block.tolist() == slow.trip_block.tolist()


def test_branches_and_short_runs_that_do_not_pass_the_stops_are_named(tmp_path):
    calls = CALLS + trip("t", START) + "v,08:00:00,08:00:00,s2,1\nv,08:08:20,08:08:20,s3,2\n"
    base = network(tmp_path, trips="route_id,service_id,trip_id\nr,work,t\nr,work,v\n", stop_times=calls)

    made = applied(base, Reroute("r", ("s5",), None, "s2", "s4", (160, 70)))

    assert calls_of(made, "t")[0] == ["s1", "s2", "s5", "s4"]
    (told,) = [one for one in made.provenance.notices if one.code == "scenario"]
    assert "v" in told.message
    assert calls_of(made, "v", 8 * 3600) == calls_of(base.timetable, "v", 8 * 3600)


def test_a_line_taken_out_of_service_can_be_added_again_under_its_id(tmp_path):
    base = network(tmp_path)
    again = AddLine("r", ("s1", "s2", "s3", "s4"), hop_s=(500, 500, 500), dwell_s=(0, 30, 30, 0),
                    departures=(Departures("weekday", (START,)),))  # fmt: skip

    made = applied(base, RemoveLine("r"), again)

    assert made.route_ids == ("r",)
    assert calls_of(made, "r/0@07:00") == calls_of(base.timetable, "t")
    assert problems(base, again) == [("modification[1] (add_line) id", "r")]


def test_an_id_that_another_stop_has_is_no_new_stop(tmp_path):
    base = network(tmp_path)
    beside = Reroute("r", (NewStop("Gate", 121.16, 31.30, "s5"),), 0, "s4", hop_s=(60,))
    same = Reroute("r", (NewStop("Stop 5", 121.15, 31.30, "s5"),), 0, "s4", hop_s=(60,))

    assert problems(base, beside) == [("modification[1] (reroute) stops", "s5")]
    assert calls_of(applied(base, same), "t")[0] == ["s1", "s2", "s3", "s4", "s5"]


def test_the_course_begins_where_the_line_now_begins(tmp_path):
    points = "".join(f"w,31.30,{121.11 + 0.005 * k:.3f},{k}\n" for k in range(7))
    shapes = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n" + points
    base = network(tmp_path, trips=TRIPS + "r,work,t,0,,w\n", shapes=shapes)

    made = applied(base, RemoveStops("r", ("s1",)))
    inner = applied(base, RemoveStops("r", ("s2",)))

    part = slice(*made.shape_offset[made.trip_shape[0] : made.trip_shape[0] + 2])
    assert made.shape_lon[part].tolist() == pytest.approx([121.12, 121.125, 121.13, 121.135, 121.14])
    assert inner.trip_shape.tolist() == base.timetable.trip_shape.tolist()


def test_the_feed_of_a_scenario_holds_only_what_runs(tmp_path):
    routes = "route_id,route_short_name,route_long_name,route_type\nr,1,First,3\nq,2,Second,3\n"
    trips = "route_id,service_id,trip_id\nr,work,t\nq,rest,u\n"
    calls = CALLS + trip("t", START) + "u,08:00:00,08:00:00,s4,1\nu,08:08:20,08:08:20,s5,2\n"
    calendar = (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "work,1,1,1,1,1,0,0,20210517,20210530\nrest,0,0,0,0,0,1,0,20210517,20210530\n"
    )
    rules = RULES + "s4,s5,,,2,60\ns3,s4,,,2,60\n"
    base = network(tmp_path, routes=routes, trips=trips, stop_times=calls, calendar=calendar, transfers=rules)
    after = applied(base, RemoveLine("q"))

    whole = read_gtfs([write_gtfs(tmp_path / "whole.zip", after)])
    only = read_gtfs([write_gtfs(tmp_path / "only.zip", after, served_only=True)])

    assert (whole.route_ids, whole.service_ids) == (("r", "q"), ("work", "rest"))
    assert (only.route_ids, only.service_ids) == (("r",), ("work", "rest")), "Saturday 29 May stays known"
    assert only.stop_ids == ("s1", "s2", "s3", "s4")
    assert len(only.transfer_type) == 1
    assert (only.first_day, only.last_day) == (base.timetable.first_day, base.timetable.last_day)


def entered(folder, change, ways=""):
    """Seconds from the origin at 0 m to the stops p and q (both at 400 m) after a change."""
    timetable, _linkage = station(folder, ways)
    query = walking(detour_factor=1.3)
    network = TransportNetwork(timetable)
    made = apply_scenario(
        network, Scenario("test", (change,)), default_dwell_s=20, detour_factor=1.3
    ).timetable
    linkage = link_transit(town(*STREET), (spots("o 0 0"), spots("z 0 0")), made, query, radius_m=5000.0)
    stops, _lengths = linkage.access.row(0)[:2]
    return dict(zip([made.stop_ids[s] for s in stops.tolist()], linkage.access.seconds(1.0, 0).tolist(),
                    strict=True))  # fmt: skip


def test_another_entrance_leaves_the_old_ones_as_they_were(tmp_path):
    far, near = spots("far 900 0, near 100 0").lon, spots("far 900 0, near 100 0").lat
    there = AddEntrance("p", float(far[0]), float(near[0]), 10)
    here = AddEntrance("S", float(far[1]), float(near[1]), 10)

    # by E at 200 m, then straight: 200 + 1.3 x 200 = 460; the new entrance at 900 m is no help
    assert entered(tmp_path, there) == {"p": 460, "q": 460, "r": 1000}
    # one at 100 m and 10 s from every platform: 110
    assert entered(tmp_path, here) == {"p": 110, "q": 110, "r": 1000}


def test_no_feed_is_written_where_nothing_runs(tmp_path):
    base, scenario = feed(tmp_path), tmp_path / "none.toml"
    scenario.write_text('name = "none"\n[[modification]]\ntype = "remove_line"\nroute = "r"\n')

    with pytest.raises(DataError) as caught:
        export_gtfs(tmp_path / "out.zip", NetworkFiles(gtfs=(base,)), scenario)

    assert caught.value.code == "gtfs-no-trips"
    assert not (tmp_path / "out.zip").exists()


def test_a_riding_time_that_no_bus_keeps_is_told_once_and_computed_with(tmp_path):
    calls = CALLS + trip("t", START) + trip("v", START + 3600)
    base = network(tmp_path, trips="route_id,service_id,trip_id\nr,work,t\nr,work,v\n", stop_times=calls)

    made = applied(base, Reroute("r", ("s5",), None, "s4", hop_s=(20,)))  # 0.95 km in 20 s: 171 km/h

    assert len([one for one in made.provenance.notices if one.code == "scenario"]) == 1
    assert calls_of(made, "t")[1][-1] == 1560 + 20 + 20


@pytest.mark.parametrize(
    "change",
    [
        Reroute("r", (NewStop("Gate", 31.30, 121.11),), None, "s4", hop_s=(600,)),
        AddEntrance("s1", -121.11, 31.30, 10),
    ],
)
def test_a_position_a_world_away_is_a_slip(tmp_path, change):
    assert len(problems(network(tmp_path), change)) == 1

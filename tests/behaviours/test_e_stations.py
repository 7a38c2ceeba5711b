"""RULE UNDER TEST: people get to stops of a station by its entrances and pathways, where it has any.

The world: one street of 1,000 m. The entrances E and F lie at 200 and 600 m, the stops p and q of the station
at 400 m, the stop r without a station at 1,000 m; the origin is at 0 m. Metres are seconds.
"""

import pytest

from accessibility.linking import link_transit
from accessibility.sources.gtfs import read_gtfs
from tests.builders import spots, town, walking
from tests.feeds import CALLS, codes, feed

STREET = ("A 0 0, B 1000 0", "A B")
PLACES = "E 200 0, F 600 0, p 400 0, q 400 0, r 1000 0, S 400 0, n 400 0, x 400 0"
KINDS = {"E": 2, "F": 2, "S": 1, "n": 3, "x": 4}
PATHWAYS = "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length,traversal_time\n"
WAYS = "1,E,n,1,1,,50\n2,n,p,2,1,30,\n3,n,q,4,0,,20\n4,q,F,7,0,,40\n"
"""E - n 50 s both ways; n - p stairs of 30 m both ways; n to q an escalator of 20 s; q to F out 40 s."""


def linked(folder, ways="", *, without="", radius_m=5000.0, query=None):
    """Link the world; `without` leaves stops out."""
    stops = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    at = spots(PLACES)
    for name, lon, lat in zip(at.ids, at.lon.tolist(), at.lat.tolist(), strict=True):
        parent = {"S": "", "r": "", "x": "p"}.get(name, "S")
        if name not in without:
            stops += f"{name},{name},{lat!r},{lon!r},{KINDS.get(name, 0)},{parent}\n"
    times = CALLS + "t,8:00:00,8:00:00,p,1\nt,8:05:00,8:05:00,q,2\nt,8:09:00,8:09:00,r,3\n"
    path = feed(folder, stops=stops, stop_times=times, pathways=PATHWAYS + ways if ways else None)
    timetable = read_gtfs([path])
    ends = (spots("o 0 0"), spots("z 0 0"))
    return timetable, link_transit(town(*STREET), ends, timetable, query or walking(), radius_m=radius_m)


def walks(timetable, table, row, mps=1.0):
    """Return the walks of one row as {stop: seconds}."""
    row = row if isinstance(row, int) else timetable.stop_ids.index(row)
    names = [timetable.stop_ids[stop] for stop in table.row(row)[0].tolist()]
    return dict(zip(names, table.seconds(mps, row).tolist(), strict=True))


def test_with_pathways_stops_are_reached_by_entrances_in_the_direction_of_the_ways(tmp_path):
    timetable, linkage = linked(tmp_path, WAYS)
    # by E: 200 + 50, then 2 x 30 m of stairs or the escalator
    assert walks(timetable, linkage.access, 0) == {"p": 310, "q": 270, "r": 1000}
    # from q out by F only: 40, then 600 m back
    assert walks(timetable, linkage.egress, 0) == {"p": 310, "q": 640, "r": 1000}


def test_the_stops_of_a_station_change_over_pathways_or_the_street_whichever_is_shorter(tmp_path):
    timetable, linkage = linked(tmp_path, WAYS)
    assert walks(timetable, linkage.transfers, "p") == {"p": 0, "q": 80, "r": 80 + 40 + 400}
    # from q to p: out by F, 400 m along the street, in by E
    assert walks(timetable, linkage.transfers, "q") == {"q": 0, "p": 40 + 400 + 110, "r": 40 + 400}


def test_stated_times_do_not_depend_on_the_walking_speed_lengths_do(tmp_path):
    timetable, linkage = linked(tmp_path, WAYS)
    assert walks(timetable, linkage.access, 0, mps=2.0) == {"p": 180, "q": 170, "r": 500}
    assert walks(timetable, linkage.access, 0, mps=0.5) == {"p": 570, "q": 470, "r": 2000}


def test_entrances_without_pathways_are_joined_by_straight_ways(tmp_path):
    timetable, linkage = linked(tmp_path, query=walking(detour_factor=1.5))
    assert walks(timetable, linkage.access, 0)["p"] == pytest.approx(200 + 1.5 * 200, abs=1)
    assert walks(timetable, linkage.transfers, "p")["q"] == 0, "both lie at one place"
    assert walks(timetable, linkage.transfers, "p")["r"] == pytest.approx(1.5 * 200 + 400, abs=1)


def test_without_entrances_every_stop_is_reached_where_it_lies(tmp_path):
    timetable, linkage = linked(tmp_path, without="EF")
    assert walks(timetable, linkage.access, 0) == {"p": 400, "q": 400, "r": 1000}
    assert codes(timetable, "warning") == []


def test_a_stop_that_no_pathway_joins_with_an_entrance_is_reached_where_it_lies_and_told(tmp_path):
    timetable, linkage = linked(tmp_path, "1,E,n,1,1,,50\n2,n,p,1,1,,10\n")
    assert walks(timetable, linkage.access, 0) == {"p": 260, "q": 400, "r": 1000}
    assert codes(timetable, "warning") == [], "no pathway touches q: nothing says that it is locked"
    timetable, linkage = linked(tmp_path, "1,E,n,1,1,,50\n2,p,q,1,1,,10\n")
    assert walks(timetable, linkage.access, 0) == {"p": 400, "q": 400, "r": 1000}
    assert walks(timetable, linkage.transfers, "p")["q"] == 0
    assert codes(timetable, "warning") == ["gtfs-stop-locked"] * 2


def test_boarding_areas_are_part_of_their_platform(tmp_path):
    timetable, linkage = linked(tmp_path, "1,E,x,1,1,,50\n2,x,q,1,1,,30\n")
    assert walks(timetable, linkage.access, 0) == {"p": 250, "q": 280, "r": 1000}


def test_an_exit_gate_leads_out_only_and_a_way_back_is_told(tmp_path):
    timetable, linkage = linked(tmp_path, "1,E,p,7,1,,50\n2,E,q,1,1,,30\n")
    assert "gtfs-exit-gate" in codes(timetable, "warning")
    assert walks(timetable, linkage.access, 0)["p"] == 250
    assert "p" in walks(timetable, linkage.access, 0)
    assert walks(timetable, linkage.egress, 0) == {"q": 230, "r": 1000}, "the gate leads from E to p only"


def test_a_stop_behind_entrances_counts_as_linked_where_the_nearest_one_is(tmp_path):
    timetable, linkage = linked(tmp_path, WAYS)
    p = timetable.stop_ids.index("p")
    assert linkage.stops.linked[p]
    assert linkage.stops.along_m[p] == pytest.approx(200, abs=1)


def test_people_change_at_a_stop_whose_position_nobody_knows(tmp_path):
    stops = "stop_id,stop_lat,stop_lon\na,31.3,121.1\nb,,\nc,31.3,121.13\n"
    timetable = read_gtfs([feed(tmp_path, stops=stops)])
    linkage = link_transit(
        town(*STREET), (spots("o 0 0"), spots("z 0 0")), timetable, walking(), radius_m=500.0
    )
    assert walks(timetable, linkage.transfers, "b") == {"b": 0}


def test_walks_beyond_the_radius_are_left_out(tmp_path):
    timetable, linkage = linked(tmp_path, WAYS, radius_m=250.0)
    assert walks(timetable, linkage.access, 0) == {"q": 270}, "200 m and 70 s: the radius limits metres"

"""RULE UNDER TEST: what a user asks of public transport becomes the query meant, or is refused by name."""

from dataclasses import replace
from pathlib import Path

import pytest

from accessibility.errors import UsageError
from accessibility.linking import link_transit
from accessibility.model.transit_query import ARRIVE_BY, FROM_DEPARTURE, PLANNED
from accessibility.studies.on_streets import StreetOptions
from accessibility.studies.on_transit import TransitOptions
from tests.builders import moving, spots, town, walking
from tests.transit_worlds import timetable_of


def asked(**wishes):
    streets = StreetOptions(osm=Path("town.osm"), **wishes.pop("streets", {}))
    return TransitOptions(streets, (Path("feed.zip"),), "2021-05-21", **wishes)


def test_people_walk_to_and_from_stops_from_half_past_seven_where_nothing_else_is_asked():
    query = asked().query()
    assert (query.access, query.egress, query.definition) == (None, None, FROM_DEPARTURE)
    assert query.start_s == 7 * 3600 + 1800


def test_each_leg_has_its_own_mode_speed_and_limit():
    query = asked(
        streets={"cycle_speed": 15.0, "period": "offpeak"},
        access_mode="cycle", max_access=20, egress_mode="drive", max_walk=10, max_egress=7.5,
    ).query()  # fmt: skip
    assert query.access is not None
    assert query.egress is not None
    assert (query.access.mode, query.access.max_duration_s) == ("cycle", 1200)
    assert query.access.speed_mps == pytest.approx((15 / 3.6,))
    assert (query.egress.mode, query.egress.period, query.egress.max_duration_s) == ("drive", "offpeak", 450)
    assert query.max_walk_s == 600


def test_a_leg_without_a_limit_has_that_of_a_walk_and_walking_may_have_one_of_its_own():
    query = asked(access_mode="ebike", max_egress=45, max_walk=25).query()
    assert query.access is not None
    assert query.egress is not None
    assert (query.access.mode, query.access.max_duration_s) == ("ebike", 1500)
    assert (query.egress.mode, query.egress.max_duration_s) == ("walk", 2700)


def test_definitions_are_chosen_by_their_options():
    assert asked(planned=True).query().definition == PLANNED
    backwards = asked(arrive_by="8:45").query()
    assert (backwards.definition, backwards.start_s) == (ARRIVE_BY, 8 * 3600 + 2700)


@pytest.mark.parametrize(
    ("wishes", "code", "where"),
    [
        ({"max_access": 0}, "transit-limit", "--max-access 0"),
        ({"egress_mode": "cycle", "max_egress": -3}, "transit-limit", "--max-egress -3"),
        ({"max_access": float("nan")}, "transit-limit", "--max-access nan"),
        ({"arrive_by": "late"}, "clock", "--date 2021-05-21 --arrive-by late"),
        ({"planned": True, "arrive_by": "8:00"}, "transit-definition", "--arrive-by --planned"),
    ],
)
def test_what_cannot_be_is_refused_by_name(wishes, code, where):
    with pytest.raises(UsageError) as caught:
        asked(**wishes).query()
    assert (caught.value.code, caught.value.where) == (code, where)


STREET = town("A 0 0, B 3000 0", "A B")


def linked(**feeders):
    """Two stops 300 m and 2,700 m down a street of 3 km, whose people live at its start."""
    stops = spots("s 300 0, t 2700 0")
    timetable = replace(timetable_of([], 2), stop_lon=stops.lon, stop_lat=stops.lat)
    homes = spots("home 0 0")
    return link_transit(STREET, (homes, homes), timetable, walking(), radius_m=1000, **feeders)


def row(table):
    return dict(zip(table.ways.target.tolist(), table.ways.seconds(1.0).tolist(), strict=True))


def test_ways_to_stops_by_bicycle_reach_as_far_as_their_own_limit():
    assert linked().access.target.tolist() == [0], "on foot only the near stop"
    assert row(linked(access=moving("cycle", 5.0, max_duration_s=540)).access_feeder) == {0: 60, 1: 540}
    assert row(linked(access=moving("cycle", 5.0, max_duration_s=539)).access_feeder) == {0: 60}
    assert linked().access_feeder is None


def test_ways_from_stops_are_listed_by_destination():
    table = linked(egress=moving("ebike", 5.0, max_duration_s=600)).egress_feeder
    assert table is not None
    assert (len(table.ways), table.ways.n_targets, row(table)) == (1, 2, {0: 60, 1: 540})

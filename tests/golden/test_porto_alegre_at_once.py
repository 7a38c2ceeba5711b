"""RULE UNDER TEST: on a whole city, the answers for all at once and backward are those of each origin alone.

Porto Alegre, 2019-05-13, from 14:00. No tolerance: every second of every minute.
"""

from dataclasses import replace

import numpy as np
import pytest

from accessibility.linking import link_transit
from accessibility.model.linkage import TransitLinkage, WalkTable
from accessibility.model.transit_query import ARRIVE_BY, DEFINITIONS, FROM_DEPARTURE, PLANNED
from accessibility.sources.gtfs import read_gtfs
from accessibility.sources.places import read_places
from accessibility.studies.on_streets import StreetOptions, prepare
from accessibility.studies.on_transit import TransitOptions
from accessibility.studies.progress import in_threads, silent
from accessibility.studies.queries import street_query
from accessibility.transit import drawn_days, search_query, timed_walks, transit_times
from accessibility.transit_nearest import nearest_times
from accessibility.units import UNREACHED
from tests.reference import reference

ALONE = range(0, 1227, 103)
"""Few enough origins that each is searched from by itself."""


@pytest.fixture(scope="module")
def city():
    streets = StreetOptions(osm=reference("porto_alegre/poa_osm.pbf"), walk_speed=3.6, max_duration=120)
    feeds = tuple(reference(f"porto_alegre/{feed}.zip") for feed in ("poa_eptc", "poa_trensurb"))
    options = TransitOptions(
        streets, feeds, "2019-05-13", "14:00", 30, percentiles=(5, 50, 95), max_rides=3, max_walk=30
    )
    cells = read_places(reference("porto_alegre/poa_hexgrid.csv"))
    ready = prepare(streets, cells, None, silent)
    metres = street_query(streets.defaults(), "walk", speed_kmh=3.6, use=streets.use)
    timetable = read_gtfs(options.gtfs)
    linkage = link_transit(ready.streets, (cells, cells), timetable, metres, radius_m=1800.0)
    return timetable, linkage, options.query(), cells.ids


def rows(table, some):
    parts = [table.row(i) for i in some]
    offset = np.cumsum([0, *(len(target) for target, _ in parts)])
    target, length_m = (np.concatenate(column) for column in zip(*parts, strict=True))
    return WalkTable(offset, target, length_m, table.n_targets, table.radius_m)


def attachments(attachment, some):
    return type(attachment)(
        **{
            name: getattr(attachment, name)[list(some)]
            for name in ("segment", "along_m", "snap_m", "located", "x_m", "y_m")
        }
    )


def narrowed(linkage, origins, destinations=None):
    """Keep some origins, and some destinations."""
    to = range(len(linkage.destinations)) if destinations is None else destinations
    direct = rows(linkage.direct, origins)
    if destinations is not None:
        direct = rows(direct.turned(), to).turned()
    return TransitLinkage(
        access=rows(linkage.access, origins),
        transfers=linkage.transfers,
        egress=rows(linkage.egress, to),
        direct=direct,
        stops=linkage.stops,
        origins=attachments(linkage.origins, origins),
        destinations=attachments(linkage.destinations, to),
    )


@pytest.mark.golden
@pytest.mark.parametrize("max_rides", [1, 3, 8])
def test_all_pairs_at_once_are_those_of_every_origin_by_itself(city, max_rides):
    timetable, linkage, query, ids = city
    query = replace(query, max_rides=max_rides)
    few = tuple(ids[i] for i in ALONE)
    alone = transit_times(timetable, narrowed(linkage, ALONE), query, (few, ids))
    at_once = transit_times(timetable, linkage, query, (ids, ids), map_blocks=in_threads("", silent))
    assert np.array_equal(at_once.take(origins=ALONE).duration_s, alone.duration_s)
    assert np.array_equal(at_once.take(origins=ALONE).reason, alone.reason)


MEMBERS = list(range(7, 1227, 60))


def set_of_members(city, definition):
    """The city's question by one definition, and what is asked of the set."""
    timetable, linkage, query, ids = city
    query = search_query(timetable, replace(query, definition=definition))
    days, walks = drawn_days(timetable, query), timed_walks(timetable, linkage, query)
    return (days, walks, linkage, query, (ids, ids), [MEMBERS]), query


def forward(city, query, minute):
    """Times of one minute from every cell to every member, by the matrix."""
    timetable, linkage, _query, ids = city
    to_set = narrowed(linkage, range(len(ids)), MEMBERS)
    at = replace(query, start_s=query.start_s + 60 * minute, n_minutes=1, percentiles=(50,))
    return transit_times(timetable, to_set, at, (ids, tuple(ids[j] for j in MEMBERS))).duration_s[:, :, 0]


@pytest.mark.golden
@pytest.mark.parametrize("definition", [FROM_DEPARTURE, ARRIVE_BY])
def test_backward_from_a_set_is_forward_to_its_members_for_every_cell_and_minute(city, definition):
    asked, query = set_of_members(city, definition)
    (backward,) = nearest_times(*asked)
    for minute in range(query.n_minutes):
        forward_s = forward(city, query, minute)
        assert np.array_equal(backward.minute_s[:, minute], forward_s.min(axis=1))
        reached = forward_s.min(axis=1) != UNREACHED
        who = backward.minute_member[reached, minute]
        assert np.array_equal(forward_s[reached, who], forward_s[reached].min(axis=1))
        if definition == FROM_DEPARTURE:
            assert np.array_equal(who, forward_s.argmin(axis=1)[reached])
    assert np.array_equal(np.sort(backward.minute_s, axis=1)[:, [1, 14, 28]], backward.duration_s)


@pytest.mark.golden
@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_third_nearest_is_forward_to_its_members_for_every_cell(city, definition):
    asked, query = set_of_members(city, definition)
    (first,), (third,) = nearest_times(*asked), nearest_times(*asked, rank=3)
    for minute in (13,) if definition == PLANNED else (0, 13, 29):  # the matrix takes half a minute for each
        ordered = np.sort(forward(city, query, minute), axis=1)
        assert np.array_equal(first.minute_s[:, minute], ordered[:, 0])
        assert np.array_equal(third.minute_s[:, minute], ordered[:, 2])

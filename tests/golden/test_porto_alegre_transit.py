"""RULE UNDER TEST: median travel times by bus, train and on foot agree with R5's published ones.

Porto Alegre, 2019-05-13, from public_market at 14:00, 10-minute window, 3.6 km/h, 3 rides, 60 min. R5
prints whole minutes, cut off, so its 20 means 20.0 to 20.99: at least eight of nine agree within 2 minutes
of that range.
"""

import numpy as np
import pytest

from accessibility.sources.places import read_places
from accessibility.studies.on_streets import StreetOptions
from accessibility.studies.on_transit import TransitOptions, compute_transit, prepare_transit
from accessibility.studies.progress import silent
from accessibility.transit_telling import lines_of, tell_journey
from accessibility.units import UNREACHED
from tests.reference import reference

PUBLISHED = {
    "bus_central_station": 13,
    "gasometer_museum": 12,
    "santa_casa_hospital": 13,
    "townhall": 3,
    "piratini_palace": 14,
    "metropolitan_cathedral": 15,
    "farroupilha_park": 18,
    "moinhos_de_vento_hospital": 20,
    "farrapos_station": 20,
}


def options(*feeds, window=10):
    streets = StreetOptions(osm=reference("porto_alegre/poa_osm.pbf"), walk_speed=3.6, max_duration=60)
    paths = tuple(reference(f"porto_alegre/{feed}.zip") for feed in feeds)
    return TransitOptions(streets, paths, "2019-05-13", "14:00", window, max_rides=3, max_walk=30)


@pytest.fixture(scope="module")
def points():
    return read_places(reference("porto_alegre/poa_points_of_interest.csv"))


@pytest.fixture(scope="module")
def times(points):
    return compute_transit(options("poa_eptc", "poa_trensurb"), points, points, silent)[0]


def test_at_least_eight_of_nine_published_medians_are_met_within_two_minutes(times, points):
    market = points.index("public_market")
    ours = {name: times.duration_s[market, points.index(name), 0] / 60 for name in PUBLISHED}
    met = [name for name, minutes in PUBLISHED.items() if minutes - 2 <= ours[name] <= minutes + 1 + 2]
    assert len(met) >= 8, ours


def test_the_order_of_feeds_changes_nothing(times, points):
    turned = compute_transit(options("poa_trensurb", "poa_eptc"), points, points, silent)[0]
    assert np.array_equal(turned.duration_s, times.duration_s)


def test_a_service_never_makes_anybody_slower(times, points):
    without = compute_transit(options("poa_eptc"), points, points, silent)[0]
    assert np.all(times.duration_s <= without.duration_s)


# ---- journeys


@pytest.fixture(scope="module")
def prepared(points):
    return prepare_transit(options("poa_eptc", "poa_trensurb"), points, points, silent)


def test_the_journey_of_every_pair_adds_up_to_the_matrix_to_the_second(prepared, times, points):
    search = prepared.search()
    for origin in range(len(points)):
        for destination, (way,) in enumerate(search.ways(origin, range(len(points)))):
            reported = times.duration_s[origin, destination, 0]
            assert (way is None) == (reported == UNREACHED)
            if way is not None:
                parts = way.seconds()
                assert sum(parts.values()) == reported
                assert min(parts.values()) >= 0


def test_journeys_from_the_market_are_told_with_their_lines(prepared, points):
    """The train to Farrapos is the only line there; T9 passes the university after a change."""
    search, market = prepared.search(), points.index("public_market")
    told = {}
    for destination, (way,) in enumerate(search.ways(market, range(len(points)))):
        if destination != market:
            ends, day = points.take([market, destination]), search.days[way.draw]
            journey = tell_journey(prepared.timetable, day, way, ends, level="p50")
            told[points.ids[destination]] = lines_of(prepared.timetable, day, way)
            assert len(journey.rides) == len(way.rides)
            assert all(np.isfinite(leg.distance_m) for leg in journey.legs if leg.kind != "wait")
    assert told["farrapos_station"] == "LINHA1"
    assert told["pucrs"].endswith("> T9")
    assert told["townhall"] == told["piratini_palace"] == "", "on foot"

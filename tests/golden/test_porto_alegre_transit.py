"""RULE UNDER TEST: median travel times by bus, train and on foot agree with R5's published ones.

Porto Alegre, 2019-05-13, from public_market at 14:00, 10-minute window, 3.6 km/h, 3 rides, 60 min. R5
prints whole minutes, cut off, so its 20 means 20.0 to 20.99: at least eight of nine agree within 2 minutes
of that range.
"""

import csv

import numpy as np
import pytest

from accessibility.sources.places import read_places
from accessibility.studies.nearest import write_nearest_file
from accessibility.studies.on_streets import StreetOptions
from accessibility.studies.on_transit import TransitOptions, compute_transit
from accessibility.studies.progress import silent
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


def test_the_nearest_of_a_table_by_transit_is_written_with_its_name(tmp_path):
    cells, points = (
        reference("porto_alegre/poa_hexgrid.csv"),
        reference("porto_alegre/poa_points_of_interest.csv"),
    )
    table, _notices = write_nearest_file(
        tmp_path / "nearest.csv", options("poa_eptc", "poa_trensurb"), (cells, points)
    )
    with (tmp_path / "nearest.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["origin"] for row in rows] == list(table.origin_ids)
    assert all((row["nearest"] == "") == (row["reason"] != "") for row in rows)
    assert {row["nearest"] for row in rows} <= {"", *read_places(points).ids}
    assert sum(row["nearest"] != "" for row in rows) > 1000

"""RULE UNDER TEST: in a city of square blocks every time follows from counting blocks.

Thirty-six crossings, 6 by 6, 200 m apart. A way of ``d`` blocks takes ``200 d`` seconds at 1 m/s. Along one
side of six crossings 6, 10, 8, 6, 4, 2 ordered pairs lie 0, 1, 2, 3, 4, 5 blocks apart; over both sides the
number of pairs ``d`` blocks apart is the sum of the products of the two.
"""

from collections import Counter

import numpy as np
import pytest

from accessibility.linking import link
from accessibility.measures import isochrones, nearest, opportunities
from accessibility.model.speeds import RoadSpeed, RoadSpeeds
from accessibility.model.travel_query import RANGE_LEVELS
from accessibility.travel import travel_times
from tests.builders import moving, spots, town, walking

SIDE = 6
BLOCK_M = 200
CROSSINGS = [(column, row) for row in range(SIDE) for column in range(SIDE)]
PAIRS_BY_BLOCKS = {0: 36, 1: 120, 2: 196, 3: 232, 4: 232, 5: 200, 6: 140, 7: 80, 8: 40, 9: 16, 10: 4}


def city(*, along="residential", across="residential", signals=()):
    """Lay streets of one class west-east and of another south-north; crossing (1, 2) is called ``1.2``."""
    nodes = ", ".join(f"{c}.{r} {c * BLOCK_M} {r * BLOCK_M}" for c, r in CROSSINGS)
    eastward = [f"{c}.{r} {c + 1}.{r} {along}" for c, r in CROSSINGS if c + 1 < SIDE]
    northward = [f"{c}.{r} {c}.{r + 1} {across}" for c, r in CROSSINGS if r + 1 < SIDE]
    return town(nodes, ", ".join(eastward + northward), signals=signals)


def at_crossings(crossings):
    return spots(", ".join(f"{c}.{r} {c * BLOCK_M} {r * BLOCK_M}" for c, r in crossings))


def times_between(streets, origins, destinations, query):
    linkage = link(streets, origins, destinations, query)
    return travel_times(streets, linkage, query, (origins.ids, destinations.ids))


def blocks_between(origins, destinations):
    return [[abs(a - c) + abs(b - d) for c, d in destinations] for a, b in origins]


@pytest.fixture(scope="module")
def everyone():
    return at_crossings(CROSSINGS)


@pytest.mark.parametrize(("mode", "mps"), [("walk", 1.0), ("cycle", 4.0), ("ebike", 5.0), ("drive", 8.0)])
def test_every_pair_of_crossings_takes_its_blocks(everyone, mode, mps):
    duration_s = times_between(city(), everyone, everyone, moving(mode, mps)).level("mid")
    expected = BLOCK_M / mps * np.array(blocks_between(CROSSINGS, CROSSINGS))
    assert duration_s.tolist() == expected.astype(int).tolist()


def test_walking_times_over_all_pairs_are_distributed_as_counted(everyone):
    duration_s = times_between(city(), everyone, everyone, walking()).level("mid")
    assert Counter(duration_s.ravel().tolist()) == {200 * d: n for d, n in PAIRS_BY_BLOCKS.items()}
    assert sum(PAIRS_BY_BLOCKS.values()) == 36 * 36


def test_lengths_are_those_of_the_blocks_walked(everyone):
    distance_m = times_between(city(), everyone, everyone, walking()).distance_m[:, :, 0]
    np.testing.assert_allclose(distance_m, 200.0 * np.array(blocks_between(CROSSINGS, CROSSINGS)), atol=1e-3)


def test_from_the_middle_of_a_block_every_way_begins_and_ends_with_half_a_block():
    middles = [(c, r) for r in range(SIDE) for c in range(SIDE - 1)]
    places = spots(", ".join(f"{c}.{r} {c * BLOCK_M + 100} {r * BLOCK_M}" for c, r in middles))
    duration_s = times_between(city(), places, places, walking()).level("mid")
    assert duration_s.tolist() == [[200 * _between_middles(a, b) for b in middles] for a in middles]


def test_a_signal_at_every_crossing_is_waited_for_once_per_crossing_passed():
    middles = [(c, r) for r in range(SIDE) for c in range(SIDE - 1)]
    places = spots(", ".join(f"{c}.{r} {c * BLOCK_M + 100} {r * BLOCK_M}" for c, r in middles))
    streets = city(signals=[f"{c}.{r}" for c, r in CROSSINGS])
    query = moving("drive", 10.0, signal_delay_s=(7.0,))
    duration_s = times_between(streets, places, places, query).level("mid")
    assert duration_s.tolist() == [[(20 + 7) * _between_middles(a, b) for b in middles] for a in middles], (
        "as many crossings as blocks lie between two middles"
    )


def _between_middles(a, b):
    """Count the blocks between two middles; on another street of the same column: half, straight on, half."""
    columns, rows = abs(a[0] - b[0]), abs(a[1] - b[1])
    return rows + 1 if columns == 0 and rows > 0 else columns + rows


def test_driving_is_faster_along_avenues_than_across_them_in_low_mid_and_high(everyone):
    streets = city(along="primary", across="residential")
    rows = (
        RoadSpeed("road", "", "peak", 2.0, 4.0, 5.0, "U", "test"),
        RoadSpeed("primary", "", "peak", 5.0, 10.0, 20.0, "U", "test"),
    )
    query = moving(
        "drive",
        levels=RANGE_LEVELS,
        speed_mps=(),
        connector_mps=(1.0,) * 3,
        road_speeds=RoadSpeeds(rows),
        period="peak",
    )
    duration_s = times_between(streets, everyone, everyone, query).duration_s
    expected = [
        [
            [10 * abs(a - c) + 40 * abs(b - d), 20 * abs(a - c) + 50 * abs(b - d),
             40 * abs(a - c) + 100 * abs(b - d)]
            for c, d in CROSSINGS
        ]
        for a, b in CROSSINGS
    ]  # fmt: skip
    assert duration_s.tolist() == expected


def test_two_facilities_at_opposite_corners_share_the_city_and_the_first_named_has_the_middle(everyone):
    """15 crossings lie nearer to each; the 6 on the diagonal are 5 blocks from both."""
    facilities = at_crossings([(0, 0), (5, 5)])
    table = nearest(times_between(city(), everyone, facilities, walking()), target="facility")
    assert Counter(row[0] for row in table.nearest_ids) == {"0.0": 15 + 6, "5.5": 15}
    assert Counter(table.values[:, 0].tolist()) == {0: 2, 200: 4, 400: 6, 600: 8, 800: 10, 1000: 6}


def test_three_facilities_at_three_corners_share_the_city_as_counted(everyone):
    """A quarter of 9 for each corner; of the fourth quarter 3 lie nearer to each and 3 on its diagonal."""
    facilities = at_crossings([(0, 0), (5, 0), (0, 5)])
    table = nearest(times_between(city(), everyone, facilities, walking()), target="facility")
    assert Counter(row[0] for row in table.nearest_ids) == {"0.0": 9, "5.0": 9 + 3 + 3, "0.5": 9 + 3}


def test_the_second_nearest_of_two_is_the_other_one(everyone):
    facilities = at_crossings([(0, 0), (5, 5)])
    times = times_between(city(), everyone, facilities, walking())
    first, second = nearest(times, target="facility"), nearest(times, target="facility", rank=2)
    assert (first.values + second.values).ravel().tolist() == [200 * 10] * 36
    assert Counter(row[0] for row in second.nearest_ids) == {"0.0": 15, "5.5": 21}


def test_as_many_lie_within_reach_as_there_are_crossings_within_so_many_blocks():
    """From a corner: 1, 2, 3, … crossings at 0, 1, 2, … blocks."""
    corner = at_crossings([(0, 0)])
    everyone = at_crossings(CROSSINGS)
    times = times_between(city(), corner, everyone, walking())
    cutoffs_s = (0, 199, 200, 400, 1000, 2000)
    table = opportunities(times, target="all", count=np.ones(36), cutoffs_s=cutoffs_s, level="mid")
    assert table.values.tolist() == [[1, 1, 3, 6, 21, 36]]


def test_streets_reached_from_a_corner_are_counted_block_by_block():
    """Two blocks, then four; of the six beyond, half of each; an hour reaches all 60."""
    streets, query = city(), walking()
    corner = at_crossings([(0, 0)])
    linkage = link(streets, corner, corner, query)
    drawn = isochrones(
        streets, linkage, query, corner.ids, cutoffs_s=(200, 400, 500, 3600), level="mid", buffer_m=20.0
    )
    reached_m = [one.street_km * 1000 for one in drawn]
    assert reached_m == pytest.approx([2 * 200, 6 * 200, 6 * 200 + 6 * 100, 60 * 200], abs=1e-3)

"""RULE UNDER TEST: a measure sums up travel times without losing an origin, a level or a reason.

Opportunities weighted 1, 2, 4, 8, … make their sum a bitmask of who was reached.
"""

import numpy as np
import pytest
import shapely

from accessibility.errors import AccessibilityError
from accessibility.linking import link
from accessibility.measures import isochrones, nearest, opportunities
from accessibility.model import reasons
from accessibility.model.projection import project
from accessibility.model.speeds import RoadSpeed, RoadSpeeds
from accessibility.model.travel_query import RANGE_LEVELS
from accessibility.model.travel_times import TravelTimes
from accessibility.travel import travel_times
from accessibility.units import UNREACHED
from tests.builders import CRS, ORIGIN_M, moving, spots, town, walking

NAN = float("nan")
FAR, LOST, NO_WAY = reasons.BEYOND_LIMITS, reasons.DESTINATION_NO_POSITION, reasons.NO_WAY


def given(*rows, levels=("mid",), why=None):
    """Make travel times: a row per origin; per destination a number (s) or one per level, None unreached."""
    duration_s = np.array(
        [
            [
                [UNREACHED if s is None else s for s in (cell if isinstance(cell, tuple) else (cell,))]
                for cell in row
            ]
            for row in rows
        ],
        dtype=np.int32,
    ).reshape(len(rows), -1, len(levels))
    reached = (duration_s != UNREACHED).any(axis=2)
    reason = np.where(reached, reasons.REACHED, FAR if why is None else np.array(why))
    n = len(levels)
    return TravelTimes(
        origin_ids=tuple(f"o{i}" for i in range(len(rows))),
        destination_ids=tuple("abcdefgh"[: duration_s.shape[1]]),
        duration_s=duration_s,
        distance_m=np.where(duration_s == UNREACHED, np.nan, duration_s * 2.0),
        reason=reason.astype(np.int8),
        query=walking(levels=levels, connector_mps=(1.0,) * n, speed_mps=(1.0,) * n),
    )


def answer(table):
    values = [[None if np.isnan(v) else v for v in row] for row in table.values.tolist()]
    return values, table.nearest_ids, table.reason.tolist()


# ---- nearest


def test_the_nearest_is_named_with_its_time_and_the_length_of_the_way():
    table = nearest(given([300, 200, 900]), target="school", as_of="2021-05-21")
    assert answer(table) == ([[200.0]], (("b",),), [reasons.REACHED])
    assert table.distance_m.tolist() == [[400.0]]
    assert (table.measure, table.target, table.mode, table.as_of) == (
        "nearest",
        "school",
        "walk",
        "2021-05-21",
    )


def test_of_destinations_equally_near_the_first_named_counts():
    assert answer(nearest(given([300, 200, 200], [50, 50, 50]), target="x")) == (
        [[200.0], [50.0]],
        (("b",), ("a",)),
        [0, 0],
    )


@pytest.mark.parametrize(
    ("rank", "expected"),
    [
        (1, ([[100.0]], (("c",),), [reasons.REACHED])),
        (2, ([[200.0]], (("a",),), [reasons.REACHED])),
        (3, ([[200.0]], (("d",),), [reasons.REACHED])),
        (4, ([[None]], (("",),), [FAR])),
        (5, ([[None]], (("",),), [reasons.NO_SUCH_DESTINATION])),
    ],
)
def test_the_nth_nearest_counts_on_in_order_of_time_then_of_name(rank, expected):
    assert answer(nearest(given([200, None, 100, 200]), target="x", rank=rank)) == expected


def test_a_rank_above_the_number_of_destinations_has_no_such_destination():
    table = nearest(given([200, 100]), target="x", rank=3)
    assert answer(table) == ([[None]], (("",),), [reasons.NO_SUCH_DESTINATION])


def test_a_rank_nobody_can_have_is_one_reason_for_all_origins_whatever_else_is_wrong_with_them():
    own = reasons.ORIGIN_NOT_LINKED
    table = nearest(given([100, None], [None, None], why=[[FAR, FAR], [own, own]]), target="x", rank=3)
    assert table.reason.tolist() == [reasons.NO_SUCH_DESTINATION] * 2


@pytest.mark.parametrize("rank", [0, -1])
def test_a_rank_below_one_is_refused(rank):
    with pytest.raises(AccessibilityError):
        nearest(given([200, 100, 300]), target="x", rank=rank)


def test_an_empty_set_of_destinations_keeps_every_origin_with_its_reason():
    times = given([300], [200]).take(destinations=[])
    assert answer(nearest(times, target="line14")) == (
        [[None], [None]],
        (("",), ("",)),
        [reasons.NO_SUCH_DESTINATION] * 2,
    )


def test_every_level_has_its_own_nearest():
    times = given([(100, 300, 500), (200, 250, 600)], levels=("low", "mid", "high"))
    assert answer(nearest(times, target="x")) == ([[100, 250, 500]], (("a", "b", "a"),), [0])


def test_a_level_that_is_not_reached_is_empty_beside_one_that_is():
    times = given([(100, None), (200, 150)], [(None, None), (None, None)], levels=("low", "high"))
    assert answer(nearest(times, target="x")) == (
        [[100, 150], [None, None]],
        (("a", "b"), ("", "")),
        [reasons.REACHED, FAR],
    )


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ([[LOST, FAR]], FAR),
        ([[LOST, NO_WAY]], NO_WAY),
        ([[reasons.DESTINATION_NOT_LINKED, LOST]], reasons.DESTINATION_NOT_LINKED),
        ([[NO_WAY, FAR]], FAR),
        ([[reasons.ORIGIN_NOT_LINKED] * 2], reasons.ORIGIN_NOT_LINKED),
        ([[reasons.ORIGIN_NO_POSITION] * 2], reasons.ORIGIN_NO_POSITION),
    ],
)
def test_of_several_reasons_the_one_nearest_to_an_answer_is_told(why, told):
    assert answer(nearest(given([None, None], why=why), target="x")) == ([[None]], (("",),), [told])


# ---- opportunities


LINE = "A 0 0, B 3000 0"
STOPS = spots("a 0 0, b 300 0, c 600 0, d 601 0, e 1200 0, f ? ?, g 600 3000")
WEIGHTS = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0])


def test_the_sum_is_a_bitmask_of_who_was_reached():
    streets, query = town(LINE, "A B"), walking(max_duration_s=1000)
    origins = spots("o 0 0, p 600 0, far 0 5000, lost ? ?")
    linkage = link(streets, origins, STOPS, query)
    times = travel_times(streets, linkage, query, (origins.ids, STOPS.ids))
    table = opportunities(
        times, target="stops", count=WEIGHTS, cutoffs_s=(0, 299, 300, 600, 1000, 100_000), level="mid"
    )
    a, b, c, d, e = WEIGHTS[:5].tolist()
    assert answer(table)[0] == [
        [a, a, a + b, a + b + c, a + b + c + d, a + b + c + d],
        [c, c + d, b + c + d, a + b + c + d + e, a + b + c + d + e, a + b + c + d + e],
        [None] * 6,
        [None] * 6,
    ]
    assert table.reason.tolist() == [0, 0, reasons.ORIGIN_NOT_LINKED, reasons.ORIGIN_NO_POSITION]
    assert table.columns == ("0", "4.98333", "5", "10", "16.6667", "1666.67")


def counted(*rows, why=None, cutoffs_s=(100, 300)):
    times = given(*rows, why=why)
    count = np.ones(times.duration_s.shape[1])
    return answer(opportunities(times, target="x", count=count, cutoffs_s=cutoffs_s, level="mid"))


@pytest.mark.parametrize("why", [FAR, NO_WAY, reasons.DESTINATION_NOT_LINKED, LOST])
def test_an_origin_on_the_network_that_reaches_nothing_in_time_has_a_true_zero(why):
    assert counted([None, None], why=[[why, why]]) == ([[0.0, 0.0]], (), [reasons.REACHED])


@pytest.mark.parametrize("own", [reasons.ORIGIN_NO_POSITION, reasons.ORIGIN_NOT_LINKED])
def test_an_origin_that_no_street_reaches_has_no_count_but_its_own_reason(own):
    assert counted([None, None], [50, None], why=[[own, LOST], [FAR, FAR]]) == (
        [[None, None], [1.0, 1.0]],
        (),
        [own, reasons.REACHED],
    )


def test_what_an_origin_without_a_street_reaches_beside_the_streets_counts():
    own = reasons.ORIGIN_NOT_LINKED
    assert counted([200, None], why=[[own, own]]) == ([[0.0, 1.0]], (), [reasons.REACHED])


def test_a_cutoff_is_inclusive_to_the_second():
    table = opportunities(
        given([599, 600, 601]), target="x", count=np.array([1.0, 2.0, 4.0]), cutoffs_s=(600,), level="mid"
    )
    assert (table.values.tolist(), table.columns, table.reason.tolist()) == ([[1.0 + 2.0]], ("10",), [0])


def test_what_is_counted_within_a_cutoff_is_that_of_the_level_asked_for():
    times = given([(500, 700, 900), (100, None, None)], levels=("low", "mid", "high"))
    count = np.array([1.0, 2.0])
    sums = [
        opportunities(times, target="x", count=count, cutoffs_s=(700,), level=level).values.item()
        for level in ("low", "mid", "high")
    ]
    assert sums == [3.0, 1.0, 0.0]


def test_what_is_not_reached_never_counts_however_long_the_cutoff():
    table = opportunities(
        given([100, None]),
        target="x",
        count=np.array([1.0, 2.0]),
        cutoffs_s=(7200, UNREACHED - 1),
        level="mid",
    )
    assert table.values.tolist() == [[1.0, 1.0]]


def test_where_there_is_nothing_to_reach_every_origin_counts_nothing():
    times = given([100], [200]).take(destinations=[])
    table = opportunities(times, target="x", count=np.empty(0), cutoffs_s=(900, 1800), level="mid")
    assert (table.values.tolist(), table.columns) == ([[0.0, 0.0], [0.0, 0.0]], ("15", "30"))


# ---- isochrones


BUFFER_M = 25.0


def drawn(streets, origins, query, *cutoffs_s, buffer_m=BUFFER_M):
    linkage = link(streets, origins, origins.take([]), query)
    return isochrones(
        streets, linkage, query, origins.ids, cutoffs_s=cutoffs_s, level="mid", buffer_m=buffer_m
    )


def in_metres(area):
    """Bring an area back to the metres of `town`."""

    def back(lon_lat):
        x_m, y_m = project(lon_lat[:, 0], lon_lat[:, 1], CRS)
        return np.column_stack([x_m - ORIGIN_M[0], y_m - ORIGIN_M[1]])

    return shapely.transform(area, back)


def holds(area, points):
    return shapely.contains_xy(in_metres(area), np.array(points, float)).tolist()


def test_the_area_around_a_straight_street_holds_what_is_reached_and_nothing_beyond():
    streets = town("A 0 0, B 700 0, C 2000 0", "A B, B C")
    along = range(0, 2001, 10)
    for one in drawn(streets, spots("o 1000 0"), walking(), 300, 600):
        reached = [x for x in along if abs(x - 1000) <= one.cutoff_s]
        beyond = [x for x in along if abs(x - 1000) > one.cutoff_s + BUFFER_M]
        assert all(holds(one.area, [(x, 0) for x in reached])), one.cutoff_s
        assert not any(holds(one.area, [(x, 0) for x in beyond])), one.cutoff_s
        assert not any(holds(one.area, [(x, y) for x in along for y in (-26, 26)])), "beside the strip"


def test_the_size_of_the_area_and_the_length_of_its_streets_are_those_of_the_strip():
    (one,) = drawn(town("A 0 0, B 2000 0", "A B"), spots("o 1000 0"), walking(), 300)
    assert one.street_km == pytest.approx(0.6, abs=1e-6)
    assert one.area_km2 == pytest.approx((600 * 50 + np.pi * 25**2) / 1e6, rel=0.01)
    assert (one.origin_id, one.mode, one.level, one.cutoff_s) == ("o", "walk", "mid", 300)


def test_a_street_with_the_origin_in_its_middle_counts_once():
    streets = town("A 0 0, B 500 0, C 2000 0", "A B, B C")
    assert [one.street_km for one in drawn(streets, spots("o 250 0"), walking(), 200, 300, 600)] == [
        pytest.approx(km, abs=1e-6) for km in (0.4, 0.25 + 0.25 + 0.05, 0.5 + 0.35)
    ]


def test_a_car_in_a_one_way_street_reaches_what_lies_ahead_and_not_what_lies_behind():
    streets = town("A 0 0, B 1000 0, C 1000 1000, D 0 1000", "A B oneway, B C oneway, C D oneway, D A oneway")
    by_car, later = drawn(streets, spots("o 500 0"), moving("drive"), 300, 700)
    assert all(holds(by_car.area, [(x, 0) for x in range(500, 801, 10)]))
    assert not any(holds(by_car.area, [(x, 0) for x in (*range(0, 475, 10), *range(830, 1001, 10))]))
    assert all(holds(later.area, [(1000, y) for y in range(0, 201, 10)]))
    assert not any(holds(later.area, [(x, 0) for x in range(0, 475, 10)] + [(1000, 230)]))
    (on_foot,) = drawn(streets, spots("o 500 0"), walking(), 300)
    assert all(holds(on_foot.area, [(x, 0) for x in range(200, 801, 10)]))


def test_a_car_that_goes_all_the_way_round_reaches_what_lies_behind_it_too():
    streets = town("A 0 0, B 1000 0, C 1000 1000, D 0 1000", "A B oneway, B C oneway, C D oneway, D A oneway")
    (one,) = drawn(streets, spots("o 500 0"), moving("drive"), 3700)
    assert all(holds(one.area, [(x, 0) for x in range(0, 201, 10)]))
    assert not any(holds(one.area, [(x, 0) for x in range(230, 471, 10)]))


def test_the_way_to_the_street_is_taken_from_the_time():
    streets = town("A 0 0, B 2000 0", "A B")
    (one,) = drawn(streets, spots("o 1000 100"), walking(detour_factor=1.5), 400)
    assert one.street_km == pytest.approx(2 * (400 - 150) / 1000, abs=1e-6)
    (too_short,) = drawn(streets, spots("o 1000 100"), walking(detour_factor=1.5), 150)
    assert (too_short.area.is_empty, too_short.street_km) == (True, 0.0)


def test_waiting_at_a_signal_is_taken_from_the_time():
    streets = town("A 0 0, B 1000 0, C 2000 0", "A B, B C", signals="B")
    (one,) = drawn(streets, spots("o 900 0"), moving("drive", signal_delay_s=(60.0,)), 300)
    assert all(holds(one.area, [(x, 0) for x in range(600, 1141, 10)]))
    assert not any(holds(one.area, [(x, 0) for x in (570, 1170)]))


@pytest.fixture(scope="module")
def growing_areas():
    """Areas of every minute up to twenty, in a town of 5 x 5 crossings that are not quite square."""
    letters = [(c, r) for r in range(5) for c in range(5)]
    nodes = ", ".join(f"{c}.{r} {c * 190 + 17 * (r % 2)} {r * 210 + 23 * (c % 3)}" for c, r in letters)
    eastward = [f"{c}.{r} {c + 1}.{r}" for c, r in letters if c < 4]
    northward = [f"{c}.{r} {c}.{r + 1}" for c, r in letters if r < 4]
    streets = town(nodes, ", ".join(eastward + northward))
    areas = drawn(streets, spots("o 310 275"), walking(), *range(60, 1201, 60), buffer_m=60.0)
    return [in_metres(one.area) for one in areas]


def test_areas_grow_with_the_cutoff_as_far_as_the_drawing_is_not_smoothed(growing_areas):
    """Either outline may be smoothed by a twentieth of the strip's half-width, 3 m."""
    sizes = [area.area for area in growing_areas]
    assert sizes == sorted(sizes)
    for shorter, longer in zip(growing_areas, growing_areas[1:], strict=False):
        assert longer.buffer(2 * 3.0 + 0.01).contains(shorter)


def test_the_area_of_a_longer_cutoff_holds_that_of_a_shorter_one(growing_areas):
    pairs = zip(growing_areas, growing_areas[1:], strict=False)
    assert max(shorter.difference(longer).area for shorter, longer in pairs) < 1.0


def test_an_origin_that_is_not_linked_has_an_empty_area():
    streets = town("A 0 0, B 2000 0", "A B")
    areas = drawn(streets, spots("far 1000 5000, lost ? ?"), walking(), 600, 1200)
    assert [(one.origin_id, one.area.is_empty, one.area_km2, one.street_km) for one in areas] == [
        ("far", True, 0.0, 0.0),
        ("far", True, 0.0, 0.0),
        ("lost", True, 0.0, 0.0),
        ("lost", True, 0.0, 0.0),
    ]


@pytest.mark.parametrize(("cutoff_s", "radius_m"), [(500, 400.0), (1000, 800.0), (3000, 800.0)])
def test_beside_a_sketch_of_streets_the_circle_walked_off_the_network_belongs_to_the_area(cutoff_s, radius_m):
    streets = town("A 0 0, B 2000 0", "A B")
    query = walking(off_network_m=800.0, detour_factor=1.25)
    (one,) = drawn(streets, spots("far 1000 5000"), query, cutoff_s)
    assert one.area_km2 == pytest.approx(np.pi * radius_m**2 / 1e6, rel=0.01)
    assert holds(one.area, [(1000 + radius_m - 5, 5000), (1000 + radius_m + 5, 5000)]) == [True, False]
    assert one.street_km == 0.0


def test_a_car_walks_no_circle_and_a_place_without_position_has_none():
    streets = town("A 0 0, B 2000 0", "A B")
    by_car = moving(
        "drive",
        levels=RANGE_LEVELS,
        speed_mps=(),
        connector_mps=(1.0,) * 3,
        road_speeds=RoadSpeeds((RoadSpeed("road", "", "peak", 1.0, 1.0, 1.0, "U", "test"),)),
        period="peak",
        off_network_m=800.0,
    )
    on_foot = walking(off_network_m=800.0)
    areas = (
        *drawn(streets, spots("far 1000 5000"), by_car, 500),
        *drawn(streets, spots("o ? ?"), on_foot, 500),
    )
    assert [one.area.is_empty for one in areas] == [True, True]


def test_areas_come_origin_by_origin_and_cutoff_by_cutoff():
    streets = town("A 0 0, B 2000 0", "A B")
    areas = drawn(streets, spots("p 500 0, o 1000 0"), walking(), 600, 300)
    assert [(one.origin_id, one.cutoff_s) for one in areas] == [
        ("p", 300),
        ("p", 600),
        ("o", 300),
        ("o", 600),
    ]

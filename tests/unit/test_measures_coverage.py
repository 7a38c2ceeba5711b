"""RULE UNDER TEST: coverage is told along streets and in a straight line, and never hides what is unknown."""

from dataclasses import replace

import numpy as np
import pytest

from accessibility.errors import ModelError
from accessibility.linking import link
from accessibility.measures import coverage
from accessibility.model.speeds import RoadSpeed, RoadSpeeds
from accessibility.model.standard import Standard
from accessibility.model.travel_query import RANGE_LEVELS
from accessibility.travel import travel_times
from tests.builders import moving, spots, town, walking
from tests.measure_worlds import given

SCHOOL = Standard(
    id="school",
    title="小学",
    title_en="primary school",
    clause="",
    use="coverage",
    kinds=("school_primary",),
    low=500,
    high=500,
    unit="m",
    measured="unstated",
    share=None,
    share_of="",
    scope="",
    mark="S",
    source="a text",
)
ROUND_THE_CORNER = town("A 0 0, B 400 0, C 400 400", "A B, B C")


def measured(origins, places, standard=SCHOOL, *, streets=ROUND_THE_CORNER, query=None, **more):
    query = query or walking()
    times = travel_times(streets, link(streets, origins, places, query), query, (origins.ids, places.ids))
    return coverage(times, target="x", standard=standard, ends=(origins, places), level="mid", **more)


def test_round_the_corner_is_near_in_a_straight_line_and_far_along_the_street():
    """From (0, 0) to (400, 300): 500 m straight, 700 m along the street."""
    by_street, straight = measured(spots("a 0 0, b 300 0"), spots("s 400 299"))

    assert (by_street.way, straight.way) == ("network", "straight")
    assert by_street.measured.tolist() == pytest.approx([699, 399], abs=0.5)
    assert straight.measured.tolist() == pytest.approx([499.4, 315.3], abs=0.5)
    assert (by_street.covered.tolist(), straight.covered.tolist()) == ([0, 1], [1, 1])
    assert (by_street.cell_share, straight.cell_share) == (0.5, 1.0)
    assert (by_street.mode, straight.mode) == ("walk", "")


def test_people_are_counted_where_they_are_given():
    by_street, straight = measured(spots("a 0 0, b 300 0"), spots("s 400 299"), people=np.array([30.0, 10.0]))
    assert (by_street.people_share, straight.people_share) == (0.25, 1.0)
    (without, _straight) = measured(spots("a 0 0, b 300 0"), spots("s 400 299"))
    assert np.isnan(without.people_share)


def test_a_range_is_held_against_at_both_ends():
    found = measured(spots("a 0 0"), spots("s 400 299"), replace(SCHOOL, low=600, high=800))
    assert [(one.figure, one.way, one.cell_share) for one in found] == [
        (600, "network", 0),
        (600, "straight", 1),
        (800, "network", 1),
        (800, "straight", 1),
    ]


def test_cells_without_street_or_position_are_unknown_and_open_the_share():
    """Of four cells one is near, one far, one has no street, one no position."""
    origins = spots("near 400 200, far 0 0, lost ? ?, off 0 9000")
    by_street, straight = measured(origins, spots("s 400 399"), people=np.array([1.0, 2.0, 3.0, 4.0]))

    assert (by_street.n_unknown, straight.n_unknown) == (2, 1)
    assert (by_street.cell_share, by_street.cell_range) == (0.5, (0.25, 0.75))
    assert by_street.people_share == pytest.approx(1 / 3)
    assert by_street.people_range == pytest.approx((0.1, 0.8))
    assert straight.cell_range == (0.25, 0.5)


@pytest.mark.parametrize(
    ("share", "met"), [(0.25, True), (0.3, None), (0.75, None), (0.8, False), (None, None)]
)
def test_a_required_share_is_met_only_if_the_unknown_cannot_change_it(share, met):
    origins = spots("near 400 200, far 0 0, lost ? ?, off 0 9000")
    by_street, _straight = measured(origins, spots("s 400 399"), replace(SCHOOL, share=share))
    assert by_street.met is met


def test_places_without_a_street_or_position_are_counted():
    by_street, straight = measured(spots("a 0 0"), spots("s 400 399, off 0 9000, lost ? ?"))
    assert (by_street.n_places, by_street.n_places_unknown, straight.n_places_unknown) == (3, 2, 1)


def test_where_there_is_no_such_place_nobody_is_covered():
    streets, query = ROUND_THE_CORNER, walking()
    origins, none = spots("a 0 0, lost ? ?"), spots("s 0 0").take([])
    times = travel_times(streets, link(streets, origins, none, query), query, (origins.ids, ()))
    for one in coverage(times, target="x", standard=SCHOOL, ends=(origins, none), level="mid"):
        assert one.cell_range[0] == 0


def test_a_result_says_that_its_figure_is_unverified():
    unchecked = measured(spots("a 0 0"), spots("s 400 0"), replace(SCHOOL, mark="U"))
    checked = measured(spots("a 0 0"), spots("s 400 0"))
    assert [one.verified for one in (*unchecked, *checked)] == [False, False, True, True]


def test_minutes_are_held_against_the_travel_time():
    within = replace(SCHOOL, low=10, high=10, unit="min", measured="network")
    (one,) = measured(spots("a 0 0, b 300 0"), spots("s 400 299"), within)
    assert (one.way, one.covered.tolist()) == ("time", [0, 1])
    assert one.measured.tolist() == pytest.approx([699 / 60, 399 / 60], abs=0.02)


@pytest.mark.parametrize(
    ("standard", "query", "code"),
    [
        (SCHOOL, walking(max_duration_s=499), "coverage-limit"),
        (replace(SCHOOL, low=10, high=10, unit="min"), walking(max_duration_s=599), "coverage-limit"),
    ],
)
def test_times_that_stop_short_of_the_figure_are_refused(standard, query, code):
    with pytest.raises(ModelError) as caught:
        measured(spots("a 0 0"), spots("s 400 0"), standard, query=query)
    assert caught.value.code == code


def test_the_limit_may_be_the_figure_itself():
    (by_street, _straight) = measured(spots("a 0 0"), spots("s 400 99"), query=walking(max_duration_s=500))
    assert by_street.covered.tolist() == [1]


def test_places_that_are_not_those_of_the_times_are_refused():
    times = given([5])
    with pytest.raises(ModelError) as caught:
        coverage(times, target="x", standard=SCHOOL, ends=(spots("a 0 0"), spots("s 0 0")), level="mid")
    assert caught.value.code == "coverage-ends"


def test_people_that_are_not_one_number_per_cell_are_refused():
    with pytest.raises(ModelError) as caught:
        measured(spots("a 0 0"), spots("s 400 0"), people=np.array([1.0, 2.0]))
    assert caught.value.code == "amounts-shape"


def test_a_longer_radius_never_covers_less():
    origins = spots(", ".join(f"c{x} {x} 0" for x in range(0, 401, 20)))
    for way in (0, 1):
        figures = range(50, 900, 50)
        found = [
            measured(origins, spots("s 400 299"), replace(SCHOOL, low=m, high=m))[way].cell_share
            for m in figures
        ]
        assert found == sorted(found)
        assert (found[0], found[-1]) == (0, 1)


def test_metres_by_bicycle_are_measured_and_by_car_refused():
    by_bicycle, _straight = measured(spots("a 0 0"), spots("s 400 0"), query=moving("cycle", 3.0))
    assert by_bicycle.measured.tolist() == pytest.approx([400], abs=0.5)
    with pytest.raises(ModelError) as caught:
        measured(spots("a 0 0"), spots("s 400 0"), query=by_car())
    assert caught.value.code == "coverage-mode"


def by_car():
    speeds = RoadSpeeds((RoadSpeed("road", "", "peak", 1.0, 1.0, 1.0, "U", "test"),))
    three = {"levels": RANGE_LEVELS, "speed_mps": (), "connector_mps": (1.0,) * 3}
    return moving("drive", road_speeds=speeds, period="peak", **three)

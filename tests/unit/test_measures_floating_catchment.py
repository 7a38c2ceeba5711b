"""RULE UNDER TEST: supply is shared with everyone whom it reaches, and none of it is lost or made.

The worked example of PySAL's ``access``: 5 x 5 cells of supply 1, any 5 of them with demand 1. An unlimited
catchment gives everyone 25 / 5 = 5, one that holds the own cell only gives 1, an empty one gives no value.
"""

import numpy as np
import pytest
from hypothesis import given as with_any
from hypothesis import strategies as st

from accessibility.errors import ModelError
from accessibility.measures import floating_catchment
from accessibility.measures.decay import Exponential, Gaussian, Step, Within, Zones
from tests.measure_worlds import given, rows

UNLIMITED, OWN_CELL, EMPTY = Step(10_000), Step(59), Step(9)


def five_by_five(cells):
    """Times from some cells to all: 10 s within a cell, a minute per cell further, as the crow flies."""
    grid = [(x, y) for x in range(5) for y in range(5)]
    return given(
        *(
            [round(60 * np.hypot(x - grid[cell][0], y - grid[cell][1])) or 10 for x, y in grid]
            for cell in cells
        )
    )


def shared(times, *, count=None, demand=None, decay):
    n_origins, n_destinations = times.reason.shape
    return floating_catchment(
        times,
        target="x",
        count=np.ones(n_destinations) if count is None else np.array(count, float),
        demand=np.ones(n_origins) if demand is None else np.array(demand, float),
        decay=decay,
        level="mid",
    )


@with_any(st.permutations(range(25)).map(lambda cells: sorted(cells[:5])))
def test_any_five_of_25_cells_have_5_1_and_no_value(cells):
    times = five_by_five(cells)

    unlimited = shared(times, decay=UNLIMITED)
    np.testing.assert_allclose(unlimited.values, 5.0)
    assert (unlimited.values.T @ np.ones(5)).item() == pytest.approx(25.0)
    assert shared(times, decay=OWN_CELL).values.tolist() == [[1.0]] * 5
    assert rows(shared(times, decay=EMPTY)) == ([[None]] * 5, ["beyond-limits"] * 5)


def test_two_villages_share_a_hospital_and_one_has_another_besides():
    """A (100 people) reaches both hospitals, B (300) only the first: 40/400 = 0.1; 50/100 = 0.5."""
    times = given([300, 600], [600, None])
    table = shared(times, count=[40, 50], demand=[100, 300], decay=Step(900))
    assert rows(table) == ([[pytest.approx(0.6)], [pytest.approx(0.1)]], ["", ""])


def test_the_enhanced_form_weighs_zones_in_both_steps():
    """A at 5 min and B at 15 min of one clinic of 10: 10 / (100 + 0.5 * 200) = 0.05, B gets half of it."""
    times = given([300], [900])
    table = shared(times, count=[10], demand=[100, 200], decay=Zones(((600, 1.0), (1200, 0.5))))
    assert table.values.ravel().tolist() == pytest.approx([0.05, 0.025])
    assert table.columns == ("zones 10:1 20:0.5",)


def test_a_place_without_people_is_measured_but_claims_nothing():
    times = given([100], [100])
    assert rows(shared(times, count=[6], demand=[3, 0], decay=Step(900))) == ([[2.0], [2.0]], ["", ""])


def test_supply_that_nobody_claims_has_no_ratio():
    times = given([100, None], [None, 100])
    assert rows(shared(times, demand=[3, 0], decay=Step(900))) == (
        [[pytest.approx(1 / 3)], [None]],
        ["", "no-demand"],
    )


def test_origins_without_a_street_or_a_destination_keep_their_row():
    times = given([100], [None], [None], why=[[0], [3], [1]])
    assert rows(shared(times, decay=Step(900))) == (
        [[1.0], [None], [None]],
        ["", "origin-not-linked", "origin-no-position"],
    )
    nowhere = given([100], [200]).take(destinations=[])
    assert rows(shared(nowhere, decay=Step(900))) == ([[None]] * 2, ["no-such-destination"] * 2)


WORLDS = st.integers(1, 5).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.integers(0, 3000) | st.none(), min_size=n, max_size=n), min_size=1, max_size=5),
        st.lists(st.integers(0, 50), min_size=n, max_size=n),
    )
)


@with_any(
    WORLDS,
    st.sampled_from(
        [Step(900), Exponential(600), Within(1200, Gaussian(600)), Zones(((600, 1.0), (1500, 0.4)))]
    ),
)
def test_what_everyone_has_adds_up_to_the_supply_that_somebody_claims(world, decay):
    durations, count = world
    times = given(*durations)
    demand = np.arange(len(durations), dtype=float)  # the first has no people
    table = shared(times, count=count, demand=demand, decay=decay)
    claimed = demand @ decay.weights(times.level("mid")) > 0

    assert np.nansum(table.values[:, 0] * demand) == pytest.approx(np.array(count) @ claimed)


@pytest.mark.parametrize(
    ("count", "demand", "code"),
    [([1, 1], [1], "amounts-shape"), ([1], [1, 1], "amounts-shape"), ([1], [-1], "amounts-value")],
)
def test_amounts_that_cannot_be_are_refused(count, demand, code):
    with pytest.raises(ModelError) as caught:
        shared(given([1]), count=count, demand=demand, decay=Step(5))
    assert caught.value.code == code

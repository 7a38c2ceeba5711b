"""RULE UNDER TEST: what is nearer counts no less; nothing unreached counts; the step is the contour measure.

The logistic figures are those that R5 prints for a cutoff of 20 and a standard deviation of 2 minutes.
"""

import numpy as np
import pytest
from hypothesis import given as with_any
from hypothesis import strategies as st

from accessibility.errors import ModelError
from accessibility.measures import gravity, opportunities
from accessibility.measures.decay import Exponential, Gaussian, Linear, Logistic, Step, Within, Zones
from accessibility.units import UNREACHED
from tests.measure_worlds import given, rows

WEIGHTS = np.array([1.0, 2.0, 4.0, 8.0])
MINUTE = 60

SECONDS = st.integers(1, 7200)
DECAYS = st.one_of(
    SECONDS.map(Step),
    SECONDS.map(Linear),
    st.builds(Logistic, SECONDS, SECONDS),
    SECONDS.map(Exponential),
    SECONDS.map(Gaussian),
    st.builds(Within, SECONDS, SECONDS.map(Gaussian)),
    st.just(Zones(((600, 1.0), (1200, 0.68), (1800, 0.22)))),
)


def weights(decay, *minutes):
    return decay.weights(np.array([round(60 * one) for one in minutes], np.int32)).tolist()


def test_the_logistic_curve_is_1_at_the_door_and_one_half_at_its_cutoff():
    door, middle = weights(Logistic(20 * MINUTE, 2 * MINUTE), 0, 20)

    assert door == 1.0
    assert round(middle, 6) == 0.5


def test_the_logistic_curve_falls_by_its_standard_deviation():
    """One sd beyond the cutoff: 1 / (1 + exp(pi / sqrt 3)), and the share of the door is below 1e-7."""
    (beyond,) = weights(Logistic(20 * MINUTE, 2 * MINUTE), 22)

    assert beyond == pytest.approx(1 / (1 + np.exp(np.pi / np.sqrt(3))), rel=1e-6)


def test_a_logistic_curve_may_be_as_steep_as_a_step():
    assert weights(Logistic(1200, 0.001), 0, 19, 20, 21, 2000) == [1.0, 1.0, 0.5, 0.0, 0.0]


@pytest.mark.parametrize(
    ("decay", "expected"),
    [
        (Step(600), [1.0, 1.0, 1.0, 0.0, 0.0]),
        (Linear(1200), [1.0, 0.75, 0.5, 0.0, 0.0]),
        (Exponential(600), [1.0, 2**-0.5, 0.5, 0.25, 0.125]),
        (Gaussian(600), [1.0, np.exp(-1 / 8), np.exp(-1 / 2), np.exp(-2), np.exp(-4.5)]),
        (Within(600, Exponential(600)), [1.0, 2**-0.5, 0.5, 0.0, 0.0]),
        (Zones(((300, 1.0), (1200, 0.42))), [1.0, 1.0, 0.42, 0.42, 0.0]),
    ],
)
def test_weights_at_0_5_10_20_and_30_minutes(decay, expected):
    assert weights(decay, 0, 5, 10, 20, 30) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("decay", "label"),
    [
        (Step(900), "step 15"),
        (Logistic(1200, 120), "logistic 20 sd 2"),
        (Within(1800, Gaussian(600)), "gaussian 10 within 30"),
        (Zones(((600, 1.0), (1200, 0.68))), "zones 10:1 20:0.68"),
    ],
)
def test_a_column_is_headed_by_the_function_and_its_minutes(decay, label):
    times = given([100])
    assert gravity(times, target="x", count=np.ones(1), decays=(decay,), level="mid").columns == (label,)


@with_any(DECAYS, st.lists(st.integers(0, 10_000), min_size=2))
def test_weights_lie_between_0_and_1_and_never_rise(decay, durations):
    found = decay.weights(np.array(sorted(durations), np.int32))

    assert np.all((found >= 0) & (found <= 1))
    assert np.all(np.diff(found) <= 0)


@with_any(DECAYS)
def test_what_is_unreached_weighs_nothing(decay):
    assert decay.weights(np.array([UNREACHED], np.int32)).tolist() == [0.0]


@with_any(st.lists(st.integers(0, 5000) | st.none(), min_size=4, max_size=4), st.integers(0, 5000))
def test_the_step_is_the_cumulative_measure(durations, cutoff_s):
    times = given(durations)
    stepped = gravity(times, target="x", count=WEIGHTS, decays=(Step(cutoff_s),), level="mid")
    counted = opportunities(times, target="x", count=WEIGHTS, cutoffs_s=(cutoff_s,), level="mid")

    assert stepped.values.tolist() == counted.values.tolist()
    assert stepped.reason.tolist() == counted.reason.tolist()


@with_any(st.lists(st.integers(0, 5000) | st.none(), min_size=4, max_size=4), st.lists(SECONDS, min_size=2))
def test_a_longer_cutoff_never_gives_less(durations, cutoffs_s):
    table = gravity(
        given(durations),
        target="x",
        count=WEIGHTS,
        decays=tuple(make(cutoff) for make in (Step, Linear, Exponential) for cutoff in sorted(cutoffs_s)),
        level="mid",
    )
    for values in table.values.reshape(3, -1):
        assert np.all(np.diff(values) >= 0)


def test_the_sum_of_stepped_weights_is_a_bitmask_of_who_was_reached():
    times = given([600, 601, 0, None], [None] * 4)
    table = gravity(times, target="x", count=WEIGHTS, decays=(Step(600), Step(601)), level="mid")
    assert rows(table) == ([[1 + 4, 1 + 2 + 4], [0, 0]], ["", ""])


def test_an_origin_without_a_street_keeps_its_row_with_its_reason():
    times = given([600], [None], [None], why=[[0], [3], [1]])
    table = gravity(times, target="x", count=np.ones(1), decays=(Linear(1200),), level="mid")
    assert rows(table) == ([[0.5], [None], [None]], ["", "origin-not-linked", "origin-no-position"])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Step(-1),
        lambda: Linear(0),
        lambda: Logistic(0, 60),
        lambda: Logistic(600, 0),
        lambda: Logistic(600, float("nan")),
        lambda: Exponential(-5),
        lambda: Gaussian(float("inf")),
        lambda: Within(-1, Step(5)),
        lambda: Zones(()),
        lambda: Zones(((600, 1.0), (600, 0.5))),
        lambda: Zones(((600, 0.5), (900, 0.6))),
        lambda: Zones(((600, 1.5),)),
        lambda: Zones(((600, 0.0),)),
    ],
)
def test_a_decay_function_that_cannot_be_is_refused(make):
    with pytest.raises(ModelError) as caught:
        make()
    assert caught.value.code == "decay"


@pytest.mark.parametrize(
    ("count", "code"),
    [
        ([1.0], "amounts-shape"),
        ([[1.0, 1.0]], "amounts-shape"),
        ([1.0, -1.0], "amounts-value"),
        ([1.0, float("nan")], "amounts-value"),
        ([float("inf"), 1.0], "amounts-value"),
    ],
)
def test_counts_that_cannot_be_are_refused(count, code):
    with pytest.raises(ModelError) as caught:
        gravity(given([1, 2]), target="x", count=np.array(count), decays=(Step(5),), level="mid")
    assert caught.value.code == code

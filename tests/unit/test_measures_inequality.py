"""RULE UNDER TEST: an index of inequality depends on who has how much, not on the order or cut of the rows.

Figures are worked out by hand beside each test.
"""

import numpy as np
import pytest
from hypothesis import given as with_any
from hypothesis import strategies as st

from accessibility.errors import ModelError
from accessibility.measures import inequality
from tests.measure_worlds import shares

NAN = float("nan")


def indices(values, people=None, ranked_by=None):
    people = None if people is None else np.array(people, float)
    ranked_by = None if ranked_by is None else np.array(ranked_by, float)
    return inequality(shares(*values), column="30", people=people, ranked_by=ranked_by)


def test_1_2_3_4_has_a_gini_of_a_quarter():
    """Sum over i of (2i - n - 1) x_i / (n * total) = (-3 - 2 + 3 + 12) / 40."""
    assert indices([1, 2, 3, 4]).gini == pytest.approx(0.25)


def test_the_lorenz_curve_runs_from_the_worst_served_to_the_best():
    found = indices([4, 1, 3, 2])
    assert found.lorenz_people.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert found.lorenz_share.tolist() == pytest.approx([0, 0.1, 0.3, 0.6, 1])


def test_the_palma_ratio_compares_the_best_tenth_with_the_worst_two_fifths():
    """Of 1 to 10: mean of the top one 10, of the bottom four (1+2+3+4)/4 = 2.5."""
    assert indices(range(1, 11)).palma == pytest.approx(4.0)


def test_the_palma_ratio_splits_the_group_across_its_border():
    """Four people 1, 2, 3, 4: the bottom 1.6 have 1 + 0.6 * 2 = 2.2; the top 0.4 are of value 4."""
    assert indices([1, 2, 3, 4]).palma == pytest.approx(4 / (2.2 / 1.6))


def test_theils_t_of_1_and_3():
    """Mean 2: (0.5 ln 0.5 + 1.5 ln 1.5) / 2."""
    assert indices([1, 3]).theil_t == pytest.approx((0.5 * np.log(0.5) + 1.5 * np.log(1.5)) / 2)


def test_where_all_have_the_same_nothing_is_unequal():
    found = indices([7, 7, 7], people=[1, 20, 300], ranked_by=[3, 1, 2])
    assert (found.gini, found.theil_t) == (pytest.approx(0, abs=1e-12), pytest.approx(0, abs=1e-12))
    assert (found.palma, found.concentration) == (pytest.approx(1.0), pytest.approx(0, abs=1e-12))


def test_where_one_of_four_has_all_the_gini_is_three_quarters():
    found = indices([0, 0, 0, 5])
    assert (found.gini, found.theil_t, found.palma) == (
        pytest.approx(0.75),
        pytest.approx(np.log(4)),
        np.inf,
    )


def test_where_nobody_has_anything_there_is_nothing_to_share():
    found = indices([0, 0])
    assert np.isnan([found.gini, found.palma, found.theil_t, found.concentration]).all()
    assert (found.n, found.lorenz_people.size) == (2, 0)


@pytest.mark.parametrize(("values", "people"), [([], []), ([NAN, NAN], [1, 1]), ([3, 4], [0, 0])])
def test_where_there_is_nobody_there_is_nothing_to_share(values, people):
    assert np.isnan(indices(values, people).gini)


def test_rows_without_a_value_are_left_out_and_counted():
    found = indices([1, NAN, 3], people=[10, 5, 10])
    assert (found.n, found.n_left_out, found.people, found.people_left_out) == (2, 1, 20.0, 5.0)
    assert found.gini == indices([1, 3]).gini


def test_a_row_of_three_people_is_three_rows_of_one():
    many, few = indices([1, 1, 1, 5, 9, 9]), indices([5, 1, 9], people=[1, 3, 2])
    for name in ("gini", "palma", "theil_t"):
        assert getattr(many, name) == pytest.approx(getattr(few, name)), name


def test_concentration_is_above_0_where_the_better_off_have_more():
    """Ranked by the access itself it is the Gini coefficient, ranked the other way its negative."""
    assert indices([1, 2, 3, 4], ranked_by=[10, 20, 30, 40]).concentration == pytest.approx(0.25)
    assert indices([1, 2, 3, 4], ranked_by=[40, 30, 20, 10]).concentration == pytest.approx(-0.25)


def test_concentration_over_equal_ranks_is_none():
    assert indices([1, 2, 3, 4], ranked_by=[5, 5, 5, 5]).concentration == pytest.approx(0.0)


def test_concentration_leaves_out_rows_without_a_rank():
    found = indices([1, 2, 3, 4, 100], ranked_by=[1, 2, 3, 4, NAN])
    assert found.concentration == pytest.approx(0.25)
    assert np.isnan(indices([1, 2]).concentration)


PEOPLE = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(1, 500), st.integers(-5, 5)), min_size=1, max_size=20
)


@with_any(PEOPLE, st.randoms())
def test_indices_keep_their_range_and_do_not_depend_on_the_order_of_rows(rows, random):
    def of(some):
        values, people, rank = zip(*some, strict=True)
        found = indices(values, people, rank)
        return [found.gini, found.palma, found.theil_t, found.concentration]

    shuffled = random.sample(rows, len(rows))
    gini, palma, theil_t, concentration = of(rows)

    np.testing.assert_allclose(of(shuffled), [gini, palma, theil_t, concentration], rtol=1e-9, atol=1e-9)
    if any(value for value, _people, _rank in rows):
        assert 0 <= gini < 1
        assert palma >= 1 - 1e-9
        assert 0 <= theil_t <= np.log(sum(people for _value, people, _rank in rows)) + 1e-9
        assert -gini - 1e-9 <= concentration <= gini + 1e-9


@with_any(st.lists(st.integers(0, 1000), min_size=2, max_size=20))
def test_the_gini_is_half_the_mean_difference_over_the_mean(values):
    """Twin: the mean over all pairs of |x - y|, over twice the mean."""
    pairs = np.abs(np.subtract.outer(values, values)).mean()
    expected = pairs / (2 * np.mean(values)) if sum(values) else NAN
    assert indices(values).gini == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"values": [1, -1]}, "inequality"),
        ({"values": [1, 2], "people": [1]}, "amounts-shape"),
        ({"values": [1, 2], "people": [1, -1]}, "amounts-value"),
        ({"values": [1, 2], "ranked_by": [1]}, "amounts-shape"),
    ],
)
def test_what_cannot_be_shared_is_refused(arguments, code):
    with pytest.raises(ModelError) as caught:
        indices(**arguments)
    assert caught.value.code == code

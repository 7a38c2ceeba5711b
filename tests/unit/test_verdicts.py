"""RULE UNDER TEST: inside the band is consistent, meeting it broadly so, apart from it inconsistent."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.errors import ModelError
from accessibility.evidence.questions import Scope, questions
from accessibility.evidence.verdicts import interval_word, verdict
from accessibility.model.claim import (
    BROADLY,
    CONSISTENT,
    INCONSISTENT,
    NO_WORD,
    UNVERIFIABLE,
    Claim,
    Figure,
    Stated,
)

ABOUT_20 = Stated.about(20, 0.2, "min")
INF, NAN = math.inf, math.nan


def duration(**more):
    return Claim(id="C02", quote="约20分钟车程", kind="duration", **{"stated": (ABOUT_20,), **more})


def figures(values, **more):
    """One figure per (site, value)."""
    return [
        Figure(f"C02.p{i + 1}", "C02", "duration", "station", value, "min", origin=site, **more)
        for i, (site, value) in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "word", "n_inside"),
    [
        ([16.0, 24.0], CONSISTENT, 2),  # both ends belong to the band
        ([20.0], CONSISTENT, 1),
        ([15.9, 24.0], BROADLY, 1),
        ([16.0, 24.1], BROADLY, 1),
        ([10.0, 16.0], BROADLY, 1),  # touching is meeting
        ([10.0, 40.0], BROADLY, 0),  # the interval spans the band, no single figure lies in it
        ([24.1, 30.0], INCONSISTENT, 0),
        ([10.0, 15.9], INCONSISTENT, 0),
        ([20.0, INF], BROADLY, 1),  # unreached is longer than anything, never left out
        ([INF], INCONSISTENT, 0),
        ([20.0, NAN], UNVERIFIABLE, 1),  # unknown is not a value
        ([], UNVERIFIABLE, 0),
    ],
)
def test_the_word_of_an_interval_by_hand(values, word, n_inside):
    found = interval_word(values, ABOUT_20)

    assert (found.word, found.n_inside, found.n) == (word, n_inside, len(values))


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0, 100), st.floats(0, 50))
def test_the_word_agrees_with_counting_where_all_or_none_lie_in_the_band(values, low, width):
    found = interval_word(values, Stated(low, low + width, "min"))

    assert (found.word == CONSISTENT) == (found.n_inside == len(values))
    assert found.word != INCONSISTENT or found.n_inside == 0


@pytest.mark.parametrize(("value", "high"), [(3.5, CONSISTENT), (4.0, CONSISTENT), (4.01, INCONSISTENT)])
def test_a_one_sided_band_has_no_lower_end(value, high):
    assert interval_word([value, value], Stated(-INF, 4.0, "km")).word == high


def test_bands_are_checked_at_birth():
    with pytest.raises(ModelError, match="ends before"):
        Stated(4, 3, "km")
    with pytest.raises(ModelError, match="unit"):
        Stated(3, 4, "mile")
    with pytest.raises(ModelError, match="tolerance"):
        Stated.about(20, -0.1, "min")


def test_robust_is_the_same_word_from_every_site_and_sites_weigh_alike():
    same = verdict(duration(), figures([("C1", 20), ("C2", 18)]), ("C1", "C2"))
    apart = verdict(duration(), figures([("C1", 20), ("C2", 30)]), ("C1", "C2"))

    assert (same.word, same.robust) == (CONSISTENT, True)
    assert (apart.word, apart.robust) == (BROADLY, False)
    assert apart.sites == (("C1", CONSISTENT), ("C2", INCONSISTENT))


@pytest.mark.parametrize("blocked", [{"circular": ("循环", "circular")}, {"unknown": ("u-1",)}])
def test_circular_or_unknown_inputs_give_no_word_but_all_figures(blocked):
    found = verdict(duration(**blocked), figures([("C1", 20)]), ("C1",))

    assert (found.word, found.robust, len(found.figures)) == (UNVERIFIABLE, None, 1)
    assert found.conditions[0].interval.word == CONSISTENT  # what the figures alone would say stays visible


def test_figures_beside_never_count():
    beside = figures([("C1", 90)], roads="all", counted=False)

    assert verdict(duration(), [*figures([("C1", 20)]), *beside], ("C1",)).word == CONSISTENT


def test_readings_that_disagree_are_conditions():
    within, about = Stated(-INF, 30, "min"), Stated.about(30, 0.2, "min")

    assert verdict(duration(stated=(within, about)), figures([("C1", 26)]), ("C1",)).word == CONSISTENT
    assert verdict(duration(stated=(within, about)), figures([("C1", 18)]), ("C1",)).word == BROADLY


@pytest.mark.parametrize(("value", "word"), [(-60, CONSISTENT), (-35, NO_WORD), (-5, INCONSISTENT)])
def test_words_without_a_threshold_get_a_word_only_where_all_readings_agree(value, word):
    readings = tuple(Stated(-INF, high, "%") for high in (-20, -30, -50))
    claim = Claim("C06", "大幅缩短", "change", stated=readings, open_words=("大幅",))
    figure = Figure("C06.p1", "C06", "change", "metro", value, "%", origin="C1")

    assert verdict(claim, [figure], ("C1",)).word == word


def test_a_sentence_holds_no_better_than_its_weakest_part():
    claim = duration(stated=(Stated(1, INF, "count"),))
    parts = [
        Figure(f"C01.p{i}", "C01", "within", line, n, "count", origin="C1")
        for i, (line, n) in enumerate([("line11", 3), ("line14", 0)])
    ]

    assert verdict(claim, parts, ("C1",)).word == INCONSISTENT


def test_nothing_stated_gets_figures_and_a_citation_no_more():
    assert verdict(duration(stated=()), figures([("C1", 20)]), ("C1",)).word == NO_WORD
    assert verdict(Claim("C10", "方案", "citation"), [], ("C1",)).word == NO_WORD


def test_the_table_of_conditions_says_where_the_word_turns():
    some = [*figures([("C1", 20)], period="offpeak"), *figures([("C2", 30)], period="peak")]
    some = [Figure(**{**vars(one), "id": f"C02.p{i}"}) for i, one in enumerate(some)]

    turning = {(c.name, c.value): c.interval.word for c in verdict(duration(), some, ("C1", "C2")).turning()}

    assert turning["period", "offpeak"] == CONSISTENT
    assert turning["period", "peak"] == INCONSISTENT


def test_a_duration_is_asked_over_everything_it_may_mean():
    claim = duration(destinations=("station",), modes=("drive",))
    scope = Scope(("C1",), {"drive": ("peak", "offpeak")}, ("drive",), ("drive",), ("drive",))

    counted = [one for one in questions([claim], scope) if one.counted]

    meant = {(one.period, one.direction, one.terminal) for one in counted}
    assert meant == {(p, d, t) for p in ("peak", "offpeak") for d in ("there", "back") for t in (False, True)}
    assert len(counted) == 8

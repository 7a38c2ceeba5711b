"""RULE UNDER TEST: tables of a claim tell intervals over sites, each with its mark, and no empty cell."""

from dataclasses import replace

import pytest

from accessibility.messages import language, set_language
from accessibility.model.claim import Claim, Figure, Stated, Verdict
from accessibility.outputs.report.claim_tables import claim_tables
from accessibility.outputs.report.figures import Explainer
from accessibility.outputs.report.parts import Maker
from tests.output_worlds import town_places


@pytest.fixture(autouse=True)
def _speak_english():
    before = language()
    set_language("en")
    yield
    set_language(before)


def maker():
    names = {
        "C1": "C1",
        "C2": "C2",
        "s11": "Anting",
        "s14": "Fengbang",
        "h1": "Hospital",
        "metro": "metro stations",
    }
    return Maker(
        names, {"peak": "peak"}, {}, {}, town_places(), ("C1", "C2"), Explainer((), (), ("C1", "C2"))
    )


def figures(rows, **terms):
    """Number figures in the order of their rows: measure, origin, value, unit."""
    return tuple(
        Figure(f"X.p{n}", "X", measure, terms.get("subject", "s11"), value, unit, origin=origin,
               **{key: told for key, told in terms.items() if key != "subject"})
        for n, (measure, origin, value, unit) in enumerate(rows, start=1)
    )  # fmt: skip


def test_the_effect_on_times_to_a_place_is_told_before_after_and_changed():
    claim = Claim("X", "faster", "change", targets=("metro",), destinations=("s11",))
    rows = [
        *(("before", "C1", 80.0, "min"), ("after", "C1", 60.0, "min"), ("change", "C1", -25.0, "%")),
        *(("before", "C2", 90.0, "min"), ("after", "C2", 45.0, "min"), ("change", "C2", -50.0, "%")),
        *(("change", "C1", -20.0, "min"), ("change", "C2", -45.0, "min")),
    ]
    (table,) = claim_tables(Verdict(claim, "no-word", figures(rows, mode="transit", period="peak")), maker())
    assert table.caption == "Table 1  X: effect on times, over all sites and levels"
    assert table.rows == (
        (
            *("Anting · public transport · peak", "80.0–90.0 [F1]", "45.0–60.0 [F2]"),
            *("−45.0 to −20.0 [F3]", "−50.0 to −25.0 [F4]"),
        ),
    )


def test_a_place_that_nothing_changes_for_is_left_out():
    claim = Claim("X", "faster", "change", targets=("metro",), destinations=("s11",))
    rows = [("before", "C1", 80.0, "min"), ("after", "C1", 80.0, "min"), ("change", "C1", 0.0, "%")]
    assert not list(claim_tables(Verdict(claim, "no-word", figures(rows, mode="walk")), maker()))


def test_a_change_of_a_set_is_told_site_by_site_and_from_every_baseline():
    claim = Claim("X", "shorter", "change", of="distance", targets=("metro",), baselines=("s11", ""))
    some = []
    for baseline, before, change in (("s11", 10.0, -70.0), ("nearest", 5.0, -40.0)):
        rows = [("before", "C1", before, "km"), ("after", "C1", 3.0, "km"), ("change", "C1", change, "%")]
        made = figures(rows, subject="metro", mode="straight", baseline=baseline, detail="s14")
        some += [replace(one, id=f"X.{baseline}{n}") for n, one in enumerate(made)]
    (table,) = claim_tables(Verdict(claim, "no-word", tuple(some)), maker())
    assert table.heads[2:] == (
        *("before: Anting (km)", "change from it (%)", "before: the nearest then operating (km)"),
        *("change from it (%)", "after (km)"),
    )
    assert table.rows[0][2:5] == ("10.00 [F1]", "−70.0 [F2]", "5.00 [F3] Fengbang")


def test_every_case_of_one_time_says_which_levels_lie_inside_what_is_stated():
    claim = Claim("X", "about 20 min", "duration", (Stated.about(20, 0.2, "min"),), destinations=("s11",))
    some = tuple(
        Figure(f"X.p{n}", "X", "duration", "s11", value, "min", origin="C1", mode="drive", period="peak",
               direction="there", level=level, terminal=False, shift=1.9)
        for n, (level, value) in enumerate([("low", 15.9), ("mid", 16.0), ("high", 24.1)], start=1)
    )  # fmt: skip
    cases, ways = claim_tables(Verdict(claim, "broadly-consistent", some), maker())
    assert cases.rows == (
        ("C1", "way there", "driving peak", "without", "15.9", "16.0", "24.1", "middle", "[F1]"),
    )
    assert ways.rows[-1] == (
        "effect of uncertain positions on driving time, in no interval (min)",
        "±1.9 [F1]",
    )


def test_what_is_unreached_is_said_in_words_and_never_as_a_number():
    claim = Claim("X", "far", "presence", destinations=("h1",))
    some = figures(
        [("duration", "C1", 83.0, "min"), ("duration", "C2", float("inf"), "min")], subject="h1", mode="walk"
    )
    (ways,) = claim_tables(Verdict(claim, "no-word", some), maker())
    assert ways.rows[0] == ("travel time, walking (min)", "83.0–not reached [F1]")
    assert ways.rows[1] == ("uncertainty of the point (m)", "±130 [F2]")


def test_a_claim_without_figures_has_no_table():
    assert not list(claim_tables(Verdict(Claim("X", "cited", "citation"), "no-word"), maker()))

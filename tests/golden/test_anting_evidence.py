"""RULE UNDER TEST: every claim of the reply gets the word that the rule gives, with the figures behind it."""

import csv

import pytest

from accessibility.messages import language, set_language
from accessibility.model.claim import BROADLY, CONSISTENT, INCONSISTENT, NO_WORD, UNVERIFIABLE
from accessibility.sources.study_file import read_study
from accessibility.studies.data_folder import data_folder
from accessibility.studies.evidence.build import build_evidence
from accessibility.studies.evidence.files import write_evidence
from accessibility.studies.load import load_study
from accessibility.studies.measured import compare_measured

SITES = ("C1", "C2", "C3", "C4")


@pytest.fixture(scope="module")
def anting():
    before = language()
    set_language("zh")
    loaded = load_study(read_study(data_folder() / "anting"))
    evidence = build_evidence(loaded)
    yield loaded, evidence, {verdict.claim.id: verdict for verdict in evidence.verdicts}
    set_language(before)


@pytest.mark.parametrize(
    ("claim", "word", "robust"),
    [
        ("C01", INCONSISTENT, True),
        ("C02", BROADLY, True),
        ("C03", UNVERIFIABLE, None),
        ("C04", UNVERIFIABLE, None),
        ("C05", UNVERIFIABLE, None),
        ("C06", NO_WORD, None),
        ("C07", NO_WORD, None),
        ("C08", NO_WORD, None),
        ("C09", BROADLY, True),
        ("C10", NO_WORD, None),
        ("N01", INCONSISTENT, True),
        ("N02", INCONSISTENT, None),
    ],
)
def test_the_words_of_the_reply(anting, claim, word, robust):
    found = anting[2][claim]

    assert (found.word, found.robust) == (word, robust)


def whole(verdict, subject):
    return next(c.interval for c in verdict.conditions if c.subject == subject and not c.name)


def case(verdict, value, reading=0):
    return next(
        c.interval
        for c in verdict.conditions
        if (c.name, c.value, c.reading) == ("combination", value, reading)
    )


def test_line_14_was_nowhere_open_on_the_date_of_the_reply(anting):
    counted = [f for f in anting[2]["C01"].figures if f.counted and f.subject == "line14"]

    assert {f.radius_m for f in counted} == {3000, 5000, 10_000, float("inf")}
    assert {f.value for f in counted} == {0}
    within_3_km = {f.value for f in anting[2]["C01"].figures if f.subject == "line11" and f.radius_m == 3000}
    assert within_3_km == {0}  # nor any station of Line 11


def test_twenty_minutes_hold_off_peak_with_parking_and_fail_in_the_middle_of_the_peak(anting):
    c02 = anting[2]["C02"]

    assert sum(f.counted for f in c02.figures) == 4 * 2 * 2 * 3 * 2
    assert case(c02, "offpeak mid with").word == CONSISTENT
    assert case(c02, "peak mid with").word == INCONSISTENT
    assert case(c02, "peak mid without").word == BROADLY


def test_three_to_four_kilometres_are_circular_and_shown_all_the_same(anting):
    straight = [f.value for f in anting[2]["C03"].figures if f.mode == "straight" and f.measure == "distance"]

    assert straight == pytest.approx([3.00, 3.50, 3.98, 4.46], abs=0.011)
    assert all(anting[2]["C03"].claim.circular)


def test_the_baseline_decides_how_much_shorter(anting):
    def per_cent(baseline):
        found = [
            f.value
            for f in anting[2]["C06"].figures
            if (f.measure, f.mode, f.baseline) == ("change", "straight", baseline)
        ]
        return [round(value) for value in found]

    assert per_cent("L11-anting") == [-70, -64, -56, -48]
    assert per_cent("nearest") == [-41, -31, -24, -15]
    assert case(anting[2]["C06"], "straight L11-anting", 1).word == CONSISTENT  # at least 30 % shorter
    assert case(anting[2]["C06"], "straight nearest", 2).word == INCONSISTENT  # at least 50 % shorter


def test_school_points_tell_what_their_uncertainty_does(anting):
    loaded, _evidence, verdicts = anting
    far = [
        f
        for f in verdicts["C08"].figures
        if (f.measure, f.mode, f.subject) == ("distance", "straight", "reply-tongji-middle")
    ]

    assert [f.shift for f in far] == pytest.approx([0.9] * 4)  # 600 m of the site, 300 m of the school


def test_buses_at_fengbang_are_told_and_no_change_is_stated(anting):
    found = anting[2]["C05"].figures

    assert {f.as_of for f in found if not f.scenario} == {"2021-05-21", "2021-12-30"}
    lines = {(f.as_of, f.radius_m): f.value for f in found if f.measure == "lines" and not f.scenario}
    assert lines["2021-05-21", 200] == lines["2021-12-30", 200] == 3
    assert not any(f.counted for f in found)


def test_an_assumed_re_routing_adds_departures_at_fengbang(anting):
    """Every 15 minutes, both ways: 8 departures an hour more, which no notice ever announced."""
    found = [
        f
        for f in anting[2]["C05"].figures
        if (f.measure, f.radius_m, f.period) == ("departures", 500, "peak")
    ]
    per_hour = {f.scenario: f.value for f in found if f.level == "mid" and f.as_of == "2021-12-30"}

    assert set(per_hour) == {"", "jd112_fengbang_15min", "beian_fengbang_15min"}
    assert per_hour["jd112_fengbang_15min"] > per_hour[""]


def test_each_assumed_extension_is_compared_with_none_from_every_site(anting):
    """From C2 in the peak: 54.0 min to Caoyang Road before, 40.1 with a tram and a change at Fengbang."""
    c04 = anting[2]["C04"]
    at = {
        (f.scenario, f.subject, f.measure, f.unit): f.value
        for f in c04.figures
        if f.scenario and (f.origin, f.period, f.level, f.mode) == ("C2", "peak", "mid", "transit")
    }

    names = {"line14_west_medium", "line14_west_metro", "line14_west_antingbei"}
    assert {f.scenario for f in c04.figures} == {"", *names}
    assert {f.origin for f in c04.figures if f.scenario} == set(SITES)
    assert at["line14_west_medium", "city-caoyanglu", "before", "min"] == 54.0
    assert at["line14_west_medium", "city-caoyanglu", "after", "min"] == 40.1
    assert at["line14_west_medium", "city-caoyanglu", "change", "%"] == -25.7
    for place in ("city-caoyanglu", "city-jingansi"):  # without a change at Fengbang it is quicker still
        times = [at[name, place, "after", "min"] for name in ("line14_west_metro", "line14_west_medium")]
        assert times[0] < times[1]


def test_greatly_is_so_or_not_by_reading_and_nobody_may_say_which(anting):
    c04 = anting[2]["C04"]
    words = {
        (c.subject, c.reading): c.interval.word for c in c04.conditions if not c.name and c.subject != "metro"
    }

    assert c04.word == UNVERIFIABLE
    assert words["L11-anting", 0] == CONSISTENT  # at least 20 % shorter, from every site, with each extension
    assert words["city-jingansi", 2] == INCONSISTENT  # nowhere 50 %
    assert words["city-jingansi", 0] == BROADLY


def test_line_14_opened_223_days_after_the_reply(anting):
    assert [(f.value, f.detail) for f in anting[2]["N02"].figures] == [(223, "2021-12-30")]


def test_bus_104_runs_about_five_minutes_faster_than_its_plan(anting):
    compared = compare_measured(anting[0])

    assert [one.mid for one in compared.compared] == [55, 65, 55, 65, 55]  # the plan of the source
    assert [round(fit.bias, 1) for fit in compared.fits] == [6.3, 4.6, 5.5, 2.9, 4.8, 5.5]


def test_every_figure_has_an_id_of_its_own_and_a_row(anting, tmp_path):
    loaded, evidence, verdicts = anting
    write_evidence(tmp_path, loaded, evidence, compare_measured(loaded), loaded.provenance)

    with (tmp_path / "tables" / "claim_figures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row["figure_id"] for row in csv.DictReader(file)]
    assert len(rows) == len(set(rows))
    assert rows == [figure.id for verdict in verdicts.values() for figure in verdict.figures]
    page = (tmp_path / "evidence.html").read_text(encoding="utf-8")
    assert "基本符合" in page
    assert "无法核实" in page
    assert " nan" not in page.lower()
    assert ">嘉定104路</td>" in page
    assert ">jd104<" not in page
    assert ">transit<" not in page

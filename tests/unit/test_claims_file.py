"""RULE UNDER TEST: claims are read whole, or refused with every problem named at once, by file and field."""

import math

import pytest

from accessibility.errors import DataError, SourceError
from accessibility.messages import language, set_language
from accessibility.sources.claims_file import Known, read_claims

KNOWN = Known(
    places=("station",),
    targets=("metro",),
    modes=("walk", "drive", "transit"),
    periods=("peak",),
    unknowns=("u-address",),
    dates=("2021-05-21", "2021-12-30"),
)
GOOD = """
[[word]]
text = "约"
tolerance = 0.2
source = "约定"
[[word]]
text = "不超过"
side = "at_most"
source = "字面"
[[claim]]
id = "C02"
quote = "约20分钟车程"
kind = "duration"
destinations = ["station"]
modes = ["drive"]
as_of = [2021-05-21]
settled_by = ["u-address"]
[[claim.stated]]
value = 20
unit = "min"
word = "约"
[[claim.stated]]
value = 30
unit = "min"
word = "不超过"
"""


@pytest.fixture(autouse=True)
def _speak_english():
    before = language()
    set_language("en")
    yield
    set_language(before)


def read(tmp_path, text):
    file = tmp_path / "claims.toml"
    file.write_text(text, encoding="utf-8")
    return read_claims(file, KNOWN)


def problems(tmp_path, text):
    with pytest.raises(DataError) as caught:
        read(tmp_path, text)
    assert {one.file for one in caught.value.notices} == {"claims.toml"}
    return {one.field: one.message for one in caught.value.notices}


def test_words_become_bands(tmp_path):
    (claim,) = read(tmp_path, GOOD).claims

    assert [(s.low, s.high, s.unit) for s in claim.stated] == [(16, 24, "min"), (-math.inf, 30, "min")]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('destinations = ["station"]', 'destinations = ["nowhere"]', "claim[1].destinations"),
        ('modes = ["drive"]', 'modes = ["fly"]', "claim[1].modes"),
        ("2021-05-21", "2020-01-01", "claim[1].as_of"),
        ("tolerance = 0.2", "tolerance = -0.2", "word[1].tolerance"),
        ("tolerance = 0.2", "tolerance = nan", "word[1].tolerance"),
        ("value = 20", "value = inf", "claim[1].stated[1].value"),
        ('source = "字面"', "", "word[2].source"),
        ('value = 20\nunit = "min"', "value = 20", "claim[1].stated[1].unit"),
        ('value = 20\nunit = "min"', 'value = 20\nunit = "km"', "claim[1].stated[1].unit"),
        ('word = "约"', 'word = "大约"', "claim[1].stated[1].word"),
        ("value = 20", "low = 4\nhigh = 3", "claim[1].stated[1].high"),
        ("value = 20", "", "claim[1].stated[1].value"),
        ('kind = "duration"', 'kind = "feeling"', "claim[1].kind"),
        ('modes = ["drive"]\n', "", "claim[1].modes"),
        ('settled_by = ["u-address"]', 'settled_by = ["u-none"]', "claim[1].settled_by"),
        ('quote = "约20分钟车程"', 'qoute = "约20分钟车程"', "claim[1].qoute"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(tmp_path, old, new, field):
    assert old in GOOD
    assert field in problems(tmp_path, GOOD.replace(old, new, 1))


def test_what_is_wrong_is_named_by_its_line(tmp_path):
    wrong = GOOD.replace('"station"', '"nowhere"').replace('value = 20\nunit = "min"', "value = 20")
    with pytest.raises(DataError) as caught:
        read(tmp_path, wrong)
    lines = wrong.splitlines()

    rows = {one.field: one.row for one in caught.value.notices}
    assert lines[rows["claim[1].destinations"] - 1] == 'destinations = ["nowhere"]'
    assert lines[rows["claim[1].stated[1].unit"] - 1] == "[[claim.stated]]", (
        "what is missing: where it belongs"
    )


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('scenarios = ["a.toml"]\n', "", "claim[2].opportunities"),
        ('opportunities = ["metro"]\n', "", "claim[2].destinations"),
        ('opportunities = ["metro"]', 'opportunities = ["none"]', "claim[2].opportunities"),
        ('kind = "change"', 'kind = "duration"', "claim[2].scenarios"),
        ("a.toml", "a b.toml", "claim[2].scenarios"),
        ("a.toml", "a.csv", "claim[2].scenarios"),
        ("a.toml", "/a.toml", "claim[2].scenarios"),
        ('["a.toml"]', '["a.toml", "b/a.toml"]', "claim[2].scenarios"),
        ("as_of = [2021-12-30]\n", "", "claim[2].as_of"),
        ('["walk"]', '["fly"]', "claim[2].modes"),
        ("scenarios =", 'targets = ["metro"]\nscenarios =', "claim[2].baselines"),
        ("scenarios =", 'baselines = [""]\nscenarios =', "claim[2].targets"),
    ],
)
def test_a_claim_about_a_scenario_says_what_is_compared(tmp_path, old, new, field):
    more = """
[[claim]]
id = "C04"
quote = "大幅提高"
kind = "change"
opportunities = ["metro"]
modes = ["walk"]
as_of = [2021-12-30]
scenarios = ["a.toml"]
"""
    assert len(read(tmp_path, GOOD + more).claims) == 2
    assert old in more
    assert field in problems(tmp_path, GOOD + more.replace(old, new, 1))


def test_all_problems_are_told_at_once(tmp_path):
    wrong = GOOD.replace('"station"', '"nowhere"').replace("0.2", "-1").replace("2021-05-21", "1999-01-01")

    assert {"claim[1].destinations", "word[1].tolerance", "claim[1].as_of"} <= set(problems(tmp_path, wrong))


def test_a_standard_needs_its_source_and_a_change_two_dates(tmp_path):
    more = """
[[claim]]
id = "C08"
quote = "集聚"
kind = "coverage"
destinations = ["station"]
modes = ["walk"]
radii_m = [300]
[[claim]]
id = "C06"
quote = "缩短"
kind = "change"
targets = ["metro"]
modes = ["walk", "transit"]
baselines = [""]
as_of = [2021-05-21]
"""
    assert {"claim[2].standard", "claim[3].as_of", "claim[3].modes"} <= set(problems(tmp_path, GOOD + more))


def test_an_id_stands_once(tmp_path):
    twice = GOOD + '[[claim]]\nid = "C02"\nquote = "x"\nkind = "citation"\n'

    assert "claim[2].id" in problems(tmp_path, twice)


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    with pytest.raises(SourceError, match="claims-toml"):
        read(tmp_path, "[[claim")

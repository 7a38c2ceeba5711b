"""RULE UNDER TEST: a figure without a source is not taken; faults are told at once with file and row."""

from pathlib import Path

import pytest

from accessibility.errors import DataError, ModelError
from accessibility.sources.ptal import read_ptal
from accessibility.sources.standards import read_standards

DEFAULTS = Path(__file__).resolve().parents[2] / "data" / "defaults"
HEAD = "id,title_zh,title_en,use,kinds,low,high,unit,measured,share,mark,source\n"
GOOD = "a,甲,A,coverage,school_primary school_9yr,300,500,m,unstated,0.9,S,a text\n"


def written(tmp_path, text, head=HEAD):
    path = tmp_path / "standards.csv"
    path.write_text(head + text, encoding="utf-8")
    return path


def faults(error):
    return [(notice.code, notice.file, notice.row, notice.field) for notice in error.notices]


def test_a_row_becomes_a_standard(tmp_path):
    (row,) = read_standards(written(tmp_path, GOOD)).rows

    assert (row.id, row.title, row.title_en, row.figures) == ("a", "甲", "A", (300.0, 500.0))
    assert (row.kinds, row.share, row.clause) == (("school_primary", "school_9yr"), 0.9, "")
    assert (row.mark, row.verified) == ("S", True)


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("b,乙,B,coverage,,500,500,m,unstated,,S,", "figure-unsourced", "source"),
        ("b,乙,B,coverage,,500,500,m,unstated,,,x", "figure-unsourced", "mark"),
        ("b,乙,B,coverage,,500,300,m,unstated,,S,x", "figures-order", "low"),
        ("b,乙,B,coverage,,0,0,m,unstated,,S,x", "figures-order", "low"),
        ("b,乙,B,coverage,,half,500,m,unstated,,S,x", "number-malformed", "low"),
        ("b,乙,B,nearness,,500,500,m,unstated,,S,x", "word-unknown", "use"),
        ("b,乙,B,coverage,,500,500,km,unstated,,S,x", "word-unknown", "unit"),
        ("b,乙,B,coverage,,500,500,,unstated,,S,x", "word-unknown", "unit"),
        ("b,乙,B,coverage,,500,500,m,somehow,,S,x", "word-unknown", "measured"),
        ("b,乙,B,coverage,,500,500,m,unstated,90,S,x", "share-malformed", "share"),
        ("b,乙,B,coverage,,500,500,m,unstated,most,S,x", "share-malformed", "share"),
        ("a,乙,B,coverage,,500,500,m,unstated,,S,x", "id-twice", "id"),
        (",乙,B,coverage,,500,500,m,unstated,,S,x", "id-empty", "id"),
    ],
)
def test_a_malformed_row_is_told_with_file_and_row(tmp_path, row, code, field):
    with pytest.raises(DataError) as caught:
        read_standards(written(tmp_path, GOOD + row + "\n"))
    assert faults(caught.value) == [(code, "standards.csv", 3, field)]


def test_everything_wrong_is_told_at_once(tmp_path):
    text = "a,甲,A,coverage,,x,500,km,unstated,,S,\nb,乙,B,coverage,,5,5,m,unstated,7,S,x\n"
    with pytest.raises(DataError) as caught:
        read_standards(written(tmp_path, text))
    assert sorted(faults(caught.value)) == [
        ("figure-unsourced", "standards.csv", 2, "source"),
        ("number-malformed", "standards.csv", 2, "low"),
        ("share-malformed", "standards.csv", 3, "share"),
        ("word-unknown", "standards.csv", 2, "unit"),
    ]


@pytest.mark.parametrize("column", ["id", "unit", "low", "source"])
def test_a_missing_column_is_told(tmp_path, column):
    with pytest.raises(DataError) as caught:
        read_standards(written(tmp_path, GOOD, HEAD.replace(column, "other", 1)))
    assert ("missing-column", "standards.csv", 0, column) in faults(caught.value)


def test_a_standard_is_found_by_id_and_by_what_it_speaks_of(tmp_path):
    standards = read_standards(written(tmp_path, GOOD + GOOD.replace("a,甲", "b,乙").replace("9yr", "k12")))

    assert standards["b"].title == "乙"
    assert [row.id for row in standards.of("coverage")] == ["a", "b"]
    assert [row.id for row in standards.of("coverage", "school_9yr")] == ["a"]
    assert standards.of("time") == ()
    with pytest.raises(ModelError):
        standards["c"]


def test_the_standards_that_come_with_the_program():
    standards = read_standards(DEFAULTS / "standards.csv")

    assert [standards[f"gb50180-{n}min"].figures for n in (15, 10, 5)] == [(800, 1000), (500,), (300,)]
    radii = {kind: standards[f"gb50180-{kind}"].high for kind in ("kindergarten", "primary", "junior")}
    assert radii == {"kindergarten": 300, "primary": 500, "junior": 1000}
    assert [standards[f"gb50220-change-{way}"].high for way in ("same", "opposite", "junction", "most")] == [
        50,
        100,
        150,
        200,
    ]
    assert (standards["gb50220-bus-300"].share, standards["gb50220-bus-500"].share) == (0.5, 0.9)
    assert {row.mark for row in standards.rows} == {"S", "U"}
    assert not standards["gbt51328-bus"].verified


PTAL = (DEFAULTS / "ptal.csv").read_text(encoding="utf-8")


def test_the_parameters_of_ptal_that_come_with_the_program():
    rules = read_ptal(DEFAULTS / "ptal.csv")

    assert (rules.walk_limit_s["bus"], rules.walk_limit_s["rail"]) == (480, 720)
    assert (rules.reliability_s["bus"], rules.reliability_s["metro"]) == (120, 45)
    assert (rules.weight_best, rules.weight_other, rules.doorstep_s) == (1, 0.5, 1800)
    assert (rules.start_s, rules.end_s) == (8 * 3600 + 15 * 60, 9 * 3600 + 15 * 60)
    assert rules.walk_mps == pytest.approx(4.8 / 3.6)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("weight,best,1,ratio,W", "weight,best,1,ratio,", "figure-unsourced"),
        ("walk_limit,bus,8", "walk_limit,bus,far", "number-malformed"),
        ("doorstep,all,30", "doorstop,all,30", "missing-row"),
        ("band,1b,2.5", "band,1a,2.5", "id-twice"),
    ],
)
def test_malformed_parameters_of_ptal_are_told(tmp_path, old, new, code):
    assert old in PTAL
    path = tmp_path / "ptal.csv"
    path.write_text(PTAL.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_ptal(path)
    assert [notice.code for notice in caught.value.notices] == [code]
    assert caught.value.notices[0].file == "ptal.csv"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("band,1b,2.5", "band,1b,7", "ptal-bands"),
        ("reliability,tram", "reliability,cable", "ptal-kinds"),
        ("period,end,555", "period,end,5", "ptal-figure"),
        ("weight,other,0.5", "weight,other,2", "ptal-figure"),
    ],
)
def test_parameters_of_ptal_that_contradict_each_other_are_told(tmp_path, old, new, code):
    path = tmp_path / "ptal.csv"
    path.write_text(PTAL.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_ptal(path)
    assert (caught.value.code, caught.value.where) == (code, "ptal.csv")

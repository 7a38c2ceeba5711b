"""RULE UNDER TEST: a claim about a scenario compares the network without it and with it, asked the same.

The town has one street 121.095-121.135 E and one bus line; the scenario opens a faster one. Durations of the
street are those of `accessibility matrix`, so that a change is checked against a second way of computing it.
"""

import csv

import pytest

from accessibility.errors import DataError
from accessibility.messages import language, set_language
from accessibility.model.claim import NO_WORD
from accessibility.sources.study_file import read_study
from accessibility.studies.check import check_everything
from accessibility.studies.evidence.build import build_evidence
from accessibility.studies.evidence.files import evidence_study
from accessibility.studies.load import load_study
from tests.feeds import BANDS
from tests.transit_town import town_files

STUDY = """
[study]
id = "town"
name = "小镇"
area = [121.09, 31.29, 121.14, 31.31]
crs = "EPSG:4549"
as_of = [2021-05-21]
claims = "claims.toml"
[streets]
file = "town.osm"
[[places]]
file = "points.csv"
[origins]
kinds = ["home"]
[destinations]
kinds = ["work"]
[travel]
modes = ["walk"]
cutoffs_min = [15, 30]
[transit]
gtfs = ["FEED"]
[[period]]
id = "peak"
name = "早高峰"
from = "07:30"
to = "08:30"
[[target]]
id = "jobs"
name = "岗位"
kinds = ["work"]
"""
CLAIM = """
[[claim]]
id = "K1"
quote = "快线将大幅缩短时间"
kind = "change"
destinations = ["work"]
opportunities = ["jobs"]
modes = ["transit"]
as_of = [2021-05-21]
scenarios = ["express.toml"]
open_words = ["大幅"]
[[claim.stated]]
high = -20
unit = "%"
[[claim.stated]]
high = -90
unit = "%"
"""
EXPRESS = """
name = "快线（假设）"
mark = "A"
[[modification]]
type = "add_line"
id = "express"
name = "快线"
mode = "bus"
stops = [{name = "西", lon = 121.101, lat = 31.300}, {name = "东", lon = 121.130, lat = 31.300}]
hop_s = [180]
dwell_s = [0, 0]
headways = [{days = "daily", from = "05:00", to = "22:00", every_s = 60, phase_s = 0}]
"""
REMOVED = '[[modification]]\ntype = "remove_line"\nroute = "none"\n'
POINTS = (
    "id,name,kind,lon,lat\nhome,家,home,121.101,31.300\nwork,单位,work,121.130,31.300\n"
    "far,远,work,121.134,31.300\n"
)


@pytest.fixture(autouse=True)
def _speak_english():
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture
def town(tmp_path):
    """A study as files; its feed has one slow line."""
    options, _points = town_files(tmp_path, frequencies=BANDS + "t,06:00:00,22:00:00,600,0\n")
    feed = options[options.index("--gtfs") + 1]
    name = feed.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    (tmp_path / "study.toml").write_text(STUDY.replace("FEED", name), encoding="utf-8")
    (tmp_path / "points.csv").write_text(POINTS, encoding="utf-8")
    (tmp_path / "claims.toml").write_text(CLAIM, encoding="utf-8")
    (tmp_path / "express.toml").write_text(EXPRESS, encoding="utf-8")
    return tmp_path


def figures(folder, claim="K1"):
    evidence = build_evidence(load_study(read_study(folder)))
    return next(verdict for verdict in evidence.verdicts if verdict.claim.id == claim), evidence


def test_the_time_after_is_predicted_and_the_change_is_after_against_before(town):
    """Board at the door after 60 s of slack and at most 60 s of waiting, ride 180 s: 4 to 5 minutes."""
    found, evidence = figures(town)
    by_level = {(f.measure, f.unit, f.level): f.value for f in found.figures if f.subject == "work"}

    for level in ("low", "mid", "high"):
        before, after = by_level["before", "min", level], by_level["after", "min", level]
        assert 4.0 <= after <= 5.1
        assert before > 2 * after
        assert by_level["change", "min", level] == pytest.approx(after - before, abs=1e-9)
        assert by_level["change", "%", level] == pytest.approx(100 * (after - before) / before, abs=0.6)
    assert {f.scenario for f in found.figures} == {"express"}
    assert evidence.scenarios == {"express": "快线（假设）"}
    assert [n.file for n in evidence.provenance.notices if n.code == "scenario-assumed"] == ["express.toml"]


def test_readings_that_disagree_give_figures_and_no_word(town):
    found, _evidence = figures(town)

    words = {(c.reading, c.interval.word) for c in found.conditions if not c.name}
    assert words == {(0, "consistent"), (1, "inconsistent")}
    assert found.word == NO_WORD
    assert {c.value for c in found.conditions if c.name == "level"} == {"low", "mid", "high"}


def test_what_is_within_reach_is_counted_before_and_after(town):
    found, _evidence = figures(town)
    counts = {(f.measure, f.cutoff_min): f.value for f in found.figures if f.measure.startswith("reach")}

    assert counts["reach-after", 15] == 2
    assert counts["reach-change", 15] == counts["reach-after", 15] - counts["reach-before", 15]
    assert not any(f.counted for f in found.figures if f.measure.startswith("reach"))


def test_an_empty_scenario_changes_nothing(town):
    (town / "express.toml").write_text('name = "as it is"\n', encoding="utf-8")
    found, evidence = figures(town)

    assert {f.value for f in found.figures if f.measure in ("change", "reach-change")} == {0}
    assert not [n for n in evidence.provenance.notices if n.code == "scenario-assumed"]


def test_a_scenario_that_leaves_streets_alone_is_not_asked_about_walking(town):
    """A new street is."""
    text = CLAIM.replace('["transit"]', '["walk", "transit"]')
    (town / "claims.toml").write_text(text, encoding="utf-8")
    assert {f.mode for f in figures(town)[0].figures} == {"transit"}
    street = (
        '[[modification]]\ntype = "add_street"\nname = "新路"\nclass = "residential"\nmodes = ["walk"]\n'
        "course = [[121.101, 31.300], [121.130, 31.300]]\n"
    )
    (town / "express.toml").write_text('name = "新路"\n' + street, encoding="utf-8")
    assert {f.mode for f in figures(town)[0].figures} == {"walk", "transit"}


def test_an_interchange_is_audited_with_the_scenario_too(town):
    audit = """
[[claim]]
id = "K2"
quote = "加强衔接"
kind = "interchange"
destinations = ["a"]
as_of = [2021-05-21]
radii_m = [2000]
scenarios = ["express.toml"]
"""
    (town / "claims.toml").write_text(CLAIM + audit, encoding="utf-8")
    with (town / "points.csv").open("a", encoding="utf-8") as file:
        file.write("a,站,work,121.100,31.300\n")
    found, evidence = figures(town, "K2")
    lines = {f.scenario: f.value for f in found.figures if f.measure == "lines"}

    assert lines["express"] == lines[""] + 1
    assert [audit.scenario for audit in evidence.audits] == ["", "express"]
    assert {one.scenario for one in evidence.audits[1].interchanges[0]} == {"express"}


def test_page_and_tables_name_the_scenario(town, tmp_path):
    evidence_study(read_study(town), tmp_path / "out")

    page = (tmp_path / "out" / "evidence.html").read_text(encoding="utf-8")
    assert "快线（假设）" in page
    with (tmp_path / "out" / "tables" / "claim_figures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["scenario"] for row in rows} == {"express"}
    assert {row["cutoff_min"] for row in rows} == {"", "15.0", "30.0"}


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("claims.toml", "express.toml", "none.toml", ("none.toml", 0)),
        ("express.toml", 'mode = "bus"', 'mode = "boat"', ("express.toml", 8)),
        ("express.toml", "[[modification]]", REMOVED + "[[modification]]", ("express.toml", 6)),
        ("express.toml", "[[mod", "[mod", ("express.toml", 0)),
    ],
)
def test_a_scenario_that_cannot_be_is_told_by_its_file_and_line(town, file, old, new, told):
    text = (town / file).read_text(encoding="utf-8")
    assert old in text
    (town / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        figures(town)

    assert error.value.code == "claim-scenarios"
    assert told[0] in {notice.file for notice in error.value.notices}
    assert (told[1] == 0) or told in {(n.file, n.row) for n in error.value.notices}
    assert not any(str(town) in f"{n.file}{n.value}" for n in error.value.notices)
    assert told[0] in {notice.file for notice in check_everything([town], system="wgs84", osm=None)}

"""RULE UNDER TEST: ranges are read whole or refused with every problem, told, written, drawn."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from accessibility import messages
from accessibility.cli import main
from accessibility.errors import DataError, ModelError, UsageError
from accessibility.model.assumed_range import PositionRange, Ranges, SettingRange, WeightRange
from accessibility.model.comparison import CompareSettings
from accessibility.model.line_changes import AddLine, Headway, RemoveLine
from accessibility.model.range_result import Outcome, RangeResult
from accessibility.model.range_values import with_values
from accessibility.model.scenario import Scenario
from accessibility.model.street_changes import MovePlace
from accessibility.outputs.ranges.charts import draw_tornado
from accessibility.outputs.ranges.tornado import Tornado, TornadoRow, tornado_svg
from accessibility.outputs.ranges.words import interval_sentences, move_text, range_sentences
from accessibility.outputs.scenario.file import write_scenario
from accessibility.outputs.scenario.words import difference_sentences
from accessibility.scenarios import apply_scenario
from accessibility.sources.scenario_file import read_scenario
from accessibility.sources.study_file import read_study
from accessibility.studies.comparing import range_files
from accessibility.studies.comparing.comparer import Comparer
from accessibility.studies.comparing.range_ends import check_ends, values_at_ends
from accessibility.studies.comparing.ranges import compare_ranges
from accessibility.workbench.drafts import as_toml, from_toml, scenario_of
from tests.behaviours.test_d_scenarios import network
from tests.range_town import HEADWAY, HOP, LINE, WEIGHT, WEIGHTS, scenario_file, study_file
from tests.transit_worlds import transit_question

DOCS = Path(__file__).resolve().parents[2] / "docs" / "ranges.md"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def chinese():
    before = messages.language()
    messages.set_language("zh")
    yield
    messages.set_language(before)


def written(folder, text, name="one.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder, *parts):
    """Where every problem lies, and what it says."""
    with pytest.raises(DataError) as told:
        read_scenario(scenario_file(folder, *parts))
    return {notice.field: notice.message for notice in told.value.notices}


def changed(text, **settings):
    """A range with other settings; ``None`` takes one away."""
    for key, value in settings.items():
        line = "" if value is None else f"{key} = {value}\n"
        text, n = re.subn(rf"(?m)^{key} = .*\n", line, text)
        text += "" if n else line
    return text


def test_the_documented_example_is_read_written_applied_and_told(tmp_path):
    (text,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), flags=re.DOTALL)
    scenario = read_scenario(written(tmp_path, text))
    assert read_scenario(write_scenario(tmp_path / "again.toml", scenario)) == scenario
    assert [type(one) for one in scenario.ranges.ranges] == [
        SettingRange, SettingRange, PositionRange, WeightRange
    ]  # fmt: skip
    base = network(tmp_path)
    check_ends(scenario, lambda one: apply_scenario(base, one, default_dwell_s=20), where="one.toml")
    told = range_sentences(scenario)
    assert told[0] == "高峰间隔：P1的发车间隔（第1项） 5–8 分钟，方案值6 分钟，标记A，假设"
    assert told[2] == "园区东门的位置：园区东门的位置（P1） 四周400米以内"
    assert told[-2:] == ["候选点权重：C1 0.25、C2 0.25、C3 0.25、C4 0.25。", "抽样：60次，种子1。"]


@pytest.mark.parametrize(
    ("part", "where", "message"),
    [
        (changed(HEADWAY, low=21), "range[1].name", "上下颠倒"),
        (changed(HEADWAY, low="nan"), "range[1].name", "有限的数"),
        (changed(HEADWAY, low="0"), "range[1].name", "须大于0"),
        (changed(HOP, low="-1"), "range[1].name", "不得小于0"),
        (changed(HEADWAY, field='"headway"'), "range[1].name", "every_s"),
        (changed(HEADWAY, field='"stops"'), "range[1].name", "不能写区间"),
        (changed(HEADWAY, field='"dwell_s"'), "range[1].field", "没有可变的数"),
        (changed(HEADWAY, field='"factor"', unit=None), "range[1].modification", "没有这项设置"),
        (changed(HEADWAY, modification='"Q"'), "range[1].modification", "Q"),
        (changed(HEADWAY, modification="2"), "range[1].modification", "2"),
        (changed(HEADWAY, modification="1.5"), "range[1].modification", "文字"),
        (changed(HEADWAY, unit='"km"'), "range[1].name", "单位"),
        (changed(HEADWAY, items="[2]"), "range[1].items", "没有第2项"),
        (changed(HEADWAY, items="[0]"), "range[1].name", "从1数起"),
        (changed(HEADWAY, items='["1"]'), "range[1].items", "整数"),
        (changed(HEADWAY, low='"short"'), "range[1].low", "数"),
        (changed(HEADWAY, low=None), "range[1].low", "缺少"),
        (changed(HEADWAY, name='" "'), "range[1].name", "名称"),
        (changed(HEADWAY, low=16), "range[1].low", "不在区间内"),
        (changed(HEADWAY, hihg=3), "range[1].hihg", "没有"),
        (HEADWAY + changed(HEADWAY, name='"又一个"'), "range[2].field", "间隔"),
        (HEADWAY + changed(HOP, name='"间隔"'), "range[2].name", "同名"),
        (changed(HEADWAY, field='"position"', radius_m=-400, low=None, high=None, unit=None),
         "range[1].name", "半径"),
        (changed(HEADWAY, field='"position"', radius_m=400, low=None, high=None, unit=None),
         "range[1].stops", "新站"),
        (changed(HEADWAY, field='"position"', radius_m=400, stops='["H1"]', low=None, high=None, unit=None),
         "range[1].stops", "H1"),
        (WEIGHT, "weights.HOME", "没有写"),
        (WEIGHT + changed(WEIGHT, name='"又一个"') + WEIGHTS, "weights.HOME", "家的权重"),
        (WEIGHT + changed(WEIGHTS, HOME=0.4), "weights", "0.9"),
        (WEIGHT + changed(WEIGHTS, HOME=1.5, NEAR=-0.5), "weights", "不小于0"),
        (changed(WEIGHT, low=-0.2) + WEIGHTS, "range[1].name", "不小于0"),
        (WEIGHT + changed(WEIGHTS, HOME=0.9, NEAR=0.1), "weights.HOME", "不在区间内"),
        (changed(WEIGHT, low=0, high=1) + "[weights]\nHOME = 1.0\n", "weights", "全部为0"),
        (HEADWAY + "[sampling]\nsamples = 9\n", "sampling.samples", "10"),
        (HEADWAY + "[sampling]\nsamples = 100000\n", "sampling.samples", "10000"),
        (HEADWAY + "[sampling]\nseed = -1\n", "sampling.seed", "0"),
        (HEADWAY + "[sampling]\nruns = 50\n", "sampling.runs", "没有"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_range_is_told_where_it_stands(tmp_path, part, where, message):
    told = problems(tmp_path, part)
    assert list(told)[0] == where
    assert message in told[where]


def test_everything_that_is_wrong_is_told_at_once(tmp_path):
    parts = (changed(HEADWAY, low=21), changed(HOP, low='"x"'), changed(HOP, name='"Q"', modification='"Q"'),
             WEIGHT, changed(WEIGHTS, HOME=0.1),
             "[sampling]\nsamples = 1\nseed = -3\n")  # fmt: skip
    told = problems(tmp_path, *parts)
    assert list(told) == [
        "range[1].name",
        "range[2].low",
        "sampling.samples",
        "sampling.seed",
        "weights",
        "weights.HOME",
        "range[3].modification",
    ]


def test_values_that_differ_need_their_entries_named(tmp_path):
    late = '{days = "daily", from = "09:00", to = "12:00", every_s = 1800}]'
    text = LINE.replace("phase_s = 0}]", "phase_s = 0}, " + late)
    with pytest.raises(DataError) as told:
        read_scenario(written(tmp_path, text + HEADWAY))
    assert "900, 1800" in told.value.notices[0].message
    scenario = read_scenario(written(tmp_path, text + changed(HEADWAY, items="[1]")))
    (after,) = with_values(scenario.modifications, scenario.ranges.ranges, [(600.0,)])
    assert [band.every_s for band in after.headways] == [600, 1800]


def test_a_headway_shorter_than_its_phase_is_told(tmp_path):
    text = LINE.replace("phase_s = 0", "phase_s = 700")
    with pytest.raises(DataError) as told:
        read_scenario(written(tmp_path, text + HEADWAY))
    assert [notice.field for notice in told.value.notices] == ["range[1].low"]


def test_ranges_of_modifications_that_are_off_are_left_out_and_numbers_stay_right(tmp_path):
    off = '[[modification]]\ntype = "scale_speed"\nroute = "r"\nfactor = 1.0\nenabled = false\n'
    head, rest = LINE.split("[[modification]]")
    text = f"{head}{off}\n[[modification]]{rest}" + changed(HEADWAY, modification=2)
    speed = '\n[[range]]\nname = "快慢"\nmodification = "r"\nfield = "factor"\nlow = 0.5\nhigh = 2\n'
    scenario = read_scenario(written(tmp_path, text + speed))
    assert [one.name for one in scenario.ranges.ranges] == ["间隔"]
    assert scenario.ranges.ranges[0].modification == 1
    with pytest.raises(DataError):
        read_scenario(written(tmp_path, text + speed.replace("high = 2", "high = 0.7")))


def test_a_place_is_moved_by_a_position_without_stops():
    move = MovePlace("h1", 121.1, 31.3)
    one = PositionRange("医院的位置", "h1", 100.0)
    scenario = Scenario("x", (move,), ranges=Ranges((one,)))
    ends = list(values_at_ends(scenario))
    moved = [with_values(scenario.modifications, [one], end)[0] for end in ends]
    assert [round(m.lon - 121.1, 4) for m in moved] == [0.0011, 0, -0.0011, 0]
    assert [round(m.lat - 31.3, 4) for m in moved] == [0, 0.0009, 0, -0.0009]
    assert [move_text(end[0]) for end in ends] == ["向东100米", "向北100米", "向西100米", "向南100米"]
    assert move_text((0.0, 0.0)) == "不移动"
    assert move_text((30.4, -12.0)) == "向东30米、向北-12米"


def test_a_scenario_object_refuses_ranges_that_do_not_fit():
    line = AddLine("P", ("a", "b"), hop_s=(60,), headways=(Headway("daily", 0, 3600, 600),))
    for one in (SettingRange("x", "P", "every_s", 700, 900), SettingRange("x", "Q", "every_s", 1, 900)):
        with pytest.raises(ModelError) as told:
            Scenario("x", (line,), ranges=Ranges((one,)))
        assert told.value.code == "scenario-ranges"
    with pytest.raises(ModelError):
        SettingRange("x", "P", "every_s", 2, 1)
    with pytest.raises(ModelError):
        Ranges((WeightRange("w", "C1", 0, 1),))


def test_differences_of_ranges_are_told(tmp_path):
    one = read_scenario(scenario_file(tmp_path, HEADWAY, HOP))
    other = read_scenario(scenario_file(tmp_path, changed(HEADWAY, high=30), WEIGHT, WEIGHTS, name="b.toml"))
    told = difference_sentences(one, other)
    assert len(told) == 4
    assert told[0].startswith("只见于前者：行车")
    assert told[1].startswith("只见于后者：家的权重")
    assert "10–20 分钟" in told[2]
    assert "→ 间隔：P的发车间隔 10–30 分钟" in told[2]
    assert "HOME 0.5" in told[3]
    assert difference_sentences(one, one) == []


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return tmp_path_factory.mktemp("town")


@pytest.fixture(scope="module")
def study(town):
    return study_file(town)


@pytest.fixture(scope="module")
def comparer(study):
    return Comparer.of_study(read_study(study))


def test_a_comparison_uses_the_stated_values_and_says_so(town, comparer):
    ranged = read_scenario(scenario_file(town, HEADWAY))
    plain = replace(ranged, ranges=Ranges())
    one, other = comparer.compare(ranged), comparer.compare(plain)
    assert [table.after_s.tobytes() for table in one.tables] == [t.after_s.tobytes() for t in other.tables]
    assert [notice.code for notice in one.notices] == ["scenario-ranges"]
    assert [notice.code for notice in other.notices] == []


def test_samples_and_seeds_that_cannot_be_are_refused(town, comparer):
    scenario = read_scenario(scenario_file(town, HEADWAY))
    for settings, code in (({"n_samples": 9}, "ranges-sampling"), ({"seed": -1}, "ranges-sampling")):
        with pytest.raises(UsageError) as told:
            compare_ranges(comparer, scenario, **settings)
        assert told.value.code == code
    with pytest.raises(UsageError) as told:
        compare_ranges(comparer, replace(scenario, ranges=Ranges()))
    assert told.value.code == "ranges-none"


def test_the_sample_of_the_scenario_goes_before_that_of_the_limits_and_the_call_before_both(town, comparer):
    scenario = read_scenario(scenario_file(town, HEADWAY, "[sampling]\nsamples = 11\nseed = 7\n"))
    assert (len(compare_ranges(comparer, scenario).sample), compare_ranges(comparer, scenario).seed) == (
        11,
        7,
    )
    called = compare_ranges(comparer, scenario, n_samples=12, seed=0)
    assert (len(called.sample), called.seed) == (12, 0)
    bare = read_scenario(scenario_file(town, HEADWAY))
    assert len(compare_ranges(comparer, bare).sample) == 60
    assert compare_ranges(comparer, bare).seed == 1


def test_sites_that_the_study_does_not_have_are_told(town, comparer):
    scenario = read_scenario(scenario_file(town, HEADWAY, changed(WEIGHTS, HOME=None), "C9 = 0.5\n"))
    with pytest.raises(DataError) as told:
        compare_ranges(comparer, scenario)
    assert told.value.code == "range-site"
    assert [notice.value for notice in told.value.notices] == ["C9"]


PASSED = """
[[modification]]
type = "remove_stops"
route = "r"
stops = ["b"]
saved_s_per_stop = 60

[[range]]
name = "节省"
modification = "r"
field = "saved_s_per_stop"
low = 0
high = 40
unit = "min"
"""
"""A stop that is passed without calling; its ride of twelve minutes cannot become forty shorter."""


def test_a_scenario_that_cannot_be_at_an_end_is_told_before_the_sample(town, study, comparer, capsys):
    file = scenario_file(town, PASSED, name="zero.toml")
    with pytest.raises(DataError) as told:
        compare_ranges(comparer, read_scenario(file), file="zero.toml")
    assert told.value.code == "range-impossible"
    assert [notice.file for notice in told.value.notices] == ["zero.toml"]
    assert main(["scenario", "check", str(file), "--study", str(study)]) == 1
    assert "saved_s_per_stop" in capsys.readouterr().out


def test_the_command_tells_and_writes_the_same_bytes_twice(town, study, capsys, tmp_path):
    file = scenario_file(town, HEADWAY, HOP, WEIGHT, WEIGHTS)
    given = ["ranges", str(study), "--scenario", str(file), "--samples", "10", "--seed", "3", "--out"]
    said = []
    for name in "ab":
        assert main([*given, str(tmp_path / name)]) == 0
        said.append(capsys.readouterr().out.splitlines()[:-1])
    assert said[0] == said[1]
    assert said[0][1].startswith("假设")
    assert "−13.5" in " ".join(said[0])
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == [
        "index.html", "intervals.csv", "manifest.json", "ranges.csv", "ranges.xlsx", "sample.csv",
        "tornado-change-min-hospital.svg", "tornado-saved-min.svg", "tornado-vehicle-hours.svg",
        "tornado.csv",
    ]  # fmt: skip
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    page = (tmp_path / "a" / "index.html").read_text(encoding="utf-8")
    for text in ("假设", "10次，种子3", "没有写成区间的都不在内", "家的权重", "10–20 分钟", "A：假设"):
        assert text in page
    assert "<script" not in page
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) == {"http://www.w3.org/2000/svg"}
    sample = (tmp_path / "a" / "sample.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(sample) == 11
    assert sample[0].startswith("run,间隔 (min),行车 (min),家的权重,saved_min")
    book = openpyxl.load_workbook(tmp_path / "a" / "ranges.xlsx", read_only=True)
    heads = [cell.value for cell in next(book["抽样"].rows)]
    assert not [head for head in heads if not re.search("[\u4e00-\u9fff]", head)], "names, not ids"
    for name in ("intervals", "tornado", "sample"):
        rows = (tmp_path / "a" / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()
        assert all(row.endswith(",assumed") for row in rows)


def test_a_place_that_cannot_be_written_to_is_told_before_anything_is_computed(
    town, study, monkeypatch, capsys, tmp_path
):
    def computed(*_arguments, **_more):
        raise AssertionError("the place was not looked at first")

    monkeypatch.setattr(range_files, "compare_ranges", computed)
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    file = scenario_file(town, HEADWAY)
    assert main(["ranges", str(study), "--scenario", str(file), "--out", str(tmp_path / "out")]) == 1
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"
    assert "out" in capsys.readouterr().err


def test_nothing_is_written_for_a_scenario_without_ranges(town, study, capsys, tmp_path):
    file = scenario_file(town, name="plain.toml")
    assert main(["ranges", str(study), "--scenario", str(file), "--out", str(tmp_path / "out")]) == 2
    assert "ranges-none" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_scenario_with_ranges_is_described_with_them(town, capsys):
    assert main(["scenario", "describe", str(scenario_file(town, HEADWAY))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == "以下各项只知道区间，上文为其方案值："
    assert lines[-1] == "- 间隔：P的发车间隔 10–20 分钟，方案值15 分钟，标记A"


def test_a_draft_of_the_workbench_keeps_its_ranges(town):
    file = scenario_file(town, HEADWAY, HOP, WEIGHT, WEIGHTS)
    draft = from_toml(file.read_text(encoding="utf-8"))
    assert scenario_of(draft) == read_scenario(file)
    assert from_toml(as_toml(draft)) == draft


def result_of(stated, sample, *ends):
    """A result of made-up figures with as many ranges as there are ends."""
    changes = tuple(RemoveLine(f"r{i}") for i in range(1))
    line = AddLine("P", ("a", "b"), hop_s=(60,) * len(ends), headways=(Headway("daily", 0, 3600, 600),))
    ranges = tuple(SettingRange(f"x{i + 1}", "P", "hop_s", 30, 90, items=(i + 1,)) for i in range(len(ends)))
    return RangeResult(
        Scenario("x", (*changes, line), ranges=Ranges(ranges)),
        CompareSettings(date(2021, 5, 21), "peak"),
        transit_question(),
        (),
        (Outcome("change_min", "hospital", "HOME"),),
        1,
        tuple(tuple((60.0,) for _end in ends) for _run in sample),
        np.array([stated]),
        np.array(sample)[:, None],
        tuple(np.array(pair)[:, None] for pair in ends),
        1,
    )  # fmt: skip


def test_runs_without_a_figure_are_counted_and_left_out():
    nan = float("nan")
    (outcome,) = result_of(1.0, [nan] * 3, (0.0, 2.0)).outcomes
    interval = result_of(1.0, [3.0, nan, 2.0], (nan, 5.0)).interval(outcome)
    assert (interval.n_known, interval.n_samples) == (2, 3)
    assert (interval.p10, interval.p50, interval.p90) == (2, 2, 3)
    assert (interval.low, interval.high) == (1, 5)
    nothing = result_of(nan, [nan] * 3, (nan, nan)).interval(outcome)
    assert (nothing.n_known, np.isnan(nothing.p50), np.isnan(nothing.low)) == (0, True, True)


def test_an_end_that_changes_nothing_is_the_stated_value():
    found = result_of(1.0, [1.0] * 3, (1.0, 4.0), (2.0, 3.0), (float("nan"), 0.5))
    told = [(bar.range_number, bar.low, bar.high, bar.low_end, bar.high_end)
            for bar in found.bars(found.outcomes[0])]  # fmt: skip
    assert told == [(0, 1, 4, -1, 1), (1, 1, 3, -1, 1), (2, 0.5, 1, 1, -1)]


def test_a_result_of_other_shape_is_refused():
    good = result_of(1.0, [1.0] * 3, (0.0, 2.0))
    for wrong in ({"ends": ()}, {"sample": np.ones((2, 1))}, {"stated": np.ones(2)}):
        with pytest.raises(ModelError):
            replace(good, **wrong)
    with pytest.raises(ModelError):
        good.interval(Outcome("saved_min"))


def bars_of(svg):
    """Lengths of the coloured bars (pixels), and all texts."""
    root = ET.fromstring(svg)
    bars = [
        float(rect.get("width"))
        for rect in root.iter(f"{SVG}rect")
        if rect.get("fill") in ("#e08214", "#6f5fa6")
    ]
    return bars, ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def test_a_tornado_chart_is_drawn_to_scale_and_says_that_it_is_assumed():
    svg = draw_tornado(
        result_of(-10.0, [-12.0] * 3, (-14.0, -8.0), (-11.0, -10.0)),
        Outcome("change_min", "hospital", "HOME"),
    )
    bars, texts = bars_of(svg)
    assert bars == [
        pytest.approx(380 * 4 / 6, abs=0.2),
        pytest.approx(380 * 2 / 6, abs=0.2),
        pytest.approx(380 / 6, abs=0.2),
    ]
    assert texts[1].startswith("假设")
    assert "抽样3次，种子1" in texts[1]
    assert [text for text in texts if text in ("x1", "x2")] == ["x1", "x2"]
    assert "30 秒：−14.0" in texts
    assert "方案值 −10.0" in texts


def test_a_chart_of_equal_figures_or_hostile_names_is_still_a_picture():
    row = TornadoRow('<script>&"', 5.0, 5.0, "", "")
    svg = tornado_svg(Tornado("t", "a < b & c", "note", [row], 5.0, "5"))
    bars, texts = bars_of(svg)
    assert bars == []
    assert "a < b & c" in texts
    assert '<script>&"' in texts
    small = tornado_svg(Tornado("t", "", "", [TornadoRow("x", -0.02, 0.03, "", "")], 0.0, "0"))
    assert {"−0.02", "0.00", "0.03"} <= set(bars_of(small)[1])


def test_sentences_say_what_is_not_in_the_interval(town, comparer):
    scenario = read_scenario(scenario_file(town, HEADWAY))
    told = interval_sentences(compare_ranges(comparer, scenario, n_samples=10), {"hospital": "医院"})
    assert told[0].startswith("假设")
    assert any("各次均为0.0" in sentence for sentence in told)
    assert "步行速度" in told[-1]

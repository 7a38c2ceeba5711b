"""Two scenarios of the Anting study before and after: figures of this program, and the same bytes twice."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accessibility.cli import main
from accessibility.errors import DataError, UsageError
from accessibility.measures.ranking import ranked
from accessibility.model.comparison import ATTACHED_ELSEWHERE, GAIN, LOSE, CompareSettings
from accessibility.model.line_changes import RemoveLine
from accessibility.model.scenario import Scenario
from accessibility.model.street_changes import CloseStreet
from accessibility.sources.scenario_file import read_scenario
from accessibility.sources.study_file import read_study
from accessibility.studies.comparing import comparer as compare_module
from accessibility.studies.comparing.comparer import Comparer
from accessibility.studies.comparing.files import CompareOptions, compare_files
from accessibility.studies.comparing.range_ends import check_ends
from accessibility.studies.comparing.reach import ReachCounter
from accessibility.studies.comparing.told_journeys import told_changes
from accessibility.transit import transit_times

ANTING = Path(__file__).parents[2] / "data" / "anting"
SCENARIOS = sorted((ANTING / "scenarios").glob("*.toml"))

pytestmark = pytest.mark.golden


@pytest.fixture(scope="module")
def comparer():
    return Comparer.of_study(read_study(ANTING / "study.toml"))


def told(comparison, target):
    table = comparison.table(target)
    return table.count(GAIN), table.count(LOSE)


def test_jd112_bent_to_fengbang_helps_most_and_harms_those_it_leaves(comparer):
    found = comparer.compare(read_scenario(ANTING / "scenarios" / "jd112_fengbang_15min.toml"))
    assert found.assumed
    assert [told(found, target) for target in ("metro", "line14", "hospital")] == [
        (73, 8),
        (128, 10),
        (58, 37),
    ]
    assert (found.n_recomputed, found.n_origins) == (1140, 1942)


def test_a_shuttle_from_the_park_harms_nobody(comparer):
    found = comparer.compare(read_scenario(ANTING / "scenarios" / "shuttle_fengbang.toml"))
    assert told(found, "line14") == (160, 0)
    assert all(table.count(LOSE) == 0 for table in found.tables)
    assert [cost.route for cost in found.costs_after] == ["shuttle-fengbang"] * 2
    assert found.costs_before == ()


@pytest.mark.parametrize("name", ["jd112_fengbang_15min", "shuttle_malu"])
def test_what_is_not_computed_anew_equals_a_full_rerun_byte_for_byte(comparer, monkeypatch, name):
    scenario = read_scenario(ANTING / "scenarios" / f"{name}.toml")
    some = comparer.compare(scenario)

    def everybody(*_sides):
        return lambda longest_s, _members: np.ones(len(longest_s), bool)

    monkeypatch.setattr(compare_module, "touched_origins", everybody)
    everything = comparer.compare(scenario)
    assert some.n_recomputed < everything.n_recomputed == everything.n_origins
    pairs = zip(some.tables + some.site_tables, everything.tables + everything.site_tables, strict=True)
    for one, other in pairs:
        assert one.after_s.tobytes() == other.after_s.tobytes()
        assert one.reason_after.tobytes() == other.reason_after.tobytes()


def test_the_empty_scenario_changes_nothing_and_computes_nothing_anew(comparer):
    found = comparer.compare(Scenario("as it is"))
    assert found.n_recomputed == 0
    assert all(table.before_s.tobytes() == table.after_s.tobytes() for table in found.tables)
    assert found.costs_before == found.costs_after == ()


def test_every_scenario_of_the_study_is_possible_and_says_that_it_is_assumed(comparer):
    assert len(SCENARIOS) == 13
    for path in SCENARIOS:
        scenario = read_scenario(path)
        assert scenario.mark == "A"
        assert comparer.changed(scenario, file=path.name) is not comparer.baseline


def test_extensions_and_shuttles_hold_ranges_that_are_possible_at_both_ends(comparer):
    ranged = {}
    for path in SCENARIOS:
        scenario = read_scenario(path)
        if scenario.ranges:
            check_ends(scenario, comparer.changed, where=path.name)
            assert all(one.mark in ("A", "I") for one in scenario.ranges.ranges)
            ranged[path.stem] = len(scenario.ranges.ranges)
    assert ranged == {
        "line14_west_antingbei": 14,
        "line14_west_medium": 15,
        "line14_west_metro": 13,
        "shuttle_fengbang": 6,
        "shuttle_malu": 6,
    }


def test_settings_that_the_study_does_not_have_are_told_with_what_it_has(comparer):
    day = comparer.settings.as_of
    for settings, code in (
        (CompareSettings(day, "night"), "compare-period"),
        (CompareSettings(day, "peak", targets=("moon",)), "compare-target"),
        (CompareSettings(day, "peak", access_mode="drive"), "compare-access"),
    ):
        with pytest.raises(UsageError) as error:
            comparer.compare(Scenario("as it is"), settings)
        assert error.value.code == code
    with pytest.raises(DataError):
        comparer.compare(Scenario("no such line", (RemoveLine("nowhere"),)))


def test_the_command_tells_and_writes_the_same_bytes_twice(tmp_path, capsys):
    file = ANTING / "scenarios" / "shuttle_fengbang.toml"
    given = ["compare", str(ANTING / "study.toml"), "--scenario", str(file), "--out"]
    said = []
    for name in "ab":
        assert main([*given, str(tmp_path / name)]) == 0
        said.append(capsys.readouterr().out)
    assert "假设" in said[0]
    assert said[0].replace(str(tmp_path / "a"), str(tmp_path / "b")) == said[1]
    written = [sorted(p.relative_to(tmp_path / n) for p in (tmp_path / n).rglob("*.*")) for n in "ab"]
    assert written[0] == written[1]
    assert len(written[0]) == 12
    for name in written[0]:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_two_files_of_one_name_are_refused_before_anything_is_read(tmp_path):
    twice = [tmp_path / "a" / "x.toml", tmp_path / "b" / "x.toml"]
    with pytest.raises(UsageError) as error:
        compare_files(ANTING / "study.toml", twice, CompareOptions())
    assert error.value.code == "compare-names"


def test_the_shuttle_to_fengbang_ranks_before_the_one_to_malu(comparer):
    files = [ANTING / "scenarios" / f"shuttle_{end}.toml" for end in ("malu", "fengbang")]
    first, second = ranked([comparer.compare(read_scenario(file)) for file in files])
    assert "封浜" in first.scenario
    assert first.saved_min > second.saved_min > 0
    assert (first.pareto, second.pareto) == (True, False)
    assert 0 < first.vehicle_hours < second.vehicle_hours


def test_a_folder_without_scenarios_is_told(tmp_path, capsys):
    assert main(["rank", str(ANTING / "study.toml"), str(tmp_path)]) != 0
    assert "rank-empty" in capsys.readouterr().err


def test_the_command_ranks_a_folder(tmp_path, capsys):
    for end in ("malu", "fengbang"):
        name = f"shuttle_{end}.toml"
        (tmp_path / name).write_bytes((ANTING / "scenarios" / name).read_bytes())
    assert main(["rank", str(ANTING / "study.toml"), str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert ["封浜" in line for line in lines] == [True, False]


def test_squares_left_out_of_the_counts_reach_as_many_as_before(comparer):
    scenario = read_scenario(ANTING / "scenarios" / "jd112_fengbang_10min.toml")
    compared = comparer.compared(comparer.changed(scenario), scenario)
    timetable, cutoffs_s = comparer.baseline.timetable, (900, 1800, 2700)
    changes = ReachCounter(timetable, cutoffs_s, len(comparer.sites)).changes(compared)
    counted = set(changes[0].origin_ids)
    assert len(comparer.sites) < len(counted) < compared.comparison.n_origins
    query = replace(compared.before.query, max_duration_s=2700)
    full = [
        transit_times(lines, side.linkage, query, side.ids).duration_s[:, :, 0] <= cutoffs_s[-1]
        for side, lines in ((compared.before, timetable), (compared.after, compared.network.timetable))
    ]
    left_out = [i for i, origin in enumerate(compared.before.ids[0]) if origin not in counted]
    assert np.array_equal(*(side[left_out] for side in full))
    assert any((change.change < 0).any() for change in changes)


def test_the_journeys_told_take_the_times_of_the_tables(comparer):
    scenario = read_scenario(ANTING / "scenarios" / "jd112_fengbang_10min.toml")
    compared = comparer.compared(comparer.changed(scenario), scenario)
    told = told_changes(compared, comparer.baseline.timetable)
    assert [sum(one.why == why for one in told) for why in ("worst", "best")] == [10, 10]
    for one in told:
        for duration_s, lines in ((one.before_s, one.before), (one.after_s, one.after)):
            assert f"{duration_s // 60}:{duration_s % 60:02d}" in lines[-1]
            assert len(lines) > 2


def test_the_square_that_a_closed_road_makes_quicker_is_named_as_attached_elsewhere(comparer):
    """Its middle lies 220 m from 曹安公路 and 314 m from 花安路, whence it walks to the station."""
    scenario = Scenario("x", (CloseStreet(name="曹安公路"),))
    compared = comparer.compared(comparer.changed(scenario), scenario)
    comparison = compared.comparison
    quicker = {table.origin_ids[i] for table in comparison.tables for i in table.best.tolist()}
    assert "g007-014" in quicker
    (notice,) = (one for one in comparison.notices if one.code == ATTACHED_ELSEWHERE)
    assert "g007-014" in notice.message
    origin = compared.before.ids[0].index("g007-014")
    sides = [side.linkage.origins.snap_m[origin] for side in (compared.before, compared.after)]
    assert sides == pytest.approx([220.5, 313.6], abs=0.1)

"""Ranges of scenarios: no width means no interval, one seed means the same bytes, the middle lies within."""

import math
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.model.assumed_range import PositionRange, Ranges, SettingRange, WeightRange
from accessibility.model.line_changes import AddLine, Headway, NewStop, ScaleSpeed, SetDwell
from accessibility.model.projection import geodesic_m
from accessibility.model.range_values import stated_value, with_values
from accessibility.model.scenario import Scenario
from accessibility.outputs.scenario.file import write_scenario
from accessibility.sources.scenario_file import read_scenario
from accessibility.sources.study_file import read_study
from accessibility.studies.comparing.comparer import Comparer
from accessibility.studies.comparing.range_outcomes import figures_of
from accessibility.studies.comparing.ranges import compare_ranges
from tests.range_town import HEADWAY, HOP, WEIGHT, WEIGHTS, scenario_file, study_file

SHARE = st.floats(0, 1)
LINE = AddLine(
    "P", ("a", NewStop("Gate", 121.11, 31.3, "g"), "c"), hop_s=(600, 600),
    headways=(Headway("daily", 0, 3600, 900), Headway("daily", 3600, 7200, 600)),
)  # fmt: skip


@pytest.fixture(scope="module")
def comparer(tmp_path_factory):
    return Comparer.of_study(read_study(study_file(tmp_path_factory.mktemp("town"))))


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return read_scenario(scenario_file(tmp_path_factory.mktemp("new"), HEADWAY, HOP, WEIGHT, WEIGHTS))


def narrow(one):
    """The same range without any width, at the stated value."""
    middle = {"every_s": 15.0, "hop_s": 10.0}.get(getattr(one, "field", ""), 0.5)
    return replace(one, low=middle, high=middle)


def test_a_range_without_width_is_the_plain_comparison(comparer, scenario):
    some = replace(scenario.ranges, ranges=tuple(narrow(one) for one in scenario.ranges.ranges))
    found = compare_ranges(comparer, replace(scenario, ranges=some), n_samples=10)
    assert found.n_networks == 1
    assert all(np.array_equal(row, found.stated) for row in found.sample)
    assert all(np.array_equal(row, found.stated) for ends in found.ends for row in ends)
    plain = figures_of(comparer.compare(replace(scenario, ranges=Ranges())))
    for outcome, value in zip(found.outcomes, found.stated, strict=True):
        assert plain.get(outcome, value) == value
        interval = found.interval(outcome)
        assert interval.low == interval.high == interval.p50 == value
        assert all(bar.width == 0 for bar in found.bars(outcome))


def test_one_seed_gives_the_same_bytes_and_another_other_draws(comparer, scenario):
    one, again, other = (compare_ranges(comparer, scenario, n_samples=12, seed=n) for n in (4, 4, 5))
    assert one.drawn == again.drawn != other.drawn
    assert one.sample.tobytes() == again.sample.tobytes() != other.sample.tobytes()
    assert one.stated.tobytes() == other.stated.tobytes()


def test_intervals_hold_the_stated_values_and_every_end(comparer, scenario):
    found = compare_ranges(comparer, scenario, n_samples=10)
    for outcome in found.outcomes:
        interval = found.interval(outcome)
        assert interval.low <= interval.p10 <= interval.p50 <= interval.p90 <= interval.high
        assert interval.low <= interval.stated <= interval.high
        widths = [bar.width for bar in found.bars(outcome)]
        assert widths == sorted(widths, reverse=True)
        assert all(interval.low <= bar.low <= bar.high <= interval.high for bar in found.bars(outcome))


def test_every_tenth_of_every_range_is_drawn_once_by_ten_runs(comparer, scenario):
    found = compare_ranges(comparer, scenario, n_samples=10)
    headway_s = sorted(values[0][0] for values in found.drawn)
    for part, value in enumerate(headway_s):
        assert 600 + 60 * part - 0.5 <= value <= 660 + 60 * part + 0.5


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), SHARE)
def test_a_drawn_shift_lies_between_the_ends_to_the_second(low, more, share):
    one = SettingRange("shift", "P", "by_s", low, low + more)
    (drawn,) = one.at([share])
    assert drawn == round(drawn)
    assert one.ends[0][0] <= drawn <= one.ends[1][0]


@given(st.floats(0, 5000), SHARE, SHARE)
def test_a_position_is_moved_within_its_circle_and_no_other_stop_is(radius_m, away, around):
    one = PositionRange("gate", "P", radius_m, ("g",))
    (moved,) = with_values([LINE], [one], [one.at([away, around])])
    away_m = geodesic_m((LINE.stops[1].lon, LINE.stops[1].lat), (moved.stops[1].lon, moved.stops[1].lat))
    assert away_m == pytest.approx(radius_m * math.sqrt(away), abs=1e-3)
    assert (moved.stops[0], moved.stops[2]) == (LINE.stops[0], LINE.stops[2])
    assert replace(moved, stops=LINE.stops) == LINE


@given(st.integers(0, 100))
def test_equal_parts_of_a_circle_are_equally_likely(number):
    one = PositionRange("gate", "P", 100.0)
    assert math.hypot(*one.at([number / 100, 0.3])) ** 2 == pytest.approx(number * 100)


@given(SHARE)
def test_stated_values_in_place_change_nothing(share):
    changes = (LINE, ScaleSpeed("x", 1.5), SetDwell("x", dwell_s=30))
    ranges = (
        SettingRange("headway", "P", "every_s", 5, 20, "min", items=(1,)),
        SettingRange("hops", "P", "hop_s", 500, 700),
        SettingRange("factor", "x", "factor", 1, 2),
        SettingRange("dwell", 3, "dwell_s", 10, 40),
        PositionRange("gate", "P", 400 * share, ("Gate",)),
        WeightRange("weight", "C1", 0.1, 1),
    )
    scenario = Scenario("x", changes, ranges=Ranges(ranges, (("C1", 1 - share / 2), ("C2", share / 2))))
    stated = [stated_value(one, changes, scenario.ranges.weights) for one in ranges]
    assert stated[:4] == [(900.0,), (600.0,), (1.5,), (30.0,)]
    assert with_values(changes, ranges, stated) == changes
    others = [one.at([share] * one.n_dimensions) for one in ranges]
    assert with_values(with_values(changes, ranges, others), ranges[:4], stated[:4])[1:] == changes[1:]


NAME = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8).filter(str.strip)


@given(NAME, NAME, st.integers(1, 10), st.integers(0, 20), st.sampled_from(["", "s", "min"]), SHARE, NAME)
def test_ranges_read_back_from_their_file(name, other, low, more, unit, share, source):
    scale = 60 if unit == "min" else 1
    line = replace(LINE, hop_s=((low + more) * scale, 1), headways=(Headway("daily", 0, 3600, low * scale),))
    ranges = (
        SettingRange(name, "P", "every_s", low, low + more / 7, unit, mark="A", source=source),
        SettingRange(name + other, 1, "hop_s", low, low + more, unit, items=(1,)),
        PositionRange(name + " ", "P", 1000 * share, ("Gate",), "I", source),
        WeightRange(name + "  ", "C1", share / 2, 1),
    )
    weights = (("C1", (1 + share) / 2), ("C2", (1 - share) / 2))
    some = Scenario("x", (line,), ranges=Ranges(ranges, weights, 20, 3))
    with TemporaryDirectory() as folder:
        assert read_scenario(write_scenario(Path(folder) / "x.toml", some)) == some

"""PREDICTED BY HAND: intervals and order of ranges of a new line in a town of one street.

From Home, departures 7:00 to 7:59, one a minute, the stop at the door, one minute to board. The bus of 8:00
arrives at 8:12: 72 minutes from 7:00 down to 13 from 7:59, of 60 the 30th is 42. A line every h minutes
from the full hour (h divides 60) lets people wait 1 to h minutes, each 60 / h times: the 30th of the sorted
waits is h / 2, rounded up. With a ride of r minutes the change is h / 2 rounded up + r - 42. Near walks
before and after: no change.

From 6:00 to 9:00 there are 180 / h trips, each takes r minutes and 5 to rest.
"""

import pytest

from accessibility.model.range_result import Outcome
from accessibility.sources.scenario_file import read_scenario
from accessibility.sources.study_file import read_study
from accessibility.studies.comparing.comparer import Comparer
from accessibility.studies.comparing.ranges import compare_ranges
from tests.range_town import HEADWAY, HOP, WEIGHT, WEIGHTS, scenario_file, study_file

HOME = Outcome("change_min", "hospital", "HOME")
NEAR = Outcome("change_min", "hospital", "NEAR")
MEAN = Outcome("change_min", "hospital")
HOURS = Outcome("vehicle_hours")
VEHICLES = Outcome("vehicles")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    comparer = Comparer.of_study(read_study(study_file(folder)))
    scenario = read_scenario(scenario_file(folder, HEADWAY, HOP, WEIGHT, WEIGHTS))
    return compare_ranges(comparer, scenario, n_samples=10, seed=3)


def bars(found, outcome):
    """Name of the range, and the figure at its ends, in order."""
    ranges = found.scenario.ranges.ranges
    return [(ranges[bar.range_number].name, bar.low, bar.high) for bar in found.bars(outcome)]


def test_the_stated_line_saves_24_minutes(found):
    assert found.interval(HOME).stated == 8 + 10 - 42
    assert found.interval(NEAR).stated == 0
    assert found.interval(MEAN).stated == 0.5 * (8 + 10 - 42)


def test_a_headway_of_10_to_20_minutes_moves_the_wait_by_5_and_matters_more_than_the_ride(found):
    assert bars(found, HOME) == [
        ("间隔", 5 + 10 - 42, 10 + 10 - 42),
        ("行车", 8 + 8 - 42, 8 + 12 - 42),
        ("家的权重", -24, -24),
    ]


def test_a_weight_matters_most_for_the_mean_over_the_sites(found):
    names = [name for name, _low, _high in bars(found, MEAN)]
    assert names == ["家的权重", "间隔", "行车"]
    (_name, low, high), *_rest = bars(found, MEAN)
    assert low == pytest.approx(-24 * 0.8 / 1.3)
    assert high == pytest.approx(-24 * 0.2 / 0.7)


def test_who_walks_gains_nothing_whatever_the_ranges(found):
    interval = found.interval(NEAR)
    assert (interval.low, interval.p50, interval.high) == (0, 0, 0)


def test_hours_and_vehicles_follow_from_trips_and_cycle(found):
    # 12 trips of 15 min; at a headway of 10 min 18, at 20 min 9; rides of 8 and 12 min cycle in 13 and 17.
    assert found.interval(HOURS).stated == 3.0
    assert bars(found, HOURS) == [
        ("间隔", 9 * 15 / 60, 18 * 15 / 60),
        ("行车", pytest.approx(12 * 13 / 60), pytest.approx(12 * 17 / 60)),
        ("家的权重", 3.0, 3.0),
    ]
    assert bars(found, VEHICLES) == [("间隔", 1, 2), ("行车", 1, 2), ("家的权重", 1, 1)]


def test_percentiles_of_the_sample_are_its_first_fifth_and_ninth_of_ten(found):
    k = found.outcomes.index(HOME)
    ordered = sorted(found.sample[:, k].tolist())
    interval = found.interval(HOME)
    assert (interval.p10, interval.p50, interval.p90) == (ordered[0], ordered[4], ordered[8])

"""RULE UNDER TEST: a grid city whose travel times follow from first principles.

200 m blocks, 200 s walk and 30 s ride per block, 60 s slack, 120 whole minutes from 07:00. Lines in rows
20, 40, 60 and column 40, every one starting at block 0 on :00, :20 and :40. From (20, 20) to (40, 40): ride
the row to (40, 20) and the column to (40, 40), 20 blocks each. The row's vehicle passes (20, 20) at 10 min
past its start, the column's (40, 20) at 10 min past: the row arrives at (40, 20) 20 min after its start, at
:20 - exactly when the column's next vehicle starts, which passes there at :30. Ride 10 min more: 40 min
after the row's start. Leave by the slack of 1 min before its passage at 10 min: the longest wait is 19 min,
so durations are 31, 32, ... 50 minutes, six times each.
"""

from collections import Counter

import numpy as np
import pytest

from accessibility.model.runs import Run
from accessibility.transit import transit_times
from tests.timetables import timetable
from tests.transit_worlds import arrivals, durations, linkage_of, timetable_of, transit_question

START_S = 7 * 3600


def lines(offset_s=0):
    """The row through (20, 20), calling at blocks 20 and 40, and the column, calling at rows 20 and 40."""
    rows, columns = [], []
    for start in range(6 * 3600, 11 * 3600, 1200):
        rows.append(f"{clock(start + 600)} {clock(start + 1200)}")
        columns.append(f"{clock(start + offset_s + 600)} {clock(start + offset_s + 1200)}")
    return timetable("A X\n" + "\n".join(rows), "X B\n" + "\n".join(columns))


def clock(seconds):
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def test_on_a_schedule_each_of_twenty_durations_comes_six_times():
    world = lines()
    arrival_s = arrivals(world.day, {}, {world.stop("A"): 0}, start_s=START_S, n_minutes=120)
    found = durations(arrival_s, START_S, {world.stop("B"): 0})
    assert Counter(found.tolist()) == {minutes * 60: 6 for minutes in range(31, 51)}


@pytest.mark.parametrize("offset_s", [60, 300, 599])
def test_a_column_that_runs_later_shifts_every_duration_by_as_much_as_it_makes_wait(offset_s):
    """The change needs 1 min of slack: a column later by t departs 10 min + t after the row arrives."""
    world = lines(offset_s)
    arrival_s = arrivals(world.day, {}, {world.stop("A"): 0}, start_s=START_S, n_minutes=120)
    found = durations(arrival_s, START_S, {world.stop("B"): 0})
    assert found.min() == 31 * 60 + offset_s - (1200 if offset_s >= 660 else 0)


def grid_timetable(bands):
    """The same two lines as trips of a timetable, repeated by headway bands without exact times."""
    clock_s = np.array([600, 1200], np.int32)
    rides = np.ones(2, bool)
    rows = [Run(0, line, np.array(stops, np.int32), clock_s, clock_s, rides, rides)
            for line, stops in enumerate([(0, 1), (1, 2)])]  # fmt: skip
    return timetable_of(rows, 3, bands=bands)


def test_with_frequencies_the_durations_form_a_triangle():
    """
    Two waits, each anything from 0 to 20 min, around 22 min of rides and slack: from 22 by 42 to 62 min.

    Half the square of (t - 22) / 20 lies below t, up to 42: an eighth below 32, a half below 42, seven
    eighths below 52; 2 % below 26.
    """
    bands = [(line, 5 * 3600, 12 * 3600, 1200) for line in range(2)]
    query = transit_question(start_s=START_S, n_minutes=120, percentiles=(1, 2, 12, 50, 88, 98, 99),
                             max_duration_s=7200, n_draws=400)  # fmt: skip
    linkage = linkage_of([{0: 0}], {1: {1: 0}}, [{2: 0}], [{}], 3)
    found = transit_times(grid_timetable(bands), linkage, query, (("a",), ("b",))).duration_s[0, 0] / 60
    low, at_2, at_12, middle, at_88, at_98, high = found
    assert low >= 22
    assert high <= 62
    assert (at_2, at_12, middle, at_88, at_98) == pytest.approx((26, 31.8, 42, 52.2, 58), abs=1)

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

import pytest

from tests.timetables import timetable
from tests.transit_worlds import arrivals, durations

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

"""The runs of a stretch of time as numbered events, and the changes between them that can pay.

Being aboard a run when it leaves its ``i``-th call is one *event*. The events of a run are numbered from its
last call to its first, so that whatever an event leads to along its own run has a smaller number; runs of one
pattern follow each other. A *change* leads from alighting to the event of boarding. Of all changes only those
are kept without which somebody would arrive later somewhere: where a vehicle goes, the first run that can be
boarded is never worse than a later one, nor boarding upstream worse than boarding the same run downstream.

Source: Witt (2015), doi:10.1007/978-3-662-48350-3_85, whose reduction is narrowed here to arrivals by
vehicle, because a walk never follows a walk.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

_NEVER, _BEFORE = np.iinfo(np.int32).max, np.iinfo(np.int32).min


class Runs(NamedTuple):
    """
    Patterns with the runs that matter, times as in ``ServiceDay``.

    ``first_run[p]`` to ``last_run[p]`` (excluded) are the runs of pattern ``p`` that leave some call after
    the stretch begins and begin before it ends; its events start at ``event_offset[p]``.
    """

    pattern_offset: Any
    pattern_stop: Any
    can_board: Any
    can_alight: Any
    time_offset: Any
    arrival_s: Any
    departure_s: Any
    first_run: Any
    last_run: Any
    event_offset: Any


@njit(cache=True, nogil=True)
def kept_runs(pattern_offset, time_offset, departure_s, from_s, until_s):
    """Choose the runs people can ride between two moments; return first and last per pattern and offsets."""
    n_patterns = pattern_offset.size - 1
    first_run, last_run = np.zeros(n_patterns, np.int32), np.zeros(n_patterns, np.int32)
    event_offset = np.zeros(n_patterns + 1, np.int64)
    for pattern in range(n_patterns):
        begin, end = pattern_offset[pattern], pattern_offset[pattern + 1]
        if end - begin >= 2:
            first, last = 0, time_offset[begin + 1] - time_offset[begin]
            while first < last and departure_s[time_offset[end - 2] + first] < from_s:
                first += 1
            while last > first and departure_s[time_offset[begin] + last - 1] > until_s:
                last -= 1
            first_run[pattern], last_run[pattern] = first, last
        n_events = (last_run[pattern] - first_run[pattern]) * (end - begin)
        event_offset[pattern + 1] = event_offset[pattern] + n_events
    return first_run, last_run, event_offset


@njit(cache=True, nogil=True)
def _longest_rides(runs):
    """Sum the longest hops from the first call of every pattern to each position: rides take no longer."""
    longest_s = np.zeros(runs.pattern_stop.size, np.int64)
    for pattern in range(runs.pattern_offset.size - 1):
        for position in range(runs.pattern_offset[pattern] + 1, runs.pattern_offset[pattern + 1]):
            here, before = runs.time_offset[position], runs.time_offset[position - 1]
            hop_s = 0
            for run in range(runs.first_run[pattern], runs.last_run[pattern]):
                hop_s = max(hop_s, runs.departure_s[here + run] - runs.departure_s[before + run])
            longest_s[position] = longest_s[position - 1] + hop_s
    return longest_s


@njit(cache=True, nogil=True)
def boardings(runs, at_offset, at_pattern, at_position, walk_offset, walk_stop, walk_s):
    """
    List, for every row of a table of walks to stops, where it pays to board.

    Boarding downstream does not pay where the walk there takes so much longer than the vehicle that who
    boards it there could as well have boarded it upstream. Returns offsets, positions in increasing order
    and seconds of walking.
    """
    n_rows, n_patterns = walk_offset.size - 1, runs.pattern_offset.size - 1
    longest_s = _longest_rides(runs)
    n_most = 0
    for walk in range(walk_stop.size):
        n_most += at_offset[walk_stop[walk] + 1] - at_offset[walk_stop[walk]]
    offset = np.zeros(n_rows + 1, np.int64)
    position_of, seconds = np.empty(n_most, np.int32), np.empty(n_most, np.int32)
    nearest_s = np.full(runs.pattern_stop.size, _NEVER, np.int32)
    lowest, highest = np.full(n_patterns, _NEVER, np.int32), np.full(n_patterns, -1, np.int32)
    n = 0
    for row in range(n_rows):
        for walk in range(walk_offset[row], walk_offset[row + 1]):
            stop = walk_stop[walk]
            for at in range(at_offset[stop], at_offset[stop + 1]):
                pattern = at_pattern[at]
                position = runs.pattern_offset[pattern] + at_position[at]
                if runs.can_board[position] and position + 1 < runs.pattern_offset[pattern + 1]:
                    nearest_s[position] = min(nearest_s[position], walk_s[walk])
                    lowest[pattern] = min(lowest[pattern], position)
                    highest[pattern] = max(highest[pattern], position)
        for pattern in range(n_patterns):
            least = np.int64(_NEVER)
            for position in range(lowest[pattern], highest[pattern] + 1):
                if nearest_s[position] != _NEVER:
                    behind_s = nearest_s[position] - longest_s[position]
                    if behind_s < least and runs.first_run[pattern] < runs.last_run[pattern]:
                        least = behind_s
                        position_of[n], seconds[n] = position, nearest_s[position]
                        n += 1
                    nearest_s[position] = _NEVER
            lowest[pattern], highest[pattern] = _NEVER, -1
        offset[row + 1] = n
    return offset, position_of[:n].copy(), seconds[:n].copy()


@njit(cache=True, nogil=True)
def _improves(runs, position, end, run, until_s, vehicle_s):
    """Ride on from a position, noting earlier arrivals by vehicle; say whether there are any."""
    better = False
    for later in range(position + 1, end):
        arrival = runs.arrival_s[runs.time_offset[later] + run]
        if arrival > until_s:
            break
        stop = runs.pattern_stop[later]
        if runs.can_alight[later] and arrival < vehicle_s[stop]:
            vehicle_s[stop] = arrival
            better = True
    return better


@njit(cache=True, nogil=True)
def _note_run(runs, pattern, position, run, caught_run, missed_s):
    """Note that a run is caught at a position, and so at every later one; only earlier runs still matter."""
    first_run = runs.first_run[pattern]
    for later in range(position, runs.pattern_offset[pattern + 1]):
        if caught_run[later] <= run:
            break
        caught_run[later] = run
        missed_s[later] = runs.departure_s[runs.time_offset[later] + run - 1] if run > first_run else _BEFORE


@njit(cache=True, nogil=True)
def _changes_of(
    runs, pattern_of, board, stop, arrival, until_s, slack_s, caught_run, missed_s, vehicle_s, target, n
):
    """Add the changes that pay for who alights at a stop; return how many there are now."""
    board_offset, board_position, board_s = board
    for at in range(board_offset[stop], board_offset[stop + 1]):
        position, ready_s = board_position[at], arrival + board_s[at] + slack_s
        if missed_s[position] < ready_s:
            continue
        pattern, times = pattern_of[position], runs.time_offset[position]
        first_run, run = runs.first_run[pattern], caught_run[position] - 1
        while run > first_run and runs.departure_s[times + run - 1] >= ready_s:
            run -= 1
        _note_run(runs, pattern, position, run, caught_run, missed_s)
        begin, end = runs.pattern_offset[pattern], runs.pattern_offset[pattern + 1]
        if _improves(runs, position, end, run, until_s, vehicle_s):
            target[n] = runs.event_offset[pattern] + (run - first_run) * (end - begin) + (end - 1 - position)
            n += 1
    return n


@njit(cache=True, nogil=True)
def _last_departures(runs):
    """Give the departure of the last run of every position: at first every run is still to be caught."""
    last_s = np.full(runs.pattern_stop.size, _BEFORE, np.int32)
    for pattern in range(runs.pattern_offset.size - 1):
        last = runs.last_run[pattern] - 1
        if last >= runs.first_run[pattern]:
            for position in range(runs.pattern_offset[pattern], runs.pattern_offset[pattern + 1]):
                last_s[position] = runs.departure_s[runs.time_offset[position] + last]
    return last_s


@njit(cache=True, nogil=True)
def changes(runs, pattern_of, board, patterns, n_stops, from_s, until_s, slack_s):
    """
    Find the changes that can pay, from the runs of patterns ``patterns[0]`` to ``patterns[1]`` (excluded).

    ``board`` are the `boardings` of every stop, ``pattern_of[position]`` the pattern of every position.
    Returns, per event of these patterns, offsets into the second array, which holds the events boarded by who
    alights at the next call. Calls before `from_s` or after `until_s` are of no use to anybody.
    """
    all_missed_s, none_caught = _last_departures(runs), runs.last_run[pattern_of]
    missed_s, caught_run = all_missed_s.copy(), none_caught.copy()
    vehicle_s = np.empty(n_stops, np.int32)
    offset = np.zeros(runs.event_offset[patterns[1]] - runs.event_offset[patterns[0]] + 1, np.int64)
    target, n, event = np.empty(1024, np.int32), 0, 0
    for pattern in range(patterns[0], patterns[1]):
        begin, end = runs.pattern_offset[pattern], runs.pattern_offset[pattern + 1]
        n_most = 0
        for position in range(begin, end):
            stop = runs.pattern_stop[position]
            n_most += board[0][stop + 1] - board[0][stop]
        for run in range(runs.first_run[pattern], runs.last_run[pattern]):
            if n + n_most > target.size:
                longer = np.empty(2 * (n + n_most), np.int32)
                longer[:n] = target[:n]
                target = longer
            missed_s[:], caught_run[:], vehicle_s[:] = all_missed_s, none_caught, _NEVER
            event += 1
            offset[event] = n
            for position in range(end - 1, begin, -1):
                stop, arrival = runs.pattern_stop[position], runs.arrival_s[runs.time_offset[position] + run]
                if runs.can_alight[position] and from_s <= arrival <= until_s:
                    _note_run(runs, pattern, position, run, caught_run, missed_s)
                    vehicle_s[stop] = min(vehicle_s[stop], arrival)
                    n = _changes_of(
                        runs, pattern_of, board, stop, arrival, until_s, slack_s,
                        caught_run, missed_s, vehicle_s, target, n,
                    )  # fmt: skip
                event += 1
                offset[event] = n
    return offset, target[:n].copy()

"""Durations from many origins to many places: what every event leads to, found once for all origins.

Who is aboard a run has the same future wherever the journey began. So the earliest arrival at every place is
worked out per event (`kernels.events`), from the last call of a run to its first and with one more ride at a
time; an origin only has to choose, for every minute of the window, among the events it can still board.
Places are worked off some at a time, side by side, so that each step of the reckoning is one sweep over a
short contiguous row; percentiles come from a sorting network, which compares whole rows too.

Times count from the first departure of the window, in the integer type of the tables given; the largest value
of that type stands for never.

Sources: Witt (2015), doi:10.1007/978-3-662-48350-3_85, for searching over runs; Knuth, The Art of Computer
Programming 3, 5.2.2, algorithm M, for the network.
"""

import numpy as np
from numba import njit

_NEVER = np.iinfo(np.int32).max


@njit(cache=True, nogil=True)
def arrivals_onward(
    runs, change_offset, change_event, egress_offset, egress_place, egress_s, start_s, until_s, before, out
):
    """
    Give the earliest arrival at some places from every event, with one ride more than `before` has.

    ``before[event, place]`` holds the arrivals after boarding an event with one ride less; it has no rows
    where no change is left. Walks from stop to place are CSR by stop. Writes ``out[event, place]``.
    """
    limit_s = until_s - start_s
    for pattern in range(runs.pattern_offset.size - 1):
        begin, end = runs.pattern_offset[pattern], runs.pattern_offset[pattern + 1]
        event = runs.event_offset[pattern]
        for run in range(runs.first_run[pattern], runs.last_run[pattern]):
            out[event, :] = np.iinfo(out.dtype).max
            event += 1
            for position in range(end - 1, begin, -1):
                row, stop = out[event], runs.pattern_stop[position]
                row[:] = out[event - 1]
                arrival = runs.arrival_s[runs.time_offset[position] + run] - start_s
                if runs.can_alight[position] and 0 <= arrival <= limit_s:
                    for walk in range(egress_offset[stop], egress_offset[stop + 1]):
                        there = arrival + egress_s[walk]
                        if there <= limit_s and there < row[egress_place[walk]]:
                            row[egress_place[walk]] = there
                    if before.shape[0]:
                        for change in range(change_offset[event], change_offset[event + 1]):
                            other = before[change_event[change]]
                            for place in range(row.size):
                                row[place] = min(row[place], other[place])
                event += 1


@njit(cache=True, nogil=True)
def last_departures(runs, pattern_of, board, start_s, n_moments, slack_s, step_s=60):
    """
    List the events every origin can board, each with the last moment of the window that allows it.

    Moments are minutes, `step_s` (s) apart from `start_s` on. ``board`` are the `events.boardings` of the
    origins. What an earlier or an equal run, boarded no further downstream, offers until the same moment or
    longer is left out. Returns offsets by origin, moments in falling order, and events.
    """
    board_offset, board_position, board_s = board
    n_origins, last_moment = board_offset.size - 1, n_moments - 1
    offset = np.zeros(n_origins + 1, np.int64)
    moments, events, n = np.empty(1024, np.int32), np.empty(1024, np.int32), 0
    latest = np.full(runs.pattern_stop.size, -1, np.int32)
    n_at = np.zeros(n_moments + 1, np.int64)
    for origin in range(n_origins):
        begin, n_most = board_offset[origin], 0
        for board_at in range(begin, board_offset[origin + 1]):
            pattern = pattern_of[board_position[board_at]]
            n_most += runs.last_run[pattern] - runs.first_run[pattern]
        some_moments, some_events, n_some = np.empty(n_most, np.int32), np.empty(n_most, np.int32), 0
        while begin < board_offset[origin + 1]:
            pattern, end = pattern_of[board_position[begin]], begin
            while end < board_offset[origin + 1] and pattern_of[board_position[end]] == pattern:
                latest[board_position[end]] = -1
                end += 1
            last = runs.pattern_offset[pattern + 1]
            length = last - runs.pattern_offset[pattern]
            for run in range(runs.first_run[pattern], runs.last_run[pattern]):
                best = -1
                for board_at in range(begin, end):
                    position = board_position[board_at]
                    best = max(best, latest[position])
                    spare_s = (
                        runs.departure_s[runs.time_offset[position] + run]
                        - slack_s - board_s[board_at] - start_s
                    )  # fmt: skip
                    if spare_s >= 0 and min(spare_s // step_s, last_moment) > best:
                        best = min(spare_s // step_s, last_moment)
                        some_moments[n_some] = best
                        some_events[n_some] = (
                            runs.event_offset[pattern]
                            + (run - runs.first_run[pattern]) * length
                            + (last - 1 - position)
                        )
                        n_some += 1
                    latest[position] = best
                if latest[board_position[begin]] == last_moment:
                    break
            begin = end
        if n + n_some > events.size:
            longer_moments, longer_events = (
                np.empty(2 * (n + n_some), np.int32),
                np.empty(2 * (n + n_some), np.int32),
            )
            longer_moments[:n], longer_events[:n] = moments[:n], events[:n]
            moments, events = longer_moments, longer_events
        _by_falling_moment(some_moments[:n_some], some_events[:n_some], n_at, moments[n:], events[n:])
        n += n_some
        offset[origin + 1] = n
    return offset, moments[:n].copy(), events[:n].copy()


@njit(cache=True, nogil=True)
def _by_falling_moment(moments, events, n_at, out_moments, out_events):
    """Sort events by moment, the latest first, keeping their order within a moment."""
    n_at[:] = 0
    for moment in moments:
        n_at[moment] += 1
    place = 0
    for moment in range(n_at.size - 1, -1, -1):
        n_here = n_at[moment]
        n_at[moment] = place
        place += n_here
    for i in range(moments.size):
        place = n_at[moments[i]]
        n_at[moments[i]] += 1
        out_moments[place], out_events[place] = moments[i], events[i]


@njit(cache=True, nogil=True)
def sorting_network(n_rows):
    """Give the pairs of rows to compare, one after the other, so that any rows end up in order."""
    pairs, n = np.empty((64, 2), np.int32), 0
    highest = 1
    while 2 * highest < n_rows:
        highest *= 2
    step = highest if n_rows > 1 else 0
    while step > 0:
        reach, rest, apart = highest, 0, step
        while True:
            for row in range(n_rows - apart):
                if row & step == rest:
                    if n == len(pairs):
                        longer = np.empty((2 * n, 2), np.int32)
                        longer[:n] = pairs
                        pairs = longer
                    pairs[n, 0], pairs[n, 1] = row, row + apart
                    n += 1
            if reach == step:
                break
            apart, reach, rest = reach - step, reach // 2, step
        step //= 2
    return pairs[:n].copy()


@njit(cache=True, nogil=True)
def _fill(onward, minutes, events, direct, durations, current):
    """Write the durations of every minute: the latest first, for who leaves earlier may wait."""
    current[:] = np.iinfo(current.dtype).max
    choice = 0
    for minute in range(durations.shape[0] - 1, -1, -1):
        while choice < minutes.size and minutes[choice] == minute:
            arrivals = onward[events[choice]]
            for place in range(current.size):
                current[place] = min(current[place], arrivals[place])
            choice += 1
        row = durations[minute]
        for place in range(current.size):
            row[place] = min(current[place] - 60 * minute, direct[place])


@njit(cache=True, nogil=True)
def _sort_rows(rows, pairs):
    """Sort every column."""
    for pair in range(pairs.shape[0]):
        low, high = rows[pairs[pair, 0]], rows[pairs[pair, 1]]
        for column in range(low.size):
            a, b = low[column], high[column]
            low[column], high[column] = min(a, b), max(a, b)


@njit(cache=True, nogil=True)
def durations_between(onward, choices, direct, places, n_draws, max_duration_s, pairs, ranks, rows, out_s):
    """
    Give durations (s) at some ranks of the sorted durations of the window, from every origin.

    ``onward[event, place]`` are the `arrivals_onward` at places ``places[0]`` to ``places[1]`` (excluded),
    the events of all draws one after the other; `choices` are offsets by draw and, within it, by origin,
    minutes and events as of `last_departures`; `direct` are the walks all the way, CSR by origin, places in
    increasing order. ``rows[draw * n_minutes + minute, place]`` and two more rows are worked in; `pairs` is
    the network that sorts them. Writes ``out_s[origin, place, rank]``, the largest int32 where a duration
    exceeds `max_duration_s`.
    """
    offset, minutes, events = choices
    direct_offset, direct_place, direct_s = direct
    n_origins, n_rows = out_s.shape[0], rows.shape[0] - 2
    n_minutes = n_rows // n_draws
    walked, current, never = rows[n_rows], rows[n_rows + 1], np.iinfo(rows.dtype).max
    for origin in range(n_origins):
        walked[:] = never
        begin, end = direct_offset[origin], direct_offset[origin + 1]
        begin += np.searchsorted(direct_place[begin:end], places[0])
        while begin < end and direct_place[begin] < places[1]:
            if direct_s[begin] <= max_duration_s:
                walked[direct_place[begin] - places[0]] = direct_s[begin]
            begin += 1
        for draw in range(n_draws):
            row = draw * n_origins + origin
            some = slice(offset[row], offset[row + 1])
            drawn = rows[draw * n_minutes : (draw + 1) * n_minutes]
            _fill(onward, minutes[some], events[some], walked, drawn, current)
        _sort_rows(rows, pairs)
        for rank in range(ranks.size):
            row_s = rows[ranks[rank]]
            for place in range(row_s.size):
                out_s[origin, place, rank] = row_s[place] if row_s[place] <= max_duration_s else _NEVER

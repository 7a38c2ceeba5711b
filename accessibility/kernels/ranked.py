"""The n nearest of some places for every minute, by every definition of the travel time.

The earliest arrivals at every place from every event (`kernels.onward`) and the events every origin can
board give, for each minute, how long it takes to each place. Only the `rank` best are kept. They are told by
*keys*, ``(duration_s * span_s + arrival_s) * n_members + member``: of equal durations the earlier arrival
counts, then the first place. Arrivals count from the first moment of the stretch, `span_s` is above them all.
"""

import numpy as np
from numba import njit

BY_DEPARTURE, BY_ARRIVAL, BY_TIMETABLE = 0, 1, 2
"""What the travel time of a minute is: from that departure on; until that arrival; planned from it on."""


@njit(cache=True, nogil=True)
def _keep(row, key):
    """Put a key into an ascending row where it belongs; the largest one drops out."""
    place = row.size - 1
    if key >= row[place]:
        return
    while place > 0 and row[place - 1] > key:
        row[place] = row[place - 1]
        place -= 1
    row[place] = key


@njit(cache=True, nogil=True)
def _leaving(onward, moments, events, walked, definition, limits, members, best, arrives, leaves):
    """Keep the nearest of one origin for every minute of departure, the latest first."""
    step_s, max_duration_s, span_s, n_members = limits
    never, choice = np.iinfo(np.int64).max, 0
    arrives[0, :], leaves[0, :] = never, -1
    for minute in range(best.shape[0] - 1, -1, -1):
        minute_s = 60 * minute
        while choice < moments.size and moments[choice] * step_s >= minute_s:
            row = onward[events[choice]]
            for place in range(row.size):
                if row[place] < arrives[0, place] and row[place] < span_s:
                    arrives[0, place], leaves[0, place] = row[place], moments[choice] * step_s
            choice += 1
        for place in range(walked.size):
            arrival, leave = arrives[0, place], minute_s
            if definition == BY_TIMETABLE:
                leave = leaves[0, place]
            if walked[place] < never and minute_s + walked[place] < arrival:
                arrival, leave = minute_s + walked[place], minute_s
            if arrival < never and arrival - minute_s <= max_duration_s:
                key = ((arrival - leave) * span_s + arrival) * n_members + members[place]
                _keep(best[minute], key)


@njit(cache=True, nogil=True)
def _arriving(onward, moments, events, walked, first_s, limits, members, best, arrives, leaves):
    """Keep the nearest of one origin for every minute of arrival: who may arrive later may leave later."""
    step_s, max_duration_s, span_s, n_members = limits
    n_minutes, never = best.shape[0], np.iinfo(np.int64).max
    arrives[:, :], leaves[:, :] = never, -1
    for choice in range(moments.size):
        row, leave = onward[events[choice]], moments[choice] * step_s
        for place in range(row.size):
            if row[place] >= span_s:
                continue
            minute = max(0, -((first_s - row[place]) // 60))
            if minute < n_minutes and (
                leave > leaves[minute, place]
                or (leave == leaves[minute, place] and row[place] < arrives[minute, place])
            ):
                leaves[minute, place], arrives[minute, place] = leave, row[place]
    for minute in range(n_minutes):
        until_s = first_s + 60 * minute
        for place in range(walked.size):
            if minute > 0 and leaves[minute, place] <= leaves[minute - 1, place]:
                leaves[minute, place] = leaves[minute - 1, place]
                arrives[minute, place] = arrives[minute - 1, place]
            duration_s, arrival = never, until_s
            if leaves[minute, place] >= 0:
                duration_s, arrival = until_s - leaves[minute, place], arrives[minute, place]
            if walked[place] < duration_s:
                duration_s, arrival = walked[place], until_s
            if duration_s <= max_duration_s:
                _keep(best[minute], (duration_s * span_s + arrival) * n_members + members[place])


@njit(cache=True, nogil=True)
def keep_nearest(onward, choices, direct, member_of, members, definition, first_s, limits, best):
    """
    Keep the nearest of some places for every origin and minute.

    ``onward[event, place]`` are the `arrivals_onward` at places whose numbers in the set are
    ``members[place]``, ascending without gaps; `choices` are the `last_departures` of the origins, `direct`
    the walks all the way, CSR by origin, to places whose number in the set is ``member_of``, -1 for none.
    `first_s` is the first minute of the window, as arrivals count; `limits` are the length of a moment (s),
    the longest duration (s), `span_s` and the size of the set. Writes ``best[origin, minute, :]``, keys in
    ascending order, the largest int64 where there are fewer places.
    """
    offset, moments, events = choices
    direct_offset, direct_place, direct_s = direct
    n_origins, n_minutes = best.shape[:2]
    n_rows, never = n_minutes if definition == BY_ARRIVAL else 1, np.iinfo(np.int64).max
    arrives, leaves = np.empty((n_rows, members.size), np.int64), np.empty((n_rows, members.size), np.int64)
    walked = np.empty(members.size, np.int64)
    best[:, :, :] = never
    for origin in range(n_origins):
        walked[:] = never
        for walk in range(direct_offset[origin], direct_offset[origin + 1]):
            place = member_of[direct_place[walk]] - members[0]
            if 0 <= place < members.size and direct_s[walk] <= limits[1]:
                walked[place] = min(walked[place], direct_s[walk])
        some = slice(offset[origin], offset[origin + 1])
        if definition == BY_ARRIVAL:
            _arriving(onward, moments[some], events[some], walked, first_s, limits, members, best[origin],
                      arrives, leaves)  # fmt: skip
        else:
            _leaving(onward, moments[some], events[some], walked, definition, limits, members, best[origin],
                     arrives, leaves)  # fmt: skip

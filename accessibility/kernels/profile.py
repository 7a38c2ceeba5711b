"""Backward profiles: for every stop and every moment, when the nearest place of a set is reached.

Rides are added one at a time, from the last to the first. In each turn all runs are followed from their last
call to their first, which tells when who boards reaches the nearest place; of the boardings at a stop only
those stay that no later one equals, and these steps are its profile; who alights walks on to the profiles of
other stops. Walks are tried from the shortest on and left alone once even the quickest way on from their end
comes too late for every arrival at their beginning.

Every *value* is a time and a place in one number, ``time_s * n_places + place``: the smallest value is the
earliest arrival and of equals the first place. Unreached is ``NEVER``; what lies beyond the limits of every
departure may stand as any value beyond them.

Source: the profiles of Dibbelt, Pajor, Strasser and Wagner (2018), doi:10.1145/3274661, with rides as layers.
"""

import numpy as np
from numba import njit

NEVER = np.int64(2**62)


@njit(cache=True, nogil=True)
def _calls_by_stop(runs, at_offset, at_pattern, at_position, slack_s, alighting, from_s, until_s):
    """List by stop the calls that can be used in time: offsets, events and times (s), earliest first."""
    n_stops = at_offset.size - 1
    offset = np.zeros(n_stops + 1, np.int64)
    events, times_s = np.empty(runs.event_offset[-1], np.int32), np.empty(runs.event_offset[-1], np.int32)
    n = 0
    for stop in range(n_stops):
        for at in range(at_offset[stop], at_offset[stop + 1]):
            pattern = at_pattern[at]
            begin, end = runs.pattern_offset[pattern], runs.pattern_offset[pattern + 1]
            position = begin + at_position[at]
            if alighting and (position == begin or not runs.can_alight[position]):
                continue
            if not alighting and (position + 1 == end or not runs.can_board[position]):
                continue
            event = runs.event_offset[pattern] + end - 1 - position
            for run in range(runs.first_run[pattern], runs.last_run[pattern]):
                times = runs.time_offset[position] + run
                time_s = runs.arrival_s[times] if alighting else runs.departure_s[times] - slack_s
                if time_s < from_s or time_s > until_s:
                    event += end - begin
                    continue
                place = n
                while place > offset[stop] and times_s[place - 1] > time_s:
                    events[place], times_s[place] = events[place - 1], times_s[place - 1]
                    place -= 1
                events[place], times_s[place] = event, time_s
                n += 1
                event += end - begin
        offset[stop + 1] = n
    return offset, events[:n].copy(), times_s[:n].copy()


@njit(cache=True, nogil=True)
def _follow_runs(runs, alighted, aboard):
    """Give each event the best of its run's later calls."""
    for pattern in range(runs.pattern_offset.size - 1):
        length = runs.pattern_offset[pattern + 1] - runs.pattern_offset[pattern]
        for event in range(runs.event_offset[pattern], runs.event_offset[pattern + 1]):
            if (event - runs.event_offset[pattern]) % length == 0:
                aboard[event] = NEVER
            else:
                aboard[event] = min(aboard[event - 1], alighted[event - 1])


@njit(cache=True, nogil=True)
def _gather_steps(offset, events, times_s, aboard, n_places, step_begin, step_s, step_value, quickest):
    """Keep of the boardings at every stop those that no later one equals, and the quickest way on."""
    for stop in range(offset.size - 1):
        place, best = offset[stop + 1], NEVER
        quickest[stop] = NEVER
        for call in range(offset[stop + 1] - 1, offset[stop] - 1, -1):
            value = aboard[events[call]]
            if value < best:
                best = value
                place -= 1
                step_s[place], step_value[place] = times_s[call], value
                quickest[stop] = min(quickest[stop], value - times_s[call] * n_places)
        step_begin[stop] = place


@njit(cache=True, nogil=True)
def _walk_on(
    offset, times_s, values, transfers, n_places, board_offset, step_begin, step_s, step_value, quickest
):
    """Let who alights walk to the profiles of other stops; say whether anybody gains."""
    transfer_offset, transfer_stop, transfer_s = transfers
    gained = False
    for stop in range(offset.size - 1):
        first, last = offset[stop], offset[stop + 1]
        slowest = np.int64(-1)
        for call in range(first, last):
            slowest = max(slowest, values[call] - times_s[call] * n_places)
        for walk in range(transfer_offset[stop], transfer_offset[stop + 1]):
            other, walk_s = transfer_stop[walk], transfer_s[walk]
            if quickest[other] == NEVER or walk_s * n_places + quickest[other] >= slowest:
                continue
            step, end, slowest = step_begin[other], board_offset[other + 1], np.int64(-1)
            for call in range(first, last):
                while step < end and step_s[step] < times_s[call] + walk_s:
                    step += 1
                if step < end and step_value[step] < values[call]:
                    values[call] = step_value[step]
                    gained = True
                slowest = max(slowest, values[call] - times_s[call] * n_places)
    return gained


@njit(cache=True, nogil=True)
def stop_profiles(
    runs, at_offset, at_pattern, at_position, transfers, egress_value, n_places,
    max_rides, slack_s, max_duration_s, from_s, until_s,
):  # fmt: skip
    """
    Find the profile of every stop.

    `transfers` are CSR by stop, shortest walks first; ``egress_value[stop]`` is the value of the walk to the
    nearest place, counted from 0 s. Returns begins and ends by stop, the moments (s) until which people must
    be there, growing, and the values they then reach, growing too: ``[begin[stop]:end[stop]]``.
    """
    n_stops = at_offset.size - 1
    alight_offset, alight_event, alight_s = _calls_by_stop(
        runs, at_offset, at_pattern, at_position, 0, True, from_s, until_s
    )
    board_offset, board_event, board_s = _calls_by_stop(
        runs, at_offset, at_pattern, at_position, slack_s, False, from_s, until_s
    )
    values = np.empty(alight_s.size, np.int64)
    for stop in range(n_stops):
        for call in range(alight_offset[stop], alight_offset[stop + 1]):
            too_late_s = min(until_s, alight_s[call] + max_duration_s) + 1
            values[call] = too_late_s * n_places
            if egress_value[stop] != NEVER:
                values[call] = min(values[call], alight_s[call] * n_places + egress_value[stop])
    n_events = runs.event_offset[-1]
    alighted, aboard = np.full(n_events, NEVER, np.int64), np.empty(n_events, np.int64)
    step_begin, quickest = np.empty(n_stops, np.int64), np.empty(n_stops, np.int64)
    step_s, step_value = np.empty(board_s.size, np.int32), np.empty(board_s.size, np.int64)
    for rides in range(max_rides):
        if rides and not _walk_on(
            alight_offset, alight_s, values, transfers, n_places,
            board_offset, step_begin, step_s, step_value, quickest,
        ):  # fmt: skip
            break
        for call in range(alight_event.size):
            alighted[alight_event[call]] = values[call]
        _follow_runs(runs, alighted, aboard)
        _gather_steps(
            board_offset, board_event, board_s, aboard, n_places, step_begin, step_s, step_value, quickest
        )
    return step_begin, board_offset[1:].copy(), step_s, step_value


@njit(cache=True, nogil=True)
def nearest_by_minute(profiles, access, direct_value, n_places, start_s, max_duration_s, out_value):
    """
    Give, for every origin and minute, duration and place of the nearest of the set as one value.

    `profiles` are `stop_profiles`, `access` the walks to stops, CSR by origin, and ``direct_value[origin]``
    the value of the walk all the way, counted from 0 s. Writes ``out_value[origin, minute]``, the largest
    int64 where nothing is reached within `max_duration_s`.
    """
    step_begin, step_end, step_s, step_value = profiles
    access_offset, access_stop, access_s = access
    n_origins, n_minutes = out_value.shape
    for origin in range(n_origins):
        row = out_value[origin]
        row[:] = NEVER
        for walk in range(access_offset[origin], access_offset[origin + 1]):
            stop = access_stop[walk]
            for step in range(step_end[stop] - 1, step_begin[stop] - 1, -1):
                spare_s = step_s[step] - access_s[walk] - start_s
                if spare_s < 0:
                    break
                minute = min(spare_s // 60, n_minutes - 1)
                row[minute] = min(row[minute], step_value[step])
        best = NEVER
        for minute in range(n_minutes - 1, -1, -1):
            best = min(best, row[minute])
            value = min(best - (start_s + 60 * minute) * n_places, direct_value[origin])
            row[minute] = value if value // n_places <= max_duration_s else np.iinfo(np.int64).max


@njit(cache=True, nogil=True)
def nearest_until(profiles, access, direct_value, n_places, start_s, max_duration_s, out_value):
    """
    Give, for every origin and every minute as a latest arrival, duration and place of the nearest of the set.

    Arguments are those of `nearest_by_minute`; the duration of a minute runs from the latest departure that
    arrives by it until the minute itself. Of equal departures the earlier arrival counts, then the first
    place.
    """
    step_begin, step_end, step_s, step_value = profiles
    access_offset, access_stop, access_s = access
    n_origins, n_minutes = out_value.shape
    leave_s = np.empty(n_minutes, np.int64)
    for origin in range(n_origins):
        row = out_value[origin]
        row[:], leave_s[:] = NEVER, -NEVER
        for walk in range(access_offset[origin], access_offset[origin + 1]):
            stop = access_stop[walk]
            for step in range(step_begin[stop], step_end[stop]):
                minute = max(0, -((start_s - step_value[step] // n_places) // 60))
                if minute >= n_minutes:
                    break
                leave = step_s[step] - access_s[walk]
                if leave > leave_s[minute] or (leave == leave_s[minute] and step_value[step] < row[minute]):
                    leave_s[minute], row[minute] = leave, step_value[step]
        latest, best = -NEVER, NEVER
        walked_s, walked_to = direct_value[origin] // n_places, direct_value[origin] % n_places
        for minute in range(n_minutes):
            if leave_s[minute] > latest or (leave_s[minute] == latest and row[minute] < best):
                latest, best = leave_s[minute], row[minute]
            until_s = start_s + 60 * minute
            duration_s, place = until_s - latest, best % n_places
            in_time = best // n_places == until_s and walked_to < place
            if walked_s < duration_s or (walked_s == duration_s and in_time):
                duration_s, place = walked_s, walked_to
            within = duration_s <= max_duration_s
            row[minute] = duration_s * n_places + place if within else np.iinfo(np.int64).max

"""Range RAPTOR: the earliest arrival by vehicle at every stop, for every minute of a departure window.

Minutes are worked off from the last to the first and labels are kept: whoever leaves earlier may wait and
take what a later traveller takes, so each minute only improves what is there. Every stop has two labels per
number of rides: arrival by vehicle, from which people may walk on, and readiness to board, which a walk may
have preceded; a walk never follows a walk.

Source: Delling, Pajor and Werneck (2015), doi:10.1287/trsc.2014.0534.
"""

import numpy as np
from numba import njit

_NEVER = np.iinfo(np.int32).max


@njit(cache=True, nogil=True)
def _first_departure(departure_s, begin, end, ready_s):
    """First index in ``[begin, end)`` that departs at `ready_s` or later, `end` where none does."""
    while begin < end:
        middle = (begin + end) // 2
        if departure_s[middle] < ready_s:
            begin = middle + 1
        else:
            end = middle
    return begin


@njit(cache=True, nogil=True)
def _scan(
    first, begin, end, pattern_stop, can_board, can_alight, time_offset, arrival_s, departure_s,
    ready, vehicle, rides, max_rides, slack_s, latest_s, alighted, is_alighted, n_alighted,
):  # fmt: skip
    """Ride one pattern from position `first`; return how many stops are now reached anew."""
    n_runs = time_offset[begin + 1] - time_offset[begin]
    run = n_runs
    for position in range(first, end):
        stop = pattern_stop[position]
        times = time_offset[position]
        if run < n_runs and can_alight[position]:
            arrival = arrival_s[times + run]
            if arrival < vehicle[rides, stop] and arrival <= latest_s:
                for more in range(rides, max_rides + 1):
                    if arrival < vehicle[more, stop]:
                        vehicle[more, stop] = arrival
                if not is_alighted[stop]:
                    is_alighted[stop] = True
                    alighted[n_alighted] = stop
                    n_alighted += 1
        if can_board[position] and position + 1 < end and ready[rides - 1, stop] != _NEVER:
            ready_s = ready[rides - 1, stop] + slack_s
            if run == n_runs:
                run = _first_departure(departure_s, times, times + n_runs, ready_s) - times
            else:
                while run > 0 and departure_s[times + run - 1] >= ready_s:
                    run -= 1
    return n_alighted


@njit(cache=True, nogil=True)
def _make_ready(ready, rides, max_rides, stop, there, waiting, is_waiting, n_waiting):
    """Note that people can board at a stop from a time on; return how many stops now wait."""
    for more in range(rides, max_rides + 1):
        if there < ready[more, stop]:
            ready[more, stop] = there
    if not is_waiting[stop]:
        is_waiting[stop] = True
        waiting[n_waiting] = stop
        n_waiting += 1
    return n_waiting


@njit(cache=True, nogil=True)
def _queue_patterns(
    waiting, is_waiting, n_waiting, pattern_offset, at_offset, at_pattern, at_position, queue, first
):
    """List the patterns that serve waiting stops, each with its first position; return their number."""
    n_queued = 0
    for w in range(n_waiting):
        stop = waiting[w]
        is_waiting[stop] = False
        for at in range(at_offset[stop], at_offset[stop + 1]):
            pattern, position = at_pattern[at], pattern_offset[at_pattern[at]] + at_position[at]
            if first[pattern] < 0:
                queue[n_queued] = pattern
                n_queued += 1
                first[pattern] = position
            elif position < first[pattern]:
                first[pattern] = position
    return n_queued


@njit(cache=True, nogil=True)
def _one_round(
    pattern_offset, pattern_stop, can_board, can_alight, time_offset, arrival_s, departure_s,
    at_offset, at_pattern, at_position, transfer_offset, transfer_stop, transfer_s,
    ready, vehicle, rides, max_rides, slack_s, latest_s,
    waiting, is_waiting, n_waiting, alighted, is_alighted, queue, first,
):  # fmt: skip
    """Ride once from the stops that wait, then walk on; return how many wait now, how many were reached."""
    n_queued = _queue_patterns(
        waiting, is_waiting, n_waiting, pattern_offset, at_offset, at_pattern, at_position, queue, first
    )
    n_alighted = 0
    for q in range(n_queued):
        pattern = queue[q]
        n_alighted = _scan(
            first[pattern], pattern_offset[pattern], pattern_offset[pattern + 1],
            pattern_stop, can_board, can_alight, time_offset, arrival_s, departure_s,
            ready, vehicle, rides, max_rides, slack_s, latest_s, alighted, is_alighted, n_alighted,
        )  # fmt: skip
        first[pattern] = -1
    n_waiting = 0
    for a in range(n_alighted):
        stop = alighted[a]
        is_alighted[stop] = False
        if rides == max_rides:
            continue
        for t in range(transfer_offset[stop], transfer_offset[stop + 1]):
            other, there = transfer_stop[t], vehicle[rides, stop] + transfer_s[t]
            if there < ready[rides, other] and there <= latest_s:
                n_waiting = _make_ready(ready, rides, max_rides, other, there, waiting, is_waiting, n_waiting)
    return n_waiting, n_alighted


@njit(cache=True, nogil=True)
def range_raptor(
    pattern_offset, pattern_stop, can_board, can_alight, time_offset, arrival_s, departure_s,
    at_offset, at_pattern, at_position, transfer_offset, transfer_stop, transfer_s,
    access_stop, access_s, start_s, max_rides, slack_s, max_duration_s, out_arrival_s,
):  # fmt: skip
    """
    Search from one origin.

    Transfers are CSR by stop and hold a stop itself where people may change without walking. Writes the
    earliest arrival by vehicle (s) with at most `max_rides` rides into ``out_arrival_s[stop, minute]``,
    the largest int32 where there is none within `max_duration_s` of the departure at ``start_s + 60 minute``.
    """
    n_stops, n_minutes = out_arrival_s.shape
    n_patterns = pattern_offset.size - 1
    ready = np.full((max_rides + 1, n_stops), _NEVER, np.int32)
    vehicle = np.full((max_rides + 1, n_stops), _NEVER, np.int32)
    waiting, is_waiting = np.empty(n_stops, np.int32), np.zeros(n_stops, np.bool_)
    alighted, is_alighted = np.empty(n_stops, np.int32), np.zeros(n_stops, np.bool_)
    queue, first = np.empty(n_patterns, np.int32), np.full(n_patterns, -1, np.int32)
    for minute in range(n_minutes - 1, -1, -1):
        leave_s = start_s + 60 * minute
        latest_s = leave_s + max_duration_s
        n_waiting = 0
        for i in range(access_stop.size):
            stop, there = access_stop[i], leave_s + access_s[i]
            if there < ready[0, stop] and there <= latest_s:
                n_waiting = _make_ready(ready, 0, max_rides, stop, there, waiting, is_waiting, n_waiting)
        for rides in range(1, max_rides + 1):
            n_waiting, _n_alighted = _one_round(
                pattern_offset, pattern_stop, can_board, can_alight, time_offset, arrival_s, departure_s,
                at_offset, at_pattern, at_position, transfer_offset, transfer_stop, transfer_s,
                ready, vehicle, rides, max_rides, slack_s, latest_s,
                waiting, is_waiting, n_waiting, alighted, is_alighted, queue, first,
            )  # fmt: skip
        for stop in range(n_stops):
            best = vehicle[max_rides, stop]
            out_arrival_s[stop, minute] = best if best <= latest_s else _NEVER


@njit(cache=True, nogil=True)
def _first_boardings(
    pattern_offset, can_board, time_offset, departure_s, at_offset, at_pattern, at_position,
    access_stop, access_s, start_s, end_s, slack_s,
):  # fmt: skip
    """Give the moments to leave so as to just catch a vehicle, and by which access, latest first."""
    moment_s, access = np.empty(0, np.int32), np.empty(0, np.int32)
    for fill in range(2):
        n_moments = 0
        for i in range(access_stop.size):
            before_s = access_s[i] + slack_s
            for at in range(at_offset[access_stop[i]], at_offset[access_stop[i] + 1]):
                position = pattern_offset[at_pattern[at]] + at_position[at]
                if not can_board[position] or position + 1 == pattern_offset[at_pattern[at] + 1]:
                    continue
                begin, end = time_offset[position], time_offset[position + 1]
                run = _first_departure(departure_s, begin, end, start_s + before_s)
                while run < end and departure_s[run] - before_s < end_s:
                    if fill:
                        moment_s[n_moments] = departure_s[run] - before_s
                        access[n_moments] = i
                    n_moments += 1
                    run += 1
        if not fill:
            moment_s, access = np.empty(n_moments, np.int32), np.empty(n_moments, np.int32)
    order = np.argsort(-moment_s, kind="mergesort")
    return moment_s[order], access[order]


@njit(cache=True, nogil=True)
def departure_profile(
    pattern_offset, pattern_stop, can_board, can_alight, time_offset, arrival_s, departure_s,
    at_offset, at_pattern, at_position, transfer_offset, transfer_stop, transfer_s,
    access_stop, access_s, start_s, end_s, max_rides, slack_s, max_duration_s,
):  # fmt: skip
    """
    Search from one origin, to the second: every latest departure that still arrives by some time.

    Only moments at which somebody just catches a first vehicle matter: between two of them nothing is gained
    by leaving earlier. Returns ``offset, leave_s, arrive_s``: those of a stop are
    ``[offset[stop]:offset[stop + 1]]``, the latest departure in ``[start_s, end_s)`` first, each with the
    earliest arrival by vehicle of who leaves no earlier; an earlier departure is listed only if it arrives
    earlier.
    """
    n_stops, n_patterns = transfer_offset.size - 1, pattern_offset.size - 1
    ready = np.full((max_rides + 1, n_stops), _NEVER, np.int32)
    vehicle = np.full((max_rides + 1, n_stops), _NEVER, np.int32)
    waiting, is_waiting = np.empty(n_stops, np.int32), np.zeros(n_stops, np.bool_)
    alighted, is_alighted = np.empty(n_stops, np.int32), np.zeros(n_stops, np.bool_)
    queue, first = np.empty(n_patterns, np.int32), np.full(n_patterns, -1, np.int32)
    moment_s, access = _first_boardings(
        pattern_offset, can_board, time_offset, departure_s, at_offset, at_pattern, at_position,
        access_stop, access_s, start_s, end_s, slack_s,
    )  # fmt: skip
    latest_pair = np.full(n_stops, -1, np.int64)
    pair_stop, leave_s, arrive_s = (
        np.empty(1024, np.int32),
        np.empty(1024, np.int32),
        np.empty(1024, np.int32),
    )
    n_pairs, m = 0, 0
    while m < moment_s.size:
        now_s, n_waiting = moment_s[m], 0
        latest_s = now_s + max_duration_s
        while m < moment_s.size and moment_s[m] == now_s:
            stop, there = access_stop[access[m]], now_s + access_s[access[m]]
            if there < ready[0, stop] and there <= latest_s:
                n_waiting = _make_ready(ready, 0, max_rides, stop, there, waiting, is_waiting, n_waiting)
            m += 1
        for rides in range(1, max_rides + 1):
            n_waiting, n_alighted = _one_round(
                pattern_offset, pattern_stop, can_board, can_alight, time_offset, arrival_s, departure_s,
                at_offset, at_pattern, at_position, transfer_offset, transfer_stop, transfer_s,
                ready, vehicle, rides, max_rides, slack_s, latest_s,
                waiting, is_waiting, n_waiting, alighted, is_alighted, queue, first,
            )  # fmt: skip
            for a in range(n_alighted):
                stop = alighted[a]
                best, pair = vehicle[max_rides, stop], latest_pair[stop]
                if pair >= 0 and best >= arrive_s[pair]:
                    continue
                if pair < 0 or leave_s[pair] != now_s:
                    if n_pairs == pair_stop.size:
                        pair_stop = np.concatenate((pair_stop, np.empty_like(pair_stop)))
                        leave_s = np.concatenate((leave_s, np.empty_like(leave_s)))
                        arrive_s = np.concatenate((arrive_s, np.empty_like(arrive_s)))
                    pair = n_pairs
                    latest_pair[stop] = pair
                    pair_stop[pair], leave_s[pair] = stop, now_s
                    n_pairs += 1
                arrive_s[pair] = best
    order = np.argsort(pair_stop[:n_pairs], kind="mergesort")
    offset = np.zeros(n_stops + 1, np.int64)
    for pair in range(n_pairs):
        offset[pair_stop[pair] + 1] += 1
    return np.cumsum(offset), leave_s[order], arrive_s[order]

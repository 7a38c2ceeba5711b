"""One way for one departure: of those that arrive in time the one with the least walking.

Labels stand at stops and say: who has alighted here (or stands here ready to board) by ``by_s`` still
arrives in time and walks ``walk_s`` more. They are extended from the destination towards the origin, ride by
ride; the earliest arrivals of the forward search tell which of them anybody reaches, so only ways that do
arrive in time are ever looked at. A label is dropped where another one of the same stop leaves as much time
and is better.
"""

import numpy as np
from numba import njit

_NEVER = np.iinfo(np.int32).max
_UNKNOWN = -1

_BY, _WALK, _RIDE, _BELOW, _STOP = range(5)
_PATTERN, _BOARD, _ALIGHT, _AFTER = range(4)


@njit(cache=True, nogil=True)
def _with_room(table, n_used):
    """Return the table with room for one more row."""
    if n_used < len(table):
        return table
    wider = np.empty((2 * n_used, table.shape[1]), np.int32)
    wider[:n_used] = table
    return wider


@njit(cache=True, nogil=True)
def _with_label(labels, row, by_s, walk_s, ride, below, stop):
    """Return the labels with one more."""
    labels = _with_room(labels, row)
    labels[row, _BY] = by_s
    labels[row, _WALK] = walk_s
    labels[row, _RIDE] = ride
    labels[row, _BELOW] = below
    labels[row, _STOP] = stop
    return labels


@njit(cache=True, nogil=True)
def _with_ride(rides, row, pattern, board, alight, after):
    """Return the rides with one more."""
    rides = _with_room(rides, row)
    rides[row, _PATTERN] = pattern
    rides[row, _BOARD] = board
    rides[row, _ALIGHT] = alight
    rides[row, _AFTER] = after
    return rides


@njit(cache=True, nogil=True)
def _order(rides, one, other):
    """Compare two chains of rides by their patterns, the first ride first: below, at or above 0."""
    while one != other:
        if rides[one, _PATTERN] != rides[other, _PATTERN]:
            return rides[one, _PATTERN] - rides[other, _PATTERN]
        one, other = rides[one, _AFTER], rides[other, _AFTER]
    return 0


@njit(cache=True, nogil=True)
def _not_worse(labels, rides, label, by_s, walk_s, ride):
    """Say whether a label leaves as much time as another one and is as good."""
    if labels[label, _BY] < by_s or labels[label, _WALK] > walk_s:
        return False
    return labels[label, _WALK] < walk_s or _order(rides, labels[label, _RIDE], ride) <= 0


@njit(cache=True, nogil=True)
def _beaten(labels, rides, label, by_s, walk_s, ride):
    """Say whether a label of the list is at least as good as a new one."""
    while label >= 0:
        if _not_worse(labels, rides, label, by_s, walk_s, ride):
            return True
        label = labels[label, _BELOW]
    return False


@njit(cache=True, nogil=True)
def _ready_s(ready, vehicle, rides, stop, back_offset, back_stop, back_s):
    """Give the earliest time (s) at which people can board at a stop after some rides; worked out once."""
    if ready[rides, stop] == _UNKNOWN:
        best = _NEVER
        for t in range(back_offset[stop], back_offset[stop + 1]):
            arrival = vehicle[rides, back_stop[t]]
            if arrival != _NEVER and arrival + back_s[t] < best:
                best = arrival + back_s[t]
        ready[rides, stop] = best
    return ready[rides, stop]


@njit(cache=True, nogil=True)
def _runs_until(arrival_s, begin, end, by_s):
    """Index in ``[begin, end)`` behind the last run that arrives by a time, `begin` where none does."""
    while begin < end:
        middle = (begin + end) // 2
        if arrival_s[middle] <= by_s:
            begin = middle + 1
        else:
            end = middle
    return begin


@njit(cache=True, nogil=True)
def _ride_back(
    pattern_offset, pattern_stop, can_board, can_alight, time_offset, arrival_s, departure_s,
    at_offset, at_pattern, at_position, back_offset, back_stop, back_s,
    vehicle, ready, ride, slack_s, labels, first, last, rides, n_made, head,
):  # fmt: skip
    """From having alighted to standing ready to board: the last run in time, from every stop before."""
    n_labels = last
    for label in range(first, last):
        by_s, walk_s, after = labels[label, _BY], labels[label, _WALK], labels[label, _RIDE]
        stop = labels[label, _STOP]
        for at in range(at_offset[stop], at_offset[stop + 1]):
            pattern = at_pattern[at]
            begin = pattern_offset[pattern]
            alight = begin + at_position[at]
            if not can_alight[alight]:
                continue
            times = time_offset[alight]
            run = _runs_until(arrival_s, times, time_offset[alight + 1], by_s) - times - 1
            if run < 0:
                continue
            for board in range(begin, alight):
                origin = pattern_stop[board]
                until_s = departure_s[time_offset[board] + run] - slack_s
                if not can_board[board] or until_s < _ready_s(
                    ready, vehicle, ride - 1, origin, back_offset, back_stop, back_s
                ):
                    continue
                rides = _with_ride(rides, n_made, pattern, board, alight, after)
                if not _beaten(labels, rides, head[origin], until_s, walk_s, n_made):
                    labels = _with_label(labels, n_labels, until_s, walk_s, n_made, head[origin], origin)
                    head[origin] = n_labels
                    n_labels += 1
                    n_made += 1
    for label in range(last, n_labels):
        head[labels[label, _STOP]] = -1
    return labels, n_labels, rides, n_made


@njit(cache=True, nogil=True)
def _walk_back(back_offset, back_stop, back_s, back_walk_s, vehicle, ride, labels, first, last, rides, head):
    """From standing ready to board to having alighted from the ride before: every transfer in time."""
    n_labels = last
    for label in range(first, last):
        stop, after = labels[label, _STOP], labels[label, _RIDE]
        for t in range(back_offset[stop], back_offset[stop + 1]):
            origin, by_s = back_stop[t], labels[label, _BY] - back_s[t]
            walk_s = labels[label, _WALK] + back_walk_s[t]
            if vehicle[ride - 1, origin] <= by_s and not _beaten(
                labels, rides, head[origin], by_s, walk_s, after
            ):
                labels = _with_label(labels, n_labels, by_s, walk_s, after, head[origin], origin)
                head[origin] = n_labels
                n_labels += 1
    for label in range(last, n_labels):
        head[labels[label, _STOP]] = -1
    return labels, n_labels


@njit(cache=True, nogil=True)
def best_way(
    pattern_offset, pattern_stop, can_board, can_alight, time_offset, arrival_s, departure_s,
    at_offset, at_pattern, at_position, back_offset, back_stop, back_s, back_walk_s,
    egress_stop, egress_s, access_s, vehicle, ready, leave_s, due_s, n_rides, slack_s, out_way,
):  # fmt: skip
    """
    Find the way with `n_rides` rides that arrives at `due_s`: least walking, then the lowest patterns.

    ``vehicle[k, stop]`` is the earliest arrival (s) by vehicle with at most ``k`` rides of who leaves at
    `leave_s`, ``ready[0, stop]`` the arrival on access, later rows -1 (filled in as needed). Transfers are
    those *to* a stop: ``back_s`` is what must pass after alighting, ``back_walk_s`` what of it is walked.
    ``access_s[stop]`` is the largest int32 where there is no access. There must be such a way, and none that
    arrives earlier or with fewer rides. Writes pattern, run, position boarded at, position alighted at, and
    the seconds walked before into ``out_way[ride]``; each ride is the first that can be caught. Returns
    whether a way was found.
    """
    n_stops = at_offset.size - 1
    labels, n_labels = np.empty((256, 5), np.int32), 0
    rides, n_made = np.empty((256, 4), np.int32), 0
    head = np.full(n_stops, -1, np.int32)
    for e in range(egress_stop.size):
        stop, by_s = egress_stop[e], due_s - egress_s[e]
        if vehicle[n_rides, stop] <= by_s:
            labels = _with_label(labels, n_labels, by_s, egress_s[e], -1, -1, stop)
            n_labels += 1
    first = 0
    for ride in range(n_rides, 0, -1):
        last = n_labels
        labels, n_labels, rides, n_made = _ride_back(
            pattern_offset, pattern_stop, can_board, can_alight, time_offset, arrival_s, departure_s,
            at_offset, at_pattern, at_position, back_offset, back_stop, back_s,
            vehicle, ready, ride, slack_s, labels, first, last, rides, n_made, head,
        )  # fmt: skip
        first, last = last, n_labels
        if ride > 1:
            labels, n_labels = _walk_back(
                back_offset, back_stop, back_s, back_walk_s, vehicle, ride, labels, first, last, rides, head
            )
            first = last
    best, best_s = -1, _NEVER
    for label in range(first, n_labels):
        there_s = access_s[labels[label, _STOP]]
        if there_s == _NEVER or leave_s + there_s > labels[label, _BY]:
            continue
        walk_s = labels[label, _WALK] + there_s
        made = labels[label, _RIDE]
        if walk_s < best_s or (walk_s == best_s and _order(rides, made, best) < 0):
            best, best_s = made, walk_s
    if best < 0:
        return False
    _catch(
        pattern_stop, time_offset, arrival_s, departure_s, back_offset, back_stop, back_s, back_walk_s,
        access_s, leave_s, slack_s, rides, best, out_way,
    )  # fmt: skip
    return True


@njit(cache=True, nogil=True)
def _catch(
    pattern_stop, time_offset, arrival_s, departure_s, back_offset, back_stop, back_s, back_walk_s,
    access_s, leave_s, slack_s, rides, made, out_way,
):  # fmt: skip
    """Take the first run of every ride that can be caught."""
    ready_s = leave_s
    number = 0
    alighted = -1
    while made >= 0:
        pattern, board, alight = rides[made, _PATTERN], rides[made, _BOARD], rides[made, _ALIGHT]
        stop = pattern_stop[board]
        walk_s = access_s[stop]
        if number == 0:
            ready_s = leave_s + walk_s
        else:
            for t in range(back_offset[stop], back_offset[stop + 1]):
                if back_stop[t] == alighted:
                    ready_s += back_s[t]
                    walk_s = back_walk_s[t]
        times = time_offset[board]
        run = _runs_until(departure_s, times, time_offset[board + 1], ready_s + slack_s - 1) - times
        out_way[number, 0], out_way[number, 1] = pattern, run
        out_way[number, 2], out_way[number, 3] = board, alight
        out_way[number, 4] = walk_s
        ready_s, alighted = arrival_s[time_offset[alight] + run], pattern_stop[alight]
        made = rides[made, _AFTER]
        number += 1

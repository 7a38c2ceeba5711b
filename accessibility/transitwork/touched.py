"""Which origins a change of lines can touch: a bound that never leaves one out.

A journey whose answer changes boards a changed run, before or after. The least time it can then take is the
least time to a boarding stop of such a run plus the least time on from there, over the quickest hops of both
timetables and without waiting. Where that exceeds the longest answer of an origin before the change, no
journey of its answers boards a changed run, and none that does can be quicker.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.profile import NEVER
from accessibility.model.service_day import ServiceDay
from accessibility.model.timed_walks import TimedWalks

Edges = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""From, to, seconds."""

_FAR_S = np.int64(NEVER) // 4
"""More seconds than any way takes; sums of it stay whole numbers."""


def changed_boarding(before: Sequence[ServiceDay], after: Sequence[ServiceDay]) -> NDArray[np.int64]:
    """
    Find the stops where runs that exist only before or only after are boarded.

    Parameters
    ----------
    before, after
        The service day, draw by draw. Both number their stops alike.

    Returns
    -------
    stops
        Ascending.
    """
    stops: set[int] = set()
    for one, other in zip(_all_draws(before, len(after)), _all_draws(after, len(before)), strict=True):
        first, second = Counter(_runs(one)), Counter(_runs(other))
        for stop, board, *_rest in (first - second) + (second - first):
            called, may_board = np.frombuffer(stop, np.int32), np.frombuffer(board, np.bool_)
            stops.update(called[may_board].tolist())
    return np.array(sorted(stops), np.int64)


def _all_draws(days: Sequence[ServiceDay], n_others: int) -> Sequence[ServiceDay]:
    """Repeat the one day of a schedule for every draw of the other side."""
    return list(days) * n_others if len(days) == 1 else days


def _runs(day: ServiceDay) -> Iterable[tuple[bytes, bytes, bytes, bytes, bytes]]:
    """Give every run as its stops, rules and times."""
    for pattern in range(day.n_patterns):
        part = slice(day.pattern_offset[pattern], day.pattern_offset[pattern + 1])
        n_runs = int(day.run_offset[pattern + 1] - day.run_offset[pattern])
        times = slice(day.time_offset[part.start], day.time_offset[part.stop])
        arrival_s = np.ascontiguousarray(day.arrival_s[times].reshape(-1, n_runs).T)
        departure_s = np.ascontiguousarray(day.departure_s[times].reshape(-1, n_runs).T)
        calls = (day.pattern_stop[part].tobytes(), day.can_board[part].tobytes())
        rules = day.can_alight[part].tobytes()
        for arrives, departs in zip(arrival_s, departure_s, strict=True):
            yield (*calls, rules, arrives.tobytes(), departs.tobytes())


def quickest_edges(days: Iterable[ServiceDay], walks: Iterable[TimedWalks]) -> Edges:
    """Join the quickest hop between consecutive stops and every change, of all days and walks given."""
    starts, goals, seconds = [], [], []
    for day in days:
        n_runs = np.diff(day.time_offset)
        inner = np.ones(len(day.pattern_stop), bool)
        inner[day.pattern_offset[1:] - 1] = False
        position = np.flatnonzero(inner)
        if not len(position):
            continue
        count = n_runs[position]
        entry = np.repeat(day.time_offset[position] - (np.cumsum(count) - count), count)
        entry = entry + np.arange(len(entry))
        hop_s = np.maximum(day.arrival_s[entry + np.repeat(count, count)] - day.departure_s[entry], 0)
        starts.append(day.pattern_stop[position])
        goals.append(day.pattern_stop[position + 1])
        seconds.append(np.minimum.reduceat(hop_s, np.cumsum(count) - count))
    for walk in walks:
        offset, target, walk_s = walk.transfers
        starts.append(np.repeat(np.arange(len(offset) - 1), np.diff(offset)))
        goals.append(target)
        seconds.append(np.maximum(walk_s, 0))
    empty = np.empty(0, np.int64)
    start, goal, least_s = (
        np.concatenate([empty, *parts]).astype(np.int64) for parts in (starts, goals, seconds)
    )
    return start, goal, least_s


def least_through(
    edges: Edges, boarding: NDArray[np.int64], walks: TimedWalks, members: NDArray[np.intp], n_stops: int
) -> NDArray[np.int64]:
    """
    Bound from below how long journeys to a set of places take that board at some stops.

    Parameters
    ----------
    edges
        As `quickest_edges` gives them.
    boarding
        Stops where changed runs are boarded.
    walks
        Walks in seconds.
    members
        Places of the set.
    n_stops
        Number of stops.

    Returns
    -------
    least_s
        Seconds per origin; more than any way takes where no such journey is possible.
    """
    egress_offset, egress_stop, egress_s = walks.egress
    owner = np.repeat(np.arange(len(egress_offset) - 1), np.diff(egress_offset))
    wanted = np.isin(owner, members)
    onward_s = np.full(n_stops, _FAR_S)
    np.minimum.at(onward_s, egress_stop[wanted], egress_s[wanted].astype(np.int64))
    onward_s = _relaxed(onward_s, edges)
    through_s = np.full(n_stops, _FAR_S)
    through_s[boarding] = onward_s[boarding]
    through_s = _relaxed(through_s, edges)
    access_offset, access_stop, access_s = walks.access
    n_origins = len(access_offset) - 1
    least_s = np.full(n_origins, _FAR_S)
    origin = np.repeat(np.arange(n_origins), np.diff(access_offset))
    np.minimum.at(least_s, origin, access_s + through_s[access_stop])
    return least_s


def _relaxed(least_s: NDArray[np.int64], edges: Edges) -> NDArray[np.int64]:
    """Lower every stop to the least over its edges until nothing changes."""
    start, goal, seconds = edges
    while True:
        lower_s = least_s.copy()
        np.minimum.at(lower_s, start, seconds + least_s[goal])
        if np.array_equal(lower_s, least_s):
            return least_s
        least_s = lower_s

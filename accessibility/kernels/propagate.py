"""From arrivals at stops to durations at places, and their percentiles over the departure window."""

import numpy as np
from numba import njit

_NEVER = np.iinfo(np.int32).max


@njit(cache=True, nogil=True)
def propagate(
    arrival_s, leave_s, egress_offset, egress_stop, egress_s, direct_s, max_duration_s, ranks, out_duration_s
):
    """
    Walk on from the stops and take percentiles.

    ``arrival_s[stop, minute]`` is the earliest arrival by vehicle of who leaves at ``leave_s[minute]`` (of
    every draw in turn, where there are several), ``direct_s[place]`` the walk all the way, both the largest
    int32 where there is none. Place ``j`` is reached from the stops
    ``egress_stop[egress_offset[j]:egress_offset[j + 1]]``. Writes the duration (s) at every rank of the
    sorted durations of the window into ``out_duration_s[place, rank]``; a minute without an answer counts as
    longest.
    """
    n_minutes = arrival_s.shape[1]
    row = np.empty(n_minutes, np.int32)
    for place in range(direct_s.size):
        row[:] = direct_s[place]
        for e in range(egress_offset[place], egress_offset[place + 1]):
            arrivals = arrival_s[egress_stop[e]]
            walk_s = egress_s[e]
            for minute in range(n_minutes):
                if arrivals[minute] != _NEVER:
                    duration = arrivals[minute] + walk_s - leave_s[minute]
                    if duration < row[minute]:
                        row[minute] = duration
        ordered = np.sort(row)
        for r in range(ranks.size):
            duration = ordered[ranks[r]]
            out_duration_s[place, r] = duration if duration <= max_duration_s else _NEVER

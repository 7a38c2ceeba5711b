"""Durations of people who know the timetable: from the latest departure that arrives no later."""

import numpy as np
from numba import njit

_NEVER = np.iinfo(np.int32).max


@njit(cache=True, nogil=True)
def planned_durations(
    pair_offset, leave_s, arrive_s, minute_s, egress_offset, egress_stop, egress_s, direct_s, max_duration_s,
    out_duration_s,
):  # fmt: skip
    """
    Give the duration of every minute at every place.

    ``leave_s, arrive_s`` are pairs by stop as `departure_profile` gives them, latest departure first;
    ``minute_s`` ascends; egress and direct walks are those of `propagate`. Who sets out at a minute arrives
    as early as can be; of all departures from that minute on that arrive no later the last one counts. Writes
    ``out_duration_s[place, minute]``, the largest int32 where the earliest arrival lies beyond
    `max_duration_s` of the minute.
    """
    n_minutes = minute_s.size
    earliest, latest = np.empty(n_minutes, np.int64), np.empty(n_minutes, np.int64)
    for place in range(direct_s.size):
        for minute in range(n_minutes):
            earliest[minute] = minute_s[minute] + np.int64(direct_s[place])
            latest[minute] = minute_s[minute]
        for e in range(egress_offset[place], egress_offset[place + 1]):
            first, pair = pair_offset[egress_stop[e]], pair_offset[egress_stop[e] + 1] - 1
            for minute in range(n_minutes):
                while pair >= first and leave_s[pair] < minute_s[minute]:
                    pair -= 1
                if pair < first:
                    break
                earliest[minute] = min(earliest[minute], arrive_s[pair] + egress_s[e])
        for e in range(egress_offset[place], egress_offset[place + 1]):
            first, pair = pair_offset[egress_stop[e]], pair_offset[egress_stop[e] + 1]
            for minute in range(n_minutes):
                while pair > first and arrive_s[pair - 1] + egress_s[e] <= earliest[minute]:
                    pair -= 1
                if pair < pair_offset[egress_stop[e] + 1]:
                    latest[minute] = max(latest[minute], leave_s[pair])
        for minute in range(n_minutes):
            within = earliest[minute] - minute_s[minute] <= max_duration_s
            out_duration_s[place, minute] = earliest[minute] - latest[minute] if within else _NEVER

"""A service day that runs backwards: a search forwards through it is a search from the arrival."""

from dataclasses import replace

import numpy as np

from accessibility.model.service_day import ServiceDay


def mirrored(day: ServiceDay, mirror_s: int) -> ServiceDay:
    """
    Let every run go from its last stop to its first, back in time.

    Parameters
    ----------
    day
        The service day.
    mirror_s
        What happens at ``t`` s now happens at ``mirror_s - t``.

    Returns
    -------
    mirrored
        People board where they alighted and arrive where they departed; patterns stand in reverse order.
    """
    n_positions, n_patterns = len(day.pattern_stop), day.n_patterns
    lengths = np.diff(day.pattern_offset)
    owner = np.repeat(np.arange(n_patterns), lengths)
    position = np.arange(n_positions) - day.pattern_offset[owner]
    owner, position = n_patterns - 1 - owner, lengths[owner] - 1 - position
    order = np.lexsort((position, owner, day.pattern_stop))
    return replace(
        day,
        pattern_offset=n_positions - day.pattern_offset[::-1],
        pattern_stop=day.pattern_stop[::-1],
        can_board=day.can_alight[::-1],
        can_alight=day.can_board[::-1],
        pattern_route=day.pattern_route[::-1],
        run_offset=day.n_runs - day.run_offset[::-1],
        run_trip=day.run_trip[::-1],
        time_offset=len(day.arrival_s) - day.time_offset[::-1],
        arrival_s=mirror_s - day.departure_s[::-1],
        departure_s=mirror_s - day.arrival_s[::-1],
        at_pattern=owner[order].astype(np.int32),
        at_position=position[order].astype(np.int32),
    )

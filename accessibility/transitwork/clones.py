"""Walks to and from the stops of a timetable, led to the clones that stand for them on a day."""

import numpy as np

from accessibility.model.service_day import ServiceDay
from accessibility.model.timed_walks import walks_of
from accessibility.model.transfer_rules import Walks


def with_clones(day: ServiceDay, walks: Walks) -> Walks:
    """
    Lead the walks (s) of a table to the stops of a timetable to their clones too.

    Parameters
    ----------
    day
        A service day; clones are the same every day.
    walks
        Access by origin, or egress by destination.

    Returns
    -------
    walks
        Stops are those of the day.
    """
    if day.n_stops == day.n_timetable_stops:
        return walks
    rows = [day.with_clones(*walks_of(walks, row)) for row in range(len(walks[0]) - 1)]
    nothing = np.empty(0, np.int32)
    stops, walk_s = (
        np.concatenate([nothing, *(row[column] for row in rows)]).astype(np.int32) for column in (0, 1)
    )
    return np.cumsum([0, *(len(row[0]) for row in rows)]).astype(np.int64), stops, walk_s

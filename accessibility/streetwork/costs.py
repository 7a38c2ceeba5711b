"""What it costs to travel along an edge: seconds, for every level of a query."""

import numpy as np
from numpy.typing import NDArray

from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery

_GRAIN_S = 2.0**-36
_GRAIN_M = 2.0**-24


def whole_grains(
    time_s: NDArray[np.float64], length_m: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Round times and lengths to grains so fine that nothing is lost and so coarse that sums are exact.

    Multiples of ``2**-36`` s below 36 hours, and of ``2**-24`` m, are added without any rounding. A way
    therefore costs the same whatever end it is searched from, and ways that are equally quick are equal to
    the last bit.
    """
    return np.round(time_s / _GRAIN_S) * _GRAIN_S, np.round(length_m / _GRAIN_M) * _GRAIN_M


def whole_seconds(time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round exact times half up to whole seconds, a microsecond forgiven; ``inf`` stays."""
    seconds: NDArray[np.float64] = np.floor(np.round(time_s, 6) + 0.5)
    return seconds


def segment_seconds(streets: Streets, query: TravelQuery) -> NDArray[np.float64]:
    """
    Give the time along every segment, signals apart.

    Parameters
    ----------
    streets
        The network.
    query
        Speeds, and the factor for steps.

    Returns
    -------
    time_s
        Time (s), shape ``[n_levels, n_segments]``; the first level is the shortest.
    """
    if query.road_speeds is not None:
        low_mid_high = query.road_speeds.on(streets, query.period)
        return np.ascontiguousarray((streets.length_m[:, np.newaxis] / low_mid_high[:, ::-1]).T)
    speed_mps = np.array(query.speed_mps)[:, np.newaxis]
    time_s: NDArray[np.float64] = (
        streets.length_m * np.where(streets.steps, query.steps_factor, 1.0) / speed_mps
    )
    return time_s


def signal_seconds(streets: Streets, query: TravelQuery) -> NDArray[np.float64]:
    """Give the delay (s) on arriving at every node, shape ``[n_levels, n_nodes]``."""
    delay_s = np.array(query.signal_delay_s or (0.0,) * len(query.levels))
    return delay_s[:, np.newaxis] * streets.node_signal

"""Ways that never pass a junction: along one segment, or a short distance beside the network."""

import numpy as np
from numpy.typing import NDArray

from accessibility.model.linkage import Attachment
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.ends import EdgeCosts
from accessibility.streetwork.graph import StreetGraph

CostAndLength = tuple[NDArray[np.float64], NDArray[np.float64]]


def along_one_segment(
    streets: Streets, graph: StreetGraph, costs: EdgeCosts, origins: Attachment, destinations: Attachment
) -> CostAndLength:
    """
    Go straight along a segment that origin and destination share, where its direction allows.

    Returns
    -------
    cost_s, length_m
        Shape ``[n_origins, n_destinations]``; ``inf`` and NaN where they share none.
    """
    cost_s = np.full((len(origins), len(destinations)), np.inf)
    length_m = np.full(cost_s.shape, np.nan)
    shared = (origins.segment[:, np.newaxis] == destinations.segment) & origins.linked[:, np.newaxis]
    i, j = np.nonzero(shared)
    segment = origins.segment[i]
    ahead_m = destinations.along_m[j] - origins.along_m[i]
    forward, backward = graph.start_vertex[2 * segment] >= 0, graph.start_vertex[2 * segment + 1] >= 0
    allowed = np.where(ahead_m > 0, forward, backward) | (ahead_m == 0)
    i, j, segment, ahead_m = i[allowed], j[allowed], segment[allowed], np.abs(ahead_m[allowed])
    snap_m = origins.snap_m[i] + destinations.snap_m[j]
    share = ahead_m / streets.length_m[segment]
    cost_s[i, j] = costs.segment_s[segment] * share + snap_m * costs.connector_s_per_m
    length_m[i, j] = ahead_m + snap_m * costs.connector_detour
    return cost_s, length_m


def beside_the_network(
    query: TravelQuery, level: int, origins: Attachment, destinations: Attachment
) -> CostAndLength:
    """
    Stay where one is, or, where the streets are a sketch, walk or ride a short way beside them.

    Returns
    -------
    cost_s, length_m
        Shape ``[n_origins, n_destinations]``; ``inf`` and NaN where the two lie further apart than
        ``query.off_network_m`` (for a car: where they are not the same point).
    """
    apart_m = np.hypot(
        origins.x_m[:, np.newaxis] - destinations.x_m[np.newaxis],
        origins.y_m[:, np.newaxis] - destinations.y_m[np.newaxis],
    )
    moves_itself = bool(query.speed_mps)
    within = apart_m <= (query.off_network_m if moves_itself else 0.0)
    length_m = np.where(within, apart_m * query.detour_factor, np.nan)
    speed_mps = query.speed_mps[level] if moves_itself else 1.0
    return np.where(within, length_m / speed_mps, np.inf), length_m

"""Ways that never pass a junction: along one segment, or a short distance beside the network."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.model.linkage import Attachment
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.costs import whole_grains
from accessibility.streetwork.ends import EdgeCosts
from accessibility.streetwork.graph import StreetGraph


@dataclass(frozen=True, eq=False)
class Shortcuts:
    """
    Ways between some of the pairs of origins and destinations.

    Parameters
    ----------
    origin, destination
        The pair of each way, by increasing origin and destination; a pair stands once.
    cost_s, length_m
        Time (s) and length (m) of the way.
    """

    origin: NDArray[np.intp]
    destination: NDArray[np.intp]
    cost_s: NDArray[np.float64]
    length_m: NDArray[np.float64]

    def lay_over(self, cost_s: NDArray[np.float64], length_m: NDArray[np.float64]) -> None:
        """Put ways into a table ``[n_origins, n_destinations]`` where quicker, or as quick and shorter."""
        pair = (self.origin, self.destination)
        better = is_better((self.cost_s, self.length_m), (cost_s[pair], length_m[pair]))
        row, column = self.origin[better], self.destination[better]
        cost_s[row, column] = self.cost_s[better]
        length_m[row, column] = self.length_m[better]


def is_better(
    one: tuple[NDArray[np.float64], NDArray[np.float64]],
    other: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.bool_]:
    """Compare ways by time (s), and where that is the same by length (m)."""
    better: NDArray[np.bool_] = (one[0] < other[0]) | ((one[0] == other[0]) & (one[1] < other[1]))
    return better


def along_one_segment(
    streets: Streets, graph: StreetGraph, costs: EdgeCosts, origins: Attachment, destinations: Attachment
) -> Shortcuts:
    """Go straight along a segment that origin and destination share, where its direction allows."""
    i, j = _equal_pairs(origins.segment, destinations.segment, origins.linked, destinations.linked)
    segment = origins.segment[i]
    ahead_m = destinations.along_m[j] - origins.along_m[i]
    forward, backward = graph.start_vertex[2 * segment] >= 0, graph.start_vertex[2 * segment + 1] >= 0
    allowed = np.where(ahead_m > 0, forward, backward) | (ahead_m == 0)
    i, j, segment, ahead_m = i[allowed], j[allowed], segment[allowed], np.abs(ahead_m[allowed])
    snap_m = origins.snap_m[i] + destinations.snap_m[j]
    share = ahead_m / streets.length_m[segment]
    cost_s = costs.segment_s[segment] * share + snap_m * costs.connector_s_per_m
    return Shortcuts(i, j, *whole_grains(cost_s, ahead_m + snap_m * costs.connector_detour))


def beside_the_network(
    query: TravelQuery, level: int, origins: Attachment, destinations: Attachment
) -> Shortcuts:
    """
    Stay where one is, or, where the streets are a sketch, walk or ride a short way beside them.

    Returns
    -------
    shortcuts
        The pairs that lie no further apart than ``query.off_network_m`` (for a car: at the same point).
    """
    moves_itself = bool(query.speed_mps)
    radius_m = query.off_network_m if moves_itself else 0.0
    if radius_m > 0:
        i, j = _near_pairs(origins, destinations, radius_m)
    else:
        i, j = _equal_pairs(
            _position(origins), _position(destinations), origins.located, destinations.located
        )
    apart_m = np.hypot(origins.x_m[i] - destinations.x_m[j], origins.y_m[i] - destinations.y_m[j])
    length_m = apart_m * query.detour_factor
    speed_mps = query.speed_mps[level] if moves_itself else 1.0
    return Shortcuts(i, j, *whole_grains(length_m / speed_mps, length_m))


def _position(places: Attachment) -> NDArray[np.complex128]:
    position: NDArray[np.complex128] = places.x_m + 1j * places.y_m
    return position


def _near_pairs(
    origins: Attachment, destinations: Attachment, radius_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    apart_m = np.hypot(
        origins.x_m[:, np.newaxis] - destinations.x_m, origins.y_m[:, np.newaxis] - destinations.y_m
    )
    i, j = np.nonzero(apart_m <= radius_m)
    return i, j


def _equal_pairs(
    one: NDArray[np.generic],
    other: NDArray[np.generic],
    one_counts: NDArray[np.bool_],
    other_counts: NDArray[np.bool_],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """List the pairs of equal keys among those that count, by first and second member."""
    first, second = np.flatnonzero(one_counts), np.flatnonzero(other_counts)
    second = second[np.argsort(other[second], kind="stable")]
    begin = np.searchsorted(other[second], one[first], "left")
    n = np.searchsorted(other[second], one[first], "right") - begin
    within = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    return np.repeat(first, n), second[np.repeat(begin, n) + within]

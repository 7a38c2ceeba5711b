"""How a search enters the street graph at an origin and leaves it at a destination."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.model.linkage import Attachment
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.costs import segment_seconds, signal_seconds, whole_grains
from accessibility.streetwork.graph import StreetGraph


@dataclass(frozen=True, eq=False)
class Ends:
    """
    Entries into the graph, several per place.

    Parameters
    ----------
    offset
        Entries of place ``i`` are ``offset[i]:offset[i + 1]``.
    vertex
        Vertex of each entry.
    cost_s, length_m
        Time (s) and length (m) between the place and that vertex, the connector included.
    edge
        Street edge travelled in part.
    """

    offset: NDArray[np.int64]
    vertex: NDArray[np.int32]
    cost_s: NDArray[np.float64]
    length_m: NDArray[np.float64]
    edge: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class EdgeCosts:
    """
    Times of one level.

    Parameters
    ----------
    segment_s
        Time (s) along every segment.
    signal_s
        Delay (s) on arriving at every node.
    cost_s, length_m
        Time (s) and length (m) of every CSR edge of the graph.
    connector_s_per_m
        Time (s) per straight-line metre between a place and the streets.
    connector_detour
        Length of that way over the straight line.
    """

    segment_s: NDArray[np.float64]
    signal_s: NDArray[np.float64]
    cost_s: NDArray[np.float64]
    length_m: NDArray[np.float64]
    connector_s_per_m: float
    connector_detour: float


def edge_costs(streets: Streets, graph: StreetGraph, query: TravelQuery) -> tuple[EdgeCosts, ...]:
    """Give the times of every level of a query, the shortest level first."""
    segment_s = segment_seconds(streets, query)
    signal_s = signal_seconds(streets, query)
    segment = graph.edge >> 1
    head = np.where(graph.edge & 1, streets.segment_from[segment], streets.segment_to[segment])
    levels = []
    for level, connector_mps in enumerate(query.connector_mps):
        cost_s, length_m = whole_grains(
            segment_s[level][segment] + signal_s[level][head], streets.length_m[segment]
        )
        levels.append(
            EdgeCosts(
                segment_s=segment_s[level],
                signal_s=signal_s[level],
                cost_s=cost_s,
                length_m=length_m,
                connector_s_per_m=query.detour_factor / connector_mps,
                connector_detour=query.detour_factor,
            )
        )
    return tuple(levels)


def entries(streets: Streets, graph: StreetGraph, costs: EdgeCosts, places: Attachment) -> Ends:
    """
    Start at places: along the segment to either end that the mode may drive to.

    Returns
    -------
    ends
        At most two entries per place, none where it is not linked.
    """
    place, edge, share = _partial_edges(streets, places, from_place=True)
    vertex = graph.start_vertex[edge]
    allowed = vertex >= 0
    place, edge, share, vertex = place[allowed], edge[allowed], share[allowed], vertex[allowed]
    cost_s = costs.segment_s[edge >> 1] * share + costs.signal_s[graph.vertex_node[vertex]]
    return _ends(streets, costs, places, (place, edge, share, vertex, cost_s))


def exits(streets: Streets, graph: StreetGraph, costs: EdgeCosts, places: Attachment) -> Ends:
    """
    Arrive at places: from every vertex that may drive onto the segment, as far as the place.

    Returns
    -------
    ends
        One entry per vertex that leads onto the segment, none where the place is not linked.
    """
    place, edge, share = _partial_edges(streets, places, from_place=False)
    tail = np.repeat(np.arange(len(graph.indptr) - 1, dtype=np.int32), np.diff(graph.indptr))
    order = np.argsort(graph.edge, kind="stable")
    by_edge = graph.edge[order]
    begin, end = np.searchsorted(by_edge, edge, "left"), np.searchsorted(by_edge, edge, "right")
    counts = end - begin
    which = np.repeat(np.arange(len(edge)), counts)
    within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    vertex = tail[order[begin[which] + within]]
    place, edge, share = place[which], edge[which], share[which]
    return _ends(streets, costs, places, (place, edge, share, vertex, costs.segment_s[edge >> 1] * share))


def _partial_edges(
    streets: Streets, places: Attachment, *, from_place: bool
) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.float64]]:
    """Give, for both directions of every linked place's segment, the share of it that is travelled."""
    linked = np.flatnonzero(places.linked)
    segment = places.segment[linked]
    before = places.along_m[linked] / streets.length_m[segment]
    ahead = 1.0 - before
    forward, backward = (ahead, before) if from_place else (before, ahead)
    place = np.repeat(linked, 2)
    edge = np.column_stack([2 * segment, 2 * segment + 1]).ravel().astype(np.int32)
    return place, edge, np.column_stack([forward, backward]).ravel()


def _ends(
    streets: Streets,
    costs: EdgeCosts,
    places: Attachment,
    columns: tuple[
        NDArray[np.intp], NDArray[np.int32], NDArray[np.float64], NDArray[np.int32], NDArray[np.float64]
    ],
) -> Ends:
    place, edge, share, vertex, cost_s = columns
    snap_m = places.snap_m[place]
    offset = np.zeros(len(places) + 1, np.int64)
    np.cumsum(np.bincount(place, minlength=len(places)), out=offset[1:])
    cost_s, length_m = whole_grains(
        cost_s + snap_m * costs.connector_s_per_m,
        streets.length_m[edge >> 1] * share + snap_m * costs.connector_detour,
    )
    return Ends(offset=offset, vertex=vertex.astype(np.int32), cost_s=cost_s, length_m=length_m, edge=edge)

"""Ways between two sets of attached points, as sparse tables: walks in metres, other ways in seconds."""

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.dijkstra import one_to_many
from accessibility.model.linkage import Attachment, WalkTable
from accessibility.model.streets import Streets
from accessibility.model.transit_query import MIDDLE_LEVEL
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.ends import edge_costs, entries, exits
from accessibility.streetwork.graph import StreetGraph
from accessibility.streetwork.shortcuts import along_one_segment, beside_the_network

_BLOCK = 64

Entries = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]
"""A sparse table: offsets, targets, costs."""


def walk_table(
    streets: Streets,
    graph: StreetGraph,
    query: TravelQuery,
    ends: tuple[Attachment, Attachment],
    *,
    radius_m: float,
) -> WalkTable:
    """
    Find every walk up to a length.

    Parameters
    ----------
    streets, graph
        The network and the graph of the query on it.
    query
        A walking query of one level at 1 m/s, so that its seconds are metres of level ground.
    ends
        Points walked from and points walked to.
    radius_m
        Longest walk (m).

    Returns
    -------
    walks
        Complete up to `radius_m`.
    """
    offset, target, length_m = _entries(streets, graph, query, ends, level=0, limit=radius_m)
    return WalkTable(offset, target, length_m, len(ends[1]), radius_m)


def feeder_table(
    streets: Streets,
    graph: StreetGraph,
    query: TravelQuery,
    ends: tuple[Attachment, Attachment],
    *,
    radius_m: float,
) -> WalkTable:
    """
    Find every way to or from stops by a mode of travel on streets, up to the query's longest duration.

    Parameters
    ----------
    streets, graph
        The network and the graph of the query on it.
    query
        Mode and speeds; its middle level holds.
    ends
        Points travelled from and points travelled to.
    radius_m
        How far (m) people may walk beside, inside stations.

    Returns
    -------
    ways
        Times as fixed seconds rounded half up, nothing of them walked.
    """
    level = query.levels.index(MIDDLE_LEVEL)
    limit_s = float(np.nextafter(query.max_duration_s + 0.5, 0))
    offset, target, cost_s = _entries(streets, graph, query, ends, level=level, limit=limit_s)
    time_s = np.floor(cost_s + 0.5).astype(np.int32)
    return WalkTable(offset, target, np.zeros(len(target)), len(ends[1]), radius_m, time_s)


def _entries(
    streets: Streets,
    graph: StreetGraph,
    query: TravelQuery,
    ends: tuple[Attachment, Attachment],
    *,
    level: int,
    limit: float,
) -> Entries:
    """Give every way whose cost, rounded to a millionth, lies within the limit."""
    origins, destinations = ends
    costs = edge_costs(streets, graph, query)[level]
    goals = exits(streets, graph, costs, destinations)
    counts, targets, found = [np.zeros(1, np.int64)], [], []
    for begin in range(0, len(origins), _BLOCK):
        block = origins.part(range(begin, min(begin + _BLOCK, len(origins))))
        starts = entries(streets, graph, costs, block)
        cost, way_m = np.empty((len(block), len(destinations))), np.empty((len(block), len(destinations)))
        one_to_many(
            graph.indptr, graph.target, costs.cost_s, costs.length_m,
            starts.offset, starts.vertex, starts.cost_s, starts.length_m,
            goals.offset, goals.vertex, goals.cost_s, goals.length_m, limit, cost, way_m,
        )  # fmt: skip
        for shortcut, _way in (
            along_one_segment(streets, graph, costs, block, destinations),
            beside_the_network(query, level, block, destinations),
        ):
            np.minimum(cost, shortcut, out=cost)
        cost = np.round(cost, 6)
        row, column = np.nonzero(cost <= limit)
        counts.append(np.bincount(row, minlength=len(block)))
        targets.append(column.astype(np.int32))
        found.append(cost[row, column])
    nothing = np.empty(0)
    return (
        np.cumsum(np.concatenate(counts)),
        np.concatenate([nothing, *targets]).astype(np.int32),
        np.concatenate([nothing, *found]),
    )

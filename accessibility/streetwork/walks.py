"""Walks between two sets of attached points, as a sparse table."""

import numpy as np

from accessibility.kernels.dijkstra import one_to_many
from accessibility.model.linkage import Attachment, WalkTable
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.ends import edge_costs, entries, exits
from accessibility.streetwork.graph import StreetGraph
from accessibility.streetwork.shortcuts import along_one_segment, beside_the_network

_BLOCK = 64


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
    origins, destinations = ends
    (costs,) = edge_costs(streets, graph, query)
    goals = exits(streets, graph, costs, destinations)
    counts, targets, lengths = [np.zeros(1, np.int64)], [], []
    for begin in range(0, len(origins), _BLOCK):
        block = origins.part(range(begin, min(begin + _BLOCK, len(origins))))
        starts = entries(streets, graph, costs, block)
        cost_m, way_m = np.empty((len(block), len(destinations))), np.empty((len(block), len(destinations)))
        one_to_many(
            graph.indptr, graph.target, costs.cost_s, costs.length_m,
            starts.offset, starts.vertex, starts.cost_s, starts.length_m,
            goals.offset, goals.vertex, goals.cost_s, goals.length_m, radius_m, cost_m, way_m,
        )  # fmt: skip
        for shortcut in (
            along_one_segment(streets, graph, costs, block, destinations),
            beside_the_network(query, 0, block, destinations),
        ):
            shortcut.lay_over(cost_m, way_m)
        cost_m = np.round(cost_m, 6)
        row, column = np.nonzero(cost_m <= radius_m)
        counts.append(np.bincount(row, minlength=len(block)))
        targets.append(column.astype(np.int32))
        lengths.append(cost_m[row, column])
    offset = np.cumsum(np.concatenate(counts))
    nothing = np.empty(0)
    return WalkTable(
        offset,
        np.concatenate([nothing, *targets]),
        np.concatenate([nothing, *lengths]),
        len(destinations),
        radius_m,
    )

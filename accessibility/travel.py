"""Travel times over streets: the step that answers a query."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.dijkstra import one_to_many
from accessibility.model.linkage import Linkage
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.streetwork.costs import whole_seconds
from accessibility.streetwork.ends import EdgeCosts, Ends, edge_costs, entries, exits
from accessibility.streetwork.graph import StreetGraph, street_graph
from accessibility.streetwork.reasons import pair_reasons
from accessibility.streetwork.shortcuts import along_one_segment, beside_the_network
from accessibility.units import UNREACHED

Block = range
BlockAnswer = tuple[NDArray[np.float64], NDArray[np.float64]]
MapBlocks = Callable[[Callable[[Block], BlockAnswer], Sequence[Block]], Iterable[BlockAnswer]]

BLOCK_SIZE = 64
"""Origins per block at most: small enough for progress, large enough that the overhead vanishes."""
_BLOCK_WORK = 4_000_000
"""Vertices searched per block at most: a fraction of a second, so that an interrupt is soon heard."""


def block_size(n_vertices: int) -> int:
    """Choose how many origins make a block on a network of this size."""
    return min(max(_BLOCK_WORK // max(n_vertices, 1), 1), BLOCK_SIZE)


def travel_times(
    streets: Streets,
    linkage: Linkage,
    query: TravelQuery,
    ids: tuple[tuple[str, ...], tuple[str, ...]],
    *,
    map_blocks: MapBlocks = map,
) -> TravelTimes:
    """
    Find the travel time from every origin to every destination.

    Parameters
    ----------
    streets
        The network.
    linkage
        Where origins and destinations are attached to it.
    query
        Mode, speeds and limits.
    ids
        Identifiers of origins and of destinations.
    map_blocks
        How to work off blocks of origins: ``map``, or the same in threads or on a cluster. Answers must come
        back in order; the bytes of the result do not depend on it.

    Returns
    -------
    times
        Durations (s) per level, rounded half up from the exact ones, and the length (m) of each way; of ways
        that are equally quick, the shortest.
    """
    graph = street_graph(streets, query)
    n_levels = len(query.levels)
    shape = (len(ids[0]), len(ids[1]), n_levels)
    duration_s = np.full(shape, UNREACHED, np.int32)
    distance_m = np.full(shape, np.nan, np.float32)
    size = block_size(len(graph.indptr) - 1)
    blocks = [range(i, min(i + size, shape[0])) for i in range(0, shape[0], size)]
    for level, costs in enumerate(edge_costs(streets, graph, query)):
        goals = exits(streets, graph, costs, linkage.destinations)
        search = _Search(streets, graph, linkage, query, costs, goals, level)
        for block, (cost_s, length_m) in zip(blocks, map_blocks(search.answer, blocks), strict=True):
            seconds = whole_seconds(cost_s)
            reached = seconds <= query.max_duration_s
            duration_s[block.start : block.stop, :, level][reached] = seconds[reached]
            distance_m[block.start : block.stop, :, level][reached] = length_m[reached]
    reached = (duration_s != UNREACHED).any(axis=2)
    reason = pair_reasons(graph, linkage.origins, linkage.destinations, reached)
    return TravelTimes(ids[0], ids[1], duration_s, distance_m, reason, query, streets.provenance)


@dataclass(frozen=True, eq=False)
class _Search:
    """Everything a block of origins needs, so that a worker is sent it once."""

    streets: Streets
    graph: StreetGraph
    linkage: Linkage
    query: TravelQuery
    costs: EdgeCosts
    goals: Ends
    level: int

    def answer(self, block: Block) -> BlockAnswer:
        """Give cost (s) and length (m) from the origins of a block to every destination."""
        origins, destinations = self.linkage.origins.part(block), self.linkage.destinations
        starts = entries(self.streets, self.graph, self.costs, origins)
        cost_s = np.empty((len(origins), len(destinations)))
        length_m = np.empty(cost_s.shape)
        _run(
            self.graph,
            self.costs,
            starts,
            self.goals,
            float(self.query.max_duration_s) + 1.0,
            cost_s,
            length_m,
        )
        shortcuts = (
            along_one_segment(self.streets, self.graph, self.costs, origins, destinations),
            beside_the_network(self.query, self.level, origins, destinations),
        )
        for shortcut in shortcuts:
            shortcut.lay_over(cost_s, length_m)
        return cost_s, length_m


def _run(
    graph: StreetGraph,
    costs: EdgeCosts,
    starts: Ends,
    goals: Ends,
    limit_s: float,
    cost_s: NDArray[np.float64],
    length_m: NDArray[np.float64],
) -> None:
    one_to_many(
        graph.indptr, graph.target, costs.cost_s, costs.length_m,
        starts.offset, starts.vertex, starts.cost_s, starts.length_m,
        goals.offset, goals.vertex, goals.cost_s, goals.length_m,
        limit_s, cost_s, length_m,
    )  # fmt: skip

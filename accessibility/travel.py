"""Travel times over streets: the step that answers a query."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.dijkstra import one_to_many
from accessibility.model import reasons
from accessibility.model.linkage import Linkage
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.streetwork.ends import EdgeCosts, Ends, edge_costs, entries, exits
from accessibility.streetwork.graph import StreetGraph, street_graph
from accessibility.streetwork.shortcuts import along_one_segment, beside_the_network
from accessibility.units import UNREACHED

Block = range
BlockAnswer = tuple[NDArray[np.float64], NDArray[np.float64]]
MapBlocks = Callable[[Callable[[Block], BlockAnswer], Sequence[Block]], Iterable[BlockAnswer]]

BLOCK_SIZE = 64
"""Origins per block: small enough for progress, large enough that the overhead vanishes."""


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
        Durations (s) per level, rounded half up from the exact ones, and the length (m) of each way.
    """
    graph = street_graph(streets, query)
    n_levels = len(query.levels)
    shape = (len(ids[0]), len(ids[1]), n_levels)
    duration_s = np.full(shape, UNREACHED, np.int32)
    distance_m = np.full(shape, np.nan, np.float32)
    blocks = [range(i, min(i + BLOCK_SIZE, shape[0])) for i in range(0, shape[0], BLOCK_SIZE)]
    for level, costs in enumerate(edge_costs(streets, graph, query)):
        goals = exits(streets, graph, costs, linkage.destinations)
        search = _Search(streets, graph, linkage, query, costs, goals, level)
        for block, (cost_s, length_m) in zip(blocks, map_blocks(search.answer, blocks), strict=True):
            seconds = np.floor(np.round(cost_s, 6) + 0.5)
            reached = seconds <= query.max_duration_s
            duration_s[block.start : block.stop, :, level][reached] = seconds[reached]
            distance_m[block.start : block.stop, :, level][reached] = length_m[reached]
    reason = _reasons(graph, linkage, (duration_s != UNREACHED).any(axis=2))
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
        cost_s = np.full((len(origins), len(destinations)), np.inf)
        length_m = np.full(cost_s.shape, np.nan)
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
        for there_s, there_m in shortcuts:
            better = there_s < cost_s
            cost_s[better] = there_s[better]
            length_m[better] = there_m[better]
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


def _reasons(graph: StreetGraph, linkage: Linkage, reached: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Name the first thing that stands in the way of every pair, in the order a person would ask."""
    origins, destinations = linkage.origins, linkage.destinations
    parts = [
        np.where(places.linked, graph.segment_part[places.segment], -1) for places in (origins, destinations)
    ]
    reason = np.full(reached.shape, reasons.BEYOND_LIMITS, np.int8)
    reason[parts[0][:, np.newaxis] != parts[1][np.newaxis]] = reasons.NO_WAY
    reason[:, ~destinations.linked] = reasons.DESTINATION_NOT_LINKED
    reason[~origins.linked, :] = reasons.ORIGIN_NOT_LINKED
    reason[:, ~destinations.located] = reasons.DESTINATION_NO_POSITION
    reason[~origins.located, :] = reasons.ORIGIN_NO_POSITION
    reason[reached] = reasons.REACHED
    return reason

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
"""Places searched from per block at most: small for progress, large enough that the overhead vanishes."""
_BLOCK_WORK = 4_000_000
"""Vertices searched per block at most: a fraction of a second, so that an interrupt is soon heard."""


def block_size(n_vertices: int) -> int:
    """Choose how many places make a block on a network of this size."""
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
        How to work off blocks of places: ``map``, or the same in threads or on a cluster. Answers must come
        back in order; the bytes of the result do not depend on it.

    Returns
    -------
    times
        Durations (s) per level, rounded half up from the exact ones, and the length (m) of each way; of ways
        that are equally quick, the shortest.

    Notes
    -----
    The search starts at whichever side has fewer places: forwards at the origins, or at the destinations over
    the same edges turned round. Sums are exact, so both give the same second and the same metre.
    """
    graph = street_graph(streets, query)
    n_levels = len(query.levels)
    shape = (len(ids[0]), len(ids[1]), n_levels)
    duration_s = np.full(shape, UNREACHED, np.int32)
    distance_m = np.full(shape, np.nan, np.float32)
    forwards = shape[0] <= shape[1]
    n_starts = min(shape[:2])
    size = block_size(len(graph.indptr) - 1)
    blocks = [range(i, min(i + size, n_starts)) for i in range(0, n_starts, size)]
    done: list[EdgeCosts] = []
    for level, costs in enumerate(edge_costs(streets, graph, query)):
        same = next((earlier for earlier, other in enumerate(done) if _same(costs, other)), None)
        done.append(costs)
        if same is not None:
            duration_s[..., level], distance_m[..., level] = duration_s[..., same], distance_m[..., same]
            continue
        search = _Search.of(streets, graph, linkage, query, costs, level, forwards=forwards)
        for block, (cost_s, length_m) in zip(blocks, map_blocks(search.answer, blocks), strict=True):
            seconds = whole_seconds(cost_s)
            reached = seconds <= query.max_duration_s
            there = np.s_[block.start : block.stop]
            part = (there, slice(None), level) if forwards else (slice(None), there, level)
            duration_s[part][reached] = seconds[reached]
            distance_m[part][reached] = length_m[reached]
    reached = (duration_s != UNREACHED).any(axis=2)
    reason = pair_reasons(graph, linkage.origins, linkage.destinations, reached)
    return TravelTimes(ids[0], ids[1], duration_s, distance_m, reason, query, streets.provenance)


def _same(one: EdgeCosts, other: EdgeCosts) -> bool:
    """Say whether two levels are one: where a speed has no range, nothing is searched twice."""
    return (
        one.connector_s_per_m == other.connector_s_per_m
        and np.array_equal(one.segment_s, other.segment_s)
        and np.array_equal(one.signal_s, other.signal_s)
    )


@dataclass(frozen=True, eq=False)
class _Edges:
    """The graph as the kernel takes it: CSR with time (s) and length (m) of every edge."""

    indptr: NDArray[np.int32]
    target: NDArray[np.int32]
    cost_s: NDArray[np.float64]
    length_m: NDArray[np.float64]

    def turned_round(self) -> "_Edges":
        """Let every edge lead from its head to its tail."""
        n_vertices = len(self.indptr) - 1
        tail = np.repeat(np.arange(n_vertices, dtype=np.int32), np.diff(self.indptr))
        order = np.argsort(self.target, kind="stable")
        indptr = np.zeros(n_vertices + 1, np.int32)
        np.cumsum(np.bincount(self.target, minlength=n_vertices), out=indptr[1:])
        return _Edges(indptr, tail[order], self.cost_s[order], self.length_m[order])


@dataclass(frozen=True, eq=False)
class _Search:
    """Everything a block of places needs, so that a worker is sent it once."""

    streets: Streets
    graph: StreetGraph
    linkage: Linkage
    query: TravelQuery
    costs: EdgeCosts
    level: int
    forwards: bool
    edges: _Edges
    far_ends: Ends

    @classmethod
    def of(
        cls,
        streets: Streets,
        graph: StreetGraph,
        linkage: Linkage,
        query: TravelQuery,
        costs: EdgeCosts,
        level: int,
        *,
        forwards: bool,
    ) -> "_Search":
        """Prepare what all blocks share: the edges, and how the places of the far side are reached."""
        edges = _Edges(graph.indptr, graph.target, costs.cost_s, costs.length_m)
        if forwards:
            far_ends = exits(streets, graph, costs, linkage.destinations)
        else:
            edges, far_ends = edges.turned_round(), entries(streets, graph, costs, linkage.origins)
        return cls(streets, graph, linkage, query, costs, level, forwards, edges, far_ends)

    def answer(self, block: Block) -> BlockAnswer:
        """Give cost (s) and length (m) from every origin to every destination, one side being the block."""
        origins, destinations = self.linkage.origins, self.linkage.destinations
        if self.forwards:
            origins = origins.part(block)
            starts = entries(self.streets, self.graph, self.costs, origins)
        else:
            destinations = destinations.part(block)
            starts = exits(self.streets, self.graph, self.costs, destinations)
        cost_s, length_m = self._searched(starts)
        shortcuts = (
            along_one_segment(self.streets, self.graph, self.costs, origins, destinations),
            beside_the_network(self.query, self.level, origins, destinations),
        )
        for shortcut in shortcuts:
            shortcut.lay_over(cost_s, length_m)
        return cost_s, length_m

    def _searched(self, starts: Ends) -> BlockAnswer:
        """Search the streets; a row per origin, a column per destination, whichever side it starts at."""
        edges, goals = self.edges, self.far_ends
        cost_s = np.full((len(starts.offset) - 1, len(goals.offset) - 1), np.inf)
        length_m = np.full(cost_s.shape, np.nan)
        one_to_many(
            edges.indptr, edges.target, edges.cost_s, edges.length_m,
            starts.offset, starts.vertex, starts.cost_s, starts.length_m,
            goals.offset, goals.vertex, goals.cost_s, goals.length_m,
            float(self.query.max_duration_s) + 1.0, cost_s, length_m,
        )  # fmt: skip
        return (cost_s, length_m) if self.forwards else (cost_s.T.copy(), length_m.T.copy())

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
BLOCK_PAIRS = 2**20
"""Pairs per block at most, so that its memory is bounded however many places lie on the other side."""

FEW_DESTINATIONS = 1024
"""Up to so many destinations the search may start there, again for every part of the origins."""

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
    The search starts at the destinations, over the same edges turned round, where these are few and fewer
    than the origins; else at the origins. Sums are exact, so both give the same second and the same metre.
    """
    search = StreetSearch.of(streets, linkage, query)
    return search.times(range(len(ids[0])), ids, map_blocks=map_blocks)


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
class _Level:
    """What all searches of one level share; `exits` only where they start at the origins."""

    number: int
    costs: EdgeCosts
    edges: _Edges
    exits: Ends | None


@dataclass(frozen=True, eq=False)
class StreetSearch:
    """
    A question on streets prepared once, to be answered for one part of the origins after another.

    Parameters
    ----------
    streets, graph, linkage, query
        The network and what is asked of it.
    forwards
        Whether the search starts at the origins: a matter of the whole question, so that no byte of an answer
        depends on how the origins are cut into parts.
    levels
        Edges and ends of every level; the same one again where two levels are one.
    """

    streets: Streets
    graph: StreetGraph
    linkage: Linkage
    query: TravelQuery
    forwards: bool
    levels: tuple[_Level, ...]

    @classmethod
    def of(cls, streets: Streets, linkage: Linkage, query: TravelQuery) -> "StreetSearch":
        """Prepare what all parts of the origins share."""
        graph = street_graph(streets, query)
        n_origins, n_destinations = len(linkage.origins), len(linkage.destinations)
        forwards = n_origins <= n_destinations or n_destinations > FEW_DESTINATIONS
        levels: list[_Level] = []
        for number, costs in enumerate(edge_costs(streets, graph, query)):
            level = next((earlier for earlier in levels if _same(costs, earlier.costs)), None)
            if level is None:
                edges = _Edges(graph.indptr, graph.target, costs.cost_s, costs.length_m)
                goals = exits(streets, graph, costs, linkage.destinations) if forwards else None
                level = _Level(number, costs, edges if forwards else edges.turned_round(), goals)
            levels.append(level)
        return cls(streets, graph, linkage, query, forwards, tuple(levels))

    def times(
        self, rows: range, ids: tuple[tuple[str, ...], tuple[str, ...]], *, map_blocks: MapBlocks = map
    ) -> TravelTimes:
        """
        Find the travel times from some origins to every destination.

        Parameters
        ----------
        rows
            The origins, by index.
        ids
            Identifiers of these origins, and of all destinations.
        map_blocks
            As for `travel_times`.
        """
        linkage, query = self.linkage.of_origins(rows), self.query
        shape = (len(ids[0]), len(ids[1]), len(self.levels))
        duration_s = np.full(shape, UNREACHED, np.int32)
        distance_m = np.full(shape, np.nan, np.float32)
        most = block_size(len(self.graph.indptr) - 1)
        blocks = _blocks(*(shape[:2] if self.forwards else shape[1::-1]), most)
        for number, level in enumerate(self.levels):
            if level.number != number:
                for column in (duration_s, distance_m):
                    column[..., number] = column[..., level.number]
                continue
            search = _Search.of(self, level, linkage)
            for block, (cost_s, length_m) in zip(blocks, map_blocks(search.answer, blocks), strict=True):
                seconds = whole_seconds(cost_s)
                reached = seconds <= query.max_duration_s
                there = np.s_[block.start : block.stop]
                part = (there, slice(None), number) if self.forwards else (slice(None), there, number)
                duration_s[part][reached] = seconds[reached]
                distance_m[part][reached] = length_m[reached]
        reached = (duration_s != UNREACHED).any(axis=2)
        reason = pair_reasons(self.graph, linkage.origins, linkage.destinations, reached)
        return TravelTimes(ids[0], ids[1], duration_s, distance_m, reason, query, self.streets.provenance)


def _blocks(n_starts: int, n_goals: int, most: int) -> list[range]:
    """Cut the side that is searched from into blocks of bounded memory and time."""
    size = max(1, min(most, BLOCK_PAIRS // max(1, n_goals)))
    return [range(i, min(i + size, n_starts)) for i in range(0, n_starts, size)]


@dataclass(frozen=True, eq=False)
class _Search:
    """Everything a block of places needs."""

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
    def of(cls, search: StreetSearch, level: _Level, linkage: Linkage) -> "_Search":
        """Search one level for some of the origins."""
        streets, graph, costs = search.streets, search.graph, level.costs
        far_ends = level.exits
        if far_ends is None:
            far_ends = entries(streets, graph, costs, linkage.origins)
        return cls(
            streets, graph, linkage, search.query, costs, level.number, search.forwards, level.edges, far_ends
        )

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

"""Time over streets to the nearest of a set, by one search from the whole set."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.kernels.nearest import candidates, nearest
from accessibility.measures.nearest import row_reasons
from accessibility.messages import _
from accessibility.model import reasons
from accessibility.model.access_table import AccessTable
from accessibility.model.linkage import Linkage
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.costs import whole_seconds
from accessibility.streetwork.ends import EdgeCosts, edge_costs, entries, exits
from accessibility.streetwork.graph import StreetGraph, street_graph, turned_round
from accessibility.streetwork.reasons import pair_reasons
from accessibility.streetwork.shortcuts import along_one_segment, beside_the_network

_SAME_SECOND_S = 1.00001
"""Costs further apart than this (s) are never rounded to one whole second."""

_BLOCK = 2048
"""Origins whose ways beside the network are worked out at a time."""

_PAIRS = 2**24
"""Pairs whose reasons are worked out at a time, so that memory does not grow with the destinations."""


@dataclass(frozen=True, eq=False)
class _Ways:
    """Ways: origin, destination, time (s) and length (m); several per pair or none."""

    origin: NDArray[np.int64]
    destination: NDArray[np.int64]
    cost_s: NDArray[np.float64]
    length_m: NDArray[np.float64]

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "_Ways":
        """Take some of them."""
        return _Ways(self.origin[rows], self.destination[rows], self.cost_s[rows], self.length_m[rows])

    @classmethod
    def joined(cls, parts: "list[_Ways]") -> "_Ways":
        """Put lists of ways one after the other."""
        return cls(
            np.concatenate([part.origin for part in parts]),
            np.concatenate([part.destination for part in parts]),
            np.concatenate([part.cost_s for part in parts]),
            np.concatenate([part.length_m for part in parts]),
        )


def nearest_on_streets(
    streets: Streets,
    linkage: Linkage,
    query: TravelQuery,
    ids: tuple[tuple[str, ...], tuple[str, ...]],
    *,
    target: str,
    as_of: str = "",
    rank: int = 1,
) -> AccessTable:
    """
    Find the time to the nearest (or n-th nearest) destination, without a matrix.

    Parameters
    ----------
    streets, linkage, query, ids
        As for `accessibility.travel.travel_times`.
    target, as_of, rank
        As for `accessibility.measures.nearest`.

    Returns
    -------
    table
        What `nearest` makes of the `travel_times` of the same arguments, to the last bit.

    Raises
    ------
    ModelError
        If `rank` is below 1.

    Notes
    -----
    The streets are searched backward from all destinations at once; then from each destination as far as it
    can be the nearest, one second of rounding allowed for. The work hardly grows with the number of
    destinations.
    """
    if rank < 1:
        raise ModelError(_("the rank counts from 1"), code="rank")
    n_origins, n_levels = len(ids[0]), len(query.levels)
    values = np.full((n_origins, n_levels), np.nan)
    distance_m = np.full((n_origins, n_levels), np.nan)
    member = np.full((n_origins, n_levels), -1, np.intp)
    reached: list[_Ways] = []
    graph = street_graph(streets, query)
    for level, costs in enumerate(edge_costs(streets, graph, query)):
        ways = _all_ways(streets, graph, linkage, query, (costs, level), rank)
        chosen = _ranked(ways, rank)
        values[chosen.origin, level] = whole_seconds(chosen.cost_s)
        distance_m[chosen.origin, level] = chosen.length_m.astype(np.float32)
        member[chosen.origin, level] = chosen.destination
        reached.append(ways)
    names = np.array((*ids[1], ""), dtype=object)
    return AccessTable(
        measure="nearest",
        target=target,
        mode=query.mode,
        period=query.period,
        as_of=as_of,
        origin_ids=ids[0],
        columns=query.levels,
        values=values,
        reason=_reasons(graph, linkage, np.isnan(values).all(axis=1), reached, rank),
        nearest_ids=tuple(tuple(row) for row in names[member]),
        distance_m=distance_m,
    )


def _all_ways(
    streets: Streets,
    graph: StreetGraph,
    linkage: Linkage,
    query: TravelQuery,
    at_level: tuple[EdgeCosts, int],
    rank: int,
) -> _Ways:
    """Give, per origin, the ways to its `rank` nearest destinations within the limit, in order."""
    costs, level = at_level
    parts = [_through_the_network(streets, graph, costs, linkage, query, rank)]
    for begin in range(0, len(linkage.origins), _BLOCK):
        block = linkage.origins.part(range(begin, min(begin + _BLOCK, len(linkage.origins))))
        beside = [
            _Ways(shortcut.origin + begin, shortcut.destination, shortcut.cost_s, shortcut.length_m)
            for shortcut in (
                along_one_segment(streets, graph, costs, block, linkage.destinations),
                beside_the_network(query, level, block, linkage.destinations),
            )
        ]
        parts.append(_first(_Ways.joined(beside), query, rank))
    return _first(_Ways.joined(parts), query, rank)


def _through_the_network(
    streets: Streets, graph: StreetGraph, costs: EdgeCosts, linkage: Linkage, query: TravelQuery, rank: int
) -> _Ways:
    starts = entries(streets, graph, costs, linkage.origins)
    goals = exits(streets, graph, costs, linkage.destinations)
    limit_s = float(query.max_duration_s) + 1.0
    n_vertices = len(graph.indptr) - 1
    indptr, target, order = turned_round(graph)
    cost_s, length_m = costs.cost_s[order], costs.length_m[order]
    best_s, owner = np.empty((n_vertices, rank)), np.empty((n_vertices, rank), np.int32)
    nearest(indptr, target, cost_s, goals.offset, goals.vertex, goals.cost_s, limit_s, best_s, owner)
    ceiling_s = np.minimum(best_s[:, -1] + _SAME_SECOND_S, limit_s)
    order = np.argsort(starts.vertex, kind="stable")
    place = np.repeat(np.arange(len(linkage.origins)), np.diff(starts.offset))[order]
    place_offset = np.zeros(n_vertices + 1, np.int64)
    np.cumsum(np.bincount(starts.vertex, minlength=n_vertices), out=place_offset[1:])
    places = (place_offset, place, starts.cost_s[order], starts.length_m[order])
    room = 2 * len(place) + 1
    destination, origin = np.empty(room, np.int64), np.empty(room, np.int64)
    time_s, way_m = np.empty(room), np.empty(room)
    ways = _Ways(origin[:0], destination[:0], time_s[:0], way_m[:0])
    member = 0
    while member < len(linkage.destinations):
        member, n_listed = candidates(
            indptr, target, cost_s, length_m, goals.offset, goals.vertex, goals.cost_s, goals.length_m,
            *places, ceiling_s, member, destination, origin, time_s, way_m,
        )  # fmt: skip
        listed = _Ways(origin[:n_listed], destination[:n_listed], time_s[:n_listed], way_m[:n_listed])
        ways = _first(_Ways.joined([ways, listed]), query, rank)
    return ways


def _first(ways: _Ways, query: TravelQuery, rank: int) -> _Ways:
    """Keep the best way of each pair and, per origin, the first `rank` by whole seconds and destination."""
    ways = ways.take(whole_seconds(ways.cost_s) <= query.max_duration_s)
    ways = ways.take(np.lexsort((ways.length_m, ways.cost_s, ways.destination, ways.origin)))
    ways = ways.take(_changes(ways.origin) | _changes(ways.destination))
    ways = ways.take(np.lexsort((ways.destination, whole_seconds(ways.cost_s), ways.origin)))
    begin = np.flatnonzero(_changes(ways.origin))
    n_ways = np.diff(np.append(begin, len(ways.origin)))
    return ways.take(np.arange(len(ways.origin)) - np.repeat(begin, n_ways) < rank)


def _ranked(ways: _Ways, rank: int) -> _Ways:
    """Choose the last of every full set of `rank` ways."""
    begin = np.flatnonzero(_changes(ways.origin))
    n_ways = np.diff(np.append(begin, len(ways.origin)))
    return ways.take(begin[n_ways == rank] + rank - 1)


def _changes(column: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say where a value differs from the one before it."""
    return np.concatenate([np.ones(min(len(column), 1), bool), column[1:] != column[:-1]])


def _reasons(
    graph: StreetGraph, linkage: Linkage, empty: NDArray[np.bool_], reached: list[_Ways], rank: int
) -> NDArray[np.int8]:
    """Name the reason of every empty row; there every destination that is reached at all is known."""
    reason = np.zeros(len(empty), np.int8)
    rows = np.flatnonzero(empty)
    place = np.full(len(empty), -1, np.intp)
    size = max(1, _PAIRS // max(1, len(linkage.destinations)))
    for begin in range(0, len(rows), size):
        some = rows[begin : begin + size]
        place[:] = -1
        place[some] = np.arange(len(some))
        within = np.zeros((len(some), len(linkage.destinations)), bool)
        for ways in reached:
            known = place[ways.origin] >= 0
            within[place[ways.origin[known]], ways.destination[known]] = True
        pairs = pair_reasons(graph, linkage.origins.at(some), linkage.destinations, within)
        reason[some] = row_reasons(pairs, np.ones(len(some), bool), rank)
    assert not np.any(reason[empty] == reasons.REACHED)
    return reason

"""Times over streets to every node: from places, bounded or not, and to the nearest of a set."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.kernels import dijkstra
from accessibility.kernels import nearest as nearest_kernel
from accessibility.messages import _
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.linkage import Attachment
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.costs import whole_seconds
from accessibility.streetwork.ends import edge_costs, entries, exits
from accessibility.streetwork.graph import StreetGraph, street_graph, turned_round
from accessibility.units import UNREACHED


@dataclass(frozen=True, eq=False)
class NodeTimes(Rebuilt):
    """
    Times from some places to the nodes they reach.

    Parameters
    ----------
    offset, node, duration_s
        Place ``i`` reaches ``node[offset[i]:offset[i + 1]]``, by increasing node, each in `duration_s` (s).
    n_nodes
        Number of nodes of the streets.

    Raises
    ------
    ModelError
        If columns disagree.
    """

    offset: NDArray[np.int64]
    node: NDArray[np.int32]
    duration_s: NDArray[np.int32]
    n_nodes: int

    def __post_init__(self) -> None:
        """Freeze every column."""
        n_times = int(self.offset[-1]) if len(self.offset) else 0
        for name, dtype, length in (
            ("offset", np.int64, None),
            ("node", np.int32, n_times),
            ("duration_s", np.int32, n_times),
        ):
            column = freeze(getattr(self, name), dtype, name=f"NodeTimes.{name}", shape=(length,))
            object.__setattr__(self, name, column)

    def to_all(self, place: int) -> NDArray[np.int32]:
        """Give the time (s) from one place to every node, `UNREACHED` where none, shape ``[n_nodes]``."""
        part = slice(self.offset[place], self.offset[place + 1])
        duration_s = np.full(self.n_nodes, UNREACHED, np.int32)
        duration_s[self.node[part]] = self.duration_s[part]
        return duration_s


def times_to_nodes(
    streets: Streets, places: Attachment, query: TravelQuery, *, level: str = "mid"
) -> NodeTimes:
    """
    Find the time from every place to every node within the limit of the query.

    Parameters
    ----------
    streets, query
        The network and the question; its ``max_duration_s`` bounds the search, which never looks further.
    places
        Where the places are attached (see `accessibility.linking.link`).
    level
        Level of the query.

    Returns
    -------
    times
        Whole seconds, connectors and signals included; a place that is not attached reaches nothing.
    """
    graph = street_graph(streets, query)
    costs = edge_costs(streets, graph, query)[query.levels.index(level)]
    starts = entries(streets, graph, costs, places)
    limit_s = float(query.max_duration_s) + 1.0
    offset = np.zeros(len(places) + 1, np.int64)
    room = 4 * (len(graph.indptr) - 1) + 1
    vertex, cost_s = np.empty(room, np.int32), np.empty(room)
    parts: list[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]] = []
    done = 0
    while done < len(places):
        begin = done
        offset[begin] = 0
        done = dijkstra.within(
            graph.indptr, graph.target, costs.cost_s, starts.offset, starts.vertex, starts.cost_s, limit_s,
            begin, offset, vertex, cost_s,
        )  # fmt: skip
        filled = int(offset[done])
        place = np.repeat(np.arange(begin, done), np.diff(offset[begin : done + 1]))
        parts.append((place, graph.vertex_node[vertex[:filled]], whole_seconds(cost_s[:filled])))
    return _joined(parts, len(places), streets.n_nodes, query.max_duration_s)


def _joined(
    parts: list[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]],
    n_places: int,
    n_nodes: int,
    limit_s: int,
) -> NodeTimes:
    """Keep, of the vertices that stand for one node, the soonest."""
    nothing = (np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0))
    place, node, time_s = (np.concatenate(column) for column in zip(nothing, *parts, strict=True))
    within = time_s <= limit_s
    place, node, time_s = place[within], node[within], time_s[within]
    order = np.lexsort((time_s, node, place))
    place, node, time_s = place[order], node[order], time_s[order]
    first = np.ones(len(place), bool)
    first[1:] = (place[1:] != place[:-1]) | (node[1:] != node[:-1])
    offset = np.zeros(n_places + 1, np.int64)
    np.cumsum(np.bincount(place[first], minlength=n_places), out=offset[1:])
    return NodeTimes(offset, node[first], time_s[first].astype(np.int32), n_nodes)


def nearest_of_nodes(
    streets: Streets, destinations: Attachment, query: TravelQuery, *, level: str = "mid", rank: int = 1
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """
    Find for every node of the streets the nearest destinations, by one search.

    Parameters
    ----------
    streets, query, level
        As for `times_to_nodes`.
    destinations
        Where the destinations are attached.
    rank
        How many to find.

    Returns
    -------
    duration_s, destination
        Whole seconds from the node and the number of the destination, shape ``[n_nodes, rank]``, `UNREACHED`
        and -1 where fewer lie within the limit; of destinations equally near, the one named first. Whoever
        stands on the node has driven nowhere before, so no turn is forbidden to them there.

    Raises
    ------
    ModelError
        If `rank` is below 1.
    """
    if rank < 1:
        raise ModelError(_("the rank counts from 1"), code="rank")
    graph: StreetGraph = street_graph(streets, query)
    costs = edge_costs(streets, graph, query)[query.levels.index(level)]
    goals = exits(streets, graph, costs, destinations)
    indptr, target, order = turned_round(graph)
    limit_s = float(query.max_duration_s) + 1.0
    shape = (len(graph.indptr) - 1, rank)
    cost_s, owner = np.empty(shape), np.empty(shape, np.int32)
    nearest_kernel.nearest(
        indptr, target, costs.cost_s[order], goals.offset, goals.vertex, goals.cost_s, limit_s, cost_s, owner
    )
    seconds, owner = whole_seconds(cost_s[: streets.n_nodes]), owner[: streets.n_nodes].copy()
    beyond = seconds > query.max_duration_s
    seconds[beyond], owner[beyond] = UNREACHED, -1
    return seconds.astype(np.int32), owner

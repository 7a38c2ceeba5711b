"""Find one way over streets and tell it part by part."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from accessibility.kernels.dijkstra import search
from accessibility.model.journey import Journey, Part
from accessibility.model.linkage import Attachment, Linkage
from accessibility.model.projection import unproject
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.ends import EdgeCosts, Ends, edge_costs, entries, exits
from accessibility.streetwork.graph import StreetGraph, street_graph
from accessibility.streetwork.shortcuts import along_one_segment, beside_the_network

NOTHING_M = 0.01
"""Parts shorter than this (m) that take no second are not told."""


@dataclass(frozen=True, eq=False)
class Tree:
    """
    Cheapest ways from one place to every vertex within a limit.

    Parameters
    ----------
    cost_s
        Time (s) to every vertex, ``inf`` beyond the limit.
    edge
        CSR edge by which each vertex was reached, -1 at the start.
    """

    cost_s: NDArray[np.float64]
    edge: NDArray[np.int32]


def shortest_tree(graph: StreetGraph, costs: EdgeCosts, starts: Ends, *, limit_s: float) -> Tree:
    """Search from the entries of one place until a limit (s)."""
    n_vertices = len(graph.indptr) - 1
    cost_s, length_m = np.full(n_vertices, np.inf), np.empty(n_vertices)
    edge, touched = np.full(n_vertices, -1, np.int32), np.empty(n_vertices, np.int32)
    room = len(graph.target) + len(starts.vertex) + 1
    search(
        graph.indptr, graph.target, costs.cost_s, costs.length_m,
        starts.vertex, starts.cost_s, starts.length_m, limit_s,
        cost_s, length_m, edge, touched, np.empty(room), np.empty(room, np.int32),
    )  # fmt: skip
    return Tree(cost_s, edge)


@dataclass(frozen=True)
class _Step:
    """A piece of a way: its exact time (s), length (m), and its course (m)."""

    kind: str
    segment: int
    time_s: float
    length_m: float
    course: tuple[tuple[float, float], ...]


def find_journey(
    streets: Streets,
    linkage: Linkage,
    query: TravelQuery,
    ids: tuple[str, str],
    *,
    level: str,
    graph: StreetGraph | None = None,
) -> Journey | None:
    """
    Find the journey from the only origin of a linkage to its only destination.

    Parameters
    ----------
    streets, linkage, query
        As for `accessibility.travel.travel_times`, with one origin and one destination. The limit on the
        duration is not applied: the caller compares.
    ids
        Identifiers of both ends.
    level
        Which level of the query.
    graph
        The graph of the query, where it is at hand.

    Returns
    -------
    journey
        The journey whose duration `travel_times` reports, ``None`` where there is no way.
    """
    graph = graph or street_graph(streets, query)
    number = query.levels.index(level)
    costs = edge_costs(streets, graph, query)[number]
    steps = _steps(streets, graph, linkage, query, (costs, number))
    if steps is None:
        return None
    total_s = _whole(sum(step.time_s for step in steps))
    lon, lat = _course(streets, steps)
    return Journey(
        origin_id=ids[0],
        destination_id=ids[1],
        mode=query.mode,
        period=query.period,
        level=level,
        duration_s=total_s,
        parts=_parts(streets, steps),
        terminal_s=round(query.terminal_s[number]) if query.terminal_s else 0,
        lon=lon,
        lat=lat,
    )


def _steps(
    streets: Streets,
    graph: StreetGraph,
    linkage: Linkage,
    query: TravelQuery,
    at_level: tuple[EdgeCosts, int],
) -> list[_Step] | None:
    """Take the cheapest of the three kinds of way, as `travel_times` does."""
    costs, number = at_level
    origins, destinations = linkage.origins, linkage.destinations
    shared_s, shared_m = along_one_segment(streets, graph, costs, origins, destinations)
    beside_s, beside_m = beside_the_network(query, number, origins, destinations)
    starts, goals = entries(streets, graph, costs, origins), exits(streets, graph, costs, destinations)
    tree = shortest_tree(graph, costs, starts, limit_s=np.inf)
    through = tree.cost_s[goals.vertex] + goals.cost_s
    network_s = float(through.min()) if through.size else np.inf
    best_s = min(network_s, shared_s[0, 0], beside_s[0, 0])
    if not np.isfinite(best_s):
        return None
    ends = [(float(p.x_m[0]), float(p.y_m[0])) for p in (origins, destinations)]
    if best_s == beside_s[0, 0] and best_s < min(network_s, shared_s[0, 0]):
        return [_Step("off_network", -1, best_s, float(beside_m[0, 0]), (ends[0], ends[1]))]
    first, last = (_connector(streets, costs, place) for place in (origins, destinations))
    if best_s == shared_s[0, 0] and best_s < network_s:
        segment = int(origins.segment[0])
        reach = (float(origins.along_m[0]), float(destinations.along_m[0]))
        length_m = abs(reach[1] - reach[0])
        time_s = float(costs.segment_s[segment]) * length_m / float(streets.length_m[segment])
        middle = [_Step("street", segment, time_s, length_m, _piece(streets, segment, *reach))]
    else:
        middle = _network_steps(streets, graph, costs, linkage, (starts, goals, tree, int(through.argmin())))
    return [first, *middle, _Step(last.kind, -1, last.time_s, last.length_m, last.course[::-1])]


def _connector(streets: Streets, costs: EdgeCosts, place: Attachment) -> _Step:
    """Walk (or drive) from a place to the point where it is attached."""
    segment, along_m = int(place.segment[0]), float(place.along_m[0])
    snap_m = float(place.snap_m[0])
    position = (float(place.x_m[0]), float(place.y_m[0]))
    point = _piece(streets, segment, along_m, along_m)[0]
    return _Step(
        "connector", -1, snap_m * costs.connector_s_per_m, snap_m * costs.connector_detour, (position, point)
    )


def _network_steps(
    streets: Streets,
    graph: StreetGraph,
    costs: EdgeCosts,
    linkage: Linkage,
    found: tuple[Ends, Ends, Tree, int],
) -> list[_Step]:
    """Follow the tree back from the cheapest exit to an entry."""
    starts, goals, tree, goal = found
    vertex = int(goals.vertex[goal])
    edges: list[int] = []
    tail = np.repeat(np.arange(len(graph.indptr) - 1), np.diff(graph.indptr))
    while tree.edge[vertex] >= 0:
        edges.append(int(tree.edge[vertex]))
        vertex = int(tail[edges[-1]])
    entering = np.flatnonzero(starts.vertex == vertex)
    start = int(entering[np.argmin(starts.cost_s[entering])])
    origin_m, goal_m = float(linkage.origins.along_m[0]), float(linkage.destinations.along_m[0])
    steps: list[_Step] = []
    street_edges = [
        int(starts.edge[start]),
        *(int(graph.edge[e]) for e in reversed(edges)),
        int(goals.edge[goal]),
    ]
    for position, edge in enumerate(street_edges):
        segment, backward = edge >> 1, edge & 1
        full_m = float(streets.length_m[segment])
        begin, end = (full_m, 0.0) if backward else (0.0, full_m)
        begin = origin_m if position == 0 else begin
        end = goal_m if position == len(street_edges) - 1 else end
        length_m = abs(end - begin)
        time_s = float(costs.segment_s[segment]) * length_m / full_m
        steps.append(_Step("street", segment, time_s, length_m, _piece(streets, segment, begin, end)))
        head = int(streets.segment_from[segment] if backward else streets.segment_to[segment])
        if position < len(street_edges) - 1 and costs.signal_s[head] > 0:
            steps.append(_Step("signal", -1, float(costs.signal_s[head]), 0.0, ()))
    return steps


def _piece(streets: Streets, segment: int, begin_m: float, end_m: float) -> tuple[tuple[float, float], ...]:
    """Cut a piece out of a segment's course, from one distance along it to another."""
    line = shapely.LineString(streets.shape(segment))
    full_m = float(streets.length_m[segment])
    piece = substring(line, begin_m / full_m, end_m / full_m, normalized=True)
    return tuple((float(x), float(y)) for x, y in piece.coords)


def _whole(time_s: float) -> int:
    return int(np.floor(np.round(time_s, 6) + 0.5))


def _parts(streets: Streets, steps: list[_Step]) -> tuple[Part, ...]:
    """Join steps of one street; whole seconds are differences of the rounded running sum, so they add up."""
    groups: list[tuple[tuple[str, str, str], list[_Step]]] = []
    for step in steps:
        on_street = step.segment >= 0
        name = streets.segment_names([step.segment])[0] if on_street else ""
        road_class = streets.segment_classes([step.segment])[0] if on_street else ""
        key = (step.kind, name, road_class)
        if groups and groups[-1][0] == key:
            groups[-1][1].append(step)
        else:
            groups.append((key, [step]))
    parts, elapsed_s = [], 0.0
    for (kind, name, road_class), members in groups:
        before = _whole(elapsed_s)
        elapsed_s += sum(step.time_s for step in members)
        length_m = sum(step.length_m for step in members)
        if length_m > NOTHING_M or _whole(elapsed_s) > before:
            parts.append(Part(kind, name, road_class, _whole(elapsed_s) - before, length_m))
    return tuple(parts)


def _course(streets: Streets, steps: list[_Step]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    points = [point for step in steps for point in step.course]
    kept = [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]
    x_m, y_m = np.array(kept).T
    return unproject(x_m, y_m, streets.crs)

"""Isochrones: the area around the streets that can be reached within a cutoff."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from accessibility.model.isochrone import Isochrone
from accessibility.model.linkage import Attachment, Linkage
from accessibility.model.projection import unproject
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.ends import EdgeCosts, edge_costs, entries
from accessibility.streetwork.graph import StreetGraph, street_graph
from accessibility.streetwork.paths import shortest_tree
from accessibility.streetwork.snapping import segment_lines

Span = tuple[float, float]
"""A part of a segment, as shares of its length."""

Reached = tuple[dict[int, list[Span]], shapely.Geometry]
"""Spans by segment, and an area reached beside the streets."""

WHOLE = [(0.0, 1.0)]
"""All of a segment."""

_CIRCLE_QUARTER = 8
"""Segments per quarter circle when a strip is drawn round streets."""


def isochrones(
    streets: Streets,
    linkage: Linkage,
    query: TravelQuery,
    origin_ids: tuple[str, ...],
    *,
    cutoffs_s: tuple[int, ...],
    level: str,
    buffer_m: float,
) -> tuple[Isochrone, ...]:
    """
    Draw the areas reached from every origin of a linkage.

    Parameters
    ----------
    streets, linkage, query
        As for `accessibility.travel.travel_times`; the destinations of the linkage do not matter.
    origin_ids
        Identifiers of the origins.
    cutoffs_s
        Cutoffs (s); every area contains those of shorter cutoffs.
    level
        Level of the query.
    buffer_m
        Half-width (m) of the strip drawn around reached streets. It is drawing only: whether a street is
        reached follows from the network alone.

    Returns
    -------
    isochrones
        One per origin and cutoff, origin by origin. Where ``query.off_network_m`` allows ways beside the
        network, the circle that they reach belongs to the area.
    """
    graph = street_graph(streets, query)
    number = query.levels.index(level)
    costs = edge_costs(streets, graph, query)[number]
    lines = segment_lines(streets)
    drawn = []
    for i, origin_id in enumerate(origin_ids):
        origin = linkage.origins.part(range(i, i + 1))

        def reached(cutoff_s: int, start: Attachment = origin) -> Reached:
            spans = _reached(streets, graph, costs, start, float(cutoff_s))
            return spans, _circle(query, number, start, cutoff_s)

        for cutoff_s, area, street_km in areas(streets, lines, reached, cutoffs_s, buffer_m):
            labels = (origin_id, query.mode, query.period, level)
            drawn.append(outlined(streets, area, labels, cutoff_s, street_km))
    return tuple(drawn)


def areas(
    streets: Streets,
    lines: NDArray[np.object_],
    reached: Callable[[int], Reached],
    cutoffs_s: Sequence[int],
    buffer_m: float,
) -> Iterator[tuple[int, shapely.Geometry, float]]:
    """
    Draw strips around what is reached, the shortest cutoff first.

    Parameters
    ----------
    streets, lines
        The network, and the course of every segment (m).
    reached
        Gives for a cutoff (s) the spans of segments, and an area reached beside them.
    cutoffs_s
        Cutoffs (s).
    buffer_m
        Half-width (m) of the strips.

    Yields
    ------
    cutoff_s, area, street_km
        Cutoff (s), area (m) and length of the streets reached (km).
    """
    area, drawn_before = shapely.Polygon(), set[int]()
    for cutoff_s in sorted(cutoffs_s):
        spans, beside = reached(cutoff_s)
        new = _cut(lines, {s: parts for s, parts in spans.items() if s not in drawn_before})
        drawn_before |= {segment for segment, parts in spans.items() if parts == WHOLE}
        parts = [*shapely.buffer(new, buffer_m, quad_segs=_CIRCLE_QUARTER), beside]
        outline = shapely.simplify(shapely.union_all(parts), buffer_m / 20)
        area = shapely.union(area, outline)  # smoothing must not let a shorter cutoff stick out
        yield cutoff_s, area, _length_m(streets, spans) / 1000


def outlined(
    streets: Streets,
    area: shapely.Geometry,
    labels: tuple[str, str, str, str],
    cutoff_s: int,
    street_km: float,
) -> Isochrone:
    """Make the noun of an area (m); labels are origin, mode, period and level."""
    origin_id, mode, period, level = labels
    degrees = shapely.transform(area, lambda xy: np.column_stack(unproject(xy[:, 0], xy[:, 1], streets.crs)))
    size_km2 = float(area.area) / 1e6
    return Isochrone(origin_id, mode, period, level, cutoff_s, degrees, size_km2, street_km)


def _reached(
    streets: Streets,
    graph: StreetGraph,
    costs: EdgeCosts,
    origin: Attachment,
    limit_s: float,
) -> dict[int, list[Span]]:
    """Say of every segment what can be travelled to within the limit."""
    tree = shortest_tree(graph, costs, entries(streets, graph, costs, origin), limit_s=limit_s)
    spans = spans_from_vertices(streets, graph, costs, limit_s - tree.cost_s)
    return with_span(spans, span_around(streets, graph, costs, origin, limit_s))


def spans_from_vertices(
    streets: Streets, graph: StreetGraph, costs: EdgeCosts, vertex_left_s: NDArray[np.float64]
) -> dict[int, list[Span]]:
    """Say of every segment what can be travelled to with the time (s) that is left at every vertex."""
    tail = np.repeat(np.arange(len(graph.indptr) - 1), np.diff(graph.indptr))
    left_s = vertex_left_s[tail]
    going = np.flatnonzero(left_s > 0)
    share = np.minimum(left_s[going] / costs.segment_s[graph.edge[going] >> 1], 1.0)
    reach = np.zeros((streets.n_segments, 2))
    np.maximum.at(reach, (graph.edge[going] >> 1, graph.edge[going] & 1), share)
    return {int(segment): _spans(*reach[segment]) for segment in np.flatnonzero(reach.any(axis=1))}


def with_span(spans: dict[int, list[Span]], around: tuple[int, Span] | None) -> dict[int, list[Span]]:
    """Add one span to others."""
    if around is not None:
        segment, span = around
        spans[segment] = _merged([*spans.get(segment, []), span])
    return spans


def _cut(lines: NDArray[np.object_], spans: dict[int, list[Span]]) -> list[shapely.LineString]:
    """Cut spans out of the course of their segments."""
    return [
        lines[segment] if parts == WHOLE else substring(lines[segment], begin, end, normalized=True)
        for segment, parts in spans.items()
        for begin, end in parts
    ]


def _length_m(streets: Streets, spans: dict[int, list[Span]]) -> float:
    return sum(
        float(streets.length_m[segment]) * sum(end - begin for begin, end in parts)
        for segment, parts in spans.items()
    )


def _spans(from_start: float, from_end: float) -> list[Span]:
    """Turn what is reached from either end of a segment into spans of it."""
    spans = [(0.0, from_start)] if from_start > 0 else []
    return _merged([*spans, (1.0 - from_end, 1.0)] if from_end > 0 else spans)


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Join spans that touch, so that no part of a street counts twice."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def span_around(
    streets: Streets, graph: StreetGraph, costs: EdgeCosts, origin: Attachment, limit_s: float
) -> tuple[int, Span] | None:
    """Say what is reached of the segment on which a place itself lies."""
    segment = int(origin.segment[0])
    if segment < 0:
        return None
    left_s = limit_s - float(origin.snap_m[0]) * costs.connector_s_per_m
    if left_s <= 0:
        return None
    middle = float(origin.along_m[0]) / float(streets.length_m[segment])
    share = left_s / float(costs.segment_s[segment])
    ahead = share if graph.start_vertex[2 * segment] >= 0 else 0.0
    back = share if graph.start_vertex[2 * segment + 1] >= 0 else 0.0
    return segment, (max(middle - back, 0.0), min(middle + ahead, 1.0))


def _circle(query: TravelQuery, level: int, origin: Attachment, cutoff_s: int) -> shapely.Geometry:
    """Draw how far a person gets beside the network; empty where the streets are complete."""
    if not (query.speed_mps and query.off_network_m and origin.located[0]):
        return shapely.Polygon()
    radius_m = min(query.speed_mps[level] * cutoff_s / query.detour_factor, query.off_network_m)
    return shapely.Point(origin.x_m[0], origin.y_m[0]).buffer(radius_m, quad_segs=4 * _CIRCLE_QUARTER)

"""Isochrones by public transport: how far people get over streets from where lines and walks take them."""

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility.measures.isochrones import (
    Reached,
    areas,
    outlined,
    span_around,
    spans_from_vertices,
    with_span,
)
from accessibility.model.isochrone import Isochrone
from accessibility.model.linkage import Attachment
from accessibility.model.streets import Streets
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.streetwork.ends import edge_costs
from accessibility.streetwork.graph import street_graph
from accessibility.streetwork.snapping import segment_lines
from accessibility.units import UNREACHED


def street_nodes(streets: Streets, query: TravelQuery) -> tuple[NDArray[np.intp], Attachment]:
    """
    Take the nodes of the streets as places, so that travel times to them can be asked for.

    Returns
    -------
    nodes, attachment
        Numbers of the nodes that the query's mode uses, and the places, each at the end of a segment.
    """
    graph = street_graph(streets, query)
    used = (graph.start_vertex[0::2] >= 0) | (graph.start_vertex[1::2] >= 0)
    segment = np.flatnonzero(used)
    node = np.concatenate([streets.segment_from[segment], streets.segment_to[segment]])
    along_m = np.concatenate([np.zeros(len(segment)), streets.length_m[segment]])
    nodes, first = np.unique(node, return_index=True)
    return nodes, Attachment(
        segment=np.concatenate([segment, segment])[first].astype(np.int32),
        along_m=along_m[first],
        snap_m=np.zeros(len(nodes)),
        located=np.ones(len(nodes), bool),
        x_m=streets.x_m[nodes],
        y_m=streets.y_m[nodes],
    )


def transit_isochrones(
    streets: Streets,
    walking: TravelQuery,
    times: TravelTimes,
    places: tuple[NDArray[np.intp], Attachment, Attachment],
    *,
    cutoffs_s: tuple[int, ...],
    buffer_m: float,
) -> tuple[Isochrone, ...]:
    """
    Draw the areas reached from every origin, at every percentile.

    Parameters
    ----------
    streets, walking
        The network, and how people walk on it.
    times
        Travel times to the nodes of the streets and, after them, to the stops.
    places
        Numbers of the nodes, where the stops are attached, and where the origins are.
    cutoffs_s, buffer_m
        Cutoffs (s), and half-width (m) of the strip drawn around reached streets.

    Returns
    -------
    isochrones
        One per origin, percentile and cutoff. Between two nodes people walk on for the time that is left; the
        limit on walks holds at the nodes.
    """
    nodes, stops, origins = places
    graph = street_graph(streets, walking)
    costs = edge_costs(streets, graph, walking)[walking.levels.index("mid")]
    lines = segment_lines(streets)
    limit_s = times.query.max_walk_s if isinstance(times.query, TransitQuery) else times.query.max_duration_s
    drawn = []
    for i, origin_id in enumerate(times.origin_ids):
        for number, level in enumerate(times.query.levels):
            there_s = times.duration_s[i, :, number].astype(np.float64)
            there_s[there_s == UNREACHED] = np.inf
            node_s = np.full(len(streets.node_ids), np.inf)
            node_s[nodes] = there_s[: len(nodes)]
            stop_s = there_s[len(nodes) :]

            def reached(
                cutoff_s: int,
                own: int = i,
                vertex_s: NDArray[np.float64] = node_s[graph.vertex_node],
                at_stop_s: NDArray[np.float64] = stop_s,
            ) -> Reached:
                spans = spans_from_vertices(streets, graph, costs, cutoff_s - vertex_s)
                around = [(origins, own, float(min(cutoff_s, limit_s)))]
                around += [(stops, int(s), float(cutoff_s - at_stop_s[s]))
                           for s in np.flatnonzero(at_stop_s < cutoff_s)]  # fmt: skip
                for ends, row, left_s in around:
                    one = ends.part(range(row, row + 1))
                    spans = with_span(spans, span_around(streets, graph, costs, one, left_s))
                return spans, shapely.Polygon()

            for cutoff_s, area, street_km in areas(streets, lines, reached, cutoffs_s, buffer_m):
                labels = (origin_id, "transit", "", level)
                drawn.append(outlined(streets, area, labels, cutoff_s, street_km))
    return tuple(drawn)

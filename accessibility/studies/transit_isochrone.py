"""How far does one get by public transport within some minutes?"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility import measures
from accessibility.messages import _
from accessibility.model.isochrone import Isochrone
from accessibility.model.linkage import Attachment, TransitLinkage, WalkTable
from accessibility.model.places import Places
from accessibility.streetwork.graph import street_graph
from accessibility.streetwork.walks import walk_table
from accessibility.studies.on_streets import Prepared
from accessibility.studies.on_transit import (
    PreparedTransit,
    TransitOptions,
    metres_query,
    prepare_transit,
    times_of,
)
from accessibility.studies.progress import Progress
from accessibility.units import UNREACHED


def draw_transit_isochrones(
    options: TransitOptions, origins: Path | Places, cutoffs_s: Sequence[int], progress: Progress
) -> tuple[tuple[Isochrone, ...], Prepared]:
    """
    Draw the areas reached by public transport and on foot.

    Parameters
    ----------
    options
        Streets, feeds, window, percentiles, limits.
    origins
        Table of points or places.
    cutoffs_s
        Cutoffs (s).
    progress
        Is told the stages.

    Returns
    -------
    isochrones, prepared
        One per origin, percentile and cutoff, and what they were drawn on.
    """
    all_ready = prepare_transit(options, origins, None, progress)
    all_ready = replace(all_ready, query=replace(all_ready.query, max_duration_s=max(cutoffs_s)))
    progress(_("linking stops to streets"), 0, 1)
    nodes, at_nodes = measures.street_nodes(all_ready.ready.streets, metres_query(options.streets))
    stops = _reached_stops(all_ready)
    at_stops = _taken(all_ready.linkage.stops, stops)
    goals = _joined(at_nodes, at_stops)
    linkage = _to_goals(all_ready, options, stops, goals)
    number = tuple(map(str, range(len(goals))))
    to_goals = replace(all_ready, linkage=linkage, goal_ids=number)
    times = times_of(to_goals, progress)
    progress(_("drawing isochrones"), 0, 1)
    drawn = measures.transit_isochrones(
        all_ready.ready.streets,
        all_ready.ready.query,
        times,
        (nodes, at_stops, all_ready.linkage.origins),
        cutoffs_s=tuple(cutoffs_s),
        buffer_m=options.streets.defaults().limits["isochrone_buffer"],
    )
    return drawn, all_ready.ready


def _reached_stops(all_ready: PreparedTransit) -> NDArray[np.intp]:
    """Number the linked stops that a vehicle takes anybody to within the longest cutoff."""
    search, query = all_ready.search(), all_ready.query
    leave_s = query.start_s + 60 * np.arange(query.n_minutes)
    reached = np.zeros(len(all_ready.timetable.stop_ids), bool)
    for origin in range(len(all_ready.ids[0])):
        for draw in range(len(search.days)):
            arrival_s = search.arrivals(origin, draw)
            reached |= ((arrival_s != UNREACHED) & (arrival_s - leave_s <= query.max_duration_s)).any(axis=1)
    return np.flatnonzero(reached & all_ready.linkage.stops.linked)


def _to_goals(
    all_ready: PreparedTransit, options: TransitOptions, stops: NDArray[np.intp], goals: Attachment
) -> TransitLinkage:
    """Link the stops that are reached, and the origins, to the nodes of the streets and to those stops."""
    metres, streets, query = metres_query(options.streets), all_ready.ready.streets, all_ready.query
    graph, linkage = street_graph(streets, metres), all_ready.linkage
    radius_m = min(query.max_walk_s, query.max_duration_s) * query.walk_mps
    egress = walk_table(
        streets, graph, metres, (_taken(linkage.stops, stops), goals), radius_m=radius_m
    ).turned()
    at_stop = stops[egress.target].astype(np.int32)
    return replace(
        linkage,
        egress=WalkTable(
            egress.offset,
            at_stop,
            egress.length_m,
            len(linkage.stops),
            radius_m,
        ),
        direct=walk_table(streets, graph, metres, (linkage.origins, goals), radius_m=radius_m),
        destinations=goals,
    )


def _taken(places: Attachment, rows: NDArray[np.intp]) -> Attachment:
    return Attachment(
        places.segment[rows], places.along_m[rows], places.snap_m[rows], places.located[rows],
        places.x_m[rows], places.y_m[rows],
    )  # fmt: skip


def _joined(some: Attachment, more: Attachment) -> Attachment:
    names = ("segment", "along_m", "snap_m", "located", "x_m", "y_m")
    return Attachment(*(np.concatenate([getattr(some, name), getattr(more, name)]) for name in names))

"""Why does this journey by public transport take so long, or why is there none?"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.linkage import Attachment, Linkage, TransitLinkage, WalkTable
from accessibility.model.obstacle import NearStop, Obstacle
from accessibility.model.places import Places
from accessibility.model.projection import geodesic_m
from accessibility.model.reasons import REACHED, REASON_CODES
from accessibility.model.runs import DAY_S
from accessibility.model.service_day import ServiceDay
from accessibility.model.streets import Streets
from accessibility.model.study import StreetUse, Study
from accessibility.model.transit_journey import Leg, StopCall, TransitJourney
from accessibility.model.travel_query import TravelQuery
from accessibility.model.way import Way
from accessibility.outputs.maps.base_layer import base_layer
from accessibility.outputs.maps.map_frame import MapFrame
from accessibility.outputs.maps.transit_map import legs_layer, transit_journey_map
from accessibility.outputs.tables import write_geojson
from accessibility.outputs.writing import check_not_input, staged_file
from accessibility.streetwork.graph import street_graph
from accessibility.streetwork.paths import find_journey
from accessibility.streetwork.walks import walk_table
from accessibility.studies.explain import both_ends
from accessibility.studies.on_transit import (
    PreparedTransit,
    TransitOptions,
    metres_query,
    prepare_transit,
    times_of,
)
from accessibility.studies.progress import Progress, silent
from accessibility.transit_telling import first_and_last_stop, tell_journey, with_course

MANY_RIDES = 10
"""Vehicles boarded at most when the limit on rides is lifted."""


@dataclass(frozen=True, eq=False)
class TransitExplanation:
    """
    Journeys by public transport between two places, or why there is none.

    Parameters
    ----------
    journeys
        The journey behind every percentile that is reached.
    duration_s
        Duration (s) of every departure, shape ``[n_minutes, n_draws]``; `UNREACHED` beyond the limits.
    obstacle
        What stands in the way of the first percentile that is not reached, ``None`` where all are.
    ends
        Both places.
    streets
        The network, to draw on.
    """

    journeys: tuple[TransitJourney, ...]
    duration_s: NDArray[np.int32]
    obstacle: Obstacle | None
    ends: Places
    streets: Streets


def explain_transit(
    options: TransitOptions,
    points: Path | Places | None,
    ends: tuple[str, str],
    *,
    progress: Progress = silent,
) -> tuple[TransitExplanation, PreparedTransit]:
    """
    Explain the journeys between two ends, each a place id of a table or ``lon,lat``.

    Parameters
    ----------
    options
        Streets, feeds, window, percentiles, limits.
    points
        Table that holds the places named.
    ends
        Where the journey begins and where it ends.
    progress
        Is told the stages.

    Returns
    -------
    explanation, prepared
        For every percentile the journey whose duration `transit_times` reports. Where it reports none, the
        search is done again with limits lifted, to find the cause.
    """
    origin, destination = both_ends(points, ends, options.streets.system)
    all_ready = prepare_transit(options, origin, destination, progress)
    times = times_of(all_ready, progress)
    search = all_ready.search()
    duration_s = search.durations(0, [0])
    (ways,) = search.ways(0, [0], duration_s)
    both = Places.joined([origin, destination])
    journeys = tuple(
        _drawn(_told(all_ready, search.days[way.draw], way, both, level), all_ready)
        for way, level in zip(ways, all_ready.query.levels, strict=True)
        if way is not None
    )
    obstacle = None
    if None in ways:
        code = int(times.reason[0, 0])
        first = ways.index(None)
        obstacle = _obstacle(all_ready, both, (code, all_ready.query.percentiles[first]), options)
    streets = all_ready.ready.streets
    return TransitExplanation(journeys, duration_s[0], obstacle, both, streets), all_ready


def _obstacle(
    all_ready: PreparedTransit,
    ends: Places,
    missed: tuple[int, int],
    options: TransitOptions,
) -> Obstacle:
    """Search again with one limit lifted at a time, then with all of them."""
    code, percentile = missed
    query, linkage = replace(all_ready.query, percentiles=(percentile,)), all_ready.linkage
    if not (linkage.origins.linked.all() and linkage.destinations.linked.all()):
        return Obstacle(REASON_CODES[code], (), _nearest(all_ready, linkage, ends))
    wide = _wide(all_ready, options)
    far_s = max(query.max_duration_s, query.max_walk_s)
    rides = max(MANY_RIDES, query.max_rides)
    trials = {
        "rides": (linkage, replace(query, max_rides=rides)),
        "walk": (wide, replace(query, max_walk_s=far_s)),
        "duration": (linkage, replace(query, max_duration_s=DAY_S)),
        "all": (wide, replace(query, max_rides=rides, max_walk_s=far_s, max_duration_s=DAY_S)),
    }
    lifted: list[tuple[str, TransitJourney]] = []
    for limit, (walks, lenient) in trials.items():
        if limit == "all" and lifted:
            break
        trial = replace(all_ready, linkage=walks, query=lenient).search()
        ((way,),) = trial.ways(0, [0])
        if way is not None:
            level = lenient.levels[0]
            told = _told(all_ready, trial.days[way.draw], way, ends, level)
            lifted.append((limit, told))
    reason = REASON_CODES[code] if code != REACHED else "beyond-limits"
    return Obstacle(reason if lifted or reason != "beyond-limits" else "no-way", tuple(lifted),
                    _nearest(all_ready, wide, ends))  # fmt: skip


def _wide(all_ready: PreparedTransit, options: TransitOptions) -> TransitLinkage:
    """Link both places to every stop that can be walked to within the longest duration."""
    metres, streets, linkage = metres_query(options.streets), all_ready.ready.streets, all_ready.linkage
    graph = street_graph(streets, metres)
    radius_m = max(all_ready.query.max_duration_s, all_ready.query.max_walk_s) * all_ready.query.walk_mps
    access, egress, direct = (
        walk_table(streets, graph, metres, pair, radius_m=radius_m)
        for pair in (
            (linkage.origins, linkage.stops),
            (linkage.stops, linkage.destinations),
            (linkage.origins, linkage.destinations),
        )
    )
    return replace(linkage, access=access, egress=egress.turned(), direct=direct)


def _nearest(
    all_ready: PreparedTransit, linkage: TransitLinkage, ends: Places
) -> tuple[NearStop | None, NearStop | None]:
    """Find the nearest stop of both places: over streets where there is a way, else in a straight line."""
    timetable = all_ready.timetable
    n_stops = len(timetable.stop_ids)
    found: list[NearStop | None] = []
    for end, table in enumerate((linkage.access, linkage.egress)):
        stops, length_m = table.row(0)
        place = (np.full(n_stops, ends.lon[end]), np.full(n_stops, ends.lat[end]))
        apart_m = geodesic_m(place, (timetable.stop_lon, timetable.stop_lat))
        apart_m = np.where((timetable.stop_kind == 0) & np.isfinite(apart_m), apart_m, np.inf)
        walk_s = -1
        if stops.size:
            nearest = int(stops[np.argmin(length_m)])
            walk_s = int(np.floor(length_m.min() / all_ready.query.walk_mps + 0.5))
        elif np.isfinite(apart_m).any():
            nearest = int(np.argmin(apart_m))
        else:
            found.append(None)
            continue
        name = timetable.stop_names[nearest] or timetable.stop_ids[nearest]
        found.append(NearStop(name, walk_s, float(apart_m[nearest])))
    return found[0], found[1]


def _told(all_ready: PreparedTransit, day: ServiceDay, way: Way, ends: Places, level: str) -> TransitJourney:
    """Tell a way; whether it began and ended on foot or otherwise shows in how long that took."""
    modes = ("walk", "walk")
    if way.rides:
        board, alight = first_and_last_stop(day, way)
        query, linkage = all_ready.query, all_ready.linkage
        modes = (
            _mode(linkage.access, query.access, query.walk_mps, (board, way.rides[0].walk_s)),
            _mode(linkage.egress, query.egress, query.walk_mps, (alight, way.egress_s)),
        )
    return tell_journey(all_ready.timetable, day, way, ends, level=level, modes=modes)


def _mode(walks: WalkTable, other: TravelQuery | None, walk_mps: float, taken: tuple[int, int]) -> str:
    """Say how a leg between the one place and a stop that takes some seconds is travelled."""
    stop, taken_s = taken
    if other is None:
        return "walk"
    on_foot = walks.seconds(walk_mps)[walks.target == stop]
    return "walk" if np.any(on_foot == taken_s) else other.mode


def _drawn(journey: TransitJourney, all_ready: PreparedTransit) -> TransitJourney:
    """Lay the walks of a journey along the streets."""
    legs = tuple(_on_streets(leg, all_ready) if leg.mode == "walk" else leg for leg in journey.legs)
    return replace(journey, legs=legs)


def _on_streets(leg: Leg, all_ready: PreparedTransit) -> Leg:
    """Lay a walk along the streets, where both ends are linked to them."""
    linkage = all_ready.linkage

    def at(stop: StopCall | None, door: Attachment) -> Attachment:
        number = 0 if stop is None else all_ready.timetable.stop_ids.index(stop.id)
        return (door if stop is None else linkage.stops).part(range(number, number + 1))

    ends = Linkage("walk", at(leg.start, linkage.origins), at(leg.end, linkage.destinations))
    if not (ends.origins.linked.all() and ends.destinations.linked.all()):
        return leg
    ready = all_ready.ready
    walk = find_journey(ready.streets, ends, ready.query, ("start", "end"), level="mid")
    return leg if walk is None else with_course(leg, (walk.lon, walk.lat), distance_m=walk.distance_m)


def check_target(out: Path, options: TransitOptions, points: Path | Places | None) -> None:
    """
    Check where journeys are to be written, before anything is computed.

    Raises
    ------
    UsageError
        If the ending is not ``.html`` or ``.geojson``, or the file is one of the inputs.
    """
    if out.suffix.lower() not in (".html", ".geojson"):
        message = _("a journey is written as .html or .geojson")
        raise UsageError(message, where=str(out), code="format")
    table = points if isinstance(points, Path) else None
    check_not_input(out, [options.streets.osm, *options.gtfs, table])


def write_explanation(out: Path, told: TransitExplanation) -> None:
    """
    Write the journeys as a map (``.html``) or their legs as lines (``.geojson``), whole or not at all.

    Raises
    ------
    UsageError
        If there is no journey to draw.
    """
    if not told.journeys:
        message = _("there is no journey to draw: the destination is not reached within the limits")
        raise UsageError(message, where=str(out), code="no-journey")
    with staged_file(out) as aside:
        if out.suffix.lower() == ".geojson":
            write_geojson(aside, legs_layer(told.journeys))
        else:
            transit_journey_map(aside, _frame(told), told.journeys)


def _frame(told: TransitExplanation) -> MapFrame:
    """Frame a map of one pair: no study stands behind it but its area and its date."""
    points = [(leg.lon, leg.lat) for journey in told.journeys for leg in journey.legs if len(leg.lon)]
    lon, lat = (np.concatenate(axis) for axis in zip((told.ends.lon, told.ends.lat), *points, strict=True))
    name = f"{told.ends.names[0]} → {told.ends.names[1]}"
    study = Study(
        folder=Path(),
        id="journey",
        name=name,
        name_en=name,
        asked=("", ""),
        area=(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())),
        crs=told.streets.crs,
        as_of=(told.journeys[0].day,),
        streets_file="",
        street_use=StreetUse(),
        places_files=(),
        origin_kinds=(),
        default_origin=told.ends.ids[0],
        destination_kinds=(),
        targets=(),
        periods=(),
        questions=(),
        cell_m=1.0,
        modes=("transit",),
        max_duration_s=1,
        cutoffs_s=(),
    )
    return MapFrame(study, told.ends, base_layer(told.streets), told.streets.provenance)

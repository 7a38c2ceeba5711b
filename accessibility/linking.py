"""Link places to streets: the step between loading and travelling."""

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.linkage import Attachment, FeederTable, Linkage, TransitLinkage, WalkTable
from accessibility.model.modes import mode_text
from accessibility.model.places import Places
from accessibility.model.provenance import Notice
from accessibility.model.streets import Streets
from accessibility.model.timetable import Timetable
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.graph import street_graph
from accessibility.streetwork.snapping import attach
from accessibility.streetwork.stations import station_ways
from accessibility.streetwork.walks import feeder_table, walk_table

Positions = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Longitudes and latitudes (degrees, WGS-84)."""


def link(streets: Streets, origins: Places, destinations: Places, query: TravelQuery) -> Linkage:
    """
    Attach origins and destinations to the nearest segments that the query's mode may use.

    Parameters
    ----------
    streets
        The network.
    origins, destinations
        Places; those without a position stay unlinked.
    query
        Mode, radius and island share.

    Returns
    -------
    linkage
        One attachment per place, in the order of the places.
    """
    graph = street_graph(streets, query)
    origins_at = attach(streets, graph, query, (origins.lon, origins.lat))
    destinations_at = attach(streets, graph, query, (destinations.lon, destinations.lat))
    return Linkage(mode=query.mode, origins=origins_at, destinations=destinations_at)


def link_transit(
    streets: Streets,
    places: tuple[Places, Places],
    timetable: Timetable,
    query: TravelQuery,
    *,
    radius_m: float,
    access: TravelQuery | None = None,
    egress: TravelQuery | None = None,
) -> TransitLinkage:
    """
    Find the walks that journeys by public transport are made of, and the ways to stops by other modes.

    Parameters
    ----------
    streets
        The network.
    places
        Origins and destinations.
    timetable
        Its stops, and the entrances and pathways through which they are reached.
    query
        A walking query of one level at 1 m/s, so that its seconds are metres.
    radius_m
        Longest walk (m).
    access, egress
        As in `TransitQuery`: how else people get to their first stop and on from their last one.

    Returns
    -------
    linkage
        Access, transfers, egress and the direct walk. At every stop people may change without walking, also
        where no street reaches it.
    """
    graph = street_graph(streets, query)
    stations = station_ways(timetable, query, radius_m=radius_m)
    lon, lat = (np.where(stations.door, axis, np.nan) for axis in (timetable.stop_lon, timetable.stop_lat))
    doors_at, (origins_at, destinations_at) = (lon, lat), ((p.lon, p.lat) for p in places)
    doors, origins, destinations = (
        attach(streets, graph, query, where) for where in (doors_at, origins_at, destinations_at)
    )

    def walks(start: Attachment, goal: Attachment) -> WalkTable:
        return walk_table(streets, graph, query, (start, goal), radius_m=radius_m)

    def ways(by: TravelQuery, start: Positions, goal: Positions) -> WalkTable:
        own = street_graph(streets, by)
        ends = attach(streets, own, by, start), attach(streets, own, by, goal)
        return feeder_table(streets, own, by, ends, radius_m=radius_m)

    to_stops = from_stops = None
    if access is not None:
        to_stops = FeederTable(access, stations.entering(ways(access, origins_at, doors_at)))
    if egress is not None:
        away = stations.leaving(ways(egress, doors_at, destinations_at))
        from_stops = FeederTable(egress, away.turned())
    return TransitLinkage(
        access=stations.entering(walks(origins, doors)),
        transfers=stations.changing(walks(doors, doors)),
        egress=stations.leaving(walks(doors, destinations)).turned(),
        direct=walks(origins, destinations),
        stops=doors.at(stations.nearest_door(doors.linked)),
        origins=origins,
        destinations=destinations,
        access_feeder=to_stops,
        egress_feeder=from_stops,
    )


def linkage_notices(
    places: Places, attachment: Attachment, query: TravelQuery, *, file: str
) -> tuple[Notice, ...]:
    """
    Tell which places are attached from afar or not at all.

    Parameters
    ----------
    places, attachment
        Places and where they are attached.
    query
        Mode and both radii.
    file
        Where the places come from.

    Returns
    -------
    notices
        One per place: ``place-not-linked`` beyond the far radius, ``place-far-from-streets`` beyond the near
        one.
    """
    near_m, far_m = query.snap_radius_m
    notices = []
    for i in np.flatnonzero(attachment.located & ~attachment.linked):
        message = _(
            "no street for {mode} lies within {radius} m of place {id}",
            mode=mode_text(query.mode),
            radius=round(far_m),
            id=places.ids[i],
        )
        mend = _("Check its coordinates and their system, or use streets that reach it.")
        notices.append(Notice("place-not-linked", "warning", message, file, 0, "id", places.ids[i], mend))
    for i in np.flatnonzero(attachment.linked & (np.nan_to_num(attachment.snap_m) > near_m)):
        message = _(
            "place {id} lies {distance} m from the nearest street for {mode}; the way there is charged",
            id=places.ids[i],
            distance=round(float(attachment.snap_m[i])),
            mode=mode_text(query.mode),
        )
        notices.append(Notice("place-far-from-streets", "info", message, file, 0, "id", places.ids[i]))
    return tuple(notices)

"""Changes to stations and places: entrances, places added and moved."""

from dataclasses import replace

import numpy as np

from accessibility.messages import _
from accessibility.model.places import Places
from accessibility.model.projection import geodesic_m
from accessibility.model.street_changes import AddEntrance, AddPlace, MovePlace
from accessibility.model.timetable import NONE
from accessibility.scenarios.draft import Unused
from accessibility.scenarios.work import Work, nearest_names

STOP, STATION, ENTRANCE = range(3)
"""``location_type``."""


def add_entrance(work: Work, change: AddEntrance) -> None:
    """
    Open another entrance to a stop, or to all stops of a station.

    A stop that belongs to no station gets one. A stop that was reached where it lies, for want of pathways,
    is still reached there; entrances that led straight on, for want of pathways, still do.
    """
    stops = _stops_behind(work, change.stop)
    if not work.is_near("lon", change.lon, change.lat) or not stops:
        return
    table = work.timetable
    station = int(table.stop_parent[stops[0]])
    ids, names = list(table.stop_ids), list(table.stop_names)
    lon, lat = table.stop_lon.tolist(), table.stop_lat.tolist()
    kinds, parents = table.stop_kind.tolist(), table.stop_parent.tolist()

    def add(name: str, at: tuple[float, float], kind: int, parent: int) -> int:
        ids.append(Unused(ids)(name))
        names.append(change.name or table.stop_names[stops[0]])
        lon.append(at[0])
        lat.append(at[1])
        kinds.append(kind)
        parents.append(parent)
        return len(ids) - 1

    if station == NONE:
        station = add(f"{table.stop_ids[stops[0]]}/station", work.position(stops[0]), STATION, NONE)
        parents[stops[0]] = station
    ways = _straight_ways(work, station)
    for stop in stops:
        if not ways and not np.isin(stop, [table.pathway_from_stop, table.pathway_to_stop]).any():
            own = add(f"{table.stop_ids[stop]}/entrance", work.position(stop), ENTRANCE, station)
            ways.append((own, stop, 0, np.nan))
    whole = stops[0] if len(stops) == 1 else station
    new = add(f"{table.stop_ids[whole]}/entrance", (change.lon, change.lat), ENTRANCE, station)
    ways += [(new, stop, change.walk_s, np.nan) for stop in stops]
    starts, goals, seconds, lengths_m = zip(*ways, strict=True)
    work.timetable = replace(
        table,
        stop_ids=tuple(ids),
        stop_names=tuple(names),
        stop_lon=np.array(lon),
        stop_lat=np.array(lat),
        stop_kind=np.array(kinds, np.int8),
        stop_parent=np.array(parents, np.int32),
        pathway_from_stop=np.append(table.pathway_from_stop, starts),
        pathway_to_stop=np.append(table.pathway_to_stop, goals),
        pathway_s=np.append(table.pathway_s, seconds),
        pathway_both_ways=np.append(table.pathway_both_ways, [True] * len(ways)),
        pathway_length_m=np.append(table.pathway_length_m, lengths_m),
        pathway_mode=np.append(table.pathway_mode, [1] * len(ways)),
    )


def _stops_behind(work: Work, name: str) -> list[int]:
    """Find the stop that is meant, or the stops of the station."""
    table = work.timetable
    stations = np.flatnonzero(table.stop_kind == STATION).tolist()
    named = [i for i in stations if table.stop_ids[i] == name]
    if not named and name not in table.stop_ids:
        named = [i for i in stations if table.stop_names[i] == name]
    inside = np.flatnonzero((table.stop_kind == STOP) & np.isin(table.stop_parent, named)).tolist()
    if len(named) == 1 and inside:
        return [int(stop) for stop in inside]
    stop = work.stop(name, "stop")
    return [] if stop is None else [stop]


def _straight_ways(work: Work, station: int) -> list[tuple[int, int, int, float]]:
    """
    Write down the ways (from, to, -1, m) inside a station that has entrances and no pathways.

    As soon as it has one pathway, people move along pathways only.
    """
    table = work.timetable
    within = np.flatnonzero(table.stop_parent == station)
    walked = np.concatenate([table.pathway_from_stop, table.pathway_to_stop])
    located = within[np.isfinite(table.stop_lon[within] + table.stop_lat[within])]
    doors = located[table.stop_kind[located] == ENTRANCE]
    stops = located[table.stop_kind[located] == STOP]
    if np.isin(within, walked).any() or not doors.size:
        return []
    pairs = [(int(a), int(b)) for b in stops for a in (*doors, *stops[stops < b])]
    return [(a, b, -1, work.rules.detour_factor * _apart_m(work, a, b)) for a, b in pairs]


def _apart_m(work: Work, one: int, other: int) -> float:
    (lon, lat), (there_lon, there_lat) = (np.array(work.position(stop)) for stop in (one, other))
    return float(geodesic_m((lon, lat), (there_lon, there_lat)))


def add_place(work: Work, change: AddPlace) -> None:
    """Open a place."""
    places = work.places
    if places is None:
        work.say("id", _("no places are given that this could change"), change.id)
        return
    if change.id in places.ids:
        work.say("id", _("there is a place of this id already"), change.id)
        return
    if not work.is_near("lon", change.lon, change.lat):
        return
    one = np.ones(1)
    new = Places(
        ids=(change.id,),
        names=(change.name,),
        kinds=(change.kind,),
        lon=change.lon * one,
        lat=change.lat * one,
        count=change.count * one,
        uncertainty_m=0 * one,
        facts={"line": (change.line,), "mark": ("A",), "source": ("scenario",)},
    )
    work.places = Places.joined([places, new])


def move_place(work: Work, change: MovePlace) -> None:
    """Move a place."""
    places = work.places
    if places is None:
        work.say("id", _("no places are given that this could change"), change.id)
        return
    if change.id not in places.ids:
        known = (*places.ids, *places.names)
        work.say("id", _("there is no place of this id"), change.id, nearest_names(change.id, known))
        return
    if not work.is_near("lon", change.lon, change.lat):
        return
    at = places.index(change.id)
    lon, lat = places.lon.copy(), places.lat.copy()
    lon[at], lat[at] = change.lon, change.lat
    work.places = replace(places, lon=lon, lat=lat)

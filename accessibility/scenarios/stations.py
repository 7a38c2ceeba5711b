"""Changes to stations and places: entrances, places added and moved."""

from dataclasses import replace

import numpy as np

from accessibility.messages import _
from accessibility.model.places import Places
from accessibility.model.street_changes import AddEntrance, AddPlace, MovePlace
from accessibility.model.timetable import NONE
from accessibility.scenarios.draft import Unused
from accessibility.scenarios.work import Work, nearest_names


def add_entrance(work: Work, change: AddEntrance) -> None:
    """
    Open another entrance to a stop.

    A stop that belongs to no station gets one. A stop that was reached where it lies, for want of pathways,
    is still reached there.
    """
    stop = work.stop(change.stop, "stop")
    if stop is None:
        return
    table = work.timetable
    station = int(table.stop_parent[stop])
    ids, names = list(table.stop_ids), list(table.stop_names)
    lon, lat = table.stop_lon.tolist(), table.stop_lat.tolist()
    kinds, parents = table.stop_kind.tolist(), table.stop_parent.tolist()

    def add(name: str, at: tuple[float, float], kind: int, parent: int) -> int:
        ids.append(Unused(ids)(name))
        names.append(change.name or table.stop_names[stop])
        lon.append(at[0])
        lat.append(at[1])
        kinds.append(kind)
        parents.append(parent)
        return len(ids) - 1

    own = (float(table.stop_lon[stop]), float(table.stop_lat[stop]))
    if station == NONE:
        station = add(f"{table.stop_ids[stop]}/station", own, 1, NONE)
        parents[stop] = station
    ways = []
    if not np.isin(stop, [table.pathway_from_stop, table.pathway_to_stop]).any():
        ways.append((add(f"{table.stop_ids[stop]}/entrance", own, 2, station), 0))
    ways.append(
        (add(f"{table.stop_ids[stop]}/entrance", (change.lon, change.lat), 2, station), change.walk_s)
    )
    n_ways = len(ways)
    work.timetable = replace(
        table,
        stop_ids=tuple(ids),
        stop_names=tuple(names),
        stop_lon=np.array(lon),
        stop_lat=np.array(lat),
        stop_kind=np.array(kinds, np.int8),
        stop_parent=np.array(parents, np.int32),
        pathway_from_stop=np.append(table.pathway_from_stop, [entrance for entrance, _s in ways]),
        pathway_to_stop=np.append(table.pathway_to_stop, [stop] * n_ways),
        pathway_s=np.append(table.pathway_s, [seconds for _e, seconds in ways]),
        pathway_both_ways=np.append(table.pathway_both_ways, [True] * n_ways),
        pathway_length_m=np.append(table.pathway_length_m, [np.nan] * n_ways),
        pathway_mode=np.append(table.pathway_mode, [1] * n_ways),
    )


def add_place(work: Work, change: AddPlace) -> None:
    """Open a place."""
    places = work.places
    if places is None:
        work.say("id", _("no places are given that this could change"), change.id)
        return
    if change.id in places.ids:
        work.say("id", _("there is a place of this id already"), change.id)
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
    at = places.index(change.id)
    lon, lat = places.lon.copy(), places.lat.copy()
    lon[at], lat[at] = change.lon, change.lat
    work.places = replace(places, lon=lon, lat=lat)

"""Ways inside stations: how people get from the doors on the street to the stops, and from stop to stop.

Three cases, told apart station by station:

* pathways: people enter and leave by entrances and move along pathways, in their direction only;
* entrances without pathways: by entrances too, and straight on inside, with the detour factor;
* neither: every stop is reached from the street where it lies.
"""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.linkage import WalkTable, shortest_of
from accessibility.model.projection import geodesic_m
from accessibility.model.timetable import NONE, Timetable
from accessibility.model.travel_query import TravelQuery

STOP, STATION, ENTRANCE, _NODE, BOARDING_AREA = range(5)
STAIRS = 2
"""``pathway_mode``."""

_Way = tuple[float, int]
"""Level metres, and seconds that do not depend on the walking speed."""
_Graph = dict[int, list[tuple[int, _Way]]]


@dataclass(frozen=True, eq=False)
class Stations(Rebuilt):
    """
    Ways between the streets and the stops of a timetable.

    Parameters
    ----------
    door
        Which stops people reach from the street: entrances, and stops that need none.
    inward, outward
        From doors to stops that are boarded at, and back; a stop that is its own door is no way off.
    inside
        From stop to stop without the street, every stop to itself included.
    """

    door: NDArray[np.bool_]
    inward: WalkTable
    outward: WalkTable
    inside: WalkTable

    def __post_init__(self) -> None:
        """Freeze the column."""
        door = freeze(self.door, np.bool_, name="Stations.door", shape=(len(self.inside),))
        object.__setattr__(self, "door", door)

    def entering(self, walks: WalkTable) -> WalkTable:
        """Lead walks to doors on to the stops behind them."""
        return walks.then(self.inward)

    def leaving(self, walks: WalkTable) -> WalkTable:
        """Begin walks from doors at the stops behind them."""
        return self.outward.then(walks)

    def changing(self, walks: WalkTable) -> WalkTable:
        """Lead walks from door to door from stop to stop; stay inside where that is shorter."""
        return shortest_of(self.leaving(self.entering(walks)), self.inside)

    def nearest_door(self, linked: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return for every stop the nearest door that is attached to a street; itself where there is none."""
        ways = self.inward.turned()
        owner = np.repeat(np.arange(len(ways)), np.diff(ways.offset))
        rank = np.lexsort((ways.target, ways.length_m + ways.fixed_s, ~linked[ways.target], owner))
        nearest = np.arange(len(ways))
        first = np.unique(owner[rank], return_index=True)
        nearest[first[0]] = ways.target[rank][first[1]]
        return nearest


def station_ways(timetable: Timetable, query: TravelQuery, *, radius_m: float) -> Stations:
    """
    Find the ways inside the stations of a timetable.

    Parameters
    ----------
    timetable
        Stops, entrances, pathways.
    query
        A walking query at 1 m/s: its factors for steps and detours. Of several ways the quickest at that
        speed is taken.
    radius_m
        Longest walk (m).

    Returns
    -------
    stations
        A stop that no entrance leads to or from is its own door.
    """
    kind = timetable.stop_kind
    boarded = kind == STOP
    boarded[timetable.stop_time_stop] = True
    ways = _graph(timetable, query)
    back: _Graph = {}
    for start, following in ways.items():
        for goal, way in following:
            back.setdefault(goal, []).append((start, way))
    inward: dict[tuple[int, int], _Way] = {}
    outward: dict[tuple[int, int], _Way] = {}
    inside: dict[tuple[int, int], _Way] = {}
    for stop in np.flatnonzero(boarded).tolist():
        found, came = _reached(ways, stop, radius_m), _reached(back, stop, radius_m)
        inside |= {(stop, other): way for other, way in found.items() if boarded[other]}
        leaves = {(stop, other): way for other, way in found.items() if kind[other] == ENTRANCE}
        enters = {(other, stop): way for other, way in came.items() if kind[other] == ENTRANCE}
        own = {} if leaves or enters else {(stop, stop): (0.0, 0)}
        outward |= leaves or own
        inward |= enters or own
    door = np.zeros(len(kind), bool)
    door[[start for start, _goal in inward] + [goal for _start, goal in outward]] = True
    inward_table, outward_table, inside_table = (
        _table(one, len(kind), radius_m) for one in (inward, outward, inside)
    )
    return Stations(door, inward_table, outward_table, inside_table)


def _table(ways: Mapping[tuple[int, int], _Way], n_stops: int, radius_m: float) -> WalkTable:
    pairs = sorted(ways)
    offset = np.searchsorted([start for start, _goal in pairs], np.arange(n_stops + 1))
    target = np.array([goal for _start, goal in pairs], np.int32)
    length_m = np.array([ways[pair][0] for pair in pairs], np.float64)
    fixed_s = np.array([ways[pair][1] for pair in pairs], np.int32)
    return WalkTable(offset, target, length_m, n_stops, radius_m, fixed_s)


def _graph(timetable: Timetable, query: TravelQuery) -> _Graph:
    """Join pathways, boarding areas with their platforms, and what entrances without pathways lead to."""
    graph: _Graph = {}

    def join(start: int, goal: int, way: _Way, *, both: bool = True) -> None:
        graph.setdefault(start, []).append((goal, way))
        if both:
            graph.setdefault(goal, []).append((start, way))

    steps = np.where(timetable.pathway_mode == STAIRS, query.steps_factor, 1.0)
    level_m = np.where(timetable.pathway_s >= 0, 0.0, steps * timetable.pathway_length_m)
    fixed_s = np.maximum(timetable.pathway_s, 0)
    ends = (timetable.pathway_from_stop.tolist(), timetable.pathway_to_stop.tolist())
    for start, goal, length_m, seconds, both in zip(
        *ends, level_m.tolist(), fixed_s.tolist(), timetable.pathway_both_ways.tolist(), strict=True
    ):
        join(start, goal, (length_m, seconds), both=both)
    for area in np.flatnonzero((timetable.stop_kind == BOARDING_AREA) & (timetable.stop_parent != NONE)):
        join(int(area), int(timetable.stop_parent[area]), (0.0, 0))
    for start, goal, length_m in _straight(timetable):
        join(start, goal, (length_m * query.detour_factor, 0))
    return graph


def _straight(timetable: Timetable) -> Iterator[tuple[int, int, float]]:
    """Give the straight ways (m) from entrances to stops, and between stops, of stations without pathways."""
    station = np.where(
        timetable.stop_kind == STATION, np.arange(len(timetable.stop_kind)), timetable.stop_parent
    )
    area = timetable.stop_kind == BOARDING_AREA
    station[area] = np.where(timetable.stop_parent[area] == NONE, NONE, station[timetable.stop_parent[area]])
    walked = np.concatenate([timetable.pathway_from_stop, timetable.pathway_to_stop])
    located = np.isfinite(timetable.stop_lon + timetable.stop_lat)
    doors = np.flatnonzero((timetable.stop_kind == ENTRANCE) & located & (station != NONE))
    for one in np.setdiff1d(station[doors], station[walked]).tolist():
        stops = np.flatnonzero((timetable.stop_kind == STOP) & located & (station == one))
        start, goal = np.meshgrid(np.concatenate([doors[station[doors] == one], stops]), stops, indexing="ij")
        pairs = start < goal
        pairs |= timetable.stop_kind[start] == ENTRANCE
        start, goal = start[pairs], goal[pairs]
        lon, lat = timetable.stop_lon, timetable.stop_lat
        if start.size:
            length_m = geodesic_m((lon[start], lat[start]), (lon[goal], lat[goal]))
            yield from zip(start.tolist(), goal.tolist(), np.asarray(length_m).tolist(), strict=True)


def _reached(graph: _Graph, start: int, radius_m: float) -> dict[int, _Way]:
    """Find the quickest way at 1 m/s from a stop to everything the graph joins it with, itself included."""
    found: dict[int, _Way] = {}
    waiting: list[tuple[float, int, _Way]] = [(0.0, start, (0.0, 0))]
    while waiting:
        _cost, here, (length_m, fixed_s) = heapq.heappop(waiting)
        if here in found:
            continue
        found[here] = (length_m, fixed_s)
        for there, (more_m, more_s) in graph.get(here, ()):
            way = (length_m + more_m, fixed_s + more_s)
            if there not in found and way[0] <= radius_m:
                heapq.heappush(waiting, (sum(way), there, way))
    return found

"""What every change works with: names looked up, problems told, new stops, rides over streets."""

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from accessibility.messages import _, listed
from accessibility.model.bus_ride import BusRide, Position, RideFinder, one_ride
from accessibility.model.line_changes import NewStop, StopRef
from accessibility.model.places import Places
from accessibility.model.projection import geodesic_m
from accessibility.model.provenance import Notice
from accessibility.model.streets import Streets
from accessibility.model.timetable import NONE, Timetable
from accessibility.scenarios.draft import Unused
from accessibility.units import mps_from_kmh

CODE = "scenario"
SHOWN = 3
"""Nearest names that are suggested."""
FASTEST_KMH = {True: 120.0, False: 350.0}
"""Bus or not -> straight from stop to stop faster than this (km/h) is told, as for line sheets."""
FAR_DEGREES = 1
"""Nothing that a scenario adds lies further (degrees) outside the area of the lines."""


@dataclass(frozen=True)
class Rules:
    """
    Figures and rides that modifications rest on.

    Parameters
    ----------
    default_dwell_s
        Dwell (s) of a bus at a new stop where none is stated.
    ride
        Rides of buses over the streets, where there are streets.
    join_m
        How near (m) an end of a new street must lie to a street to join it.
    detour_factor
        Ways inside a station that has entrances and no pathways, as a multiple of the straight line.
    """

    default_dwell_s: int
    ride: RideFinder | None = None
    join_m: float = 0.0
    detour_factor: float = 1.0


@dataclass
class Work:
    """
    Holds a network while one modification changes it, looks names up and notes what is wrong.

    Parameters
    ----------
    timetable, streets, places
        As the changes before this one leave them; replaced as a whole by what changes them.
    where
        Which modification this is, for the notices: ``modification[2] (reroute)``.
    file
        Scenario file or name.
    rules
        Figures and rides that come from outside.
    problems
        Everything that is wrong.
    told
        What a reader should know though nothing is wrong.
    """

    timetable: Timetable
    streets: Streets | None
    places: Places | None
    where: str
    file: str
    rules: Rules
    problems: list[Notice] = field(default_factory=list)
    told: list[Notice] = field(default_factory=list)

    @property
    def join_m(self) -> float:
        """How near (m) an end of a new street must lie to a street to join it."""
        return self.rules.join_m

    @property
    def default_dwell_s(self) -> int:
        """Dwell (s) of buses at new stops where none is stated."""
        return self.rules.default_dwell_s

    def say(self, key: str, message: str, value: object = "", mend: str = "") -> None:
        """Note a problem with a setting of the modification."""
        place = f"{self.where} {key}".strip()
        self.problems.append(Notice(CODE, "error", message, self.file, 0, place, str(value), mend))

    def check_count(self, key: str, values: Sequence[object], wanted: int) -> None:
        """Note where a list that is given has more or fewer values than it should."""
        if values and len(values) != wanted:
            what = _("{key} needs {wanted} values here, not {n}", key=key, wanted=wanted, n=len(values))
            self.say(key, what, list(values))

    def tell(self, message: str) -> None:
        """Note what a reader should know about the modification."""
        notice = Notice(CODE, "info", message, self.file, 0, self.where)
        if notice not in self.told:
            self.told.append(notice)

    def tell_left_alone(self, trips: Sequence[int], changed: Collection[int]) -> None:
        """Note the trips of a line that a change of its course does not concern: branches, short runs."""
        alone = [self.timetable.trip_ids[trip] for trip in trips if trip not in changed]
        if alone:
            names = listed(alone[:SHOWN])
            self.tell(_("{n} of {all} trips do not run that way and stay as they are: {names}", n=len(alone),
                        all=len(trips), names=names))  # fmt: skip

    def route(self, name: str) -> int | None:
        """Find a route by its identifier, or by its short or long name where that is unique."""
        table = self.timetable
        if name in table.route_ids:
            return table.route_ids.index(name)
        for names in (_bare(table.route_ids), table.route_short_names, table.route_long_names):
            found = [i for i, other in enumerate(names) if other == name]
            if len(found) == 1:
                return found[0]
            if found:
                ids = listed(table.route_ids[i] for i in found[:SHOWN])
                self.say("route", _("several lines are called {name}: {ids}", name=name, ids=ids), name,
                         _("Name the line by its identifier."))  # fmt: skip
                return None
        known = [*table.route_ids, *table.route_short_names, *table.route_long_names]
        self.say("route", _("there is no line {name}", name=name), name, nearest_names(name, known))
        return None

    def stop(self, name: str, key: str) -> int | None:
        """Find a stop by its identifier, or by its name where that is unique among the stops of trips."""
        table = self.timetable
        if name in table.stop_ids:
            stop = table.stop_ids.index(name)
            if table.stop_kind[stop] == 0:
                return stop
            inside = [table.stop_ids[i] for i in np.flatnonzero(table.stop_parent == stop).tolist()
                      if table.stop_kind[i] == 0]  # fmt: skip
            what = _("nobody boards at {name} itself: it is a station or an entrance", name=name)
            self.say(key, what, name, _("Nearest names: {names}", names=listed(inside)) if inside else "")
            return None
        boarded = np.unique(table.stop_time_stop).tolist()
        for names in (_bare(table.stop_ids), table.stop_names):
            found = [i for i in boarded if names[i] == name]
            if len(found) == 1:
                return int(found[0])
            if found:
                ids = listed(table.stop_ids[i] for i in found[:SHOWN])
                self.say(key, _("several stops are called {name}: {ids}", name=name, ids=ids), name,
                         _("Name the stop by its identifier."))  # fmt: skip
                return None
        known = [*table.stop_ids, *(table.stop_names[i] for i in boarded)]
        self.say(key, _("there is no stop {name}", name=name), name, nearest_names(name, known))
        return None

    def stop_on(self, name: str, key: str, trips: Sequence[int]) -> int | None:
        """
        Find a stop that some trips call at.

        A name that several stops bear (both sides of a road) means the one on these trips, where only one of
        them is.
        """
        table = self.timetable
        offset = table.stop_time_offset
        called = [table.stop_time_stop[offset[trip] : offset[trip + 1]] for trip in trips]
        served = np.unique(np.concatenate(called)).tolist() if called else []
        for names in (table.stop_ids, _bare(table.stop_ids), table.stop_names):
            found = [i for i in served if names[i] == name]
            if len(found) == 1:
                return int(found[0])
        stop = self.stop(name, key)
        if stop is not None and stop not in served:
            known = [table.stop_names[i] for i in served] + [table.stop_ids[i] for i in served]
            self.say(key, _("the line does not call at {name}", name=name), name, nearest_names(name, known))
            return None
        return stop

    def stops(self, refs: Sequence[StopRef], key: str = "stops") -> list[int] | None:
        """Find existing stops and add new ones; ``None`` where any of them is wrong."""
        found = [self.stop(ref, key) if isinstance(ref, str) else self._new_stop(ref, key) for ref in refs]
        return None if any(stop is None for stop in found) else [stop for stop in found if stop is not None]

    def _new_stop(self, new: NewStop, key: str) -> int | None:
        """Add a stop; of the same name at the same place it is the same stop, a taken identifier is wrong."""
        table = self.timetable
        wanted = new.id or new.name
        for i, (stop_id, name) in enumerate(zip(table.stop_ids, table.stop_names, strict=True)):
            same_place = abs(table.stop_lon[i] - new.lon) < 1e-7 and abs(table.stop_lat[i] - new.lat) < 1e-7
            if same_place and name == new.name and (not new.id or stop_id == new.id):
                return i
        if not self.is_near(key, new.lon, new.lat):
            return None
        if new.id in table.stop_ids:
            other = table.stop_names[table.stop_ids.index(new.id)]
            what = _("another stop has this id already: {name}", name=other)
            self.say(key, what, new.id, _("Give the new stop another id, or name the old one by it."))
            return None
        stop_id = Unused(table.stop_ids)(wanted)
        self.timetable = replace(
            table,
            stop_ids=(*table.stop_ids, stop_id),
            stop_names=(*table.stop_names, new.name),
            stop_lon=np.append(table.stop_lon, new.lon),
            stop_lat=np.append(table.stop_lat, new.lat),
            stop_kind=np.append(table.stop_kind, np.int8(0)),
            stop_parent=np.append(table.stop_parent, np.int32(NONE)),
        )
        return len(table.stop_ids)

    def trips_of(
        self, route: int, direction: int | None = None, trips: Sequence[str] = ()
    ) -> list[int] | None:
        """Find the trips of a route, of one direction, of some identifiers; ``None`` where there are none."""
        table = self.timetable
        chosen = table.trip_route == route
        if not chosen.any():
            line = table.route_ids[route]
            self.say("route", _("no trip runs on line {line}", line=line), line)
            return None
        if direction is not None:
            chosen &= table.trip_direction == direction
            if not chosen.any():
                there = sorted({int(d) for d in table.trip_direction[table.trip_route == route]} - {NONE})
                known = listed(map(str, there)) or _("none is stated")
                what = _("the line has no trips in this direction; it has: {known}", known=known)
                self.say("direction", what, direction)
                return None
        if trips:
            unknown = set(trips) - {table.trip_ids[i] for i in np.flatnonzero(chosen)}
            for name in sorted(unknown):
                own = [table.trip_ids[i] for i in np.flatnonzero(chosen)]
                self.say("trips", _("the line has no trip {name}", name=name), name, nearest_names(name, own))
            if unknown:
                return None
            chosen &= np.array([i in set(trips) for i in table.trip_ids], bool)
        return [int(i) for i in np.flatnonzero(chosen)]

    def position(self, stop: int) -> tuple[float, float]:
        """Return longitude and latitude of a stop."""
        return float(self.timetable.stop_lon[stop]), float(self.timetable.stop_lat[stop])

    def is_bus(self, route: int) -> bool:
        """Say whether a route runs on streets: buses, coaches, trolleybuses, also of the extended types."""
        kind = int(self.timetable.route_type[route])
        return kind in (3, 11) or 200 <= kind < 300 or 700 <= kind < 900

    def is_near(self, key: str, lon: float, lat: float) -> bool:
        """Note a position far from all stops: most often longitude and latitude are exchanged."""
        table = self.timetable
        for value, column in ((lon, table.stop_lon), (lat, table.stop_lat)):
            known = column[np.isfinite(column)]
            if known.size and not known.min() - FAR_DEGREES <= value <= known.max() + FAR_DEGREES:
                what = _("the position lies more than {n} degree outside the area of the lines",
                         n=FAR_DEGREES)  # fmt: skip
                self.say(key, what, f"{lon}, {lat}", _("Are longitude and latitude exchanged?"))
                return False
        return True

    def _tell_fast(self, hop: tuple[int, int], ride_s: int, most_kmh: float) -> None:
        """Note a stated riding time that no vehicle keeps; it is computed with all the same."""
        (lon, lat), (to_lon, to_lat) = (np.array(self.position(stop)) for stop in hop)
        length_m = float(geodesic_m((lon, lat), (to_lon, to_lat)))
        if length_m > max(ride_s, 1) * mps_from_kmh(most_kmh):
            ends = " → ".join(self.timetable.stop_names[stop] for stop in hop)
            self.tell(_("{ends}: {km} km in {n} s is faster than {most} km/h", ends=ends, n=ride_s,
                        km=f"{length_m / 1000:.1f}", most=f"{most_kmh:g}"))  # fmt: skip

    def rides(
        self,
        stops: Sequence[int],
        clock_s: int,
        stated_s: Sequence[int] = (),
        *,
        passed: Sequence[tuple[Position, ...]] = (),
        bus: bool = True,
    ) -> list[BusRide] | None:
        """
        Find the rides between consecutive stops.

        Parameters
        ----------
        stops
            Stops in order.
        clock_s
            Clock time (s) that they are driven at.
        stated_s
            Riding times (s) that the modification states; over the streets where empty.
        passed
            Control points of every hop; none where empty.
        bus
            Whether the vehicle runs on streets.

        Returns
        -------
        rides
            One per hop; ``None`` where a time is missing and cannot be found, which is told.
        """
        find = self.rules.ride if bus else None
        hops = list(pairwise(stops))
        if not stated_s and hops and find is None:
            what = _("without streets the riding times of new hops must be stated")
            if not bus:
                what = _("only buses ride over streets; the riding times of this line must be stated")
            self.say("hop_s", what, mend=_("Give hop_s, in seconds."))
            return None
        found: list[BusRide] = []
        for number, (a, b) in enumerate(hops):
            points = [self.position(a), *(passed[number] if passed else ()), self.position(b)]
            ride = find and self._ride(find, points, clock_s)
            if stated_s:
                drawn = tuple(points) if len(points) > 2 else ()
                ride = BusRide(stated_s[number], ride.course if ride else drawn)
                self._tell_fast((a, b), stated_s[number], FASTEST_KMH[bus])
            if ride is None:
                ends = f"{self.timetable.stop_names[a]} → {self.timetable.stop_names[b]}"
                what = _("no street leads a bus from stop to stop: {ends}", ends=ends)
                self.say("hop_s", what, ends, _("Give hop_s, or move the stop to a street."))
                return None
            found.append(ride)
        return found

    def _ride(self, find: RideFinder, points: Sequence[Position], clock_s: int) -> BusRide | None:
        """Find the ride over the streets through some positions."""
        legs = [find(self.streets, start, goal, clock_s) for start, goal in pairwise(points)]
        known = [leg for leg in legs if leg is not None]
        return one_ride(known) if len(known) == len(legs) else None


def _bare(ids: Sequence[str]) -> list[str]:
    """Leave out the name of the feed, which stands before a colon."""
    return [name.partition(":")[2] or name for name in ids]


def nearest_names(name: str, known: Sequence[str]) -> str:
    """Suggest the known names that look most like one."""
    close = list(dict.fromkeys(difflib.get_close_matches(name, [k for k in known if k], n=SHOWN, cutoff=0.4)))
    if not close:
        close = list(dict.fromkeys(k for k in known if k and (name in k or k in name)))[:SHOWN]
    return _("Nearest names: {names}", names=listed(close)) if close else ""

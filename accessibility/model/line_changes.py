"""Changes a scenario makes to lines: stops, headways, departures, and what is done with them. Pure data."""

from collections.abc import Sequence
from dataclasses import dataclass

from accessibility.errors import ModelError
from accessibility.model.bus_ride import Position
from accessibility.model.day_types import DAY_TYPES, types_meet


@dataclass(frozen=True)
class NewStop:
    """
    A stop that does not exist yet.

    Parameters
    ----------
    name
        What riders read.
    lon, lat
        Position (degrees, WGS-84).
    id
        Identifier that later changes may name; the name where empty.
    """

    name: str
    lon: float
    lat: float
    id: str = ""


StopRef = str | NewStop
"""An existing stop by its identifier or unique name, or a new one."""


@dataclass(frozen=True)
class ControlPoint:
    """
    A position that a line passes without stopping; it bends the way between two stops.

    Parameters
    ----------
    lon, lat
        Position (degrees, WGS-84).
    """

    lon: float
    lat: float


CourseRef = StopRef | ControlPoint
"""What a line runs along: stops that it calls at, and points that it only passes."""


def called_at(course: Sequence[CourseRef]) -> tuple[StopRef, ...]:
    """Return the stops of a course."""
    return tuple(one for one in course if not isinstance(one, ControlPoint))


def passed_between(course: Sequence[CourseRef]) -> tuple[tuple[Position, ...], ...]:
    """Return the points passed before the first stop, between each two, and after the last."""
    passed: list[list[Position]] = [[]]
    for one in course:
        if isinstance(one, ControlPoint):
            passed[-1].append((one.lon, one.lat))
        else:
            passed.append([])
    return tuple(tuple(points) for points in passed)


def turned_round(passed: Sequence[tuple[Position, ...]]) -> tuple[tuple[Position, ...], ...]:
    """Return the points passed by whoever runs the other way."""
    return tuple(points[::-1] for points in passed[::-1])


@dataclass(frozen=True)
class Headway:
    """
    Vehicles every so often.

    Parameters
    ----------
    days
        Day type of `accessibility.model.day_types`.
    from_s, to_s
        First departure and end (s since the start of the service day); the end is excluded.
    every_s
        Headway (s).
    phase_s, phase_stop
        Where given, the band is a schedule: a vehicle passes `phase_stop` (the first stop where empty)
        `phase_s` after `from_s`, and every `every_s` from then on.
    """

    days: str
    from_s: int
    to_s: int
    every_s: int
    phase_s: int | None = None
    phase_stop: str = ""

    def __post_init__(self) -> None:
        """Check what the class promises."""
        if self.days not in DAY_TYPES:
            raise ModelError(f"no day type {self.days!r}", code="scenario-days")
        if self.every_s <= 0 or not 0 <= self.from_s < self.to_s:
            raise ModelError("a headway is > 0 and a band ends after it begins", code="scenario-band")
        if self.phase_s is not None and not 0 <= self.phase_s < self.every_s:
            raise ModelError("a phase lies within the headway", code="scenario-phase")


def overlapping(bands: Sequence[Headway]) -> list[tuple[Headway, Headway]]:
    """Find the pairs of bands that run at the same time on some day."""
    return [
        (one, other)
        for i, one in enumerate(bands)
        for other in bands[:i]
        if one.from_s < other.to_s and other.from_s < one.to_s and types_meet(one.days, other.days)
    ]


@dataclass(frozen=True)
class Departures:
    """
    Departures from the first stop (s since the start of the service day) on days of a type.

    Parameters
    ----------
    days
        Day type.
    times_s
        Departures (s), ascending.
    direction
        Direction they belong to.
    """

    days: str
    times_s: tuple[int, ...]
    direction: int = 0

    def __post_init__(self) -> None:
        """Check what the class promises."""
        if self.days not in DAY_TYPES:
            raise ModelError(f"no day type {self.days!r}", code="scenario-days")
        if not self.times_s or list(self.times_s) != sorted(set(self.times_s)) or self.times_s[0] < 0:
            raise ModelError("departures are given, ascending, each once", code="scenario-departures")


@dataclass(frozen=True)
class AddLine:
    """
    Add a line.

    Parameters
    ----------
    id, name, mode
        Identifier, what riders read (the id where empty), ``bus``, ``metro``, ``rail`` or ``tram``.
    stops
        Stops in order, at least two, and between them points that are passed without stopping.
    hop_s
        Riding time (s) between consecutive stops; over the streets where empty, which only buses may be.
    speed_kmh
        Speed between stops along a straight line, in place of `hop_s`.
    dwell_s
        Dwell (s) at every stop; the default dwell between the ends where empty.
    both_ways
        Whether it also runs back, by the same stops.
    headways, departures
        When it runs; one of them at least.
    """

    id: str
    stops: tuple[CourseRef, ...]
    name: str = ""
    mode: str = "bus"
    hop_s: tuple[int, ...] = ()
    speed_kmh: float | None = None
    dwell_s: tuple[int, ...] = ()
    both_ways: bool = False
    headways: tuple[Headway, ...] = ()
    departures: tuple[Departures, ...] = ()


@dataclass(frozen=True)
class Reroute:
    """
    Lead a line another way between two of its stops, or beyond one of them.

    Parameters
    ----------
    route, direction
        Route and direction; both directions where ``None``: trips that run the other way are led the same
        way back.
    from_stop, to_stop
        Stops between which everything is replaced; without the first the line begins with `stops`, without
        the second it ends with them.
    stops
        Stops to call at instead, and points to pass without stopping.
    hop_s, dwell_s
        Riding times (s) of the new hops, and dwells (s) at `from_stop`, the new stops and `to_stop`; from the
        streets, and the old or default dwells, where empty.
    """

    route: str
    stops: tuple[CourseRef, ...] = ()
    direction: int | None = None
    from_stop: str = ""
    to_stop: str = ""
    hop_s: tuple[int, ...] = ()
    dwell_s: tuple[int, ...] = ()


@dataclass(frozen=True)
class RemoveStops:
    """Pass some stops without calling; each shortens the ride between its neighbours by so many seconds."""

    route: str
    stops: tuple[str, ...]
    direction: int | None = None
    saved_s_per_stop: int = 0


@dataclass(frozen=True)
class RemoveLine:
    """Take a line out of service."""

    route: str


@dataclass(frozen=True)
class RemoveTrips:
    """
    Take trips out of service: by identifier, or those that begin within some hours of some days.

    Parameters
    ----------
    route, direction
        Route, and direction or both.
    trips
        Identifiers; all of the route where empty.
    days, from_s, to_s
        Only on days of this type, only trips that begin from `from_s` until before `to_s` (s).
    """

    route: str
    direction: int | None = None
    trips: tuple[str, ...] = ()
    days: str = "daily"
    from_s: int = 0
    to_s: int = 48 * 3600


@dataclass(frozen=True)
class SetFrequency:
    """
    Run a line at headways.

    Parameters
    ----------
    route, direction
        Route, and direction or both.
    headways
        Bands; trips that begin within a band on its days give way to it.
    keep_outside
        Whether trips outside all bands stay.
    template_trip
        Trip whose riding times and stops the band repeats; the commonest sequence of stops, and its trip of
        middling riding time, where empty.
    """

    route: str
    headways: tuple[Headway, ...]
    direction: int | None = None
    keep_outside: bool = True
    template_trip: str = ""


@dataclass(frozen=True)
class SetTimetable:
    """
    Run a line at stated departures, in place of all its trips on those days.

    Parameters
    ----------
    route
        Route.
    departures
        Departures by day type and direction.
    template_trip
        As for `SetFrequency`.
    """

    route: str
    departures: tuple[Departures, ...]
    template_trip: str = ""


@dataclass(frozen=True)
class ScaleSpeed:
    """
    Make a line faster or slower.

    Parameters
    ----------
    route, direction
        Route, and direction or both.
    factor
        Speed over the present one.
    scale_dwells
        Whether dwells shrink and grow alike.
    hops
        Pairs of consecutive stops; all where empty.
    """

    route: str
    factor: float
    direction: int | None = None
    scale_dwells: bool = False
    hops: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SetDwell:
    """
    Let vehicles stand longer or shorter.

    Parameters
    ----------
    route, direction
        Route, and direction or both.
    stops
        At these stops; at all where empty.
    dwell_s, factor
        The dwell (s), or its size over the present one; one of them.
    """

    route: str
    direction: int | None = None
    stops: tuple[str, ...] = ()
    dwell_s: int | None = None
    factor: float | None = None


@dataclass(frozen=True)
class ShiftTimes:
    """Move all trips of a line, or some, by so many seconds (earlier where negative)."""

    route: str
    by_s: int
    direction: int | None = None
    trips: tuple[str, ...] = ()

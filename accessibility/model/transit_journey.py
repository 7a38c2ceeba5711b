"""The noun ``TransitJourney``: one way by public transport, from door to door, told leg by leg."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze

KINDS = ("access", "wait", "ride", "transfer", "egress", "direct")
"""Kinds of leg: to the first stop, waiting, aboard, between stops, from the last stop; all on foot."""

PARTS = ("access", "wait", "ride", "transfer", "egress")
"""The parts that a duration is broken down into; a walk all the way counts as access."""


@dataclass(frozen=True)
class StopCall:
    """
    A stop as people meet it.

    Parameters
    ----------
    id, name
        Of the timetable.
    lon, lat
        Position (degrees, WGS-84), NaN where unknown.
    """

    id: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Service:
    """
    A trip that people sit in.

    Parameters
    ----------
    trip_id, route_id, line, headsign
        Of the timetable; `line` is what riders call it, the headsign ``""`` where none is given.
    start
        Where people board it, or, of later ones in a vehicle, where they stay seated.
    """

    trip_id: str
    route_id: str
    line: str
    headsign: str
    start: StopCall


@dataclass(frozen=True, eq=False)
class Leg(Rebuilt):
    """
    One leg of a journey.

    Parameters
    ----------
    kind
        One of `KINDS`.
    start_s, end_s
        Clock times (s since the start of the service day).
    start, end
        Stops at both ends, ``None`` at the door.
    mode
        How people move themselves (``walk``), ``""`` while they wait or ride.
    services
        For a ride the trips of the vehicle: the one boarded, and those it goes on as with people seated.
    n_stops
        For a ride the number of stops from boarding to alighting, the last one included.
    distance_m
        Length (m) of the course; NaN where it is not known.
    lon, lat
        Course (degrees, WGS-84).

    Raises
    ------
    ModelError
        If the kind is unknown, time runs back, or a ride has no service.
    """

    kind: str
    start_s: int
    end_s: int
    start: StopCall | None = None
    end: StopCall | None = None
    mode: str = ""
    services: tuple[Service, ...] = ()
    n_stops: int = 0
    distance_m: float = np.nan
    lon: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    lat: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Freeze the course and check what the class promises."""
        object.__setattr__(self, "lon", freeze(self.lon, np.float64, name="lon", shape=(None,)))
        object.__setattr__(self, "lat", freeze(self.lat, np.float64, name="lat", shape=(len(self.lon),)))
        if self.kind not in KINDS or (self.kind == "ride") != bool(self.services):
            raise ModelError(f"{self.kind!r} is no leg, or a ride has no service", code="leg-kind")
        if self.end_s < self.start_s:
            raise ModelError("the time of a leg runs back", code="leg-times")

    @property
    def duration_s(self) -> int:
        """How long the leg takes (s)."""
        return self.end_s - self.start_s


@dataclass(frozen=True, eq=False)
class TransitJourney(Rebuilt):
    """
    One way by public transport, at one percentile of a departure window.

    Parameters
    ----------
    origin_id, destination_id
        Both ends.
    day
        Service day.
    level
        Label of the percentile, like ``p50``.
    depart_s
        Departure from the door (s since the start of the service day).
    draw
        Number of the draw of the headway bands, from 0.
    duration_s
        Reported travel time (s); the legs add up to it.
    legs
        Legs in the order of travel, each beginning when the one before ends.

    Raises
    ------
    ModelError
        If the legs do not follow each other from the departure on, or do not add up to the duration.
    """

    origin_id: str
    destination_id: str
    day: date
    level: str
    depart_s: int
    draw: int
    duration_s: int
    legs: tuple[Leg, ...]

    def __post_init__(self) -> None:
        """Check that the legs follow each other and add up."""
        clock_s = self.depart_s
        for leg in self.legs:
            if leg.start_s != clock_s:
                raise ModelError("the legs of a journey must follow each other", code="journey-gap")
            clock_s = leg.end_s
        if clock_s != self.depart_s + self.duration_s:
            raise ModelError("the legs of a journey must add up to its duration", code="journey-sum")

    @property
    def rides(self) -> tuple[Leg, ...]:
        """The rides."""
        return tuple(leg for leg in self.legs if leg.kind == "ride")

    def seconds(self, part: str) -> int:
        """Say how long one of `PARTS` takes in all (s)."""
        kinds = ("access", "direct") if part == "access" else (part,)
        return sum(leg.duration_s for leg in self.legs if leg.kind in kinds)

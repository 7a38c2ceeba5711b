"""The noun ``Journey``: one way from door to door, told part by part."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze


@dataclass(frozen=True)
class Part:
    """
    One part of a journey.

    Parameters
    ----------
    kind
        ``connector`` (between a place and the streets), ``street``, ``signal`` (waiting) or ``off_network``.
    name
        Street name, ``""`` where nameless.
    road_class
        OSM ``highway`` value, ``""`` off the streets.
    duration_s, distance_m
        Time (s, whole) and length (m).
    """

    kind: str
    name: str
    road_class: str
    duration_s: int
    distance_m: float


@dataclass(frozen=True, eq=False)
class Journey(Rebuilt):
    """
    One way from an origin to a destination, at one level of a query.

    Parameters
    ----------
    origin_id, destination_id
        Both ends.
    mode, period, level
        How, when, and at which level of the range.
    duration_s
        Reported travel time (s); the parts add up to it.
    parts
        Parts in the order of travel, consecutive streets of one name joined.
    terminal_s
        Access and parking time (s) of a car trip; not part of `duration_s`.
    lon, lat
        Course of the journey (degrees, WGS-84), the places at both ends included.

    Raises
    ------
    ModelError
        If the parts do not add up to the duration.
    """

    origin_id: str
    destination_id: str
    mode: str
    period: str
    level: str
    duration_s: int
    parts: tuple[Part, ...]
    terminal_s: int
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Freeze the course and check the sum."""
        object.__setattr__(self, "lon", freeze(self.lon, np.float64, name="lon", shape=(None,)))
        object.__setattr__(self, "lat", freeze(self.lat, np.float64, name="lat", shape=(len(self.lon),)))
        if sum(part.duration_s for part in self.parts) != self.duration_s:
            raise ModelError("the parts of a journey must add up to its duration", code="journey-sum")

    @property
    def distance_m(self) -> float:
        """Length (m) of the whole journey."""
        return sum(part.distance_m for part in self.parts)

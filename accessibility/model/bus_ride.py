"""The noun ``BusRide``: how a bus gets from one stop to the next over the streets."""

from collections.abc import Callable
from dataclasses import dataclass

from accessibility.model.streets import Streets

Position = tuple[float, float]
"""Longitude and latitude (degrees, WGS-84)."""


@dataclass(frozen=True)
class BusRide:
    """
    A ride between two stops.

    Parameters
    ----------
    ride_s
        Riding time (s), at least 1, without dwells.
    course
        Positions from stop to stop; empty where unknown.
    """

    ride_s: int
    course: tuple[Position, ...] = ()


RideFinder = Callable[[Streets | None, Position, Position, int], BusRide | None]
"""Finds the ride over streets from one position to another at a clock time (s); ``None``: no way."""

"""The noun ``BusRide``: how a bus gets from one stop to the next over the streets."""

from collections.abc import Callable, Sequence
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


MIDDAY_S = 12 * 3600
"""Clock (s) at which the way of a vehicle is looked for where no departure is meant."""


def one_ride(legs: Sequence[BusRide]) -> BusRide:
    """Join rides from control point to control point; the way from the street to such a point is left out."""
    course: list[Position] = []
    for number, leg in enumerate(legs):
        begin, end = (number > 0), (number < len(legs) - 1)
        course += leg.course[begin : len(leg.course) - end] if len(leg.course) > 2 else leg.course
    return BusRide(sum(leg.ride_s for leg in legs), tuple(course))


RideFinder = Callable[[Streets | None, Position, Position, int], BusRide | None]
"""Finds the ride over streets from one position to another at a clock time (s); ``None``: no way."""

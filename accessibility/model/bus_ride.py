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
    spur_s
        How much of it (s) leads from the start to a street, and from a street to the goal.
    """

    ride_s: int
    course: tuple[Position, ...] = ()
    spur_s: tuple[int, int] = (0, 0)


MIDDAY_S = 12 * 3600
"""Clock (s) at which the way of a vehicle is looked for where no departure is meant."""


def one_ride(legs: Sequence[BusRide]) -> BusRide:
    """Join rides from control point to control point; the way from the street to such a point is left out."""
    course: list[Position] = []
    ride_s = 0
    for number, leg in enumerate(legs):
        begin, end = (number > 0), (number < len(legs) - 1)
        ride_s += leg.ride_s - begin * leg.spur_s[0] - end * leg.spur_s[1]
        course += leg.course[begin : len(leg.course) - end] if len(leg.course) > 2 else leg.course
    return BusRide(max(1, ride_s), tuple(course), (legs[0].spur_s[0], legs[-1].spur_s[1]))


RideFinder = Callable[[Streets | None, Position, Position, int], BusRide | None]
"""Finds the ride over streets from one position to another at a clock time (s); ``None``: no way."""

"""The noun ``Way``: which runs a journey by public transport takes, in the numbers of a service day."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ride:
    """
    A ride of a way: numbers of the service day, seconds of the clock.

    Parameters
    ----------
    pattern, run
        Pattern, and run on it.
    board, alight
        Positions within the pattern.
    walk_s
        Seconds walked before it.
    departure_s, arrival_s
        Clock times (s).
    """

    pattern: int
    run: int
    board: int
    alight: int
    walk_s: int
    departure_s: int
    arrival_s: int


@dataclass(frozen=True)
class Way:
    """
    The way behind one duration.

    Parameters
    ----------
    minute, draw
        Departure within the window, and draw of the headway bands.
    leave_s, duration_s
        Departure (s since the start of the service day) and duration (s).
    rides
        Rides in order; none where people walk all the way.
    egress_s
        Seconds walked from the last stop, or all the way.
    """

    minute: int
    draw: int
    leave_s: int
    duration_s: int
    rides: tuple[Ride, ...]
    egress_s: int

    def seconds(self) -> dict[str, int]:
        """Say how long each of `accessibility.model.transit_journey.PARTS` takes (s); they add up."""
        if not self.rides:
            return {"access": self.egress_s, "wait": 0, "ride": 0, "transfer": 0, "egress": 0}
        access_s, transfer_s = self.rides[0].walk_s, sum(ride.walk_s for ride in self.rides[1:])
        ride_s = sum(ride.arrival_s - ride.departure_s for ride in self.rides)
        wait_s = self.duration_s - access_s - ride_s - transfer_s - self.egress_s
        return {
            "access": access_s,
            "wait": wait_s,
            "ride": ride_s,
            "transfer": transfer_s,
            "egress": self.egress_s,
        }

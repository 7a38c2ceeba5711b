"""The noun ``LineCost``: what one direction of a line takes to run on one date."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from accessibility.errors import ModelError


@dataclass(frozen=True)
class LineCost:
    """
    What one direction of a line takes to run on one date.

    Parameters
    ----------
    route, name, direction
        Identifier, what riders read, and direction (-1 where not stated).
    n_trips
        Trips of the date; of headway bands without exact times as many as fit in on average.
    length_m
        Length (m) of a trip, the mean over the trips.
    run_s, layover_s
        From the first departure to the last arrival, and the rest after it (s), means over the trips.
    vehicles_cycle
        Vehicles of this direction under way or resting in the busiest moment: running and resting time over
        the headway. A fraction; a line needs the sum of its directions, rounded up.
    vehicles_blocks
        Blocks under way in the busiest moment; ``None`` where a trip has none.
    drawn_straight
        Whether parts of the length are straight lines between stops.

    Raises
    ------
    ModelError
        If a figure is negative.
    """

    route: str
    name: str
    direction: int
    n_trips: float
    length_m: float
    run_s: float
    layover_s: float
    vehicles_cycle: float
    vehicles_blocks: int | None = None
    drawn_straight: bool = False

    def __post_init__(self) -> None:
        """Check what the class promises."""
        figures = (self.n_trips, self.length_m, self.run_s, self.layover_s, self.vehicles_cycle)
        if min(figures) < 0:
            raise ModelError("no part of a cost is negative", code="cost-negative")

    @property
    def vehicle_km(self) -> float:
        """Kilometres that vehicles cover on the date, without empty runs."""
        return self.n_trips * self.length_m / 1000

    @property
    def vehicle_hours(self) -> float:
        """Hours that vehicles are running or resting at an end on the date."""
        return self.n_trips * (self.run_s + self.layover_s) / 3600


def vehicles_needed(costs: Sequence[LineCost]) -> int:
    """Count vehicles by cycle time: both directions of a line together, rounded up line by line."""
    by_line: dict[str, float] = {}
    for cost in costs:
        by_line[cost.route] = by_line.get(cost.route, 0.0) + cost.vehicles_cycle
    return sum(math.ceil(round(needed, 6)) for needed in by_line.values())

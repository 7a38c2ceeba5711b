"""The noun ``OriginBreakdown``: what the travel times from one origin consist of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.transit_journey import PARTS


@dataclass(frozen=True, eq=False)
class OriginBreakdown(Rebuilt):
    """
    Parts of the travel times from one origin to all destinations.

    Parameters
    ----------
    seconds
        How long each of `accessibility.model.transit_journey.PARTS` takes (s), shape
        ``[n_destinations, n_levels, 5]``; zeros where unreached. A walk all the way is access.
    rides
        Vehicles boarded, shape ``[n_destinations, n_levels]``; -1 where unreached.
    lines
        Lines in order, like ``112 > L14``, per destination one text per level; ``""`` without a ride.

    Raises
    ------
    ModelError
        If shapes disagree or a part is negative.
    """

    seconds: NDArray[np.int32]
    rides: NDArray[np.int8]
    lines: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        """Freeze the arrays and check what the class promises."""
        rides = freeze(self.rides, np.int8, name="rides", shape=(len(self.lines), None))
        seconds = freeze(self.seconds, np.int32, name="seconds", shape=(*rides.shape, len(PARTS)))
        object.__setattr__(self, "rides", rides)
        object.__setattr__(self, "seconds", seconds)
        if seconds.size and seconds.min() < 0:
            raise ModelError("a part of a journey is negative", code="breakdown-negative")

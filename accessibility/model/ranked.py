"""The nouns of a ranking: scenarios beside each other, by what they save and what they take."""

from dataclasses import dataclass

BY = ("saved", "cost", "pareto")
"""Orders: most minutes saved first, fewest vehicle-hours first, the Pareto front first."""


@dataclass(frozen=True)
class Ranked:
    """
    A scenario among others.

    Parameters
    ----------
    scenario
        Its name.
    saved_min
        Minutes saved, the sum over squares reached both times and over targets; negative where more is lost.
    lost_min
        Minutes that those lose who lose, summed alike, 0 or more; they are part of the net sum.
    n_gain, n_lose
        Squares quicker and slower by more than a minute, summed over targets.
    n_newly, n_lost
        Squares newly reached and no longer reached, summed over targets: no minutes can be said of them.
    vehicle_hours, vehicles
        Hours of vehicles on the date, and vehicles by cycle time, beyond the baseline.
    pareto
        Whether no other scenario saves as much for less, or more for as little.
    assumed
        Whether it rests on assumptions.
    """

    scenario: str
    saved_min: float
    lost_min: float
    n_gain: int
    n_lose: int
    n_newly: int
    n_lost: int
    vehicle_hours: float
    vehicles: int
    pareto: bool
    assumed: bool


@dataclass(frozen=True)
class Dropped:
    """
    A scenario that needs more vehicles than there are.

    Parameters
    ----------
    scenario
        Its name.
    vehicles
        Vehicles of the line at the busiest moment, by cycle time.
    """

    scenario: str
    vehicles: int


@dataclass(frozen=True)
class Ranking:
    """
    Scenarios in order.

    Parameters
    ----------
    name
        What was ranked.
    by
        In which order (`BY`).
    rows
        Scenarios, in this order.
    dropped
        Scenarios that were not ranked.
    vehicles
        Vehicles there are; 0 where nobody said.
    """

    name: str
    by: str
    rows: tuple[Ranked, ...]
    dropped: tuple[Dropped, ...] = ()
    vehicles: int = 0

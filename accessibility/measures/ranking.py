"""Scenarios in order: by what they save, by what they take, and which no other one beats in both."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accessibility.model.comparison import NEWLY_REACHED, NO_LONGER_REACHED, Comparison


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
    n_newly, n_lost
        Squares newly reached and no longer reached, summed over targets: no minutes can be said of them.
    vehicle_hours
        Hours of vehicles on the date beyond the baseline.
    pareto
        Whether no other scenario saves as much for less, or more for as little.
    assumed
        Whether it rests on assumptions.
    """

    scenario: str
    saved_min: float
    n_newly: int
    n_lost: int
    vehicle_hours: float
    pareto: bool
    assumed: bool


def ranked(comparisons: Sequence[Comparison]) -> tuple[Ranked, ...]:
    """
    Order scenarios by minutes saved, the most first.

    Parameters
    ----------
    comparisons
        All with the same question.

    Returns
    -------
    ranked
        Of scenarios that save alike, the one that takes fewer hours first.
    """
    for one in comparisons[1:]:
        comparisons[0].query.check_comparable(one.query)
    saved = [sum(-float(np.nansum(t.change_s)) for t in one.tables) / 60 for one in comparisons]
    hours = [
        sum(c.vehicle_hours for c in one.costs_after) - sum(c.vehicle_hours for c in one.costs_before)
        for one in comparisons
    ]
    rows = [
        Ranked(
            scenario=one.scenario,
            saved_min=saved[i],
            n_newly=sum(table.count(NEWLY_REACHED) for table in one.tables),
            n_lost=sum(table.count(NO_LONGER_REACHED) for table in one.tables),
            vehicle_hours=hours[i],
            pareto=on_front(i, saved, hours),
            assumed=one.assumed,
        )
        for i, one in enumerate(comparisons)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.saved_min, row.vehicle_hours)))


def on_front(index: int, saved: Sequence[float], taken: Sequence[float]) -> bool:
    """Say whether nothing saves at least as much for at most as much, and one of them strictly."""
    mine = saved[index], taken[index]
    return not any(
        s >= mine[0] and t <= mine[1] and (s, t) != mine for s, t in zip(saved, taken, strict=True)
    )

"""Scenarios in order: by what they save, by what they take, and which no other one beats in both."""

from collections.abc import Sequence

from accessibility.errors import ModelError
from accessibility.model.change_summary import change_summary, more_hours
from accessibility.model.comparison import LOSE, Comparison
from accessibility.model.ranked import BY, Ranked
from accessibility.model.service_cost import vehicles_needed


def ranked(comparisons: Sequence[Comparison], *, by: str = "saved") -> tuple[Ranked, ...]:
    """
    Order scenarios.

    Parameters
    ----------
    comparisons
        All with the same question.
    by
        ``saved``: most minutes saved first, of equals the one that takes fewer hours; ``cost``: fewest hours
        first, of equals the one that saves more; ``pareto``: the Pareto front first, then the others, both
        by minutes saved.

    Returns
    -------
    ranked
        One row per scenario.

    Raises
    ------
    ModelError
        If there is no such order, or the questions differ.
    """
    if by not in BY:
        raise ModelError(f"no order {by!r}", code="ranking-by")
    for one in comparisons[1:]:
        comparisons[0].query.check_comparable(one.query)
    sums = [[change_summary(table, "cells") for table in one.tables] for one in comparisons]
    saved = [sum(found.saved_min for found in some) for some in sums]
    hours = [more_hours(one.costs_before, one.costs_after) for one in comparisons]
    rows = [
        Ranked(
            scenario=one.scenario,
            saved_min=saved[i],
            lost_min=_lost_min(one),
            n_gain=round(sum(found.gain for found in sums[i])),
            n_lose=round(sum(found.lose for found in sums[i])),
            n_newly=round(sum(found.newly for found in sums[i])),
            n_lost=round(sum(found.lost for found in sums[i])),
            vehicle_hours=hours[i],
            vehicles=vehicles_needed(one.costs_after) - vehicles_needed(one.costs_before),
            pareto=on_front(i, saved, hours),
            assumed=one.assumed,
        )
        for i, one in enumerate(comparisons)
    ]
    return tuple(sorted(rows, key=lambda row: _key(row, by)))


def _key(row: Ranked, by: str) -> tuple[float, float, float]:
    first = float(not row.pareto) if by == "pareto" else 0.0
    pair = (row.vehicle_hours, -row.saved_min) if by == "cost" else (-row.saved_min, row.vehicle_hours)
    return first, *pair


def _lost_min(one: Comparison) -> float:
    """Sum the minutes of those that lose more than a minute."""
    return sum(float(table.change_s[table.classes == LOSE].sum()) for table in one.tables) / 60


def on_front(index: int, saved: Sequence[float], taken: Sequence[float]) -> bool:
    """Say whether nothing saves at least as much for at most as much, and one of them strictly."""
    mine = saved[index], taken[index]
    return not any(
        s >= mine[0] and t <= mine[1] and (s, t) != mine for s, t in zip(saved, taken, strict=True)
    )

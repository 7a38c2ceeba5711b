"""The figures of one comparison, in a row: what is told as an interval where a scenario holds ranges."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from accessibility.model.comparison import (
    GAIN,
    LOSE,
    NEVER_REACHED,
    NEWLY_REACHED,
    NO_LONGER_REACHED,
    ChangeTable,
    Comparison,
)
from accessibility.model.range_result import Outcome
from accessibility.model.service_cost import LineCost, vehicles_needed

_TOTALS = ("saved_min", "gain_share", "lose_share", "vehicle_hours", "vehicles", "vehicle_km")


def outcomes_of(comparison: Comparison) -> tuple[Outcome, ...]:
    """
    List the figures of a comparison.

    Returns
    -------
    outcomes
        Totals; per target who gains, who loses, the change from every site, and their weighted mean.
    """
    found = [Outcome(name) for name in _TOTALS]
    for table in comparison.site_tables:
        found += [Outcome("gain_share", table.target), Outcome("lose_share", table.target)]
        found += [Outcome("change_min", table.target, site) for site in table.origin_ids]
        found.append(Outcome("change_min", table.target))
    return tuple(found)


def figures_of(comparison: Comparison) -> dict[Outcome, float]:
    """
    Work out the figures of a comparison that no weight of sites changes.

    Returns
    -------
    figures
        Minutes saved over squares and targets; shares of the squares that are reached before or after;
        hours, vehicles and kilometres beyond the baseline; changes from the sites (min), NaN where one is
        not reached both times.
    """
    tables = comparison.tables
    before, after = comparison.costs_before, comparison.costs_after
    figures = {
        Outcome("saved_min"): sum(-float(np.nansum(table.change_s)) for table in tables) / 60,
        Outcome("gain_share"): _share(tables, (GAIN, NEWLY_REACHED)),
        Outcome("lose_share"): _share(tables, (LOSE, NO_LONGER_REACHED)),
        Outcome("vehicle_hours"): _more(before, after, "vehicle_hours"),
        Outcome("vehicles"): float(vehicles_needed(after) - vehicles_needed(before)),
        Outcome("vehicle_km"): _more(before, after, "vehicle_km"),
    }
    for table in tables:
        figures[Outcome("gain_share", table.target)] = _share([table], (GAIN, NEWLY_REACHED))
        figures[Outcome("lose_share", table.target)] = _share([table], (LOSE, NO_LONGER_REACHED))
    for table in comparison.site_tables:
        for site, change_s in zip(table.origin_ids, table.change_s.tolist(), strict=True):
            figures[Outcome("change_min", table.target, site)] = change_s / 60
    return figures


def in_a_row(
    outcomes: Sequence[Outcome], figures: Mapping[Outcome, float], weights: Mapping[str, float]
) -> NDArray[np.float64]:
    """
    Bring figures into order, with the means over the sites by their weights.

    Returns
    -------
    row
        Shape ``[n_outcomes]``; a mean is NaN where a site of some weight has no figure.
    """
    total = sum(weights.values())
    row = [
        figures[one] if one in figures else _mean(figures, one.target, weights) / total for one in outcomes
    ]
    return np.array(row)


def _mean(figures: Mapping[Outcome, float], target: str, weights: Mapping[str, float]) -> float:
    """Add up the weighted changes from the sites (min)."""
    return sum(w * figures[Outcome("change_min", target, site)] for site, w in weights.items() if w)


def _share(tables: Sequence[ChangeTable], classes: Sequence[int]) -> float:
    """Count pairs of square and target of some classes among those reached before or after."""
    reached = sum(len(table) - table.count(NEVER_REACHED) for table in tables)
    meant = sum(table.count(one) for table in tables for one in classes)
    return meant / reached if reached else float("nan")


def _more(before: Sequence[LineCost], after: Sequence[LineCost], name: str) -> float:
    taken, given = (sum(float(getattr(one, name)) for one in costs) for costs in (before, after))
    return given - taken

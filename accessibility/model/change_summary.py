"""The noun ``ChangeSummary``: who gains and who loses, of sites, squares, or people where they are known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.model.comparison import (
    GAIN,
    LOSE,
    NEVER_REACHED,
    NEWLY_REACHED,
    NO_LONGER_REACHED,
    SAME,
    ChangeTable,
)
from accessibility.model.service_cost import LineCost


@dataclass(frozen=True)
class ChangeSummary:
    """
    A change in the time to one target, for one group.

    Parameters
    ----------
    target, who
        Id of the target; ``sites``, ``cells`` or ``people``.
    gain, lose, newly, lost, same, never
        How many: quicker, slower, newly reached, no longer reached, unchanged to the minute, never reached.
    mean_s, median_s, p90_s
        Of those that gain or lose (s), negative where quicker; NaN where there are none. With people every
        person counts once.
    saved_min
        Minutes saved, net, over all that are reached both times; negative where more is lost.
    """

    target: str
    who: str
    gain: float
    lose: float
    newly: float
    lost: float
    same: float
    never: float
    mean_s: float
    median_s: float
    p90_s: float
    saved_min: float


def change_summary(table: ChangeTable, who: str, people: NDArray[np.float64] | None = None) -> ChangeSummary:
    """
    Sum up a change.

    Parameters
    ----------
    table
        Changes.
    who
        What the rows are.
    people
        How many stand behind every row; one each where not given.

    Returns
    -------
    summary
        Counts, mean, median and P90.
    """
    weights = np.ones(len(table)) if people is None else people
    classes, change_s = table.classes, table.change_s
    kinds = (GAIN, LOSE, NEWLY_REACHED, NO_LONGER_REACHED, SAME, NEVER_REACHED)
    gain, lose, newly, lost, same, never = (float(weights[classes == kind].sum()) for kind in kinds)
    moved = (classes == GAIN) | (classes == LOSE)
    moved_s, weight = change_s[moved], weights[moved]
    mean_s = median_s = p90_s = float("nan")
    if weight.sum() > 0:
        mean_s = float(np.average(moved_s, weights=weight))
        median_s, p90_s = (
            (float(np.percentile(moved_s, p)) for p in (50, 90))
            if people is None
            else (_ranked(moved_s, weight, p) for p in (50, 90))
        )
    both = np.isfinite(change_s)
    saved_min = -float((change_s[both] * weights[both]).sum()) / 60
    return ChangeSummary(
        table.target, who, gain, lose, newly, lost, same, never, mean_s, median_s, p90_s, saved_min
    )


def _ranked(values: NDArray[np.float64], weights: NDArray[np.float64], percentile: int) -> float:
    """Take the value that the given share of the weight does not exceed."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    at = int(np.searchsorted(reached, percentile / 100 * reached[-1] - 1e-9))
    return float(values[order][min(at, len(values) - 1)])


def more_hours(before: tuple[LineCost, ...], after: tuple[LineCost, ...]) -> float:
    """Sum the vehicle-hours of a day beyond the baseline."""
    return sum(cost.vehicle_hours for cost in after) - sum(cost.vehicle_hours for cost in before)

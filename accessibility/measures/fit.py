"""How far modelled times are from measured ones, and the factor that would mend it."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from accessibility.model.observed import Compared, Fit


def fits(compared: Sequence[Compared]) -> tuple[Fit, ...]:
    """
    Compare measured and modelled times by mode, line and period.

    Parameters
    ----------
    compared
        Observed trips beside the model; those without an answer are left out.

    Returns
    -------
    fits
        One per mode, line and period, then one over all periods where there are several. A row of several
        observations weighs as many.

    Notes
    -----
    The rule of calibration: the factor of a group is the weighted median of measured over modelled minutes.
    Durations times the factor, or speeds divided by it, have no bias left in the middle of the group.
    """
    groups: dict[tuple[str, str], dict[str, list[Compared]]] = {}
    for one in compared:
        if np.isfinite(one.mid) and one.mid > 0:
            periods = groups.setdefault((one.trip.mode, one.trip.line), {})
            periods.setdefault(one.period, []).append(one)
    return tuple(_fits(groups))


def _fits(groups: dict[tuple[str, str], dict[str, list[Compared]]]) -> Iterator[Fit]:
    for (mode, line), periods in groups.items():
        for period, some in periods.items():
            yield _fit(mode, line, period, some)
        if len(periods) > 1:
            yield _fit(mode, line, "", [one for some in periods.values() for one in some])


def _fit(mode: str, line: str, period: str, some: Sequence[Compared]) -> Fit:
    measured = np.array([one.trip.minutes for one in some])
    modelled = np.array([one.mid for one in some])
    weight = np.array([one.trip.runs for one in some])
    off = modelled - measured
    low, bias, high = (weighted_quantile(off, weight, share) for share in (0.25, 0.5, 0.75))
    factor = weighted_quantile(measured / modelled, weight, 0.5)
    return Fit(mode, line, period, len(some), int(weight.sum()), bias, low, high, factor)


def weighted_quantile(values: NDArray[np.float64], weight: NDArray[np.int64], share: float) -> float:
    """
    Find a quantile of values that stand for several each.

    Returns
    -------
    quantile
        The least value at or below which at least `share` of the weight lies; where exactly that much lies
        there, the mean of it and the next.
    """
    order = np.argsort(values, kind="stable")
    ranked, below = values[order], np.cumsum(weight[order])
    goal = share * below[-1]
    at = int(np.searchsorted(below, goal))
    if below[at] == goal and at + 1 < len(ranked):
        return float((ranked[at] + ranked[at + 1]) / 2)
    return float(ranked[at])

"""The nouns of a scenario with ranges: what every run gives, intervals over them, and what matters most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.assumed_range import Value
from accessibility.model.comparison import ASSUMED, CompareSettings
from accessibility.model.provenance import Notice
from accessibility.model.scenario import Scenario
from accessibility.model.transit_query import TransitQuery

SHARES = (10, 50, 90)
"""Percentiles of the sample that are told."""


@dataclass(frozen=True)
class Outcome:
    """
    A figure that a comparison gives.

    Parameters
    ----------
    id
        What it is: ``saved_min``, ``gain_share``, ``lose_share``, ``vehicle_hours``, ``vehicles``,
        ``vehicle_km``, ``change_min``.
    target
        Target it holds for, of all together where empty.
    site
        Site it holds for; the weighted mean of the sites where it is ``change_min`` without one.
    """

    id: str
    target: str = ""
    site: str = ""


@dataclass(frozen=True)
class Interval:
    """
    A figure over all runs of a scenario with ranges.

    Parameters
    ----------
    outcome
        Which figure.
    stated
        With every value as stated, the middle.
    p10, p50, p90
        Percentiles of the sample (nearest rank).
    low, high
        The smallest and the largest of any run: the sample, the ends one at a time, the values as stated.
    n_known, n_samples
        Runs of the sample that give the figure, and all of them; NaN stands where none does.
    """

    outcome: Outcome
    stated: float
    p10: float
    p50: float
    p90: float
    low: float
    high: float
    n_known: int
    n_samples: int


@dataclass(frozen=True)
class Bar:
    """
    What one range does to a figure while everything else stays as stated.

    Parameters
    ----------
    range_number
        Number of the range (from 0).
    low, high
        The smallest and the largest figure over its ends and the stated value.
    low_end, high_end
        Number of the end that gives it; -1 for the stated value.
    """

    range_number: int
    low: float
    high: float
    low_end: int
    high_end: int

    @property
    def width(self) -> float:
        """How much the range moves the figure."""
        return self.high - self.low


@dataclass(frozen=True, eq=False)
class RangeResult(Rebuilt):
    """
    A scenario with ranges against the baseline.

    Parameters
    ----------
    scenario
        The scenario with its ranges.
    settings, query
        What was asked of every run.
    weights
        Sites and weights as stated, or the same for each.
    outcomes
        Figures.
    seed
        Seed of the sample.
    drawn
        Values of the ranges, run by run of the sample.
    stated
        Figures with every value as stated, shape ``[n_outcomes]``; NaN where there is none.
    sample
        Figures of the sample, shape ``[n_samples, n_outcomes]``.
    ends
        Figures at the ends of each range, all else as stated; one array ``[n_ends, n_outcomes]`` per range.
    n_networks
        Different networks that were compared.
    notices
        What to know about the scenario.

    Raises
    ------
    ModelError
        If shapes disagree.
    """

    scenario: Scenario
    settings: CompareSettings
    query: TransitQuery
    weights: tuple[tuple[str, float], ...]
    outcomes: tuple[Outcome, ...]
    seed: int
    drawn: tuple[tuple[Value, ...], ...]
    stated: NDArray[np.float64]
    sample: NDArray[np.float64]
    ends: tuple[NDArray[np.float64], ...]
    n_networks: int
    notices: tuple[Notice, ...] = ()

    def __post_init__(self) -> None:
        """Freeze the columns and check what the class promises."""
        n, ranges = len(self.outcomes), self.scenario.ranges.ranges
        if len(self.ends) != len(ranges):
            raise ModelError("every range needs figures at its ends", code="range-ends")
        object.__setattr__(self, "stated", freeze(self.stated, np.float64, name="stated", shape=(n,)))
        shape = (len(self.drawn), n)
        object.__setattr__(self, "sample", freeze(self.sample, np.float64, name="sample", shape=shape))
        ends = tuple(
            freeze(values, np.float64, name=f"ends of {one.name}", shape=(len(one.ends), n))
            for one, values in zip(ranges, self.ends, strict=True)
        )
        object.__setattr__(self, "ends", ends)

    @property
    def assumed(self) -> bool:
        """Whether the scenario says that it rests on assumptions."""
        return self.scenario.mark == ASSUMED

    def interval(self, outcome: Outcome) -> Interval:
        """
        Sum up a figure over all runs.

        Raises
        ------
        ModelError
            If there is no such figure.
        """
        k = self._at(outcome)
        known = np.sort(self.sample[~np.isnan(self.sample[:, k]), k])
        n = len(known)
        p10, p50, p90 = (float(known[(p * n + 99) // 100 - 1]) if n else np.nan for p in SHARES)
        runs = np.concatenate([known, self.stated[k : k + 1], *(values[:, k] for values in self.ends)])
        runs = runs[~np.isnan(runs)]
        low, high = (float(runs.min()), float(runs.max())) if len(runs) else (np.nan, np.nan)
        return Interval(outcome, float(self.stated[k]), p10, p50, p90, low, high, n, len(self.sample))

    def bars(self, outcome: Outcome) -> tuple[Bar, ...]:
        """
        Tell what each range does to a figure by itself, the one that matters most first.

        Raises
        ------
        ModelError
            If there is no such figure.
        """
        k = self._at(outcome)
        return tuple(sorted(
            (_bar(number, values[:, k], self.stated[k]) for number, values in enumerate(self.ends)),
            key=lambda bar: -bar.width,
        ))  # fmt: skip

    def _at(self, outcome: Outcome) -> int:
        if outcome not in self.outcomes:
            raise ModelError(f"there is no figure {outcome}", code="range-outcome")
        return self.outcomes.index(outcome)


def _bar(number: int, at_ends: NDArray[np.float64], stated: float) -> Bar:
    """Find the extremes over the stated value and the ends; an end without a figure tells nothing."""
    values = np.append(at_ends, stated)
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return Bar(number, 0.0, 0.0, -1, -1)
    order = known[np.argsort(values[known], kind="stable")]
    lowest = len(at_ends) if values[order[0]] == stated else order[0]
    highest = len(at_ends) if values[order[-1]] == stated else order[-1]
    low_end, high_end = (int(i) if i < len(at_ends) else -1 for i in (lowest, highest))
    return Bar(number, float(values[lowest]), float(values[highest]), low_end, high_end)

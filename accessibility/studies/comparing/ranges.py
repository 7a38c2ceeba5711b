"""What does a scenario do where some of it is known only as a range, and which range matters most?"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import DataError, UsageError
from accessibility.messages import _
from accessibility.model.assumed_range import Ranges, Value, WeightRange, sampling_problems
from accessibility.model.comparison import CompareSettings
from accessibility.model.provenance import Notice
from accessibility.model.range_result import Outcome, RangeResult
from accessibility.model.scenario import Scenario
from accessibility.studies.comparing.comparer import Comparer
from accessibility.studies.comparing.range_ends import (
    check_ends,
    stated_values,
    values_at_ends,
    with_range_values,
)
from accessibility.studies.comparing.range_outcomes import figures_of, in_a_row, outcomes_of
from accessibility.studies.progress import Progress, silent


def compare_ranges(
    comparer: Comparer,
    scenario: Scenario,
    settings: CompareSettings | None = None,
    *,
    n_samples: int | None = None,
    seed: int | None = None,
    file: str = "",
    progress: Progress = silent,
) -> RangeResult:
    """
    Compare a scenario with the baseline for many values within its ranges.

    Parameters
    ----------
    comparer
        The study; the baseline is computed once.
    scenario
        A scenario with ranges.
    settings
        What to ask; that of the comparer where not given.
    n_samples, seed
        Size and seed of the sample; those of the scenario, else of the limits, where not given.
    file
        Its file, for the notices.
    progress
        Is told the runs.

    Returns
    -------
    result
        The values as stated, each range at its ends while all else stays as stated, and a Latin hypercube
        sample of all ranges together. The same inputs give the same bytes.

    Raises
    ------
    UsageError
        If the scenario has no ranges, or the sample cannot be.
    DataError
        If the scenario cannot be at some end of a range; all of it is told at once.
    """
    n_samples, seed = _sampling(comparer, scenario.ranges, n_samples, seed)
    runs = _Runs(comparer, scenario, settings or comparer.settings, file)
    ends = list(values_at_ends(scenario))
    check_ends(scenario, lambda one: comparer.changed(one, file=runs.file), where=runs.file)
    shares = _hypercube(sum(one.n_dimensions for one in scenario.ranges.ranges), n_samples, seed)
    drawn = [_values(scenario, row) for row in shares]
    rows, n_runs = [], 1 + len(ends) + n_samples
    for values in (stated_values(scenario), *ends, *drawn):
        rows.append(runs.row(values))
        progress(_("scenario with values within its ranges"), len(rows), n_runs)
    at_ends = iter(rows[1 : 1 + len(ends)])
    return RangeResult(
        scenario=scenario,
        settings=runs.comparison.settings,
        query=runs.comparison.query,
        weights=tuple(runs.weights.items()),
        outcomes=runs.outcomes,
        seed=seed,
        drawn=tuple(drawn),
        stated=rows[0],
        sample=np.array(rows[1 + len(ends) :]),
        ends=tuple(np.array([next(at_ends) for _end in one.ends]) for one in scenario.ranges.ranges),
        n_networks=runs.n_networks,
        notices=runs.comparison.notices,
    )


class _Runs:
    """Runs of one scenario; a network that comes again is not computed again."""

    def __init__(self, comparer: Comparer, scenario: Scenario, settings: CompareSettings, file: str) -> None:
        self._comparer, self._scenario, self._settings = comparer, scenario, settings
        self.file = file or scenario.name
        self.weights = _weights(comparer, scenario, self.file)
        as_stated = with_range_values(scenario, stated_values(scenario))
        self.comparison = comparer.compare(as_stated, settings, file=self.file)
        self.outcomes = outcomes_of(self.comparison)
        self._known: dict[tuple[object, ...], Mapping[Outcome, float]] = {
            scenario.modifications: figures_of(self.comparison)
        }

    @property
    def n_networks(self) -> int:
        """How many different networks were compared."""
        return len(self._known)

    def row(self, values: tuple[Value, ...]) -> NDArray[np.float64]:
        """Compute the figures with some values in place."""
        changed = with_range_values(self._scenario, values)
        if changed.modifications not in self._known:
            found = self._comparer.compare(changed, self._settings, file=self.file)
            self._known[changed.modifications] = figures_of(found)
        drawn = zip(self._scenario.ranges.ranges, values, strict=True)
        weights = self.weights | {one.site: value[0] for one, value in drawn if isinstance(one, WeightRange)}
        return in_a_row(self.outcomes, self._known[changed.modifications], weights)


def _sampling(comparer: Comparer, ranges: Ranges, n_samples: int | None, seed: int | None) -> tuple[int, int]:
    """Decide on size and seed: as called, else as the scenario has them, else as the limits."""
    if not ranges:
        what, mend = _("the scenario holds no ranges"), _("State them under [[range]]; docs/ranges.md.")
        raise UsageError(what, where="--scenario", mend=mend, code="ranges-none")
    problems = sampling_problems(n_samples, seed)
    if problems:
        option, message = problems[0]
        raise UsageError(message, where=f"--{option}", code="ranges-sampling")
    limits = comparer.loaded.defaults.limits
    size = (n_samples, ranges.n_samples, round(limits["range_samples"]))
    seeds = (seed, ranges.seed, round(limits["range_seed"]))
    return next(n for n in size if n is not None), next(s for s in seeds if s is not None)


def _weights(comparer: Comparer, scenario: Scenario, file: str) -> dict[str, float]:
    """Take the stated weights of the sites, or the same for each."""
    sites, stated = comparer.sites.ids, dict(scenario.ranges.weights)
    unknown = [site for site in stated if site not in sites]
    if unknown:
        what = _("the study has no such site; it has {sites}", sites=", ".join(sites))
        raise DataError(
            _("the scenario weighs sites that the study does not have"),
            notices=tuple(Notice("range-site", "error", what, file, 0, "weights", site) for site in unknown),
            where=file,
            mend=_("Mend the settings named; docs/ranges.md describes each."),
            code="range-site",
        )
    return stated or dict.fromkeys(sites, 1 / max(1, len(sites)))


def _hypercube(n_dimensions: int, n_samples: int, seed: int) -> NDArray[np.float64]:
    """Draw shares from 0 to 1: in every column one in each of `n_samples` equal parts."""
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(n_dimensions, seed=np.random.default_rng(seed))
    shares: NDArray[np.float64] = sampler.random(n_samples)
    return shares


def _values(scenario: Scenario, shares: NDArray[np.float64]) -> tuple[Value, ...]:
    """Turn a row of shares into values of the ranges."""
    rest = iter(shares.tolist())
    return tuple(
        one.at([next(rest) for _number in range(one.n_dimensions)]) for one in scenario.ranges.ranges
    )

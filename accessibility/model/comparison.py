"""The nouns of a comparison: a network as it is and as a scenario makes it, asked the same question."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.provenance import Notice
from accessibility.model.reasons import REACHED
from accessibility.model.service_cost import LineCost
from accessibility.model.transit_query import TransitQuery

SAME_WITHIN_S = 60
"""A change of a minute or less counts as none: travel times are told in minutes."""

SAME, GAIN, LOSE, NEWLY_REACHED, NO_LONGER_REACHED, NEVER_REACHED = range(6)
"""What becomes of an origin."""

MOVED = (GAIN, LOSE, NEWLY_REACHED, NO_LONGER_REACHED)
"""Classes of origins for which something changes."""

CLASS_CODES = ("same", "gain", "lose", "newly-reached", "no-longer-reached", "never-reached")
"""Class -> what tables print."""

ATTACHED_ELSEWHERE = "attached-elsewhere"
"""Code of the notice that another street is nearest to some points; told with the findings."""

ASSUMED = "A"
"""Mark of a scenario that rests on assumptions; every map and table then says so."""


@dataclass(frozen=True)
class CompareSettings:
    """
    What is asked of the network before and after.

    Parameters
    ----------
    as_of
        Date.
    period
        Period of the study.
    percentile
        Percentile of the travel times over the departures of the period.
    targets
        Targets of the study; all of them where empty.
    access_mode
        How people get to the first stop.
    """

    as_of: date
    period: str
    percentile: int = 50
    targets: tuple[str, ...] = ()
    access_mode: str = "walk"

    def __post_init__(self) -> None:
        """Check what the class promises."""
        if not 1 <= self.percentile <= 99:
            what = _("a percentile is a whole number from 1 to 99")
            raise ModelError(what, where=f"--percentile {self.percentile}", code="query-percentile")


@dataclass(frozen=True, eq=False)
class ChangeTable(Rebuilt):
    """
    Time to the nearest of a target, before and after.

    Parameters
    ----------
    target
        Id of the target.
    origin_ids
        Identifiers of the rows.
    before_s, after_s
        Travel times (s), NaN where not reached, shape ``[n_origins]``.
    reason_before, reason_after
        Why not (`accessibility.model.reasons`), int8.
    to_before, to_after
        Identifier of the nearest place, empty where not reached; empty altogether where nobody asked.

    Raises
    ------
    ModelError
        If shapes disagree, or a row has neither a value nor a reason.
    """

    target: str
    origin_ids: tuple[str, ...]
    before_s: NDArray[np.float64]
    after_s: NDArray[np.float64]
    reason_before: NDArray[np.int8]
    reason_after: NDArray[np.int8]
    to_before: tuple[str, ...] = ()
    to_after: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Freeze the columns and check what the class promises."""
        shape = (len(self.origin_ids),)
        if {len(self.to_before), len(self.to_after)} - {0, *shape}:
            raise ModelError("a destination is named for every row or for none", code="table-nearest")
        for side in ("before", "after"):
            times = freeze(getattr(self, f"{side}_s"), np.float64, name=f"{side}_s", shape=shape)
            reason = freeze(getattr(self, f"reason_{side}"), np.int8, name=f"reason_{side}", shape=shape)
            if np.any(np.isnan(times) == (reason == REACHED)):
                raise ModelError("every row must have a value or a reason", code="table-reason")
            object.__setattr__(self, f"{side}_s", times)
            object.__setattr__(self, f"reason_{side}", reason)

    def __len__(self) -> int:
        """Count the origins."""
        return len(self.origin_ids)

    @property
    def change_s(self) -> NDArray[np.float64]:
        """After minus before (s): negative where people gain; NaN unless reached both times."""
        change: NDArray[np.float64] = self.after_s - self.before_s
        return change

    @property
    def classes(self) -> NDArray[np.int8]:
        """What becomes of every origin: an index of `CLASS_CODES`, shape ``[n_origins]``."""
        before, after = ~np.isnan(self.before_s), ~np.isnan(self.after_s)
        with np.errstate(invalid="ignore"):
            cases = [
                ~before & ~after,
                ~before & after,
                before & ~after,
                self.change_s < -SAME_WITHIN_S,
                self.change_s > SAME_WITHIN_S,
            ]
        found = np.select(cases, [NEVER_REACHED, NEWLY_REACHED, NO_LONGER_REACHED, GAIN, LOSE], SAME)
        return found.astype(np.int8)

    def count(self, of_class: int) -> int:
        """Count the origins of a class."""
        return int((self.classes == of_class).sum())

    def take(self, rows: range) -> "ChangeTable":
        """Return some origins."""
        some = slice(rows.start, rows.stop)
        return ChangeTable(
            self.target, self.origin_ids[some], self.before_s[some], self.after_s[some],
            self.reason_before[some], self.reason_after[some], self.to_before[some], self.to_after[some],
        )  # fmt: skip

    @property
    def best(self) -> NDArray[np.int64]:
        """Order the origins that gain: newly reached, then the largest saving."""
        classes = self.classes
        saving_s = np.where(classes == NEWLY_REACHED, np.inf, -self.change_s)
        gaining = np.flatnonzero((classes == GAIN) | (classes == NEWLY_REACHED))
        return gaining[np.argsort(-saving_s[gaining], kind="stable")]

    @property
    def worst(self) -> NDArray[np.int64]:
        """Order the origins that lose, the most affected first: no longer reached, then the longest delay."""
        classes = self.classes
        delay_s = np.where(classes == NO_LONGER_REACHED, np.inf, self.change_s)
        losing = np.flatnonzero((classes == LOSE) | (classes == NO_LONGER_REACHED))
        return losing[np.argsort(-delay_s[losing], kind="stable")]


@dataclass(frozen=True, eq=False)
class Comparison:
    """
    A scenario against the baseline: same window, limits, seed and draws.

    Parameters
    ----------
    scenario, mark
        Name of the scenario, and its mark of certainty.
    settings, query
        What was asked, and the question it became; the same before and after.
    tables, site_tables
        Changes from the cells of the grid and from the sites, one table per target.
    n_recomputed, n_origins
        Origins that the change could touch, so that some answer of theirs was computed anew, of all.
    costs_before, costs_after
        What the lines that the scenario changes take to run.
    notices
        What to know about it.
    people
        How many live in every square, ``None`` where nobody said.
    idle
        Lines that the scenario changes or adds, as it names them, whose trips of the date are as before.
    """

    scenario: str
    mark: str
    settings: CompareSettings
    query: TransitQuery
    tables: tuple[ChangeTable, ...]
    site_tables: tuple[ChangeTable, ...]
    n_recomputed: int
    n_origins: int
    costs_before: tuple[LineCost, ...] = ()
    costs_after: tuple[LineCost, ...] = ()
    notices: tuple[Notice, ...] = ()
    people: NDArray[np.float64] | None = None
    idle: tuple[str, ...] = ()

    @property
    def assumed(self) -> bool:
        """Whether the scenario rests on assumptions."""
        return self.mark == ASSUMED

    @property
    def without_effect(self) -> bool:
        """Whether the scenario changes lines, none of which runs otherwise on the date, and nothing else."""
        return bool(self.idle) and not (self.costs_before or self.costs_after or self.n_recomputed)

    def table(self, target: str) -> ChangeTable:
        """
        Return the changes of a target from the cells.

        Raises
        ------
        ModelError
            If it was not compared.
        """
        for table in self.tables:
            if table.target == target:
                return table
        raise ModelError(f"no target {target!r} was compared", code="comparison-target")

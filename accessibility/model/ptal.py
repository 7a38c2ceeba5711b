"""The rules of PTAL (public transport access level) as rows of data."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.arrays import Rebuilt
from accessibility.model.provenance import Notice, Provenance

GTFS_KINDS = {0: "tram", 1: "metro", 2: "rail", 3: "bus", 4: "ferry", 11: "bus", 12: "rail"}
"""GTFS ``route_type`` -> kind of service; the extended types fall into hundreds."""

_EXTENDED_KINDS = {1: "rail", 2: "bus", 4: "metro", 7: "bus", 8: "bus", 9: "tram", 10: "ferry"}


def kind_of(route_type: int) -> str:
    """Name the kind of service of a GTFS ``route_type``; empty where PTAL has none (cable cars, taxis)."""
    if route_type >= 100:
        return _EXTENDED_KINDS.get(route_type // 100, "")
    return GTFS_KINDS.get(route_type, "")


@dataclass(frozen=True)
class PtalRules(Rebuilt):
    """
    What a public transport access level is made of.

    Parameters
    ----------
    walk_limit_s, reliability_s
        Kind of service (``bus``, ``rail``, ``metro``, ``tram``, …) -> longest walk (s) to it, and time (s)
        added to its wait.
    weight_best, weight_other
        Weights of the best route of a kind and of its other routes.
    doorstep_s
        Time (s) that is divided by the total access time to give the equivalent doorstep frequency.
    walk_mps
        Walking speed (m/s) of the definition; travel times must be asked with it.
    start_s, end_s
        Period (s since the start of the day) in which departures count.
    bands
        Names of the levels and the index each begins above, lowest first; the first is that of index 0.
    marks
        Marks of the rows; a result that rests on a ``U`` or ``W`` says so, by `notices`.
    provenance
        The file.

    Raises
    ------
    ModelError
        If kinds disagree, bands are not in order, or a figure cannot be.
    """

    walk_limit_s: Mapping[str, float]
    reliability_s: Mapping[str, float]
    weight_best: float
    weight_other: float
    doorstep_s: float
    walk_mps: float
    start_s: int
    end_s: int
    bands: tuple[tuple[str, float], ...]
    marks: tuple[str, ...] = ()
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        """Freeze the tables and check what the class promises."""
        for name in ("walk_limit_s", "reliability_s"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        if set(self.walk_limit_s) != set(self.reliability_s) or not self.walk_limit_s:
            raise ModelError("every kind needs a walking limit and a reliability", code="ptal-kinds")
        above_zero = (*self.walk_limit_s.values(), self.weight_best, self.doorstep_s, self.walk_mps)
        if not all(value > 0 for value in above_zero) or min(self.reliability_s.values()) < 0:
            raise ModelError("limits, weights and speeds of PTAL must be above 0", code="ptal-figure")
        if not 0 <= self.weight_other <= self.weight_best or not 0 <= self.start_s < self.end_s:
            raise ModelError("weights or period of PTAL are out of order", code="ptal-figure")
        begins = [begin for _name, begin in self.bands[1:]]
        if not begins or begins[0] != 0 or any(a >= b for a, b in zip(begins, begins[1:], strict=False)):
            raise ModelError("bands of PTAL begin at 0 and rise", code="ptal-bands")

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What every result must say: how many of the figures nobody compared with the text itself."""
        words = {
            "U": ("ptal-unverified", _("general knowledge, not compared with the text (mark U)")),
            "W": ("ptal-second-hand", _("read in public summaries, not in the text itself (mark W)")),
        }
        file = self.provenance.sources[0].file if self.provenance.sources else ""
        mend = _("Check the text before quoting the result.")
        return tuple(
            Notice(
                code, "warning",
                _("figures of PTAL are {what}: {n} of {total}", what=what, n=n, total=len(self.marks)),
                file, 0, "mark", mark, mend,
            )
            for mark, (code, what) in words.items()
            if (n := self.marks.count(mark))
        )  # fmt: skip

    def level_of(self, index: NDArray[np.float64]) -> tuple[str, ...]:
        """Name the levels of some access indices, rounded to two decimals first; empty for NaN."""
        names = [name for name, _begin in self.bands]
        begins = np.array([begin for _name, begin in self.bands[1:]])
        at = np.searchsorted(begins, np.round(np.where(np.isnan(index), 0.0, index), 2), side="left")
        return tuple("" if np.isnan(value) else names[i] for value, i in zip(index, at, strict=True))

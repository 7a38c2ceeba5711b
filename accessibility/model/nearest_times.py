"""The noun ``NearestTimes``: how far the nearest of a set is, minute by minute."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.provenance import Provenance
from accessibility.model.reasons import REACHED
from accessibility.model.transit_query import TransitQuery
from accessibility.units import UNREACHED

NOBODY = -1


@dataclass(frozen=True, eq=False)
class NearestTimes(Rebuilt):
    """
    Travel times to whichever member of a set is nearest at each minute of a window of departures or arrivals.

    Percentiles are those of the minute-wise nearest: somebody may go to one member at 14:00 and to another at
    14:20, so a percentile is never above, and often below, the smallest percentile of any single member.

    Parameters
    ----------
    origin_ids, member_ids
        Identifiers of the origins and of the members of the set.
    minute_s
        Durations (s), int32, shape ``[n_origins, n_draws * n_minutes]``; `UNREACHED` where none.
    minute_member
        The member behind each, int32, `NOBODY` where none.
    duration_s
        Percentiles of ``minute_s``, int32, shape ``[n_origins, n_levels]``.
    member
        The member behind each; where several attain the percentile, the first.
    reason
        Why an origin has no answer on any level (`accessibility.model.reasons`), int8.
    query
        The question; its ``levels`` label the percentiles.
    provenance
        Sources and notices of everything that went in.

    Raises
    ------
    ModelError
        If shapes disagree, or an origin is neither reached nor has a reason.
    """

    origin_ids: tuple[str, ...]
    member_ids: tuple[str, ...]
    minute_s: NDArray[np.int32]
    minute_member: NDArray[np.int32]
    duration_s: NDArray[np.int32]
    member: NDArray[np.int32]
    reason: NDArray[np.int8]
    query: TransitQuery
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        """Freeze every column and check what the class promises."""
        n_origins, levels = len(self.origin_ids), (len(self.origin_ids), len(self.query.levels))
        minute_s = freeze(self.minute_s, np.int32, name="minute_s", shape=(n_origins, None))
        object.__setattr__(self, "minute_s", minute_s)
        for name, dtype, shape in (
            ("minute_member", np.int32, minute_s.shape),
            ("duration_s", np.int32, levels),
            ("member", np.int32, levels),
            ("reason", np.int8, (n_origins,)),
        ):
            object.__setattr__(self, name, freeze(getattr(self, name), dtype, name=name, shape=shape))
        if np.any((self.duration_s != UNREACHED).any(axis=1) != (self.reason == REACHED)):
            raise ModelError("every origin must be reached or have a reason", code="times-reason")

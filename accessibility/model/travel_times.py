"""The noun ``TravelTimes``: one duration per origin, destination and level, or a reason."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.provenance import Provenance
from accessibility.model.reasons import REACHED
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import TravelQuery
from accessibility.units import UNREACHED


@dataclass(frozen=True, eq=False)
class TravelTimes(Rebuilt):
    """
    Door-to-door travel times.

    Parameters
    ----------
    origin_ids, destination_ids
        Identifiers, in the order of the axes.
    duration_s
        Durations (s), int32, shape ``[n_origins, n_destinations, n_levels]``; `UNREACHED` where none.
    distance_m
        Length (m) of the way that takes this duration, float32, same shape; NaN where unreached, and for
        public transport.
    reason
        Why a pair has no answer on any level (`accessibility.model.reasons`), int8, shape
        ``[n_origins, n_destinations]``; `REACHED` where at least one level has one.
    query
        The question; its ``levels`` label the last axis.
    provenance
        Sources and notices of everything that went in.

    Raises
    ------
    ModelError
        If shapes disagree, a duration is negative, or a pair is neither reached nor has a reason.
    """

    origin_ids: tuple[str, ...]
    destination_ids: tuple[str, ...]
    duration_s: NDArray[np.int32]
    distance_m: NDArray[np.float32]
    reason: NDArray[np.int8]
    query: TravelQuery | TransitQuery
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        """Freeze both arrays and check what the class promises."""
        pairs = (len(self.origin_ids), len(self.destination_ids))
        per_level = (*pairs, len(self.query.levels))
        duration_s = freeze(self.duration_s, np.int32, name="duration_s", shape=per_level)
        distance_m = freeze(self.distance_m, np.float32, name="distance_m", shape=per_level)
        reason = freeze(self.reason, np.int8, name="reason", shape=pairs)
        object.__setattr__(self, "duration_s", duration_s)
        object.__setattr__(self, "distance_m", distance_m)
        object.__setattr__(self, "reason", reason)
        if duration_s.size and duration_s.min() < 0:
            raise ModelError("a duration is negative", code="times-negative")
        if np.any((duration_s != UNREACHED).any(axis=2) != (reason == REACHED)):
            raise ModelError("every pair must be reached or have a reason", code="times-reason")

    def level(self, label: str) -> NDArray[np.int32]:
        """
        Return the durations (s) of one level, shape ``[n_origins, n_destinations]``.

        Raises
        ------
        ModelError
            If there is no such level.
        """
        if label not in self.query.levels:
            raise ModelError(f"no level {label!r}: {', '.join(self.query.levels)}", code="times-level")
        return self.duration_s[:, :, self.query.levels.index(label)]

    def take(
        self, *, origins: Sequence[int] | None = None, destinations: Sequence[int] | None = None
    ) -> "TravelTimes":
        """Take some origins and destinations, by index and in that order; all of them where not given."""
        rows = np.arange(len(self.origin_ids)) if origins is None else np.asarray(origins, dtype=np.intp)
        columns = (
            np.arange(len(self.destination_ids))
            if destinations is None
            else np.asarray(destinations, np.intp)
        )
        chosen = np.ix_(rows, columns)
        return TravelTimes(
            origin_ids=tuple(self.origin_ids[i] for i in rows),
            destination_ids=tuple(self.destination_ids[j] for j in columns),
            duration_s=self.duration_s[chosen],
            distance_m=self.distance_m[chosen],
            reason=self.reason[chosen],
            query=self.query,
            provenance=self.provenance,
        )

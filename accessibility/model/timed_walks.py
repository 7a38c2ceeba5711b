"""The noun ``TimedWalks``: every walk of a journey by public transport, in seconds of one query."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze, ranges
from accessibility.model.linkage import by_target
from accessibility.model.transfer_rules import Walks


@dataclass(frozen=True, eq=False)
class TimedWalks(Rebuilt):
    """
    Walks within the limits of a query, each table as offsets, targets and seconds (s).

    Parameters
    ----------
    access
        From every origin to stops.
    transfers
        From every stop to stops: what must pass between alighting and readiness to board, by the rules.
    transfer_walk_s
        What of that is walked (s), same shape as the seconds of `transfers`.
    egress
        To every destination from stops (by destination).
    direct
        From every origin to destinations.

    Raises
    ------
    ModelError
        If columns disagree.
    """

    access: Walks
    transfers: Walks
    transfer_walk_s: NDArray[np.int32]
    egress: Walks
    direct: Walks

    def __post_init__(self) -> None:
        """Freeze every column and check what the class promises."""
        for name in ("access", "transfers", "egress", "direct"):
            offset, target, walk_s = getattr(self, name)
            offset = freeze(offset, np.int64, name=f"TimedWalks.{name}", shape=(None,))
            target = freeze(target, np.int32, name=f"TimedWalks.{name}", shape=(None,))
            walk_s = freeze(walk_s, np.int32, name=f"TimedWalks.{name}", shape=target.shape)
            if not len(offset) or offset[0] != 0 or offset[-1] != len(target):
                raise ModelError(f"TimedWalks.{name} must span its columns", code="walks-shape")
            object.__setattr__(self, name, (offset, target, walk_s))
        walked = freeze(self.transfer_walk_s, np.int32, name="transfer_walk_s", shape=self.transfers[1].shape)
        object.__setattr__(self, "transfer_walk_s", walked)

    def at_origins(self, rows: NDArray[np.intp]) -> "TimedWalks":
        """Take some origins, in this order."""
        return replace(self, access=rows_of(self.access, rows), direct=rows_of(self.direct, rows))

    def mirrored(self, slack_s: int) -> "TimedWalks":
        """Give the legs of who travels back in time; the slack then follows a ride, not precedes it."""
        n_stops, n_destinations = len(self.transfers[0]) - 1, len(self.egress[0]) - 1
        transfers, order = _turned(self.transfers, n_stops)
        direct, _order = _turned(self.direct, n_destinations)
        return TimedWalks(
            access=self.egress,
            transfers=(*transfers[:2], transfers[2] + np.int32(slack_s)),
            transfer_walk_s=self.transfer_walk_s[order],
            egress=(*self.access[:2], self.access[2] + np.int32(slack_s)),
            direct=direct,
        )


def rows_of(walks: Walks, rows: NDArray[np.intp]) -> Walks:
    """Take some rows of a table of walks, in this order."""
    offset, target, walk_s = walks
    counts = np.diff(offset)[rows]
    _row, walk = ranges(offset[rows], counts)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]), target[walk], walk_s[walk]


def _turned(walks: Walks, n_targets: int) -> tuple[Walks, NDArray[np.intp]]:
    """Give the same walks by their targets, and the order they were in."""
    offset, source, order = by_target(walks[0], walks[1], n_targets)
    return (offset, source, walks[2][order]), order


def walks_of(walks: Walks, index: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return targets and seconds (s) of the walks of one point."""
    offset, target, walk_s = walks
    part = slice(offset[index], offset[index + 1])
    return target[part], walk_s[part]

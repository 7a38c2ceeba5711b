"""The noun ``TimedWalks``: every walk of a journey by public transport, in seconds of one query."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze

Walks = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]
"""Walks in seconds: offsets, targets, seconds."""


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


def walks_of(walks: Walks, index: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return targets and seconds (s) of the walks of one point."""
    offset, target, walk_s = walks
    part = slice(offset[index], offset[index + 1])
    return target[part], walk_s[part]

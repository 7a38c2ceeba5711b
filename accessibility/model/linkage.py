"""The noun ``Linkage``: where places are attached to the streets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.model.arrays import Rebuilt, freeze

NOT_LINKED = -1


@dataclass(frozen=True, eq=False)
class Attachment(Rebuilt):
    """
    Places attached to street segments, for one mode.

    Parameters
    ----------
    segment
        Segment of each place, `NOT_LINKED` where no street lies within the radius, shape ``[n_places]``.
    along_m
        Distance (m) from the start of the segment to the point of attachment, in the metres of
        `Streets.length_m`.
    snap_m
        Straight-line distance (m) from the place to that point, NaN where not linked.
    located
        Whether the place has a position at all.
    x_m, y_m
        Position of the place (m) in the coordinate system of the streets, NaN where unknown.
    """

    segment: NDArray[np.int32]
    along_m: NDArray[np.float64]
    snap_m: NDArray[np.float64]
    located: NDArray[np.bool_]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Freeze every column."""
        shape = (len(self.segment),)
        for name, dtype in (
            ("segment", np.int32),
            ("along_m", np.float64),
            ("snap_m", np.float64),
            ("located", np.bool_),
            ("x_m", np.float64),
            ("y_m", np.float64),
        ):
            object.__setattr__(self, name, freeze(getattr(self, name), dtype, name=name, shape=shape))

    def __len__(self) -> int:
        """Count the places."""
        return len(self.segment)

    @property
    def linked(self) -> NDArray[np.bool_]:
        """Say which places are attached, shape ``[n_places]``."""
        linked: NDArray[np.bool_] = self.segment != NOT_LINKED
        return linked

    def part(self, rows: range) -> "Attachment":
        """Take a run of places."""
        some = slice(rows.start, rows.stop)
        return Attachment(
            segment=self.segment[some],
            along_m=self.along_m[some],
            snap_m=self.snap_m[some],
            located=self.located[some],
            x_m=self.x_m[some],
            y_m=self.y_m[some],
        )


@dataclass(frozen=True, eq=False)
class Linkage:
    """
    Origins and destinations attached to the streets, for one mode.

    Parameters
    ----------
    mode
        The mode they are attached for.
    origins, destinations
        Their attachments.
    """

    mode: str
    origins: Attachment
    destinations: Attachment

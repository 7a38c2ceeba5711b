"""The noun ``Linkage``: where places are attached to the streets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
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

    def part(self, rows: range | NDArray[np.intp]) -> "Attachment":
        """Take a run of places, or some by their numbers."""
        some = slice(rows.start, rows.stop) if isinstance(rows, range) else rows
        return Attachment(
            segment=self.segment[some],
            along_m=self.along_m[some],
            snap_m=self.snap_m[some],
            located=self.located[some],
            x_m=self.x_m[some],
            y_m=self.y_m[some],
        )


@dataclass(frozen=True, eq=False)
class WalkTable(Rebuilt):
    """
    Walks from some points to others, in metres of level ground: speed stays a setting of the query.

    Parameters
    ----------
    offset, target, length_m
        Walks of point ``i``: to ``target[offset[i]:offset[i + 1]]``, by increasing target, each with its
        length (m); steps and the way between place and street count with their factors.
    n_targets
        Number of points walked to.
    radius_m
        Length (m) up to which the table is complete.

    Raises
    ------
    ModelError
        If columns disagree, a target points nowhere, or a length lies outside the radius.
    """

    offset: NDArray[np.int64]
    target: NDArray[np.int32]
    length_m: NDArray[np.float64]
    n_targets: int
    radius_m: float

    def __post_init__(self) -> None:
        """Freeze every column and check what the class promises."""
        n_walks = len(self.target)
        for name, dtype, length in (("offset", np.int64, None), ("target", np.int32, n_walks),
                                    ("length_m", np.float64, n_walks)):  # fmt: skip
            column = freeze(getattr(self, name), dtype, name=f"WalkTable.{name}", shape=(length,))
            object.__setattr__(self, name, column)
        if self.offset[0] != 0 or self.offset[-1] != n_walks:
            raise ModelError("WalkTable.offset must span its columns", code="walks-shape")
        if n_walks and not (self.target.min() >= 0 and self.target.max() < self.n_targets):
            raise ModelError("WalkTable.target points nowhere", code="walks-index")
        if n_walks and not (self.length_m.min() >= 0 and self.length_m.max() <= self.radius_m):
            raise ModelError("WalkTable.length_m must lie within the radius", code="walks-length")

    def __len__(self) -> int:
        """Count the points walked from."""
        return len(self.offset) - 1

    def row(self, index: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return targets and lengths (m) of the walks of one point."""
        part = slice(self.offset[index], self.offset[index + 1])
        return self.target[part], self.length_m[part]

    def turned(self) -> "WalkTable":
        """Return the same walks by target, as needed where people arrive."""
        source = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.offset))
        order = np.lexsort((source, self.target))
        offset = np.zeros(self.n_targets + 1, np.int64)
        np.cumsum(np.bincount(self.target, minlength=self.n_targets), out=offset[1:])
        return WalkTable(offset, source[order], self.length_m[order], len(self), self.radius_m)


@dataclass(frozen=True, eq=False)
class TransitLinkage:
    """
    Walks that a journey by public transport is made of.

    Parameters
    ----------
    access
        From every origin to stops.
    transfers
        From every stop to stops, itself included.
    egress
        To every destination from stops (by destination).
    direct
        From every origin to destinations, all the way.
    stops, origins, destinations
        Where they are attached to the streets.
    """

    access: WalkTable
    transfers: WalkTable
    egress: WalkTable
    direct: WalkTable
    stops: Attachment
    origins: Attachment
    destinations: Attachment


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

"""The noun ``Linkage``: where places are attached to the streets."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze, ranges
from accessibility.model.travel_query import TravelQuery

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
        return self.at(np.arange(rows.start, min(rows.stop, len(self))))

    def at(self, rows: NDArray[np.integer]) -> "Attachment":
        """Take some places, in this order."""
        return Attachment(
            segment=self.segment[rows],
            along_m=self.along_m[rows],
            snap_m=self.snap_m[rows],
            located=self.located[rows],
            x_m=self.x_m[rows],
            y_m=self.y_m[rows],
        )


def by_target(
    offset: NDArray[np.int64], target: NDArray[np.int32], n_targets: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.intp]]:
    """
    Turn the rows of a sparse table into its columns.

    Returns
    -------
    offset, source, order
        Entries by target, the rows they come from, and the order of the former entries that gives both.
    """
    source = np.repeat(np.arange(len(offset) - 1, dtype=np.int32), np.diff(offset))
    order = np.lexsort((source, target))
    turned = np.zeros(n_targets + 1, np.int64)
    np.cumsum(np.bincount(target, minlength=n_targets), out=turned[1:])
    return turned, source[order], order


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
    fixed_s
        Seconds of each walk that do not depend on the walking speed: stated times of ways in stations. None
        where empty.

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
    fixed_s: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))

    def __post_init__(self) -> None:
        """Freeze every column and check what the class promises."""
        n_walks = len(self.target)
        if not len(self.fixed_s):
            object.__setattr__(self, "fixed_s", np.zeros(n_walks, np.int32))
        for name, dtype, length in (
            ("offset", np.int64, None),
            ("target", np.int32, n_walks),
            ("length_m", np.float64, n_walks),
            ("fixed_s", np.int32, n_walks),
        ):
            column = freeze(getattr(self, name), dtype, name=f"WalkTable.{name}", shape=(length,))
            object.__setattr__(self, name, column)
        if self.offset[0] != 0 or self.offset[-1] != n_walks:
            raise ModelError("WalkTable.offset must span its columns", code="walks-shape")
        if n_walks and not (self.target.min() >= 0 and self.target.max() < self.n_targets):
            raise ModelError("WalkTable.target points nowhere", code="walks-index")
        if n_walks and not (self.length_m.min() >= 0 and self.length_m.max() <= self.radius_m):
            raise ModelError("WalkTable.length_m must lie within the radius", code="walks-length")
        if n_walks and self.fixed_s.min() < 0:
            raise ModelError("WalkTable.fixed_s must be >= 0", code="walks-length")

    def __len__(self) -> int:
        """Count the points walked from."""
        return len(self.offset) - 1

    def row(self, index: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return targets and lengths (m) of the walks of one point."""
        part = slice(self.offset[index], self.offset[index + 1])
        return self.target[part], self.length_m[part]

    def seconds(self, walk_mps: float, index: int | None = None) -> NDArray[np.int32]:
        """Return how long the walks of one point, or all, take (s) at a speed (m/s), rounded half up."""
        part = slice(None) if index is None else slice(self.offset[index], self.offset[index + 1])
        return np.floor(self.length_m[part] / walk_mps + 0.5).astype(np.int32) + self.fixed_s[part]

    def part(self, rows: range) -> "WalkTable":
        """Take the walks of a run of points."""
        offset = self.offset[rows.start : rows.stop + 1]
        some = slice(offset[0], offset[-1])
        return WalkTable(
            offset - offset[0], self.target[some], self.length_m[some], self.n_targets, self.radius_m,
            self.fixed_s[some],
        )  # fmt: skip

    def at(self, rows: NDArray[np.intp]) -> "WalkTable":
        """Take the walks of some points, in this order."""
        counts = np.diff(self.offset)[rows]
        _row, walk = ranges(self.offset[rows], counts)
        offset = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        columns = (self.target[walk], self.length_m[walk], self.n_targets, self.radius_m, self.fixed_s[walk])
        return WalkTable(offset, *columns)

    def turned(self) -> "WalkTable":
        """Return the same walks by target, as needed where people arrive."""
        offset, source, order = by_target(self.offset, self.target, self.n_targets)
        return WalkTable(offset, source, self.length_m[order], len(self), self.radius_m, self.fixed_s[order])

    def then(self, onward: "WalkTable") -> "WalkTable":
        """
        Go on from every target by another table, within the radius of this one.

        Of several ways to one target the quickest at 1 m/s is kept.
        """
        walk, at = ranges(onward.offset[self.target], np.diff(onward.offset)[self.target])
        source = np.repeat(np.arange(len(self)), np.diff(self.offset))[walk]
        length_m = self.length_m[walk] + onward.length_m[at]
        fixed_s = self.fixed_s[walk] + onward.fixed_s[at]
        within = length_m <= self.radius_m
        columns = (source[within], onward.target[at][within], length_m[within], fixed_s[within])
        return _quickest(columns, len(self), onward.n_targets, self.radius_m)


def shortest_of(one: WalkTable, other: WalkTable) -> WalkTable:
    """
    Join two tables between the same points; of two walks between a pair the quickest at 1 m/s is kept.

    Parameters
    ----------
    one, other
        Tables; both are complete up to the radius of the first.

    Returns
    -------
    walks
        Complete up to that radius.
    """
    tables = (one, other)
    source = np.concatenate([np.repeat(np.arange(len(table)), np.diff(table.offset)) for table in tables])
    target, length_m, fixed_s = (
        np.concatenate([getattr(table, name) for table in tables])
        for name in ("target", "length_m", "fixed_s")
    )
    return _quickest((source, target, length_m, fixed_s), len(one), one.n_targets, one.radius_m)


def _quickest(
    columns: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64], NDArray[np.int32]],
    n_sources: int,
    n_targets: int,
    radius_m: float,
) -> WalkTable:
    """Keep for every pair the walk with the least metres plus seconds, of equals the shorter one."""
    source, target, length_m, fixed_s = columns
    order = np.lexsort((length_m, length_m + fixed_s, target, source))
    source, target = source[order], target[order]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    kept = order[fresh]
    offset = np.zeros(n_sources + 1, np.int64)
    np.cumsum(np.bincount(source[fresh], minlength=n_sources), out=offset[1:])
    return WalkTable(offset, target[fresh], length_m[kept], n_targets, radius_m, fixed_s[kept])


@dataclass(frozen=True)
class FeederTable:
    """
    Ways between places and stops by a mode of travel on streets.

    Parameters
    ----------
    query
        Mode and speeds the ways hold for, at its middle level; complete up to its longest duration.
    ways
        Their times as seconds that do not depend on the walking speed, and what is walked inside stations.
    """

    query: TravelQuery
    ways: WalkTable


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
        Where they are attached to the streets; a stop behind entrances where the nearest entrance is.
    access_feeder, egress_feeder
        Ways from every origin to stops, and to every destination from stops, of people who do not just walk.
    """

    access: WalkTable
    transfers: WalkTable
    egress: WalkTable
    direct: WalkTable
    stops: Attachment
    origins: Attachment
    destinations: Attachment
    access_feeder: FeederTable | None = None
    egress_feeder: FeederTable | None = None

    def of_origins(self, rows: range) -> "TransitLinkage":
        """Take a run of origins."""
        feeder = self.access_feeder
        return replace(
            self,
            access=self.access.part(rows),
            direct=self.direct.part(rows),
            origins=self.origins.part(rows),
            access_feeder=None if feeder is None else replace(feeder, ways=feeder.ways.part(rows)),
        )

    def at_origins(self, rows: NDArray[np.intp]) -> "TransitLinkage":
        """Take some origins, in this order."""
        feeder = self.access_feeder
        return replace(
            self,
            access=self.access.at(rows),
            direct=self.direct.at(rows),
            origins=self.origins.at(rows),
            access_feeder=None if feeder is None else replace(feeder, ways=feeder.ways.at(rows)),
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

    def of_origins(self, rows: range) -> "Linkage":
        """Take a run of origins."""
        return Linkage(self.mode, self.origins.part(rows), self.destinations)

"""Driving speeds: rows of data with a source, by road class and period."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.streets import Streets

FALLBACK_CLASS = "road"
"""Row that serves road classes without one of their own."""


@dataclass(frozen=True)
class RoadSpeed:
    """
    Driving speed on one class of road in one period.

    Parameters
    ----------
    road_class
        OSM ``highway`` value.
    name_contains
        The row serves only roads whose name holds this text (e.g. 高架); ``""`` serves all.
    period
        Name of the period.
    low_mps, mid_mps, high_mps
        Range of speeds (m/s), 0 < low <= mid <= high.
    mark, source
        How certain, and from where.
    """

    road_class: str
    name_contains: str
    period: str
    low_mps: float
    mid_mps: float
    high_mps: float
    mark: str
    source: str


@dataclass(frozen=True)
class RoadSpeeds:
    """
    A table of driving speeds.

    Raises
    ------
    ModelError
        If a row is not ordered low <= mid <= high, stands twice, or a period lacks the fallback class.
    """

    rows: tuple[RoadSpeed, ...]

    def __post_init__(self) -> None:
        """Check what the class promises."""
        seen: set[tuple[str, str, str]] = set()
        for row in self.rows:
            key = (row.road_class, row.name_contains, row.period)
            if key in seen:
                raise ModelError(f"speeds of {key} are given twice", code="speeds-twice")
            seen.add(key)
            if not 0 < row.low_mps <= row.mid_mps <= row.high_mps:
                raise ModelError(f"speeds of {key} are not 0 < low <= mid <= high", code="speeds-order")
        for period in self.periods:
            if (FALLBACK_CLASS, "", period) not in seen:
                raise ModelError(
                    f"period {period!r} has no row for {FALLBACK_CLASS!r}", code="speeds-fallback"
                )

    @property
    def periods(self) -> tuple[str, ...]:
        """Name the periods in the order of the table."""
        return tuple(dict.fromkeys(row.period for row in self.rows))

    def of_class(self, road_class: str, period: str) -> tuple[float, float, float]:
        """Return the speeds (m/s) low, mid, high of a class; of `FALLBACK_CLASS` where it has none."""
        self._check_period(period)
        rows = {r.road_class: r for r in self.rows if r.period == period and not r.name_contains}
        row = rows.get(road_class, rows[FALLBACK_CLASS])
        return row.low_mps, row.mid_mps, row.high_mps

    def _check_period(self, period: str) -> None:
        if period not in self.periods:
            known = ", ".join(self.periods)
            what = _("there are no driving speeds for this period; there are {choices}", choices=known)
            raise ModelError(what, where=period, code="period")

    def on(self, streets: Streets, period: str) -> NDArray[np.float64]:
        """
        Give every segment its driving speeds.

        Parameters
        ----------
        streets
            The network.
        period
            A period of the table.

        Returns
        -------
        speed_mps
            Speeds (m/s), shape ``[n_segments, 3]``: low, mid, high; a posted maximum caps each.

        Raises
        ------
        ModelError
            If the table knows no such period.
        """
        self._check_period(period)
        rows = {(r.road_class, r.name_contains): r for r in self.rows if r.period == period}
        speed_mps = np.empty((streets.n_segments, 3))
        for index, road_class in enumerate(streets.road_classes):
            row = rows.get((road_class, ""), rows[(FALLBACK_CLASS, "")])
            speed_mps[streets.road_class == index] = (row.low_mps, row.mid_mps, row.high_mps)
        for (road_class, part), row in rows.items():
            if part and road_class in streets.road_classes:
                named = np.array([part in name for name in streets.names], dtype=bool)[streets.name]
                of_class = streets.road_class == streets.road_classes.index(road_class)
                speed_mps[named & of_class] = (row.low_mps, row.mid_mps, row.high_mps)
        return np.minimum(speed_mps, streets.speed_cap_mps[:, np.newaxis])

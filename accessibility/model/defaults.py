"""The noun ``Defaults``: the speeds, delays and limits a result rests on unless its user states others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt
from accessibility.model.provenance import Provenance
from accessibility.model.speeds import RoadSpeeds

Range = tuple[float, float, float]
"""Low, middle, high."""


@dataclass(frozen=True)
class Assumption:
    """
    A figure nobody measured for this result, as the register of assumptions prints it.

    Parameters
    ----------
    item
        What it is: ``road speed: trunk, peak``, ``speed: walk``, ``delay: parking``, ``limit: max_rides``.
    low, mid, high
        Its range in `unit`; three times the same where there is none.
    unit
        ``km/h``, ``s``, ``min``, ``m``, ``ratio``, ...
    mark, source, note
        How certain, from where, and what else a reader must know.
    source_zh, note_zh
        The same in Chinese; empty where the table does not have it.
    """

    item: str
    low: float
    mid: float
    high: float
    unit: str
    mark: str
    source: str
    note: str = ""
    source_zh: str = ""
    note_zh: str = ""


@dataclass(frozen=True)
class SpeedArea:
    """
    Where the driving speeds were assumed for.

    Parameters
    ----------
    name_zh, name_en
        What the area is called.
    box
        West, south, east, north (degrees, WGS-84).
    """

    name_zh: str
    name_en: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Defaults(Rebuilt):
    """
    Speeds, delays and limits, each with its source.

    Parameters
    ----------
    road_speeds
        Driving speeds by road class and period.
    mode_speeds
        Mode -> speed (m/s): low, mid, high.
    extras
        ``access``, ``parking``, ``signal_delay`` -> time (s): low, mid, high.
    limits
        Item -> value in the unit its assumption names.
    assumptions
        Every figure above as it was read.
    provenance
        The files.
    speed_area
        Where the driving speeds were assumed for; ``None`` where their user answers for them.

    Raises
    ------
    ModelError
        If a range is not ordered low <= mid <= high, a speed is not positive, or a time is negative.
    """

    road_speeds: RoadSpeeds
    mode_speeds: Mapping[str, Range]
    extras: Mapping[str, Range]
    limits: Mapping[str, float]
    assumptions: tuple[Assumption, ...] = ()
    provenance: Provenance = Provenance()
    speed_area: SpeedArea | None = None

    def __post_init__(self) -> None:
        """Freeze the tables and check what the class promises."""
        for name in ("mode_speeds", "extras", "limits"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        for item, (low, mid, high) in (*self.mode_speeds.items(), *self.extras.items()):
            if not 0 <= low <= mid <= high < float("inf"):
                raise ModelError(f"{item} is not 0 <= low <= mid <= high", code="defaults-order")
        if any(low <= 0 for low, _mid, _high in self.mode_speeds.values()):
            raise ModelError("speeds must be > 0", code="defaults-speed")

    def with_road_speeds(self, road_speeds: RoadSpeeds) -> "Defaults":
        """
        Take other driving speeds, and register them in place of the former.

        Parameters
        ----------
        road_speeds
            Driving speeds of the user.

        Returns
        -------
        defaults
            Everything else as before.
        """
        others = tuple(row for row in self.assumptions if not row.item.startswith(ROAD_SPEED_ITEM))
        return replace(
            self,
            road_speeds=road_speeds,
            assumptions=(*road_speed_assumptions(road_speeds), *others),
            speed_area=None,
        )


ROAD_SPEED_ITEM = "road speed: "
"""How the items of driving speeds begin in the register of assumptions."""


def road_speed_assumptions(
    road_speeds: RoadSpeeds, notes: Mapping[tuple[str, str, str], tuple[str, str, str]] | None = None
) -> tuple[Assumption, ...]:
    """
    Write driving speeds as rows of the register of assumptions.

    Parameters
    ----------
    road_speeds
        Driving speeds.
    notes
        (road class, part of the name, period) -> note, source in Chinese, note in Chinese.

    Returns
    -------
    assumptions
        One per row, in km/h, in the order of the table.
    """
    told = notes or {}
    rows = []
    for row in road_speeds.rows:
        key = (row.road_class, row.name_contains, row.period)
        item = ROAD_SPEED_ITEM + ", ".join(part for part in key if part)
        low, mid, high = (round(mps * 3.6, 6) for mps in (row.low_mps, row.mid_mps, row.high_mps))
        words = told.get(key, ("", "", ""))
        rows.append(Assumption(item, low, mid, high, "km/h", row.mark, row.source, *words))
    return tuple(rows)

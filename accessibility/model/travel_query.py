"""The noun ``TravelQuery``: how people travel, and how far they are willing to."""

from collections.abc import Sequence
from dataclasses import dataclass

from accessibility.errors import ModelError
from accessibility.model.modes import STREET_MODES
from accessibility.model.speeds import RoadSpeeds

RANGE_LEVELS = ("low", "mid", "high")
"""Levels of a range of durations: the shortest, the middle, the longest."""


@dataclass(frozen=True)
class TravelQuery:
    """
    A question about travel times on streets.

    Parameters
    ----------
    mode
        ``walk``, ``cycle``, ``ebike`` or ``drive``.
    levels
        Labels of the answers per pair, shortest duration first: ``("mid",)`` or `RANGE_LEVELS`.
    connector_mps
        Speed (m/s) on the way between a place and the street it is attached to, one per level.
    detour_factor
        Length of that way over the straight line, >= 1.
    snap_radius_m
        How far (m) a street may lie from a place: first the near radius, then the far one.
    island_share
        Parts of the network smaller than this share of it are not attached to.
    steps_factor
        How many times longer a flight of steps takes than level ground, >= 1.
    max_duration_s
        Longest duration (s) that counts as reached.
    speed_mps
        Speed (m/s) of each level for modes that move themselves; the first level is the fastest. For
        driving it is empty: `road_speeds` serves.
    road_speeds, period
        Driving speeds and the period to take them from.
    signal_delay_s
        Delay (s) at a traffic signal, one per level; none where empty.
    terminal_s
        Time (s) at both ends of a car trip (access and parking), one per level; not part of the duration,
        always reported apart.
    off_network_m
        Places that lie no further apart than this (m) may also be reached in a straight line times
        `detour_factor`, beside the network; 0 where the streets are complete.
    avoid
        Classes of road (OSM ``highway`` values) that are not used, e.g. motorways with tolls.

    Raises
    ------
    ModelError
        If the mode is unknown, levels and values disagree, or a limit is not positive.
    """

    mode: str
    levels: tuple[str, ...]
    connector_mps: tuple[float, ...]
    detour_factor: float
    snap_radius_m: tuple[float, float]
    island_share: float
    steps_factor: float
    max_duration_s: int
    speed_mps: tuple[float, ...] = ()
    road_speeds: RoadSpeeds | None = None
    period: str = ""
    signal_delay_s: tuple[float, ...] = ()
    terminal_s: tuple[float, ...] = ()
    off_network_m: float = 0.0
    avoid: tuple[str, ...] = ()

    as_of = ""

    def __post_init__(self) -> None:
        """Check what the class promises."""
        if self.mode not in STREET_MODES:
            raise ModelError(f"mode {self.mode!r} is none of {', '.join(STREET_MODES)}", code="query-mode")
        self._check_levels()
        self._check_limits()

    def _check_levels(self) -> None:
        n_levels = len(self.levels)
        if n_levels == 0:
            raise ModelError("a query needs at least one level", code="query-levels")
        for name in ("connector_mps", "speed_mps", "signal_delay_s", "terminal_s"):
            values = getattr(self, name)
            optional = name != "connector_mps" and not values
            if not optional and len(values) != n_levels:
                raise ModelError(
                    f"{name} has {len(values)} values for {n_levels} levels", code="query-levels"
                )
        if (self.road_speeds is None) == (not self.speed_mps):
            raise ModelError("a query needs either speed_mps or road_speeds", code="query-speed")
        if self.road_speeds is not None and self.levels != RANGE_LEVELS:
            raise ModelError(f"driving is answered in the levels {RANGE_LEVELS}", code="query-levels")

    def _check_limits(self) -> None:
        if not all(speed > 0 for speed in (*self.connector_mps, *self.speed_mps)):
            raise ModelError("speeds must be > 0", code="query-speed")
        least = (self.off_network_m, self.island_share, *self.signal_delay_s, *self.terminal_s)
        if not all(value >= 0 for value in least):
            raise ModelError("off_network_m, island_share and delays must be >= 0", code="query-limit")
        if len(set(self.levels)) != len(self.levels) or list(self.speed_mps) != sorted(
            self.speed_mps, reverse=True
        ):
            raise ModelError("levels differ, and the fastest speed comes first", code="query-levels")
        if self.max_duration_s <= 0:
            raise ModelError("max_duration_s must be > 0", code="query-limit")
        if not (self.detour_factor >= 1 and self.steps_factor >= 1):
            raise ModelError("detour_factor and steps_factor must be >= 1", code="query-factor")
        if not 0 < self.snap_radius_m[0] <= self.snap_radius_m[1]:
            raise ModelError("snap_radius_m must be near <= far, > 0", code="query-snap")


def middle_level(levels: Sequence[str]) -> int:
    """Find the level whose ways are told where only one is."""
    return levels.index("mid") if "mid" in levels else 0

"""The noun ``TransitQuery``: a departure window, and how far people are willing to go by public transport."""

from dataclasses import dataclass
from datetime import date

from accessibility.errors import ModelError


@dataclass(frozen=True)
class TransitQuery:
    """
    A question about travel times by public transport and on foot.

    Parameters
    ----------
    day
        Service day.
    start_s, n_minutes
        Departure window: one departure per whole minute, from `start_s` (s since the start of the day) on.
    percentiles
        Percentiles of the durations over the window, whole numbers 1-99.
    max_rides
        Vehicles boarded at most.
    walk_mps
        Walking speed (m/s).
    max_walk_s
        Longest walk (s): to the first stop, between stops, from the last stop, and all the way.
    max_duration_s
        Longest duration (s) that counts as reached.
    board_slack_s
        Time (s) that must remain at every boarding.
    n_draws, seed
        How often the phases of headway bands without exact times are drawn, and the seed of the draws;
        minutes and draws are pooled before percentiles are taken.
    period
        Name of the period the window stands for, where it has one.
    labels
        What to call the percentiles, ``p50`` and so on where not given: a study tells three of them as its
        shortest, middle and longest.

    Raises
    ------
    ModelError
        If the window is empty, a percentile lies outside 1-99 or stands twice, or a limit is not positive.
    """

    day: date
    start_s: int
    n_minutes: int
    percentiles: tuple[int, ...]
    max_rides: int
    walk_mps: float
    max_walk_s: int
    max_duration_s: int
    board_slack_s: int
    n_draws: int = 1
    seed: int = 0
    period: str = ""
    labels: tuple[str, ...] = ()

    mode = "transit"
    terminal_s = ()

    def __post_init__(self) -> None:
        """Check what the class promises."""
        if not 1 <= self.n_minutes <= 1440:
            raise ModelError("a departure window has 1 to 1440 minutes", code="query-window")
        if not self.percentiles or len(set(self.percentiles)) != len(self.percentiles):
            raise ModelError("percentiles must be given, each once", code="query-percentile")
        if not all(type(p) is int and 1 <= p <= 99 for p in self.percentiles):
            raise ModelError("a percentile is a whole number from 1 to 99", code="query-percentile")
        if self.max_rides < 1 or self.max_walk_s <= 0 or self.max_duration_s <= 0 or not self.walk_mps > 0:
            raise ModelError("limits and speeds must be > 0", code="query-limit")
        if self.board_slack_s < 0 or self.n_draws < 1:
            raise ModelError("board_slack_s must be >= 0 and n_draws >= 1", code="query-limit")
        if self.labels and len(self.labels) != len(self.percentiles):
            raise ModelError("labels must be one per percentile", code="query-levels")

    @property
    def levels(self) -> tuple[str, ...]:
        """Label the answers per pair: ``p50`` and so on."""
        return self.labels or tuple(f"p{percentile}" for percentile in self.percentiles)

    @property
    def as_of(self) -> str:
        """Date the answer holds for (ISO)."""
        return self.day.isoformat()

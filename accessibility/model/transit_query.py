"""The noun ``TransitQuery``: a departure window, and how far people are willing to go by public transport."""

from dataclasses import dataclass
from datetime import date

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.modes import transit_mode
from accessibility.model.travel_query import TravelQuery

FROM_DEPARTURE, ARRIVE_BY, PLANNED = "departure", "arrive-by", "planned"
"""Definitions of the travel time of a minute; see `TransitQuery`."""

DEFINITIONS = (FROM_DEPARTURE, ARRIVE_BY, PLANNED)

MIDDLE_LEVEL = "mid"
"""Level of a query on streets that holds for access and egress."""

LIMITS = (
    "definition",
    "max_rides",
    "walk_mps",
    "max_walk_s",
    "max_duration_s",
    "board_slack_s",
    "access",
    "egress",
)
"""What must be equal in two queries before their travel times may be compared."""


def definition_text(definition: str) -> str:
    """Say in the present language from when to when a travel time counts."""
    texts = {
        FROM_DEPARTURE: _("from every minute of departure on, the first wait included"),
        ARRIVE_BY: _("from the latest departure to every minute of latest arrival, the last wait included"),
        PLANNED: _("from the latest departure that arrives no later: planned, no first wait"),
    }
    return texts[definition]


@dataclass(frozen=True)
class TransitQuery:
    """
    A question about travel times by public transport and on foot.

    Parameters
    ----------
    day
        Service day.
    start_s, n_minutes
        Window: one departure per whole minute, from `start_s` (s since the start of the day) on; one latest
        arrival per minute where people arrive by a time.
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
    access, egress
        How people get to their first stop and on from their last one, where not on foot within `max_walk_s`:
        a query on streets, of which the level ``mid`` holds and the longest duration limits that leg. Whoever
        cycles or is driven may also walk, whichever is quicker; a walking query takes the place of
        `max_walk_s` there. The way all the way is walked.
    definition
        What the travel time of a minute is. `FROM_DEPARTURE`: arrival minus that departure. `ARRIVE_BY`: that
        latest arrival minus the latest departure that meets it. `PLANNED`: people know the timetable, so the
        arrival is that of `FROM_DEPARTURE`, its limits counted from the minute, and the time counts from the
        latest departure (to the second) that still arrives then.
    period
        Name of the period the window stands for, where it has one.
    labels
        What to call the percentiles, ``p50`` and so on where not given: a study tells three of them as its
        shortest, middle and longest.

    Raises
    ------
    ModelError
        If the window is empty, a percentile lies outside 1-99 or stands twice, a limit is not positive, or
        there is no such definition.
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
    access: TravelQuery | None = None
    egress: TravelQuery | None = None
    definition: str = FROM_DEPARTURE
    period: str = ""
    labels: tuple[str, ...] = ()

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
        if self.definition not in DEFINITIONS:
            raise ModelError(f"a definition is one of {', '.join(DEFINITIONS)}", code="query-definition")
        if any(leg is not None and MIDDLE_LEVEL not in leg.levels for leg in (self.access, self.egress)):
            raise ModelError(f"access and egress need the level {MIDDLE_LEVEL!r}", code="query-levels")
        if self.labels and len(self.labels) != len(self.percentiles):
            raise ModelError("labels must be one per percentile", code="query-levels")

    @property
    def mode(self) -> str:
        """Name how people travel: ``transit``, with the way to the first stop before it where not on foot."""
        return transit_mode("walk" if self.access is None else self.access.mode)

    @property
    def levels(self) -> tuple[str, ...]:
        """Label the answers per pair: ``p50`` and so on."""
        return self.labels or tuple(f"p{percentile}" for percentile in self.percentiles)

    def check_comparable(self, other: "TransitQuery") -> None:
        """
        Refuse to set travel times side by side that answer different questions.

        Parameters
        ----------
        other
            The other question. Date, window, percentiles and draws may differ, what `LIMITS` names may not.

        Raises
        ------
        ModelError
            If it differs in the definition, a limit, a speed, access or egress.
        """
        unlike = [name for name in LIMITS if getattr(self, name) != getattr(other, name)]
        if unlike:
            what = _("travel times under unequal limits or definitions are not compared")
            raise ModelError(what, where=", ".join(unlike), code="times-incomparable")

    @property
    def as_of(self) -> str:
        """Date the answer holds for (ISO)."""
        return self.day.isoformat()

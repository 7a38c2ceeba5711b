"""The noun ``Obstacle``: what stands between two places that public transport does not join within limits."""

from dataclasses import dataclass

from accessibility.model.transit_journey import TransitJourney

LIMITS = ("rides", "walk", "duration", "all")
"""Limits that can be lifted: vehicles boarded, longest walk, total duration; all three together."""


@dataclass(frozen=True)
class NearStop:
    """
    The stop nearest to a place.

    Parameters
    ----------
    name
        Of the timetable.
    walk_s
        Walk over streets (s), -1 where no way is known.
    straight_m
        Straight line (m).
    """

    name: str
    walk_s: int
    straight_m: float


@dataclass(frozen=True, eq=False)
class Obstacle:
    """
    Why there is no answer.

    Parameters
    ----------
    reason
        Reason code of `accessibility.model.reasons`.
    lifted
        What is found when one limit is lifted: the limit (of `LIMITS`) and the journey; ``all`` only where
        none alone is enough. Empty where nothing helps.
    nearest
        Nearest stop of the origin and of the destination, ``None`` where there is no stop or no position.
    """

    reason: str
    lifted: tuple[tuple[str, TransitJourney], ...] = ()
    nearest: tuple[NearStop | None, NearStop | None] = (None, None)

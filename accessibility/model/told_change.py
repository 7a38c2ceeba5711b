"""The noun ``ToldChange``: the journey to what is nearest, before and after a scenario, in words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ToldChange:
    """
    Two journeys in words.

    Parameters
    ----------
    why
        ``site``, ``worst`` or ``best``: why this origin is told.
    origin_id, target
        Where it begins, and the set whose nearest member it leads to.
    before_s, after_s
        Durations (s), ``None`` where not reached.
    to_before, to_after
        Names of the nearest places, empty where not reached.
    before, after
        Lines: one per leg, or the reason why there is no journey.
    """

    why: str
    origin_id: str
    target: str
    before_s: int | None
    after_s: int | None
    to_before: str
    to_after: str
    before: tuple[str, ...]
    after: tuple[str, ...]

"""A journey in words: one line per part, and the sum."""

from collections.abc import Sequence

from accessibility.messages import _
from accessibility.model.journey import Journey, Part
from accessibility.model.modes import mode_text
from accessibility.model.places import Places
from accessibility.model.reasons import REASON_CODES
from accessibility.model.travel_query import TravelQuery
from accessibility.outputs.wording import (
    class_text,
    level_text,
    part_text,
    period_text,
    place_name,
    reason_text,
)


def clock_duration(duration_s: int) -> str:
    """Write a duration (s) exactly, as ``12:05`` (minutes and seconds)."""
    return f"{duration_s // 60}:{duration_s % 60:02d}"


def journey_lines(journey: Journey, ends: Places) -> list[str]:
    """
    Tell a journey.

    Parameters
    ----------
    journey
        The journey.
    ends
        Origin and destination, in this order.

    Returns
    -------
    lines
        Heading, one line per part with its exact time and length, the sum, and what is not part of it.
    """
    heading = _(
        "{origin} → {destination}, {mode}{period}: {minutes} min:s, {km} km",
        origin=place_name(ends, 0),
        destination=place_name(ends, 1),
        mode=mode_text(journey.mode),
        period=_how(journey),
        minutes=clock_duration(journey.duration_s),
        km=f"{journey.distance_m / 1000:.2f}",
    )
    lines = [heading]
    lines += [f"  {number:>2}. {_part_line(part)}" for number, part in enumerate(journey.parts, start=1)]
    total = _("sum of the parts: {minutes} min:s", minutes=clock_duration(journey.duration_s))
    lines.append(f"      {total}")
    if journey.terminal_s:
        extra = clock_duration(journey.terminal_s)
        both = clock_duration(journey.duration_s + journey.terminal_s)
        lines.append(
            "      "
            + _("access and parking, not included: {extra}; with them {both} min:s", extra=extra, both=both)
        )
    return lines


def no_journey_lines(reason: str, query: TravelQuery, ends: Places) -> list[str]:
    """Say in words why a pair has no answer; nothing where it has one."""
    if not reason:
        return []
    names: Sequence[str] = (place_name(ends, 0), place_name(ends, 1))
    limit = f"{query.max_duration_s / 60:g}"
    return [
        _(
            "{origin} → {destination}, {mode}: {reason} [{code}] (limit {limit} min)",
            origin=names[0],
            destination=names[1],
            mode=mode_text(query.mode),
            reason=reason_text(REASON_CODES.index(reason)),
            code=reason,
            limit=limit,
        )
    ]


def _how(journey: Journey) -> str:
    if not journey.period:
        return ""
    return _(" ({period}, {level})", period=period_text(journey.period, {}), level=level_text(journey.level))


def _part_line(part: Part) -> str:
    name = part_text(part.kind)
    if part.kind == "street":
        name = _("{name} ({road})", name=part.name or _("unnamed"), road=class_text(part.road_class))
    length = f"{part.distance_m / 1000:.2f} km" if part.distance_m >= 1000 else f"{part.distance_m:.0f} m"
    return f"{clock_duration(part.duration_s):>6}  {length:>8}  {name}"

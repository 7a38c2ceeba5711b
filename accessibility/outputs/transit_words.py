"""A journey by public transport in words: one line per leg, the spread over the window, the cause of none."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.modes import mode_text
from accessibility.model.obstacle import NearStop, Obstacle
from accessibility.model.places import Places
from accessibility.model.reasons import REASON_CODES
from accessibility.model.transit_journey import PARTS, Leg, TransitJourney
from accessibility.model.transit_query import TransitQuery
from accessibility.outputs.journey_words import clock_duration
from accessibility.outputs.wording import decimal_text, minutes_text, place_name, reason_text
from accessibility.units import UNREACHED, clock_from_seconds

DAY_S = 86_400


def clock_text(clock_s: int) -> str:
    """Write a clock time (s), naming the days after."""
    days, rest_s = divmod(clock_s, DAY_S)
    clock = clock_from_seconds(rest_s)
    return _("{clock} (day +{days})", clock=clock, days=days) if days else clock


def leg_text(leg: Leg) -> str:
    """Tell a leg in one sentence, without its times."""
    start, end = (stop.name if stop is not None else "" for stop in (leg.start, leg.end))
    length = f"{leg.distance_m:.0f}" if np.isfinite(leg.distance_m) else "–"
    how = mode_text(leg.mode) if leg.mode else ""
    if leg.kind == "ride":
        return _ride_text(leg)
    if leg.kind == "wait":
        return _("wait at {stop}", stop=start)
    if leg.kind == "access":
        return _("{mode} to the stop {stop}, {length} m", mode=how, stop=end, length=length)
    if leg.kind == "transfer":
        return _("change on foot: {start} → {end}, {length} m", start=start, end=end, length=length)
    if leg.kind == "egress":
        return _("{mode} from the stop {stop} to the destination, {length} m",
                 mode=how, stop=start, length=length)  # fmt: skip
    return _("{mode} all the way, {length} m", mode=how, length=length)


def _ride_text(leg: Leg) -> str:
    assert leg.start is not None
    assert leg.end is not None
    first, *later = leg.services
    text = _("line {line}{headsign}: {start} → {end}, {n} stops",
             line=first.line, headsign=_towards(first.headsign), start=leg.start.name, end=leg.end.name,
             n=leg.n_stops)  # fmt: skip
    for service in later:
        text += _("; stay seated at {stop}, it goes on as line {line}{headsign}",
                  stop=service.start.name, line=service.line,
                  headsign=_towards(service.headsign))  # fmt: skip
    return text


def _towards(headsign: str) -> str:
    return _(" (towards {headsign})", headsign=headsign) if headsign else ""


def part_name(part: str) -> str:
    """Name a part of a duration."""
    texts = {
        "access": _("access"),
        "wait": _("waiting"),
        "ride": _("riding"),
        "transfer": _("transfer walks"),
        "egress": _("egress"),
    }
    return texts[part]


def level_name(level: str) -> str:
    """Name a percentile: ``p50`` is the 50th."""
    return _("percentile {p}", p=level.removeprefix("p"))


def transit_journey_lines(journey: TransitJourney, ends: Places) -> list[str]:
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
        Heading, one line per leg with its clock times and exact duration, and the sum by parts.
    """
    lines = [
        _("{origin} → {destination}, {level}: {minutes} min:s, leaving {clock} on {day}",
          origin=place_name(ends, 0), destination=place_name(ends, 1), level=level_name(journey.level),
          minutes=clock_duration(journey.duration_s), clock=clock_text(journey.depart_s), day=journey.day)
    ]  # fmt: skip
    for number, leg in enumerate(journey.legs, start=1):
        times = f"{clock_text(leg.start_s)}–{clock_text(leg.end_s)}"
        lines.append(f"  {number:>2}. {times}  {clock_duration(leg.duration_s):>6}  {leg_text(leg)}")
    parts = " + ".join(f"{part_name(part)} {clock_duration(journey.seconds(part))}" for part in PARTS)
    lines.append("      " + _("sum: {parts} = {minutes}", parts=parts,
                              minutes=clock_duration(journey.duration_s)))  # fmt: skip
    return lines


def spread_line(duration_s: NDArray[np.int32], query: TransitQuery) -> str:
    """Say how the durations spread over the departures of the window (minutes)."""
    pooled = np.sort(duration_s, axis=None)
    reached = pooled[pooled != UNREACHED]
    first, last = query.start_s, query.start_s + 60 * query.n_minutes
    window = f"{clock_text(first)}–{clock_text(last)}"
    share = decimal_text(100 * len(reached) / len(pooled), 0)
    if not len(reached):
        return _("departures {window}: none arrives within the limits", window=window)
    levels = []
    for p in sorted({5, 25, 50, 75, 95, *query.percentiles}):
        value = int(pooled[(p * len(pooled) + 99) // 100 - 1])
        levels.append(f"p{p} {minutes_text(value) if value != UNREACHED else '–'}")
    return _("departures {window}: {share} % arrive within the limits; minutes: shortest {least}, {levels}, "
             "longest {most}",
             window=window, share=share, least=minutes_text(int(reached[0])), levels=" · ".join(levels),
             most=minutes_text(int(reached[-1])))  # fmt: skip


def obstacle_lines(obstacle: Obstacle, query: TransitQuery, ends: Places) -> list[str]:
    """
    Say why there is no answer.

    Returns
    -------
    lines
        The reason with its code, what lifting each limit would give, and the nearest stops.
    """
    lines = [
        _("{origin} → {destination}: {reason} [{code}]", origin=place_name(ends, 0),
          destination=place_name(ends, 1), reason=_reason_text(obstacle.reason),
          code=obstacle.reason)
    ]  # fmt: skip
    lines += [f"  {_lifted_text(limit, journey, query)}" for limit, journey in obstacle.lifted]
    if not obstacle.lifted and obstacle.reason in ("no-way", "no-service"):
        lines.append("  " + _("no line joins the two places on this day, whatever the limits"))
    roles = (_("nearest stop to the start"), _("nearest stop to the destination"))
    for role, stop in zip(roles, obstacle.nearest, strict=True):
        lines.append("  " + _("{what}: {stop}", what=role, stop=_near_text(stop)))
    return lines


def _reason_text(reason: str) -> str:
    """Say in words what a reason code means for a departure window."""
    if reason == "no-service":
        return _("no answer: no vehicle departs in the window or so soon after that it would be in time")
    return reason_text(REASON_CODES.index(reason))


def _lifted_text(limit: str, journey: TransitJourney, query: TransitQuery) -> str:
    """Say what a limit forbids."""
    minutes = minutes_text(journey.duration_s)
    first = next((leg for leg in journey.legs if leg.kind == "ride"), None)
    walk_s = max((leg.duration_s for leg in journey.legs if leg.mode), default=0)
    texts = {
        "rides": _("the limit of {limit} rides stands in the way: with {needed} rides it takes {minutes} min",
                   limit=query.max_rides, needed=len(journey.rides), minutes=minutes),
        "walk": _("the longest walk of {limit} min stands in the way: with {needed} min on foot it takes "
                  "{minutes} min",
                  limit=minutes_text(query.max_walk_s), needed=minutes_text(walk_s), minutes=minutes),
        "duration": _("the longest duration of {limit} min stands in the way: it takes {minutes} min",
                      limit=minutes_text(query.max_duration_s), minutes=minutes),
        "all": _("several limits stand in the way: with {needed} rides and {walk} min on foot it takes "
                 "{minutes} min",
                 needed=len(journey.rides), walk=minutes_text(walk_s), minutes=minutes),
    }  # fmt: skip
    text = texts[limit]
    if limit in ("duration", "all") and first is not None:
        text += _("; leaving {leave}, the first vehicle departs {clock}",
                  leave=clock_text(journey.depart_s), clock=clock_text(first.start_s))  # fmt: skip
    return text


def _near_text(stop: NearStop | None) -> str:
    if stop is None:
        return _("none known")
    straight = f"{stop.straight_m:.0f}"
    if stop.walk_s < 0:
        return _(
            "{stop}, {length} m in a straight line, no way there on foot", stop=stop.name, length=straight
        )
    return _("{stop}, {minutes} min on foot ({length} m in a straight line)",
             stop=stop.name, minutes=minutes_text(stop.walk_s), length=straight)  # fmt: skip


def all_lines(
    journeys: Sequence[TransitJourney],
    duration_s: NDArray[np.int32],
    obstacle: Obstacle | None,
    ends: Places,
    query: TransitQuery,
) -> list[str]:
    """Tell everything about one pair: journeys, spread, and why a percentile is not reached."""
    lines = [line for journey in journeys for line in transit_journey_lines(journey, ends)]
    if obstacle is not None:
        lines += obstacle_lines(obstacle, query, ends)
    return [*lines, spread_line(duration_s, query)]

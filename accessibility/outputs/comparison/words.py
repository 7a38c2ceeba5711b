"""A comparison in words: who gains, who loses, what it costs; losers are told as plainly as gainers."""

import math
from collections.abc import Mapping, Sequence

from accessibility.messages import _
from accessibility.model.change_summary import ChangeSummary, change_summary, more_hours
from accessibility.model.comparison import (
    ATTACHED_ELSEWHERE,
    GAIN,
    LOSE,
    NEWLY_REACHED,
    NO_LONGER_REACHED,
    ChangeTable,
    Comparison,
)
from accessibility.model.modes import mode_text, transit_mode
from accessibility.model.service_cost import LineCost, vehicles_needed
from accessibility.outputs.transit_words import clock_text
from accessibility.outputs.wording import decimal_text, minutes_text

WORST = 10
"""Places that are named."""


def comparison_sentences(comparison: Comparison, targets: Mapping[str, str]) -> list[str]:
    """
    Tell a comparison, one sentence per finding.

    Parameters
    ----------
    comparison
        The comparison.
    targets
        What to call the targets.

    Returns
    -------
    sentences
        First that it is assumed, where it is; then which of its lines do not concern the date; then per
        target who gains and who loses; last what it costs. Of a scenario without effect on the date no more
        than that.
    """
    told = [assumed_text()] if comparison.assumed else []
    if comparison.idle:
        told.append(idle_text(comparison))
    if comparison.without_effect:
        return told
    told += [change_sentence(table, targets.get(table.target, table.target)) for table in comparison.tables]
    if comparison.people is not None:
        hours = more_hours(comparison.costs_before, comparison.costs_after)
        told += [
            people_sentence(
                change_summary(table, "people", comparison.people),
                targets.get(table.target, table.target),
                hours,
            )
            for table in comparison.tables
        ]
    told.append(recomputed_text(comparison))
    told += [
        _("Mind: {message}.", message=one.message)
        for one in comparison.notices
        if one.code == ATTACHED_ELSEWHERE
    ]
    told.append(cost_sentence(comparison.costs_before, comparison.costs_after))
    return told


def assumed_text() -> str:
    """Say that a scenario rests on assumptions."""
    return _("Assumed: this scenario rests on assumptions, its figures are no forecast.")


def idle_text(comparison: Comparison) -> str:
    """Say which lines of the scenario do not run otherwise on the date, and what that means."""
    text = _(
        "On {day} these lines of the scenario run as before or not at all: {lines}.",
        day=comparison.settings.as_of.isoformat(),
        lines=_(", ").join(comparison.idle),
    )
    if comparison.without_effect:
        text += _(" The scenario has no effect on that date; compare another one (--as-of).")
    return text


def recomputed_text(comparison: Comparison) -> str:
    """Say how many starting points were computed anew, and that no other, if any, can have changed."""
    if comparison.n_recomputed == comparison.n_origins:
        return _("Computed anew: all {all} starting points.", all=comparison.n_origins)
    if not comparison.n_recomputed:
        return _("The change can touch none of the {all} starting points.", all=comparison.n_origins)
    return _(
        "Computed anew: {n} of {all} starting points; the change can touch no other.",
        n=comparison.n_recomputed,
        all=comparison.n_origins,
    )


def asked_text(comparison: Comparison, periods: Mapping[str, str]) -> str:
    """Say what was asked: date, departure window, percentile, and the way to the stop where nobody walks."""
    settings, query = comparison.settings, comparison.query
    window = f"{clock_text(query.start_s)}–{clock_text(query.start_s + 60 * query.n_minutes)}"
    period = periods.get(settings.period, settings.period)
    text = _(
        "{day}, {period} {window}, percentile {p}",
        day=settings.as_of.isoformat(),
        period=period,
        window=window,
        p=settings.percentile,
    )
    if settings.access_mode == "walk":
        return text
    return _("{asked}; {mode}", asked=text, mode=mode_text(transit_mode(settings.access_mode)))


def headline(comparison: Comparison, targets: Mapping[str, str]) -> str:
    """
    Tell a scenario in one sentence: where most gain, where most lose, what it takes to run.

    Parameters
    ----------
    comparison
        The comparison.
    targets
        What to call the targets.
    """
    if comparison.without_effect:
        return idle_text(comparison)
    gains = _who(comparison, targets)
    hours = more_hours(comparison.costs_before, comparison.costs_after)
    vehicles = vehicles_needed(comparison.costs_after) - vehicles_needed(comparison.costs_before)
    return _(
        "{gains}. It takes {hours} vehicle-hours a day and {vehicles} vehicles beyond today.",
        gains=gains,
        hours=signed(hours, 1),
        vehicles=signed(vehicles, 0),
    )


def _who(comparison: Comparison, targets: Mapping[str, str]) -> str:
    """Say where most gain and where most lose, the larger number first."""
    sums = [change_summary(table, "cells") for table in comparison.tables]
    gained = max(sums, key=lambda one: one.gain + one.newly, default=None)
    lost = max(sums, key=lambda one: one.lose + one.lost, default=None)
    n_gain = 0 if gained is None else round(gained.gain + gained.newly)
    n_lose = 0 if lost is None else round(lost.lose + lost.lost)
    if gained is None or lost is None or not n_gain + n_lose:
        return _("Nobody gains and nobody loses more than a minute")
    n = len(comparison.tables[0])
    to_gain, to_lose = targets.get(gained.target, gained.target), targets.get(lost.target, lost.target)
    if n_gain >= n_lose:
        first = _("{n_gain} of {n} squares get quicker to {target}", n_gain=n_gain, n=n, target=to_gain)
        then = _(
            "; most lose on the way to {target}: {n_lose} squares get slower", target=to_lose, n_lose=n_lose
        )
        return first + (then if n_lose else _("; no square loses more than a minute to any target"))
    first = _("{n_lose} of {n} squares get slower to {target}", n_lose=n_lose, n=n, target=to_lose)
    then = _(
        "; most gain on the way to {target}: {n_gain} squares get quicker", target=to_gain, n_gain=n_gain
    )
    return first + (then if n_gain else _("; no square gains more than a minute to any target"))


def people_sentence(found: ChangeSummary, target: str, hours: float) -> str:
    """Tell how many people gain and lose, and what a minute saved takes, where any is."""
    text = _(
        "{target}, people: {gain} gain, {lose} lose, {newly} are newly reached, {lost} no longer; "
        "if everybody travels once, {saved} person-minutes are saved.",
        target=target,
        gain=f"{found.gain:.0f}",
        lose=f"{found.lose:.0f}",
        newly=f"{found.newly:.0f}",
        lost=f"{found.lost:.0f}",
        saved=signed(found.saved_min, 0).removeprefix("+"),
    )
    if found.saved_min > 0 and hours > 0:
        text += _(" A thousand of them take {hours} vehicle-hours.",
                  hours=decimal_text(1000 * hours / found.saved_min, 2))  # fmt: skip
    return text


def signed(value: float, digits: int) -> str:
    """Write a number with its sign."""
    text = decimal_text(abs(value), digits)
    return text if float(text) == 0 else f"{'+' if value > 0 else '−'}{text}"


def change_sentence(table: ChangeTable, target: str) -> str:
    """Tell who gains and who loses the way to a target: squares, mean, median, P90, the worst places."""
    gain, lose = table.count(GAIN), table.count(LOSE)
    newly, lost = table.count(NEWLY_REACHED), table.count(NO_LONGER_REACHED)
    if not gain + lose + newly + lost:
        return _("{target}: no square gains or loses more than a minute.", target=target)
    text = _(
        "{target}: {gain} squares gain, {lose} lose, {newly} are newly reached, {lost} no longer.",
        target=target,
        gain=gain,
        lose=lose,
        newly=newly,
        lost=lost,
    )
    found, change_s = change_summary(table, "cells"), table.change_s
    if gain + lose:
        text += _(
            " Of those that gain or lose, the change is {mean} min on average, {median} in the median, "
            "{p90} at P90.",
            mean=signed_minutes(found.mean_s),
            median=signed_minutes(found.median_s),
            p90=signed_minutes(found.p90_s),
        )
    if len(worst := table.worst[:WORST].tolist()):
        names = _(", ").join(f"{table.origin_ids[i]}{_lost(float(change_s[i]))}" for i in worst)
        text += _(" Worst affected: {names}.", names=names)
    return text


def signed_minutes(change_s: float) -> str:
    """Write a change in minutes with its sign."""
    return ("+" if change_s > 0 else "−" if change_s < 0 else "") + minutes_text(abs(change_s))


def _lost(change_s: float) -> str:
    return _(" (no longer reached)") if math.isnan(change_s) else f" ({signed_minutes(change_s)})"


def cost_sentence(before: Sequence[LineCost], after: Sequence[LineCost]) -> str:
    """Tell what the lines that change take to run on the day, after against before."""
    if not before and not after:
        return _("Cost: no line runs otherwise than before.")
    return _(
        "Cost on that day: {km} vehicle-km (before {km_before}), {hours} vehicle-hours (before "
        "{hours_before}), {vehicles} vehicles in the busiest moment by cycle time (before "
        "{vehicles_before}); empty runs are not counted.",
        km=_sum(after, "vehicle_km"),
        km_before=_sum(before, "vehicle_km"),
        hours=_sum(after, "vehicle_hours"),
        hours_before=_sum(before, "vehicle_hours"),
        vehicles=vehicles_needed(after),
        vehicles_before=vehicles_needed(before),
    )


def _sum(costs: Sequence[LineCost], name: str) -> str:
    return decimal_text(sum(getattr(cost, name) for cost in costs), 1)

"""A comparison in words: who gains, who loses, what it costs; losers are told as plainly as gainers."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from accessibility.messages import _
from accessibility.model.comparison import (
    GAIN,
    LOSE,
    NEWLY_REACHED,
    NO_LONGER_REACHED,
    ChangeTable,
    Comparison,
)
from accessibility.model.service_cost import LineCost
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
        First that it is assumed, where it is; then per target who gains and who loses; last what it costs.
    """
    told = []
    if comparison.assumed:
        told.append(_("Assumed: this scenario rests on assumptions, its figures are no forecast."))
    told += [change_sentence(table, targets.get(table.target, table.target)) for table in comparison.tables]
    told.append(
        _(
            "Computed anew: {n} of {all} starting points; the change can touch no other.",
            n=comparison.n_recomputed,
            all=comparison.n_origins,
        )
    )
    told.append(cost_sentence(comparison.costs_before, comparison.costs_after))
    return told


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
    classes, change_s = table.classes, table.change_s
    moved = change_s[(classes == GAIN) | (classes == LOSE)]
    if len(moved):
        text += _(
            " Of those that gain or lose, the change is {mean} min on average, {median} in the median, "
            "{p90} at P90.",
            mean=signed_minutes(float(moved.mean())),
            median=signed_minutes(float(np.median(moved))),
            p90=signed_minutes(float(np.percentile(moved, 90))),
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


def vehicles_needed(costs: Sequence[LineCost]) -> int:
    """Count vehicles by cycle time: both directions of a line together, rounded up line by line."""
    by_line: dict[str, float] = {}
    for cost in costs:
        by_line[cost.route] = by_line.get(cost.route, 0.0) + cost.vehicles_cycle
    return sum(math.ceil(round(needed, 6)) for needed in by_line.values())


def _sum(costs: Sequence[LineCost], name: str) -> str:
    return decimal_text(sum(getattr(cost, name) for cost in costs), 1)

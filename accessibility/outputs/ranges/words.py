"""What a scenario knows only as a range, and the intervals that follow, in words."""

import math
from collections.abc import Mapping, Sequence

from accessibility.messages import _, listed
from accessibility.model.assumed_range import (
    SECONDS,
    AssumedRange,
    PositionRange,
    Ranges,
    SettingRange,
    Value,
    WeightRange,
)
from accessibility.model.range_result import Bar, Interval, Outcome, RangeResult
from accessibility.model.range_values import stated_value
from accessibility.model.scenario import Scenario
from accessibility.outputs.scenario.names import Names, clauses
from accessibility.outputs.wording import decimal_text

SHOWN_BARS = 3
"""Ranges that a sentence names as mattering most."""


def range_sentences(scenario: Scenario, names: Names | None = None) -> list[str]:
    """
    Tell what a scenario knows only as a range.

    Parameters
    ----------
    scenario
        The scenario.
    names
        Names of lines and stops.

    Returns
    -------
    sentences
        One per range, then the weights of sites and the sample where they are stated.
    """
    named = names or Names([scenario])
    told = [_range_sentence(one, scenario, named) for one in scenario.ranges.ranges]
    return [*told, *_weights_sentence(scenario.ranges), *_sampling_sentence(scenario.ranges)]


def range_differences(one: Scenario, other: Scenario, names: Names) -> list[str]:
    """Tell how the ranges of the second scenario differ from those of the first."""
    before = {entry.name: _range_sentence(entry, one, names) for entry in one.ranges.ranges}
    after = {entry.name: _range_sentence(entry, other, names) for entry in other.ranges.ranges}
    told = [_("only in the first: {what}", what=before[name]) for name in before if name not in after]
    told += [_("only in the second: {what}", what=after[name]) for name in after if name not in before]
    told += [
        _("{before} → {after}", before=before[name], after=after[name])
        for name in before
        if name in after and before[name] != after[name]
    ]
    for tell in (_weights_sentence, _sampling_sentence):
        old, new = "".join(tell(one.ranges)), "".join(tell(other.ranges))
        if old != new:
            told.append(_("{before} → {after}", before=old or _("none"), after=new or _("none")))
    return told


def _range_sentence(one: AssumedRange, scenario: Scenario, names: Names) -> str:
    parts = [_("{name}: {what}", name=one.name, what=f"{_about(one, names)} {span_text(one)}")]
    if not isinstance(one, PositionRange):
        stated = stated_value(one, scenario.modifications, scenario.ranges.weights)
        parts.append(_("stated {value}", value=value_text(one, stated)))
    if one.mark:
        parts.append(_("mark {mark}", mark=one.mark))
    return clauses([*parts, *([one.source] if one.source else [])])


def _about(one: AssumedRange, names: Names) -> str:
    """Say what a range is about."""
    if isinstance(one, WeightRange):
        return _("weight of {site}", site=one.site)
    about = (
        _("modification {number}", number=one.modification)
        if isinstance(one.modification, int)
        else names.line(one.modification)
    )
    if isinstance(one, PositionRange):
        return _("position of {stops} ({about})", stops=names.stops(one.stops) or _("itself"), about=about)
    entries = _(", entries {items}", items=listed([str(i) for i in one.items])) if one.items else ""
    return _("{setting} of {about}{entries}", setting=setting_text(one.field), about=about, entries=entries)


def setting_text(field: str) -> str:
    """Name a setting that may hold a range."""
    texts = {
        "every_s": _("headway"),
        "hop_s": _("riding time of a hop"),
        "dwell_s": _("dwell"),
        "saved_s_per_stop": _("time saved per stop"),
        "walk_s": _("walk to the platform"),
        "by_s": _("shift"),
        "speed_kmh": _("speed"),
        "factor": _("factor"),
    }
    return texts.get(field, field)


def span_text(one: AssumedRange) -> str:
    """Write the ends of a range with their unit."""
    if isinstance(one, PositionRange):
        return _("within {radius} m all round", radius=f"{one.radius_m:g}")
    unit = one.shown_unit if isinstance(one, SettingRange) else ""
    return f"{one.low:g}–{one.high:g} {unit_text(unit)}".rstrip()


def value_text(one: AssumedRange, value: Value) -> str:
    """Write a value of a range with its unit: a number, or metres and where to."""
    if isinstance(one, PositionRange):
        return move_text(value)
    if isinstance(one, WeightRange):
        return f"{value[0]:.4g}"
    number = value[0] / SECONDS.get(one.shown_unit, 1.0)
    return f"{number:.4g} {unit_text(one.shown_unit)}".rstrip()


def move_text(move: Value) -> str:
    """Say how far and whither a position is moved; the four directions by name."""
    east, north = move
    away = decimal_text(math.hypot(east, north), 0)
    if east == north == 0:
        return _("not moved")
    if 0 not in (east, north):
        return _("{east} m east, {north} m north", east=decimal_text(east, 0), north=decimal_text(north, 0))
    if north == 0:
        return _("{n} m east", n=away) if east > 0 else _("{n} m west", n=away)
    return _("{n} m north", n=away) if north > 0 else _("{n} m south", n=away)


def unit_text(unit: str) -> str:
    """Name the unit of a range."""
    return {"s": _("s"), "min": _("min"), "km/h": _("km/h")}.get(unit, unit)


def _weights_sentence(ranges: Ranges) -> list[str]:
    if not ranges.weights:
        return []
    weights = listed([f"{site} {weight:g}" for site, weight in ranges.weights])
    return [_("Weights of the sites: {weights}.", weights=weights)]


def _sampling_sentence(ranges: Ranges) -> list[str]:
    stated = [_("{n} runs", n=ranges.n_samples)] if ranges.n_samples is not None else []
    stated += [_("seed {seed}", seed=ranges.seed)] if ranges.seed is not None else []
    return [_("Sample: {what}.", what=clauses(stated))] if stated else []


def outcome_text(outcome: Outcome, targets: Mapping[str, str], sites: Mapping[str, str]) -> str:
    """Name a figure, with its unit."""
    texts = {
        "saved_min": _("minutes saved, all squares and targets"),
        "gain_share": _("squares that gain (%)"),
        "lose_share": _("squares that lose (%)"),
        "vehicle_hours": _("vehicle-hours more a day"),
        "vehicles": _("vehicles more at the busiest moment"),
        "vehicle_km": _("vehicle-km more a day"),
        "change_min": _("change, weighted mean of the sites (min)"),
    }
    text = texts.get(outcome.id, outcome.id)
    if outcome.site:
        text = _("change from {site} (min)", site=sites.get(outcome.site, outcome.site))
    if not outcome.target:
        return text
    return _("{target}: {what}", target=targets.get(outcome.target, outcome.target), what=text)


def figure_text(outcome: Outcome, value: float) -> str:
    """Write a figure as tables show it."""
    if not math.isfinite(value):
        return "–"
    number = shown(outcome, value)
    digits = 0 if outcome.id in ("saved_min", "vehicles", "vehicle_km") else 1
    text = decimal_text(abs(number), digits)
    text = f"{float(text):,.{digits}f}".replace(",", "\u2009")
    sign = "" if float(decimal_text(abs(number), digits)) == 0 else "−" if number < 0 else "+"
    return text if outcome.id in ("gain_share", "lose_share") else sign + text


def shown(outcome: Outcome, value: float) -> float:
    """Turn a figure into the unit that readers see: shares into per cent."""
    return 100 * value if outcome.id in ("gain_share", "lose_share") else value


def interval_text(interval: Interval) -> str:
    """Write an interval: most of the sample, the extremes, and the figure of the values as stated."""
    p10, p50, p90, low, high, stated = (
        figure_text(interval.outcome, value)
        for value in (interval.p10, interval.p50, interval.p90, interval.low, interval.high, interval.stated)
    )
    if low == high:
        return _("{value} in every run", value=stated)
    return _(
        "{p10} to {p90} (P10 to P90), median {p50}, extremes {low} and {high}; as stated {stated}",
        p10=p10, p90=p90, p50=p50, low=low, high=high, stated=stated,
    )  # fmt: skip


def end_text(one: AssumedRange, end: int) -> str:
    """Name an end of a range: its value, or where the position is moved; the stated value where -1."""
    return value_text(one, one.ends[end]) if end >= 0 else _("as stated")


def covers_sentence(result: RangeResult) -> str:
    """Say what the intervals contain, and what not."""
    return _(
        "The intervals hold {n} runs of a Latin hypercube sample (seed {seed}), in which all {ranges} ranges "
        "vary at once, independently and evenly between their ends (positions evenly over their circle); "
        "the extremes also hold the stated values and every range at its ends by itself. They hold nothing "
        "that no range names, such as walking speeds, the departures of the period or the lines as they are.",
        n=len(result.sample), seed=result.seed, ranges=len(result.scenario.ranges.ranges),
    )  # fmt: skip


def interval_sentences(
    result: RangeResult, targets: Mapping[str, str], sites: Mapping[str, str] | None = None
) -> list[str]:
    """
    Tell the intervals of a scenario, one sentence per finding.

    Parameters
    ----------
    result
        The scenario over its ranges.
    targets, sites
        What to call targets and sites.

    Returns
    -------
    sentences
        First that it is assumed; then totals; the weighted mean of the sites per target; what matters
        most; what the intervals contain.
    """
    named = sites or {}
    told = [_("Assumed: intervals follow from the ranges that the scenario states, they are no forecast.")]
    told += [
        _("{figure}: {interval}.", figure=outcome_text(one, targets, named),
          interval=interval_text(result.interval(one)))
        for one in headline(result)
    ]  # fmt: skip
    told += [
        most_sentence(result, one, outcome_text(one, targets, named))
        for one in (Outcome("saved_min"), most_varied(result))
        if one is not None
    ]
    return [*told, covers_sentence(result)]


def headline(result: RangeResult) -> list[Outcome]:
    """Choose the figures that are told first: the totals, then the mean over the sites per target."""
    return [one for one in result.outcomes if not one.site and (one.id == "change_min" or not one.target)]


def most_varied(result: RangeResult) -> Outcome | None:
    """Find the target whose mean over the sites varies most, ``None`` where none varies."""
    means = [one for one in result.outcomes if one.id == "change_min" and one.target and not one.site]
    widths = [result.interval(one).high - result.interval(one).low for one in means]
    known = [(width, -k) for k, width in enumerate(widths) if width > 0]
    return means[-max(known)[1]] if known else None


def most_sentence(result: RangeResult, outcome: Outcome, figure: str) -> str:
    """Say which ranges move a figure most by themselves."""
    bars = [bar for bar in result.bars(outcome)[:SHOWN_BARS] if bar.width > 0]
    if not bars:
        return _("{figure}: no range moves it by itself.", figure=figure)
    return _("{figure}: what matters most is {ranges}.", figure=figure,
             ranges=listed([_bar_text(result, outcome, bar) for bar in bars]))  # fmt: skip


def _bar_text(result: RangeResult, outcome: Outcome, bar: Bar) -> str:
    one = result.scenario.ranges.ranges[bar.range_number]
    low, high = figure_text(outcome, bar.low), figure_text(outcome, bar.high)
    return _("{name} ({low} to {high})", name=one.name, low=low, high=high)


def about_texts(ranges: Sequence[AssumedRange], names: Names) -> list[str]:
    """Say what each range is about."""
    return [_about(one, names) for one in ranges]

"""How evidence speaks: verdicts, measures, units and conditions in words."""

import math

from accessibility.messages import _
from accessibility.model.claim import (
    BROADLY,
    CONSISTENT,
    INCONSISTENT,
    NO_WORD,
    UNVERIFIABLE,
    Claim,
    Condition,
    Figure,
    Interval,
    Stated,
)
from accessibility.model.modes import mode_text
from accessibility.outputs.wording import by_language, decimal_text, level_text, period_text

_DIGITS = {"min": 1, "km": 2, "%": 1, "per_hour": 1}


def verdict_text(word: str) -> str:
    """Name the word of a verdict."""
    texts = {
        CONSISTENT: _("consistent"),
        BROADLY: _("broadly consistent"),
        INCONSISTENT: _("inconsistent"),
        UNVERIFIABLE: _("cannot be verified"),
        NO_WORD: _("figures only, no verdict"),
    }
    return texts[word]


def claim_word_text(claim: Claim, word: str) -> str:
    """Name the word of a claim; a document that is only cited says so."""
    return _("citation, not computed") if claim.kind == "citation" else verdict_text(word)


def claim_kind_text(kind: str) -> str:
    """Name what a claim is about."""
    texts = {
        "distance": _("distance"),
        "duration": _("travel time"),
        "presence": _("presence within a radius"),
        "coverage": _("coverage of a standard"),
        "change": _("change"),
        "rank": _("order of nearness"),
        "opened": _("date of opening"),
        "interchange": _("interchange"),
        "citation": _("citation"),
    }
    return texts[kind]


def unit_text(unit: str) -> str:
    """Name a unit; empty where the number says it all."""
    texts = {"min": _("min"), "km": _("km"), "%": "%", "days": _("days"), "per_hour": _("per hour")}
    return texts.get(unit, "")


def value_text(value: float, unit: str) -> str:
    """Write a figure without its unit; say where it is unreached or unknown."""
    if math.isnan(value):
        return _("unknown")
    return decimal_text(value, _DIGITS.get(unit, 0)) if math.isfinite(value) else _("not reached")


def span_text(low: float, high: float, unit: str) -> str:
    """Write an interval with its unit."""
    ends = list(dict.fromkeys([value_text(low, unit), value_text(high, unit)]))
    dash = _(" to ") if min(low, high) < 0 else " – "
    return " ".join(part for part in (dash.join(ends), unit_text(unit)) if part)


def stated_text(stated: Stated) -> str:
    """Write a band: how it was read from the words, else its ends."""
    if stated.text:
        chinese, _slash, english = stated.text.partition(" / ")
        return by_language(chinese, english)
    low, high = (value_text(end, stated.unit) for end in (stated.low, stated.high))
    unit = unit_text(stated.unit)
    if math.isinf(stated.low):
        return _("at most {value} {unit}", value=high, unit=unit).rstrip()
    if math.isinf(stated.high):
        return _("at least {value} {unit}", value=low, unit=unit).rstrip()
    return span_text(stated.low, stated.high, stated.unit)


def interval_text(interval: Interval, unit: str) -> str:
    """Write what some figures span."""
    return span_text(interval.low, interval.high, unit)


def measure_text(measure: str) -> str:
    """Name what a figure measures."""
    texts = {
        "distance": _("distance"),
        "duration": _("travel time"),
        "within": _("number within"),
        "nearest": _("nearest"),
        "before": _("before"),
        "after": _("after"),
        "change": _("change"),
        "rank": _("rank"),
        "opened": _("opening, days after the date"),
        "stops": _("stops within"),
        "lines": _("lines within"),
        "departures": _("departures"),
        "trains": _("trains that arrive"),
        "missed-late": _("trains after which no line leaves"),
        "missed-early": _("trains before which no line has arrived"),
        "reach-before": _("within reach, before"),
        "reach-after": _("within reach, after"),
        "reach-change": _("within reach, change"),
    }
    return texts.get(measure, measure)


def detail_text(detail: str, names: dict[str, str]) -> str:
    """Write one word of the detail of a figure: a place by its name, a code in words."""
    texts = {
        "assumed-headways": _("headways partly assumed"),
        "no-such-destination": _("none operating"),
        "not-computed": _("not computed"),
        "unreached": _("not reached"),
    }
    return texts.get(detail) or names.get(detail, detail)


def travel_text(mode: str) -> str:
    """Name a mode, the straight line among them."""
    return _("straight line") if mode == "straight" else mode_text(mode)


def condition_name(name: str) -> str:
    """Name a condition."""
    texts = {
        "": _("all figures"),
        "origin": _("from"),
        "mode": _("mode"),
        "direction": _("direction"),
        "period": _("period"),
        "level": _("level"),
        "terminal": _("access and parking"),
        "radius_m": _("radius"),
        "as_of": _("as of"),
        "baseline": _("compared with"),
        "scenario": _("scenario"),
        "combination": _("case"),
    }
    return texts.get(name, name)


def condition_value(name: str, value: str, names: dict[str, str], periods: dict[str, str]) -> str:
    """
    Write the value of a condition.

    Parameters
    ----------
    name, value
        As a `Condition` holds them.
    names, periods
        Identifier -> name of places and of periods.
    """
    if name == "combination":
        return _(", ").join(_any_value(part, names, periods) for part in value.split(" "))
    if name == "radius_m":
        return radius_text(math.inf if value == "any" else float(value))
    return _any_value(value, names, periods)


def _any_value(value: str, names: dict[str, str], periods: dict[str, str]) -> str:
    """Write a value whatever condition it belongs to; only a radius is a number."""
    texts = {
        "there": _("way there"),
        "back": _("way back"),
        "with": _("with access and parking"),
        "without": _("without access and parking"),
        "any": _("any distance"),
        "nearest": _("the nearest then operating"),
        "straight": _("straight line"),
        "low": level_text("low"),
        "mid": level_text("mid"),
        "high": level_text("high"),
    }
    known = texts.get(value) or names.get(value) or periods.get(value)
    if known is None and value.replace(".", "").isdigit():
        return radius_text(float(value))
    return known or mode_text(value)


def radius_text(radius_m: float) -> str:
    """Write a radius."""
    if math.isinf(radius_m):
        return _("any distance")
    return _("{km} km", km=f"{radius_m / 1000:g}") if radius_m >= 1000 else _("{m} m", m=f"{radius_m:g}")


def figure_text(figure: Figure, names: dict[str, str], periods: dict[str, str]) -> str:
    """
    Write under which conditions a figure, or a span of such, holds.

    Parameters
    ----------
    figure
        The figure; its site, direction and level are not told.
    names, periods
        Identifier -> name of places, targets and periods.
    """
    parts = [
        _(", ").join(names.get(part, part) for part in figure.subject.split("+")),
        travel_text(figure.mode) if figure.mode else "",
        period_text(figure.period, periods),
        figure.as_of,
        "" if math.isnan(figure.radius_m) else _("within {radius}", radius=radius_text(figure.radius_m)),
        _("with access and parking") if figure.terminal else "",
        _("on all roads") if figure.roads else "",
        "" if math.isnan(figure.cutoff_min) else _("within {n} min", n=f"{figure.cutoff_min:g}"),
        names.get(figure.scenario, figure.scenario),
        _("compared with {what}", what=_any_value(figure.baseline, names, periods))
        if figure.baseline
        else "",
    ]
    return " · ".join(part for part in parts if part)


def condition_text(condition: Condition, names: dict[str, str], periods: dict[str, str]) -> str:
    """Write a condition with its value."""
    if not condition.name:
        return condition_name("")
    value = condition_value(condition.name, condition.value, names, periods)
    return _("{name}: {value}", name=condition_name(condition.name), value=value)

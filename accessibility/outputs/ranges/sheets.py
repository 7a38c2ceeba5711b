"""A scenario with ranges as plain tables: intervals, what each range does, the ranges, the sample."""

import math
from collections.abc import Mapping

from accessibility.messages import _
from accessibility.model.assumed_range import SECONDS, AssumedRange, PositionRange, SettingRange, Value
from accessibility.model.range_result import Outcome, RangeResult
from accessibility.model.range_values import stated_value
from accessibility.outputs.ranges.words import about_texts, end_text, headline, outcome_text, shown
from accessibility.outputs.scenario.names import Names
from accessibility.outputs.sheets import Cell, Sheet

_ASSUMED = "assumed"
_HEAD = ("figure", "target", "site", "figure_name", "unit")
_UNITS = {"saved_min": "min", "change_min": "min", "vehicle_hours": "h", "vehicle_km": "km",
          "gain_share": "%", "lose_share": "%", "vehicles": ""}  # fmt: skip


def range_sheets(
    result: RangeResult, names: Names, targets: Mapping[str, str], sites: Mapping[str, str]
) -> tuple[Sheet, ...]:
    """
    Lay out a scenario over its ranges.

    Parameters
    ----------
    result
        The scenario.
    names
        Names of lines and stops.
    targets, sites
        Identifier -> name.

    Returns
    -------
    sheets
        Intervals, ranges one at a time, the ranges themselves, the sample. Every row says ``assumed``: what
        follows from a range is.
    """
    told = {one: outcome_text(one, targets, sites) for one in result.outcomes}
    return (_intervals(result, told), _tornado(result, told), _ranges(result, names), _sample(result, told))


def _intervals(result: RangeResult, told: Mapping[Outcome, str]) -> Sheet:
    columns = (
        *_HEAD,
        "as_stated",
        "p10",
        "p50",
        "p90",
        "least",
        "most",
        "known_runs",
        "sample_runs",
        _ASSUMED,
    )
    rows = []
    for outcome in result.outcomes:
        one = result.interval(outcome)
        figures = (one.stated, one.p10, one.p50, one.p90, one.low, one.high)
        cells = (_cell(outcome, value) for value in figures)
        rows.append((*_head(outcome, told), *cells, one.n_known, one.n_samples, _ASSUMED))
    return Sheet("intervals", _("Intervals"), columns, tuple(rows))


def _tornado(result: RangeResult, told: Mapping[Outcome, str]) -> Sheet:
    columns = (*_HEAD, "rank", "range", "least_at", "least", "most_at", "most", "width", _ASSUMED)
    rows: list[tuple[Cell, ...]] = []
    for outcome in result.outcomes:
        for rank, bar in enumerate(result.bars(outcome), start=1):
            one = result.scenario.ranges.ranges[bar.range_number]
            rows.append((
                *_head(outcome, told), rank, one.name, end_text(one, bar.low_end), _cell(outcome, bar.low),
                end_text(one, bar.high_end), _cell(outcome, bar.high), _cell(outcome, bar.width), _ASSUMED,
            ))  # fmt: skip
    return Sheet("tornado", _("Ranges one at a time"), columns, tuple(rows))


def _ranges(result: RangeResult, names: Names) -> Sheet:
    columns = ("range", "about", "low", "high", "unit", "as_stated", "mark", "source")
    ranges, changes = result.scenario.ranges, result.scenario.modifications
    rows: list[tuple[Cell, ...]] = []
    for one, about in zip(ranges.ranges, about_texts(ranges.ranges, names), strict=True):
        if isinstance(one, PositionRange):
            ends: tuple[Cell, ...] = (0, one.radius_m, "m", 0)
        else:
            unit = one.shown_unit if isinstance(one, SettingRange) else ""
            ends = (one.low, one.high, unit, _numbers(one, stated_value(one, changes, ranges.weights))[0])
        rows.append((one.name, about, *ends, one.mark, one.source))
    return Sheet("ranges", _("Ranges"), columns, tuple(rows))


def _sample(result: RangeResult, names: Mapping[Outcome, str]) -> Sheet:
    ranges, told = result.scenario.ranges.ranges, headline(result)
    drawn = [column for one in ranges for column in _columns(one)]
    figures = [":".join(part for part in (one.id, one.target) if part) for one in told]
    at = [result.outcomes.index(one) for one in told]
    rows = tuple(
        (
            run,
            *(number for one, value in zip(ranges, values, strict=True) for number in _numbers(one, value)),
            *(_cell(result.outcomes[k], float(result.sample[run - 1, k])) for k in at),
            _ASSUMED,
        )
        for run, values in enumerate(result.drawn, start=1)
    )
    heads = {column: names[one] for column, one in zip(figures, told, strict=True)}
    for one in ranges:
        if isinstance(one, PositionRange):
            east, north = _columns(one)
            heads |= {east: _("{name}, eastward (m)", name=one.name)}
            heads |= {north: _("{name}, northward (m)", name=one.name)}
    return Sheet("sample", _("Sample"), ("run", *drawn, *figures, _ASSUMED), rows, heads)


def _columns(one: AssumedRange) -> tuple[str, ...]:
    if isinstance(one, PositionRange):
        return f"{one.name} (east_m)", f"{one.name} (north_m)"
    return (
        f"{one.name} ({one.shown_unit})" if isinstance(one, SettingRange) and one.shown_unit else one.name,
    )


def _numbers(one: AssumedRange, value: Value) -> tuple[float, ...]:
    """Write a value in the unit its range is written in."""
    scale = SECONDS.get(one.shown_unit, 1.0) if isinstance(one, SettingRange) else 1.0
    return tuple(round(number / scale, 4) for number in value)


def _head(outcome: Outcome, told: Mapping[Outcome, str]) -> tuple[Cell, ...]:
    return outcome.id, outcome.target, outcome.site, told[outcome], _UNITS.get(outcome.id, "")


def _cell(outcome: Outcome, value: float) -> Cell:
    return round(shown(outcome, value), 2) if math.isfinite(value) else None

"""The page of a scenario with ranges: intervals, what matters most, and what the ranges rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accessibility.messages import _, language
from accessibility.model.provenance import Provenance
from accessibility.model.range_result import Bar, Outcome, RangeResult
from accessibility.model.range_values import stated_value
from accessibility.outputs.embedding import template_text
from accessibility.outputs.map_frame import OSM_LICENCE, environment, uses_osm, write_text
from accessibility.outputs.range_words import (
    covers_sentence,
    end_text,
    figure_text,
    headline,
    most_sentence,
    most_varied,
    outcome_text,
    rows_of,
    span_text,
    value_text,
)
from accessibility.outputs.scenario_names import Names
from accessibility.outputs.tornado import Tornado, TornadoRow, tornado_svg
from accessibility.outputs.wording import mark_text

MOST_BARS = 10
"""Bars of a chart; further ranges are counted below it and stand in the table."""


@dataclass(frozen=True, eq=False)
class RangeContent:
    """
    What the page tells.

    Parameters
    ----------
    study
        Name of the study.
    result
        The scenario over its ranges.
    names
        Names of lines and stops.
    targets, sites
        Identifier -> name.
    period
        Name of the period.
    provenance
        Sources of everything.
    """

    study: str
    result: RangeResult
    names: Names
    targets: Mapping[str, str]
    sites: Mapping[str, str]
    period: str
    provenance: Provenance


def range_charts(content: RangeContent) -> dict[str, str]:
    """
    Draw the tornado charts of a scenario.

    Returns
    -------
    charts
        Name -> SVG: minutes saved, vehicle-hours, and the mean over the sites per target, where anything
        moves them; the target that varies most first.
    """
    result = content.result
    first, means = most_varied(result), [one for one in headline(result) if one.target]
    wanted = [Outcome("saved_min"), *([first] if first else []), *(one for one in means if one != first),
              Outcome("vehicle_hours")]  # fmt: skip
    return {
        chart_name(one): _chart(one, content)
        for one in wanted
        if any(bar.width > 0 for bar in result.bars(one))
    }


def chart_name(outcome: Outcome) -> str:
    """Name the chart of a figure, in plain ASCII."""
    return "-".join(part for part in ("tornado", outcome.id.replace("_", "-"), outcome.target) if part)


def assumed_note(result: RangeResult) -> str:
    """Say with every chart that it is assumed, and what was sampled."""
    return _("Assumed · each range at its ends, all else as stated · sample of {n}, seed {seed}",
             n=len(result.sample), seed=result.seed)  # fmt: skip


def write_range_page(path: str | Path, content: RangeContent, charts: Mapping[str, str]) -> Path:
    """
    Write the page: one file, no script, good to print.

    Parameters
    ----------
    path
        File to write.
    content
        What it tells.
    charts
        What `range_charts` drew.

    Returns
    -------
    path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    result = content.result
    text = (
        environment()
        .get_template("ranges.html.j2")
        .render(
            lang="en" if language() == "en" else "zh-CN",
            style=template_text("page.css"),
            title=_("{scenario}: what the ranges leave open", scenario=result.scenario.name),
            subtitle=_("{study} · as of {day} · {period} · percentile {p} of the travel times",
                       study=content.study, day=result.settings.as_of, period=content.period,
                       p=result.settings.percentile),
            note=result.scenario.note,
            covers=covers_sentence(result),
            most=[most_sentence(result, one, _name(one, content)) for one in _told(result)],
            totals=[_interval(one, content) for one in result.outcomes if not one.target],
            means=[_interval(one, content) for one in headline(result) if one.target],
            by_site=_site_blocks(content),
            charts=list(charts.values()),
            ranges=_ranges(content),
            weights=[(content.sites.get(site, site), f"{weight:g}") for site, weight in result.weights],
            n_samples=len(result.sample), seed=result.seed, n_networks=result.n_networks,
            licence=OSM_LICENCE if uses_osm(content.provenance) else "",
        )
    )  # fmt: skip
    return write_text(path, text)


def _told(result: RangeResult) -> list[Outcome]:
    first = most_varied(result)
    return [Outcome("saved_min"), *([first] if first else [])]


def _name(outcome: Outcome, content: RangeContent) -> str:
    return outcome_text(outcome, content.targets, content.sites)


def _interval(outcome: Outcome, content: RangeContent) -> dict[str, str]:
    one = content.result.interval(outcome)
    figures = {name: figure_text(outcome, getattr(one, name)) for name in ("stated", "p10", "p50", "p90")}
    figures |= {"low": figure_text(outcome, one.low), "high": figure_text(outcome, one.high)}
    missing = one.n_samples - one.n_known
    name = content.targets.get(outcome.target, outcome.target) if outcome.target else _name(outcome, content)
    return figures | {
        "name": content.sites.get(outcome.site, outcome.site) if outcome.site else name,
        "missing": _("{n} runs without a figure", n=missing) if missing else "",
    }


def _site_blocks(content: RangeContent) -> list[dict[str, Any]]:
    """Gather the changes from every site, by target."""
    outcomes = [one for one in content.result.outcomes if one.site]
    return [
        {
            "name": content.targets.get(target, target),
            "rows": [_interval(one, content) for one in outcomes if one.target == target],
        }
        for target in dict.fromkeys(one.target for one in outcomes)
    ]


def _ranges(content: RangeContent) -> list[dict[str, str]]:
    ranges, changes = content.result.scenario.ranges, content.result.scenario.modifications
    return [
        {
            "name": one.name,
            "about": about,
            "span": span_text(one),
            "stated": value_text(one, stated_value(one, changes, ranges.weights)),
            "mark": mark_text(one.mark) if one.mark else "",
            "source": one.source,
        }
        for one, about in zip(ranges.ranges, rows_of(ranges.ranges, content.names), strict=True)
    ]


def _chart(outcome: Outcome, content: RangeContent) -> str:
    result = content.result
    bars = [bar for bar in result.bars(outcome) if bar.width > 0]
    interval = result.interval(outcome)
    return tornado_svg(
        Tornado(
            id=chart_name(outcome),
            title=_name(outcome, content),
            note=assumed_note(result),
            rows=[_row(outcome, bar, result) for bar in bars[:MOST_BARS]],
            stated=interval.stated,
            stated_label=figure_text(outcome, interval.stated),
            band=(interval.p10, interval.p90) if interval.n_known else (),
            n_more=len(result.ends) - len(bars[:MOST_BARS]),
        )
    )


def _row(outcome: Outcome, bar: Bar, result: RangeResult) -> TornadoRow:
    one = result.scenario.ranges.ranges[bar.range_number]
    labels = [
        _("{end}: {figure}", end=end_text(one, end), figure=figure_text(outcome, figure)) if end >= 0 else ""
        for end, figure in ((bar.low_end, bar.low), (bar.high_end, bar.high))
    ]
    return TornadoRow(one.name, bar.low, bar.high, *labels)


def chart_files(charts: Mapping[str, str], folder: Path) -> Sequence[Path]:
    """Write every chart as an SVG file of its own, for reports."""
    return [write_text(folder / f"{name}.svg", svg) for name, svg in charts.items()]

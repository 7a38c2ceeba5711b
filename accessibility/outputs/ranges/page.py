"""The page of a scenario with ranges: intervals, what matters most, and what the ranges rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accessibility.messages import _, language
from accessibility.model.provenance import Provenance
from accessibility.model.range_result import Outcome, RangeResult
from accessibility.model.range_values import stated_value
from accessibility.outputs.embedding import template_text
from accessibility.outputs.maps.map_frame import OSM_LICENCE, environment, uses_osm
from accessibility.outputs.ranges.charts import chart_name, draw_tornado, told_apart
from accessibility.outputs.ranges.words import (
    about_texts,
    covers_sentence,
    figure_text,
    headline,
    most_sentence,
    most_varied,
    outcome_text,
    span_text,
    value_text,
)
from accessibility.outputs.scenario.names import Names
from accessibility.outputs.text_file import write_text
from accessibility.outputs.wording import mark_text

SHOWN_CHARTS = 3
"""Charts that are open when the page is; the others open at a click."""


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
        Name of the period, and the way to the first stop where nobody walks.
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
        Name -> SVG: minutes saved, vehicle-hours, and the mean over the sites per target, where a range moves
        them visibly; the target that varies most before the others.
    """
    result = content.result
    first, means = most_varied(result), [one for one in headline(result) if one.target]
    shown = [Outcome("saved_min"), *([first] if first else []), Outcome("vehicle_hours")]
    wanted = [*shown, *(one for one in means if one != first)]
    return {
        chart_name(one): draw_tornado(result, one, title=_name(one, content))
        for one in wanted
        if any(told_apart(one, bar) for bar in result.bars(one))
    }


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
            charts=list(charts.values())[:SHOWN_CHARTS], more_charts=list(charts.values())[SHOWN_CHARTS:],
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
        for one, about in zip(ranges.ranges, about_texts(ranges.ranges, content.names), strict=True)
    ]

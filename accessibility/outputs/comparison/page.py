"""The page of a comparison: the finding first, losers beside gainers, then maps, costs and journeys."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from accessibility.messages import _, language
from accessibility.model.change_summary import ChangeSummary, change_summary, more_hours
from accessibility.model.comparison import ChangeTable, Comparison
from accessibility.model.grid import Grid
from accessibility.model.provenance import Provenance, group_notices
from accessibility.model.reach_change import ReachChange
from accessibility.model.scenario import Scenario
from accessibility.model.service_cost import LineCost, vehicles_needed
from accessibility.model.streets import Streets
from accessibility.model.told_change import ToldChange
from accessibility.outputs.comparison.changed_lines import ChangedPiece
from accessibility.outputs.comparison.classes import SHOWN, class_labels, shown_classes
from accessibility.outputs.comparison.words import (
    WORST,
    assumed_text,
    cost_sentence,
    headline,
    idle_text,
    people_sentence,
    recomputed_text,
    signed,
    signed_minutes,
)
from accessibility.outputs.drawing import WIDTH, Drawing
from accessibility.outputs.embedding import template_text
from accessibility.outputs.maps.map_frame import OSM_LICENCE, environment, uses_osm
from accessibility.outputs.text_file import write_text
from accessibility.outputs.wording import decimal_text, minutes_text


@dataclass(frozen=True, eq=False)
class ComparisonContent:
    """
    Everything the page of a comparison tells.

    Parameters
    ----------
    study, asked
        Name of the study, and what was asked of it.
    scenario, changes
        The scenario, and what it changes, one sentence each.
    comparison, reach, told
        Changes in time, in what lies within reach, and journeys in words.
    targets, places
        Identifier -> name of targets and of places.
    grid, streets, pieces
        What the drawing shows.
    maps, files
        What lies beside the page: path within the folder, title or sentence.
    settings
        What the figures depend on: name and value.
    provenance
        Sources, notices, versions.
    """

    study: str
    asked: str
    scenario: Scenario
    changes: Sequence[str]
    comparison: Comparison
    reach: Sequence[ReachChange]
    told: Sequence[ToldChange]
    targets: Mapping[str, str]
    places: Mapping[str, str]
    grid: Grid
    streets: Streets
    pieces: Sequence[ChangedPiece]
    maps: Sequence[tuple[str, str, str]]
    files: Sequence[tuple[str, str]]
    settings: Sequence[tuple[str, str]]
    provenance: Provenance


def write_comparison_page(path: str | Path, content: ComparisonContent) -> Path:
    """
    Write the page: one file, no script, good to print on A4.

    Parameters
    ----------
    path
        File to write.
    content
        What it tells.

    Returns
    -------
    path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    comparison = content.comparison
    shown = max(comparison.tables, key=_n_changed) if comparison.tables else None
    text = (
        environment()
        .get_template("comparison.html.j2")
        .render(
            lang="en" if language() == "en" else "zh-CN",
            style=template_text("page.css") + template_text("comparison.css"),
            title=content.scenario.name,
            study=content.study,
            asked=content.asked,
            headline=headline(comparison, content.targets),
            idle=idle_text(comparison) if comparison.idle and not comparison.without_effect else "",
            assumed=assumed_text() if comparison.assumed else "",
            note=content.scenario.note,
            changes=content.changes,
            groups=_groups(content),
            people=_people(content),
            extremes=[_extremes(table, content) for table in comparison.tables if _n_changed(table)],
            drawing=None if shown is None or not _n_changed(shown) else _drawing(shown, content),
            costs=_costs(comparison),
            cost_sentence=cost_sentence(comparison.costs_before, comparison.costs_after),
            reach=[_reach(change, content.targets) for change in content.reach],
            reach_sites=_reach_sites(content),
            told=[_told(one, content) for one in content.told],
            recomputed=recomputed_text(comparison),
            maps=content.maps,
            files=content.files,
            settings=content.settings,
            sources=content.provenance.sources,
            notices=group_notices(comparison.notices),
            severities={"error": _("error"), "warning": _("warning"), "info": _("note")},
            licence=OSM_LICENCE if uses_osm(content.provenance) else "",
        )
    )
    return write_text(path, text)


def _n_changed(table: ChangeTable) -> int:
    return len(table.worst) + len(table.best)


def _groups(content: ComparisonContent) -> list[dict[str, Any]]:
    """Lay out who gains and who loses: squares with a bar each, then sites."""
    comparison = content.comparison
    groups = []
    for name, who, tables in (
        (_("Squares"), "cells", comparison.tables),
        (_("Sites"), "sites", comparison.site_tables),
    ):
        if tables and len(tables[0]):
            rows = [_group(change_summary(table, who), content.targets) for table in tables]
            most = max((row["n_gain"] + row["n_lose"] for row in rows), default=0)
            groups.append({"name": name, "n": len(tables[0]), "rows": rows, "most": max(most, 1)})
    if comparison.people is not None:
        rows = [
            _group(change_summary(table, "people", comparison.people), content.targets)
            for table in comparison.tables
        ]
        most = max((row["n_gain"] + row["n_lose"] for row in rows), default=0)
        n = f"{comparison.people.sum():.0f}"
        groups.append({"name": _("People"), "n": n, "rows": rows, "most": max(most, 1)})
    return groups


def _group(one: ChangeSummary, targets: Mapping[str, str]) -> dict[str, Any]:
    return {
        "target": targets.get(one.target, one.target),
        "n_gain": one.gain + one.newly,
        "n_lose": one.lose + one.lost,
        **{name: f"{getattr(one, name):.0f}" for name in ("gain", "lose", "newly", "lost", "same", "never")},
        **{
            name: "–" if math.isnan(value) else signed_minutes(value)
            for name, value in (("mean", one.mean_s), ("median", one.median_s), ("p90", one.p90_s))
        },
    }


def _people(content: ComparisonContent) -> list[str]:
    comparison = content.comparison
    if comparison.people is None:
        return []
    hours = more_hours(comparison.costs_before, comparison.costs_after)
    return [
        people_sentence(
            change_summary(table, "people", comparison.people),
            content.targets.get(table.target, table.target),
            hours,
        )
        for table in comparison.tables
    ]


def _extremes(table: ChangeTable, content: ComparisonContent) -> dict[str, Any]:
    """List the squares that lose most and those that gain most."""

    def rows(order: Sequence[int]) -> list[dict[str, str]]:
        return [
            {
                "id": table.origin_ids[i],
                "before": minutes_text(float(table.before_s[i])),
                "after": minutes_text(float(table.after_s[i])),
                "change": _change_text(float(table.change_s[i])),
                "to": _to(table, i, content.places),
            }
            for i in order
        ]

    name = content.targets.get(table.target, table.target)
    worst, best = (order[:WORST].tolist() for order in (table.worst, table.best))
    return {"target": name, "n_lose": len(table.worst), "n_gain": len(table.best),
            "worst": rows(worst), "best": rows(best)}  # fmt: skip


def _change_text(change_s: float) -> str:
    return "–" if math.isnan(change_s) else signed_minutes(change_s)


def _to(table: ChangeTable, row: int, places: Mapping[str, str]) -> str:
    if not table.to_after:
        return ""
    names = [places.get(i, i) or "–" for i in (table.to_before[row], table.to_after[row])]
    return names[0] if names[0] == names[1] else " → ".join(names)


def _drawing(table: ChangeTable, content: ComparisonContent) -> dict[str, Any]:
    """Draw the change to one target, the changed lines over it."""
    sheet, shown = Drawing(content.grid), shown_classes(table)
    squares = []
    for cell, number in enumerate(shown.tolist()):
        one = SHOWN[number]
        if one.code != "same":
            x, y = sheet.corner(cell)
            squares.append({"x": x, "y": y, "class": one.code, "sign": one.sign, "ink": one.ink})
    counts = np.bincount(shown, minlength=len(SHOWN)).tolist()
    keys = [
        {"class": one.code, "sign": one.sign, "ink": one.ink, "label": label, "n": counts[k]}
        for k, (one, label) in enumerate(zip(SHOWN, class_labels(), strict=True))
        if counts[k]
    ]
    return {
        "target": content.targets.get(table.target, table.target),
        "width": round(WIDTH),
        "height": round(sheet.height),
        "side": round(sheet.side, 1),
        "streets": sheet.streets(content.streets),
        "squares": squares,
        "keys": keys,
        "lines": [(piece.part, sheet.course(piece.course)) for piece in content.pieces],
        "colours": {one.code: one.colour for one in SHOWN if one.colour},
    }


def _costs(comparison: Comparison) -> dict[str, Any]:
    """Lay out what the changed lines take: before, after, and the difference of the sums."""
    sides = ((_("before"), comparison.costs_before), (_("after"), comparison.costs_after))
    rows = [
        {
            "name": cost.name,
            "direction": {0: _("outbound"), 1: _("inbound")}.get(cost.direction, ""),
            "side": side,
            "trips": decimal_text(cost.n_trips, 1),
            "length": decimal_text(cost.length_m / 1000, 2) + ("*" if cost.drawn_straight else ""),
            "run": minutes_text(cost.run_s),
            "cycle": minutes_text(cost.run_s + cost.layover_s),
            "km": decimal_text(cost.vehicle_km, 1),
            "hours": decimal_text(cost.vehicle_hours, 1),
            "vehicles": decimal_text(cost.vehicles_cycle, 2),
            "blocks": "–" if cost.vehicles_blocks is None else str(cost.vehicles_blocks),
        }
        for side, costs in sides
        for cost in costs
    ]
    return {
        "rows": rows,
        "sums": [_sum(side, costs) for side, costs in sides],
        "more": {
            "km": signed(_total(comparison, "vehicle_km"), 1),
            "hours": signed(_total(comparison, "vehicle_hours"), 1),
            "vehicles": signed(
                vehicles_needed(comparison.costs_after) - vehicles_needed(comparison.costs_before), 0
            ),
        },
        "straight": any(cost.drawn_straight for _side, costs in sides for cost in costs),
    }


def _sum(side: str, costs: Sequence[LineCost]) -> dict[str, str]:
    return {
        "side": side,
        "km": decimal_text(sum(cost.vehicle_km for cost in costs), 1),
        "hours": decimal_text(sum(cost.vehicle_hours for cost in costs), 1),
        "vehicles": str(vehicles_needed(costs)),
    }


def _total(comparison: Comparison, name: str) -> float:
    after, before = (
        sum(getattr(cost, name) for cost in costs)
        for costs in (comparison.costs_after, comparison.costs_before)
    )
    return float(after - before)


def _reach(change: ReachChange, targets: Mapping[str, str]) -> dict[str, Any]:
    """Sum up over the squares, cutoff by cutoff."""
    cells = change.change[change.n_sites :]
    columns = []
    for k, cutoff_s in enumerate(change.cutoffs_s):
        more, fewer = cells[:, k] > 0, cells[:, k] < 0
        columns.append(
            {
                "cutoff": f"{cutoff_s / 60:g}",
                "more": int(more.sum()),
                "fewer": int(fewer.sum()),
                "most": signed(int(cells[:, k].max()), 0) if more.any() else "–",
                "least": signed(int(cells[:, k].min()), 0) if fewer.any() else "–",
            }
        )
    return {"target": targets.get(change.target, change.target), "columns": columns}


def _reach_sites(content: ComparisonContent) -> dict[str, Any]:
    """Lay out what the sites reach: before → after, per target and cutoff."""
    if not content.reach or not content.reach[0].n_sites:
        return {}
    first = content.reach[0]
    sites = first.origin_ids[: first.n_sites]
    rows = []
    for change in content.reach:
        cells = [
            [(int(change.before[i, k]), int(change.after[i, k])) for k in range(len(change.cutoffs_s))]
            for i in range(change.n_sites)
        ]
        rows.append({"target": content.targets.get(change.target, change.target), "cells": cells})
    return {
        "sites": [_origin(site, content.places) for site in sites],
        "cutoffs": [f"{cutoff_s / 60:g}" for cutoff_s in first.cutoffs_s],
        "rows": rows,
    }


def _origin(origin: str, places: Mapping[str, str]) -> str:
    """Name an origin: its id, and its name where it has another."""
    name = places.get(origin, origin)
    return origin if name == origin or not name else f"{origin} {name}"


def _told(one: ToldChange, content: ComparisonContent) -> dict[str, Any]:
    before, after = (math.nan if value is None else value for value in (one.before_s, one.after_s))
    return {
        "why": one.why,
        "origin": _origin(one.origin_id, content.places),
        "target": content.targets.get(one.target, one.target),
        "change": _jump_text(one) or _("{minutes} min", minutes=_change_text(after - before)),
        "word": "lose" if _loses(one) else "gain",
        "sides": [
            (_("before"), minutes_text(before), one.to_before, one.before),
            (_("after"), minutes_text(after), one.to_after, one.after),
        ],
    }


def _jump_text(one: ToldChange) -> str:
    """Say that a place is newly reached or no longer; empty where minutes tell it."""
    if one.before_s is None:
        return _("newly reached")
    return _("no longer reached") if one.after_s is None else ""


def _loses(one: ToldChange) -> bool:
    return one.after_s is None or (one.before_s is not None and one.after_s > one.before_s)

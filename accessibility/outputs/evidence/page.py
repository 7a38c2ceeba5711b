"""The page of evidence: every claim with its word, the conditions it turns on, and what would settle it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accessibility.messages import _, language
from accessibility.model.claim import Condition, Span, Verdict
from accessibility.model.modes import mode_text
from accessibility.model.provenance import Provenance
from accessibility.outputs.embedding import template_text
from accessibility.outputs.evidence.sheets import robust_text, settling
from accessibility.outputs.evidence.words import (
    claim_kind_text,
    claim_word_text,
    condition_text,
    detail_text,
    figure_text,
    interval_text,
    measure_text,
    span_text,
    stated_text,
    verdict_text,
)
from accessibility.outputs.headings import heading
from accessibility.outputs.maps.map_frame import OSM_LICENCE, environment, uses_osm
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.outputs.text_file import write_text
from accessibility.outputs.wording import by_language, period_text

_MANY = 3
"""So many places are named behind a span of figures; more stand in the table of figures."""

_LONG = 120
"""A longer table of conditions shows what holds for all figures, the rest on demand."""


@dataclass(frozen=True, eq=False)
class EvidenceContent:
    """
    What the page of evidence tells.

    Parameters
    ----------
    title, text
        Name of the study, and of the text whose claims these are.
    verdicts
        Claims with their words.
    names, periods
        Identifier -> name of places and targets, and of periods.
    unknowns
        Id -> what would settle it.
    provenance
        Sources of everything.
    measured
        Measured times beside the model, where there are any.
    lines
        Identifier -> name of the lines they name.
    """

    title: str
    text: str
    verdicts: Sequence[Verdict]
    names: dict[str, str]
    periods: dict[str, str]
    unknowns: Mapping[str, str]
    provenance: Provenance
    measured: Sheet | None = None
    lines: Mapping[str, str] = field(default_factory=dict)


def write_evidence_page(path: str | Path, content: EvidenceContent) -> Path:
    """
    Write the page: one file, no script, good to print.

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
    text = (
        environment()
        .get_template("evidence.html.j2")
        .render(
            lang="en" if language() == "en" else "zh-CN",
            style=template_text("page.css"),
            title=_("Evidence: {study}", study=content.title),
            text=content.text,
            claims=[_claim(one, content) for one in content.verdicts],
            measured=None if content.measured is None else _measured(content.measured, content.lines),
            licence=OSM_LICENCE if uses_osm(content.provenance) else "",
        )
    )
    return write_text(path, text)


def _measured(sheet: Sheet, lines: Mapping[str, str]) -> dict[str, Any]:
    """Write the fit to measured times for readers: modes and lines by their names."""

    def text(column: str, cell: Cell) -> str:
        if cell is None:
            return ""
        known = {"mode": mode_text(str(cell)), "line": lines.get(str(cell), "")}
        return known.get(column) or str(cell)

    rows = [
        [text(column, cell) for column, cell in zip(sheet.columns, row, strict=True)] for row in sheet.rows
    ]
    return {"heads": [heading(column) for column in sheet.columns], "rows": rows}


def _claim(one: Verdict, content: EvidenceContent) -> dict[str, Any]:
    claim = one.claim
    whole = [c for c in one.conditions if not c.name]
    shown = dict.fromkeys(
        interval_text(condition.interval, claim.stated[condition.reading].unit) for condition in whole
    )
    circular = by_language(*claim.circular)
    folded = len(one.conditions) > _LONG
    return {
        "id": claim.id,
        "quote": claim.quote,
        "kind": claim_kind_text(claim.kind),
        "stated": _("; ").join(stated_text(stated) for stated in claim.stated),
        "interval": _("; ").join(shown),
        "word": claim_word_text(claim, one.word),
        "robust": robust_text(one),
        "sites": _(", ").join(
            _("{name}: {value}", name=site, value=verdict_text(word)) for site, word in one.sites
        ),
        "circular": _("Circular: {why}.", why=circular) if circular else "",
        "conditions": [_condition(c, one, content) for c in (whole if folded else one.conditions)],
        "more_conditions": [_condition(c, one, content) for c in one.conditions if folded],
        "effects": list(_effects(one, content)),
        "spans": [_span(span, content) for span in one.spans],
        "n_figures": len(one.figures),
        "notes": [by_language(*note) for note in claim.notes],
        "settles": settling(one, content.unknowns),
    }


def _effects(one: Verdict, content: EvidenceContent) -> Iterator[dict[str, Any]]:
    """Set before, after and change beside each other: by scenario, then by subject, mode and period."""
    tables: dict[str, dict[tuple[str, ...], dict[str, Span]]] = {}
    for span in one.spans:
        figure = span.example
        if not figure.scenario or figure.measure not in _EFFECTS:
            continue
        within = "" if math.isnan(figure.cutoff_min) else _("within {n} min", n=f"{figure.cutoff_min:g}")
        key = (figure.subject, figure.mode, figure.period, within)
        rows = tables.setdefault(figure.scenario, {})
        column = figure.unit if figure.measure == "change" else _EFFECTS[figure.measure]
        rows.setdefault(key, {})[column] = span
    for scenario, rows in tables.items():
        told = [_effect(key, spans, content) for key, spans in rows.items()]
        yield {"scenario": content.names.get(scenario, scenario), "rows": told}


def _effect(key: tuple[str, ...], spans: Mapping[str, Span], content: EvidenceContent) -> dict[str, str]:
    subject, mode, period, within = key
    texts = {name: span_text(span.low, span.high, span.example.unit) for name, span in spans.items()}
    how = (mode_text(mode), period_text(period, content.periods), within)
    return {
        "subject": content.names.get(subject, subject),
        "how": " · ".join(part for part in how if part),
        "before": texts.get("before", ""),
        "after": texts.get("after", ""),
        "change": _("; ").join(texts[unit] for unit in ("min", "%", "count") if unit in texts),
    }


_EFFECTS = {
    "before": "before", "after": "after", "change": "change",
    "reach-before": "before", "reach-after": "after", "reach-change": "count",
}  # fmt: skip
"""Measure of a figure about a scenario -> its column."""


def _condition(condition: Condition, one: Verdict, content: EvidenceContent) -> dict[str, str]:
    stated, interval = one.claim.stated[condition.reading], condition.interval
    subject = condition.subject.split("+")
    return {
        "subject": _(", ").join(content.names.get(part, part) for part in subject),
        "stated": stated_text(stated),
        "condition": condition_text(condition, content.names, content.periods),
        "interval": interval_text(interval, stated.unit),
        "inside": _("{n} of {total}", n=interval.n_inside, total=interval.n),
        "word": verdict_text(interval.word),
    }


def _span(span: Span, content: EvidenceContent) -> dict[str, str]:
    example = span.example
    ids = example.id if span.n == 1 else f"{span.first_id} … {span.last_id} ({span.n})"
    places = list(dict.fromkeys(place for detail in span.details for place in detail.split(" ")))
    few = places if len(places) <= _MANY else []
    return {
        "ids": ids,
        "measure": measure_text(example.measure),
        "figure": figure_text(example, content.names, content.periods),
        "interval": span_text(span.low, span.high, example.unit),
        "counted": _("yes") if example.counted else _("beside"),
        "detail": _(", ").join(detail_text(place, content.names) for place in few if place != ">"),
    }

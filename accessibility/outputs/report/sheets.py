"""The workbook of a report: every figure of it, by its id, and every table it is taken from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from accessibility.messages import _
from accessibility.model.claim import Verdict
from accessibility.model.document import Document
from accessibility.model.finding import Finding
from accessibility.model.places import Places
from accessibility.outputs.report.figures import INDEX, figure_name, index_sheet
from accessibility.outputs.report.summary import scenario_labels
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.outputs.wording import MARKS, decimal_text, kind_text


def report_workbook(
    document: Document, sheets: Sequence[Sheet]
) -> tuple[list[Sheet], dict[str, tuple[str, int]]]:
    """
    Put the index of figures in front of the tables of a report.

    Parameters
    ----------
    document
        The report.
    sheets
        Every table its figures lead to.

    Returns
    -------
    book, cells
        The sheets, and the names of cells that the report links to.
    """
    titles = sheet_titles(sheets)
    cells = {figure_name(one.id): (INDEX, row) for row, one in enumerate(document.figures, start=1)}
    return [index_sheet(document.figures, titles), *sheets], cells


def sheet_titles(sheets: Sequence[Sheet]) -> dict[str, str]:
    """Give, by the name of a table, what readers see on its sheet."""
    return {sheet.name: sheet.title for sheet in sheets}


def with_standards(sheet: Sheet, verdicts: Sequence[Verdict]) -> Sheet:
    """Add to the table of claims the standard that each takes its radii from."""
    rows = tuple((*row, one.claim.standard) for row, one in zip(sheet.rows, verdicts, strict=True))
    return replace(sheet, columns=(*sheet.columns, "standard"), rows=rows)


def claim_numbered(sheet: Sheet) -> Sheet:
    """Give every row of a table of claims an id of its own, claim by claim: ``C02.c5``."""
    at = sheet.columns.index("claim_id")
    count: dict[Cell, int] = {}
    rows = []
    for row in sheet.rows:
        count[row[at]] = count.get(row[at], 0) + 1
        rows.append((f"{row[at]}.c{count[row[at]]}", *row))
    return replace(sheet, columns=("row_id", *sheet.columns), rows=tuple(rows))


def findings_sheet(findings: Sequence[Finding]) -> Sheet:
    """List every figure of the answers to a study's questions."""
    columns = (
        "question_id",
        "quote",
        "subject_name",
        "how",
        "low",
        "mid",
        "high",
        "unit",
        "detail",
        "covers",
        "position_shift",
    )
    rows = tuple(
        (
            *(finding.question.id, finding.question.quote, answer.subject, answer.how),
            *(_cell(value, answer.unit) for value in (answer.low, answer.mid, answer.high)),
            *(answer.unit, answer.detail, answer.covers, _cell(answer.position, answer.unit)),
        )
        for finding in findings
        for answer in finding.answers
    )
    return Sheet("findings", _("Questions and answers"), columns, rows)


def _cell(value: float, unit: str) -> Cell:
    """Round as tables show it, so that the report and the workbook say the same."""
    return float(decimal_text(value, 2 if unit == "km" else 1)) if math.isfinite(value) else None


def marks_sheet(places: Places, lines: Sequence[str]) -> Sheet:
    """Count the records of each kind by their mark of certainty."""
    groups: dict[str, list[str]] = {}
    for kind, mark in zip(places.kinds, places.fact("mark"), strict=True):
        groups.setdefault(kind_text(kind), []).append(mark)
    if lines:
        groups[_("line of public transport")] = list(lines)
    marks = (*MARKS, "A")
    rows = tuple((kind, *(found.count(mark) or None for mark in marks)) for kind, found in groups.items())
    known = tuple(row for row in rows if any(row[1:]))
    return Sheet("marks", _("Records by mark"), ("kind", *marks), known)


def pairs_sheet(name: str, title: str, pairs: Sequence[tuple[str, str]], heads: tuple[str, str]) -> Sheet:
    """List pairs of texts: parameters, versions."""
    return Sheet(name, title, heads, tuple(pairs))


def scenarios_sheet(scenarios: Mapping[str, str]) -> Sheet:
    """List scenarios with the short labels by which the report calls them."""
    labels = scenario_labels(scenarios)
    rows = tuple((labels[stem], name, f"{stem}.toml") for stem, name in scenarios.items())
    return Sheet("scenarios", _("Scenarios looked at"), ("scenario", "name", "file"), rows)


def unknown_names(unknowns: Sequence[Mapping[str, str]], chinese: bool) -> dict[str, str]:
    """Give, by id, what is not known, in one language."""
    key = "what_zh" if chinese else "what_en"
    return {one.get("id", ""): one.get(key) or one.get("id", "") for one in unknowns}

"""The page people open first: what was asked, the answers, what they rest on, and where everything lies."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accessibility.messages import _, language
from accessibility.model.access_table import AccessTable
from accessibility.model.defaults import Assumption
from accessibility.model.finding import Answer, Finding
from accessibility.model.places import Places
from accessibility.model.provenance import Provenance, group_notices
from accessibility.model.study import Study
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.embedding import template_text
from accessibility.outputs.evidence.words import verdict_text
from accessibility.outputs.finding_words import summary
from accessibility.outputs.headings import heading
from accessibility.outputs.maps.map_frame import (
    OSM_LICENCE,
    avoided_text,
    cautions,
    dates_text,
    environment,
    uses_osm,
)
from accessibility.outputs.page_tables import nearest_blocks, place_blocks, record_table
from accessibility.outputs.sheets import Sheet, assumptions_sheet, unknowns_sheet
from accessibility.outputs.text_file import write_text
from accessibility.outputs.wording import (
    MARKS,
    by_language,
    decimal_text,
    mark_text,
    minutes_text,
    names_by_id,
)


@dataclass(frozen=True, eq=False)
class PageContent:
    """
    Everything the results page tells.

    Parameters
    ----------
    study
        The study.
    findings
        Questions with their answers, in the order of reading.
    tables
        Nearest tables from the sites.
    times
        Travel times from the sites to named places; told for the places the questions name.
    places
        Places that name the ids.
    provenance
        Sources, notices, versions.
    terminal_s
        Access and parking time (s) of a car trip: low, mid, high.
    unknowns
        Records of what is not known.
    assumptions
        The register of assumptions.
    maps
        Maps beside the page: path within the folder, title, one sentence.
    files
        Tables and other files: path within the folder, one sentence.
    parameters
        Everything else a figure depends on.
    """

    study: Study
    findings: Sequence[Finding]
    tables: Sequence[AccessTable]
    times: Sequence[TravelTimes]
    places: Places
    provenance: Provenance
    terminal_s: Sequence[float] = ()
    unknowns: Sequence[Mapping[str, Any]] = ()
    assumptions: Sequence[Assumption] = ()
    maps: Sequence[tuple[str, str, str]] = ()
    files: Sequence[tuple[str, str]] = ()
    parameters: Mapping[str, Any] | None = None


def write_page(path: str | Path, content: PageContent) -> Path:
    """
    Write the results page: one file, no script, good to print on A4.

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
    study = content.study
    wanted = list(dict.fromkeys(i for finding in content.findings for i in finding.question.destinations))
    text = (
        environment()
        .get_template("index.html.j2")
        .render(
            lang="en" if language() == "en" else "zh-CN",
            style=template_text("page.css"),
            title=by_language(study.name, study.name_en),
            default_site=names_by_id(content.places).get(study.default_origin, study.default_origin),
            asked=by_language(study.asked[0], study.asked[1]),
            dates=dates_text(study),
            sites="/".join(_sites(content)),
            findings=[_finding(finding) for finding in content.findings],
            blocks=nearest_blocks(study, content.tables, content.places, content.terminal_s),
            named=place_blocks(study, wanted, content.times, content.places),
            parking=_parking(content.terminal_s),
            maps=content.maps,
            files=content.files,
            unknowns=_records(unknowns_sheet(content.unknowns)),
            assumptions=_records(assumptions_sheet(content.assumptions), without=("item",)),
            sources=content.provenance.sources,
            notices=group_notices(content.provenance.notices),
            severities={"error": _("error"), "warning": _("warning"), "info": _("note")},
            parameters=_flat(content.parameters or {}),
            versions=content.provenance.versions,
            marks=[mark_text(mark) for mark in MARKS],
            cautions=cautions(content.provenance),
            generalised=study.street_use.generalised,
            avoided=avoided_text(study) if study.street_use.avoid else "",
            licence=OSM_LICENCE if uses_osm(content.provenance) else "",
        )
    )
    return write_text(path, text)


def _sites(content: PageContent) -> tuple[str, ...]:
    """Give the ids of the sites that the findings speak of."""
    return content.times[0].origin_ids if content.times else ()


def _finding(finding: Finding) -> dict[str, Any]:
    question = finding.question
    return {
        "id": question.id,
        "quote": question.quote,
        "stated": question.stated,
        "sentence": finding.sentence,
        "summary": summary(finding.answers),
        "subjects": _by_subject(finding.answers),
        "rests_on": finding.rests_on,
        "positions": finding.positions,
        "word": verdict_text(finding.word) if finding.word else "",
    }


def _by_subject(answers: Sequence[Answer]) -> list[tuple[str, list[dict[str, str]]]]:
    """Group every figure by its subject, in the order in which subjects come first."""
    groups: dict[str, list[dict[str, str]]] = {}
    for answer in answers:
        groups.setdefault(answer.subject, []).append(_answer(answer))
    return list(groups.items())


def _answer(answer: Answer) -> dict[str, str]:
    """Write one figure: its middle, its interval, its unit; without a figure, only the words."""
    if not math.isfinite(answer.low):
        return {
            "how": answer.how,
            "mid": "–",
            "range": _("no answer"),
            "unit": "",
            "detail": answer.detail,
            "covers": "",
            "position": "",
        }
    digits = 1 if answer.unit == "min" else 2
    low, mid, high = (decimal_text(value, digits) for value in (answer.low, answer.mid, answer.high))
    unit = {"min": _("min"), "km": _("km")}.get(answer.unit, answer.unit)
    span = mid if low == high else f"{low} – {high}"
    if not math.isfinite(answer.high):
        span = _("{low} and more; partly unreached", low=low)
        mid = mid if math.isfinite(answer.mid) else "–"
    shift = decimal_text(answer.position, digits)
    return {
        "how": answer.how,
        "mid": mid,
        "range": span,
        "unit": unit,
        "detail": answer.detail,
        "covers": answer.covers,
        "position": f"± {shift}" if math.isfinite(answer.position) else _("not stated"),
    }


def _parking(terminal_s: Sequence[float]) -> str:
    if not terminal_s:
        return ""
    low, high = minutes_text(terminal_s[0]), minutes_text(terminal_s[-1])
    return low if low == high else f"{low}–{high}"


def _records(sheet: Sheet, *, without: Sequence[str] = ()) -> dict[str, Any]:
    """Arrange records for reading: the columns of the present language, headed without naming it."""
    kept = [k for k, column in enumerate(sheet.columns) if column not in without]
    columns, rows = record_table(
        [sheet.columns[k] for k in kept], [[row[k] for k in kept] for row in sheet.rows]
    )
    return {"heads": [_head(column) for column in columns], "rows": rows}


def _head(column: str) -> str:
    stem = column.removesuffix("_zh").removesuffix("_en")
    return heading(stem) if heading(stem) != stem else heading(column)


def _flat(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """List nested parameters as ``a.b.c`` with their values as text."""
    rows: list[tuple[str, str]] = []
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            rows.extend(_flat(value, f"{name}."))
        elif isinstance(value, (list, tuple)):
            rows.append((name, ", ".join(str(one) for one in value)))
        else:
            unset = value is None or (isinstance(value, float) and not math.isfinite(value))
            rows.append((name, "–" if unset else str(value)))
    return rows

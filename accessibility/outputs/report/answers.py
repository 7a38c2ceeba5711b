"""Answers to the questions of a study, as a report tells them."""

import math
from collections.abc import Iterator, Sequence

from accessibility.messages import _
from accessibility.model.document import Paragraph, Section
from accessibility.model.finding import Answer, Finding
from accessibility.model.modes import TRANSIT_MODES, mode_text
from accessibility.outputs.evidence.words import unit_text
from accessibility.outputs.finding_words import interval_text
from accessibility.outputs.report.figures import Told
from accessibility.outputs.report.parts import Maker
from accessibility.outputs.sheets import Sheet
from accessibility.outputs.wording import decimal_text

Row = tuple[str, ...]


def answers(findings: Sequence[Finding], sheet: Sheet, maker: Maker) -> Section:
    """
    Make the conclusions of a study that has questions but no claims.

    Parameters
    ----------
    findings
        Answers to its questions.
    sheet
        The same as a table of the workbook, ids in front.
    maker
        Names, numbers, and the register of figures.
    """
    ids = iter(row[0] for row in sheet.rows)
    rows: list[Row] = []
    for finding in findings:
        for answer in finding.answers:
            row = str(next(ids))
            if not answer.leading:
                continue
            known = answer.low == answer.low
            mark = _mark(answer, sheet.name, row, maker) if known else ""
            text = f"{interval_text(answer)} {mark}" if known else answer.detail
            rows.append((finding.question.id, answer.subject, answer.how, text))
    heads = (_("question"), _("to"), _("way"), _("over all sites and levels"))
    table = maker.table(_("Questions and answers"), heads, rows, dense=True)
    text = _("No claims are stated in this study: its questions are answered with figures and without words.")
    return Section("conclusions", _("Conclusions"), (Paragraph(text), table))


def dated_rows(findings: Sequence[Finding], sheet: Sheet, maker: Maker) -> Iterator[Row]:
    """
    Give the answers by public transport of questions that ask for several dates.

    Yields
    ------
    row
        Question, where to, way, shortest, middle, longest, mark.
    """
    ids = iter(row[0] for row in sheet.rows)
    for finding in findings:
        asked = finding.question
        riding = tuple(mode_text(mode) for mode in asked.modes if mode in TRANSIT_MODES)
        wanted = len(asked.as_of) > 1 and bool(riding)
        for answer in finding.answers:
            row = str(next(ids))
            if wanted and answer.how.startswith(riding):
                yield (asked.id, answer.subject, answer.how, *_three(answer, sheet.name, row, maker))


def _three(answer: Answer, sheet: str, row: str, maker: Maker) -> tuple[str, str, str, str]:
    if answer.low != answer.low:
        return answer.detail, "", "", ""
    texts = [
        _("partly not reached") if value == float("inf") else decimal_text(value, 1)
        for value in (answer.low, answer.mid, answer.high)
    ]
    return texts[0], texts[1], texts[2], _mark(answer, sheet, row, maker)


def _mark(answer: Answer, sheet: str, row: str, maker: Maker) -> str:
    """Mark an answer by its row of the workbook, rounded as tables show it."""
    digits = 2 if answer.unit == "km" else 1
    low, high = (
        float(decimal_text(end, digits)) if math.isfinite(end) else end for end in (answer.low, answer.high)
    )
    return maker.register.mark(Told(answer.label, sheet, (row,)), low, high, unit_text(answer.unit))

"""Findings in words and as a small table: the leading figures, those of one subject together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from accessibility.messages import _
from accessibility.model.finding import Answer
from accessibility.outputs.wording import decimal_text


@dataclass(frozen=True)
class SummaryCell:
    """One leading figure: its interval with the unit and its middle, or why there is none."""

    interval: str = ""
    middle: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Summary:
    """The leading figures of a finding: a row per subject, a column per way of getting there."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[SummaryCell, ...]], ...]


def summary(answers: Sequence[Answer]) -> Summary:
    """
    Arrange the leading figures of a finding for reading at a glance.

    Returns
    -------
    summary
        Subjects and ways in the order of the answers; a cell is empty where a way does not apply. A subject
        that has no figure at all tells why in its first cell.
    """
    leading = [answer for answer in answers if answer.leading]
    heads = tuple(dict.fromkeys(answer.how for answer in leading if answer.how)) or ("",)
    cells: dict[str, dict[str, SummaryCell]] = {}
    for answer in leading:
        cells.setdefault(answer.subject, {})[answer.how or heads[0]] = _cell(answer)
    rows = tuple(
        (subject, tuple(by_way.get(head, SummaryCell()) for head in heads))
        for subject, by_way in cells.items()
    )
    return Summary(heads, rows)


def finding_lines(answers: Sequence[Answer]) -> list[str]:
    """Tell the leading figures in words, one line per subject."""
    by_subject: dict[str, list[str]] = {}
    for answer in answers:
        if answer.leading:
            by_subject.setdefault(answer.subject, []).append(_figure(answer))
    return [
        _("{subject}: {figures}", subject=subject, figures=_(", ").join(figures))
        for subject, figures in by_subject.items()
    ]


def interval_text(answer: Answer) -> str:
    """Write an interval with its unit; where some sites do not reach it, the interval is open."""
    digits = 1 if answer.unit == "min" else 2
    unit = _("min") if answer.unit == "min" else _("km")
    low, high = decimal_text(answer.low, digits), decimal_text(answer.high, digits)
    if not math.isfinite(answer.high):
        return _("{low} {unit} and more", low=low, unit=unit)
    return f"{low} {unit}" if low == high else f"{low}–{high} {unit}"


def _cell(answer: Answer) -> SummaryCell:
    if not math.isfinite(answer.low):
        return SummaryCell(reason=answer.detail)
    digits = 1 if answer.unit == "min" else 2
    single = answer.low == answer.high or not math.isfinite(answer.mid)
    middle = "" if single else _("middle {value}", value=decimal_text(answer.mid, digits))
    return SummaryCell(interval_text(answer), middle)


def _figure(answer: Answer) -> str:
    how = _("{how}: ", how=answer.how) if answer.how else ""
    return how + (interval_text(answer) if math.isfinite(answer.low) else answer.detail)

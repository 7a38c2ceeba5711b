"""The sections of a report on its sources, method, limits, assumptions and versions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accessibility.messages import _
from accessibility.model.defaults import Assumption
from accessibility.model.document import ITEM, NOTE, Block, Heading, Paragraph, Section, Table
from accessibility.model.provenance import Notice, Provenance
from accessibility.outputs.report.parts import Maker
from accessibility.outputs.report.sections import row_mark
from accessibility.outputs.sheets import Sheet
from accessibility.outputs.wording import MARKS, assumption_text, by_language, decimal_text, mark_text

_GUARDS = ("archive_", "max_grid_cells", "range_")
"""Begin items of the register that keep programs within bounds; no figure of a report rests on them."""

_LIMITING = ("headways-assumed", "operation-assumed", "osm-no-restrictions")
"""Codes of notices that a reader of figures must know although nothing is wrong."""


def sources(provenance: Provenance, marks: Sheet, licence: str, maker: Maker) -> Section:
    """
    List what everything was computed from.

    Parameters
    ----------
    provenance
        Sources of everything.
    marks
        How many records of each kind carry which mark.
    licence
        What must be said of OpenStreetMap; may be empty.
    maker
        Names, numbers, and the register of figures.
    """
    rows = [
        (s.file, s.title or maker.file_title(s.file), s.date or _("not dated"), _licence(s.licence))
        for s in provenance.sources
    ]
    heads = (_("file"), _("content"), _("date"), _("licence"))
    blocks: list[Block] = [
        maker.table(_("Sources, with their dates"), heads, rows, dense=True),
        *(Paragraph(mark_text(mark), ITEM) for mark in MARKS),
        Paragraph(_("A: assumption with a range, in the tables of lines"), ITEM),
    ]
    if marks.rows:
        counted = [
            (
                str(row[1]),
                *(str(cell or 0) for cell in row[2:]),
                row_mark(
                    _("records: {kind}", kind=row[1]),
                    marks,
                    row,
                    float(sum(int(c or 0) for c in row[2:])),
                    "",
                    maker,
                ),
            )
            for row in marks.rows
        ]
        known = marks.columns[2:]
        blocks.append(
            maker.table(
                _("Records by mark (number)"),
                (_("records"), *known, _("no.")),
                counted,
                dense=True,
            )
        )
    if licence:
        blocks.append(
            Paragraph(
                _("Map data: {licence}. Tables derived from it are under the same licence.", licence=licence)
            )
        )
    return Section("sources", _("Sources of data"), tuple(blocks))


@dataclass(frozen=True, eq=False)
class MethodContent:
    """What the section on method tells beside its own words."""

    words: Sequence[str]
    limits: Sequence[str]
    parameters: Sequence[tuple[str, str]]
    measured: Sheet
    assumptions: Sequence[Assumption]
    unknowns: Sequence[Mapping[str, Any]]


def method(content: MethodContent, maker: Maker) -> Section:
    """Tell method, parameters, limits, calibration, the register of assumptions and what is unknown."""
    blocks: list[Block] = [Heading(_("Method"))]
    blocks += [Paragraph(word, ITEM) for word in content.words]
    blocks.append(maker.table(_("Parameters"), (_("parameter"), _("value")), content.parameters, dense=True))
    if content.limits:
        blocks += [Heading(_("Limits")), *(Paragraph(limit, ITEM) for limit in content.limits)]
    blocks += [Heading(_("Measured times and calibration")), *_measured(content.measured, maker)]
    blocks += [Heading(_("Register of assumptions")), _assumptions_table(content.assumptions, maker)]
    if content.unknowns:
        rows = [
            (by_language(one.get("what_zh", ""), one.get("what_en", "")),
             _half(one.get("what_would_settle_it", "")), str(one.get("affects", "")))
            for one in content.unknowns
        ]  # fmt: skip
        heads = (_("what is not known"), _("what would settle it"), _("affects"))
        table = maker.table(_("What is not known"), heads, rows, dense=True)
        blocks += [Heading(_("What is not known")), table]
    return Section("method", _("Method, parameters, limits, assumptions"), tuple(blocks))


def _licence(text: str) -> str:
    """Tell terms in one language; what stands before a semicolon holds in both."""
    chinese, slash, english = text.partition(" / ")
    common, semicolon, _own = chinese.rpartition("; ")
    return by_language(chinese, common + semicolon + english if slash else chinese) or _("of this project")


def _half(text: str) -> str:
    chinese, _slash, english = text.partition(" / ")
    return by_language(chinese, english)


def _measured(sheet: Sheet, maker: Maker) -> Iterator[Block]:
    """Say whether measured times calibrated anything, and how far the model is off."""
    if not sheet.rows:
        yield Paragraph(_("No measured times stand beside the model; nothing was calibrated."))
        return
    yield Paragraph(
        _(
            "Measured times calibrated nothing: they are set beside the model, the factors are told, and no "
            "result of this report uses them. Whoever wants to use them states a table of speeds of their "
            "own."
        )
    )
    rows = []
    for row in sheet.rows:
        mark = row_mark(_("fit to measured times: {group}", group=f"{row[2]} {row[3]}".strip()), sheet, row,
                         float(row[6] or 0), _("min"), maker)  # fmt: skip
        words = (maker.way(str(row[1])), str(row[2]), str(row[3]), str(row[4]), str(row[5]))
        numbers = (
            *(decimal_text(float(value or 0), 1) for value in row[6:9]),
            decimal_text(float(row[9] or 0), 3),
        )
        rows.append((*words, *numbers, mark))
    heads = (
        _("way"),
        _("line"),
        _("period"),
        _("rows"),
        _("runs"),
        _("bias (min)"),
        _("lower quartile (min)"),
        _("upper quartile (min)"),
        _("factor of durations"),
        _("no."),
    )
    yield maker.table(_("Model minus measured"), heads, rows, dense=True)


def _assumptions_table(assumptions: Sequence[Assumption], maker: Maker) -> Table:
    """List assumptions, those of one unit with the same values and source in one row."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for one in assumptions:
        if one.item.partition(": ")[2].startswith(_GUARDS):
            continue
        source = by_language(one.source_zh or one.source, one.source) or _("no source")
        values = tuple(_plain(value) for value in (one.low, one.mid, one.high))
        groups.setdefault((*values, _unit(one.unit), one.mark or _("no mark"), source), []).append(
            assumption_text(one.item)
        )
    rows = [(_("; ").join(_shortened(items)), *told) for told, items in groups.items()]
    heads = (_("assumption"), _("low"), _("middle"), _("high"), _("unit"), _("mark"), _("source"))
    return maker.table(_("Assumptions, each a row of data in the workbook"), heads, rows, dense=True)


def _shortened(items: Sequence[str]) -> Iterator[str]:
    """Leave out what an item has in common with the one before it, up to the colon."""
    before = ""
    for item in items:
        group, colon, rest = item.partition(_(": "))
        yield rest if colon and group == before else item
        before = group


def _unit(unit: str) -> str:
    texts = {
        "min": _("min"), "km/h": "km/h", "s": _("s"), "m": _("m"), "h": _("o'clock"), "m/min": _("m/min"),
        "ratio": _("ratio"), "share": _("share"), "rides": _("rides"), "draws": _("draws"),
        "squares": _("squares"), "minutes": _("min"), "runs": _("runs"), "number": _("number"),
        "files": _("files"),
    }  # fmt: skip
    return texts.get(unit, unit)


def _plain(value: float) -> str:
    return f"{value:g}"


def limits_of(notices: Sequence[Notice]) -> list[str]:
    """Tell the notices that limit what a report can say: errors, warnings, and what is assumed."""
    return [
        _("{message} ({n} notices of this kind, in the workbook)", message=notice.message, n=notice.count)
        if notice.count > 1
        else notice.message
        for notice in notices
        if notice.severity != "info" or notice.code in _LIMITING
    ]


def versions(provenance: Provenance, commands: Sequence[str], maker: Maker) -> Section:
    """
    Say with which programs and from which bytes the report was made.

    Parameters
    ----------
    provenance
        Sources and versions.
    commands
        How to make it again, one sentence each.
    maker
        Names and numbers.
    """
    of = maker.table(_("Versions"), (_("program or library"), _("version")), provenance.versions, dense=True)
    hashes = [(source.file, source.sha256) for source in provenance.sources]
    inputs = maker.table(_("Inputs with their hashes"), (_("file"), "SHA-256"), hashes, dense=True)
    text = _(
        "The same inputs, versions and fonts give the same bytes; dates in properties are those of the study."
    )
    again = [Paragraph(command, ITEM) for command in commands]
    return Section(
        "versions", _("Versions and hashes of inputs"), (of, inputs, Paragraph(text, NOTE), *again)
    )

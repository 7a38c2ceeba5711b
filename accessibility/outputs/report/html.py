"""A report as one HTML file: pictures inside, no script, good to read on a phone and to print on A4."""

import base64
import re
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from accessibility.model.document import (
    FIGURE_MARK,
    Block,
    Document,
    Heading,
    Paragraph,
    Picture,
    ReportFigure,
    Section,
    Table,
)
from accessibility.outputs.embedding import template_text
from accessibility.outputs.maps.map_frame import environment
from accessibility.outputs.text_file import write_text

_WHOLE = re.compile(r"(\d{4}-\d\d-\d\d|\d\d:\d\d–\d\d:\d\d)")


def write_html(path: Path, document: Document, folder: Path, titles: dict[str, str]) -> None:
    """
    Write a report as one HTML file.

    Parameters
    ----------
    path
        File to write.
    document
        The report.
    folder
        Where its pictures lie.
    titles
        Name of a table of the workbook -> what readers see on its sheet.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    text = (
        environment()
        .get_template("report.html.j2")
        .render(
            lang="en" if document.language == "en" else "zh-CN",
            style=template_text("page.css"),
            own_style=template_text("report.css"),
            kind=document.kind,
            title=document.title,
            subtitle=document.subtitle,
            lead=[_block(block, folder) for block in document.lead],
            sections=[
                {
                    "id": one.id,
                    "title": _whole(one.title),
                    "blocks": [_block(block, folder) for block in one.blocks],
                }
                for one in document.sections
            ],
            index=[_index_row(one, titles) for one in document.figures],
            licence=document.licence,
        )
    )
    write_text(path, text)


def _index_row(one: ReportFigure, titles: dict[str, str]) -> tuple[str, ...]:
    ends = ("" if end is None else f"{end:g}" for end in (one.low, one.high))
    rows = one.rows[0] if len(one.rows) == 1 else f"{one.rows[0]} … {one.rows[-1]} ({len(one.rows)})"
    return (one.id, one.what, *ends, one.unit, f"{titles[one.sheet]}: {rows}", one.explain)


def _section(one: Section, folder: Path) -> dict[str, Any]:
    blocks = [_block(block, folder) for block in one.blocks]
    return {"id": one.id, "title": _whole(one.title), "blocks": blocks}


def _block(block: Block, folder: Path) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level + 1, "text": _marked(block.text)}
    if isinstance(block, Paragraph):
        return {"kind": block.kind, "text": _marked(block.text)}
    if isinstance(block, Picture):
        return {"kind": "picture", "id": block.id, "caption": block.caption, "alt": block.alt,
                "data": _data_uri(folder / block.file)}  # fmt: skip
    return _table(block)


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "id": table.id,
        "caption": table.caption,
        "heads": table.heads,
        "rows": [[[_marked(line) for line in cell.split("\n")] for cell in row] for row in table.rows],
        "note": table.note,
        "narrow": len(table.heads) <= 3,
    }


def _marked(text: str) -> Markup:
    """Escape a text, keep its dates and hours whole, and turn its marks into links to the index."""
    parts = FIGURE_MARK.split(text)
    return Markup("").join(
        _whole(part) if k % 2 == 0 else Markup('<a class="mark" href="#{0}">[{0}]</a>').format(part)
        for k, part in enumerate(parts)
    )


def _whole(text: str) -> Markup:
    """Escape a text; dates and hours in it are not broken over lines."""
    return Markup("").join(
        Markup('<span class="whole">{0}</span>').format(part) if k % 2 else escape(part)
        for k, part in enumerate(_WHOLE.split(text))
    )


def _data_uri(file: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(file.read_bytes()).decode("ascii")

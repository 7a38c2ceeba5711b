"""A report in the layout of its user: a .docx with fields, filled in by docxtpl."""

import re
import zipfile
from pathlib import Path
from typing import Any

import jinja2
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from accessibility.errors import SourceError
from accessibility.messages import _
from accessibility.model.document import FIGURE_MARK, Document, Table
from accessibility.outputs.report.docx import DocxBody, save_docx
from accessibility.outputs.report.styles import add_styles

_PLACE = re.compile("\ue000(\\w[\\w-]*)\ue001")
"""Marks a place for blocks while the template is filled in; signs of private use stand in no text."""

FIELDS = (
    "kind",
    "title",
    "subtitle",
    "as_of",
    "licence",
    "lead",
    "body",
    "sections",
    "conclusions",
    "figures",
)
"""What a template may name; ``docs/report.md`` describes each."""


def write_from_template(path: Path, template: Path, document: Document, folder: Path) -> None:
    """
    Write a report into a template.

    Parameters
    ----------
    path
        File to write.
    template
        A .docx whose text names fields: ``{{ title }}``; ``{{ body }}`` in a paragraph of its own takes every
        section, ``{{ sections.method }}`` one of them.
    document
        The report.
    folder
        Where its pictures lie.

    Raises
    ------
    SourceError
        If the template is no .docx, or names a field that does not exist; all of them are told.
    OutputError
        If the file cannot be written.
    """
    word = check_template(template)
    try:
        word.render(
            _fields(document),
            jinja_env=SandboxedEnvironment(undefined=jinja2.StrictUndefined),
            autoescape=True,
        )
    except jinja2.TemplateError as error:
        raise _unfilled(template, error) from error
    add_styles(word.docx, keep=True, chinese=document.language == "zh")
    _fill_places(word.docx, document, folder)
    save_docx(path, word.docx, document)


def check_template(template: Path) -> Any:
    """
    Open a template and hold the fields it names against those there are.

    Parameters
    ----------
    template
        A .docx.

    Returns
    -------
    word
        The template, ready to be filled in.

    Raises
    ------
    SourceError
        If it is no .docx, or names a field that does not exist; all of them are told.
    """
    word = _opened(template)
    try:
        unknown = sorted(word.get_undeclared_template_variables() - set(FIELDS))
    except jinja2.TemplateError as error:
        raise _unfilled(template, error) from error
    if unknown:
        raise _wrong(template, _("fields the report does not have: {names}", names=", ".join(unknown)))
    return word


def _unfilled(template: Path, error: jinja2.TemplateError) -> SourceError:
    message = error.message or type(error).__name__
    return _wrong(template, _("a field cannot be filled in: {why}", why=message))


def _wrong(template: Path, what: str) -> SourceError:
    known = ", ".join(FIELDS)
    mend = _("Fields are: {known}. Parts of sections are named like sections.method.", known=known)
    return SourceError(what, where=str(template), mend=mend, code="report-template")


def _opened(template: Path) -> Any:
    """Open a template; docxtpl itself reads the file only when it is used."""
    mend = _("Name a Word document (.docx) with fields like {{ title }}.")
    if not template.is_file():
        raise SourceError(
            _("there is no such template"), where=str(template), mend=mend, code="report-template"
        )
    word = DocxTemplate(str(template))
    try:
        word.init_docx()
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile) as error:
        what = _("the template is not a Word document")
        raise SourceError(what, where=str(template), mend=mend, code="report-template") from error
    return word


class _Sections:
    """Sections by their ids, for the fields ``sections.method``; an id with a hyphen is named with ``_``."""

    def __init__(self, document: Document) -> None:
        for section in document.sections:
            setattr(self, section.id.replace("-", "_"), f"\ue000{section.id}\ue001")


def _fields(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "title": document.title,
        "subtitle": document.subtitle,
        "as_of": document.as_of,
        "licence": document.licence,
        "lead": "\ue000lead\ue001",
        "body": "\ue000body\ue001",
        "sections": _Sections(document),
        "conclusions": _conclusions(document),
        "figures": [
            {"id": one.id, "what": one.what, "low": one.low, "high": one.high, "unit": one.unit,
             "explain": one.explain}
            for one in document.figures
        ],
    }  # fmt: skip


def _conclusions(document: Document) -> list[dict[str, str]]:
    """Give the rows of the table of conclusions for a table of the template; marks are left out."""
    names = ("id", "claim", "computed", "word", "conditions")
    blocks = (
        block for section in document.sections if section.id == "conclusions" for block in section.blocks
    )
    wide = (block for block in blocks if isinstance(block, Table) and len(block.heads) == len(names))
    table = next(wide, None)
    rows = table.rows if table is not None else ()
    return [dict(zip(names, (FIGURE_MARK.sub("", cell) for cell in row), strict=False)) for row in rows]


def _fill_places(word: Any, document: Document, folder: Path) -> None:
    """Write blocks where fields marked a place, and take the marks away."""
    body = DocxBody(word, document, folder)
    paragraph_tag, text_tag = qn("w:p"), qn("w:t")
    for paragraph in list(word.element.body.iter(paragraph_tag)):
        text = "".join(node.text or "" for node in paragraph.iter(text_tag))
        places = _PLACE.findall(text)
        if not places:
            continue
        body.before(paragraph)
        for place in places:
            if place == "lead":
                body.lead()
            elif place == "body":
                for section in document.sections:
                    body.section(section.id)
            else:
                body.section(place)
        paragraph.getparent().remove(paragraph)

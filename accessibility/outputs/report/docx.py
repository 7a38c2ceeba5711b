"""A report as .docx in the form of an official annex: A4, 仿宋 16 pt, tables that fit the page."""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from accessibility.model.document import (
    BODY,
    FIGURE_MARK,
    ITEM,
    NOTE,
    QUOTE,
    Block,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
)
from accessibility.outputs.report.columns import HASH, column_widths, line_counts
from accessibility.outputs.report.figures import figure_name
from accessibility.outputs.report.styles import PAGE, TEXT_WIDTH_MM, add_styles
from accessibility.outputs.writing import told

WORKBOOK = "report.xlsx"
TWIPS_PER_MM = 1440 / 25.4
TWIPS_PER_PT = 20

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WHOLE = re.compile(r"(\t|(?<=[0-9A-Za-z])-(?=\d))")
_HASHES = re.compile(f"({HASH.pattern})")
_SHORT = 10
"""A table of so many lines stays on one page; of longer ones, the first and the last rows stay together."""

_BOTH_SCRIPTS = re.compile("([“”‘’…—·]+)")
_STYLE_OF = {BODY: "AnnexBody", NOTE: "AnnexNote", ITEM: "AnnexItem", QUOTE: "AnnexBody"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_docx(path: Path, document: Document, folder: Path) -> None:
    """
    Write a report as .docx.

    Parameters
    ----------
    path
        File to write.
    document
        The report.
    folder
        Where its pictures lie.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    word = docx.Document()
    add_styles(word, chinese=document.language == "zh")
    _lay_out(word)
    body = DocxBody(word, document, folder)
    body.front()
    for section in document.sections:
        body.section(section.id)
    save_docx(path, word, document)


def save_docx(path: Path, word: Any, document: Document) -> None:
    """Write a .docx whose bytes do not depend on the clock."""
    moment = datetime.fromisoformat(document.as_of)
    core = word.core_properties
    core.title, core.subject, core.author, core.comments = document.title, document.subtitle, "", ""
    core.last_modified_by, core.revision, core.keywords = "", 1, ""
    core.created = core.modified = moment
    core.language = "zh-CN" if document.language == "zh" else "en"
    with told(path):
        word.save(str(path))
        _fix_times(path)


def _fix_times(path: Path) -> None:
    """Give every part of a zip the same time."""
    with zipfile.ZipFile(path) as made:
        parts = [(info.filename, made.read(info)) for info in made.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name, content in parts:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            fixed.writestr(info, content)


def _lay_out(word: Any) -> None:
    """Set paper and margins, and the page number at the foot."""
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = (Mm(side) for side in PAGE)
    page.footer_distance = Mm(26)
    foot = page.footer.paragraphs[0]
    foot.style = word.styles["AnnexFoot"]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for element in _page_number():
        foot._p.append(element)


def _page_number() -> Iterator[Any]:
    yield _run("— ")
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            yield parse_xml(
                f'<w:r {nsdecls("w")}><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
            )
        yield parse_xml(f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="{kind}"/></w:r>')
        if kind == "separate":
            yield _run("1")
    yield _run(" —")


def _run(text: str) -> Any:
    return parse_xml(f"<w:r {nsdecls('w')}>{_text_xml(text)}</w:r>")


class DocxBody:
    """Writes blocks of a report at the end of a Word document, or in front of one of its paragraphs."""

    def __init__(self, word: Any, document: Document, folder: Path) -> None:
        self._word = word
        self._document = document
        self._folder = folder
        self._chinese = document.language == "zh"
        self._place: Any = None
        self._links: dict[str, str] = {}
        self._ids = {style.name: style.style_id for style in word.styles}

    def before(self, paragraph: Any) -> None:
        """Write in front of a paragraph from now on."""
        self._place = paragraph

    def front(self) -> None:
        """Write kind, title, subtitle and the first paragraphs."""
        document = self._document
        for text, style in (
            (document.kind, "AnnexKind"),
            (document.title, "AnnexTitle"),
            (document.subtitle, "AnnexSubtitle"),
        ):
            if text:
                self._add(self._paragraph(text, style))
        self.lead()

    def lead(self) -> None:
        """Write the paragraphs before the first section."""
        for paragraph in self._document.lead:
            self._block(paragraph)

    def section(self, section_id: str) -> None:
        """Write one section with its heading."""
        section = next(one for one in self._document.sections if one.id == section_id)
        self._add(self._paragraph(section.title, "Heading 1"))
        for block in section.blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._add(self._paragraph(block.text, f"Heading {block.level}"))
        elif isinstance(block, Paragraph):
            text = f"•\t{block.text}" if block.kind == ITEM else block.text
            self._add(self._paragraph(text, _STYLE_OF[block.kind]))
        elif isinstance(block, Picture):
            self._picture(block)
        else:
            self._add(self._paragraph(block.caption, "AnnexTableCaption"))
            self._add(self._table(block))
            self._add(self._paragraph(block.note, "AnnexTableNote"))

    def _add(self, xml: str) -> Any:
        element = parse_xml(xml)
        if self._place is None:
            self._word.element.body.insert_element_before(element, "w:sectPr")
        else:
            self._place.addprevious(element)
        return element

    def _picture(self, picture: Picture) -> None:
        """Set a picture over the width of the text, its caption below."""
        paragraph = self._word.add_paragraph()
        paragraph.style = self._word.styles["AnnexPicture"]
        shape = paragraph.add_run().add_picture(str(self._folder / picture.file), width=Mm(TEXT_WIDTH_MM))
        shape._inline.docPr.set("descr", _clean(picture.alt))
        for side in "TBLR":
            shape._inline.set(f"dist{side}", "0")  # else some programs keep a distance and push it aside
        if self._place is not None:
            self._place.addprevious(paragraph._p)
        self._add(self._paragraph(picture.caption, "AnnexPictureCaption"))

    def _table(self, table: Table) -> str:
        """Write a table that fills the text, head repeated, rows whole, no few rows left behind."""
        total = round(TEXT_WIDTH_MM * TWIPS_PER_MM)
        shares = column_widths(table, total / TWIPS_PER_PT)
        widths = [round(width * TWIPS_PER_PT) for width in shares]
        widths[widths.index(max(widths))] += total - sum(widths)
        style = "AnnexTableDense" if table.dense else "AnnexTable"
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = self._table_row(table.heads, widths, f"{style}Head", "<w:tblHeader/>")
        n = len(table.rows)
        last = n if table.note else n - 1
        short = sum(line_counts(table, shares)) <= _SHORT
        kept = set(range(last)) if short else {0, *range(max(n - 2, 1), last)}
        rows = "".join(
            self._table_row(row, widths, style, "", keep=k in kept) for k, row in enumerate(table.rows)
        )
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
            for side, size, colour in (
                ("top", 8, "333333"), ("left", 4, "9AA3AE"), ("bottom", 8, "333333"), ("right", 4, "9AA3AE"),
                ("insideH", 4, "9AA3AE"), ("insideV", 4, "9AA3AE"),
            )
        )  # fmt: skip
        return (
            f'<w:tbl {nsdecls("w", "r")}><w:tblPr><w:tblW w:w="{total}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
            '<w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
            f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"
        )

    def _table_row(
        self, cells: tuple[str, ...], widths: list[int], style: str, more: str, *, keep: bool = True
    ) -> str:
        shade = '<w:shd w:val="clear" w:color="auto" w:fill="E9EEF3"/>' if more else ""
        written = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>'
            f"{self._paragraphs(cell, style, keep=keep)}</w:tc>"
            for cell, width in zip(cells, widths, strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{written}</w:tr>"

    def _paragraphs(self, text: str, style: str, *, keep: bool) -> str:
        return "".join(self._paragraph(line, style, inner=True, keep=keep) for line in text.split("\n"))

    def _paragraph(self, text: str, style: str, *, inner: bool = False, keep: bool = False) -> str:
        """Write a paragraph; marks of figures become links to the workbook."""
        spaces = "" if inner else f" {nsdecls('w', 'r')}"
        mark_style = "AnnexMarkSmall" if style.startswith("AnnexTable") else "AnnexMark"
        parts = FIGURE_MARK.split(text)
        runs = [
            self._text_runs(part) if k % 2 == 0 else self._mark(part, mark_style)
            for k, part in enumerate(parts)
        ]
        form = f'<w:pStyle w:val="{self._ids[style]}"/>' + ("<w:keepNext/>" if keep else "")
        return f"<w:p{spaces}><w:pPr>{form}</w:pPr>{''.join(runs)}</w:p>"

    def _text_runs(self, text: str) -> str:
        """Write a text, hashes in it small."""
        small = f'<w:rPr><w:rStyle w:val="{self._ids["AnnexMarkSmall"]}"/></w:rPr>'
        return "".join(
            f"<w:r>{small}{_text_xml(part)}</w:r>" if HASH.fullmatch(part) else self._text_run(part)
            for part in _HASHES.split(text)
        )

    def _text_run(self, text: str) -> str:
        """Write a text; in Chinese, signs that both scripts have are set in the Chinese font."""
        runs = []
        for k, part in enumerate(_BOTH_SCRIPTS.split(text)):
            hint = '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>' if k % 2 and self._chinese else ""
            if part:
                runs.append(f"<w:r>{hint}{_text_xml(part)}</w:r>")
        return "".join(runs)

    def _mark(self, mark: str, style: str) -> str:
        link = self._links.get(mark)
        if link is None:
            target = f"{WORKBOOK}#{figure_name(mark)}"
            link = self._word.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            self._links[mark] = link
        return (
            f'<w:hyperlink r:id="{link}"><w:r><w:rPr><w:rStyle w:val="{self._ids[style]}"/></w:rPr>'
            f"{_text_xml(f'[{mark}]')}</w:r></w:hyperlink>"
        )


def _text_xml(text: str) -> str:
    """Write a text; at a hyphen before a digit, as in dates and ranges, no line is broken."""
    parts = _WHOLE.split(_clean(text))
    written = {"\t": "<w:tab/>", "-": "<w:noBreakHyphen/>"}
    return "".join(
        written[part] if k % 2 else f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else ""
        for k, part in enumerate(parts)
    )


def _clean(text: str) -> str:
    """Take out what XML cannot hold."""
    return _NOT_XML.sub("", text)

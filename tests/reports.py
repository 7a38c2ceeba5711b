"""Reports read back: texts of a .docx and of a page, cells of a workbook, the numbers in all of them."""

import re
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
from docx.table import Table
from docx.text.paragraph import Paragraph

from accessibility.outputs.wording import decimal_text

MARK = re.compile(r"\[(F\d+)\]")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
NUMBERED = re.compile(r"^(?:表\d+|图\d+|Table \d+|Figure \d+|\d+(?:\.\d+)?  )\s*")
TOLD = re.compile(
    r"(?P<sign>±?)(?P<low>−?\d+(?:\.\d+)?)"
    r"(?:\s*(?:–|至|to)\s*(?P<high>−?\d+(?:\.\d+)?|[^\d\s\[–]+))?[^\d\[\n–±]{0,9}\[(?P<mark>F\d+)\]"
)
"""A number, or an interval whose end may be words, with its unit, right before the mark of a figure."""


def docx_texts(path: Path) -> list[str]:
    """Give every text of a Word document in order, links included, cell by cell."""
    word = docx.Document(str(path))
    texts = []
    for block in word.iter_inner_content():
        if isinstance(block, Paragraph):
            texts.append(block.text)
        else:
            assert isinstance(block, Table)
            texts += ["\n".join(p.text for p in cell.paragraphs) for row in block.rows for cell in row.cells]
    return texts


class _Page(HTMLParser):
    """Collects what a reader sees of a page, block by block."""

    BLOCKS = ("p", "h1", "h2", "h3", "h4", "td", "th", "caption", "figcaption", "a")

    def __init__(self) -> None:
        super().__init__()
        self.texts = [""]
        self.hidden = 0
        self.index = False

    def handle_starttag(self, tag, attributes):
        self.hidden += tag == "style"
        told = dict(attributes)
        self.index = self.index or told.get("id") == "index"
        if tag in self.BLOCKS and told.get("class") != "mark":
            self.texts.append("")
        if tag == "br":
            self.texts[-1] += "\n"

    def handle_endtag(self, tag):
        self.hidden -= tag == "style"
        if tag in self.BLOCKS and tag != "a":
            self.texts.append("")

    def handle_data(self, data):
        if not self.hidden and not self.index:
            self.texts[-1] += data


def html_texts(path: Path) -> list[str]:
    """Give what a reader sees of a page but its index of figures."""
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return [text.strip() for text in page.texts if text.strip()]


class Workbook:
    """The cells of a workbook: sheets as rows of dictionaries, and every number in them."""

    def __init__(self, path: Path) -> None:
        self.book = openpyxl.load_workbook(path)
        self.numbers: set[str] = set()
        for sheet in self.book.worksheets:
            for row in sheet.iter_rows(values_only=True):
                for cell in row:
                    self._take(cell)

    def _take(self, cell) -> None:
        if isinstance(cell, str):
            self.numbers.update(NUMBER.findall(cell))
        elif isinstance(cell, (int, float)):
            for digits in range(6):
                self.numbers.update(NUMBER.findall(decimal_text(cell, digits)))
            self.numbers.update(NUMBER.findall(f"{cell:g}"))

    def rows(self, title: str) -> list[dict]:
        """Give a sheet as rows by the words of its head."""
        head, *rows = self.book[title].iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]

    def by_id(self, title: str) -> dict:
        """Give a sheet's rows by their first cell."""
        head, *rows = self.book[title].iter_rows(values_only=True)
        return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def expanded(runs: str) -> list[str]:
    """Write out ids: ``C02.p1..C02.p3``."""
    ids = []
    for run in runs.split(" "):
        first, _dots, last = run.partition("..")
        stem = first.rstrip("0123456789")
        if last:
            start, end = (int(one.removeprefix(stem)) for one in (first, last))
            ids += [f"{stem}{n}" for n in range(start, end + 1)]
        else:
            ids.append(first)
    return ids

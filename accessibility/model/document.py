"""The noun ``Document``: a report before it is a file, every figure in it with an id."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from accessibility.errors import ModelError

FIGURE_MARK = re.compile(r"\[(F\d+)\]")
"""How a figure is marked in a text: its id in brackets after it."""

_NO_VALUE = re.compile(r"^\s*None\s*$|(?:^|[–(\s])(?:nan|NaN|inf)(?=[–)\s]|$)")

BODY, NOTE, ITEM, QUOTE = "body", "note", "item", "quote"
PARAGRAPH_KINDS = (BODY, NOTE, ITEM, QUOTE)


@dataclass(frozen=True)
class ReportFigure:
    """
    One figure of a report, and where it comes from.

    Parameters
    ----------
    id
        ``F12``: what stands in brackets after the figure.
    what
        What it is, in words.
    low, high
        Ends of what is told, the same where it is one number; ``None`` where nothing is reached.
    unit
        Unit in words, empty where the number says it all.
    sheet
        Table of the workbook that holds it.
    rows
        Ids of its rows there, in the table's first column.
    explain
        The command that tells the journey behind it, or how it was computed.
    explained
        Id of the row that the command tells; empty where it is no journey.
    """

    id: str
    what: str
    low: float | None
    high: float | None
    unit: str
    sheet: str
    rows: tuple[str, ...]
    explain: str = ""
    explained: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading within a section; level 2 or 3, level 1 is the section's own."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: body, note in small type, item of a list, or quotation."""

    text: str
    kind: str = BODY


@dataclass(frozen=True)
class Table:
    """
    A table.

    Parameters
    ----------
    id, caption
        ``T3`` and what readers see above it.
    heads, rows
        Texts; every row is as wide as the head.
    dense
        Whether it is set in the smallest type.
    note
        Sentence below it.

    Raises
    ------
    ModelError
        If it has no rows, or a row does not fit the head.
    """

    id: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    dense: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        """Check what the class promises."""
        if not self.rows or any(len(row) != len(self.heads) for row in self.rows):
            raise ModelError(f"table {self.id} is empty or has rows of another width", code="document-table")


@dataclass(frozen=True)
class Picture:
    """
    A map or chart.

    Parameters
    ----------
    id, caption
        ``P1`` and what readers see below it.
    file
        File within the folder of the report.
    alt
        What it shows, for those who cannot see it.
    """

    id: str
    caption: str
    file: str
    alt: str


Block = Heading | Paragraph | Table | Picture


@dataclass(frozen=True)
class Section:
    """
    A section of a report: id, title, blocks.

    Raises
    ------
    ModelError
        If it is empty, or a heading in it has nothing below.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        """Check what the class promises."""
        after = (*self.blocks[1:], Heading(""))
        lonely = any(
            isinstance(one, Heading) and isinstance(next_one, Heading) and next_one.level <= one.level
            for one, next_one in zip(self.blocks, after, strict=False)
        )
        if not self.blocks or lonely:
            raise ModelError(f"section {self.id} has a heading with nothing below it", code="document-empty")


@dataclass(frozen=True)
class Document:
    """
    A report before it is a file.

    Parameters
    ----------
    language
        ``zh`` or ``en``.
    kind, title, subtitle
        ``附件``, the title, and the line below it.
    as_of
        Date (ISO) that stands for the report in properties of files, never the clock.
    lead
        Paragraphs before the first section.
    sections
        The sections, in order.
    figures
        Every figure marked in a text, in the order of first mention.
    licence
        What must stand on every page whose data derive from others; may be empty.

    Raises
    ------
    ModelError
        If ids repeat, a mark leads nowhere or a figure is not mentioned, or a text says that there is no
        value in the words of a program.
    """

    language: str
    kind: str
    title: str
    subtitle: str
    as_of: str
    lead: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    figures: tuple[ReportFigure, ...]
    licence: str = ""

    def __post_init__(self) -> None:
        """Check what the class promises."""
        known = [figure.id for figure in self.figures]
        named = [
            *known,
            *(section.id for section in self.sections),
            *(block.id for block in self.blocks() if isinstance(block, (Table, Picture))),
        ]
        if len(set(named)) != len(named):
            raise ModelError("ids of a document repeat", code="document-ids")
        told = {mark for text in self.texts() for mark in FIGURE_MARK.findall(text)}
        if told != set(known):
            differing = ", ".join(sorted(told ^ set(known)))
            raise ModelError(f"figures and their marks differ: {differing}", code="document-figures")
        bare = next((text for text in self.texts() if _NO_VALUE.search(text)), "")
        if bare:
            raise ModelError(f"a text of the report holds no value: {bare!r}", code="document-value")

    def blocks(self) -> Iterator[Block]:
        """Give every block in order."""
        yield from self.lead
        for section in self.sections:
            yield from section.blocks

    def texts(self) -> Iterator[str]:
        """Give every text a reader sees, in order."""
        yield from (self.kind, self.title, self.subtitle)
        yield from (paragraph.text for paragraph in self.lead)
        for section in self.sections:
            yield section.title
            for block in section.blocks:
                yield from block_texts(block)


def block_texts(block: Block) -> Iterator[str]:
    """Give the texts of a block, in the order of reading."""
    if isinstance(block, (Heading, Paragraph)):
        yield block.text
    elif isinstance(block, Picture):
        yield block.caption
    else:
        yield block.caption
        yield from block.heads
        for row in block.rows:
            yield from row
        yield block.note

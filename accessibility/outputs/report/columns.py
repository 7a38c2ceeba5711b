"""Widths of the columns of a table: what must not be broken fits, the rest is shared by need."""

import re
from collections.abc import Sequence
from math import ceil

from accessibility.model.document import FIGURE_MARK, Table

DENSE_PT, TABLE_PT, MARK_PT = 9.0, 10.5, 6.0
"""Sizes of type in tables; marks of figures, and hashes, are set in the smallest."""

HASH = re.compile(r"[0-9a-f]{64}")

PADDING_PT = 7.0
"""Margins of a cell, left and right together, with the line beside it."""

_CAP = 0.42
"""While room is scarce, no column asks for more than this share of the page."""

_LATIN, _WIDE_LATIN, _NARROW_LATIN, _CHINESE = 0.64, 0.84, 0.4, 1.0
"""Widths of signs in sizes of type, those of the widest fonts that stand in for 仿宋 and Times."""

_NARROW = " .,:;-/()[]|'ijl"
_FIRST_CHINESE = 0x2E80
_GAP = 0.25
_GAPS = re.compile(r"(?<=[0-9A-Za-z])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=[0-9A-Za-z])")
"""Between Chinese and Latin signs office programs leave a quarter of a sign."""

_TERM = 5
_TERMS = re.compile(r"（[^（）]*）|[\u3400-\u9fff]+")
_UNBROKEN = re.compile(r"(?:[^\s\u2e80-\uffef/，；：。、（）]|(?<=\d)/(?=\d))+/?")
"""A word, number, date or id; between Chinese signs, and after a slash, a line may be broken."""


def text_width(text: str, size_pt: float) -> float:
    """Estimate how wide a text is (pt), marks and hashes in their small type."""
    small = "".join(f"[{mark}]" for mark in FIGURE_MARK.findall(text)) + "".join(HASH.findall(text))
    rest = HASH.sub("", FIGURE_MARK.sub("", text))
    return (_ems(rest) + _GAP * len(_GAPS.findall(rest))) * size_pt + _ems(small) * MARK_PT


def _ems(text: str) -> float:
    return sum(_em(sign) for sign in text)


def _em(sign: str) -> float:
    if ord(sign) >= _FIRST_CHINESE or sign in "“”‘’…—":
        return _CHINESE
    if sign in _NARROW:
        return _NARROW_LATIN
    return _WIDE_LATIN if sign.isupper() or sign in "%±−" else _LATIN


def longest_word(text: str, size_pt: float, *, terms: bool = False) -> float:
    """
    Estimate the width (pt) of the longest piece of a text that no line may break.

    Dates, numbers, ids and Latin words stay whole; on request, Chinese terms of a few signs too.
    """
    marks = [f"[{mark}]" for mark in FIGURE_MARK.findall(text)]
    words = _UNBROKEN.findall(FIGURE_MARK.sub(" ", text))
    if terms:
        words += [term if len(term) <= _TERM else term[: _TERM - 1] for term in _TERMS.findall(text)]
    return max((text_width(word, size_pt) for word in (*words, *marks)), default=0.0)


def column_widths(table: Table, total_pt: float) -> list[float]:
    """
    Share the width of the page between the columns of a table.

    Parameters
    ----------
    table
        The table.
    total_pt
        Width of the page (pt).

    Returns
    -------
    widths
        One per column (pt), together as wide as the page. None is narrower than its longest word, unless all
        longest words together do not fit the page; then all give way alike. Where room is left, words of
        heads stay whole too, then short Chinese terms, then those get more whose texts are longer.
    """
    size_pt = DENSE_PT if table.dense else TABLE_PT
    words, least, fair, wanted = [], [], [], []
    for head, *cells in zip(table.heads, *table.rows, strict=True):
        lines = [line for cell in cells for line in cell.split("\n")]
        every = (*_head_pieces(head), *lines)
        words.append(max(longest_word(line, size_pt) for line in lines) + PADDING_PT)
        least.append(max(longest_word(text, size_pt) for text in every) + PADDING_PT)
        fair.append(max(longest_word(text, size_pt, terms=True) for text in every) + PADDING_PT)
        wanted.append(max(text_width(line, size_pt) for line in lines) + PADDING_PT)
    if sum(words) >= total_pt:
        return [width * total_pt / sum(words) for width in words]
    for low, high in ((words, least), (least, fair)):
        if sum(high) >= total_pt:
            part = (total_pt - sum(low)) / (sum(high) - sum(low))
            return [less + part * (more - less) for less, more in zip(low, high, strict=True)]
    wanted = [max(pair) for pair in zip(wanted, fair, strict=True)]
    if sum(wanted) <= total_pt:
        spare = total_pt - sum(wanted)
        return [width + spare * width / sum(wanted) for width in wanted]
    most = _CAP * total_pt
    needs = [max(min(whole, most) - word, 1.0) for whole, word in zip(wanted, fair, strict=True)]
    return _shared(fair, wanted, needs, total_pt)


def line_counts(table: Table, widths: Sequence[float]) -> list[int]:
    """Estimate over how many lines each row of a table runs."""
    size_pt = DENSE_PT if table.dense else TABLE_PT
    return [
        max(
            sum(max(1, ceil(text_width(line, size_pt) / (width - PADDING_PT))) for line in cell.split("\n"))
            for cell, width in zip(row, widths, strict=True)
        )
        for row in table.rows
    ]


def _head_pieces(head: str) -> Sequence[str]:
    """Break a head where it may run over two lines: in the middle of a Chinese term, and at spaces."""
    middle = -(-len(head) // 2)
    if len(head) > 2 and _TERMS.fullmatch(head):
        return (head[:middle], head[middle:])
    return head.split(" ")


def _shared(
    least: Sequence[float], wanted: Sequence[float], needs: Sequence[float], total_pt: float
) -> list[float]:
    """Give what is left by need, never more than is wanted."""
    widths = list(least)
    while total_pt - sum(widths) > 0.01:
        spare = total_pt - sum(widths)
        open_needs = [
            need if width < most else 0.0 for need, width, most in zip(needs, widths, wanted, strict=True)
        ]
        if not sum(open_needs):
            break
        widths = [
            min(most, width + spare * need / sum(open_needs))
            for width, most, need in zip(widths, wanted, open_needs, strict=True)
        ]
    return widths

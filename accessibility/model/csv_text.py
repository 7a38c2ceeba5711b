"""How a text stands in a CSV that a spreadsheet may open: never computed, and read back as it was."""

import re

_COMPUTED = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
"""A spreadsheet computes what begins like this (with an apostrophe before it, it does not)."""
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def harmless(text: str) -> str:
    """
    Write a text for a CSV: what a spreadsheet would compute gets an apostrophe before it.

    Parameters
    ----------
    text
        Any text; a plain number stays as it is.

    Returns
    -------
    cell
        What `restored` turns back into `text`.
    """
    return f"'{text}" if _COMPUTED.match(text) and not _NUMBER.fullmatch(text) else text


def restored(cell: str) -> str:
    """Read a text as `harmless` wrote it; any other text stays as it is."""
    text = cell[1:]
    return text if cell.startswith("'") and harmless(text) == cell else cell

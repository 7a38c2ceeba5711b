"""Read the tables of facts and write the line sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

Row = dict[str, str]

COLUMNS = {
    "lines": [
        "line", "name", "mode", "operator", "valid_from", "valid_to", "run_min", "first_stop", "last_stop",
        "length_km", "direct_km", "order_basis", "mark", "source", "note",
    ],
    "stops": [
        "line", "direction", "order", "stop_id", "name", "lon", "lat", "minutes", "from_start_km", "where",
        "mark", "uncertainty_m", "source", "note",
    ],
    "services": [
        "line", "direction", "days", "from", "to", "headway_min", "headway_low_min", "headway_high_min",
        "departures", "run_min", "mark", "source", "note", "valid_from", "valid_to",
    ],
    "transfers": [
        "from_stop", "to_stop", "minutes", "minutes_low", "minutes_high", "mark", "source", "note",
    ],
}  # fmt: skip
"""Columns of the sheets that are written."""

LIST_OF_2020 = "map-service list of 2020, check before publishing"
OSM = "OSM station point, (c) OpenStreetMap contributors, ODbL"


@dataclass(frozen=True)
class Inputs:
    """Folders that are read: facts and reference data lie outside the project, the rest inside."""

    facts: Path
    reference: Path
    study: Path

    def line_facts(self, name: str) -> list[Row]:
        """Read a table that is kept by hand."""
        return read_table(self.study / "line_facts" / f"{name}.csv")


@dataclass(frozen=True)
class Sheet:
    """Rows of the line sheet, as they are made."""

    lines: list[Row]
    stops: list[Row]
    services: list[Row]
    transfers: list[Row]

    def extend(self, other: Sheet) -> None:
        """Take over the rows of another part."""
        for name in COLUMNS:
            getattr(self, name).extend(getattr(other, name))


def empty_sheet() -> Sheet:
    """Give a sheet without rows."""
    return Sheet([], [], [], [])


def read_table(path: Path) -> list[Row]:
    """Read a CSV table as rows of text."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Write rows as CSV text; a key that is no column is a mistake."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="raise", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def degrees(text: str) -> str:
    """Round a coordinate to five decimals, half up, as the tables of places do."""
    return str(Decimal(text).quantize(Decimal("0.00001"), ROUND_HALF_UP))


def number(value: float, digits: int) -> str:
    """Write a number with at most some decimals, without trailing zeros."""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

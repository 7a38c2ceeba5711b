"""Departures of real driving plans (行车时刻表), as bands of equal run time."""

from __future__ import annotations

import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from anting_lines.bands import clock_of, minutes_of
from anting_lines.tables import Inputs, Row, number

DAYS = {"工作日": "weekday", "节假日": "weekend"}
Cells = list[list[str]]
Runs = dict[tuple[str, str, str], int]
"""(days, terminal, clock) -> run time (min)."""


def read_sheets(path: Path) -> dict[str, Cells]:
    """Read a workbook (.xls, .xlsx) as text; times as HH:MM, whole numbers without decimals."""
    if path.suffix == ".xls":
        import xlrd

        book = xlrd.open_workbook(path)
        return {
            sheet.name: [[_old_text(cell) for cell in sheet.row(r)] for r in range(sheet.nrows)]
            for sheet in book.sheets()
        }
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    return {
        sheet.title: [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book
    }


def _old_text(cell: Any) -> str:
    """Turn a cell of an .xls sheet into text; a time is a share of the day."""
    if cell.ctype == 3 and cell.value < 2:
        return clock_of(round(cell.value * 1440))
    return number(cell.value, 3) if cell.ctype == 2 else str(cell.value).strip()


def _text(cell: object) -> str:
    """Turn a cell of an .xlsx sheet into text."""
    if isinstance(cell, datetime.time):
        return f"{cell.hour:02d}:{cell.minute:02d}"
    if isinstance(cell, float):
        return number(cell, 3)
    return "" if cell is None else str(cell).strip()


def departures(cells: Cells) -> list[tuple[str, str, str]]:
    """
    Read a list of departures (发车时刻表).

    Returns
    -------
    departures
        (days, terminal, clock) in the order of the columns; days is ``daily`` where the sheet states none.
    """
    head = next(
        r
        for r, row in enumerate(cells)
        if sum(map(bool, row)) > 1 and not any(_is_clock(cell) or cell in DAYS for cell in row)
    )
    day_row = next((row for row in cells[:head] if any(cell in DAYS for cell in row)), [])
    terminal = _spread(cells[head])
    days = _spread([cell if cell in DAYS else "" for cell in day_row] or [""])
    found = []
    for column in range(len(cells[head])):
        day = DAYS.get(days[column] if column < len(days) else days[-1], "daily")
        found.extend(
            (day, terminal[column], row[column])
            for row in cells[head + 1 :]
            if column < len(row) and _is_clock(row[column])
        )
    return found


def run_times(cells: Cells, terminals: dict[str, str]) -> Runs:
    """
    Read the run time that stands beside each departure of a sheet of vehicle blocks (路牌).

    Parameters
    ----------
    cells
        The sheet.
    terminals
        Full name of a terminal by its abbreviation in the header.
    """
    runs: Runs = {}
    day, labels = "daily", []
    for row in cells:
        text = "".join(row)
        for word, name in DAYS.items():
            if word in text:
                day = name
        if row and row[0] == "路牌":
            labels = row
            continue
        for label, cell, beside in zip(labels, row, row[1:], strict=False):
            if label in terminals and _is_clock(cell) and beside.isdigit():
                runs[day, terminals[label], cell] = int(beside)
    return runs


def _is_clock(cell: str) -> bool:
    return len(cell) == 5 and cell[2] == ":" and cell.replace(":", "").isdigit()


def _spread(row: list[str]) -> list[str]:
    """Carry every heading on to the columns on its right."""
    spread, last = [], ""
    for cell in row:
        last = cell or last
        spread.append(last)
    return spread


def plan_rows(inputs: Inputs, line: Row, length_km: float) -> list[Row]:
    """
    Give the departures of a line from its driving plan.

    Where the line's stops cover only the beginning of the planned way, the run time is cut to its share and
    the departures at the far end are put off by the rest.
    """
    plan = next(row for row in inputs.line_facts("plans") if row["line"] == line["line"])
    sheets = read_sheets(inputs.reference / "driving_plans" / plan["file"])
    terminals = {plan["short_0"]: plan["terminal_0"], plan["short_1"]: plan["terminal_1"]}
    runs = run_times(sheets[plan["run_sheet"]], terminals)
    listed = departures(sheets[plan["list_sheet"]])
    for day, expected in (("weekday", plan["trips_weekday"]), ("weekend", plan["trips_weekend"])):
        n = sum(found in (day, "daily") for found, _, _ in listed)
        if n != int(expected):
            raise SystemExit(
                f"plans.csv: {line['line']} has {n} departures on a {day}, the plan says {expected}"
            )
    share = min(1.0, length_km / float(plan["length_km"])) if plan["cut"] == "yes" else 1.0
    rows: list[Row] = []
    for direction in ("0", "1"):
        for day in dict.fromkeys(found for found, _, _ in listed):
            trips = []
            for clock in (c for d, t, c in listed if (d, t) == (day, plan[f"terminal_{direction}"])):
                run_min = runs[day, plan[f"terminal_{direction}"], clock]
                late = round(run_min * (1 - share)) if direction == "1" else 0
                trips.append((minutes_of(clock) + late, number(run_min * share, 1)))
            facts = plan | {"mark": "I"} if share < 1 and direction == "1" else plan
            rows.extend(departure_rows(line["line"], direction, day, sorted(trips), facts))
    return rows


def departure_rows(line: str, direction: str, day: str, trips: list[tuple[int, str]], plan: Row) -> list[Row]:
    """Give one row per stretch of departures with equal run time, once per period of validity."""
    periods = [(plan["valid_from"], "", plan["mark"], "")]
    if plan["also_before"] == "yes":
        ends = (datetime.date.fromisoformat(plan["valid_from"]) - datetime.timedelta(days=1)).isoformat()
        periods.append(("", ends, "I", "before the plan came into force: assumed the same"))
    rows = []
    for valid_from, valid_to, mark, note in periods:
        for run_min, group in groupby(trips, key=lambda trip: trip[1]):
            clocks = [clock_of(start) for start, _ in group]
            rows.append({
                "line": line, "direction": direction, "days": day, "from": clocks[0], "to": clocks[-1],
                "departures": " ".join(clocks), "run_min": run_min, "mark": mark, "source": plan["source"],
                "note": "; ".join(part for part in (plan["note"], note) if part),
                "valid_from": valid_from, "valid_to": valid_to,
            })  # fmt: skip
    return rows

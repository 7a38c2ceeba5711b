"""Bands of assumed headways: the periods of a class, cut to the first and last departure of a line."""

from __future__ import annotations

from anting_lines.tables import Row

DAY_START, DAY_END = "00:00", "30:00"


def minutes_of(clock: str) -> int:
    """Turn HH:MM into minutes; hours may exceed 24."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def clock_of(minutes: int) -> str:
    """Turn minutes into HH:MM."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def band_rows(line: Row, bands: list[Row], run_min: dict[str, str]) -> list[Row]:
    """
    Lay out the services of a line.

    Parameters
    ----------
    line
        A row of the table of lines: `bands` names a class; `first_0`, `last_0`, `first_1`, `last_1` are the
        first and last departures by direction.
    bands
        Rows of the table of headways.
    run_min
        Run time (min) end to end by direction and pace (``0 peak``); none where the minutes of the stops
        serve.
    """
    rows = []
    for direction in ("0", "1"):
        first, last = line[f"first_{direction}"], line[f"last_{direction}"]
        if not first:
            continue
        for band in bands:
            if band["bands"] != line["bands"] or band["direction"] not in ("", direction):
                continue
            start = max(minutes_of(band["from"]), minutes_of(first))
            end = min(minutes_of(band["to"]), minutes_of(last))
            if start >= end:
                continue
            rows.append({
                "line": line["line"], "direction": direction, "days": band["days"],
                "from": clock_of(start), "to": clock_of(end),
                "headway_min": band["headway_min"], "headway_low_min": band["headway_low_min"],
                "headway_high_min": band["headway_high_min"],
                "run_min": run_min.get(f"{direction} {band['pace']}", ""),
                "mark": band["mark"], "source": band["source"],
                "note": "; ".join(part for part in (band["note"], line["times_note"]) if part),
                "valid_from": band["valid_from"], "valid_to": band["valid_to"],
            })  # fmt: skip
    return rows

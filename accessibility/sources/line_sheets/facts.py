"""What a reader must know about every line: what rests on assumptions, and what on which source."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.line_sheets.lines import Line
from accessibility.sources.line_sheets.services import Band
from accessibility.sources.line_sheets.sheet import Sheet, marks_of
from accessibility.sources.positions import number

YES = "yes"


def route_facts(
    sheets: Mapping[str, Sheet],
    names: Sequence[str],
    lines: Mapping[str, Line],
    bands: Sequence[Band],
) -> dict[str, tuple[str, ...]]:
    """
    Gather the facts about lines as text.

    Parameters
    ----------
    sheets
        Stops and services, whose marks and sources are gathered.
    names
        The lines, in the order of the routes.
    lines, bands
        What is said about them.

    Returns
    -------
    facts
        One text per line, empty where nothing is said: ``mark`` and ``source`` (of the line, else of its
        rows), ``stops_mark``, ``services_mark``, ``stops_uncertainty_m`` (the largest), ``valid_from``,
        ``valid_to``, ``assumed_operating`` (``yes`` where no date is stated), ``assumed_bands`` (how many),
        ``headway_low_s``, ``headway_high_s`` (over all bands), ``operator``, ``note`` and further columns.
    """
    of_line = [_facts(sheets, name, lines.get(name, Line()), bands) for name in names]
    keys = dict.fromkeys(key for facts in of_line for key in facts)
    return {key: tuple(facts.get(key, "") for facts in of_line) for key in keys}


def _facts(sheets: Mapping[str, Sheet], name: str, line: Line, bands: Sequence[Band]) -> dict[str, str]:
    mine = [band for band in bands if band.line == name]
    stop_rows, service_rows = _rows(sheets["stops"], name), _rows(sheets["services"], name)
    stops_mark, services_mark = (_marks(sheet, rows) for sheet, rows in (
        (sheets["stops"], stop_rows), (sheets["services"], service_rows)))  # fmt: skip
    texts = [sheets["stops"].text(row, "source") for row in stop_rows]
    texts += [sheets["services"].text(row, "source") for row in service_rows]
    start, end = validity(line, mine)
    headways_s = [one for band in mine for one in band.headway_s]
    uncertain = [number(sheets["stops"].text(row, "uncertainty_m")) or 0.0 for row in stop_rows]
    largest_m = max((one for one in uncertain if one == one), default=0.0)
    facts = dict(line.facts)
    facts["mark"] = facts.get("mark") or "/".join(dict.fromkeys(marks_of(f"{stops_mark}/{services_mark}")))
    facts["source"] = facts.get("source") or "; ".join(dict.fromkeys(text for text in texts if text))
    return facts | {
        "stops_mark": stops_mark,
        "services_mark": services_mark,
        "stops_uncertainty_m": f"{largest_m:g}" if largest_m else "",
        "valid_from": _text(start),
        "valid_to": _text(end),
        "assumed_operating": "" if start or end else YES,
        "assumed_bands": str(len({band.row for band in mine if band.assumed}) or ""),
        "headway_low_s": str(min(headways_s, default="")),
        "headway_high_s": str(max(headways_s, default="")),
    }


def _rows(sheet: Sheet, line: str) -> list[int]:
    return [row for row in range(len(sheet)) if sheet.text(row, "line") == line]


def _marks(sheet: Sheet, rows: Iterable[int]) -> str:
    return "/".join(dict.fromkeys(mark for row in rows for mark in marks_of(sheet.text(row, "mark"))))


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def validity(line: Line, bands: Sequence[Band]) -> tuple[date | None, date | None]:
    """Give the dates of a line: its own, else those of its bands where every one of them states a date."""
    starts, ends = [band.valid_from for band in bands], [band.valid_to for band in bands]
    first = min((day for day in starts if day is not None), default=None)
    last = max((day for day in ends if day is not None), default=None)
    return (
        line.valid_from or (None if None in starts else first),
        line.valid_to or (None if None in ends else last),
    )


def assumption_notices(
    sheets: Mapping[str, Sheet],
    names: Sequence[str],
    lines: Mapping[str, Line],
    bands: Sequence[Band],
) -> list[Notice]:
    """
    Summarise what is assumed: headways, and that lines run.

    Returns
    -------
    notices
        ``headways-assumed`` and ``operation-assumed`` (info), each with an example and a count.
    """
    notices = []
    services, kept = sheets["services"], set(names)
    assumed = {band.row: band for band in bands if band.assumed and band.line in kept}
    if assumed:
        row, band = next(iter(assumed.items()))
        message = _(
            "service bands are assumptions, for example line {line} {times}: every {headway}",
            line=band.line,
            times=band.times,
            headway=_headway_text(band),
        )
        notices.append(
            Notice(
                "headways-assumed",
                "info",
                message,
                services.file,
                services.line_number(row),
                "mark",
                services.text(row, "mark"),
                _("Compute the range: once with the low and once with the high headways."),
                len(assumed),
            )
        )
    undated = [
        name
        for name in names
        if not any(validity(lines.get(name, Line()), [band for band in bands if band.line == name]))
    ]
    if undated:
        message = _("lines state no dates and count as operating on every date")
        mend = _("State valid_from where it is known.")
        value, file = ", ".join(undated[:5]) + (" …" if len(undated) > 5 else ""), services.file
        notices.append(
            Notice("operation-assumed", "info", message, file, 0, "valid_from", value, mend, len(undated))
        )
    return notices


def _headway_text(band: Band) -> str:
    if not band.headway_s:
        return _("stated departure")
    low, middle, high = (f"{one / 60:.4g}" for one in band.headway_s)
    if low == high:
        return _("{n} min", n=middle)
    return _("{n} min ({low}-{high})", n=middle, low=low, high=high)

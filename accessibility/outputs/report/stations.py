"""Tables of a report about buses at stations: what is the same is told once, on every date and scenario."""

from collections.abc import Mapping, Sequence

from accessibility.messages import _
from accessibility.model.document import Table
from accessibility.model.study import Study
from accessibility.outputs.evidence.words import radius_text
from accessibility.outputs.report.figures import Told
from accessibility.outputs.report.parts import Maker
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.outputs.wording import decimal_text, period_text

Row = tuple[Cell, ...]


def stations_table(study: Study, sheet: Sheet, maker: Maker) -> Table:
    """
    Tell what stations are joined to; neighbouring radii within which nothing differs share a row.

    Parameters
    ----------
    study
        The study.
    sheet
        The table of the workbook, ids in front: stations by date, scenario and radius.
    maker
        Names, numbers, and the register of figures.
    """
    at = {column: k for k, column in enumerate(sheet.columns)}
    one = len({row[at["station"]] for row in sheet.rows}) == 1
    rows = [
        _station_row(study, sheet, members, maker, named=not one)
        for members in _neighbours(sheet.rows, (0, at["radius_m"]))
    ]
    heads = (
        _("station"), _("date, scenario"), _("within (m)"), _("stops / lines"),
        *(_("per hour, {period}", period=period_text(p.id, maker.periods)) for p in study.periods),
        _("first and last bus"), _("first and last train"), _("trains"), _("missed late / early"),
        _("no."),
    )  # fmt: skip
    name = maker.name(str(sheet.rows[0][at["station"]]))
    caption = _("What {station} is joined to", station=name) if one else _("What the station is joined to")
    return maker.table(caption, heads, rows, dense=True)


def _neighbours(rows: Sequence[Row], apart: Sequence[int]) -> list[list[Row]]:
    """Put rows together that follow each other and differ in nothing but some columns."""
    groups: list[list[Row]] = []
    last: Row | None = None
    for row in rows:
        kept = tuple(cell for k, cell in enumerate(row) if k not in apart)
        if kept == last:
            groups[-1].append(row)
        else:
            groups.append([row])
        last = kept
    return groups


def _station_row(
    study: Study, sheet: Sheet, members: Sequence[Row], maker: Maker, *, named: bool
) -> tuple[str, ...]:
    at = {column: k for k, column in enumerate(sheet.columns)}
    row = members[-1]
    station, day = maker.name(str(row[at["station"]])), str(row[at["as_of"]])
    radius_m = float(row[at["radius_m"]] or 0)
    what = _("interchange at {station}, {date}, {radius}", station=station, date=_case(row, at, maker),
             radius=radius_text(radius_m))  # fmt: skip
    lines = float(row[at["lines"]] or 0)
    told = Told(what, sheet.name, tuple(str(one[0]) for one in members))
    radii = list(dict.fromkeys(f"{one[at['radius_m']]:g}" for one in (members[0], row)))
    trains = row[at["trains"]]
    missed = "/".join(str(row[at[c]]) for c in ("missed_late", "missed_early"))
    return (
        station if named else "",
        " ".join(part for part in (day, _scenario(row, at, maker)) if part),
        "–".join(radii),
        "/".join(str(row[at[c]]) for c in ("stops", "lines")),
        *(decimal_text(float(row[at[f"per_hour_{p.id}"]] or 0), 1) for p in study.periods),
        *(_ends(row, at, kind) for kind in ("bus", "train")),
        *((str(trains), missed) if trains else (_("no train"), _("no train"))),
        maker.register.mark(told, lines, lines, _("lines")),
    )


def _scenario(row: Row, at: Mapping[str, int], maker: Maker) -> str:
    """Name the scenario of a row, where the table tells scenarios."""
    scenario = str(row[at["scenario"]] or "") if "scenario" in at else ""
    return maker.names.get(scenario, scenario)


def _case(row: Row, at: Mapping[str, int], maker: Maker) -> str:
    """Name date and scenario of a row."""
    return " ".join(part for part in (str(row[at["as_of"]]), _scenario(row, at, maker)) if part)


def _ends(row: Row, at: Mapping[str, int], kind: str) -> str:
    first, last = row[at[f"first_{kind}"]], row[at[f"last_{kind}"]]
    return _clocks(first, last) if first and last else _("no service")


def _clocks(first: Cell, last: Cell) -> str:
    """Write two clock times to the minute."""
    return f"{str(first)[:5]}–{str(last)[:5]}"


def lines_table(study: Study, sheet: Sheet, maker: Maker) -> Table:
    """
    List the lines at stations, each once with the dates and scenarios in which it runs alike.

    Parameters
    ----------
    study
        The study.
    sheet
        The table of the workbook, ids in front: lines by date and scenario.
    maker
        Names, numbers, and the register of figures.
    """
    at = {column: k for k, column in enumerate(sheet.columns)}
    apart = (0, at["as_of"], at.get("scenario", 0))
    groups: dict[Row, list[Row]] = {}
    for row in sheet.rows:
        groups.setdefault(tuple(cell for k, cell in enumerate(row) if k not in apart), []).append(row)
    every = list(dict.fromkeys(_scenario(row, at, maker) or str(row[at["as_of"]]) for row in sheet.rows))
    rows = []
    for members in groups.values():
        row = members[0]
        what = _("line {line} towards {end}", line=row[at["line_name"]], end=row[at["towards"]])
        walk_m = float(row[at["walk_m"]] or 0)
        told = Told(what, sheet.name, tuple(str(one[0]) for one in members))
        cases = list(dict.fromkeys(_scenario(one, at, maker) or str(one[at["as_of"]]) for one in members))
        rows.append((
            str(row[at["line_name"]]), str(row[at["towards"]]), str(row[at["stop_name"]]), f"{walk_m:.0f}",
            *(decimal_text(float(row[at[f"per_hour_{p.id}"]] or 0), 1) for p in study.periods),
            _clocks(row[at["first_departure"]], row[at["last_departure"]]),
            _("announced") if row[at["scheduled"]] else _("partly assumed"),
            _("in every case") if cases == every else "\n".join(cases),
            maker.register.mark(told, walk_m, walk_m, _("m")),
        ))  # fmt: skip
    heads = (_("line"), _("towards"), _("stop"), _("walk (m)"),
             *(_("per hour, {period}", period=period_text(p.id, maker.periods)) for p in study.periods),
             _("first–last"), _("departures"), _("as of"), _("no."))  # fmt: skip
    return maker.table(_("Lines at the station"), heads, rows, dense=True)

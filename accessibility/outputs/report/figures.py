"""The figures of a report: each gets an id that leads to its rows in the workbook and to its explanation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accessibility.messages import _
from accessibility.model.claim import Figure
from accessibility.model.document import ReportFigure
from accessibility.model.modes import TRANSIT_MODES
from accessibility.model.study import Period
from accessibility.outputs.evidence.words import span_text, unit_text, value_text
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.units import clock_from_seconds

CLAIM_FIGURES = "claim_figures"
INDEX = "report_figures"

MINUS = "\u2212"
"""The sign before a negative number, at which no line is broken."""


@dataclass(frozen=True)
class Told:
    """
    What stands behind a figure of a report.

    Parameters
    ----------
    what
        What it is, in words.
    sheet, rows
        Table of the workbook and ids of its rows.
    explain, explained
        As `accessibility.model.document.ReportFigure` has them.
    """

    what: str
    sheet: str
    rows: tuple[str, ...]
    explain: str = ""
    explained: str = ""


class Register:
    """Gives ids to figures in the order in which they are told; what is told again keeps its id."""

    def __init__(self) -> None:
        self._figures: dict[tuple[str, tuple[str, ...]], ReportFigure] = {}

    @property
    def figures(self) -> tuple[ReportFigure, ...]:
        """Every figure, in the order of first mention."""
        return tuple(self._figures.values())

    def mark(self, told: Told, low: float, high: float, unit: str) -> str:
        """
        Register a figure and give its mark.

        Parameters
        ----------
        told
            What stands behind it.
        low, high
            Ends, as they are told; not finite where nothing is reached.
        unit
            Unit in words.

        Returns
        -------
        mark
            ``[F12]``.
        """
        key = (told.sheet, told.rows)
        if key not in self._figures:
            self._figures[key] = ReportFigure(
                id=f"F{len(self._figures) + 1}",
                what=told.what,
                low=low if math.isfinite(low) else None,
                high=high if math.isfinite(high) else None,
                unit=unit,
                sheet=told.sheet,
                rows=told.rows,
                explain=told.explain,
                explained=told.explained,
            )
        return f"[{self._figures[key].id}]"

    def span(self, told: Told, low: float, high: float, unit: str, *, bare: bool = False) -> str:
        """Write an interval (with its unit unless `bare`) followed by its mark."""
        mark = self.mark(told, low, high, quantity_unit(unit))
        ends = list(dict.fromkeys(value_text(end, unit) for end in (low, high)))
        dash = _(" to ") if low < 0 else "–"  # no dash beside a minus
        text = dash.join(ends) if bare else quantity_text(low, high, unit)
        return f"{text.replace('-', MINUS)} {mark}"


def quantity_unit(unit: str) -> str:
    """Name a unit; counts and ranks have one too."""
    if unit == "count":
        return _("{n} places", n="").strip()
    return _("rank") if unit == "rank" else unit_text(unit)


def quantity_text(low: float, high: float, unit: str) -> str:
    """Write an interval with its unit; counts and ranks name what they count."""
    text = span_text(low, high, unit)
    if low < 0 and low != high:
        text = _("{low} to {high}", low=value_text(low, unit), high=span_text(high, high, unit))
    if unit == "count":
        return _("{n} places", n=text)
    return _("rank {n}", n=text) if unit == "rank" else text


def span_of(figures: Sequence[Figure]) -> tuple[float, float]:
    """Take the ends of some figures; NaN where one is unknown."""
    values = [figure.value for figure in figures]
    if not values or any(math.isnan(value) for value in values):
        return math.nan, math.nan
    return min(values), max(values)


class Explainer:
    """Knows the command that explains a figure of a claim."""

    def __init__(self, periods: Sequence[Period], lines: Sequence[str], origins: Sequence[str]) -> None:
        """
        Take what commands must name.

        Parameters
        ----------
        periods
            Periods of the study.
        lines
            Its line sheets and feeds, as options.
        origins
            Sites in the order in which one of them stands for all, the first first.
        """
        self._periods = {period.id: period for period in periods}
        self._lines = tuple(lines)
        self._origins = {site: k for k, site in enumerate(origins)}

    def told(self, what: str, figures: Sequence[Figure]) -> Told:
        """Say what stands behind figures of claims told as one, and how one of them is explained."""
        command, explained = "", ""
        for figure in sorted(figures, key=self._rank):
            command = self._command(figure)
            if command:
                explained = figure.id if command.startswith("accessibility") else ""
                break
        return Told(what, CLAIM_FIGURES, tuple(figure.id for figure in figures), command, explained)

    def _rank(self, figure: Figure) -> tuple[int, int, int, int]:
        """Put first the middle of the way there from the site that stands for all, without parking."""
        return (
            self._origins.get(figure.origin, len(self._origins)),
            figure.direction == "back",
            figure.level not in ("", "mid"),
            bool(figure.terminal) or figure.roads != "",
        )

    def _command(self, figure: Figure) -> str:
        if figure.mode == "straight":
            return _("geodesic on the WGS-84 ellipsoid between the positions in the sheet of places")
        if figure.measure in ("change", "rank", "opened"):
            return _("computed from the rows beside it")
        place = figure.subject if figure.measure in ("duration", "distance") else figure.detail
        known = place and " " not in place and figure.level in ("", "mid") and math.isfinite(figure.value)
        if not known or not figure.origin or figure.terminal or figure.measure == "within":
            return ""
        ends = (place, figure.origin) if figure.direction == "back" else (figure.origin, place)
        return self.journey(figure.mode, figure.period, figure.as_of, ends, free=bool(figure.roads))

    def journey(
        self, mode: str, period: str, as_of: str, ends: tuple[str, str], *, free: bool = False
    ) -> str:
        """Write the command that tells a journey, to be called in the folder of the study."""
        ways = ["--from", ends[0], "--to", ends[1]]
        if mode not in TRANSIT_MODES:
            when = ["--period", period] if period else []
            roads = ["--avoid", "-"] if free else []
            return " ".join(
                ["accessibility explain --study study.toml --mode", mode, *when, *roads,
                 "--max-duration 1440", *ways]
            )  # fmt: skip
        hours = self._periods[period]
        access = [] if mode == "transit" else ["--access-mode", mode.removesuffix("_transit")]
        return " ".join(
            ["accessibility explain --study study.toml", *self._lines, "--date", as_of,
             "--depart", clock_from_seconds(hours.start_s),
             f"--window {(hours.end_s - hours.start_s) // 60}", *access, *ways]
        )  # fmt: skip


def index_sheet(figures: Sequence[ReportFigure], titles: dict[str, str]) -> Sheet:
    """
    List the figures of a report: what each is, its rows, how it is explained.

    Parameters
    ----------
    figures
        The figures.
    titles
        Name of a table -> what readers see on its sheet.
    """
    columns = (
        "report_figure",
        "what_figure",
        "low",
        "high",
        "unit",
        "sheet",
        "row_ids",
        "explain",
        "explained",
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            *(one.id, one.what, one.low, one.high, one.unit, titles[one.sheet]),
            *(runs_text(one.rows), one.explain, one.explained),
        )
        for one in figures
    )
    return Sheet(INDEX, _("Index of figures"), columns, rows)


def figure_name(mark: str) -> str:
    """Name the cell of the workbook that a mark leads to; ``F12`` itself would be a cell of any sheet."""
    return f"figure_{mark[1:]}"


def runs_text(ids: Sequence[str]) -> str:
    """Write ids, those that follow each other as ``C02.p1..C02.p24``."""
    runs: list[list[str]] = []
    for one in ids:
        if runs and _follows(runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    return " ".join(run[0] if len(run) == 1 else f"{run[0]}..{run[-1]}" for run in runs)


def _follows(before: str, after: str) -> bool:
    stem, number = _split(before)
    return _split(after) == (stem, number + 1)


def _split(one: str) -> tuple[str, int]:
    stem = one.rstrip("0123456789")
    return stem, int(one[len(stem) :] or -1)


def numbered(sheet: Sheet) -> Sheet:
    """Give every row of a table an id of its own, in front: ``interchanges.3``."""
    rows = tuple((f"{sheet.name}.{n}", *row) for n, row in enumerate(sheet.rows, start=1))
    return replace(sheet, columns=("row_id", *sheet.columns), rows=rows)

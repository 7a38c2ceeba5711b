"""Service bands: when a line runs, how often or at which times, and how long it takes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from accessibility.messages import _
from accessibility.sources.line_sheets.schema import ASSUMED, DAY_TYPES, YES
from accessibility.sources.line_sheets.sheet import Sheet, clock_s, marks_of
from accessibility.sources.line_sheets.stops import direction_of
from accessibility.units import clock_from_seconds

_APART = re.compile(r"[\s、,，;；]+")


@dataclass(frozen=True)
class Band:
    """
    One row of the sheet of services, in one direction.

    Parameters
    ----------
    row, line, direction
        Which.
    days, kinds
        Name of the day type, and the kinds of day in it.
    start_s, end_s
        First and last departure (s).
    headway_s
        Low, middle and high headway (s); empty where `departures_s` are stated.
    departures_s
        Stated departures (s); with a headway, the last run at exactly `end_s` if one is stated.
    run_min
        Minutes from end to end, ``None`` where not stated.
    valid_from, valid_to
        Both inclusive, ``None`` where open.
    assumed
        Whether the mark says assumption.
    """

    row: int
    line: str
    direction: int
    days: str
    kinds: int
    start_s: int
    end_s: int
    headway_s: tuple[int, ...]
    departures_s: tuple[int, ...]
    run_min: float | None
    valid_from: date | None
    valid_to: date | None
    assumed: bool

    @property
    def times(self) -> str:
        """The times it covers, as clock times."""
        return f"{clock_from_seconds(self.start_s)}-{clock_from_seconds(self.end_s)}"

    @property
    def place(self) -> str:
        """Line, direction and day type: the beginning of every name derived from it."""
        return f"{self.line}/{self.direction}/{self.days}"

    @property
    def validity(self) -> str:
        """Its own dates as the end of a name, ``""`` where it has none."""
        return validity_label(self.valid_from, self.valid_to)

    def meets(self, other: "Band") -> bool:
        """Say whether both run on some day."""
        apart = any(
            end is not None and start is not None and end < start
            for end, start in ((self.valid_to, other.valid_from), (other.valid_to, self.valid_from))
        )
        return bool(self.kinds & other.kinds) and not apart


def validity_label(start: date | None, end: date | None) -> str:
    """Write dates of validity as the end of a name, ``""`` where both are open."""
    return f"/{start or ''}..{end or ''}" if start or end else ""


def read_bands(sheet: Sheet, directions: Mapping[str, Sequence[int]]) -> list[Band]:
    """
    Read the service bands.

    Parameters
    ----------
    sheet
        The sheet of services; whatever cannot be is told.
    directions
        Directions of every line that has stops.

    Returns
    -------
    bands
        One per row and direction, in the order of the rows; rows with errors are left out.
    """
    bands = [band for row in range(len(sheet)) for band in _bands(sheet, row, directions)]
    groups: dict[tuple[str, int], list[Band]] = {}
    for band in bands:
        groups.setdefault((band.line, band.direction), []).append(band)
    for group in groups.values():
        _tell_overlaps(sheet, group)
    return bands


def _bands(sheet: Sheet, row: int, directions: Mapping[str, Sequence[int]]) -> list[Band]:
    line = sheet.text(row, "line")
    wanted = _directions(sheet, row, directions.get(line))
    listed = _("Write weekday, saturday, sunday, weekend or daily (工作日、周六、周日、双休日、每日); "
               "holidays stand in the sheet days.")  # fmt: skip
    days = sheet.word(row, "days", DAY_TYPES, listed)
    if not sheet.text(row, "days"):
        sheet.tell(row, "days", "days-unknown", _("the day type is empty"), listed)
    valid_from, valid_to = sheet.dates(row)
    run_min = sheet.amount(row, "run_min", above_zero=True)
    sheet.check_mark(row)
    times = _departures(sheet, row) if sheet.text(row, "departures") else _headway(sheet, row)
    if row in sheet.bad or times is None or days is None:
        return []
    name, kinds = days
    start_s, end_s, headway_s, departures_s = times
    return [
        Band(
            row=row,
            line=line,
            direction=direction,
            days=name,
            kinds=kinds,
            start_s=start_s,
            end_s=end_s,
            headway_s=headway_s,
            departures_s=departures_s,
            run_min=run_min,
            valid_from=valid_from,
            valid_to=valid_to,
            assumed=ASSUMED in marks_of(sheet.text(row, "mark")),
        )
        for direction in wanted
    ]


def _directions(sheet: Sheet, row: int, known: Sequence[int] | None) -> Sequence[int]:
    if known is None:
        message, mend = (
            _("the line has no stops"),
            _("Correct the name, or add its stops to the sheet stops."),
        )
        sheet.tell(row, "line", "line-unknown", message, mend)
        return ()
    if not sheet.text(row, "direction"):
        return known
    direction = direction_of(sheet, row)
    if direction is not None and direction not in known:
        message, mend = _("the line has no stops in this direction"), _("Add them, or correct the direction.")
        sheet.tell(row, "direction", "direction-without-stops", message, mend)
    return () if direction is None else (direction,)


_Times = tuple[int, int, tuple[int, ...], tuple[int, ...]]


def _departures(sheet: Sheet, row: int) -> _Times | None:
    """Take a list of departures; where ``from`` and ``to`` are stated, they bound it, both inclusive."""
    if any(sheet.text(row, name) for name in ("headway_min", "headway_low_min", "headway_high_min")):
        message = _("the band has both departures and a headway")
        sheet.tell(row, "departures", "band-twofold", message, _("State one of them."))
    words = [word for word in _APART.split(sheet.text(row, "departures")) if word]
    times_s = [time for time in map(clock_s, words) if time is not None]
    if len(times_s) < len(words):
        sheet.tell_clock(row, "departures")
    if not times_s or row in sheet.bad:
        return None
    for before, after in pairwise(times_s):
        if after <= before:
            message = _(
                "the departure {after} does not come after {before}",
                after=clock_from_seconds(after),
                before=clock_from_seconds(before),
            )
            mend = _("Put departures in order, each once; after midnight write 24:10.")
            sheet.tell(row, "departures", "departures-run-back", message, mend)
            return None
    start_s, end_s = sheet.clock(row, "from"), sheet.clock(row, "to")
    if (start_s is not None and times_s[0] < start_s) or (end_s is not None and times_s[-1] > end_s):
        message = _("departures lie outside the times from and to")
        sheet.tell(row, "departures", "departures-outside", message, _("Correct the list or the times."))
    return times_s[0], times_s[-1], (), tuple(times_s)


def _headway(sheet: Sheet, row: int) -> _Times | None:
    start_s, end_s = sheet.clock(row, "from"), sheet.clock(row, "to")
    for name, seconds in (("from", start_s), ("to", end_s)):
        if seconds is None and not sheet.text(row, name):
            message, mend = _("the band has no {name}", name=name), _("Write first and last departure.")
            sheet.tell(row, name, "band-no-time", message, mend)
    listed = _("Write yes or no (是、否).")
    last_run = bool(sheet.word(row, "last_run", YES, listed))
    headway_s = _headway_range(sheet, row)
    if start_s is None or end_s is None:
        return None
    if end_s < start_s or (end_s == start_s and not last_run):
        message = _("the last departure does not come after the first")
        mend = _("Correct the times; after midnight write 24:10.")
        sheet.tell(row, "to", "band-runs-back", message, mend)
    return start_s, end_s, headway_s if end_s > start_s else (), (end_s,) if last_run else ()


def _headway_range(sheet: Sheet, row: int) -> tuple[int, ...]:
    """Take low, middle and high headway (s); a side that is not stated is the middle."""
    names = ("headway_low_min", "headway_min", "headway_high_min")
    low, middle, high = (sheet.amount(row, name, above_zero=True) for name in names)
    if row in sheet.bad:
        return ()
    if middle is None:
        message, mend = _("the band has neither a headway nor departures"), _("State one of them.")
        sheet.tell(row, "headway_min", "band-no-headway", message, mend)
        return ()
    least, most = (middle if low is None else low), (middle if high is None else high)
    if not least <= middle <= most:
        message = _(
            "the headway does not lie within its range {low}-{high}", low=f"{least:g}", high=f"{most:g}"
        )
        mend = _("Write low, middle and high headway in ascending order.")
        sheet.tell(row, "headway_min", "headway-range", message, mend)
    return tuple(max(round(60 * one), 1) for one in (least, middle, most))


def _tell_overlaps(sheet: Sheet, bands: Sequence[Band]) -> None:
    """Tell bands of one direction that announce the same runs on one day."""
    for earlier, later in combinations(bands, 2):
        if not earlier.meets(later):
            continue
        overlap = bool(earlier.headway_s and later.headway_s) and (
            max(earlier.start_s, later.start_s) < min(earlier.end_s, later.end_s)
        )
        within = _within(earlier, later) + _within(later, earlier)
        shared = sorted({*within, *(set(earlier.departures_s) & set(later.departures_s))})
        if not overlap and not shared:
            continue
        message = _(
            "the band {times} overlaps the band {other} of row {row}",
            times=later.times,
            other=earlier.times,
            row=sheet.line_number(earlier.row),
        )
        mend = _("Let every band end where the next one starts, and no departure stand in two bands.")
        sheet.tell(later.row, "from", "bands-overlap", message, mend)


def _within(listed: Band, headway: Band) -> list[int]:
    """Find stated departures inside a headway band, which announces them already."""
    if not headway.headway_s:
        return []
    return [time for time in listed.departures_s if headway.start_s <= time < headway.end_s]

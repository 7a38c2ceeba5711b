"""Days of operation: weekly calendars and their exceptions, either of them alone too."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.gtfs_schema import WEEKDAYS
from accessibility.model.provenance import Notice
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.tables import FeedTable

MOST_DAYS = 36_525
"""A weekly calendar is followed for a century at most, so that a date of 9999 fills no memory."""

ADDED, REMOVED = 1, 2
"""``exception_type`` of ``calendar_dates.txt``."""


@dataclass(frozen=True)
class Services:
    """
    Days of operation of services.

    Parameters
    ----------
    ids
        Services in the order in which the feed names them first.
    offset, day
        Days of service ``i``, ascending proleptic ordinals: ``day[offset[i]:offset[i + 1]]``.
    """

    ids: tuple[str, ...]
    offset: NDArray[np.int64]
    day: NDArray[np.int32]


def read_services(calendar: FeedTable, exceptions: FeedTable, log: Log) -> Services:
    """
    Work out on which days every service runs.

    Parameters
    ----------
    calendar, exceptions
        ``calendar.txt`` and ``calendar_dates.txt``; either may be empty.
    log
        Takes rows that say nothing: an end before the start, a range beyond a century.

    Returns
    -------
    services
        Every service that a usable row names, also those that never run.
    """
    weekly = _weekly(calendar, log)
    added: dict[str, list[int]] = {}
    removed: dict[str, list[int]] = {}
    good = ~exceptions.bad
    names = exceptions.texts["service_id"].where(good).strings()
    days = exceptions.values["date"][good].tolist()
    kinds = exceptions.values["exception_type"][good].tolist()
    for name, day, kind in zip(names, days, kinds, strict=True):
        (added if kind == ADDED else removed).setdefault(name, []).append(day)
    ids = tuple(dict.fromkeys([*weekly, *names]))
    none = np.empty(0, np.int64)
    columns = []
    for name in ids:
        running = np.union1d(weekly.get(name, none), np.array(added.get(name, []), np.int64))
        columns.append(np.setdiff1d(running, np.array(removed.get(name, []), np.int64)))
    offset = np.concatenate([[0], np.cumsum([len(column) for column in columns])]).astype(np.int64)
    day = np.concatenate([none, *columns]).astype(np.int32)
    return Services(ids, offset, day)


def _weekly(calendar: FeedTable, log: Log) -> dict[str, NDArray[np.int64]]:
    start, end = calendar.values["start_date"], calendar.values["end_date"]
    back = ~calendar.bad & (end < start)
    log.tell_rows(
        Notice(
            "gtfs-calendar-runs-back",
            "error",
            _("the service ends before it begins; the row is left out"),
            calendar.spec.name,
            field="end_date",
            mend=_("Correct the dates."),
        ),
        calendar.lines[back],
        values=[date.fromordinal(int(one)).strftime("%Y%m%d") for one in end[back]],
    )
    calendar.bad |= back
    long = ~calendar.bad & (end - start > MOST_DAYS)
    log.tell_rows(
        Notice(
            "gtfs-calendar-long",
            "warning",
            _("the service runs for more than a century; only its first 100 years are kept"),
            calendar.spec.name,
            field="end_date",
        ),
        calendar.lines[long],
    )
    end = np.minimum(end, start + MOST_DAYS)
    on_weekday = np.stack([calendar.values[day] for day in WEEKDAYS], axis=1) > 0
    names = calendar.texts["service_id"].strings()
    weekly: dict[str, NDArray[np.int64]] = {}
    for row in np.flatnonzero(~calendar.bad).tolist():
        days = np.arange(start[row], end[row] + 1, dtype=np.int64)
        weekly[names[row]] = days[on_weekday[row][(days - 1) % 7]]
    return weekly


def tell_validity(services: Services, log: Log) -> None:
    """Say from when until when anything runs, and how many services never do."""
    idle = np.flatnonzero(np.diff(services.offset) == 0)
    if idle.size:
        message = _("the service runs on no day; its trips are never used")
        name = services.ids[int(idle[0])]
        log.tell(
            Notice("gtfs-service-idle", "info", message, field="service_id", value=name, count=idle.size)
        )
    if not services.day.size:
        return
    first, last = (date.fromordinal(int(one)).isoformat() for one in (services.day.min(), services.day.max()))
    message = _("the timetable is valid from {first} to {last}", first=first, last=last)
    log.tell(Notice("gtfs-validity", "info", message, value=f"{first}/{last}"))

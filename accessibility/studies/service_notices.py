"""What a person should know before believing an answer: does anything run on this date, in this window?"""

from datetime import date

import numpy as np

from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.model.timetable import Timetable
from accessibility.model.transit_query import TransitQuery
from accessibility.units import clock_from_seconds


def service_notices(timetable: Timetable, query: TransitQuery) -> tuple[Notice, ...]:
    """
    Tell where a question and a timetable miss each other.

    Parameters
    ----------
    timetable
        Everything announced.
    query
        Date and window.

    Returns
    -------
    notices
        ``feed-outside-date`` (warning) for every feed of several that says nothing about the date;
        ``no-service-in-window`` (warning) where no vehicle departs from the first departure of a traveller
        until the longest duration after the last one.

    Raises
    ------
    ModelError
        If the date lies outside the whole timetable.
    """
    today = timetable.on(query.day)
    found = [_outside(query.day, *one) for one in _validity(timetable) if not one[1] <= query.day <= one[2]]
    until_s = query.start_s + 60 * (query.n_minutes - 1) + query.max_duration_s
    departs = np.any((today.departure_s >= query.start_s) & (today.departure_s <= until_s))
    running = timetable.operates(query.day)[timetable.trip_service[timetable.frequency_trip]]
    repeats = running & (timetable.frequency_start_s <= until_s) & (timetable.frequency_end_s > query.start_s)
    if not departs and not repeats.any():
        message = _(
            "nothing runs on {day} from {start} to {end}; whoever arrives has walked",
            day=query.day,
            start=clock_from_seconds(query.start_s),
            end=clock_from_seconds(until_s),
        )
        mend = _("Choose a date and a window in which the timetable has service.")
        found.append(Notice("no-service-in-window", "warning", message, mend=mend))
    return tuple(found)


def _outside(day: date, feed: str, first: date, last: date) -> Notice:
    message = _("the timetable says nothing about {day}; it runs from {first} to {last}",
                day=day, first=first, last=last)  # fmt: skip
    mend = _("Take feeds of one time; without this one its lines are missing.")
    return Notice("feed-outside-date", "warning", message, feed, mend=mend)


def _validity(timetable: Timetable) -> list[tuple[str, date, date]]:
    """Give feed, first and last day of service of every feed of several."""
    if len(timetable.provenance.sources) < 2:
        return []
    owner = np.repeat(np.arange(len(timetable.service_ids)), np.diff(timetable.service_offset))
    feeds = list(dict.fromkeys(identifier.partition(":")[0] for identifier in timetable.service_ids))
    of_service = np.array([feeds.index(one.partition(":")[0]) for one in timetable.service_ids], np.int64)
    known = []
    for position, feed in enumerate(feeds):
        days = timetable.service_day[of_service[owner] == position]
        if days.size:
            known.append((feed, date.fromordinal(int(days.min())), date.fromordinal(int(days.max()))))
    return known

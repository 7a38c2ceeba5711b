"""Changes to how fast lines run: speeds, dwells, and all times moved."""

from collections.abc import Sequence

import numpy as np

from accessibility.messages import _
from accessibility.model.line_changes import ScaleSpeed, SetDwell, ShiftTimes
from accessibility.scenarios.draft import TripDraft, draft, with_trips
from accessibility.scenarios.work import Work


def scale_speed(work: Work, change: ScaleSpeed) -> None:
    """Make a line faster or slower on all hops or some; the first departure stays."""
    trips = _trips(work, change.route, change.direction)
    if trips is None:
        return
    pairs = _pairs(work, change, trips)
    if pairs is None:
        return
    changed: dict[int, TripDraft | None] = {}
    found: set[tuple[int, int]] = set()
    for trip in trips:
        one = draft(work.timetable, trip)
        hops = list(zip(one.stop[:-1].tolist(), one.stop[1:].tolist(), strict=True))
        scaled = np.array([not change.hops or hop in pairs for hop in hops], bool)
        found |= pairs & set(hops)
        if scaled.any():
            hop_s = np.where(scaled, one.hop_s / change.factor, one.hop_s)
            dwell_s = one.dwell_s / change.factor if change.scale_dwells else one.dwell_s
            changed[trip] = one.timed(hop_s.tolist(), dwell_s.tolist(), leave_s=int(one.departure_s[0]))
    for a, b in sorted(pairs - found):
        ends = f"{work.timetable.stop_names[a]} → {work.timetable.stop_names[b]}"
        work.say("hops", _("no trip of the line rides straight from {ends}", ends=ends), ends)
    if not work.problems:
        work.timetable = with_trips(work.timetable, changed)


def _pairs(work: Work, change: ScaleSpeed, trips: Sequence[int]) -> set[tuple[int, int]] | None:
    found = set()
    for hop in change.hops:
        a, b = (work.stop_on(name, "hops", trips) for name in hop)
        if a is not None and b is not None:
            found.add((a, b))
    return None if work.problems else found


def set_dwell(work: Work, change: SetDwell) -> None:
    """
    Let vehicles stand longer or shorter at all stops or some; rides take as long as before.

    The first departure stays: a dwell at the first stop lies before it.
    """
    if (change.dwell_s is None) == (change.factor is None):
        work.say("dwell_s", _("give either dwell_s or factor"))
    trips = _trips(work, change.route, change.direction)
    if trips is None:
        return
    found = [work.stop_on(name, "stops", trips) for name in change.stops]
    stops = [stop for stop in found if stop is not None]
    if work.problems:
        return
    changed: dict[int, TripDraft | None] = {}
    for trip in trips:
        one = draft(work.timetable, trip)
        chosen = np.isin(one.stop, stops) if change.stops else np.ones(len(one.stop), bool)
        if change.dwell_s is not None:
            dwell_s = np.where(chosen, float(change.dwell_s), one.dwell_s)
        else:
            dwell_s = np.where(chosen, one.dwell_s * float(change.factor or 0.0), one.dwell_s)
        if chosen.any():
            changed[trip] = one.timed(one.hop_s.tolist(), dwell_s.tolist(), leave_s=int(one.departure_s[0]))
    work.timetable = with_trips(work.timetable, changed)


def shift_times(work: Work, change: ShiftTimes) -> None:
    """Move trips earlier or later."""
    trips = _trips(work, change.route, change.direction, change.trips)
    if trips is None:
        return
    changed: dict[int, TripDraft | None] = {}
    for trip in trips:
        one = draft(work.timetable, trip)
        if one.arrival_s[0] + change.by_s < 0:
            what = _("trip {id} would begin before the service day", id=one.id)
            work.say("by_s", what, change.by_s)
            return
        changed[trip] = one.shifted(change.by_s)
    work.timetable = with_trips(work.timetable, changed)


def _trips(work: Work, route_name: str, direction: int | None, trips: Sequence[str] = ()) -> list[int] | None:
    route = work.route(route_name)
    return None if route is None else work.trips_of(route, direction, trips)

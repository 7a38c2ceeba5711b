"""Changes to where lines run: lead them another way, leave out stops."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from accessibility.messages import _
from accessibility.model.bus_ride import MIDDAY_S, BusRide
from accessibility.model.line_changes import RemoveStops, Reroute, called_at, passed_between, turned_round
from accessibility.model.timetable import NONE
from accessibility.scenarios.draft import TripDraft, draft, with_trips
from accessibility.scenarios.shapes import NewShapes
from accessibility.scenarios.work import Work


def reroute(work: Work, change: Reroute) -> None:
    """
    Lead a line another way.

    Trips that pass `from_stop` and then `to_stop` are led over the new stops; where no direction is stated,
    trips that pass them the other way round are led back over the same stops. A line that begins anew keeps
    its first departure; everything else keeps the clock up to the first change and moves after it.
    """
    route = work.route(change.route)
    if not (change.from_stop or change.to_stop):
        work.say("from_stop", _("a line is led anew from a stop, to a stop, or between two"))
    trips = work.trips_of(route, change.direction) if route is not None else None
    if trips is None:
        return
    ends = [work.stop_on(name, key, trips) if name else NONE
            for name, key in ((change.from_stop, "from_stop"), (change.to_stop, "to_stop"))]  # fmt: skip
    new = work.stops(called_at(change.stops))
    _check_counts(work, change)
    if new is None or None in ends or work.problems:
        return
    start, goal = (int(end) for end in ends if end is not None)
    changed: dict[int, TripDraft | None] = {}
    shapes = NewShapes(work.timetable)
    backwards = _backwards(work, change, trips, (start, goal))
    for trip in trips:
        one = draft(work.timetable, trip)
        turned = trip in backwards
        spans = _span(one.stop, (goal, start) if turned else (start, goal))
        if spans is not None:
            made = _led(work, change, one, spans, new[::-1] if turned else new, shapes, turned=turned)
            if made is None:
                return
            changed[trip] = made
    if not changed:
        where = f"{change.from_stop} → {change.to_stop}"
        work.say("from_stop", _("no trip of the line runs that way: {where}", where=where), where)
        return
    work.tell_left_alone(trips, changed)
    work.timetable = with_trips(shapes.laid_down(work.timetable), changed)


def _check_counts(work: Work, change: Reroute) -> None:
    """Hold the numbers of hops and dwells against the number of stops."""
    n_ends, calls = bool(change.from_stop) + bool(change.to_stop), called_at(change.stops)
    n_calls = len(calls) + n_ends
    if n_calls < 2 and not (n_ends == 1 and not change.stops):
        work.say("stops", _("there is nothing to lead the line to"))
    passed = passed_between(change.stops)
    if (passed[0] and not change.from_stop) or (passed[-1] and not change.to_stop):
        work.say("stops", _("a line begins and ends with a stop, not with a control point"))
    work.check_count("hop_s", change.hop_s, max(0, n_calls - 1))
    work.check_count("dwell_s", change.dwell_s, n_calls)


def _backwards(work: Work, change: Reroute, trips: Sequence[int], ends: tuple[int, int]) -> set[int]:
    """Find the trips that are led the other way round: those that pass the stops in the other order."""
    if change.direction is not None:
        return set()
    table, (start, goal) = work.timetable, ends
    if NONE not in ends:
        return {trip for trip in trips if _span(draft(table, trip).stop, (goal, start)) is not None
                and _span(draft(table, trip).stop, ends) is None}  # fmt: skip
    directions = {int(table.trip_direction[trip]) for trip in trips}
    if len(directions) < 2:
        return set()
    anchor, last_is_end = (start, True) if goal == NONE else (goal, False)
    forward: dict[int, bool] = {}
    for direction in directions:
        stops = [draft(table, trip).stop for trip in trips if table.trip_direction[trip] == direction]
        at_end = any(len(s) and s[-1] == anchor for s in stops)
        at_begin = any(len(s) and s[0] == anchor for s in stops)
        if at_end == at_begin:
            what = _("the stop lies within the line: state the direction to be changed")
            work.say("direction", what, mend=_("Give direction = 0 or 1."))
            return set()
        forward[direction] = at_end == last_is_end
    return {trip for trip in trips if not forward[int(table.trip_direction[trip])]}


def _span(stops: np.ndarray, ends: tuple[int, int]) -> tuple[int, int] | None:
    """Find the positions of both ends, the second after the first; -1 and the length where an end is open."""
    start, goal = ends
    begins = np.flatnonzero(stops == start) if start != NONE else np.array([-1])
    for begin in begins.tolist():
        after = np.flatnonzero(stops == goal) if goal != NONE else np.array([len(stops)])
        after = after[after > begin]
        if after.size:
            return int(begin), int(after[0])
    return None


def _led(
    work: Work, change: Reroute, one: TripDraft, span: tuple[int, int], new: Sequence[int],
    shapes: NewShapes, *, turned: bool,
) -> TripDraft | None:  # fmt: skip
    """Lead one trip over new stops; times are laid out from its first departure on."""
    begin, end = span
    head, tail = slice(0, begin + 1), slice(end, None)
    if len(one.stop[head]) + len(new) + len(one.stop[tail]) < 2:
        work.say("stops", _("trip {id} would be left with one stop", id=one.id), list(change.stops))
        return None
    along = [int(stop) for stop in (*one.stop[head][-1:], *new, *one.stop[tail][:1])]
    if any(a == b for a, b in pairwise(along)):
        work.say("stops", _("two consecutive stops are the same"), work.timetable.stop_names[along[0]])
        return None
    back = slice(None, None, -1 if turned else 1)
    leave_s = int(one.departure_s[max(begin, 0)])
    passed = passed_between(change.stops)
    hops = (turned_round(passed) if turned else passed)[begin < 0 : len(passed) - (end == len(one.stop))]
    rides = work.rides(along, leave_s, change.hop_s[back], passed=hops, bus=work.is_bus(one.route))
    if rides is None:
        return None
    dwell_s = change.dwell_s[back] or _usual_dwells(work, one, span, len(new))
    regular = np.zeros(len(new), np.int8)
    made = replace(
        one,
        stop=np.concatenate([one.stop[head], np.array(new, np.int32), one.stop[tail]]),
        pickup=np.concatenate([one.pickup[head], regular, one.pickup[tail]]),
        drop_off=np.concatenate([one.drop_off[head], regular, one.drop_off[tail]]),
        shape=_shape(work, one, span, along, rides, shapes, bent=any(hops)),
    )
    return made.timed(
        [*one.hop_s[: max(begin, 0)], *(ride.ride_s for ride in rides), *one.hop_s[end:]],
        [*one.dwell_s[: max(begin, 0)], *dwell_s, *one.dwell_s[end + 1 :]],
        leave_s=int(one.departure_s[0]),
    )


def _shape(
    work: Work, one: TripDraft, span: tuple[int, int], along: Sequence[int], rides: Sequence[BusRide],
    shapes: NewShapes, *, bent: bool,
) -> int:  # fmt: skip
    """Draw the course; one that had none gets its own where control points bend it, or nobody would know."""
    if one.shape != NONE or not bent:
        return shapes.bent(one, span, along, rides)
    begin, end = span
    head, tail = one.stop[: begin + 1].tolist(), one.stop[end:].tolist()
    kept = [
        work.rides(stops, MIDDAY_S, hop_s.tolist(), bus=work.is_bus(one.route)) or []
        for stops, hop_s in ((head, one.hop_s[: max(begin, 0)]), (tail, one.hop_s[end:]))
        if len(stops) > 1
    ]
    before, after = (kept[0] if len(head) > 1 else []), (kept[-1] if len(tail) > 1 else [])
    stops = [*head[:-1], *along, *tail[1:]]
    return shapes.along(stops, [*before, *rides, *after])


def _usual_dwells(work: Work, one: TripDraft, span: tuple[int, int], n_new: int) -> list[int]:
    """Let vehicles stand as before at old stops and as usual at new ones; a former terminus is a stop."""
    begin, end = span
    last = len(one.stop) - 1
    at_begin = [int(one.dwell_s[begin])] if begin >= 0 else []
    at_end = [int(one.dwell_s[end])] if end <= last else []
    if begin == last and n_new:
        at_begin = [max(at_begin[0], work.default_dwell_s)]
    if end == 0 and n_new:
        at_end = [max(at_end[0], work.default_dwell_s)]
    return [*at_begin, *[work.default_dwell_s] * n_new, *at_end]


def remove_stops(work: Work, change: RemoveStops) -> None:
    """
    Pass stops without calling.

    The dwell of a stop that is left out stays part of the ride between its neighbours, which shortens by what
    is saved. Where the first stop goes, the rest keeps its clock, less what is saved.
    """
    route = work.route(change.route)
    trips = work.trips_of(route, change.direction) if route is not None else None
    if trips is None:
        return
    gone = [work.stop_on(name, "stops", trips) for name in change.stops]
    if not gone:
        work.say("stops", _("no stop is named"))
    lost_stops = [stop for stop in gone if stop is not None]
    if work.problems:
        return
    changed: dict[int, TripDraft | None] = {}
    shapes = NewShapes(work.timetable)
    for trip in trips:
        one = draft(work.timetable, trip)
        lost = np.isin(one.stop, lost_stops)
        if not lost.any():
            continue
        if (~lost).sum() < 2:
            work.say("stops", _("trip {id} would be left with one stop", id=one.id), list(change.stops))
            return
        saved_s = change.saved_s_per_stop * (np.cumsum(lost) - lost)
        keep = np.flatnonzero(~lost)
        arrival_s, departure_s = ((times - saved_s)[keep] for times in (one.arrival_s, one.departure_s))
        if np.any(arrival_s[1:] < departure_s[:-1]) or arrival_s[0] < 0:
            saved = change.saved_s_per_stop
            work.say(
                "saved_s_per_stop", _("the ride would take less than no time (trip {id})", id=one.id), saved
            )
            return
        changed[trip] = replace(
            one,
            stop=one.stop[keep],
            arrival_s=arrival_s.astype(np.int32),
            departure_s=departure_s.astype(np.int32),
            pickup=one.pickup[keep],
            drop_off=one.drop_off[keep],
            shape=shapes.shortened(one, keep),
        )
    work.timetable = with_trips(shapes.laid_down(work.timetable), changed)

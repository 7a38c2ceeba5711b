"""Changes to when lines run: headways, departures, trips taken out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.day_types import days_of, restricted
from accessibility.model.line_changes import (
    Departures,
    Headway,
    RemoveTrips,
    SetFrequency,
    SetTimetable,
    overlapping,
)
from accessibility.model.timetable import NONE, SAME_BAND, Timetable
from accessibility.scenarios.draft import (
    ALL_BANDS,
    BandDraft,
    TripDraft,
    Unused,
    draft,
    with_bands,
    with_service,
    with_trips,
)
from accessibility.scenarios.work import Work
from accessibility.units import clock_from_seconds

ALL_DAY = (0, 48 * 3600)


def set_frequency(work: Work, change: SetFrequency) -> None:
    """Run a line at headways: within each band, on its days, its trips give way to it."""
    if not change.headways:
        work.say("headways", _("no band is given"))
    check_bands(work, change.headways)
    route = work.route(change.route)
    trips = work.trips_of(route, change.direction) if route is not None else None
    if trips is None or route is None or work.problems:
        return
    plans = _plans(work, change, trips)
    if plans is None:
        return
    for direction, templates in plans.items():
        spans = {(band.days, (band.from_s, band.to_s)): None for band in change.headways}
        if not change.keep_outside:
            spans = {(band.days, ALL_DAY): None for band in change.headways}
        for day_type, span_s in spans:
            _clear(work, _running(work, route, direction), day_type, span_s)
        for band, one in templates:
            add_band(work, one.shifted(band.from_s - int(one.departure_s[0])), band)


def _plans(
    work: Work, change: SetFrequency, trips: Sequence[int]
) -> dict[int, list[tuple[Headway, TripDraft]]] | None:
    """Choose the trip that every band repeats, for each direction."""
    by_direction: dict[int, list[int]] = {}
    for trip in trips:
        by_direction.setdefault(int(work.timetable.trip_direction[trip]), []).append(trip)
    plans: dict[int, list[tuple[Headway, TripDraft]]] = {}
    for direction, own in sorted(by_direction.items()):
        plans[direction] = []
        for band in change.headways:
            one = _template(work, own, change.template_trip, (band.from_s, band.to_s))
            if one is None:
                return None
            plans[direction].append((band, one))
    return plans


def set_timetable(work: Work, change: SetTimetable) -> None:
    """Run a line at stated departures, in place of all its trips on those days in those directions."""
    if not change.departures:
        work.say("departures", _("no departure is given"))
    route = work.route(change.route)
    if route is None or work.problems:
        return
    plans: list[tuple[Departures, TripDraft]] = []
    for departures in change.departures:
        directions = set(work.timetable.trip_direction[work.timetable.trip_route == route].tolist())
        wanted = None if directions == {NONE} and departures.direction == 0 else departures.direction
        trips = work.trips_of(route, wanted)
        first, last = departures.times_s[0], departures.times_s[-1]
        one = _template(work, trips, change.template_trip, (first, last + 1)) if trips else None
        if one is None:
            return
        plans.append((departures, one))
    for departures, one in plans:
        _clear(work, _running(work, route, one.direction), departures.days, ALL_DAY)
    for departures, one in plans:
        leave_s = int(one.departure_s[0])
        add_trips(work, [one.shifted(time_s - leave_s) for time_s in departures.times_s], departures.days)


def remove_trips(work: Work, change: RemoveTrips) -> None:
    """Take trips out of service on some days and hours; on other days they run as before."""
    route = work.route(change.route)
    trips = work.trips_of(route, change.direction, change.trips) if route is not None else None
    if trips is None or route is None:
        return
    if not change.from_s < change.to_s:
        work.say("to", _("a band ends after it begins"))
        return
    before = work.timetable
    chosen = np.zeros(len(before.trip_ids), bool)
    chosen[trips] = True
    _clear(work, chosen, change.days, (change.from_s, change.to_s))
    if work.timetable is before:
        work.say("from", _("no trip of the line begins within these hours on these days"))


def _running(work: Work, route: int, direction: int) -> NDArray[np.bool_]:
    """Say which trips belong to a direction of a route."""
    table = work.timetable
    chosen: NDArray[np.bool_] = (table.trip_route == route) & (table.trip_direction == direction)
    return chosen


def _template(work: Work, trips: Sequence[int], wanted: str, span_s: tuple[int, int]) -> TripDraft | None:
    """
    Choose the trip whose stops and riding times a band repeats.

    Of the sequence of stops that most trips follow, the trips that begin within the band, else those that
    begin nearest to it; of these the one of middling riding time, ties by clock and identifier.
    """
    table = work.timetable
    drafts = [draft(table, trip) for trip in trips]
    if wanted:
        named = [one for one in drafts if one.id == wanted]
        if not named:
            work.say("template_trip", _("the line has no trip {name}", name=wanted), wanted)
            return None
        return named[0]
    counts: dict[bytes, int] = {}
    for one in drafts:
        counts[one.stop.tobytes()] = counts.get(one.stop.tobytes(), 0) + 1
    most = max(counts.values())
    common = next(one.stop.tobytes() for one in drafts if counts[one.stop.tobytes()] == most)
    alike = [one for one in drafts if one.stop.tobytes() == common]

    def away_s(one: TripDraft) -> int:
        leave_s = int(one.departure_s[0])
        return max(span_s[0] - leave_s, leave_s - span_s[1] + 1, 0)

    nearest = min(away_s(one) for one in alike)
    near = [one for one in alike if away_s(one) == nearest]
    near.sort(key=lambda one: (int(one.arrival_s[-1] - one.departure_s[0]), int(one.departure_s[0]), one.id))
    return near[(len(near) - 1) // 2]


def check_bands(work: Work, bands: Sequence[Headway]) -> None:
    """Tell bands that run at the same time: nobody could say which holds."""
    for one, other in overlapping(bands):
        work.say("headways", _("two bands overlap on the same days"), f"{one.days} / {other.days}")


def _service(work: Work, day_type: str) -> int:
    """Find or add the service of a day type, over all days that the timetable speaks about."""
    first, last = work.timetable.first_day, work.timetable.last_day
    days = [] if first is None or last is None else days_of(day_type, first, last)
    if first is not None and not days:
        what = _("the timetable reaches from {first} to {last}, which holds no day of this type: {days}",
                 first=first.isoformat(), last=last, days=day_type)  # fmt: skip
        work.tell(what)
    work.timetable, service = with_service(work.timetable, days, f"scenario-{day_type}")
    return service


def add_trips(work: Work, drafts: Sequence[TripDraft], day_type: str) -> None:
    """Add trips on all days of a type, named by the clock time they begin at."""
    service, fresh = _service(work, day_type), Unused(work.timetable.trip_ids)
    named = [
        replace(one, id=fresh(f"{one.id}@{clock_from_seconds(int(one.departure_s[0]))}"),
                service=service, block=NONE)
        for one in drafts
    ]  # fmt: skip
    work.timetable = with_trips(work.timetable, {}, named)


def add_band(work: Work, one: TripDraft, band: Headway) -> None:
    """Add a band; with a phase it is a schedule that passes a stop at stated times."""
    start_s, exact = band.from_s, band.phase_s is not None
    if band.phase_s is not None:
        stop = work.stop(band.phase_stop, "phase_stop") if band.phase_stop else int(one.stop[0])
        calls = np.flatnonzero(one.stop == stop)
        if not calls.size:
            if stop is not None:
                what = _("the line does not call at {name}", name=band.phase_stop)
                work.say("phase_stop", what, band.phase_stop)
            return
        ride_s = int(one.departure_s[calls[0]] - one.departure_s[0])
        start_s += (band.phase_s - ride_s) % band.every_s
    if start_s >= band.to_s:
        work.say("headways", _("no vehicle begins within the band"), clock_from_seconds(band.from_s))
        return
    service = _service(work, band.days)
    table = work.timetable
    span = f"{clock_from_seconds(band.from_s)}-{clock_from_seconds(band.to_s)}"
    key = f"{table.route_ids[one.route]}/{one.direction}/{band.days}/{span}"
    name = Unused(table.trip_ids)(f"{one.id}@{band.days}-{clock_from_seconds(start_s)}")
    moved = replace(one.shifted(start_s - int(one.departure_s[0])), id=name, service=service, block=NONE)
    band_id = Unused(table.frequency_ids)(key)
    added = BandDraft(band_id, len(table.trip_ids), start_s, band.to_s, band.every_s, exact)
    work.timetable = with_bands(with_trips(table, {}, [moved]), ALL_BANDS, [added])


def _clear(
    work: Work,
    chosen: NDArray[np.bool_],
    day_type: str,
    span_s: tuple[int, int],
) -> None:
    """
    Take what begins within a span on days of a type out of service; on other days it goes on.

    A trip that goes on on other days keeps its name, its bands and its rules there; what of its bands lies
    beyond the span on the days meant is driven by a copy.
    """
    before = work.timetable
    fresh, taken = Unused(before.trip_ids), set(before.frequency_ids)
    bands_of: dict[int, list[int]] = {}
    for band, trip in enumerate(before.frequency_trip.tolist()):
        bands_of.setdefault(trip, []).append(band)
    changed: dict[int, TripDraft | None] = {}
    copies: list[TripDraft] = []
    pieces: list[BandDraft] = []
    copied: list[BandDraft] = []
    kept = np.ones(len(before.frequency_ids), bool)

    def band_name(name: str) -> str:
        name += SAME_BAND
        while name in taken:
            name += SAME_BAND
        taken.add(name)
        return name

    for trip in np.flatnonzero(chosen).tolist():
        days, rest = _split_days(before, trip, day_type)
        own = [_whole(before, band) for band in bands_of.get(trip, [])]
        leave_s = int(before.departure_s[before.stop_time_offset[trip]])
        meets = any(one.start_s < span_s[1] and span_s[0] < one.end_s for one in own)
        if not days or not (meets if own else span_s[0] <= leave_s < span_s[1]):
            continue
        left = [piece for one in own for piece in _pieces(one, span_s)]
        if rest:
            one = draft(before, trip)
            changed[trip] = replace(one, service=_service_on(work, one, rest))
            if left:
                copied += [replace(piece, id=band_name(piece.id), trip=len(copies)) for piece in left]
                copies.append(replace(one, id=fresh(one.id), service=_service_on(work, one, days)))
            continue
        kept[bands_of.get(trip, [])] = False
        pieces += left
        if not left:
            changed[trip] = None
    if not (changed or pieces):
        return
    cleared = with_trips(with_bands(work.timetable, kept, pieces), changed, copies)
    n_before = len(cleared.trip_ids) - len(copies)
    copied = [replace(band, trip=n_before + band.trip) for band in copied]
    work.timetable = with_bands(cleared, ALL_BANDS, copied)


def _service_on(work: Work, one: TripDraft, days: Sequence[int]) -> int:
    """Find or add the service of some of a trip's days, named by its service and the first of them."""
    label = f"{work.timetable.service_ids[one.service]}-{date.fromordinal(days[0]).isoformat()}"
    work.timetable, service = with_service(work.timetable, days, label)
    return service


def _split_days(table: Timetable, trip: int, day_type: str) -> tuple[list[int], list[int]]:
    service = int(table.trip_service[trip])
    own = table.service_day[slice(*table.service_offset[service : service + 2])].tolist()
    days = restricted(own, day_type)
    return days, sorted(set(own) - set(days))


def _whole(table: Timetable, band: int) -> BandDraft:
    return BandDraft(
        table.frequency_ids[band],
        int(table.frequency_trip[band]),
        int(table.frequency_start_s[band]),
        int(table.frequency_end_s[band]),
        int(table.headway_s[band]),
        bool(table.frequency_exact[band]),
    )


def _pieces(whole: BandDraft, span_s: tuple[int, int]) -> Iterator[BandDraft]:
    """Give what of a band lies outside a span; a schedule goes on in its rhythm."""
    if whole.start_s < span_s[0]:
        yield replace(whole, end_s=min(whole.end_s, span_s[0]))
    if span_s[1] < whole.end_s:
        start_s = max(whole.start_s, span_s[1])
        if whole.exact:
            start_s += (whole.start_s - start_s) % whole.headway_s
        if start_s < whole.end_s:
            early = whole.start_s < span_s[0]
            yield replace(whole, id=f"{whole.id}+" if early else whole.id, start_s=start_s)

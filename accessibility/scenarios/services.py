"""Changes to when lines run: headways, departures, trips taken out, lines added."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from accessibility.messages import _
from accessibility.model.day_types import days_of, restricted
from accessibility.model.projection import geodesic_m
from accessibility.model.scenario import (
    AddLine,
    Departures,
    Headway,
    RemoveTrips,
    SetFrequency,
    SetTimetable,
)
from accessibility.model.timetable import NONE, Timetable
from accessibility.scenarios.draft import (
    BandDraft,
    TripDraft,
    draft,
    unused,
    with_bands,
    with_service,
    with_trips,
)
from accessibility.scenarios.work import Work
from accessibility.units import clock_from_seconds

ROUTE_TYPES = {"tram": 0, "metro": 1, "rail": 2, "bus": 3}
ALL_DAY = (0, 48 * 3600)


def add_line(work: Work, change: AddLine) -> None:
    """Add a line with its trips or headway bands, both ways where wanted."""
    if change.id in work.timetable.route_ids:
        work.say("id", _("there is a line of this id already"), change.id)
    if len(change.stops) < 2:
        work.say("stops", _("a line needs at least two stops"), len(change.stops))
    if not (change.headways or change.departures):
        work.say("headways", _("a line needs headways or departures"))
    n_hops = max(0, len(change.stops) - 1)
    for key, values, wanted in (("hop_s", change.hop_s, n_hops), ("dwell_s", change.dwell_s, n_hops + 1)):
        if values and len(values) != wanted:
            what = _("{key} needs {wanted} values here, not {n}", key=key, wanted=wanted, n=len(values))
            work.say(key, what, list(values))
    if change.mode != "bus" and not (change.hop_s or change.speed_kmh):
        work.say("hop_s", _("only buses ride over streets; state hop_s or speed_kmh"), change.mode)
    stops = work.stops(change.stops)
    if work.problems or stops is None:
        return
    if any(a == b for a, b in zip(stops, stops[1:], strict=False)):
        work.say("stops", _("two consecutive stops are the same"))
        return
    table = work.timetable
    facts = {key: (*values, _FACTS.get(key, "")) for key, values in table.route_facts.items()}
    work.timetable = replace(
        table,
        route_ids=(*table.route_ids, change.id),
        route_short_names=(*table.route_short_names, change.name or change.id),
        route_long_names=(*table.route_long_names, ""),
        route_type=np.append(table.route_type, np.int16(ROUTE_TYPES[change.mode])),
        route_facts=facts,
    )
    for direction in (0, 1) if change.both_ways else (0,):
        _run_line(work, change, stops[::-1] if direction else stops, direction)


_FACTS = {"mark": "A", "source": "scenario"}
"""Facts of a line that a scenario adds: it is an assumption."""


def _run_line(work: Work, change: AddLine, stops: Sequence[int], direction: int) -> None:
    """Add the trips of one direction."""
    route = len(work.timetable.route_ids) - 1

    def template(clock_s: int) -> TripDraft | None:
        hop_s = _hops(work, change, stops, clock_s, direction)
        if hop_s is None:
            return None
        middle = [work.default_dwell_s] * (len(stops) - 2)
        dwell_s = change.dwell_s[::-1] if direction else change.dwell_s
        blank = np.zeros(len(stops), np.int32)
        one = TripDraft(
            id=f"{change.id}/{direction}", headsign=work.timetable.stop_names[stops[-1]], route=route,
            service=NONE, direction=direction, block=NONE, shape=NONE, stop=np.array(stops, np.int32),
            arrival_s=blank, departure_s=blank, pickup=blank.astype(np.int8), drop_off=blank.astype(np.int8),
        )  # fmt: skip
        return one.timed(hop_s, dwell_s or (0, *middle, 0), leave_s=clock_s)

    for band in change.headways:
        one = template(band.from_s)
        if one is None:
            return
        _add_band(work, one, band)
    for departures in change.departures:
        if departures.direction == direction:
            drafts = [template(time_s) for time_s in departures.times_s]
            _add_trips(work, [one for one in drafts if one is not None], departures.days)


def _hops(
    work: Work, change: AddLine, stops: Sequence[int], clock_s: int, direction: int
) -> Sequence[int] | None:
    if change.hop_s:
        return change.hop_s[::-1] if direction else change.hop_s
    if change.speed_kmh:
        lon, lat = (np.array([work.position(stop)[k] for stop in stops]) for k in (0, 1))
        length_m = geodesic_m((lon[:-1], lat[:-1]), (lon[1:], lat[1:]))
        return [max(1, round(float(m) * 3.6 / change.speed_kmh)) for m in length_m]
    return work.rides(stops, clock_s)


def set_frequency(work: Work, change: SetFrequency) -> None:
    """Run a line at headways: within each band, on its days, its trips give way to it."""
    if not change.headways:
        work.say("headways", _("no band is given"))
    route = work.route(change.route)
    trips = work.trips_of(route, change.direction) if route is not None else None
    if trips is None or work.problems:
        return
    for direction in sorted({int(work.timetable.trip_direction[trip]) for trip in trips}):
        own = [trip for trip in trips if work.timetable.trip_direction[trip] == direction]
        templates = {}
        for band in change.headways:
            one = _template(work, own, change.template_trip, (band.from_s, band.to_s))
            if one is None:
                return
            templates[band] = one
        route_index = int(work.timetable.trip_route[own[0]])
        for band in change.headways:
            _clear(work, route_index, direction, band.days, (band.from_s, band.to_s))
        if not change.keep_outside:
            for day_type in {band.days for band in change.headways}:
                _clear(work, route_index, direction, day_type, ALL_DAY)
        for band, one in templates.items():
            _add_band(work, one.shifted(band.from_s - int(one.departure_s[0])), band)


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
        _clear(work, route, one.direction, departures.days, ALL_DAY)
    for departures, one in plans:
        leave_s = int(one.departure_s[0])
        _add_trips(work, [one.shifted(time_s - leave_s) for time_s in departures.times_s], departures.days)


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
    for direction in sorted({int(before.trip_direction[trip]) for trip in trips}):
        only = set(change.trips) or None
        _clear(work, route, direction, change.days, (change.from_s, change.to_s), only)
    if work.timetable is before:
        work.say("from", _("no trip of the line begins within these hours on these days"))


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


def _span_days(timetable: Timetable, day_type: str) -> list[int]:
    first, last = timetable.first_day, timetable.last_day
    return [] if first is None or last is None else days_of(day_type, first, last)


def _add_trips(work: Work, drafts: Sequence[TripDraft], day_type: str) -> None:
    days = _span_days(work.timetable, day_type)
    work.timetable, service = with_service(work.timetable, days, f"scenario-{day_type}")
    taken = list(work.timetable.trip_ids)
    named = []
    for one in drafts:
        name = unused(f"{one.id}@{clock_from_seconds(int(one.departure_s[0]))}", taken)
        taken.append(name)
        named.append(replace(one, id=name, service=service, block=NONE))
    work.timetable = with_trips(work.timetable, {}, named)


def _add_band(work: Work, one: TripDraft, band: Headway) -> None:
    """Add a band; with a phase it is a schedule that passes a stop at stated times."""
    start_s, end_s, exact = band.from_s, band.to_s, band.phase_s is not None
    if band.phase_s is not None:
        stop = work.stop(band.phase_stop, "phase_stop") if band.phase_stop else int(one.stop[0])
        calls = np.flatnonzero(one.stop == stop)
        if not calls.size:
            work.say(
                "phase_stop", _("the line does not call at {name}", name=band.phase_stop), band.phase_stop
            )
            return
        ride_s = int(one.departure_s[calls[0]] - one.departure_s[0])
        start_s += (band.phase_s - ride_s) % band.every_s
    days = _span_days(work.timetable, band.days)
    work.timetable, service = with_service(work.timetable, days, f"scenario-{band.days}")
    route = work.timetable.route_ids[one.route]
    span = f"{clock_from_seconds(band.from_s)}-{clock_from_seconds(band.to_s)}"
    key = f"{route}/{one.direction}/{band.days}/{span}"
    name = unused(f"{one.id}@{band.days}-{clock_from_seconds(start_s)}", work.timetable.trip_ids)
    moved = one.shifted(start_s - int(one.departure_s[0]))
    trip = len(work.timetable.trip_ids)
    work.timetable = with_trips(work.timetable, {}, [replace(moved, id=name, service=service, block=NONE)])
    added = BandDraft(unused(key, work.timetable.frequency_ids), trip, start_s, end_s, band.every_s, exact)
    if start_s < end_s:
        work.timetable = with_bands(work.timetable, np.ones(len(work.timetable.frequency_ids), bool), [added])


def _clear(
    work: Work,
    route: int,
    direction: int,
    day_type: str,
    span_s: tuple[int, int],
    only: set[str] | None = None,
) -> None:
    """Take what begins within a span on days of a type out of service; on other days it goes on."""
    table = work.timetable
    chosen = (table.trip_route == route) & (table.trip_direction == direction)
    if only is not None:
        chosen &= np.array([i in only for i in table.trip_ids], bool)
    banded = set(table.frequency_trip.tolist())
    for trip in np.flatnonzero(chosen).tolist():
        days, rest = _split_days(table, trip, day_type)
        leave_s = int(table.departure_s[table.stop_time_offset[trip]])
        bands = np.flatnonzero(table.frequency_trip == trip) if trip in banded else np.empty(0, np.int64)
        meets = any(
            table.frequency_start_s[band] < span_s[1] and span_s[0] < table.frequency_end_s[band]
            for band in bands
        )
        if not days or not (meets if bands.size else span_s[0] <= leave_s < span_s[1]):
            continue
        _clear_trip(work, table.trip_ids[trip], rest, span_s)


def _split_days(table: Timetable, trip: int, day_type: str) -> tuple[list[int], list[int]]:
    service = int(table.trip_service[trip])
    own = table.service_day[table.service_offset[service] : table.service_offset[service + 1]].tolist()
    days = restricted(own, day_type)
    return days, sorted(set(own) - set(days))


def _clear_trip(work: Work, trip_id: str, rest: Sequence[int], span_s: tuple[int, int]) -> None:
    """Take one trip, or the part of its bands within a span, out of service on all its days but `rest`."""
    table = work.timetable
    trip = table.trip_ids.index(trip_id)
    one = draft(table, trip)
    bands = np.flatnonzero(table.frequency_trip == trip)
    pieces = [piece for band in bands for piece in _pieces(table, int(band), span_s)]
    if rest:
        name = date.fromordinal(rest[0]).isoformat()
        work.timetable, service = with_service(table, rest, f"{table.service_ids[one.service]}-{name}")
        copy = replace(one, id=unused(trip_id, work.timetable.trip_ids), service=service)
        work.timetable = with_trips(work.timetable, {}, [copy])
        copies = [
            replace(piece, id=unused(f"{piece.id}*", work.timetable.frequency_ids),
                    trip=len(work.timetable.trip_ids) - 1)
            for piece in (_whole(table, int(band)) for band in bands)
        ]  # fmt: skip
        kept = np.ones(len(work.timetable.frequency_ids), bool)
        work.timetable = with_bands(work.timetable, kept, copies)
    if pieces:
        kept = work.timetable.frequency_trip != trip
        work.timetable = with_bands(work.timetable, kept, pieces)
    else:
        work.timetable = with_trips(work.timetable, {trip: None})


def _whole(table: Timetable, band: int) -> BandDraft:
    return BandDraft(
        table.frequency_ids[band],
        int(table.frequency_trip[band]),
        int(table.frequency_start_s[band]),
        int(table.frequency_end_s[band]),
        int(table.headway_s[band]),
        bool(table.frequency_exact[band]),
    )


def _pieces(table: Timetable, band: int, span_s: tuple[int, int]) -> Iterator[BandDraft]:
    """Give what of a band lies outside a span; a schedule goes on in its rhythm."""
    whole = _whole(table, band)
    if whole.start_s < span_s[0]:
        yield replace(whole, end_s=min(whole.end_s, span_s[0]))
    if span_s[1] < whole.end_s:
        start_s = max(whole.start_s, span_s[1])
        if whole.exact:
            start_s += (whole.start_s - start_s) % whole.headway_s
        if start_s < whole.end_s:
            early = whole.start_s < span_s[0]
            yield replace(whole, id=f"{whole.id}+" if early else whole.id, start_s=start_s)

"""How do measured times compare with the model?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from accessibility.linking import link
from accessibility.measures import fits, ride_times
from accessibility.model.observed import Compared, Fit, ObservedTrip
from accessibility.model.places import Places
from accessibility.model.provenance import Provenance
from accessibility.model.reasons import REASON_CODES
from accessibility.model.runs import DAY_S
from accessibility.model.study import Period
from accessibility.outputs.wording import PLAUSIBLE
from accessibility.sources.measured_times import End, Possible, read_measured_times
from accessibility.studies.computed import study_queries
from accessibility.studies.load import LoadedStudy
from accessibility.studies.queries import QueryKey
from accessibility.travel import travel_times
from accessibility.units import UNREACHED, clock_from_seconds, mps_from_kmh


@dataclass(frozen=True, eq=False)
class Measured:
    """Observed trips beside the model, the fits of their groups, and where they were read."""

    compared: tuple[Compared, ...] = ()
    fits: tuple[Fit, ...] = ()
    provenance: Provenance = Provenance()


def compare_measured(loaded: LoadedStudy) -> Measured:
    """
    Set the measured times of a study beside its model.

    Parameters
    ----------
    loaded
        The study.

    Returns
    -------
    measured
        Empty where the study names no table. Nothing is calibrated by it: the factors are told, and whoever
        uses them does so by a table of speeds of their own.

    Raises
    ------
    DataError
        If a measured time cannot be; all of them are told at once.
    """
    trips, provenance = study_measured(loaded)
    rides = [_ride(loaded, trip) for trip in trips if trip.line]
    doors = list(_door_to_door(loaded, [trip for trip in trips if not trip.line]))
    compared = sorted([*rides, *doors], key=lambda one: one.trip.row)
    return Measured(tuple(compared), fits(compared), provenance)


def study_measured(loaded: LoadedStudy) -> tuple[tuple[ObservedTrip, ...], Provenance]:
    """
    Read the measured times of a study; none where it names no table.

    Raises
    ------
    DataError
        If a measured time cannot be; all of them are told at once.
    """
    study = loaded.study
    if not study.measured_file:
        return (), Provenance()
    path = study.folder / study.measured_file
    return read_measured_times(path, _possible(loaded), label=study.measured_file)


def _possible(loaded: LoadedStudy) -> Possible:
    places = loaded.places
    since = places.fact("valid_from")
    lines, stops = {}, {}
    for timetable in loaded.timetables[:1]:
        opened = timetable.route_facts.get("valid_from", ("",) * len(timetable.route_ids))
        lines = dict(zip(timetable.route_ids, opened, strict=True))
        where = zip(timetable.stop_ids, timetable.stop_lon.tolist(), timetable.stop_lat.tolist(), strict=True)
        stops = {stop: End(lon, lat) for stop, lon, lat in where}
    limits = loaded.defaults.limits
    return Possible(
        places={
            place: End(float(places.lon[i]), float(places.lat[i]), since[i])
            for i, place in enumerate(places.ids)
        },
        stops=stops,
        lines=lines,
        fastest_mps={
            name.removeprefix(PLAUSIBLE): mps_from_kmh(kmh)
            for name, kmh in limits.items()
            if name.startswith(PLAUSIBLE)
        },
    )


def _ride(loaded: LoadedStudy, trip: ObservedTrip) -> Compared:
    """Hold a ride against the announced times of its line."""
    period = f"{clock_from_seconds(trip.start_s)}-{clock_from_seconds(trip.end_s)}"
    timetable = loaded.timetables[0]
    first, last = timetable.first_day, timetable.last_day
    if first is None or last is None or not first <= trip.day <= last:
        return Compared(trip, period, reason="date-outside-timetable")
    window_s = (trip.start_s, trip.end_s)
    ride_s = ride_times(timetable, trip.day, trip.line, (trip.origin, trip.destination), window_s)
    if not ride_s.size:
        return Compared(trip, period, reason="no-departure")
    low, mid, high = float(ride_s.min()), float(np.median(ride_s)), float(ride_s.max())
    return Compared(trip, period, low / 60, mid / 60, high / 60)


def _door_to_door(loaded: LoadedStudy, trips: Sequence[ObservedTrip]) -> Iterator[Compared]:
    """Hold trips on streets against the model of their period."""
    queries = dict(study_queries(loaded))
    for trip in trips:
        period = _period_of(loaded.study.periods, trip.start_s)
        query = queries.get(QueryKey(trip.mode, period if trip.mode == "drive" else ""))
        if query is None:
            reason = "outside-periods" if trip.mode in loaded.study.modes else "mode-not-computed"
            yield Compared(trip, period, reason=reason)
            continue
        wide = replace(query, max_duration_s=DAY_S)
        start, goal = (_one(loaded.places, place) for place in (trip.origin, trip.destination))
        linkage = link(loaded.streets, start, goal, wide)
        times = travel_times(loaded.streets, linkage, wide, (start.ids, goal.ids))
        reason = REASON_CODES[int(times.reason[0, 0])] if times.reason[0, 0] else ""
        found = [np.nan if s == UNREACHED else s / 60 for s in times.duration_s[0, 0].tolist()]
        yield Compared(trip, period, found[0], found[len(found) // 2], found[-1], reason)


def _one(places: Places, place: str) -> Places:
    return places.take([places.index(place)])


def _period_of(periods: Sequence[Period], start_s: int) -> str:
    """Name the period of the study that a departure lies in, nothing outside all of them."""
    return next((period.id for period in periods if period.start_s <= start_s < period.end_s), "")

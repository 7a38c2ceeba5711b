"""From call to call: blank times filled in by distance, hops that are too fast or take no time."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.course_measure import along_shape
from accessibility.model.projection import geodesic_m
from accessibility.model.provenance import Notice
from accessibility.sources.gtfs.calls import NAME, Calls
from accessibility.sources.gtfs.courses import Shapes
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.times import BLANK, fill_blanks
from accessibility.units import mps_from_kmh

FASTEST_KMH, FASTEST_RAIL_KMH = 200.0, 350.0
"""A hop above this is told; it stays as the timetable has it."""

Column = NDArray[np.float64]


class Geometry:
    """
    Positions of stops and courses of trips, by the rows of their files.

    Parameters
    ----------
    lon, lat
        Stops (degrees), NaN where unknown.
    stop_names
        Names for notices.
    shapes, trip_shape
        Courses, and which of them every trip takes (-1 for none).
    trip_is_rail
        Which trips are trains.
    """

    def __init__(
        self,
        lon: Column,
        lat: Column,
        stop_names: Sequence[str],
        shapes: Shapes,
        trip_shape: NDArray[np.int32],
        trip_is_rail: NDArray[np.bool_],
    ) -> None:
        self.lon, self.lat, self.stop_names = lon, lat, stop_names
        self.shapes, self.trip_shape, self.trip_is_rail = shapes, trip_shape, trip_is_rail

    def hop_m(self, calls: Calls) -> Column:
        """Measure the straight distance (m) from the call before to every call; 0 at the first of a trip."""
        hop_m = np.zeros(len(calls))
        inner = np.flatnonzero(calls.same_trip()) + 1
        pairs = calls.stop[inner - 1].astype(np.int64) * len(self.lon) + calls.stop[inner]
        unique, back = np.unique(pairs, return_inverse=True)
        start, end = np.divmod(unique, max(len(self.lon), 1))
        places = ((self.lon[start], self.lat[start]), (self.lon[end], self.lat[end]))
        known = np.isfinite(places[0][0] + places[0][1] + places[1][0] + places[1][1])
        length_m = np.full(len(unique), np.nan)
        if known.any():
            (lon, lat), (to_lon, to_lat) = places
            length_m[known] = geodesic_m((lon[known], lat[known]), (to_lon[known], to_lat[known]))
        hop_m[inner] = length_m[back]
        return hop_m

    def along_m(self, calls: Calls, wanted: NDArray[np.bool_]) -> tuple[Column, NDArray[np.int64]]:
        """Measure calls of wanted trips along their shapes (m, else NaN); list shapes that do not fit."""
        along_m = np.full(len(calls), np.nan)
        start = np.flatnonzero(np.concatenate([[True], ~calls.same_trip()])[: len(calls)])
        end = np.append(start[1:], len(calls))
        cache: dict[tuple[int, bytes], Column | None] = {}
        unfit: set[int] = set()
        for first, last in zip(start.tolist(), end.tolist(), strict=True):
            shape = int(self.trip_shape[calls.trip[first]])
            if shape < 0 or not wanted[calls.trip[first]]:
                continue
            stops = calls.stop[first:last]
            key = (shape, stops.tobytes())
            if key not in cache:
                inside = slice(self.shapes.offset[shape], self.shapes.offset[shape + 1])
                course = (self.shapes.lon[inside], self.shapes.lat[inside])
                cache[key] = along_shape(course, (self.lon[stops], self.lat[stops]))
            found = cache[key]
            if found is None:
                unfit.add(shape)
            else:
                along_m[first:last] = found
        return along_m, np.array(sorted(unfit), np.int64)


def fill_calls(calls: Calls, geometry: Geometry, log: Log) -> Calls:
    """
    Fill in blank times: by stated distances, along the shape, or straight from stop to stop.

    Parameters
    ----------
    calls
        Calls of usable trips.
    geometry
        Positions and courses.
    log
        Takes how many blanks were filled in and how, and shapes that do not pass the stops of their trips.

    Returns
    -------
    calls
        The same calls, every one with times.
    """
    blank = calls.arrival_s == BLANK
    if not blank.any():
        return calls
    wanted = np.zeros(len(geometry.trip_shape), bool)
    wanted[calls.trip[blank]] = True
    along_m, unfit = geometry.along_m(calls, wanted)
    hop_m = np.nan_to_num(geometry.hop_m(calls))
    course_m = _at_least(along_m, hop_m)
    straight_m = np.cumsum(hop_m)
    place_unknown = ~np.isfinite(geometry.lon + geometry.lat)[calls.stop]
    straight_m[place_unknown] = np.nan
    measures = (calls.measure, course_m, straight_m)
    arrival_s, departure_s, used = fill_blanks(calls.arrival_s, calls.departure_s, measures)
    _tell_filled(calls, used, log)
    for shape in unfit.tolist():
        log.tell(
            Notice(
                "gtfs-shape-astray",
                "warning",
                _("the course does not pass the stops of its trips; distances run from stop to stop"),
                "shapes.txt",
                field="shape_id",
                value=geometry.shapes.ids[shape],
                mend=_("Check the course, or the order of the stops."),
            )
        )
    return replace(calls, arrival_s=arrival_s, departure_s=departure_s)


def _tell_filled(calls: Calls, used: NDArray[np.int8], log: Log) -> None:
    ways = (
        ("info", _("blank times were filled in by shape_dist_traveled")),
        ("info", _("blank times were filled in by distance along the shape")),
        ("info", _("blank times were filled in by the straight distance between stops")),
        ("warning", _("blank times were filled in evenly, because the distances are not known")),
    )
    for position, (severity, message) in enumerate(ways):
        n_filled = int((used == position).sum())
        if n_filled:
            row = int(calls.line[np.argmax(used == position)])
            log.tell(
                Notice(
                    f"gtfs-times-filled-{position + 1}",
                    "warning" if severity == "warning" else "info",
                    message,
                    NAME,
                    row=row,
                    field="arrival_time",
                    count=n_filled,
                )
            )


def _at_least(along_m: Column, hop_m: Column) -> Column:
    """Let no hop along a course be shorter than the straight line; NaN stays NaN."""
    course_hop_m = np.maximum(np.diff(along_m, prepend=0.0), hop_m)
    course_m: Column = np.cumsum(np.nan_to_num(course_hop_m))
    course_m[np.isnan(along_m)] = np.nan
    return course_m


def tell_hops(calls: Calls, geometry: Geometry, log: Log) -> None:
    """Tell hops that are faster than any vehicle or take no time, once for every pair of stops."""
    hop_m = geometry.hop_m(calls)[1:]
    same = calls.same_trip()
    hop_s = (calls.arrival_s[1:] - calls.departure_s[:-1]).astype(float)
    rail = geometry.trip_is_rail[calls.trip[1:]]
    limit_mps = np.where(rail, mps_from_kmh(FASTEST_RAIL_KMH), mps_from_kmh(FASTEST_KMH))
    with np.errstate(invalid="ignore"):
        fast = same & (hop_s > 0) & (hop_m > limit_mps * hop_s)
        still = same & (hop_s == 0) & (hop_m > 0)
    too_fast = Notice(
        "gtfs-too-fast",
        "warning",
        _("the ride between two stops is faster than any vehicle"),
        NAME,
        mend=_("Check the times and the positions of both stops."),
    )
    kmh = [f"{one * 3.6:.0f} km/h" for one in (hop_m[fast] / hop_s[fast]).tolist()]
    _tell_pairs(calls, fast, too_fast, kmh, geometry, log)
    no_time = Notice(
        "gtfs-zero-hop",
        "info",
        _("the ride between two stops takes no time"),
        NAME,
        mend=_("Times rounded to minutes do this; state seconds if you have them."),
    )
    _tell_pairs(calls, still, no_time, [f"{one:.0f} m" for one in hop_m[still].tolist()], geometry, log)


def _tell_pairs(
    calls: Calls,
    wrong: NDArray[np.bool_],
    notice: Notice,
    values: Sequence[str],
    geometry: Geometry,
    log: Log,
) -> None:
    at = np.flatnonzero(wrong) + 1
    pairs = np.stack([calls.stop[at - 1], calls.stop[at]], axis=1)
    _pairs, first, counts = np.unique(pairs, axis=0, return_index=True, return_counts=True)
    for position in np.argsort(first, kind="stable").tolist():
        call = at[first[position]]
        start, end = (geometry.stop_names[calls.stop[one]] for one in (call - 1, call))
        value = f"{start} → {end}: {values[first[position]]}"
        log.tell(replace(notice, row=int(calls.line[call]), value=value, count=int(counts[position])))

"""Courses of changed and added trips: parts of the old ones joined with the new, each laid down once."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from accessibility.model.bus_ride import BusRide, Position
from accessibility.model.course_measure import Course, along_shape, cut_course
from accessibility.model.timetable import NONE, Timetable
from accessibility.scenarios.draft import TripDraft


class NewShapes:
    """
    Collects courses for a timetable.

    Parameters
    ----------
    timetable
        Stops and old courses.
    """

    def __init__(self, timetable: Timetable) -> None:
        self._timetable = timetable
        self._added: list[tuple[Position, ...]] = []
        self._bent: dict[tuple[int, bytes, tuple[int, int], tuple[Position, ...]], int] = {}

    def along(self, stops: Sequence[int], rides: Sequence[BusRide]) -> int:
        """Give the shape that follows some rides; straight from stop to stop where a ride has no course."""
        return self._add(self._course(stops, rides))

    def bent(
        self, one: TripDraft, span: tuple[int, int], along: Sequence[int], rides: Sequence[BusRide]
    ) -> int:
        """
        Give the shape of a trip that is led another way.

        Parameters
        ----------
        one
            The trip as it was.
        span
            Positions of its calls between which it is led anew; -1 and the number of calls where open.
        along, rides
            Stops it is led along, ends included, and the rides between them.

        Returns
        -------
        shape
            Index; `NONE` where the trip had no shape, or its stops do not lie along it.
        """
        if one.shape == NONE:
            return NONE
        new = self._course(along, rides)
        key = (one.shape, one.stop.tobytes(), span, new)
        if key not in self._bent:
            parts = self._old_parts(one, span)
            self._bent[key] = NONE if parts is None else self._add((*parts[0], *new, *parts[1]))
        return self._bent[key]

    def shortened(self, one: TripDraft, kept: NDArray[np.intp]) -> int:
        """
        Give the shape of a trip that keeps some of its calls: it ends where the trip now does.

        Parameters
        ----------
        one
            The trip as it was.
        kept
            Positions of the calls that it keeps.

        Returns
        -------
        shape
            Index; the old one where both ends stay, or where its stops do not lie along it.
        """
        begin, end = int(kept[0]), int(kept[-1])
        if one.shape == NONE or (begin == 0 and end == len(one.stop) - 1):
            return one.shape
        key = (one.shape, one.stop.tobytes(), (begin, end), ())
        if key not in self._bent:
            measured = self._measured(one)
            if measured is None:
                return one.shape
            course, along_m = measured
            part = cut_course(course, float(along_m[begin]), float(along_m[end]))
            self._bent[key] = self._add(_points(part))
        return self._bent[key]

    def laid_down(self, timetable: Timetable) -> Timetable:
        """Put the courses behind those that a timetable has."""
        if not self._added:
            return timetable
        points = np.array([point for course in self._added for point in course])
        ends = timetable.shape_offset[-1] + np.cumsum([len(course) for course in self._added])
        return replace(
            timetable,
            shape_offset=np.concatenate([timetable.shape_offset, ends]),
            shape_lon=np.concatenate([timetable.shape_lon, points[:, 0]]),
            shape_lat=np.concatenate([timetable.shape_lat, points[:, 1]]),
        )

    def _add(self, course: Sequence[Position]) -> int:
        kept = tuple(point for i, point in enumerate(course) if i == 0 or point != course[i - 1])
        if len(kept) < 2 or not np.isfinite(kept).all():
            return NONE
        if kept not in self._added:
            self._added.append(kept)
        return len(self._timetable.shape_offset) - 1 + self._added.index(kept)

    def _course(self, stops: Sequence[int], rides: Sequence[BusRide]) -> tuple[Position, ...]:
        at = [(float(self._timetable.stop_lon[i]), float(self._timetable.stop_lat[i])) for i in stops]
        hops = zip(pairwise(at), rides, strict=True)
        return tuple(point for ends, ride in hops for point in (ride.course or ends))

    def _old_parts(
        self, one: TripDraft, span: tuple[int, int]
    ) -> tuple[tuple[Position, ...], tuple[Position, ...]] | None:
        """Take what is kept of a trip's course, before and after the part that is led anew."""
        measured = self._measured(one)
        if measured is None:
            return None
        course, along_m = measured
        begin, end = span
        head = _points(cut_course(course, 0.0, float(along_m[begin]))) if begin >= 0 else ()
        tail = _points(cut_course(course, float(along_m[end]), np.inf)) if end < len(one.stop) else ()
        return head, tail

    def _measured(self, one: TripDraft) -> tuple[Course, NDArray[np.float64]] | None:
        """Give the course of a trip and where along it (m) its calls lie; ``None`` where they do not."""
        table = self._timetable
        part = slice(*table.shape_offset[one.shape : one.shape + 2])
        course = (table.shape_lon[part], table.shape_lat[part])
        along_m = along_shape(course, (table.stop_lon[one.stop], table.stop_lat[one.stop]))
        return None if along_m is None else (course, along_m)


def _points(course: Course) -> tuple[Position, ...]:
    return tuple(zip(course[0].tolist(), course[1].tolist(), strict=True))

"""The one journey behind a travel time by public transport: the step that finds it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.raptor import range_raptor
from accessibility.kernels.ways import best_way
from accessibility.model.service_day import ServiceDay
from accessibility.model.timed_walks import TimedWalks, walks_of
from accessibility.model.transit_query import TransitQuery
from accessibility.model.way import Ride, Way
from accessibility.units import UNREACHED


@dataclass(frozen=True, eq=False)
class JourneySearch:
    """
    Searches for single ways with the data and the rules of `accessibility.transit.transit_times`.

    Parameters
    ----------
    days
        The service day, once per draw.
    walks
        Walks in seconds.
    query
        The question.
    """

    days: tuple[ServiceDay, ...]
    walks: TimedWalks
    query: TransitQuery

    def durations(self, origin: int, destinations: Sequence[int]) -> NDArray[np.int32]:
        """
        Find the duration of every departure.

        Parameters
        ----------
        origin, destinations
            Numbers of the places.

        Returns
        -------
        duration_s
            Durations (s), shape ``[n_destinations, n_minutes, n_draws]``; `UNREACHED` beyond the limit.
        """
        duration_s = np.empty((len(destinations), self.query.n_minutes, len(self.days)), np.int32)
        direct_s = self._direct_s(origin)
        for draw in range(len(self.days)):
            vehicle = self.days[draw].by_stop(self.arrivals(origin, draw))
            for row, destination in enumerate(destinations):
                duration_s[row, :, draw] = self._at(vehicle, destination, int(direct_s[destination]))
        return duration_s

    def ways(
        self, origin: int, destinations: Sequence[int], duration_s: NDArray[np.int32] | None = None
    ) -> list[tuple[Way | None, ...]]:
        """
        Find the ways behind the percentiles from one origin.

        Parameters
        ----------
        origin, destinations
            Numbers of the places.
        duration_s
            What `durations` gives, where it is known already.

        Returns
        -------
        ways
            Per destination one way per percentile of the query, ``None`` where unreached: that of the
            earliest minute, then the lowest draw, that takes the reported time; of the ways of that departure
            the one with the fewest rides, then the least walking, then the lowest patterns from the first
            ride on.
        """
        if duration_s is None:
            duration_s = self.durations(origin, destinations)
        direct_s = self._direct_s(origin)
        found: dict[tuple[int, int, int], Way] = {}
        chosen = [self._departures(row) for row in duration_s]
        wanted: dict[int, set[tuple[int, int]]] = {}
        for row, departures in enumerate(chosen):
            for minute, draw in departures:
                if draw >= 0:
                    wanted.setdefault(draw, set()).add((minute, row))
        for draw, pairs in sorted(wanted.items()):
            rounds = _Rounds(self, origin, draw, sorted({minute for minute, _row in pairs}))
            for minute, row in sorted(pairs):
                destination, value_s = destinations[row], int(duration_s[row, minute, draw])
                if direct_s[destination] == value_s:
                    way = Way(minute, draw, rounds.leave_s(minute), value_s, (), value_s)
                else:
                    way = rounds.way(minute, destination, value_s)
                found[row, minute, draw] = way
        return [tuple(found.get((row, *departure)) for departure in all_) for row, all_ in enumerate(chosen)]

    def way_of(self, origin: int, destination: int, departure: tuple[int, int], duration_s: int) -> Way:
        """
        Find the way behind one known duration.

        Parameters
        ----------
        origin, destination
            Numbers of the places.
        departure
            Draw and minute.
        duration_s
            What the search gives for them (s).

        Returns
        -------
        way
            Of the ways that take this time the one that `ways` would choose.
        """
        draw, minute = departure
        rounds = _Rounds(self, origin, draw, [minute])
        if int(self._direct_s(origin)[destination]) == duration_s:
            return Way(minute, draw, rounds.leave_s(minute), duration_s, (), duration_s)
        return rounds.way(minute, destination, duration_s)

    def _departures(self, duration_s: NDArray[np.int32]) -> list[tuple[int, int]]:
        """Give minute and draw of every percentile at one place, both -1 where it is unreached."""
        pooled = np.sort(duration_s, axis=None)
        departures = []
        for percentile in self.query.percentiles:
            value_s = pooled[(percentile * len(pooled) + 99) // 100 - 1]
            first = int(np.argmax(duration_s.ravel() == value_s))
            departures.append((-1, -1) if value_s == UNREACHED else divmod(first, duration_s.shape[1]))
        return departures

    def arrivals(
        self, origin: int, draw: int, *, minutes: range | None = None, max_rides: int | None = None
    ) -> NDArray[np.int32]:
        """
        Find the earliest arrivals by vehicle from an origin.

        Parameters
        ----------
        origin, draw
            Number of the place, and of the draw.
        minutes
            Minutes of the window, all of them where not given.
        max_rides
            In place of the query's.

        Returns
        -------
        arrival_s
            Clock times (s) at stops and clones, shape ``[n_stops, n_minutes]``; `UNREACHED` beyond limits.
        """
        query, day = self.query, self.days[draw]
        minutes = range(query.n_minutes) if minutes is None else minutes
        out = np.empty((day.n_stops, len(minutes)), np.int32)
        range_raptor(
            *_columns(day), *self.walks.transfers, *day.with_clones(*walks_of(self.walks.access, origin)),
            query.start_s + 60 * minutes.start, max_rides or query.max_rides, query.board_slack_s,
            query.max_duration_s, out,
        )  # fmt: skip
        return out

    def _direct_s(self, origin: int) -> NDArray[np.int32]:
        direct_s = np.full(len(self.walks.egress[0]) - 1, UNREACHED, np.int32)
        places, walk_s = walks_of(self.walks.direct, origin)
        direct_s[places] = walk_s
        return direct_s

    def _at(self, vehicle: NDArray[np.int32], destination: int, direct_s: int) -> NDArray[np.int32]:
        """Walk on from the stops: duration (s) of every minute at one place."""
        stops, walk_s = walks_of(self.walks.egress, destination)
        leave_s = self.query.start_s + 60 * np.arange(self.query.n_minutes, dtype=np.int64)
        arrivals = vehicle[stops].astype(np.int64)
        there = np.where(arrivals == UNREACHED, UNREACHED, arrivals + walk_s[:, np.newaxis] - leave_s)
        best = np.minimum(there.min(axis=0, initial=UNREACHED), direct_s)
        return np.where(best <= self.query.max_duration_s, best, UNREACHED).astype(np.int32)

    @cached_property
    def back(self) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """Transfers by the stop they lead to: offsets, stops they come from, seconds, seconds walked."""
        offset, target, pause_s = self.walks.transfers
        source = np.repeat(np.arange(len(offset) - 1, dtype=np.int32), np.diff(offset))
        order = np.lexsort((source, target))
        back_offset = np.zeros(len(offset), np.int64)
        np.cumsum(np.bincount(target, minlength=len(offset) - 1), out=back_offset[1:])
        return back_offset, source[order], pause_s[order], self.walks.transfer_walk_s[order]


class _Rounds:
    """Earliest arrivals with one ride, two rides, ... for some minutes of one draw, and ways from them."""

    def __init__(self, search: JourneySearch, origin: int, draw: int, minutes: Sequence[int]) -> None:
        self._search, self._draw = search, draw
        self._first = minutes[0]
        window = range(minutes[0], minutes[-1] + 1)
        self._rounds = [
            search.arrivals(origin, draw, minutes=window, max_rides=n)
            for n in range(1, search.query.max_rides + 1)
        ]
        stops, walk_s = search.days[draw].with_clones(*walks_of(search.walks.access, origin))
        self._access_s = np.full(search.days[draw].n_stops, UNREACHED, np.int32)
        self._access_s[stops] = walk_s
        self._at_minute: tuple[int, NDArray[np.int32], NDArray[np.int32]] | None = None

    def leave_s(self, minute: int) -> int:
        """Departure (s since the start of the service day)."""
        return self._search.query.start_s + 60 * minute

    def way(self, minute: int, destination: int, duration_s: int) -> Way:
        """Trace the way to one place that takes a time; minutes are best asked for in order."""
        search, day = self._search, self._search.days[self._draw]
        vehicle, ready = self._of_minute(minute)
        stops, egress_s = day.with_clones(*walks_of(search.walks.egress, destination))
        leave_s = self.leave_s(minute)
        due_s = leave_s + duration_s
        in_time = (vehicle[1:, stops] <= due_s - egress_s).any(axis=1)
        n_rides = 1 + int(np.argmax(in_time))
        out = np.empty((n_rides, 5), np.int32)
        traced = best_way(
            *_columns(day), *search.back, stops, egress_s, self._access_s, vehicle, ready,
            leave_s, due_s, n_rides, search.query.board_slack_s, out,
        )  # fmt: skip
        assert traced, "the forward search has found this arrival"
        rides = tuple(_rides(day, out))
        return Way(minute, self._draw, leave_s, duration_s, rides, due_s - rides[-1].arrival_s)

    def _of_minute(self, minute: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Give arrivals by number of rides for one departure, and readiness still to be worked out."""
        if self._at_minute is None or self._at_minute[0] != minute:
            column = minute - self._first
            nobody = np.full(len(self._access_s), UNREACHED, np.int32)
            vehicle = np.stack([nobody, *(arrivals[:, column] for arrivals in self._rounds)])
            ready = np.full(vehicle.shape, -1, np.int32)
            leave_s = self.leave_s(minute)
            ready[0] = np.where(self._access_s == UNREACHED, UNREACHED, leave_s + np.int64(self._access_s))
            self._at_minute = (minute, vehicle, ready)
        return self._at_minute[1:]


def _rides(day: ServiceDay, out: NDArray[np.int32]) -> Iterator[Ride]:
    for pattern, run, board, alight, walk_s in out.tolist():
        begin = int(day.pattern_offset[pattern])
        departure_s = int(day.departure_s[day.time_offset[board] + run])
        arrival_s = int(day.arrival_s[day.time_offset[alight] + run])
        yield Ride(pattern, run, board - begin, alight - begin, walk_s, departure_s, arrival_s)


def _columns(day: ServiceDay) -> tuple[NDArray[np.generic], ...]:
    """Give a service day as the kernels read it."""
    return (
        day.pattern_offset, day.pattern_stop, day.can_board, day.can_alight, day.time_offset, day.arrival_s,
        day.departure_s, day.at_offset, day.at_pattern, day.at_position,
    )  # fmt: skip

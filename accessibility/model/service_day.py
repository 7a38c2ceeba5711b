"""The noun ``ServiceDay``: the runs of one date in the order a search reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.timetable import BOARDING_NONE, NONE, Timetable

DAY_S = 86_400
TRANSFER_IN_SEAT, TRANSFER_IN_SEAT_FORBIDDEN = 4, 5


@dataclass(frozen=True, eq=False)
class ServiceDay(Rebuilt):
    """
    Patterns of one date and the runs on them, the day before past midnight and the day after included.

    A *pattern* is one sequence of stops with the same rules of boarding, on which no run overtakes another. A
    *run* is one trip, or several that one vehicle drives in a block so that passengers stay seated.

    Parameters
    ----------
    day
        The date.
    n_stops
        Number of stops of the timetable.
    pattern_offset, pattern_stop, can_board, can_alight
        Positions of pattern ``p``: ``[pattern_offset[p]:pattern_offset[p + 1]]``, their stops and rules.
    pattern_route
        Route of every pattern (of its first run's first trip).
    run_offset, run_trip
        Runs of pattern ``p``, earliest first, and the timetable's trip each begins with.
    time_offset, arrival_s, departure_s
        Times stop-major, one per run: those of position ``q`` are ``[time_offset[q]:time_offset[q + 1]]``.
    at_offset, at_pattern, at_position
        Where every stop is served: patterns and positions within them.
    joint_run, joint_position, joint_trip
        Where passengers stay seated while one trip becomes the next: run (counted over all patterns, in
        order), position within its pattern, and the trip that begins there.

    Raises
    ------
    ModelError
        If columns disagree, or runs of a pattern are not in order at every position.
    """

    day: date
    n_stops: int
    pattern_offset: NDArray[np.int32]
    pattern_stop: NDArray[np.int32]
    can_board: NDArray[np.bool_]
    can_alight: NDArray[np.bool_]
    pattern_route: NDArray[np.int32]
    run_offset: NDArray[np.int32]
    run_trip: NDArray[np.int32]
    time_offset: NDArray[np.int64]
    arrival_s: NDArray[np.int32]
    departure_s: NDArray[np.int32]
    at_offset: NDArray[np.int32]
    at_pattern: NDArray[np.int32]
    at_position: NDArray[np.int32]
    joint_run: NDArray[np.int32]
    joint_position: NDArray[np.int32]
    joint_trip: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Freeze every column and check what the class promises."""
        n_positions, n_patterns = len(self.pattern_stop), len(self.pattern_route)
        for name, dtype, length in (
            ("pattern_offset", np.int32, n_patterns + 1),
            ("pattern_stop", np.int32, n_positions),
            ("can_board", np.bool_, n_positions),
            ("can_alight", np.bool_, n_positions),
            ("pattern_route", np.int32, n_patterns),
            ("run_offset", np.int32, n_patterns + 1),
            ("run_trip", np.int32, None),
            ("time_offset", np.int64, n_positions + 1),
            ("arrival_s", np.int32, None),
            ("departure_s", np.int32, len(self.arrival_s)),
            ("at_offset", np.int32, self.n_stops + 1),
            ("at_pattern", np.int32, n_positions),
            ("at_position", np.int32, n_positions),
            ("joint_run", np.int32, None),
            ("joint_position", np.int32, len(self.joint_run)),
            ("joint_trip", np.int32, len(self.joint_run)),
        ):
            column = freeze(getattr(self, name), dtype, name=f"ServiceDay.{name}", shape=(length,))
            object.__setattr__(self, name, column)
        inner = np.ones(max(len(self.arrival_s) - 1, 0), bool)
        inner[self.time_offset[1:-1] - 1] = False
        for times in (self.arrival_s, self.departure_s):
            if np.any(times[1:][inner] < times[:-1][inner]):
                raise ModelError("runs of a pattern overtake each other", code="day-overtaking")

    @property
    def n_patterns(self) -> int:
        """Count the patterns."""
        return len(self.pattern_route)

    @property
    def n_runs(self) -> int:
        """Count the runs."""
        return len(self.run_trip)

    def trips_between(self, pattern: int, run: int, board: int, alight: int) -> list[tuple[int, int]]:
        """
        List the trips that people sit in between two positions of a run.

        Returns
        -------
        trips
            Each with the position at which it begins: the one boarded, then those the vehicle goes on as.
        """
        number = int(self.run_offset[pattern]) + run
        begin, end = np.searchsorted(self.joint_run, [number, number + 1])
        trips = [(0, int(self.run_trip[number]))]
        for position, trip in zip(self.joint_position[begin:end], self.joint_trip[begin:end], strict=True):
            if position <= board:
                trips = [(int(position), int(trip))]
            elif position < alight:
                trips.append((int(position), int(trip)))
        return trips


@dataclass(frozen=True, eq=False)
class Run:
    """
    One vehicle on its way: calls in order, before runs are gathered into patterns.

    Parameters
    ----------
    trip
        Trip of the timetable it begins with.
    route
        Route of that trip.
    stop, arrival_s, departure_s, can_board, can_alight
        One value per call.
    joints
        Calls at which a further trip of the vehicle begins, each with that trip.
    """

    trip: int
    route: int
    stop: NDArray[np.int32]
    arrival_s: NDArray[np.int32]
    departure_s: NDArray[np.int32]
    can_board: NDArray[np.bool_]
    can_alight: NDArray[np.bool_]
    joints: tuple[tuple[int, int], ...] = ()


def service_day(timetable: Timetable, day: date, bands: Sequence[Run] = ()) -> ServiceDay:
    """
    Gather the runs of a date.

    Parameters
    ----------
    timetable
        Everything announced.
    day
        The date.
    bands
        Runs of headway bands without exact times, as one draw places them; those with exact times are part
        of the schedule.

    Returns
    -------
    service_day
        Runs of the date, of the day before past midnight (24 h earlier) and of the day after (24 h later).

    Raises
    ------
    ModelError
        If the date lies outside everything announced: then nothing is known, and no answer is better than a
        silent walk.
    """
    first, last = timetable.first_day, timetable.last_day
    if first is None or last is None or not first <= day <= last:
        what = _("the timetable says nothing about {day}; it runs from {first} to {last}",
                 day=day, first=first, last=last)  # fmt: skip
        raise ModelError(what, code="date-outside-feed")
    return gather_runs([*scheduled_runs(timetable, day), *bands], day, len(timetable.stop_ids))


def gather_runs(runs: Sequence[Run], day: date, n_stops: int) -> ServiceDay:
    """Group runs into patterns on which none overtakes another, whatever order they come in."""
    return _day(day, n_stops, list(_patterns(runs)))


def scheduled_runs(timetable: Timetable, day: date) -> Iterator[Run]:
    """Give the runs with fixed times that touch a date, seconds counted from its start."""
    repeated = set(timetable.frequency_trip.tolist())
    for shift_days in (-1, 0, 1):
        running = timetable.operates(day + timedelta(days=shift_days))[timetable.trip_service]
        shift_s = shift_days * DAY_S
        fixed = [trip for trip in np.flatnonzero(running).tolist() if trip not in repeated]
        for chain in _chains(timetable, fixed):
            run = _run(timetable, chain, shift_s)
            if run.arrival_s[-1] > 0:
                yield run
        for band in np.flatnonzero(timetable.frequency_exact & running[timetable.frequency_trip]).tolist():
            start_s, end_s = int(timetable.frequency_start_s[band]), int(timetable.frequency_end_s[band])
            yield from band_runs(
                timetable, band, range(start_s, end_s, int(timetable.headway_s[band])), shift_s
            )


def band_runs(timetable: Timetable, band: int, starts_s: Sequence[int], shift_s: int = 0) -> Iterator[Run]:
    """Repeat the trip of a headway band at some departures (s) from its first stop."""
    template = _run(timetable, [int(timetable.frequency_trip[band])], 0)
    for start_s in starts_s:
        moved_s = start_s + shift_s - int(template.departure_s[0])
        if template.arrival_s[-1] + moved_s > 0:
            yield Run(
                template.trip,
                template.route,
                template.stop,
                template.arrival_s + np.int32(moved_s),
                template.departure_s + np.int32(moved_s),
                template.can_board,
                template.can_alight,
            )


def _chains(timetable: Timetable, trips: Sequence[int]) -> Iterator[list[int]]:
    """Join trips of one block whose passengers stay seated: each begins after the one before has ended."""
    forbidden = {
        (int(a), int(b))
        for a, b, kind in zip(
            timetable.transfer_from_trip, timetable.transfer_to_trip, timetable.transfer_type, strict=True
        )
        if kind == TRANSFER_IN_SEAT_FORBIDDEN
    }
    by_block: dict[int, list[int]] = {}
    for trip in trips:
        block = int(timetable.trip_block[trip])
        if block == NONE:
            yield [trip]
        else:
            by_block.setdefault(block, []).append(trip)

    def begin_s(trip: int) -> tuple[int, int]:
        return int(timetable.departure_s[timetable.stop_time_offset[trip]]), trip

    for block in sorted(by_block):
        chain: list[int] = []
        for trip in sorted(by_block[block], key=begin_s):
            if chain and not (_follows(timetable, chain[-1], trip) and (chain[-1], trip) not in forbidden):
                yield chain
                chain = []
            chain.append(trip)
        yield chain


def _follows(timetable: Timetable, before: int, after: int) -> bool:
    """Say whether a trip begins where and not before the other ends."""
    last, first = timetable.stop_time_offset[before + 1] - 1, timetable.stop_time_offset[after]
    same_stop = timetable.stop_time_stop[last] == timetable.stop_time_stop[first]
    return bool(same_stop and timetable.departure_s[first] >= timetable.arrival_s[last])


def _run(timetable: Timetable, chain: Sequence[int], shift_s: int) -> Run:
    """Lay the calls of a chain of trips end to end; where one ends and the next begins is one call."""
    calls: list[int] = []
    joints: list[tuple[int, int]] = []
    for position, trip in enumerate(chain):
        begin, end = timetable.stop_time_offset[trip], timetable.stop_time_offset[trip + 1]
        if position:
            joints.append((len(calls) - 1, trip))
            begin += 1
        calls.extend(range(int(begin), int(end)))
    index = np.array(calls)
    departure_s = timetable.departure_s[index].copy()
    can_board = timetable.pickup[index] != BOARDING_NONE
    for at, trip in joints:
        begin = timetable.stop_time_offset[trip]
        departure_s[at] = timetable.departure_s[begin]
        can_board[at] = timetable.pickup[begin] != BOARDING_NONE
    return Run(
        trip=chain[0],
        route=int(timetable.trip_route[chain[0]]),
        stop=timetable.stop_time_stop[index],
        arrival_s=timetable.arrival_s[index] + np.int32(shift_s),
        departure_s=departure_s + np.int32(shift_s),
        can_board=can_board,
        can_alight=timetable.drop_off[index] != BOARDING_NONE,
        joints=tuple(joints),
    )


def _patterns(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Group runs by route, stops and rules; split each group until no run overtakes another."""
    groups: dict[tuple[int, bytes, bytes, bytes], list[Run]] = {}
    for run in runs:
        key = (run.route, run.stop.tobytes(), run.can_board.tobytes(), run.can_alight.tobytes())
        groups.setdefault(key, []).append(run)
    for key in sorted(groups):
        layers: list[list[Run]] = []
        for run in sorted(groups[key], key=lambda r: (r.departure_s[0], r.arrival_s[-1], r.trip)):
            for layer in layers:
                behind = layer[-1]
                if np.all(behind.arrival_s <= run.arrival_s) and np.all(
                    behind.departure_s <= run.departure_s
                ):
                    layer.append(run)
                    break
            else:
                layers.append([run])
        yield from layers


def _day(day: date, n_stops: int, patterns: Sequence[Sequence[Run]]) -> ServiceDay:
    lengths = np.array([len(pattern[0].stop) for pattern in patterns], dtype=np.int64)
    counts = np.array([len(pattern) for pattern in patterns], dtype=np.int64)
    first_runs = [pattern[0] for pattern in patterns]
    joints = np.array(
        [
            (number, *joint)
            for number, run in enumerate(run for pattern in patterns for run in pattern)
            for joint in run.joints
        ],
        np.int32,
    ).reshape(-1, 3)
    stops = _joined([run.stop for run in first_runs], np.int32)
    arrival_s = _joined(
        [np.stack([r.arrival_s for r in pattern], axis=1).ravel() for pattern in patterns], np.int32
    )
    departure_s = _joined(
        [np.stack([r.departure_s for r in pattern], axis=1).ravel() for pattern in patterns], np.int32
    )
    owner = np.repeat(np.arange(len(patterns)), lengths)
    position = np.arange(len(stops)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    order = np.lexsort((position, owner, stops))
    return ServiceDay(
        day=day,
        n_stops=n_stops,
        pattern_offset=_offsets(lengths),
        pattern_stop=stops,
        can_board=_joined([run.can_board for run in first_runs], np.bool_),
        can_alight=_joined([run.can_alight for run in first_runs], np.bool_),
        pattern_route=np.array([run.route for run in first_runs], np.int32),
        run_offset=_offsets(counts),
        run_trip=np.array([run.trip for pattern in patterns for run in pattern], np.int32),
        time_offset=_offsets(np.repeat(counts, lengths)),
        arrival_s=arrival_s,
        departure_s=departure_s,
        at_offset=_offsets(np.bincount(stops, minlength=n_stops)),
        at_pattern=owner[order].astype(np.int32),
        at_position=position[order].astype(np.int32),
        joint_run=joints[:, 0],
        joint_position=joints[:, 1],
        joint_trip=joints[:, 2],
    )


def _offsets(lengths: NDArray[Any]) -> NDArray[Any]:
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def _joined(parts: Sequence[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate(parts).astype(dtype) if parts else np.empty(0, dtype)

"""Runs: what one vehicle drives on a date, before runs are gathered into patterns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from accessibility.model.arrays import ranges
from accessibility.model.timetable import BOARDING_NONE, NONE, Timetable
from accessibility.model.transfer_rules import IN_SEAT, IN_SEAT_FORBIDDEN, clones

DAY_S = 86_400

Leg = tuple[int, int]
"""A trip and how many days after the date it runs."""


@dataclass(frozen=True, eq=False)
class Run:
    """
    One vehicle on its way: calls in order.

    Parameters
    ----------
    trip
        Trip of the timetable it begins with.
    route
        Route of that trip.
    stop, arrival_s, departure_s, can_board, can_alight
        One value per call; where one trip ends and the vehicle goes on as the next there are two calls, the
        first for alighting only, the second for boarding only.
    joints
        Where the vehicle goes on as a further trip: the call that is for boarding, and that trip.
    """

    trip: int
    route: int
    stop: NDArray[np.int32]
    arrival_s: NDArray[np.int32]
    departure_s: NDArray[np.int32]
    can_board: NDArray[np.bool_]
    can_alight: NDArray[np.bool_]
    joints: tuple[tuple[int, int], ...] = ()


def scheduled_runs(timetable: Timetable, day: date) -> Iterator[Run]:
    """Give the runs with fixed times that touch a date, seconds counted from its start."""
    repeated = np.zeros(len(timetable.trip_ids), bool)
    repeated[timetable.frequency_trip] = True
    single = (timetable.trip_block == NONE) & ~repeated
    linked = timetable.transfer_type == IN_SEAT
    for trips in (timetable.transfer_from_trip[linked], timetable.transfer_to_trip[linked]):
        single[trips] = False
    last_s = timetable.arrival_s[timetable.stop_time_offset[1:] - 1]
    chained: list[Leg] = []
    for ahead in (-1, 0, 1):
        running = timetable.operates(day + timedelta(days=ahead))[timetable.trip_service]
        alone = np.flatnonzero(running & single & (last_s + ahead * DAY_S > 0))
        yield from _laid_out(timetable, alone, np.full(len(alone), ahead), np.ones(len(alone), np.int64))
        chained.extend((trip, ahead) for trip in np.flatnonzero(running & ~single & ~repeated).tolist())
        for band in np.flatnonzero(timetable.frequency_exact & running[timetable.frequency_trip]).tolist():
            start_s, end_s = int(timetable.frequency_start_s[band]), int(timetable.frequency_end_s[band])
            starts_s = range(start_s, end_s, int(timetable.headway_s[band]))
            template = trip_run(timetable, int(timetable.frequency_trip[band]))
            yield from repeated_runs(template, [start + ahead * DAY_S for start in starts_s])
    chains = [one for one in _chains(timetable, chained) if last_s[one[-1][0]] + one[-1][1] * DAY_S > 0]
    legs = np.array([leg for chain in chains for leg in chain], np.int64).reshape(-1, 2)
    lengths = np.array([len(chain) for chain in chains], np.int64)
    yield from _laid_out(timetable, legs[:, 0], legs[:, 1], lengths)


def trip_run(timetable: Timetable, trip: int) -> Run:
    """Give one trip as a run, at its own times."""
    (run,) = _laid_out(timetable, np.array([trip]), np.zeros(1, np.int64), np.ones(1, np.int64))
    return run


def repeated_runs(template: Run, starts_s: Iterable[int]) -> Iterator[Run]:
    """Repeat a run at some departures (s) from its first stop, so far as it ends within the day or after."""
    for start_s in starts_s:
        moved_s = start_s - int(template.departure_s[0])
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


def _laid_out(
    timetable: Timetable,
    trips: NDArray[np.integer],
    ahead: NDArray[np.integer],
    lengths: NDArray[np.int64],
) -> Iterator[Run]:
    """Lay the calls of chains of trips end to end; `lengths` says how many trips each chain has."""
    first = timetable.stop_time_offset[trips]
    count = timetable.stop_time_offset[np.asarray(trips) + 1] - first
    leg, call = ranges(first, count)
    shift_s = (np.asarray(ahead) * DAY_S).astype(np.int32)[leg]
    stop = clones(timetable).call_stop[call]
    arrival_s, departure_s = timetable.arrival_s[call] + shift_s, timetable.departure_s[call] + shift_s
    can_board, can_alight = timetable.pickup[call] != BOARDING_NONE, timetable.drop_off[call] != BOARDING_NONE
    ends = np.cumsum(count)
    chain = np.repeat(np.arange(len(lengths)), lengths)
    joints = ends[:-1][chain[1:] == chain[:-1]]
    can_board[joints - 1] = False
    can_alight[joints] = False
    last = np.cumsum(lengths) - 1
    heads = np.asarray(trips)[last - lengths + 1].tolist()
    routes = timetable.trip_route[heads].tolist()
    begin, leg_begins, leg_trips = 0, (ends - count).tolist(), np.asarray(trips).tolist()
    for number, (trip, route, end) in enumerate(zip(heads, routes, ends[last].tolist(), strict=True)):
        part = slice(begin, end)
        further = range(last[number] - lengths[number] + 2, last[number] + 1)
        joined = tuple((leg_begins[i] - begin, leg_trips[i]) for i in further)
        yield Run(
            trip, route, stop[part], arrival_s[part], departure_s[part], can_board[part], can_alight[part],
            joined,
        )  # fmt: skip
        begin = end


def _chains(timetable: Timetable, legs: Sequence[Leg]) -> Iterator[list[Leg]]:
    """Give every way to stay seated from a trip that no other goes on as, as far as it leads."""
    onward = _onward(timetable, legs)
    entered = {leg for following in onward.values() for leg in following}
    waiting = [[leg] for leg in reversed(legs) if leg not in entered]
    while waiting:
        chain = waiting.pop()
        following = onward.get(chain[-1], ())
        if not following:
            yield chain
        waiting.extend([*chain, leg] for leg in reversed(following))


def _onward(timetable: Timetable, legs: Sequence[Leg]) -> Mapping[Leg, Sequence[Leg]]:
    """
    Say as which trips the vehicle of every trip goes on with its passengers.

    Linked trips (type 4 of ``transfers.txt``) come before blocks, and several of them may leave a trip or
    lead to one: vehicles are coupled and part. Type 5 forbids what a block would allow.
    """
    known = set(legs)
    onward: dict[Leg, list[Leg]] = {}
    entered: set[Leg] = set()
    pairs = zip(timetable.transfer_from_trip.tolist(), timetable.transfer_to_trip.tolist(),
                timetable.transfer_type.tolist(), strict=True)  # fmt: skip
    rules = sorted({rule for rule in pairs if rule[2] in (IN_SEAT, IN_SEAT_FORBIDDEN)})
    forbidden = {(before, after) for before, after, kind in rules if kind == IN_SEAT_FORBIDDEN}
    for before, after, kind in rules:
        for ahead in (-1, 0, 1) if kind == IN_SEAT else ():
            leg = (before, ahead)
            fitting = [one for one in ((after, ahead), (after, ahead + 1))
                       if leg in known and one in known and _follows(timetable, leg, one)]  # fmt: skip
            if fitting:
                onward.setdefault(leg, []).append(fitting[0])
                entered.add(fitting[0])
    for leg, after in _block_pairs(timetable, legs):
        free = leg not in onward and after not in entered and (leg[0], after[0]) not in forbidden
        if free and _follows(timetable, leg, after) and _same_place(timetable, leg[0], after[0]):
            onward[leg] = [after]
    return onward


def _block_pairs(timetable: Timetable, legs: Sequence[Leg]) -> Iterator[tuple[Leg, Leg]]:
    """Give trips of one block that follow each other on one day, or over midnight from one to the next."""
    blocks: dict[tuple[int, int], list[Leg]] = {}
    for leg in legs:
        block = int(timetable.trip_block[leg[0]])
        if block != NONE:
            blocks.setdefault((block, leg[1]), []).append(leg)
    for one in blocks.values():
        one.sort(key=lambda leg: (_span_s(timetable, leg), leg))
    for (block, ahead), one in blocks.items():
        yield from zip(one[:-1], one[1:], strict=True)
        tomorrow = blocks.get((block, ahead + 1))
        if tomorrow and _span_s(timetable, one[-1])[1] >= (ahead + 1) * DAY_S:
            yield one[-1], tomorrow[0]


def _span_s(timetable: Timetable, leg: Leg) -> tuple[int, int]:
    """Return when a trip first departs and last arrives (s)."""
    trip, ahead = leg
    first, end = timetable.stop_time_offset[trip : trip + 2]
    shift_s = ahead * DAY_S
    return int(timetable.departure_s[first]) + shift_s, int(timetable.arrival_s[end - 1]) + shift_s


def _follows(timetable: Timetable, before: Leg, after: Leg) -> bool:
    """Say whether a trip begins not before the other ends; of trips that take no time the one begun later."""
    start, following = _span_s(timetable, before), _span_s(timetable, after)
    return following[0] >= start[1] and (following[0], after) > (start[0], before)


def _same_place(timetable: Timetable, before: int, after: int) -> bool:
    """Say whether a trip begins at the stop where the other ends."""
    last, first = timetable.stop_time_offset[before + 1] - 1, timetable.stop_time_offset[after]
    return bool(timetable.stop_time_stop[last] == timetable.stop_time_stop[first])

"""The noun ``ServiceDay``: the runs of one date in the order a search reads them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.runs import Run, scheduled_runs
from accessibility.model.timetable import Timetable
from accessibility.model.transfer_rules import clones


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
    clone_of
        Stop of the timetable that every stop of the day stands for: first those of the timetable themselves,
        then clones for vehicles that a transfer rule names (`accessibility.model.transfer_rules`).
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
    clone_of: NDArray[np.int32]
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
            ("clone_of", np.int32, None),
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
    def n_stops(self) -> int:
        """Count the stops, clones included."""
        return len(self.clone_of)

    @property
    def n_timetable_stops(self) -> int:
        """Count the stops of the timetable: no clone comes before them."""
        return int(self.clone_of.max(initial=-1)) + 1

    @property
    def n_patterns(self) -> int:
        """Count the patterns."""
        return len(self.pattern_route)

    @property
    def n_runs(self) -> int:
        """Count the runs."""
        return len(self.run_trip)

    def with_clones(
        self, stops: NDArray[np.int32], walk_s: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Lead walks (s) to stops of the timetable to their clones too."""
        if self.n_stops == self.n_timetable_stops:
            return stops, walk_s
        known_s = np.full(self.n_timetable_stops, -1, np.int32)
        known_s[stops] = walk_s
        reached = np.flatnonzero(known_s[self.clone_of] >= 0).astype(np.int32)
        return reached, known_s[self.clone_of[reached]]

    def by_stop(self, arrival_s: NDArray[np.int32]) -> NDArray[np.int32]:
        """Take the earliest arrival (s) at a stop and its clones, shape ``[n_stops, n_minutes]``."""
        n_stops = self.n_timetable_stops
        if self.n_stops == n_stops:
            return arrival_s
        earliest_s = arrival_s[:n_stops].copy()
        np.minimum.at(earliest_s, self.clone_of[n_stops:], arrival_s[n_stops:])
        return earliest_s

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
    return next(service_days(timetable, day, [bands]))


def service_days(
    timetable: Timetable,
    day: date,
    draws: Iterable[Sequence[Run]],
    *,
    span_s: tuple[int, int] | None = None,
) -> Iterator[ServiceDay]:
    """
    Gather the runs of a date once for every draw of its headway bands.

    Parameters
    ----------
    timetable, day
        As for `service_day`.
    draws
        Runs of headway bands without exact times, draw by draw.
    span_s
        Only runs that are under way within this part of the day (s), both ends included; all where not given.

    Returns
    -------
    service_days
        One for every draw.

    Raises
    ------
    ModelError
        As `service_day`.
    """
    timetable.require(day)
    scheduled = list(scheduled_runs(timetable, day))
    if span_s is not None:
        scheduled = [run for run in scheduled if under_way(run, span_s)]
    for bands in draws:
        yield gather_runs([*scheduled, *bands], day, clones(timetable).clone_of)


def under_way(run: Run, span_s: tuple[int, int]) -> bool:
    """Say whether a run is under way at some time within a part of the day (s)."""
    return bool(run.arrival_s[-1] >= span_s[0] and run.departure_s[0] <= span_s[1])


def gather_runs(runs: Sequence[Run], day: date, stops: int | NDArray[np.int32]) -> ServiceDay:
    """
    Group runs into patterns on which none overtakes another, whatever order they come in.

    Parameters
    ----------
    runs, day
        The runs of a date.
    stops
        How many stops there are, or for every stop of the day the one it stands for.

    Returns
    -------
    service_day
        All of them.
    """
    clone_of = np.arange(stops, dtype=np.int32) if isinstance(stops, int) else stops
    return _day(day, clone_of, list(_patterns(runs)))


@dataclass(frozen=True, eq=False)
class _Pattern:
    """Runs that follow each other, earliest first; times have one row per run."""

    runs: list[Run]
    arrival_s: NDArray[np.int32]
    departure_s: NDArray[np.int32]


def _patterns(runs: Sequence[Run]) -> Iterator[_Pattern]:
    """Group runs by route, stops and rules; split each group until no run overtakes another."""
    groups: dict[tuple[int, bytes, bytes, bytes], list[Run]] = {}
    for run in runs:
        key = (run.route, run.stop.tobytes(), run.can_board.tobytes(), run.can_alight.tobytes())
        groups.setdefault(key, []).append(run)
    for key in sorted(groups):
        alike = groups[key]
        arrival_s = np.stack([run.arrival_s for run in alike])
        departure_s = np.stack([run.departure_s for run in alike])
        order = np.lexsort((np.array([run.trip for run in alike]), arrival_s[:, -1], departure_s[:, 0]))
        for layer in _layers(arrival_s[order], departure_s[order]):
            rows = order[layer]
            yield _Pattern([alike[row] for row in rows.tolist()], arrival_s[rows], departure_s[rows])


def _layers(arrival_s: NDArray[np.int32], departure_s: NDArray[np.int32]) -> list[NDArray[np.int64]]:
    """Deal runs out, each to the first layer whose last run it does not overtake anywhere."""
    times = np.concatenate([arrival_s, departure_s], axis=1)
    if np.all(times[1:] >= times[:-1]):
        return [np.arange(len(times))]
    layers: list[list[int]] = []
    behind = np.empty_like(times)
    for row, moments in enumerate(times):
        fits = np.flatnonzero(np.all(behind[: len(layers)] <= moments, axis=1))
        if fits.size:
            layers[fits[0]].append(row)
            behind[fits[0]] = moments
        else:
            behind[len(layers)] = moments
            layers.append([row])
    return [np.array(layer) for layer in layers]


def _day(day: date, clone_of: NDArray[np.int32], patterns: Sequence[_Pattern]) -> ServiceDay:
    first_runs = [pattern.runs[0] for pattern in patterns]
    lengths = np.array([len(run.stop) for run in first_runs], dtype=np.int64)
    counts = np.array([len(pattern.runs) for pattern in patterns], dtype=np.int64)
    joints = np.array(
        [
            (number, *joint)
            for number, run in enumerate(run for pattern in patterns for run in pattern.runs)
            for joint in run.joints
        ],
        np.int32,
    ).reshape(-1, 3)
    stops = _joined([run.stop for run in first_runs], np.int32)
    owner = np.repeat(np.arange(len(patterns)), lengths)
    position = np.arange(len(stops)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    order = np.lexsort((position, owner, stops))
    return ServiceDay(
        day=day,
        clone_of=clone_of,
        pattern_offset=_offsets(lengths),
        pattern_stop=stops,
        can_board=_joined([run.can_board for run in first_runs], np.bool_),
        can_alight=_joined([run.can_alight for run in first_runs], np.bool_),
        pattern_route=np.array([run.route for run in first_runs], np.int32),
        run_offset=_offsets(counts),
        run_trip=np.array([run.trip for pattern in patterns for run in pattern.runs], np.int32),
        time_offset=_offsets(np.repeat(counts, lengths)),
        arrival_s=_joined([pattern.arrival_s.T.ravel() for pattern in patterns], np.int32),
        departure_s=_joined([pattern.departure_s.T.ravel() for pattern in patterns], np.int32),
        at_offset=_offsets(np.bincount(stops, minlength=len(clone_of))),
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

"""Rules of ``transfers.txt``: which one holds between two vehicles at two stops.

A rule may be narrowed to routes or trips. The search knows only stops; so vehicles that a rule names call at
*clones* of their stops, and the most specific rule for every pair of stops and clones becomes an ordinary
entry of the table of transfers.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from accessibility.model.arrays import Rebuilt, freeze, ranges
from accessibility.model.timetable import NONE, Timetable

RECOMMENDED, GUARANTEED, LEAST_TIME, FORBIDDEN, IN_SEAT, IN_SEAT_FORBIDDEN = range(6)
"""``transfer_type``."""

STATION = 1

Walks = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]
"""Walks in seconds: offsets, targets by increasing number, seconds."""

_ENDS = ("from", "to")
_VEHICLES = ("route", "trip")


@dataclass(frozen=True, eq=False)
class Clones(Rebuilt):
    """
    Stops of a service day: those of the timetable, then clones for vehicles that transfer rules name.

    Parameters
    ----------
    clone_of
        Stop of the timetable per stop of the day; the first are the stops of the timetable themselves.
    call_stop
        Stop of the day of every call of the timetable.
    from_route, from_trip, to_route, to_trip
        Vehicle of a clone, as far as a rule for changing from it or to it names it there; else `NONE`.
    """

    clone_of: NDArray[np.int32]
    call_stop: NDArray[np.int32]
    from_route: NDArray[np.int32]
    from_trip: NDArray[np.int32]
    to_route: NDArray[np.int32]
    to_trip: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Freeze every column."""
        n_stops = len(self.clone_of)
        signs = (f"{end}_{what}" for end in _ENDS for what in _VEHICLES)
        for name in ("clone_of", "call_stop", *signs):
            length = None if name == "call_stop" else n_stops
            column = freeze(getattr(self, name), np.int32, name=f"Clones.{name}", shape=(length,))
            object.__setattr__(self, name, column)


@lru_cache(maxsize=1)
def clones(timetable: Timetable) -> Clones:
    """
    Give vehicles that transfer rules name stops of their own.

    Parameters
    ----------
    timetable
        Its rules of types 0 to 3 that are narrowed to routes or trips.

    Returns
    -------
    clones
        The same for every date; without such rules the stops of the timetable alone.
    """
    n_stops = len(timetable.stop_ids)
    call_trip = np.repeat(np.arange(len(timetable.trip_ids)), np.diff(timetable.stop_time_offset))
    vehicle = {"trip": call_trip, "route": timetable.trip_route[call_trip].astype(np.int64)}
    named = {}
    for end in _ENDS:
        for what in _VEHICLES:
            pairs = _named(timetable, end, what)
            mine = vehicle[what] * n_stops + timetable.stop_time_stop
            named[f"{end}_{what}"] = np.where(np.isin(mine, pairs), vehicle[what], NONE)
    cloned = np.flatnonzero(np.any([column != NONE for column in named.values()], axis=0))
    signs = np.stack([timetable.stop_time_stop[cloned], *(column[cloned] for column in named.values())])
    kinds, which = np.unique(signs, axis=1, return_inverse=True)
    call_stop = timetable.stop_time_stop.copy()
    call_stop[cloned] = n_stops + which.ravel()
    plain = np.full(n_stops, NONE)
    columns = {name: np.append(plain, kinds[row]) for row, name in enumerate(named, start=1)}
    return Clones(clone_of=np.append(np.arange(n_stops), kinds[0]), call_stop=call_stop, **columns)


def _named(timetable: Timetable, end: str, what: str) -> NDArray[np.int64]:
    """List vehicles that rules name at stops, as ``vehicle * n_stops + stop``."""
    vehicle = getattr(timetable, f"transfer_{end}_{what}")
    rules = np.flatnonzero(_between_stops(timetable) & (vehicle != NONE))
    offset, member = _members(timetable, np.arange(len(timetable.stop_ids)))
    places = getattr(timetable, f"transfer_{end}_stop")[rules]
    owner, at = ranges(offset[places], offset[places + 1] - offset[places])
    pairs: NDArray[np.int64] = vehicle[rules][owner].astype(np.int64) * len(timetable.stop_ids) + member[at]
    return np.unique(pairs)


def _between_stops(timetable: Timetable) -> NDArray[np.bool_]:
    placed = (timetable.transfer_from_stop != NONE) & (timetable.transfer_to_stop != NONE)
    between: NDArray[np.bool_] = placed & (timetable.transfer_type <= FORBIDDEN)
    return between


def _members(
    timetable: Timetable, clone_of: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List for every stop of the timetable the stops of the day that it names; a station names its stops."""
    parent = timetable.stop_parent[clone_of]
    inside = (parent != NONE) & (timetable.stop_kind[clone_of] == 0)
    inside &= timetable.stop_kind[parent] == STATION
    owner = np.concatenate([clone_of, parent[inside]])
    member = np.concatenate([np.arange(len(clone_of)), np.flatnonzero(inside)])
    offset = np.zeros(len(timetable.stop_ids) + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=len(timetable.stop_ids)), out=offset[1:])
    return offset, member[np.lexsort((member, owner))]


def ruled_transfers(timetable: Timetable, walks: Walks, slack_s: int) -> Walks:
    """
    Apply the rules of ``transfers.txt`` to the walks between stops.

    Parameters
    ----------
    timetable
        Its rules; one for a station holds for all its stops.
    walks
        Offsets, targets and seconds (s) by stop of the timetable.
    slack_s
        Slack (s) that every boarding adds.

    Returns
    -------
    walks
        By stop of the day, clones included, without forbidden ones (type 3). A least time (type 2) and the
        slack count together, not one after the other, and joins stops also where no walk is known; a
        guaranteed change (type 1) needs no slack.

    Notes
    -----
    Of several rules the most specific one holds alone: two trips, trip and route, one trip, two routes, one
    route, stops only; then the one that names stops rather than their station; then the strictest.
    """
    every = np.flatnonzero(_between_stops(timetable))
    if not every.size:
        return walks
    known = clones(timetable)
    n_stops = len(known.clone_of)
    owner, target, walk_s = _over_clones(walks, known)
    pair = owner.astype(np.int64) * n_stops + target
    ruled, rule = _strongest(timetable, known, every)
    at = np.searchsorted(pair, ruled)
    walked = np.zeros(len(ruled), bool)
    walked[at < len(pair)] = pair[at[at < len(pair)]] == ruled[at < len(pair)]
    kind, least_s = timetable.transfer_type[rule], timetable.transfer_min_s[rule]
    now_s = np.zeros(len(ruled), np.int32)
    now_s[walked] = walk_s[at[walked]]
    now_s = np.where(kind == GUARANTEED, now_s - slack_s, now_s)
    timed = (kind == LEAST_TIME) & (least_s >= 0)
    now_s = np.where(timed, np.maximum(now_s, least_s - slack_s), now_s)
    kept = (kind != FORBIDDEN) & (walked | timed)
    untouched = np.ones(len(pair), bool)
    untouched[at[walked]] = False
    pair = np.concatenate([pair[untouched], ruled[kept]])
    walk_s = np.concatenate([walk_s[untouched], now_s[kept]])
    order = np.argsort(pair)
    owner, target = np.divmod(pair[order], n_stops)
    offset = np.zeros(n_stops + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=n_stops), out=offset[1:])
    return offset, target.astype(np.int32), walk_s[order].astype(np.int32)


def _over_clones(
    walks: Walks, known: Clones
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    """Repeat walks between stops between all their clones, by increasing owner and target."""
    offset, goal, walk_s = walks
    n_stops = len(offset) - 1
    if len(known.clone_of) == n_stops:
        return np.repeat(np.arange(n_stops), np.diff(offset)), goal.astype(np.int64), walk_s
    of = known.clone_of.astype(np.int64)
    copies = np.argsort(of, kind="stable")
    begin = np.searchsorted(of[copies], np.arange(n_stops + 1))
    owner, at = ranges(offset[of], offset[of + 1] - offset[of])
    walk, copy = ranges(begin[goal[at]], begin[goal[at] + 1] - begin[goal[at]])
    owner, target, walk_s = owner[walk], copies[copy], walk_s[at[walk]]
    order = np.lexsort((target, owner))
    return owner[order], target[order], walk_s[order]


def _strongest(
    timetable: Timetable, known: Clones, rules: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give every ruled pair of stops of the day, ascending, with the rule that holds."""
    offset, member = _members(timetable, known.clone_of)
    n_stops = len(known.clone_of)
    start, goal = timetable.transfer_from_stop, timetable.transfer_to_stop
    first, at = ranges(offset[start[rules]], offset[start[rules] + 1] - offset[start[rules]])
    rule, source = rules[first], member[at]
    first, at = ranges(offset[goal[rule]], offset[goal[rule] + 1] - offset[goal[rule]])
    rule, source, target = rule[first], source[first], member[at]
    fits = np.ones(len(rule), bool)
    narrow = {}
    for end, place in (("from", source), ("to", target)):
        narrow[end] = np.zeros(len(rule), np.int64)
        for weight, what in enumerate(_VEHICLES, start=1):
            wanted = getattr(timetable, f"transfer_{end}_{what}")[rule]
            fits &= (wanted == NONE) | (wanted == getattr(known, f"{end}_{what}")[place])
            narrow[end] = np.where(wanted != NONE, weight, narrow[end])
    vehicles = 3 * np.maximum(narrow["from"], narrow["to"]) + np.minimum(narrow["from"], narrow["to"])
    stops = (known.clone_of[source] == start[rule]).astype(int) + (known.clone_of[target] == goal[rule])
    kind, least_s = timetable.transfer_type[rule], timetable.transfer_min_s[rule]
    strict = np.select([kind == FORBIDDEN, kind == LEAST_TIME, kind == GUARANTEED],
                       [np.iinfo(np.int32).max, least_s, -3], -2)  # fmt: skip
    pair = source * n_stops + target
    order = np.lexsort((strict, stops, vehicles, pair))
    order = order[fits[order]]
    pair, rule = pair[order], rule[order]
    last = np.append(pair[1:] != pair[:-1], np.ones(min(len(pair), 1), bool))
    return pair[last], rule[last]

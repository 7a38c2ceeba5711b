"""Trips taken out of a timetable to be changed, and a timetable with changed trips put back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.model.timetable import NONE, Timetable


@dataclass(frozen=True, eq=False)
class TripDraft:
    """
    One trip with its calls.

    Parameters
    ----------
    id, headsign
        Identifier and what stands above the windscreen.
    route, service, direction, block, shape
        As in `Timetable`.
    stop, arrival_s, departure_s, pickup, drop_off
        One value per call.
    """

    id: str
    headsign: str
    route: int
    service: int
    direction: int
    block: int
    shape: int
    stop: NDArray[np.int32]
    arrival_s: NDArray[np.int32]
    departure_s: NDArray[np.int32]
    pickup: NDArray[np.int8]
    drop_off: NDArray[np.int8]

    @property
    def dwell_s(self) -> NDArray[np.int32]:
        """Time (s) at every stop."""
        return self.departure_s - self.arrival_s

    @property
    def hop_s(self) -> NDArray[np.int32]:
        """Riding time (s) between consecutive stops."""
        return self.arrival_s[1:] - self.departure_s[:-1]

    def timed(self, hop_s: Sequence[float], dwell_s: Sequence[float], *, leave_s: int) -> "TripDraft":
        """
        Lay out the times anew from the first departure on.

        Parameters
        ----------
        hop_s, dwell_s
            Riding time (s) of every hop and dwell (s) at every stop; summed up before they are rounded, so
            that nothing drifts.
        leave_s
            Departure (s) from the first stop.
        """
        steps = np.zeros(2 * len(dwell_s))
        steps[1::2], steps[2::2] = dwell_s, hop_s
        steps[1] = 0.0
        clock = leave_s + np.floor(np.cumsum(steps) + 0.5).astype(np.int64)
        clock[0] = max(min(leave_s, 0), leave_s - round(float(dwell_s[0])))
        return replace(self, arrival_s=clock[0::2].astype(np.int32), departure_s=clock[1::2].astype(np.int32))

    def shifted(self, by_s: int) -> "TripDraft":
        """Move all times (s)."""
        return replace(
            self,
            arrival_s=(self.arrival_s + by_s).astype(np.int32),
            departure_s=(self.departure_s + by_s).astype(np.int32),
        )


def draft(timetable: Timetable, trip: int) -> TripDraft:
    """Take a trip out of a timetable."""
    part = slice(timetable.stop_time_offset[trip], timetable.stop_time_offset[trip + 1])
    return TripDraft(
        id=timetable.trip_ids[trip],
        headsign=timetable.trip_headsigns[trip],
        route=int(timetable.trip_route[trip]),
        service=int(timetable.trip_service[trip]),
        direction=int(timetable.trip_direction[trip]),
        block=int(timetable.trip_block[trip]),
        shape=int(timetable.trip_shape[trip]),
        stop=timetable.stop_time_stop[part],
        arrival_s=timetable.arrival_s[part],
        departure_s=timetable.departure_s[part],
        pickup=timetable.pickup[part],
        drop_off=timetable.drop_off[part],
    )


def with_trips(
    timetable: Timetable, changed: Mapping[int, TripDraft | None], added: Sequence[TripDraft] = ()
) -> Timetable:
    """
    Put trips into a timetable.

    Parameters
    ----------
    timetable
        What they were taken from; it does not change.
    changed
        By index of the trip: what it becomes, ``None`` where it no longer runs.
    added
        Further trips, laid behind the others.

    Returns
    -------
    timetable
        Headway bands and transfer rules of trips that no longer run are gone too; a band whose trip begins
        at another clock time moves with it.
    """
    n_trips = len(timetable.trip_ids)
    kept = np.array([changed.get(trip, trip) is not None for trip in range(n_trips)], bool)
    new_index = np.full(n_trips + 1, NONE, np.int32)
    new_index[:n_trips][kept] = np.arange(int(kept.sum()))
    drafts = {trip: one for trip, one in changed.items() if one is not None}
    columns: dict[str, Any] = {}
    for name, attribute in (("trip_ids", "id"), ("trip_headsigns", "headsign")):
        texts = list(getattr(timetable, name))
        for trip, one in drafts.items():
            texts[trip] = getattr(one, attribute)
        rest = [text for text, keep in zip(texts, kept, strict=True) if keep]
        columns[name] = (*rest, *(getattr(one, attribute) for one in added))
    for attribute in ("route", "service", "direction", "block", "shape"):
        values = getattr(timetable, f"trip_{attribute}").copy()
        for trip, one in drafts.items():
            values[trip] = getattr(one, attribute)
        columns[f"trip_{attribute}"] = np.concatenate(
            [values[kept], np.array([getattr(one, attribute) for one in added], values.dtype)]
        )
    columns |= _calls(timetable, changed, added)
    columns |= _bands(timetable, drafts, new_index)
    columns |= _rules(timetable, new_index)
    return replace(timetable, **columns)


def _calls(
    timetable: Timetable, changed: Mapping[int, TripDraft | None], added: Sequence[TripDraft]
) -> dict[str, Any]:
    """Lay the calls of all trips one after the other; runs of unchanged trips are copied whole."""
    offset = timetable.stop_time_offset
    names = {
        "stop_time_stop": "stop",
        "arrival_s": "arrival_s",
        "departure_s": "departure_s",
        "pickup": "pickup",
        "drop_off": "drop_off",
    }
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in names}
    counts: list[NDArray[np.int64]] = []

    def copy(begin: int, end: int) -> None:
        if begin < end:
            counts.append(np.diff(offset[begin : end + 1]))
            for name in names:
                parts[name].append(getattr(timetable, name)[offset[begin] : offset[end]])

    def lay(one: TripDraft) -> None:
        counts.append(np.array([len(one.stop)], np.int64))
        for name, attribute in names.items():
            parts[name].append(getattr(one, attribute))

    begin = 0
    for trip in sorted(changed):
        copy(begin, trip)
        one = changed[trip]
        if one is not None:
            lay(one)
        begin = trip + 1
    copy(begin, len(timetable.trip_ids))
    for one in added:
        lay(one)
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(timetable, name)[:0], *pieces]) for name, pieces in parts.items()
    }
    lengths = np.concatenate([np.zeros(1, np.int64), *counts])
    columns["stop_time_offset"] = np.cumsum(lengths)
    return columns


def _bands(
    timetable: Timetable, drafts: Mapping[int, TripDraft], new_index: NDArray[np.int32]
) -> dict[str, Any]:
    """Keep the bands of trips that run; one whose trip begins elsewhere keeps the clock of the rest."""
    shift_s = np.zeros(len(timetable.frequency_ids), np.int64)
    for band, trip in enumerate(timetable.frequency_trip.tolist()):
        if trip in drafts:
            old_s = timetable.departure_s[timetable.stop_time_offset[trip]]
            shift_s[band] = int(drafts[trip].departure_s[0]) - int(old_s)
    trip = new_index[timetable.frequency_trip]
    kept = trip != NONE
    ids = tuple(i for i, keep in zip(timetable.frequency_ids, kept, strict=True) if keep)
    return {
        "frequency_ids": ids,
        "frequency_trip": trip[kept],
        "frequency_start_s": (timetable.frequency_start_s + shift_s)[kept].astype(np.int32),
        "frequency_end_s": (timetable.frequency_end_s + shift_s)[kept].astype(np.int32),
        "headway_s": timetable.headway_s[kept],
        "frequency_exact": timetable.frequency_exact[kept],
    }


def _rules(timetable: Timetable, new_index: NDArray[np.int32]) -> dict[str, Any]:
    """Keep the transfer rules whose trips run."""
    ends = {f"transfer_{end}_trip": getattr(timetable, f"transfer_{end}_trip") for end in ("from", "to")}
    kept = np.ones(len(timetable.transfer_type), bool)
    moved = {}
    for name, trips in ends.items():
        moved[name] = np.where(trips == NONE, NONE, new_index[trips])
        kept &= (trips == NONE) | (moved[name] != NONE)
    columns: dict[str, Any] = {
        f"transfer_{end}_{what}": getattr(timetable, f"transfer_{end}_{what}")[kept]
        for end in ("from", "to")
        for what in ("stop", "route")
    }
    columns |= {name: trips[kept] for name, trips in moved.items()}
    return columns | {
        "transfer_type": timetable.transfer_type[kept],
        "transfer_min_s": timetable.transfer_min_s[kept],
    }


def with_service(timetable: Timetable, days: Sequence[int], name: str) -> tuple[Timetable, int]:
    """
    Find the service that runs on just these days (ordinals), or add one under a name.

    Returns
    -------
    timetable, service
        The timetable that has it, and its index.
    """
    wanted = np.array(sorted(days), np.int32)
    offset = timetable.service_offset
    for service in range(len(timetable.service_ids)):
        if np.array_equal(timetable.service_day[offset[service] : offset[service + 1]], wanted):
            return timetable, service
    fresh = Unused(timetable.service_ids)(name)
    grown = replace(
        timetable,
        service_ids=(*timetable.service_ids, fresh),
        service_offset=np.append(offset, offset[-1] + len(wanted)),
        service_day=np.concatenate([timetable.service_day, wanted]),
    )
    return grown, len(timetable.service_ids)


@dataclass(frozen=True)
class BandDraft:
    """A headway band: identifier, trip it repeats, start, end and headway (s), whether it is a schedule."""

    id: str
    trip: int
    start_s: int
    end_s: int
    headway_s: int
    exact: bool


ALL_BANDS: NDArray[np.bool_] | slice = slice(None)
"""Every band is kept."""


def with_bands(
    timetable: Timetable, kept: NDArray[np.bool_] | slice, added: Sequence[BandDraft]
) -> Timetable:
    """Keep some headway bands and add others."""

    def joined(column: NDArray[Any], values: list[Any]) -> NDArray[Any]:
        return np.concatenate([column[kept], np.array(values, column.dtype)])

    ids = np.array(timetable.frequency_ids, dtype=object)[kept].tolist()
    return replace(
        timetable,
        frequency_ids=(*ids, *(one.id for one in added)),
        frequency_trip=joined(timetable.frequency_trip, [one.trip for one in added]),
        frequency_start_s=joined(timetable.frequency_start_s, [one.start_s for one in added]),
        frequency_end_s=joined(timetable.frequency_end_s, [one.end_s for one in added]),
        headway_s=joined(timetable.headway_s, [one.headway_s for one in added]),
        frequency_exact=joined(timetable.frequency_exact, [one.exact for one in added]),
    )


class Unused:
    """
    Numbers names that are taken.

    Parameters
    ----------
    taken
        Names that are; those it gives out are so from then on.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def __call__(self, name: str) -> str:
        """Return the name, numbered where it is taken."""
        number, fresh = 1, name
        while fresh in self._taken:
            number += 1
            fresh = f"{name}#{number}"
        self._taken.add(fresh)
        return fresh

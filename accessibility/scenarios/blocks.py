"""Blocks of vehicles after changes: no vehicle can drive two trips at once."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from accessibility.messages import _, listed
from accessibility.model.provenance import Notice
from accessibility.model.timetable import NONE, Timetable

SHOWN = 3
"""Trips that are named."""


def without_overlaps(timetable: Timetable, file: str) -> Timetable:
    """
    Take trips out of blocks in which their vehicle would now be in two places at once, and tell them.

    The rule is that of feeds that are read, so that what is written out and read back stays the same.

    Parameters
    ----------
    timetable
        Lines as the changes leave them.
    file
        Scenario file, for the notice.

    Returns
    -------
    timetable
        The same object where no block overlaps.
    """
    astray = sorted(_overlapping(timetable))
    if not astray:
        return timetable
    block = timetable.trip_block.copy()
    block[astray] = NONE
    names = listed(timetable.trip_ids[trip] for trip in astray[:SHOWN])
    told = Notice(
        "scenario-block-overlap",
        "warning",
        _("{n} trips now overlap another trip of their block: one vehicle cannot drive both; they leave the "
          "block, and more vehicles are needed", n=len(astray)),
        file,
        value=names,
        mend=_("Give the line more time between its trips, or other departures (set_timetable)."),
    )  # fmt: skip
    return replace(timetable, trip_block=block, provenance=timetable.provenance.with_notices([told]))


def _overlapping(timetable: Timetable) -> Iterator[int]:
    """Give the trips that begin while an earlier trip of their block is under way on a common day."""
    first, end = timetable.stop_time_offset[:-1], timetable.stop_time_offset[1:]
    trips = np.setdiff1d(np.flatnonzero(timetable.trip_block != NONE), timetable.frequency_trip)
    start_s = timetable.departure_s[first[trips]]
    days = [
        set(timetable.service_day[slice(*timetable.service_offset[service : service + 2])].tolist())
        for service in range(len(timetable.service_ids))
    ]
    block, active = NONE, list[tuple[int, int]]()
    for position in np.lexsort((trips, start_s, timetable.trip_block[trips])).tolist():
        trip, leave_s = int(trips[position]), int(start_s[position])
        if timetable.trip_block[trip] != block:
            block, active = int(timetable.trip_block[trip]), []
        active = [(arrive_s, service) for arrive_s, service in active if arrive_s > leave_s]
        service = int(timetable.trip_service[trip])
        if any(days[service] & days[other] for _arrive_s, other in active):
            yield trip
            continue
        active.append((int(timetable.arrival_s[end[trip] - 1]), service))

"""Changing vehicles: rules of ``transfers.txt`` and ways of ``pathways.txt``."""

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.projection import geodesic_m
from accessibility.model.provenance import Notice
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.rules import Target, resolve
from accessibility.sources.gtfs.tables import FeedTable

IN_SEAT, RE_BOARD, MINIMUM_TIME = 4, 5, 2
"""``transfer_type``: the vehicle goes on as another trip, with passengers or without; a minimum time."""

PATHWAY_MPS = 1.0
"""Speed (m/s) on ways inside stations whose time is not stated: stairs and crowds make them slow."""

ENDS = ("from", "to")


def check_transfers(
    table: FeedTable, stops: Target, routes: Target, trips: Target, log: Log
) -> dict[str, NDArray[np.int32]]:
    """
    Check transfer rules.

    Parameters
    ----------
    table
        ``transfers.txt``; rules without a place, with unknown names or in a circle become bad.
    stops, routes, trips
        What the rules can name.
    log
        Takes one notice for every rule that is left out or incomplete.

    Returns
    -------
    named
        Positions by ``from_stop``, ``to_stop``, ``from_route`` … per row, -1 where a rule is not narrowed.
    """
    targets = {"stop": stops, "route": routes, "trip": trips}
    named = {
        f"{end}_{what}": resolve(table, f"{end}_{what}_id", target, log)
        for what, target in targets.items()
        for end in ENDS
    }
    kind, least_s = table.values["transfer_type"], table.values["min_transfer_time"]
    linked = kind >= IN_SEAT
    needs = np.where(linked, "trip", "stop")
    placed = np.ones(len(table), bool)
    for end in ENDS:
        blank = {what: table.texts[f"{end}_{what}_id"].codes < 0 for what in ("stop", "trip")}
        placed &= ~np.where(needs == "trip", blank["trip"], blank["stop"])
    nameless = ~table.bad & ~placed
    log.tell_rows(
        Notice(
            "gtfs-transfer-nameless",
            "error",
            _("the rule does not say between which stops or trips; it is left out"),
            table.spec.name,
            field="transfer_type",
            mend=_("Types 0 to 3 need both stops, types 4 and 5 both trips."),
        ),
        table.lines[nameless],
        values=[str(one) for one in kind[nameless].tolist()],
    )
    table.bad |= nameless
    timeless = ~table.bad & (kind == MINIMUM_TIME) & (least_s < 0)
    log.tell_rows(
        Notice(
            "gtfs-transfer-timeless",
            "warning",
            _("the rule asks for a minimum time but states none"),
            table.spec.name,
            field="min_transfer_time",
            mend=_("Fill in {name}.", name="min_transfer_time"),
        ),
        table.lines[timeless],
    )
    _drop_circles(table, named, kind == IN_SEAT, log)
    return named


def _drop_circles(
    table: FeedTable, named: dict[str, NDArray[np.int32]], in_seat: NDArray[np.bool_], log: Log
) -> None:
    """Leave out in-seat rules that close a circle of trips."""
    onward: dict[int, list[int]] = {}
    closing: list[int] = []
    for row in np.flatnonzero(in_seat & ~table.bad).tolist():
        start, end = int(named["from_trip"][row]), int(named["to_trip"][row])
        if start in _reachable(onward, end):
            closing.append(row)
        else:
            onward.setdefault(start, []).append(end)
    log.tell_rows(
        Notice(
            "gtfs-transfer-loop",
            "error",
            _("the in-seat transfer leads back to a trip it came from; it is left out"),
            table.spec.name,
            field="to_trip_id",
            mend=_("Let the trips of one vehicle follow one another."),
        ),
        table.lines[closing],
        values=[table.texts["to_trip_id"].strings()[row] for row in closing],
    )
    table.bad[closing] = True


def _reachable(onward: dict[int, list[int]], start: int) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = [trip for trip in onward.get(waiting.pop(), []) if trip not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return found


def check_pathways(
    table: FeedTable, stops: Target, places: tuple[NDArray[np.float64], NDArray[np.float64]], log: Log
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """
    Check ways inside stations and give every one a time.

    Parameters
    ----------
    table
        ``pathways.txt``; ways whose time cannot be known become bad.
    stops
        Stops by name.
    places
        Longitudes and latitudes (degrees) of the stops.
    log
        Takes ways with unknown ends, and how many times were estimated from a length.

    Returns
    -------
    from_stop, to_stop, time_s
        Per row; whole seconds, rounded up.
    """
    start, end = (resolve(table, f"{side}_stop_id", stops, log) for side in ENDS)
    time_s = table.values["traversal_time"].astype(np.int64)
    length_m = table.values["length"].astype(float)
    timeless = ~table.bad & (time_s < 0)
    astray = np.flatnonzero(timeless & np.isnan(length_m))
    lon, lat = places
    if astray.size:
        near, far = start[astray], end[astray]
        known = np.isfinite(lon[near] + lat[near] + lon[far] + lat[far])
        near, far, filled = near[known], far[known], astray[known]
        if filled.size:
            length_m[filled] = geodesic_m((lon[near], lat[near]), (lon[far], lat[far]))
    lost = timeless & np.isnan(length_m)
    guessed = timeless & ~lost
    time_s[guessed] = np.ceil(length_m[guessed] / PATHWAY_MPS).astype(np.int64)
    if guessed.any():
        log.tell(
            Notice(
                "gtfs-pathway-estimated",
                "info",
                _("the time of ways in stations was estimated at {n} m/s", n=PATHWAY_MPS),
                table.spec.name,
                row=int(table.lines[np.argmax(guessed)]),
                field="traversal_time",
                mend=_("Fill in {name}.", name="traversal_time"),
                count=int(guessed.sum()),
            )
        )
    log.tell_rows(
        Notice(
            "gtfs-pathway-timeless",
            "error",
            _("neither the time nor the length of the way is known; it is left out"),
            table.spec.name,
            field="traversal_time",
            mend=_("Fill in {name}.", name="traversal_time"),
        ),
        table.lines[lost],
    )
    table.bad |= lost
    return start, end, np.clip(time_s, 0, None).astype(np.int32)

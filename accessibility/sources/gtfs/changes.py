"""Changing vehicles: rules of ``transfers.txt`` and ways of ``pathways.txt``."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from accessibility.messages import _
from accessibility.model.projection import geodesic_m
from accessibility.model.provenance import Notice
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.places import BOARDING_AREA, ENTRANCE
from accessibility.sources.gtfs.rules import NOWHERE, Target, resolve
from accessibility.sources.gtfs.tables import FeedTable

IN_SEAT, RE_BOARD, MINIMUM_TIME = 4, 5, 2
"""``transfer_type``: the vehicle goes on as another trip, with passengers or without; a minimum time."""

EXIT_GATE = 7
"""``pathway_mode`` that leads out only."""

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
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """
    Check ways inside stations; every one needs a time or a length.

    Parameters
    ----------
    table
        ``pathways.txt``; ways with neither become bad, exit gates lead out only.
    stops
        Stops by name.
    places
        Longitudes and latitudes (degrees) of the stops.
    log
        Takes ways with unknown ends, and how many are measured by a length.

    Returns
    -------
    from_stop, to_stop, length_m
        Per row; the length (m) is the straight one where none is stated, NaN where that is unknown too.
    """
    start, end = (resolve(table, f"{side}_stop_id", stops, log) for side in ENDS)
    length_m = table.values["length"].astype(float)
    timeless = ~table.bad & (table.values["traversal_time"] < 0)
    lon, lat = places
    known = np.isfinite(lon[start] + lat[start] + lon[end] + lat[end])
    filled = np.flatnonzero(~table.bad & np.isnan(length_m) & known)
    if filled.size:
        near, far = start[filled], end[filled]
        length_m[filled] = geodesic_m((lon[near], lat[near]), (lon[far], lat[far]))
    lost = timeless & np.isnan(length_m)
    measured = timeless & ~lost
    if measured.any():
        log.tell(
            Notice(
                "gtfs-pathway-estimated",
                "info",
                _("ways in stations without a stated time are walked by their length"),
                table.spec.name,
                row=int(table.lines[np.argmax(measured)]),
                field="traversal_time",
                mend=_("Fill in {name}.", name="traversal_time"),
                count=int(measured.sum()),
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
    _close_exit_gates(table, log)
    return start, end, length_m


def _close_exit_gates(table: FeedTable, log: Log) -> None:
    both = table.values["is_bidirectional"]
    gates = ~table.bad & (table.values["pathway_mode"] == EXIT_GATE) & (both == 1)
    log.tell_rows(
        Notice(
            "gtfs-exit-gate",
            "warning",
            _("an exit gate leads out only; it is not walked the other way"),
            table.spec.name,
            field="is_bidirectional",
            mend=_("State 0, or pathway_mode 6 for a gate that leads both ways."),
        ),
        table.lines[gates],
    )
    table.values["is_bidirectional"] = np.where(gates, 0, both)


def tell_locked(
    ways: tuple[NDArray[np.int32], NDArray[np.int32]],
    table: FeedTable,
    columns: dict[str, NDArray[Any]],
    served: NDArray[np.bool_],
    log: Log,
) -> None:
    """
    Tell stops with pathways that no entrance is joined to.

    Parameters
    ----------
    ways
        Ends of the usable ways of ``pathways.txt``, rows of ``stops.txt``.
    table, columns
        ``stops.txt`` and what was read from it.
    served
        Which stops trips call at.
    log
        Takes one notice per stop; people get there from the street where it lies.
    """
    kind, parent = columns["stop_kind"], columns["stop_parent"]
    area = np.flatnonzero((kind == BOARDING_AREA) & (parent != NOWHERE))
    ends = tuple(np.concatenate([one, more]) for one, more in zip(ways, (area, parent[area]), strict=True))
    joined = coo_array((np.ones(len(ends[0])), ends), shape=(len(table), len(table)))
    _n_parts, part = connected_components(joined, directed=False)
    open_parts = np.unique(part[(kind == ENTRANCE) & ~table.bad])
    walked = np.isin(part, part[np.concatenate(ways)])
    locked = served & walked & ~np.isin(part, open_parts)
    log.tell_rows(
        Notice(
            "gtfs-stop-locked",
            "warning",
            _("no pathway joins the stop with an entrance; people reach it from the street where it lies"),
            table.spec.name,
            field="stop_id",
            mend=_("Add the pathways from the entrances (location_type 2)."),
        ),
        table.lines[locked],
        values=table.texts["stop_id"].where(locked).strings(),
    )

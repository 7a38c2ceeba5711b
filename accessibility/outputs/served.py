"""Which rows of a timetable passengers can use: what a scenario took out of service is not handed on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.model.timetable import NONE, Timetable

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class KeptRows:
    """
    Rows that are written.

    Parameters
    ----------
    stops, routes, services, transfers, pathways
        One value per row of the timetable.
    """

    stops: Mask
    routes: Mask
    services: Mask
    transfers: Mask
    pathways: Mask


def every_row(timetable: Timetable) -> KeptRows:
    """Keep all rows."""
    counts = (len(timetable.stop_ids), len(timetable.route_ids), len(timetable.service_ids),
              len(timetable.transfer_type), len(timetable.pathway_s))  # fmt: skip
    return KeptRows(*(np.ones(n, bool) for n in counts))


def served_rows(timetable: Timetable) -> KeptRows:
    """
    Keep lines and services that have trips, the stops that these reach, and the rules among all of them.

    Services without trips stay where the dates that the timetable speaks about would shrink without them.
    """
    stops = _stops(timetable)
    routes = np.isin(np.arange(len(timetable.route_ids)), timetable.trip_route)
    transfers = _known(timetable.transfer_from_stop, stops) & _known(timetable.transfer_to_stop, stops)
    transfers &= _known(timetable.transfer_from_route, routes) & _known(timetable.transfer_to_route, routes)
    pathways = _known(timetable.pathway_from_stop, stops) & _known(timetable.pathway_to_stop, stops)
    return KeptRows(stops, routes, _services(timetable), transfers, pathways)


def _stops(timetable: Timetable) -> Mask:
    """Say which stops are called at, belong to such stops, or lie on the ways inside their stations."""
    kind, parent = timetable.stop_kind, timetable.stop_parent
    kept = np.zeros(len(kind) + 1, bool)  # the last one stands for "no parent", whose index is -1
    kept[timetable.stop_time_stop] = True
    for _above in ("platform of a boarding area", "station"):
        kept[parent[kept[:-1]]] = True
        kept[NONE] = False
    walked = np.isin(np.arange(len(kind)), [timetable.pathway_from_stop, timetable.pathway_to_stop])
    for _below in ("entrance, node, platform on the way", "boarding area"):
        kept[:-1] |= kept[parent] & ((kind != 0) | walked)
    return kept[:-1]


def _services(timetable: Timetable) -> Mask:
    offset = timetable.service_offset
    owner = np.repeat(np.arange(len(offset) - 1), np.diff(offset))
    kept = np.isin(np.arange(len(offset) - 1), timetable.trip_service)
    for end in (np.min, np.max):
        if owner.size and not kept[owner[timetable.service_day == end(timetable.service_day)]].any():
            kept[owner[timetable.service_day == end(timetable.service_day)][0]] = True
    return kept


def _known(indices: NDArray[np.int32], kept: Mask) -> Mask:
    """Say which references lead to rows that are kept, or nowhere."""
    return np.append(kept, True)[indices]

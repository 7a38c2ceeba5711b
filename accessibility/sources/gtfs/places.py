"""Stops, stations and entrances of a feed: positions, parents, and what is odd about them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.gtfs.calls import Calls
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.rules import NOWHERE, Target, resolve
from accessibility.sources.gtfs.tables import FeedTable

STOP, STATION, ENTRANCE, NODE, BOARDING_AREA = range(5)


def read_stops(table: FeedTable, log: Log) -> dict[str, Any]:
    """
    Read what ``stops.txt`` says.

    Parameters
    ----------
    table
        The file.
    log
        Takes positions that are only half stated or lie at 0, 0, and parents that are none.

    Returns
    -------
    columns
        ``stop_names``, ``stop_lon``, ``stop_lat``, ``stop_kind``, ``stop_parent`` (rows), one value per row.
    """
    lon, lat = table.values["stop_lon"].astype(float), table.values["stop_lat"].astype(float)
    _check_positions(lon, lat, table, log)
    ids = table.texts["stop_id"]
    kind = table.values["location_type"].astype(np.int8)
    parent = resolve(table, "parent_station", Target.of_rows(table, "stop_id"), log)
    parent_kind = np.append(kind, -1)[parent]
    wanted = np.where(kind == BOARDING_AREA, STOP, STATION)
    odd = (parent != NOWHERE) & ~table.bad & ((parent_kind != wanted) | (kind == STATION))
    log.tell_rows(
        Notice(
            "gtfs-parent-kind",
            "warning",
            _("the parent is no station of this stop; it is read as if there were none"),
            table.spec.name,
            field="parent_station",
            mend=_("A parent needs location_type 1; a station has no parent."),
        ),
        table.lines[odd],
        values=table.texts["parent_station"].where(odd).strings(),
    )
    parent[odd] = NOWHERE
    names = zip(table.texts["stop_name"].strings(), ids.strings(), strict=True)
    return {
        "stop_names": [name or identifier for name, identifier in names],
        "stop_lon": lon,
        "stop_lat": lat,
        "stop_kind": kind,
        "stop_parent": parent,
    }


def _check_positions(lon: NDArray[np.float64], lat: NDArray[np.float64], table: FeedTable, log: Log) -> None:
    """Make positions unknown that are stated by half or lie at 0, 0."""
    ids = table.texts["stop_id"]
    half = np.isnan(lon) != np.isnan(lat)
    nowhere = (lon == 0) & (lat == 0)
    for code, message, rows in (
        ("gtfs-position-half", _("only one of longitude and latitude can be used"), half),
        (
            "gtfs-position-zero",
            _("the position is 0, 0, in the sea off Africa; it counts as unknown"),
            nowhere,
        ),
    ):
        wrong = rows & ~table.bad
        log.tell_rows(
            Notice(
                code,
                "warning",
                message,
                table.spec.name,
                field="stop_lat",
                mend=_("State the position of the stop."),
            ),
            table.lines[wrong],
            values=ids.where(wrong).strings(),
        )
    unknown = half | nowhere
    lon[unknown] = lat[unknown] = np.nan


def tell_stops(columns: dict[str, Any], table: FeedTable, calls: Calls, log: Log) -> None:
    """Tell how many stops are never served, are served without a position, or are stations or entrances."""
    served = np.zeros(len(table), bool)
    served[calls.stop] = True
    stop = ~table.bad & (columns["stop_kind"] == STOP)
    placeless = ~(np.isfinite(columns["stop_lon"]) & np.isfinite(columns["stop_lat"]))
    mend = _("State the position of the stop.")
    kinds = (
        ("gtfs-stop-never-served", "info", _("no trip calls at the stop"), stop & ~served, ""),
        ("gtfs-stop-without-position", "warning", _("the stop has no position"), stop & placeless, mend),
        (
            "gtfs-call-off-stop",
            "warning",
            _("trips call at a station or entrance instead of at its stop"),
            served & ~stop,
            _("Let stop_times name the stop (location_type 0)."),
        ),
    )
    for code, severity, message, rows, remedy in kinds:
        if not rows.any():
            continue
        example = int(np.argmax(rows))
        log.tell(
            Notice(
                code,
                "warning" if severity == "warning" else "info",
                message,
                table.spec.name,
                row=int(table.lines[example]),
                field="stop_id",
                value=table.texts["stop_id"].strings()[example],
                mend=remedy,
                count=int(rows.sum()),
            )
        )

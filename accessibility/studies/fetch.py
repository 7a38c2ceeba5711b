"""Download an area from OpenStreetMap."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from accessibility.messages import _
from accessibility.sources.overpass import Box, Fetched, Servers, box_around, box_of_place, fetch_streets
from accessibility.studies.progress import Progress, silent


def fetch_area(
    out: Path,
    *,
    place: str | None = None,
    box: Sequence[float] | None = None,
    circle: Sequence[float] | None = None,
    mirrors: Sequence[str] = (),
    attempts: int | None = None,
    refresh: bool = False,
    now: datetime,
    progress: Progress = silent,
) -> Fetched:
    """
    Download the streets and places of one area and keep them as a file.

    Parameters
    ----------
    out
        ``.osm``, ``.osm.gz`` or ``.osm.pbf``.
    place, box, circle
        One of them: a name; west, south, east, north (degrees); longitude, latitude (degrees) and radius (m).
    mirrors, attempts
        Overpass servers in place of the public ones; requests in all.
    refresh
        Ask again also where `out` exists.
    now
        The present, for the record beside the file.
    progress
        Is told the stages.

    Returns
    -------
    fetched
        What was kept.
    """
    servers = Servers()
    if mirrors:
        servers = replace(servers, mirrors=tuple(mirrors))
    if attempts is not None:
        servers = replace(servers, attempts=attempts)
    progress(_("asking OpenStreetMap"), 0, 1)
    if place is not None:
        area = box_of_place(place, servers=servers)
    elif circle is not None:
        area = box_around(*circle)
    else:
        area = Box(*(box or ()))
    return fetch_streets(area, out, now=now, servers=servers, refresh=refresh)

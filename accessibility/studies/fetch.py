"""Download an area from OpenStreetMap."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from accessibility.messages import _
from accessibility.outputs.writing import check_file_place
from accessibility.sources.overpass import Box, Fetched, Servers, box_around, box_of_place, fetch_streets
from accessibility.studies.progress import Progress, silent


@dataclass(frozen=True)
class AreaWish:
    """
    An area as a person names it: one of the three.

    Parameters
    ----------
    place
        Name of a place.
    box
        West, south, east, north (degrees).
    circle
        Longitude, latitude (degrees) and radius (m).
    """

    place: str | None = None
    box: tuple[float, ...] | None = None
    circle: tuple[float, ...] | None = None


def fetch_area(
    out: Path,
    area: AreaWish,
    *,
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
    area
        Where.
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

    Raises
    ------
    OutputError
        If `out` is a folder, a device or a pipe.
    """
    check_file_place(out.resolve())
    servers = Servers()
    if mirrors:
        servers = replace(servers, mirrors=tuple(mirrors))
    if attempts is not None:
        servers = replace(servers, attempts=attempts)
    progress(_("asking OpenStreetMap"), 0, 1)
    if area.place is not None:
        box = box_of_place(area.place, servers=servers)
    elif area.circle is not None:
        box = box_around(*area.circle)
    else:
        box = Box(*(area.box or ()))
    return fetch_streets(box, out, now=now, servers=servers, refresh=refresh)

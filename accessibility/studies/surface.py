"""How far is the nearest facility, all over an area?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.cells import Cells
from accessibility.model.reasons import REACHED
from accessibility.model.study import StreetUse, Study
from accessibility.outputs.maps.base_layer import base_layer
from accessibility.outputs.maps.map_frame import MapFrame
from accessibility.outputs.maps.surface_layers import surface_layer
from accessibility.outputs.maps.surface_map import surface_map
from accessibility.outputs.tables import write_geojson, write_gpkg
from accessibility.outputs.writing import check_not_input, staged_file
from accessibility.studies.block_parts import NearestParts, NearestRows
from accessibility.studies.catchment import write_catchments_file
from accessibility.studies.cells import SurfaceWish, surface_cells
from accessibility.studies.many import ReadyQuestion, Workforce, Written, gather, write_table
from accessibility.studies.nearest import check_rank
from accessibility.studies.on_streets import StreetOptions
from accessibility.studies.on_transit import TransitOptions
from accessibility.studies.progress import Progress, silent

TABLES = ("", ".csv", ".txt", ".parquet")
"""Endings of results that are written as they come."""

WHOLE = (".geojson", ".gpkg", ".html")
"""Endings of results that are made at the end."""


def write_surface_file(
    out: str | Path,
    options: StreetOptions | TransitOptions,
    wish: SurfaceWish,
    destinations: Path,
    *,
    rank: int = 1,
    workforce: Workforce | None = None,
    progress: Progress = silent,
) -> tuple[Written, Cells]:
    """
    Find the nearest (or n-th nearest) destination of every cell of an area and write it.

    Parameters
    ----------
    out
        ``.csv`` or a folder of Parquet parts, as for `accessibility.studies.many.write_table`; ``.geojson``,
        ``.gpkg``; ``.html``, a map that opens offline.
    options
        Streets or public transport, speeds, limits.
    wish
        What the surface is made of.
    destinations
        Table of destinations.
    rank
        1 for the nearest, 2 for the second nearest, and so on.
    workforce
        Who works; threads where not given.
    progress
        Is told the stages.

    Returns
    -------
    written, cells
        Counts and notices, and the cells.

    Raises
    ------
    UsageError
        If the rank, the area, the size of the cells or the format cannot be.
    """
    streets = options.streets if isinstance(options, TransitOptions) else options
    suffix = Path(out).suffix.lower()
    _check_format(out, suffix)
    check_not_input(out, [wish.origins, wish.area or None, destinations, streets.osm])
    check_rank(rank, destinations, streets.system)
    cells, notices = surface_cells(wish, streets)
    points = cells.points, destinations
    if suffix in TABLES or str(out).endswith("/"):
        at = np.stack([cells.points.lon, cells.points.lat])
        written = write_table(
            out, options, points, lambda parquet: NearestRows(rank, parquet, at=at),
            workforce=workforce, progress=progress,
        )  # fmt: skip
        return Written(written.n_rows, written.n_reached, (*notices, *written.notices)), cells
    if suffix == ".html":
        _check_drawable(cells, streets)
    with staged_file(out) as aside:
        asked, parts = gather(options, points, NearestParts(rank), workforce=workforce, progress=progress)
        table = replace(AccessTable.joined(parts), target=destinations.stem)
        progress(_("writing the result"), 0, 1)
        _write(aside, cells, (table, asked, options), rank)
    n_reached = int((table.reason == REACHED).sum())
    return Written(len(cells), n_reached, (*notices, *asked.ready.notices)), cells


def _write(
    aside: Path,
    cells: Cells,
    found: tuple[AccessTable, ReadyQuestion, StreetOptions | TransitOptions],
    rank: int,
) -> None:
    """Write a whole surface by the ending of its file."""
    table, asked, options = found
    suffix, places = aside.suffix.lower(), asked.ready.destinations
    if suffix == ".html":
        frame = MapFrame(
            _as_study(options, cells, asked), places, base_layer(asked.ready.streets), asked.provenance
        )
        surface_map(aside, frame, cells, table, asked.question.query, rank=rank)
    elif suffix == ".gpkg":
        write_gpkg(aside, [surface_layer(cells, table, places)], as_of="")
    else:
        write_geojson(aside, surface_layer(cells, table, places))


def _check_format(out: str | Path, suffix: str) -> None:
    if suffix not in (*TABLES, *WHOLE) and not str(out).endswith("/"):
        what = _("surfaces are written as {formats}", formats=", ".join((".csv", ".parquet", *WHOLE)))
        mend = _("Name the result with one of these endings.")
        raise UsageError(what, where=str(out), mend=mend, code="format")


def _check_drawable(cells: Cells, streets: StreetOptions) -> None:
    """Refuse a map of more points than a page can show; areas are bounded where they are cut."""
    most = int(streets.defaults().limits["max_grid_cells"])
    if len(cells) > most:
        what = _("a map shows {most} points at most; there are {n}", most=most, n=len(cells))
        mend = _("Write a table or a GIS layer: .csv, .parquet, .geojson, .gpkg.")
        raise UsageError(what, where="--origins", mend=mend, code="surface-too-many")


def write_surface_catchments_file(
    out: Path,
    options: StreetOptions | TransitOptions,
    wish: SurfaceWish,
    destinations: Path,
    cutoffs_s: Sequence[int],
    *,
    workforce: Workforce | None = None,
    progress: Progress = silent,
) -> tuple[Written, Cells]:
    """Write the catchments of all destinations over a surface; see `write_catchments_file`."""
    cells, notices = surface_cells(wish, options.streets if isinstance(options, TransitOptions) else options)
    written = write_catchments_file(
        out, options, (cells, destinations), cutoffs_s, workforce=workforce, progress=progress
    )
    return Written(written.n_rows, written.n_reached, (*notices, *written.notices)), cells


def _as_study(options: StreetOptions | TransitOptions, cells: Cells, asked: ReadyQuestion) -> Study:
    """Tell what was asked as the maps of studies are told."""
    streets = options.streets if isinstance(options, TransitOptions) else options
    lon = cells.ring_lon if len(cells.ring_lon) else cells.points.lon[cells.points.located]
    lat = cells.ring_lat if len(cells.ring_lat) else cells.points.lat[cells.points.located]
    dates = (date.fromisoformat(options.day),) if isinstance(options, TransitOptions) else ()
    return Study(
        folder=Path(),
        id="surface",
        name="",
        name_en="",
        asked=("", ""),
        area=(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())),
        crs=asked.ready.streets.crs,
        as_of=dates,
        streets_file=streets.osm.name,
        street_use=streets.use if streets.avoid is None else StreetUse(avoid=streets.avoid),
        places_files=(),
        origin_kinds=(),
        default_origin="",
        destination_kinds=(),
        targets=(),
        periods=(),
        questions=(),
        cell_m=cells.size,
        modes=(streets.mode,),
        max_duration_s=asked.question.query.max_duration_s,
        cutoffs_s=(),
    )

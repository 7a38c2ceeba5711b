"""Who reaches every facility within some minutes, and whose nearest is it?"""

from collections.abc import Sequence
from functools import reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model import reasons
from accessibility.model.catchments import Catchments
from accessibility.model.cells import POINTS, Cells
from accessibility.model.linkage import Attachment
from accessibility.model.places import Places
from accessibility.outputs.maps.surface_layers import catchment_areas, catchment_points, catchment_sheet
from accessibility.outputs.tables import write_csv, write_geojson, write_gpkg
from accessibility.outputs.writing import check_not_input, staged_file
from accessibility.sources.places import read_places
from accessibility.studies.block_parts import CatchmentParts
from accessibility.studies.many import ReadyQuestion, Workforce, Written, gather
from accessibility.studies.on_streets import StreetOptions
from accessibility.studies.on_transit import TransitOptions
from accessibility.studies.progress import Progress, silent

FORMATS = (".csv", ".geojson", ".gpkg")


def write_catchments_file(
    out: Path,
    options: StreetOptions | TransitOptions,
    points: tuple[Path | Cells, Path],
    cutoffs_s: Sequence[int],
    *,
    workforce: Workforce | None = None,
    progress: Progress = silent,
) -> Written:
    """
    Count who reaches every destination and write one row for each, whole or not at all.

    Parameters
    ----------
    out
        ``.csv``; ``.geojson`` or ``.gpkg``, in which the catchments of cells are areas and the destinations
        of other origins are points.
    options
        Streets or public transport, speeds, limits.
    points
        Table of origins, or the cells of a surface; table of destinations. A column ``count`` of the origins
        counts people.
    cutoffs_s
        Longest times (s), inclusive.
    workforce
        Who works; threads where not given.
    progress
        Is told the stages.

    Returns
    -------
    written
        How many destinations there are, how many of them anybody reaches, and what to know about the data.

    Raises
    ------
    UsageError
        If the format of `out` is none of these, or a limit lies beyond the longest duration.
    """
    suffix = out.suffix.lower()
    if suffix not in FORMATS:
        what = _("catchments are written as {formats}", formats=", ".join(FORMATS))
        mend = _("Name the result with one of these endings.")
        raise UsageError(what, where=str(out), mend=mend, code="format")
    _check_cutoffs(options, cutoffs_s)
    streets = options.streets if isinstance(options, TransitOptions) else options
    start, destinations = points
    cells = start if isinstance(start, Cells) else None
    origins = start.points if isinstance(start, Cells) else read_places(start, system=streets.system)
    check_not_input(out, [None if isinstance(start, Cells) else start, destinations, streets.osm])
    with_areas = cells is not None and cells.kind != POINTS and suffix != ".csv"
    people = origins.count if np.any(origins.count != 1) else None
    part = CatchmentParts(tuple(cutoffs_s), people, with_members=with_areas)
    with staged_file(out) as aside:
        asked, parts = gather(options, (origins, destinations), part, workforce=workforce, progress=progress)
        found = reduce(Catchments.plus, parts)
        _write(aside, found, asked, cells if with_areas else None)
    n_reached = int((found.n_within > 0).any(axis=(1, 2)).sum())
    return Written(len(found.destination_ids), n_reached, asked.ready.notices)


def _check_cutoffs(options: StreetOptions | TransitOptions, cutoffs_s: Sequence[int]) -> None:
    """Refuse limits up to which nobody is followed."""
    longest_s = options.query().max_duration_s
    if not cutoffs_s or min(cutoffs_s) <= 0 or max(cutoffs_s) > longest_s:
        what = _("the limits of a catchment lie above 0 and up to the longest travel time, {n} minutes",
                 n=f"{longest_s / 60:g}")  # fmt: skip
        mend = _("Raise --max-duration, or give shorter limits.")
        where = f"--catchment {','.join(f'{cutoff / 60:g}' for cutoff in cutoffs_s)}"
        raise UsageError(what, where=where, mend=mend, code="catchment-limit")


def _write(aside: Path, found: Catchments, asked: ReadyQuestion, cells: Cells | None) -> None:
    destinations = asked.ready.destinations
    sheet = catchment_sheet(found, destinations, _reasons(destinations, asked.ready.linkage.destinations))
    if aside.suffix.lower() == ".csv":
        write_csv(aside, sheet)
        return
    points = catchment_points(sheet, destinations)
    areas = None if cells is None else catchment_areas(found, cells, destinations)
    if aside.suffix.lower() == ".gpkg":
        write_gpkg(aside, [points] if areas is None else [areas, points], as_of="")
    else:
        write_geojson(aside, points if areas is None else areas)


def _reasons(destinations: Places, attached: Attachment) -> NDArray[np.int8]:
    reason = np.full(len(destinations), reasons.REACHED, np.int8)
    reason[~attached.linked] = reasons.DESTINATION_NOT_LINKED
    reason[~destinations.located] = reasons.DESTINATION_NO_POSITION
    return reason

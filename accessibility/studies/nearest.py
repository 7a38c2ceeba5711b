"""Which destination is nearest to every origin?"""

from pathlib import Path

from accessibility import measures
from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.provenance import Notice
from accessibility.outputs.plain import write_nearest
from accessibility.outputs.writing import check_csv_target, staged_file
from accessibility.studies.matrix import compute_matrix
from accessibility.studies.on_streets import StreetOptions, prepare
from accessibility.studies.on_transit import TransitOptions
from accessibility.studies.progress import Progress, silent


def write_nearest_file(
    out: Path,
    options: StreetOptions | TransitOptions,
    points: tuple[Path, Path],
    *,
    rank: int = 1,
    progress: Progress = silent,
) -> tuple[AccessTable, tuple[Notice, ...]]:
    """
    Find the nearest (or n-th nearest) destination of every origin and write it, whole or not at all.

    Parameters
    ----------
    out
        CSV file.
    options
        Streets, mode, speeds, limits.
    points
        Tables of origins and destinations.
    rank
        1 for the nearest, 2 for the second nearest, and so on.
    progress
        Is told the stages.

    Returns
    -------
    table, notices
        What was written, and what to know about the data.

    Raises
    ------
    UsageError
        If `rank` is below 1.
    """
    if rank < 1:
        raise UsageError(_("the rank counts from 1"), where=f"--rank {rank}", code="rank")
    streets = options.streets if isinstance(options, TransitOptions) else options
    check_csv_target(out, [*points, streets.osm])
    with staged_file(out) as aside:
        if isinstance(options, TransitOptions):
            times, ready = compute_matrix(options, *points, progress=progress)
            table = measures.nearest(times, target="destinations", rank=rank)
        else:
            ready = prepare(options, *points, progress)
            ids = (ready.origins.ids, ready.destinations.ids)
            table = measures.nearest_on_streets(
                ready.streets, ready.linkage, ready.query, ids, target="destinations", rank=rank
            )
        write_nearest(aside, table)
    return table, ready.notices

"""Which destination is nearest to every origin?"""

from pathlib import Path

from accessibility import measures
from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.provenance import Notice
from accessibility.model.transit_query import FROM_DEPARTURE
from accessibility.outputs.plain import write_nearest
from accessibility.outputs.writing import check_csv_target, staged_file
from accessibility.sources.places import read_places
from accessibility.studies.matrix import compute_matrix
from accessibility.studies.on_streets import StreetOptions
from accessibility.studies.on_transit import TransitOptions, compute_transit_nearest
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

    By public transport, counted from the departure, it is the one nearest at each minute, and percentiles are
    taken of those times; by the other definitions it is the one of the smallest percentile.

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
        If `rank` is below 1, or above the number of destinations.
    """
    if rank < 1:
        mend = _("1 is the nearest.")
        raise UsageError(_("the rank counts from 1"), where=f"--rank {rank}", mend=mend, code="rank")
    streets = options.streets if isinstance(options, TransitOptions) else options
    check_csv_target(out, [*points, streets.osm])
    if rank > 1 and rank > (n := len(read_places(points[1], system=streets.system))):
        what = _("there are {n} destinations; no origin has a nearest number {rank}", n=n, rank=rank)
        mend = _("Name a rank from 1 to {n}.", n=n)
        raise UsageError(what, where=f"--rank {rank}", mend=mend, code="rank")
    with staged_file(out) as aside:
        if isinstance(options, TransitOptions) and options.definition == FROM_DEPARTURE:
            by_minute, ready = compute_transit_nearest(options, *points, progress, rank=rank)
            table = measures.nearest_in_window(by_minute, target="destinations")
        else:
            times, ready = compute_matrix(options, *points, progress=progress)
            table = measures.nearest(times, target="destinations", rank=rank)
        write_nearest(aside, table)
    return table, ready.notices

"""Which destination is nearest to every origin?"""

from pathlib import Path

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.sources.places import read_places
from accessibility.studies.block_parts import NearestRows
from accessibility.studies.many import Workforce, Written, write_table
from accessibility.studies.on_streets import StreetOptions
from accessibility.studies.on_transit import TransitOptions
from accessibility.studies.progress import Progress, silent


def write_nearest_file(
    out: str | Path,
    options: StreetOptions | TransitOptions,
    points: tuple[Path, Path],
    *,
    rank: int = 1,
    workforce: Workforce | None = None,
    progress: Progress = silent,
) -> Written:
    """
    Find the nearest (or n-th nearest) destination of every origin block by block and write it as it comes.

    By public transport it is the one nearest at each minute, and percentiles are taken of those times.

    Parameters
    ----------
    out, workforce
        As for `accessibility.studies.many.write_table`.
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
    written
        Counts, and what to know about the data.

    Raises
    ------
    UsageError
        If `rank` is below 1, or above the number of destinations.
    """
    streets = options.streets if isinstance(options, TransitOptions) else options
    check_rank(rank, points[1], streets.system)

    def table(parquet: bool) -> NearestRows:
        return NearestRows(rank=rank, parquet=parquet)

    return write_table(out, options, points, table, workforce=workforce, progress=progress)


def check_rank(rank: int, destinations: Path, system: str) -> None:
    """
    Refuse a rank that no destination has.

    Parameters
    ----------
    rank
        1 for the nearest.
    destinations, system
        Table of destinations, and its coordinate system.

    Raises
    ------
    UsageError
        If `rank` is below 1, or above the number of destinations.
    """
    if rank < 1:
        mend = _("1 is the nearest.")
        raise UsageError(_("the rank counts from 1"), where=f"--rank {rank}", mend=mend, code="rank")
    if rank > 1 and rank > (n := len(read_places(destinations, system=system))):
        what = _("there are {n} destinations; no origin has a nearest number {rank}", n=n, rank=rank)
        mend = _("Name a rank from 1 to {n}.", n=n)
        raise UsageError(what, where=f"--rank {rank}", mend=mend, code="rank")

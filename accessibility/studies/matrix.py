"""How long from every origin to every destination?"""

from pathlib import Path

from accessibility.messages import _
from accessibility.model.travel_times import TravelTimes
from accessibility.studies.block_parts import MatrixRows
from accessibility.studies.many import Workforce, Written, write_table
from accessibility.studies.on_streets import Prepared, StreetOptions, prepare
from accessibility.studies.on_transit import TransitOptions, compute_transit
from accessibility.studies.progress import Progress, in_threads, silent
from accessibility.travel import travel_times


def compute_matrix(
    options: StreetOptions | TransitOptions,
    origins: Path,
    destinations: Path | None,
    *,
    progress: Progress = silent,
) -> tuple[TravelTimes, Prepared]:
    """
    Compute the travel times between two tables of points.

    Parameters
    ----------
    options
        Streets, mode, speeds, limits.
    origins, destinations
        Tables of points; origins to origins where no destinations are given.
    progress
        Is told the stages.

    Returns
    -------
    times, prepared
        Travel times, and everything they were computed from.
    """
    if isinstance(options, TransitOptions):
        return compute_transit(options, origins, destinations, progress)
    ready = prepare(options, origins, destinations, progress)
    times = travel_times(
        ready.streets,
        ready.linkage,
        ready.query,
        (ready.origins.ids, ready.destinations.ids),
        map_blocks=in_threads(_("travel times"), progress),
    )
    return times, ready


def write_matrix_file(
    out: str | Path,
    options: StreetOptions | TransitOptions,
    points: tuple[Path, Path | None],
    *,
    with_distance: bool = False,
    breakdown: bool = False,
    workforce: Workforce | None = None,
    progress: Progress = silent,
) -> Written:
    """
    Compute a matrix block by block and write it as it comes.

    Parameters
    ----------
    out, workforce
        As for `accessibility.studies.many.write_table`.
    options
        Streets, timetables, mode, speeds, limits.
    points
        Tables of origins and of destinations; origins to origins where there are none.
    progress
        Is told the stages.
    with_distance
        Whether to add the length of each way.
    breakdown
        Whether to add what each time by public transport consists of.

    Returns
    -------
    written
        Counts, and what to know about the data.
    """

    def table(parquet: bool) -> MatrixRows:
        return MatrixRows(with_distance=with_distance, breakdown=breakdown, parquet=parquet)

    return write_table(out, options, points, table, workforce=workforce, progress=progress)

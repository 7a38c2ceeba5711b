"""How long from every origin to every destination?"""

from pathlib import Path

from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.plain import write_matrix
from accessibility.outputs.writing import check_csv_target, staged_file
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
    out: Path,
    options: StreetOptions | TransitOptions,
    points: tuple[Path, Path | None],
    *,
    with_distance: bool = False,
    progress: Progress = silent,
) -> tuple[TravelTimes, tuple[Notice, ...]]:
    """
    Compute a matrix and write it, whole or not at all.

    Parameters
    ----------
    out
        CSV file.
    options, points, progress
        As for `compute_matrix`; points are origins and destinations.
    with_distance
        Whether to add the length of each way.

    Returns
    -------
    times, notices
        What was written, and what to know about the data.
    """
    streets = options.streets if isinstance(options, TransitOptions) else options
    check_csv_target(out, [*points, streets.osm])
    with staged_file(out) as aside:
        times, ready = compute_matrix(options, *points, progress=progress)
        write_matrix(aside, times, with_distance=with_distance)
    return times, ready.notices

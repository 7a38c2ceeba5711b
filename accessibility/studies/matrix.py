"""How long from every origin to every destination?"""

from collections.abc import Iterable
from pathlib import Path

from accessibility.messages import _
from accessibility.model.breakdown import OriginBreakdown
from accessibility.model.provenance import Notice
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.plain import write_matrix
from accessibility.outputs.writing import check_csv_target, staged_file
from accessibility.studies.breakdown import breakdowns
from accessibility.studies.on_streets import Prepared, StreetOptions, prepare
from accessibility.studies.on_transit import TransitOptions, compute_transit, prepare_transit, times_of
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
    breakdown: bool = False,
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
    breakdown
        Whether to add what each time by public transport consists of.

    Returns
    -------
    times, notices
        What was written, and what to know about the data.
    """
    streets = options.streets if isinstance(options, TransitOptions) else options
    check_csv_target(out, [*points, streets.osm])
    with staged_file(out) as aside:
        if breakdown and isinstance(options, TransitOptions):
            all_ready = prepare_transit(options, *points, progress)
            times, ready = times_of(all_ready, progress), all_ready.ready
            parts: Iterable[OriginBreakdown] | None = breakdowns(all_ready, progress)
        else:
            (times, ready), parts = compute_matrix(options, *points, progress=progress), None
        write_matrix(aside, times, with_distance=with_distance, breakdown=parts)
    return times, ready.notices

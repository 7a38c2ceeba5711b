"""How long from every origin to every destination?"""

from pathlib import Path

from accessibility.studies.many import Workforce, Written, write_table
from accessibility.studies.on_streets import StreetOptions
from accessibility.studies.on_transit import TransitOptions
from accessibility.studies.progress import Progress, silent
from accessibility.studies.questions import MatrixRows


def write_matrix_file(
    out: str | Path,
    options: StreetOptions | TransitOptions,
    points: tuple[Path, Path | None],
    *,
    with_distance: bool = False,
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

    Returns
    -------
    written
        Counts, and what to know about the data.
    """

    def table(parquet: bool) -> MatrixRows:
        return MatrixRows(with_distance=with_distance, parquet=parquet)

    return write_table(out, options, points, table, workforce=workforce, progress=progress)

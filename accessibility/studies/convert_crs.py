"""Where do these points lie in another coordinate system?"""

from pathlib import Path

from accessibility.model.provenance import Notice
from accessibility.outputs.writing import check_csv_target
from accessibility.sources.converting import convert_table


def convert_file(
    table: Path, out: Path, *, source: str, target: str
) -> tuple[int, float, tuple[Notice, ...]]:
    """
    Convert a table of points and write it, whole or not at all.

    Parameters
    ----------
    table
        CSV, XLSX, GeoJSON or GPKG with positions.
    out
        CSV file; never `table` itself.
    source, target
        Coordinate systems.

    Returns
    -------
    n_converted, mean_shift_m, notices
        How many points moved, by how many metres on average, and what to know about the rest.
    """
    check_csv_target(out, [table])
    return convert_table(table, out, source_system=source, target_system=target)

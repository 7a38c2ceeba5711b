"""Where do these points lie in another coordinate system?"""

from pathlib import Path

from accessibility.outputs.sheets import Sheet
from accessibility.outputs.tables import write_csv
from accessibility.outputs.writing import check_csv_target, staged_file
from accessibility.sources.converting import Converted, converted_table


def convert_file(table: Path, out: Path, *, source: str, target: str = "wgs84") -> Converted:
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
    converted
        What was written, by how many metres the points moved, and what to know about the rest.
    """
    check_csv_target(out, [table])
    converted = converted_table(table, source_system=source, target_system=target)
    with staged_file(out) as aside:
        write_csv(aside, Sheet("points", "", converted.columns, converted.rows))
    return converted

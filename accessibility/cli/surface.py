"""``accessibility surface``: how far is the nearest destination, all over an area?"""

from pathlib import Path
from typing import Any

import click

from accessibility.cli import terminal
from accessibility.cli.nearest import written_line
from accessibility.cli.options import (
    catchment_limits,
    definition_line,
    many_options,
    nearest_options,
    street_options,
    transit_from,
    transit_options,
)
from accessibility.messages import _


@click.command("surface", help=_("The time to the nearest destination all over an area: table, GIS, map."))
@street_options
@transit_options
@click.option("--area", default="", metavar="W,S,E,N|FILE",
              help=_("Area to cut into cells: a box in the system of the points, or polygons (.geojson, "
                     ".gpkg); that of the study where not given."))  # fmt: skip
@click.option("--cell-m", type=float, metavar="M",
              help=_("Side of the squares in metres, 500 where not given; they lie in --crs, "
                     "such as EPSG:4549 (CGCS2000)."))  # fmt: skip
@click.option("--h3", type=int, metavar="R",
              help=_("H3 cells of a resolution from 0 to 15, in place of squares."))  # fmt: skip
@click.option("--origins", type=click.Path(path_type=Path), metavar="FILE",
              help=_("Points in place of an area: id,lon,lat."))  # fmt: skip
@nearest_options
@many_options(_("Where to write: ….csv, ….geojson, ….gpkg, ….html (a map), or Parquet: ….parquet, DIR/."))
def command(destinations: Path, rank: int, out: str, **given: Any) -> None:
    """Compute and write; then say what was written."""
    from accessibility.studies.cells import SurfaceWish
    from accessibility.studies.many import Workforce
    from accessibility.studies.surface import write_surface_catchments_file, write_surface_file

    workforce = Workforce(scheduler=given.pop("scheduler"), n_workers=given.pop("workers"))
    cutoffs_s = catchment_limits(given.pop("catchment"), rank)
    wished = {name: given.pop(name) for name in ("origins", "area", "cell_m", "h3")}
    options, study = transit_from(given)
    if study is not None and wished["origins"] is None and not wished["area"]:
        wished |= {"area": ",".join(map(str, study.area)), "area_system": "wgs84"}
    wish = SurfaceWish(**wished)
    with terminal.progress_shown() as progress:
        if cutoffs_s:
            written, cells = write_surface_catchments_file(
                Path(out), options, wish, destinations, cutoffs_s, workforce=workforce, progress=progress
            )
        else:
            written, cells = write_surface_file(
                out, options, wish, destinations, rank=rank, workforce=workforce, progress=progress
            )
    terminal.show_notices(written.notices)
    terminal.show_line(_("{n} cells", n=len(cells)))
    terminal.show_line(written_line(written, out, catchments=bool(cutoffs_s)))
    if line := definition_line(options):
        terminal.show_line(line)

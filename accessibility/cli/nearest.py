"""``accessibility nearest``: which destination is nearest to every origin?"""

from pathlib import Path
from typing import Any

import click

from accessibility.cli import terminal
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


@click.command("nearest", help=_("The nearest destination of every origin, as a table; or catchments."))
@street_options
@transit_options
@click.option("--origins", type=click.Path(path_type=Path), required=True, metavar="FILE",
              help=_("Points people start from: id,lon,lat."))  # fmt: skip
@nearest_options
@many_options()
def command(origins: Path, destinations: Path, rank: int, out: str, **street: Any) -> None:
    """Compute and write; then say what was written."""
    from accessibility.studies.catchment import write_catchments_file
    from accessibility.studies.many import Workforce
    from accessibility.studies.nearest import write_nearest_file

    workforce = Workforce(scheduler=street.pop("scheduler"), n_workers=street.pop("workers"))
    cutoffs_s = catchment_limits(street.pop("catchment"), rank)
    options, _study = transit_from(street)
    points = origins, destinations
    with terminal.progress_shown() as progress:
        if cutoffs_s:
            written = write_catchments_file(
                Path(out), options, points, cutoffs_s, workforce=workforce, progress=progress
            )
        else:
            written = write_nearest_file(
                out, options, points, rank=rank, workforce=workforce, progress=progress
            )
    terminal.show_notices(written.notices)
    terminal.show_line(written_line(written, out, catchments=bool(cutoffs_s)))
    if line := definition_line(options):
        terminal.show_line(line)


def written_line(written: Any, out: str, *, catchments: bool) -> str:
    """Say how many rows were written, and how many of them have an answer."""
    counts = {"n": written.n_rows, "reached": written.n_reached, "out": out}
    if catchments:
        return _("{n} destinations, {reached} of them within reach of an origin: {out}", **counts)
    return _("{n} origins, {reached} reach a destination: {out}", **counts)

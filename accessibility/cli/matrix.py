"""``accessibility matrix``: how long from every origin to every destination?"""

from pathlib import Path
from typing import Any

import click

from accessibility.cli import terminal
from accessibility.cli.options import (
    definition_line,
    many_options,
    street_options,
    transit_from,
    transit_options,
)
from accessibility.messages import _


@click.command("matrix", help=_("Travel times from every origin to every destination, as a table."))
@street_options
@transit_options
@click.option("--origins", type=click.Path(path_type=Path), required=True, metavar="FILE",
              help=_("Points people start from: id,lon,lat."))  # fmt: skip
@click.option("--destinations", type=click.Path(path_type=Path), metavar="FILE",
              help=_("Points people go to; the origins where not given."))  # fmt: skip
@click.option("--with-distance", is_flag=True, help=_("Add the length of each way (km)."))
@click.option("--breakdown", is_flag=True,
              help=_("For public transport: add the parts of each time (min), rides and lines."))  # fmt: skip
@many_options()
def command(
    origins: Path,
    destinations: Path | None,
    with_distance: bool,
    breakdown: bool,
    out: str,
    **street: Any,
) -> None:
    """Compute and write; then say what was written."""
    from accessibility.studies.many import Workforce
    from accessibility.studies.matrix import write_matrix_file

    workforce = Workforce(scheduler=street.pop("scheduler"), n_workers=street.pop("workers"))
    options, _study = transit_from(street)
    from accessibility.studies.on_transit import TransitOptions

    if breakdown and not isinstance(options, TransitOptions):
        raise click.UsageError(_("--breakdown is for public transport: --gtfs"))
    with terminal.progress_shown() as progress:
        written = write_matrix_file(
            out,
            options,
            (origins, destinations),
            with_distance=with_distance,
            breakdown=breakdown,
            workforce=workforce,
            progress=progress,
        )
    terminal.show_notices(written.notices)
    terminal.show_line(
        _("{n} pairs, {reached} reached: {out}", n=written.n_rows, reached=written.n_reached, out=out)
    )
    if line := definition_line(options):
        terminal.show_line(line)

"""``accessibility nearest``: which destination is nearest to every origin?"""

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


@click.command("nearest", help=_("The nearest destination of every origin, as a table."))
@street_options
@transit_options
@click.option("--origins", type=click.Path(path_type=Path), required=True, metavar="FILE",
              help=_("Points people start from: id,lon,lat."))  # fmt: skip
@click.option("--destinations", type=click.Path(path_type=Path), required=True, metavar="FILE",
              help=_("Points of which the nearest counts."))  # fmt: skip
@click.option(
    "--rank", type=int, default=1, show_default=True, help=_("1 for the nearest, 2 for the second …")
)
@many_options
def command(origins: Path, destinations: Path, rank: int, out: str, **street: Any) -> None:
    """Compute and write; then say what was written."""
    from accessibility.studies.many import Workforce
    from accessibility.studies.nearest import write_nearest_file

    workforce = Workforce(scheduler=street.pop("scheduler"), n_workers=street.pop("workers"))
    options, _study = transit_from(street)
    with terminal.progress_shown() as progress:
        written = write_nearest_file(
            out, options, (origins, destinations), rank=rank, workforce=workforce, progress=progress
        )
    terminal.show_notices(written.notices)
    terminal.show_line(
        _(
            "{n} origins, {reached} reach a destination: {out}",
            n=written.n_rows,
            reached=written.n_reached,
            out=out,
        )
    )
    if line := definition_line(options):
        terminal.show_line(line)

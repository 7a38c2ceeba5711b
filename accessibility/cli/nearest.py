"""``accessibility nearest``: which destination is nearest to every origin?"""

from pathlib import Path
from typing import Any

import click

from accessibility.cli import terminal
from accessibility.cli.options import (
    definition_line,
    output_option,
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
@output_option
def command(origins: Path, destinations: Path, rank: int, out: Path, **street: Any) -> None:
    """Compute and write; then say what was written."""
    from accessibility.studies.nearest import write_nearest_file

    options, _study = transit_from(street)
    with terminal.progress_shown() as progress:
        table, notices = write_nearest_file(
            out, options, (origins, destinations), rank=rank, progress=progress
        )
    terminal.show_notices(notices)
    n_reached = int((table.reason == 0).sum())
    terminal.show_line(
        _(
            "{n} origins, {reached} reach a destination: {out}",
            n=len(table.reason),
            reached=n_reached,
            out=out,
        )
    )
    if line := definition_line(options):
        terminal.show_line(line)

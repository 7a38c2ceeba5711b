"""``accessibility isochrone``: how far does one get within some minutes?"""

from pathlib import Path
from typing import Any

import click

from accessibility.cli import terminal
from accessibility.cli.options import minutes, output_option, street_options, transit_from, transit_options
from accessibility.messages import _


@click.command("isochrone", help=_("The area that can be reached within some minutes, as polygons."))
@street_options
@transit_options
@click.option("--origins", type=click.Path(path_type=Path), metavar="FILE",
              help=_("Points people start from: id,lon,lat."))  # fmt: skip
@click.option("--at", metavar="LON,LAT", help=_("One point to start from, in place of a table."))
@click.option("--minutes", "cutoffs", default="15,30,45", show_default=True, metavar="LIST",
              help=_("Travel times in minutes."))  # fmt: skip
@click.option("--level", type=click.Choice(("low", "mid", "high")), default="mid", show_default=True,
              help=_("For driving: shortest, middle or longest times."))  # fmt: skip
@output_option
def command(origins: Path | None, at: str | None, cutoffs: str, level: str, out: Path, **street: Any) -> None:
    """Draw and write; then say what was written."""
    if (origins is None) == (at is None):
        raise click.UsageError(_("give either --origins or --at"))
    seconds = minutes(cutoffs)
    from accessibility.studies.isochrone import write_isochrones_file

    if street["max_duration"] is None:
        street["max_duration"] = max(seconds) / 60
    start: Path | str = at or origins or ""
    options, _study = transit_from(street)
    with terminal.progress_shown() as progress:
        drawn, notices = write_isochrones_file(
            out, options, start, cutoffs_s=seconds, level=level, progress=progress
        )
    terminal.show_notices(notices)
    terminal.show_line(_("{n} areas: {out}", n=len(drawn), out=out))

"""``accessibility compare``: who gains and who loses by a scenario, and what it costs."""

from pathlib import Path
from typing import Any

import click

from accessibility.cli.options import comparison_options
from accessibility.messages import _


@click.command("compare", help=_("Before and after a scenario: who gains, who loses, what it costs."))
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--scenario", "files", type=click.Path(path_type=Path), multiple=True, required=True,
              metavar="FILE", help=_("Scenario file; may be repeated."))  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help=_("Folder for pages, maps, tables.")
)
@comparison_options
@click.option("--people", type=click.Path(path_type=Path), metavar="FILE",
              help=_("Table of places with a number of people: lon, lat, count."))  # fmt: skip
@click.option("--system", default="wgs84", show_default=True, metavar="NAME",
              help=_("Coordinate system of the people: wgs84, gcj02, bd09, cgcs2000, EPSG:n."))  # fmt: skip
def command(study: Path, files: tuple[Path, ...], out: Path | None, **asked: Any) -> None:
    """Print the findings on standard output; write pages, maps and tables where a folder is named."""
    from accessibility.cli import terminal
    from accessibility.studies.comparing.files import CompareOptions, compare_files

    with terminal.progress_shown() as progress:
        told = compare_files(study, files, CompareOptions(**asked), out=out, progress=progress)
    for line in told:
        click.echo(line)
    if out is not None:
        page = out / "index.html" if len(files) > 1 else out / files[0].stem / "index.html"
        click.echo(_("The result lies here; open it in a browser: {page}", page=page))

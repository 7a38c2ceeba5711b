"""``accessibility convert-crs``: a table of points from one coordinate system to another."""

from pathlib import Path

import click

from accessibility.cli import terminal
from accessibility.cli.options import output_option
from accessibility.messages import _


@click.command("convert-crs", help=_("Convert a table of points from one coordinate system to another."))
@click.argument("table", type=click.Path(path_type=Path))
@click.option(
    "--from", "source", required=True, metavar="NAME", help=_("System of the points: wgs84, gcj02, bd09 …")
)
@click.option("--to", "target", default="wgs84", show_default=True, metavar="NAME", help=_("System wanted."))
@output_option
def command(table: Path, source: str, target: str, out: Path) -> None:
    """Convert and write; then say by how many metres the points moved."""
    from accessibility.sources.coordinates import parse_system
    from accessibility.studies.convert_crs import convert_file

    converted = convert_file(table, out, source=source, target=target)
    terminal.show_notices(converted.notices)
    if parse_system(target) != "wgs84":
        terminal.show_line(_("To read the result, state its system: --system {target}", target=target))
    shift = f"{converted.mean_shift_m:.1f}"
    terminal.show_line(
        _("{n} points converted from {source} to {target}, moved by {shift} m on average: {out}",
          n=converted.n_converted, source=source, target=target, shift=shift, out=out)
    )  # fmt: skip

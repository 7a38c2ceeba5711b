"""``accessibility check``: everything that is wrong with some files."""

from pathlib import Path

import click

from accessibility.cli import terminal
from accessibility.messages import _


@click.command("check", help=_("Tell everything that is wrong with files of streets, places, or a study."))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--system", default="wgs84", show_default=True, metavar="NAME",
              help=_("Coordinate system of the points: wgs84, gcj02, bd09, cgcs2000, EPSG:n."))  # fmt: skip
@click.option("--osm", type=click.Path(path_type=Path), metavar="FILE",
              help=_("Streets to hold the places against."))  # fmt: skip
@click.option("--all", "everything", is_flag=True, help=_("List every notice instead of grouping like ones."))
@click.pass_context
def command(
    ctx: click.Context, files: tuple[Path, ...], system: str, osm: Path | None, everything: bool
) -> None:
    """Print notices on standard output; exit 1 where one is an error."""
    from accessibility.model.provenance import group_notices
    from accessibility.studies.check import check_everything

    notices = check_everything(files, system=system, osm=osm)
    shown = group_notices(notices, examples=len(notices) or 1) if everything else group_notices(notices)
    for notice in shown:
        click.echo(terminal.notice_line(notice))
    errors = sum(notice.count for notice in notices if notice.severity == "error")
    warnings = sum(notice.count for notice in notices if notice.severity == "warning")
    click.echo(
        _(
            "{files} files: {errors} errors, {warnings} warnings",
            files=len(files),
            errors=errors,
            warnings=warnings,
        )
    )
    ctx.exit(1 if errors else 0)

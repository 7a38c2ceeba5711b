"""``accessibility new``: a study of another area."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from accessibility.cli import terminal
from accessibility.cli.options import numbers
from accessibility.messages import _


@click.command("new", help=_("Make a study of another area: a folder with study.toml, streets and places."))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--osm", type=click.Path(path_type=Path), metavar="FILE", help=_("Streets: .osm.pbf, .osm or .osm.gz.")
)
@click.option("--place", metavar="NAME", help=_("Name of a place, downloaded from OpenStreetMap."))
@click.option("--bbox", metavar="W,S,E,N", help=_("Box in degrees; with --osm the part of it to study."))
@click.option("--as-of", metavar="DATE",
              help=_("Date the study is about, like 2021-05-21; today where not given."))  # fmt: skip
@click.option("--name", metavar="TEXT", help=_("Name of the study; that of the folder where not given."))
def command(
    folder: Path,
    osm: Path | None,
    place: str | None,
    bbox: str | None,
    as_of: str | None,
    name: str | None,
) -> None:
    """Make the folder; then say how to go on."""
    if osm is not None and place is not None:
        raise click.UsageError(_("give either --osm or --place"))
    if osm is None and place is None and bbox is None:
        raise click.UsageError(_("give one of --osm, --place and --bbox"))
    box = numbers(bbox, count=4, example="121.09,31.23,121.36,31.40") if bbox else None
    now = datetime.now(UTC)
    day = _day(as_of) if as_of else now.date()
    from accessibility.studies.fetch import AreaWish
    from accessibility.studies.new import new_study

    with terminal.progress_shown() as progress:
        file, notices = new_study(folder, AreaWish(place, box), osm=osm, as_of=day, name=name, now=now,
                         progress=progress)  # fmt: skip
    terminal.show_notices(notices)
    terminal.show_line(
        _("The study is ready; look it through and run it: accessibility run {file}", file=file)
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = _("a date is written like 2019-05-13, a time like 14:00")
        raise click.BadParameter(message, param_hint="'--as-of'") from error

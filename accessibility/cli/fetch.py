"""``accessibility fetch``: streets and places from OpenStreetMap, on a connected computer."""

from datetime import UTC, datetime
from pathlib import Path

import click

from accessibility.cli import terminal
from accessibility.cli.options import numbers, output_option
from accessibility.messages import _


@click.command("fetch", help=_("Download streets and places of an area from OpenStreetMap (Overpass)."))
@click.option("--place", metavar="NAME", help=_("Name of a place, looked up at Nominatim."))
@click.option("--bbox", metavar="W,S,E,N", help=_("Box in degrees."))
@click.option("--around", metavar="LON,LAT,M", help=_("Around a point, radius in metres."))
@click.option(
    "--mirror", "mirrors", multiple=True, metavar="URL", help=_("Overpass server; may be repeated.")
)
@click.option("--attempts", type=click.IntRange(1, 50), help=_("Requests in all before giving up."))
@click.option("--refresh", is_flag=True, help=_("Ask again also where the file exists."))
@output_option
def command(
    place: str | None,
    bbox: str | None,
    around: str | None,
    mirrors: tuple[str, ...],
    attempts: int | None,
    refresh: bool,
    out: Path,
) -> None:
    """Download and keep; then say what was kept."""
    if sum(area is not None for area in (place, bbox, around)) != 1:
        raise click.UsageError(_("give one of --place, --bbox and --around"))
    box = numbers(bbox, count=4, example="121.09,31.23,121.36,31.40") if bbox else None
    circle = numbers(around, count=3, example="121.257,31.277,3000") if around else None
    from accessibility.studies.fetch import AreaWish, fetch_area

    with terminal.progress_shown() as progress:
        kept = fetch_area(
            out, AreaWish(place, box, circle), mirrors=mirrors, attempts=attempts, refresh=refresh,
            now=datetime.now(UTC), progress=progress,
        )  # fmt: skip
    how = _("used again") if kept.reused else _("downloaded")
    terminal.show_line(
        _("{how}: {out}, from {server}, {date}, SHA-256 {hash}",
          how=how, out=out, server=kept.server, date=kept.date, hash=kept.sha256)
    )  # fmt: skip

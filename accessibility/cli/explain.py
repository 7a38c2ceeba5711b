"""``accessibility explain``: one journey, part by part."""

from pathlib import Path
from typing import Any

import click

from accessibility.cli import terminal
from accessibility.cli.options import street_options, transit_from, transit_options
from accessibility.messages import _


@click.command(
    "explain", help=_("One journey with its roads or lines in words; its parts add up to the reported time.")
)
@street_options
@transit_options
@click.option(
    "--places", type=click.Path(path_type=Path), metavar="FILE", help=_("Table that holds the places named.")
)
@click.option("--from", "start", required=True, metavar="ID|LON,LAT", help=_("Where the journey begins."))
@click.option("--to", "goal", required=True, metavar="ID|LON,LAT", help=_("Where it ends."))
@click.option("--level", type=click.Choice(("low", "mid", "high")), default="mid", show_default=True,
              help=_("For driving: shortest, middle or longest times."))  # fmt: skip
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE",
              help=_("For public transport: also a map (.html) or legs as lines (.geojson)."))  # fmt: skip
def command(places: Path | None, start: str, goal: str, level: str, out: Path | None, **street: Any) -> None:
    """Print the journey on standard output."""
    options, study = transit_from(street)
    from accessibility.studies.load import study_places
    from accessibility.studies.on_transit import TransitOptions

    known = places if study is None or places is not None else study_places(study)
    if isinstance(options, TransitOptions):
        _by_transit(options, known, (start, goal), out)
        return
    if out is not None:
        raise click.UsageError(_("-o is for public transport: --gtfs"))
    from accessibility.outputs.journey_words import journey_lines, no_journey_lines
    from accessibility.studies.explain import explain_between

    with terminal.progress_shown() as progress:
        explanation, ends, query = explain_between(
            options, known, (start, goal), level=level, progress=progress
        )
    terminal.show_notices(explanation.notices)
    lines = no_journey_lines(explanation.reason, query, ends)
    if explanation.journey is not None:
        lines = [*(lines if explanation.reason else []), *journey_lines(explanation.journey, ends)]
    for line in lines:
        click.echo(line)


def _by_transit(options: Any, known: Any, ends: tuple[str, str], out: Path | None) -> None:
    from accessibility.outputs.transit_words import all_lines
    from accessibility.studies.explain_transit import check_target, explain_transit, write_explanation

    if out is not None:
        check_target(out, options, known)
    with terminal.progress_shown() as progress:
        told, ready = explain_transit(options, known, ends, progress=progress)
    terminal.show_notices(ready.ready.notices)
    for line in all_lines(told.journeys, told.duration_s, told.obstacle, told.ends, ready.query):
        click.echo(line)
    if out is not None:
        write_explanation(out, told)
        terminal.show_line(_("written: {out}", out=out))

"""``accessibility explain``: one journey, part by part."""

from pathlib import Path
from typing import Any

import click

from accessibility.cli import terminal
from accessibility.cli.options import options_from, street_options
from accessibility.messages import _


@click.command(
    "explain", help=_("One journey with its roads in words; its parts add up to the reported time.")
)
@street_options
@click.option(
    "--places", type=click.Path(path_type=Path), metavar="FILE", help=_("Table that holds the places named.")
)
@click.option("--from", "start", required=True, metavar="ID|LON,LAT", help=_("Where the journey begins."))
@click.option("--to", "goal", required=True, metavar="ID|LON,LAT", help=_("Where it ends."))
@click.option("--level", type=click.Choice(("low", "mid", "high")), default="mid", show_default=True,
              help=_("For driving: shortest, middle or longest times."))  # fmt: skip
def command(places: Path | None, start: str, goal: str, level: str, **street: Any) -> None:
    """Print the journey on standard output."""
    from accessibility.outputs.journey_words import journey_lines, no_journey_lines
    from accessibility.studies.explain import explain_between
    from accessibility.studies.load import study_places

    options, study = options_from(street)
    known = places if study is None or places is not None else study_places(study)
    with terminal.progress_shown() as progress:
        explanation, ends, query = explain_between(
            options, known, (start, goal), level=level, progress=progress
        )
    if options.cache is not None:
        terminal.show_notices(options.cache.notices)
    lines = no_journey_lines(explanation.reason, query, ends)
    if explanation.journey is not None:
        lines = [*(lines if explanation.reason else []), *journey_lines(explanation.journey, ends)]
    for line in lines:
        click.echo(line)

"""``accessibility export-gtfs``: lines, as they are or as a scenario makes them, as a GTFS feed."""

from pathlib import Path
from typing import Any

import click

from accessibility.cli import terminal
from accessibility.cli.options import output_option
from accessibility.cli.scenario import files_from, network_options
from accessibility.messages import _


@click.command("export-gtfs", help=_("Write lines, as they are or as a scenario makes them, as a GTFS feed."))
@click.argument("study_file", metavar="[STUDY]", required=False, type=click.Path(path_type=Path))
@network_options
@click.option("--scenario", type=click.Path(path_type=Path), metavar="FILE",
              help=_("Scenario to apply before; none: as the lines are."))  # fmt: skip
@output_option
def command(study_file: Path | None, scenario: Path | None, out: Path, **network: Any) -> None:
    """Write the feed; then say what it holds."""
    from accessibility.studies.export_gtfs import export_gtfs

    if study_file is not None:
        if network["study"] is not None:
            raise click.UsageError(_("the study is named twice"))
        network["study"] = study_file
    timetable, notices = export_gtfs(out, files_from(network), scenario)
    terminal.show_notices(notices)
    terminal.show_line(
        _("{routes} lines, {trips} trips, {stops} stops: {out}", routes=len(timetable.route_ids),
          trips=len(timetable.trip_ids), stops=len(timetable.stop_ids), out=out)
    )  # fmt: skip

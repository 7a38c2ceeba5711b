"""``accessibility import-plan``: an operator's driving plan as line sheets."""

from pathlib import Path

import click

from accessibility.cli import terminal
from accessibility.cli.options import output_option
from accessibility.messages import _


@click.command("import-plan", help=_("Read an operator's driving plan (.xls, .xlsx) into line sheets."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by-run-time", is_flag=True,
              help=_("One service per run time instead of one per direction and day type."))  # fmt: skip
@output_option
def command(file: Path, by_run_time: bool, out: Path) -> None:
    """Read and write; then hold the departures read against the numbers that the plan states."""
    from accessibility.outputs.scenario.words import day_text
    from accessibility.studies.import_plan import import_plan

    plan = import_plan(file, out, by_run_time=by_run_time)
    terminal.show_notices(plan.provenance.notices)
    for check in plan.checks:
        beside = f" + {check.stated_beside}" if check.stated_beside else ""
        days, stated = check.day_label or day_text(check.days), f"{check.stated}{beside}"
        if check.stated is None:
            text = _("{line} {days}: {listed} departures read, none stated",
                     line=check.line, days=days, listed=check.listed)  # fmt: skip
        else:
            text = _("{line} {days}: {listed} departures read, {stated} stated",
                     line=check.line, days=days, listed=check.listed, stated=stated)  # fmt: skip
        terminal.show_line(text)
    terminal.show_line(_("Stops and positions are to be filled in: {out}", out=out))

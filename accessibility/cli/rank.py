"""``accessibility rank``: a folder of scenarios in order."""

from pathlib import Path

import click

from accessibility.messages import _


@click.command("rank", help=_("Order a folder of scenarios by minutes saved and by what they take."))
@click.argument("study", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
def command(study: Path, folder: Path) -> None:
    """Print one line per scenario on standard output, the one that saves most first."""
    from accessibility.studies.rank import rank_folder

    for number, row in enumerate(rank_folder(study, folder), start=1):
        text = _(
            "{number}. {scenario}: {saved} min saved over all squares and targets, {newly} newly reached, "
            "{lost} no longer, {hours} vehicle-hours more",
            number=number,
            scenario=row.scenario,
            saved=f"{row.saved_min:.0f}",
            newly=row.n_newly,
            lost=row.n_lost,
            hours=f"{row.vehicle_hours:+.1f}",
        )
        marks = [_("Pareto: no other saves as much for less")] if row.pareto else []
        marks += [_("assumed")] if row.assumed else []
        click.echo(" · ".join([text, *marks]))

"""``accessibility rank``: a folder of scenarios, or a sweep, in order."""

from pathlib import Path

import click

from accessibility.messages import _


@click.command("rank", help=_("Order scenarios by minutes saved and by what they take."))
@click.argument("study", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--sweep", type=click.Path(path_type=Path), metavar="FILE",
              help=_("Sweep file in place of a folder: candidate stops and headways."))  # fmt: skip
@click.option("--by", type=click.Choice(("saved", "cost", "pareto")), default="saved", show_default=True,
              help=_("Order: minutes saved, vehicle-hours, or the Pareto front first."))  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help=_("Folder for table, chart and page."))  # fmt: skip
def command(study: Path, folder: Path | None, sweep: Path | None, by: str, out: Path | None) -> None:
    """Print one line per scenario on standard output; write table, chart and page where a folder is named."""
    from accessibility.cli import terminal
    from accessibility.studies.comparing.rank import rank_files, rank_input

    with terminal.progress_shown() as progress:
        told = rank_files(study, rank_input(folder, sweep), by=by, out=out, progress=progress)
    for line in told:
        click.echo(line)
    if out is not None:
        click.echo(_("The result lies here; open it in a browser: {page}", page=out / "index.html"))

"""``accessibility ranges``: a scenario with ranges as intervals, and what matters most."""

from pathlib import Path
from typing import Any

import click

from accessibility.cli import terminal
from accessibility.cli.options import comparison_options
from accessibility.messages import _


@click.command("ranges", help=_("Intervals of a scenario with ranges, and which range matters most."))
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--scenario", "file", type=click.Path(path_type=Path), required=True, metavar="FILE",
              help=_("Scenario file with [[range]] tables."))  # fmt: skip
@click.option("--samples", "n_samples", type=int, metavar="N",
              help=_("Runs of the Latin hypercube sample; as in the scenario, else as in the limits."),
              )  # fmt: skip
@click.option("--seed", type=int, metavar="N",
              help=_("Seed of the sample; as in the scenario, else as in the limits."))  # fmt: skip
@click.option("--out", "-o", type=click.Path(path_type=Path), metavar="DIR",
              help=_("Folder for the page, the charts and the tables."))  # fmt: skip
@comparison_options
def command(
    study: Path, file: Path, n_samples: int | None, seed: int | None, out: Path | None, **asked: Any
) -> None:
    """Print the findings on standard output; write page, charts and tables where a folder is named."""
    from accessibility.studies.comparing.files import CompareOptions
    from accessibility.studies.comparing.range_files import RangeOptions, compare_range_file

    options = RangeOptions(CompareOptions(**asked), n_samples, seed)
    with terminal.progress_shown() as progress:
        lines = compare_range_file(study, file, options, out=out, progress=progress)
    for line in lines:
        click.echo(line)
    if out is not None:
        click.echo(_("The result lies here; open it in a browser: {page}", page=out / "index.html"))

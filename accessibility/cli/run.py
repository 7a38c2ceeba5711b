"""``accessibility run``: the main job."""

from pathlib import Path

import click

from accessibility.cli import terminal
from accessibility.cli.options import cache_option, network_cache
from accessibility.messages import _


@click.command("run", help=_("Compute a study and write its maps, tables and page of findings."))
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help=_("Folder for the result; out/<study> where not given."))  # fmt: skip
@cache_option
def command(study: Path | None, out: Path | None, no_cache: bool) -> None:
    """Run; then say where the result lies and what to know about it."""
    from accessibility.outputs.finding_words import finding_lines
    from accessibility.sources.study_file import read_study
    from accessibility.studies.data_folder import data_folder
    from accessibility.studies.run import run_study

    settings = read_study(study if study is not None else data_folder() / "anting")
    target = out if out is not None else Path("out") / settings.id
    with terminal.progress_shown() as progress:
        result = run_study(settings, target, progress=progress, cache=network_cache(no_cache=no_cache))
    terminal.show_notices(result.notices)
    for finding in result.findings:
        terminal.show_line(f"{finding.question.id}  {finding.question.quote}")
        for line in finding_lines(finding.answers):
            terminal.show_line(f"  {line}")
    click.echo(_("The result lies here; open it in a browser: {page}", page=result.out / "index.html"))

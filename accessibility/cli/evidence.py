"""``accessibility evidence``: claims with their words."""

from pathlib import Path

import click

from accessibility.cli import terminal
from accessibility.messages import _


@click.command("evidence", help=_("Hold the claims of a study against computed figures and say what holds."))
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--out", "-o", type=click.Path(path_type=Path), metavar="DIR",
              help=_("Folder for the result; out/<study>-evidence where not given."))  # fmt: skip
def command(study: Path | None, out: Path | None) -> None:
    """Run; then say every claim's word and where the evidence lies."""
    from accessibility.outputs.evidence.words import claim_word_text
    from accessibility.sources.study_file import read_study
    from accessibility.studies.data_folder import data_folder
    from accessibility.studies.evidence.files import evidence_study

    settings = read_study(study if study is not None else data_folder() / "anting")
    target = out if out is not None else Path("out") / f"{settings.id}-evidence"
    with terminal.progress_shown() as progress:
        result = evidence_study(settings, target, progress=progress)
    terminal.show_notices(result.notices)
    for verdict in result.evidence.verdicts:
        word = claim_word_text(verdict.claim, verdict.word)
        terminal.show_line(f"{verdict.claim.id}  {word}  {verdict.claim.quote}")
    click.echo(_("The evidence lies here: {page}", page=result.out / "evidence.html"))

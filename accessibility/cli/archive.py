"""``accessibility archive``: a study with everything needed to run it again, as one zip."""

from pathlib import Path

import click

from accessibility.cli import terminal
from accessibility.messages import _


@click.command("archive", help=_("Pack a study, its inputs, its results and the versions used into one zip."))
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--results", type=click.Path(path_type=Path), multiple=True, metavar="DIR",
              help=_("Folder of results; may be repeated; out/<study> where not given."))  # fmt: skip
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE.zip",
              help=_("Where to write; out/<study>.zip where not given."))  # fmt: skip
@click.option("--inputs", type=click.Choice(["copy", "hash"]), default="copy", show_default=True,
              help=_("Pack the inputs, or only their hashes and where they lie."))  # fmt: skip
def command(study: Path | None, results: tuple[Path, ...], out: Path | None, inputs: str) -> None:
    """Pack; then say what the zip holds and how it is checked."""
    from accessibility.sources.study_file import read_study
    from accessibility.studies.archiving.pack import archive_study
    from accessibility.studies.data_folder import data_folder

    folder = study if study is not None else data_folder() / "anting"
    study_id = read_study(folder).id
    chosen = results or (Path("out") / study_id,)
    target = out if out is not None else Path("out") / f"{study_id}.zip"
    with terminal.progress_shown() as progress:
        made = archive_study(folder, chosen, target, copy_inputs=inputs == "copy", progress=progress)
    if made.hashed:
        terminal.show_line(_("{n} inputs are known by their hash only; keep them.", n=len(made.hashed)))
    click.echo(_("Packed: {n} files in {path}", n=made.n_files, path=made.path))
    terminal.show_line(_("Anybody checks it with: accessibility verify {path}", path=made.path.name))

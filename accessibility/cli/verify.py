"""``accessibility verify``: run an archive again and compare what comes out, byte for byte."""

from pathlib import Path

import click

from accessibility.cli import terminal
from accessibility.messages import _


@click.command("verify", help=_("Run an archive again and compare its results byte for byte."))
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--out", "-o", type=click.Path(path_type=Path), metavar="DIR",
              help=_("Folder to keep what was packed and made again; else it is removed."))  # fmt: skip
@click.option("--inputs-from", type=click.Path(path_type=Path), metavar="DIR",
              help=_("Folder with the inputs of which the archive holds only the hashes."))  # fmt: skip
@click.pass_context
def command(context: click.Context, archive: Path, out: Path | None, inputs_from: Path | None) -> None:
    """Verify; end with 0 only where every file came out the same."""
    from accessibility.outputs.archive_sheets import check_text, environment_lines, verification_text
    from accessibility.studies.archiving.verify import verify_archive

    with terminal.progress_shown() as progress:
        found = verify_archive(archive, out=out, inputs_from=inputs_from, progress=progress)
    for check in found.checks:
        click.echo(check_text(check))
    differing = environment_lines(found)
    if differing:
        terminal.show_line(_("Installed otherwise than when it was packed:"))
    for line in differing:
        terminal.show_line(f"  {line}")
    click.echo(verification_text(found))
    if not found.same:
        context.exit(1)

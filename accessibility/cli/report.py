"""``accessibility report``: the annex to a reply."""

from pathlib import Path

import click

from accessibility import messages
from accessibility.cli import terminal
from accessibility.cli.options import cache_option, network_cache
from accessibility.messages import _


@click.command(
    "report", help=_("Write the annex to a reply: Word, web page, workbook, maps, and PDF if possible.")
)
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--out", "-o", type=click.Path(path_type=Path), metavar="DIR",
              help=_("Folder for the result; out/<study>-report where not given."))  # fmt: skip
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("A Word document whose layout and fields are used in place of the annex's own."),
)
@click.option("--lang", type=click.Choice(messages.LANGUAGES), expose_value=False,
              help=_("Language of the report: zh (default) or en."))  # fmt: skip
@click.option(
    "--pdf/--no-pdf", default=True, help=_("Print a PDF where Chromium, Chrome or Edge is installed.")
)
@cache_option
def command(study: Path | None, out: Path | None, template: Path | None, pdf: bool, no_cache: bool) -> None:
    """Write; then say where the report lies and what to know about it."""
    from accessibility.sources.study_file import read_study
    from accessibility.studies.data_folder import data_folder
    from accessibility.studies.report import report_study

    settings = read_study(study if study is not None else data_folder() / "anting")
    target = out if out is not None else Path("out") / f"{settings.id}-report"
    cache = network_cache(no_cache=no_cache)
    with terminal.progress_shown() as progress:
        result = report_study(settings, target, template=template, pdf=pdf, progress=progress, cache=cache)
    terminal.show_notices(result.notices)
    click.echo(_("The report lies here: {file}", file=result.out / "report.docx"))

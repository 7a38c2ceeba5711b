"""``accessibility serve``: the workbench in the browser."""

from pathlib import Path

import click

from accessibility.messages import _


@click.command("serve", help=_("Open the workbench: draw or bend a bus line, see who gains and who loses."))
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True,
              help=_("Port to listen on; 0 for a free one."))  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True,
              help=_("Address to listen on; beyond this computer the printed token is needed."))  # fmt: skip
@click.option("--scenarios", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help=_("Folder of the scenario files; scenarios/ beside the study."))  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 16), default=1, show_default=True,
              help=_("Processes that compute; each holds the study in memory."))  # fmt: skip
@click.option("--no-browser", is_flag=True, help=_("Do not open a browser."))
def command(
    study: Path | None, port: int, host: str, scenarios: Path | None, workers: int, no_browser: bool
) -> None:
    """Serve until interrupted."""
    from accessibility.workbench.server import serve

    serve(study, host=host, port=port, scenarios=scenarios, n_workers=workers, browser=not no_browser)

"""Listening: a socket, an address to open, and a token where other computers can ask."""

import asyncio
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import click

from accessibility.errors import OutputError, UsageError
from accessibility.messages import _, system_reason
from accessibility.workbench.guard import LOOPBACK, Access

NEEDED = ("starlette", "uvicorn", "tomli_w")
GRACE_S = 2


def serve(
    study: Path | None,
    *,
    host: str,
    port: int,
    scenarios: Path | None,
    n_workers: int,
    browser: bool,
    say: Callable[[str], object] = click.echo,
) -> None:
    """
    Serve the workbench until interrupted.

    Parameters
    ----------
    study
        Folder or file of the study; the Anting study where not given.
    host, port
        Where to listen; port 0 takes a free one.
    scenarios
        Folder of the scenario files; ``scenarios`` beside the study where not given, in the present folder
        for the Anting study that comes with the program.
    n_workers
        Worker processes.
    browser
        Whether to open a browser.
    say
        Tells the address.

    Raises
    ------
    UsageError
        If the libraries of the extra ``web`` are missing.
    OutputError
        If the port cannot be listened on.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        what = _("the workbench needs libraries that are not installed: {names}", names=", ".join(missing))
        mend = _("Install them: pip install 'accessibility[web]'")
        raise UsageError(what, mend=mend, code="extra-missing")
    import uvicorn

    from accessibility.workbench.app import ServerSettings, make_app

    folder = scenarios or _beside(study) / "scenarios"
    listener = _listener(host, port)
    bound = int(listener.getsockname()[1])
    token = "" if host in LOOPBACK else secrets.token_urlsafe(24)
    app = make_app(ServerSettings(study, folder, Access(host, bound, token), n_workers))
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{bound}/" + (f"?token={token}" if token else "")
    say(_("The workbench runs here: {address}", address=address))
    say(_("Scenarios are kept in {folder}. Stop with Ctrl-C.", folder=folder.resolve()))
    if browser:
        threading.Timer(0.8, webbrowser.open, (address,)).start()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=GRACE_S
    )
    with listener, suppress(KeyboardInterrupt):
        asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
    say(_("The workbench has ended; the scenarios stay in {folder}.", folder=folder.resolve()))


def _beside(study: Path | None) -> Path:
    """Return the folder of a study, the present one for the study that comes with the program."""
    if study is None:
        return Path()
    _check_study(study)
    return study if study.is_dir() else study.parent


def _check_study(where: Path) -> None:
    file = where / "study.toml" if where.is_dir() else where
    if not file.is_file():
        what, mend = _("there is no study here"), _("Name a folder with a study.toml, or the file itself.")
        raise UsageError(what, where=str(where), mend=mend, code="study-missing")


def _listener(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        what = _("the address cannot be listened on: {why}", why=system_reason(error))
        mend = _("Choose another port with --port, or 0 for a free one.")
        raise OutputError(what, where=f"{host}:{port}", mend=mend, code="port") from error

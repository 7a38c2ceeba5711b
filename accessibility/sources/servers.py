"""Asking servers patiently: several mirrors, growing pauses, and a clear word at the end."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import requests
import tenacity

import accessibility
from accessibility.errors import OfflineError
from accessibility.messages import _

MIRRORS = (
    "https://overpass-api.de/api",
    "https://overpass.private.coffee/api",
    "https://maps.mail.ru/osm/tools/overpass/api",
)
"""Public servers, from the page *Overpass API* of the OpenStreetMap wiki; asked in this order."""

NOMINATIM = "https://nominatim.openstreetmap.org"

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Servers:
    """
    Whom to ask, how often and how long.

    Parameters
    ----------
    mirrors
        Overpass servers, without ``/interpreter``; each failure moves on to the next.
    nominatim
        Server that knows place names.
    attempts
        Requests in all before giving up.
    timeout_s
        How long a server may think, and be silent (s).
    pause_s, longest_pause_s
        Wait (s) once every mirror has failed; doubled every time, up to the longest. A server that says how
        long to wait is obeyed up to the longest.
    cache_folder
        Where answers about place names are kept; nowhere where not given.
    sleep
        What waits.
    """

    mirrors: tuple[str, ...] = MIRRORS
    nominatim: str = NOMINATIM
    attempts: int = 6
    timeout_s: float = 180.0
    pause_s: float = 5.0
    longest_pause_s: float = 60.0
    cache_folder: Path | None = None
    sleep: Callable[[float], None] = time.sleep


PUBLIC_SERVERS = Servers()
"""The public servers, asked with the patience they ask for."""


class Refused(Exception):
    """A server gave no usable answer."""

    def __init__(self, why: str, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


def patiently(servers: Servers, addresses: Sequence[str], ask: Callable[[str], _Answer]) -> _Answer:
    """Ask one server after the other, then again with growing pauses, until one answers or patience ends."""
    said: dict[str, Refused] = {}
    turns: list[str] = []

    def once() -> _Answer:
        turns.append(addresses[len(turns) % len(addresses)])
        try:
            return ask(turns[-1])
        except Refused as refusal:
            said[turns[-1]] = refusal
            raise

    def pause_s(_state: tenacity.RetryCallState) -> float:
        rounds, place = divmod(len(turns), len(addresses))
        if not rounds:
            return 0.0
        grown_s = servers.pause_s * 2 ** (rounds - 1) if place == 0 else 0.0
        return min(max(grown_s, said[addresses[place]].retry_after_s), servers.longest_pause_s)

    patience = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(max(servers.attempts, 1)),
        wait=pause_s,
        retry=tenacity.retry_if_exception_type(Refused),
        sleep=servers.sleep,
        reraise=True,
    )
    try:
        return patience(once)
    except Refused as error:
        raise OfflineError(
            _("no server gives a usable answer"),
            where="; ".join(f"{address}: {refusal}" for address, refusal in said.items()),
            mend=_(
                "Download an extract (.osm.pbf) on a connected machine, e.g. from download.geofabrik.de, "
                "and use that file."
            ),
            code="offline",
        ) from error


def check_status(answer: Any) -> None:
    """
    Accept an answer of a server, by its status.

    Raises
    ------
    Refused
        If the status is not 200; a time to wait that the server names goes with it.
    """
    if answer.status_code == 200:
        return
    after = answer.headers.get("Retry-After", "")
    raise Refused(
        _("answers {status} {reason}", status=answer.status_code, reason=answer.reason or ""),
        float(after) if after.isdecimal() else 0.0,
    )


def request_headers() -> dict[str, str]:
    """Say who asks, as the servers want to know."""
    version = getattr(accessibility, "__version__", "")
    return {"User-Agent": f"accessibility/{version} (street network download)"}


def failure_words(error: Exception) -> str:
    """Say in a few words why a request failed."""
    if isinstance(error, requests.Timeout):
        return _("does not answer in time")
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return _("stopped in the middle of its answer")
    if isinstance(error, requests.exceptions.ProxyError):
        return _("the proxy gives no connection")
    if isinstance(error, requests.ConnectionError):
        return _("cannot be reached")
    return type(error).__name__

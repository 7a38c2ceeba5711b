"""What stands before every request: host, origin, token, size, and the headers of every answer."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from accessibility.messages import _, speaking

MAX_BODY = 1_000_000
"""Bytes of a request."""
MAX_UPLOAD = 4_200_000
"""Bytes of a request with files: three million of their own, written as text."""
UPLOADS = "/api/imports"

COOKIE = "accessibility-token"
LANGUAGE_COOKIE = "accessibility-language"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SAFE = ("GET", "HEAD")

HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


@dataclass(frozen=True)
class Access:
    """
    Who may ask.

    Parameters
    ----------
    host, port
        Where the server listens.
    token
        Secret that every request must carry; ``""`` where only this computer can ask.
    """

    host: str
    port: int
    token: str = ""

    def knows_host(self, stated: str) -> bool:
        """Say whether a ``Host`` header names this server; guards against names that are led here."""
        try:
            parts = urlsplit(f"//{stated}")
            name, port = parts.hostname, parts.port
        except ValueError:
            return False
        if not name or parts.path or parts.username is not None:
            return False
        if self.host in LOOPBACK:
            return name in LOOPBACK and (port or 80) == self.port
        return self.host in ("0.0.0.0", "::") or name == self.host.lower()


class Guard:
    """
    Lets a request through to the program, or answers it.

    Parameters
    ----------
    app
        The program.
    access
        Who may ask.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app, self.access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        language = self._language(scope, headers)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        with speaking(language):
            scope["state"] = {**scope.get("state", {}), "language": language}
            refusal = self._refusal(scope, headers)
            if refusal is not None:
                await _answer(send_guarded, *refusal)
                return
            if await self._enter_by_token(scope, send_guarded):
                return
            body = b""
            if scope["method"] not in SAFE:
                limit = _limit(scope)
                whole = await _body(receive, limit)
                if whole is None:
                    what = _("the request is larger than {limit} bytes", limit=limit)
                    await _answer(send_guarded, 413, "too-large", what)
                    return
                body = whole
            await self.app(scope, _given(body, receive), send_guarded)

    def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, str, str] | None:
        """Say why a request is not let through: status, code, words."""
        if not self.access.knows_host(headers.get("host", "")):
            return 421, "host", _("this server is not known under that name")
        origin = headers.get("origin")
        if origin is not None and origin not in (f"http://{headers['host']}", f"https://{headers['host']}"):
            return 403, "origin", _("requests from other pages are not answered")
        if headers.get("sec-fetch-site", "none") == "cross-site" and scope["path"] != "/":
            return 403, "origin", _("requests from other pages are not answered")
        if self.access.token and not self._has_token(scope, headers):
            return 401, "token", _("open the address with the token that the server printed when it started")
        if scope["method"] not in SAFE:
            length, limit = headers.get("content-length", "0"), _limit(scope)
            if not length.isdecimal() or int(length) > limit:
                return 413, "too-large", _("the request is larger than {limit} bytes", limit=limit)
            if scope["method"] != "DELETE" and not headers.get("content-type", "").startswith(
                "application/json"
            ):
                return 415, "not-json", _("requests are JSON (application/json)")
        return None

    def _has_token(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        given = [_cookie(headers, COOKIE), headers.get("authorization", "").removeprefix("Bearer ")]
        given += parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        return any(hmac.compare_digest(one.encode(), self.access.token.encode()) for one in given)

    async def _enter_by_token(self, scope: Scope, send: Send) -> bool:
        """Turn a token in the address into a cookie, so that it does not stay in the address."""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if not self.access.token or scope["path"] != "/" or "token" not in query:
            return False
        rest = urlencode({key: values[0] for key, values in query.items() if key != "token"})
        cookie = f"{COOKIE}={self.access.token}; Path=/; HttpOnly; SameSite=Strict"
        location = "/" + (f"?{rest}" if rest else "")
        start = [(b"location", location.encode("latin-1")), (b"set-cookie", cookie.encode())]
        await send({"type": "http.response.start", "status": 303, "headers": start})
        await send({"type": "http.response.body", "body": b""})
        return True

    def _language(self, scope: Scope, headers: Mapping[str, str]) -> str:
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
        return "en" if (asked or _cookie(headers, LANGUAGE_COOKIE)) == "en" else "zh"


def _cookie(headers: Mapping[str, str], name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _limit(scope: Scope) -> int:
    return MAX_UPLOAD if scope["path"] == UPLOADS else MAX_BODY


async def _body(receive: Receive, limit: int) -> bytes | None:
    """Read a body up to the limit; ``None`` beyond it."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        size += len(message.get("body", b""))
        if size > limit:
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _given(body: bytes, receive: Receive) -> Receive:
    """Hand a body that has been read to the program."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _answer(send: Send, status: int, code: str, what: str) -> None:
    body = json.dumps({"error": {"code": code, "what": what, "mend": ""}}, ensure_ascii=False).encode()
    kind = [(b"content-type", b"application/json; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": kind})
    await send({"type": "http.response.body", "body": body})

"""The server: pages, static files and the JSON that the page works with."""

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from xstatic.pkg import leaflet

from accessibility.messages import _
from accessibility.workbench.api import jobs as job_api
from accessibility.workbench.api import scenarios as scenario_api
from accessibility.workbench.guard import LANGUAGE_COOKIE, Access, Guard
from accessibility.workbench.jobs import Jobs
from accessibility.workbench.problems import RequestError
from accessibility.workbench.store import Store
from accessibility.workbench.templating import rendered
from accessibility.workbench.words import page_words

PLAIN = ("leaflet.js", "map.js")
"""Scripts that are no modules; the others are loaded together, not one after the other."""


@dataclass(frozen=True)
class ServerSettings:
    """
    What a server is started with.

    Parameters
    ----------
    study
        Folder of the study, or its file; ``None`` for the Anting study.
    scenarios
        Folder of the scenario files.
    access
        Where it listens and who may ask.
    n_workers
        Worker processes.
    """

    study: Path | None
    scenarios: Path
    access: Access
    n_workers: int = 1


def make_app(settings: ServerSettings) -> ASGIApp:
    """Make the server's program; workers start with it and end with it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.jobs = Jobs(settings.study, n_workers=settings.n_workers)
        app.state.jobs.start()
        yield
        await app.state.jobs.stop()

    app = Starlette(
        routes=[
            Route("/", page),
            Route("/static/{name}", static_file),
            Route("/api/openapi.json", openapi),
            *scenario_api.ROUTES,
            *job_api.ROUTES,
        ],
        exception_handlers={RequestError: _refused, 404: _unknown, 405: _unknown, 500: _defect},
        lifespan=lifespan,
    )
    app.state.store = Store(settings.scenarios)
    app.state.static = static_files()
    app.state.modules = sorted(
        name for name in app.state.static if name.endswith(".js") and name not in PLAIN
    )
    return Guard(app, settings.access)


def static_files() -> dict[str, tuple[bytes, str]]:
    """
    Read everything the page loads: name -> content and media type.

    Returns
    -------
    files
        Whatever a request names is looked up here and nowhere else.
    """
    own = [one for one in (resources.files("accessibility.workbench") / "static").iterdir() if one.is_file()]
    maps = resources.files("accessibility.outputs") / "templates"
    found = {one.name: one.read_bytes() for one in own}
    found |= {name: (maps / name).read_bytes() for name in ("map.js", "map.css")}
    folder = Path(leaflet.BASE_DIR)
    script = (folder / "leaflet.js").read_bytes().split(b"//# sourceMappingURL=")[0]
    found |= {"leaflet.js": script, "leaflet.css": (folder / "leaflet.css").read_bytes()}
    kinds = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
    return {
        name: (content, kinds.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain")
        for name, content in found.items()
    }


async def page(request: Request) -> Response:
    """Give the page in the language asked for."""
    language = request.scope["state"]["language"]
    html = rendered(
        "page.html.j2",
        lang="en" if language == "en" else "zh-CN",
        language=language,
        words=page_words(),
        modules=request.app.state.modules,
    )
    answer = Response(html, media_type="text/html", headers={"cache-control": "no-store"})
    if "lang" in request.query_params:
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 86400, samesite="strict", httponly=True)
    return answer


async def static_file(request: Request) -> Response:
    """Give a file that the page loads."""
    found = request.app.state.static.get(request.path_params["name"])
    if found is None:
        raise RequestError(404, "unknown", _("there is nothing of this address"))
    content, kind = found
    return Response(content, media_type=kind, headers={"cache-control": "no-cache"})


async def openapi(_request: Request) -> Response:
    """Give the description of the JSON that the server speaks."""
    text = (resources.files("accessibility.workbench") / "api" / "openapi.json").read_bytes()
    return Response(text, media_type="application/json")


async def _refused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestError):
        raise error
    return JSONResponse(error.as_data(), status_code=error.status)


async def _unknown(_request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    what = (
        _("there is nothing of this address") if status == 404 else _("this cannot be done with this address")
    )
    return JSONResponse(RequestError(status, "unknown", what).as_data(), status_code=status)


async def _defect(_request: Request, error: Exception) -> Response:
    what = _("the program failed at a place it should not: {kind}: {error}",
             kind=type(error).__name__, error="")  # fmt: skip
    return JSONResponse(RequestError(500, "defect", what).as_data(), status_code=500)

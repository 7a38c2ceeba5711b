"""Scenarios: list, make, read, replace, delete, and their earlier versions."""

from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from accessibility.messages import _
from accessibility.workbench.drafts import Draft, as_toml, checked, parsed
from accessibility.workbench.problems import RequestError
from accessibility.workbench.store import Store


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def _etag(request: Request) -> str:
    """
    Return which state of the scenario a request is about.

    Raises
    ------
    RequestError
        428 if it does not say.
    """
    stated = request.headers.get("if-match", "").strip('" ')
    if not stated:
        what = _("the request does not say which state of the scenario it replaces (If-Match)")
        raise RequestError(428, "if-match", what)
    return stated


async def _draft(request: Request) -> Draft:
    return checked(parsed(await request.body()))


def _whole(stored: Any, status: int = 200) -> Response:
    return JSONResponse(stored.whole(), status_code=status, headers={"etag": f'"{stored.etag}"'})


async def list_scenarios(request: Request) -> Response:
    """Give the heads of all scenarios."""
    every = await to_thread.run_sync(_store(request).everything)
    return JSONResponse({"scenarios": [one.head() for one in every]})


async def create(request: Request) -> Response:
    """Write a new scenario."""
    draft = await _draft(request)
    return _whole(await to_thread.run_sync(_store(request).create, draft), 201)


async def read(request: Request) -> Response:
    """Give a scenario."""
    return _whole(await to_thread.run_sync(_store(request).read, request.path_params["scenario"]))


async def save(request: Request) -> Response:
    """Replace a scenario."""
    etag, draft = _etag(request), await _draft(request)
    scenario = request.path_params["scenario"]
    return _whole(await to_thread.run_sync(_store(request).save, scenario, draft, etag))


async def delete(request: Request) -> Response:
    """Take a scenario away."""
    etag, scenario = _etag(request), request.path_params["scenario"]
    await to_thread.run_sync(_store(request).delete, scenario, etag)
    return Response(status_code=204)


async def toml(request: Request) -> Response:
    """Give a scenario as the file that the command line reads."""
    stored = await to_thread.run_sync(_store(request).read, request.path_params["scenario"])
    if stored.problem:
        raise RequestError(422, "scenario-damaged", stored.problem)
    name = f'attachment; filename="{stored.id}.toml"'
    return Response(
        as_toml(checked(stored.draft)), media_type="application/toml", headers={"content-disposition": name}
    )


async def versions(request: Request) -> Response:
    """Give the heads of earlier versions."""
    found = await to_thread.run_sync(_store(request).versions, request.path_params["scenario"])
    return JSONResponse({"versions": found})


async def version(request: Request) -> Response:
    """Give an earlier version."""
    asked = request.path_params
    return _whole(await to_thread.run_sync(_store(request).version, asked["scenario"], asked["number"]))


ROUTES = [
    Route("/api/scenarios", list_scenarios, methods=["GET"]),
    Route("/api/scenarios", create, methods=["POST"]),
    Route("/api/scenarios/{scenario}", read, methods=["GET"]),
    Route("/api/scenarios/{scenario}", save, methods=["PUT"]),
    Route("/api/scenarios/{scenario}", delete, methods=["DELETE"]),
    Route("/api/scenarios/{scenario}/toml", toml, methods=["GET"]),
    Route("/api/scenarios/{scenario}/versions", versions, methods=["GET"]),
    Route("/api/scenarios/{scenario}/versions/{number:int}", version, methods=["GET"]),
]

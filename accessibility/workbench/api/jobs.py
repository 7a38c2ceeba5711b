"""Computations: put a question, follow it, fetch the answer, stop it."""

import asyncio
import base64
import math
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from accessibility.messages import _
from accessibility.workbench.drafts import checked, parsed
from accessibility.workbench.guard import UPLOADS
from accessibility.workbench.jobs import DONE, FAILED, Job, Jobs
from accessibility.workbench.problems import RequestError

LONG = {"measure": False, "ride": False, "difference": False,
        "compare": True, "reach": True, "journey": True, "export": True}  # fmt: skip
"""Kinds of question; the short ones are answered in between."""

FORMATS = {"csv": "csv", "xlsx": "xlsx", "tables": "zip", "gpkg": "gpkg", "gtfs": "zip", "plan": "xlsx",
           "html": "html"}  # fmt: skip
"""What can be exported, with the ending of the file."""
MAX_FILES = 8
MAX_POSITIONS = 200
MAX_WAIT_S = 25.0


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


async def study(request: Request) -> Response:
    """Give the study; waits until it is loaded."""
    jobs = _jobs(request)
    try:
        await asyncio.wait_for(jobs.loaded.wait(), MAX_WAIT_S)
    except TimeoutError as error:
        what = _("the study is still being loaded")
        raise RequestError(503, "loading", what, mend=_("Try again in a minute.")) from error
    if jobs.study_data is None:
        broken = jobs.broken or {}
        what, mend, notices = broken.get("what", ""), broken.get("mend", ""), broken.get("notices", [])
        raise RequestError(500, "study-broken", what, mend=mend, notices=notices)
    headers = {"content-encoding": "gzip", "cache-control": "no-store"}
    return Response(jobs.study_data, media_type="application/json", headers=headers)


async def state(request: Request) -> Response:
    """Say how busy the workers are."""
    return JSONResponse(_jobs(request).state())


async def ask(request: Request) -> Response:
    """Put a question."""
    asked = _question(parsed(await request.body()))
    kind = str(asked.pop("kind"))
    job = _jobs(request).ask(kind, asked, request.scope["state"]["language"], long=LONG[kind])
    return JSONResponse(job.head(), status_code=202)


def _question(asked: Any) -> dict[str, Any]:
    """Check the shape of a question; whether its settings name anything is said by the worker."""
    if not isinstance(asked, dict) or asked.get("kind") not in LONG:
        raise RequestError(422, "question", _("there is no such question"))
    kept = {"kind": asked["kind"]}
    if asked["kind"] == "ride":
        kept["positions"] = [_position(one) for one in _list(asked.get("positions"), MAX_POSITIONS)]
        return kept
    kept["scenario"] = checked(asked.get("scenario"))
    if asked["kind"] == "difference":
        kept["other"] = checked(asked.get("other"))
        return kept
    kept["settings"] = checked({"name": "-", **_table(asked.get("settings", {}))})
    if asked["kind"] == "reach":
        kept["lon"], kept["lat"] = _position([asked.get("lon"), asked.get("lat")])
    if asked["kind"] == "journey":
        kept["cell"] = str(asked.get("cell", ""))[:100]
    if asked["kind"] == "export":
        kept["format"] = _format(asked.get("format"))
    return kept


async def take_in(request: Request) -> Response:
    """Put the question what changes some files make; the files come as base64."""
    asked = parsed(await request.body())
    if not isinstance(asked, dict):
        raise RequestError(422, "import-files", _("files are a list of {{name, content}}"))
    files = [_upload(one) for one in _some(asked.get("files"))]
    kept = {key: str(asked.get(key, ""))[:100] for key in ("system", "route") if asked.get(key)}
    question = {"files": files, **kept}
    job = _jobs(request).ask("import", question, request.scope["state"]["language"], long=True)
    return JSONResponse(job.head(), status_code=202)


def _some(value: Any) -> list[Any]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_FILES:
        raise RequestError(422, "import-files", _("choose 1 to {most} files", most=MAX_FILES))
    return value


def _upload(value: Any) -> dict[str, str]:
    good = isinstance(value, dict) and isinstance(value.get("name"), str)
    if not good or not isinstance(value.get("content"), str):
        raise RequestError(422, "import-files", _("files are a list of {{name, content}}"))
    try:
        base64.b64decode(value["content"], validate=True)
    except ValueError as error:
        raise RequestError(422, "import-files", _("a file is not written as base64")) from error
    return {"name": value["name"][:200], "content": value["content"]}


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RequestError(422, "settings", _("settings are an object"))
    return {
        key: one for key, one in value.items() if key in ("as_of", "period", "percentile", "mode", "targets")
    }


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or not 2 <= len(value) <= most:
        raise RequestError(422, "positions", _("a course has 2 to {most} positions", most=most))
    return value


def _position(value: Any) -> tuple[float, float]:
    good = isinstance(value, list) and len(value) == 2 and all(type(one) in (int, float) for one in value)
    if not good or not (math.isfinite(value[0]) and math.isfinite(value[1])):
        raise RequestError(422, "position", _("a position is [lon, lat] in degrees"))
    if abs(value[0]) > 180 or abs(value[1]) > 90:
        raise RequestError(422, "position", _("a position is [lon, lat] in degrees"))
    return float(value[0]), float(value[1])


def _format(value: Any) -> str:
    if not isinstance(value, str) or value not in FORMATS:
        choices = ", ".join(FORMATS)
        what = _("there is no format {format}; there are {choices}", format=str(value)[:40], choices=choices)
        raise RequestError(422, "format", what)
    return value


def _job(request: Request) -> Job:
    return _jobs(request).job(request.path_params["number"])


async def follow(request: Request) -> Response:
    """Give the state of a job; with ``wait`` only when something has changed, or after so many seconds."""
    job = _job(request)
    try:
        wait_s = min(float(request.query_params.get("wait", "0")), MAX_WAIT_S)
    except ValueError:
        wait_s = 0.0
    if wait_s > 0 and not job.over:
        with suppress(TimeoutError):
            await asyncio.wait_for(job.changed.wait(), wait_s)
    return JSONResponse(job.head())


async def result(request: Request) -> Response:
    """Give the answer of a job."""
    job = _job(request)
    if job.state == FAILED:
        error = job.error or {}
        return JSONResponse({"error": error}, status_code=422 if error.get("code") != "defect" else 500)
    if job.state != DONE or job.answer is None:
        raise RequestError(409, "not-ready", _("there is no answer yet"))
    media, content = job.answer
    headers = {"cache-control": "no-store"}
    if job.kind == "export":
        kind = job.asked["format"]
        headers["content-disposition"] = f'attachment; filename="{kind}.{FORMATS[kind]}"'
    return Response(content, media_type=media, headers=headers)


async def cancel(request: Request) -> Response:
    """Stop a job."""
    job = _job(request)
    _jobs(request).cancel(job)
    return JSONResponse(job.head())


ROUTES = [
    Route("/api/study", study, methods=["GET"]),
    Route("/api/state", state, methods=["GET"]),
    Route("/api/jobs", ask, methods=["POST"]),
    Route(UPLOADS, take_in, methods=["POST"]),
    Route("/api/jobs/{number:int}", follow, methods=["GET"]),
    Route("/api/jobs/{number:int}", cancel, methods=["DELETE"]),
    Route("/api/jobs/{number:int}/result", result, methods=["GET"]),
]

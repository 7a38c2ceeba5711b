"""Scenarios as they come from a page: JSON, checked for size and kind, and the TOML file they become.

A draft has the shape of a scenario file (docs/scenarios.md): ``name``, ``note``, ``mark``, ``as_of`` and
a list ``modification``, each with a ``type`` and, where it is switched off, ``enabled: false``. Whether the
settings are known and make sense is said by the reader of the command line, and by nothing else.
"""

import json
import math
import tempfile
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import tomli_w

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.scenario import Scenario
from accessibility.sources.scenario_file import read_scenario
from accessibility.workbench.problems import RequestError, notices_data

Draft = dict[str, Any]

MAX_BYTES = 1_000_000
MAX_MODIFICATIONS = 200
MAX_ITEMS = 500
"""Entries of one list: stops, bands, departures."""
MAX_TEXT = 2000
MAX_DEPTH = 8
MAX_WHOLE = 2**53


def parsed(body: bytes) -> Any:
    """
    Read a body as JSON without the numbers that JSON does not know.

    Raises
    ------
    RequestError
        If it is no JSON.
    """
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise RequestError(400, "not-json", _("the request is no valid JSON")) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def checked(value: Any) -> Draft:
    """
    Check that a value has the shape and the size of a scenario.

    Returns
    -------
    draft
        The same, its date as a date.

    Raises
    ------
    RequestError
        If it has not.
    """
    if not isinstance(value, dict) or not isinstance(value.get("modification", []), list):
        what = _("a scenario is an object with a list of modifications")
        raise RequestError(422, "scenario-shape", what)
    n = len(value.get("modification", []))
    if n > MAX_MODIFICATIONS:
        what = _("{n} modifications are too many; a scenario has up to {limit}", n=n, limit=MAX_MODIFICATIONS)
        raise RequestError(422, "scenario-size", what)
    _check(value, 0)
    draft = dict(value)
    if not str(draft.get("name", "")).strip():
        raise RequestError(422, "scenario-name", _("a scenario needs a name"))
    if draft.get("as_of") in (None, ""):
        draft.pop("as_of", None)
    elif isinstance(draft["as_of"], str):
        draft["as_of"] = _date(draft["as_of"])
    return draft


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        what = _("{text} is no date like 2021-05-21", text=text[:40])
        raise RequestError(422, "scenario-date", what) from error


def _check(value: Any, depth: int) -> None:
    """Check kinds, sizes and depth of everything within."""
    if depth > MAX_DEPTH:
        raise RequestError(422, "scenario-depth", _("the scenario is nested too deeply"))
    if isinstance(value, dict):
        items: list[Any] = [*value.keys(), *value.values()]
    elif isinstance(value, list):
        items = value
    else:
        _check_single(value)
        return
    if len(items) > MAX_ITEMS:
        what = _("{n} entries are too many; a list has up to {limit}", n=len(items), limit=MAX_ITEMS)
        raise RequestError(422, "scenario-size", what)
    for item in items:
        _check(item, depth + 1)


def _check_single(value: Any) -> None:
    if isinstance(value, str):
        control = any(ord(sign) < 32 and sign not in "\n\t" or ord(sign) == 127 for sign in value)
        if len(value) > MAX_TEXT or control or any(0xD800 <= ord(sign) <= 0xDFFF for sign in value):
            what = _(
                "a text is longer than {limit} signs or holds signs that cannot be written", limit=MAX_TEXT
            )
            raise RequestError(422, "scenario-text", what)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise RequestError(422, "scenario-number", _("a number is not finite"))
    elif isinstance(value, int):
        if abs(value) > MAX_WHOLE:
            raise RequestError(422, "scenario-number", _("a number is too large"))
    elif not isinstance(value, date):
        raise RequestError(422, "scenario-kind", _("an entry is empty or of an unknown kind"))


def as_toml(draft: Draft) -> str:
    """Write a draft as a scenario file."""
    plain = {key: value for key, value in draft.items() if key != "modification"}
    return tomli_w.dumps({**plain, "modification": draft.get("modification", [])})


def from_toml(text: str) -> Draft:
    """
    Read a scenario file as a draft, dates as text.

    Raises
    ------
    tomllib.TOMLDecodeError
        If it is no TOML.
    """
    draft: Draft = _dates_as_text(tomllib.loads(text))
    draft.setdefault("modification", [])
    return draft


def _dates_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dates_as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(item) for item in value]
    return value.isoformat() if isinstance(value, date | time) else value


def scenario_of(draft: Draft) -> Scenario:
    """
    Read a draft with the reader of the command line.

    Raises
    ------
    DataError
        With every problem.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scenario.toml"
        file.write_text(as_toml(draft), encoding="utf-8")
        return read_scenario(file)


def check_readable(file: Path) -> None:
    """
    Make sure that the command line can read a scenario file.

    Raises
    ------
    RequestError
        With every problem.
    """
    try:
        read_scenario(file)
    except DataError as error:
        notices = notices_data(error.notices)
        raise RequestError(422, error.code, error.what, mend=error.mend, notices=notices) from error

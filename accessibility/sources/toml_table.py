"""Settings in TOML: read with every problem noted, none silently ignored."""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from accessibility.errors import SourceError
from accessibility.messages import _, listed
from accessibility.model.provenance import Notice
from accessibility.units import seconds_from_clock

_Kind = TypeVar("_Kind")


def load_toml(file: Path, *, noun: str, missing: str) -> dict[str, Any]:
    """
    Load a TOML file.

    Parameters
    ----------
    file
        The file.
    noun
        What it holds, for the codes of errors: ``study``, ``scenario``.
    missing
        What to do where there is none.

    Raises
    ------
    SourceError
        If it is missing, unreadable, or no TOML: with line and column.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        what = _("there is no such file")
        raise SourceError(what, where=str(file), mend=missing, code=f"{noun}-missing") from error
    except OSError as error:
        what, mend = (
            _("the file cannot be read"),
            _("Close it in other programs and check the permission to read it."),
        )
        raise SourceError(what, where=str(file), mend=mend, code=f"{noun}-unreadable") from error
    except UnicodeDecodeError as error:
        what, mend = _("the file is not UTF-8 text"), _("Save the file as UTF-8.")
        raise SourceError(what, where=str(file), mend=mend, code=f"{noun}-encoding") from error
    except (ValueError, RecursionError) as error:  # of RecursionError: lists within lists, thousands deep
        where, mend = _place(file, error), _("Mend the line named; texts stand in quotes, tables in [[ ]].")
        raise SourceError(
            _("the file is no valid TOML"), where=where, mend=mend, code=f"{noun}-toml"
        ) from error


@dataclass
class TomlTable:
    """
    A TOML table that notes every problem instead of stopping at the first.

    Parameters
    ----------
    values
        What the file says.
    file, path
        Name of the file, and where in it the table stands (``travel.``).
    problems
        Every problem so far, shared with the tables within.
    code
        Code of the notices.
    used, children
        Keys that something asked for, and the tables within.
    """

    values: Mapping[str, Any]
    file: str
    path: str = ""
    problems: list[Notice] = field(default_factory=list)
    code: str = "study-setting"
    used: set[str] = field(default_factory=set)
    children: list["TomlTable"] = field(default_factory=list)

    def problem(self, key: str, message: str, value: object = "") -> None:
        """Note a problem with a key."""
        where = f"{self.path}{key}"
        self.problems.append(Notice(self.code, "error", message, self.file, 0, where, str(value)))

    def get(self, key: str, kind: type[_Kind], default: _Kind | None = None) -> _Kind:
        """Return a value of a type; a missing one without default, or one of another type, is a problem."""
        self.used.add(key)
        value = self.values.get(key, default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = _as_float(value)
        if isinstance(value, kind) and not (kind is not bool and isinstance(value, bool)):
            return value
        if value is None:
            self.problem(key, _("the setting {name} is missing", name=self.path + key))
        else:
            message = _("{name} must be {kind}", name=self.path + key, kind=_kind_words(kind))
            self.problem(key, message, value)
        return kind()

    def texts(self, key: str, *, choices: tuple[str, ...] = (), optional: bool = False) -> tuple[str, ...]:
        """Return a list of texts, of which none may be outside the choices."""
        items = self.get(key, list, [] if optional else None)
        for item in items:
            if not isinstance(item, str):
                self.problem(key, _("{name} must be a list of texts", name=self.path + key), item)
            elif choices and item not in choices:
                message = _("{name} must be one of {choices}", name=self.path + key, choices=listed(choices))
                self.problem(key, message, item)
        return tuple(item for item in items if isinstance(item, str))

    def number(self, key: str, default: float | None = None, *, above: float = 0.0) -> float:
        """Return a finite number above a bound."""
        value = self.get(key, float, default)
        if value == default or (above < value < math.inf):
            return value
        self.problem(key, _("{name} must be greater than {least}", name=self.path + key, least=above), value)
        return above + 1.0

    def dates(self, key: str, *, optional: bool = False) -> tuple[date, ...]:
        """Return a list of dates, ascending."""
        found = []
        for item in self.get(key, list, [] if optional else None):
            try:
                found.append(item if type(item) is date else date.fromisoformat(item))
            except (TypeError, ValueError):
                self.problem(key, _("{name} must hold dates like 2021-05-21", name=self.path + key), item)
        return tuple(sorted(found))

    def clock(self, key: str) -> int:
        """Return a clock time as seconds since the start of the service day."""
        text = self.get(key, str)
        try:
            return seconds_from_clock(text)
        except ValueError:
            self.problem(key, _("{name} must be a clock time like 07:30", name=self.path + key), text)
            return 0

    def table(self, key: str) -> "TomlTable":
        """Return the table of a key, an empty one where it is missing."""
        return self._child(self.get(key, dict, {}), f"{self.path}{key}.")

    def tables(self, key: str) -> list["TomlTable"]:
        """Return the tables of a key, none where it is missing."""
        items = self.get(key, list, [])
        for item in items:
            if not isinstance(item, dict):
                self.problem(key, _("{name} holds something that is no table", name=self.path + key), item)
        return [
            self._child(item if isinstance(item, dict) else {}, f"{self.path}{key}[{i + 1}].")
            for i, item in enumerate(items)
        ]

    def _child(self, values: Mapping[str, Any], path: str) -> "TomlTable":
        child = TomlTable(values, self.file, path, self.problems, self.code)
        self.children.append(child)
        return child

    def no_more_keys(self) -> None:
        """Call every key that nothing asked for a problem: a misspelt setting is never silently ignored."""
        for key in self.values:
            if key not in self.used:
                self.problem(key, _("there is no setting {name}", name=self.path + key))
        for child in self.children:
            child.no_more_keys()


def _place(file: Path, error: Exception) -> str:
    """Say where in a file it is no TOML, as far as the reader of TOML knows."""
    found = re.search(r"at line (\d+), column (\d+)", str(error))
    if found is None:
        return f"{file} ({error})"
    line, column = found.groups()
    return _("{file}, line {line}, column {column} ({what})", file=file, line=line, column=column, what=error)


def _kind_words(kind: type) -> str:
    """Say what kind of value is wanted, for people who do not program."""
    words = {
        str: _("a text in quotes"),
        int: _("a whole number"),
        float: _("a number"),
        bool: _("true or false"),
        list: _("a list in [ ], or tables under [[ ]]"),
        dict: _("a table"),
    }
    return words.get(kind, kind.__name__)


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf

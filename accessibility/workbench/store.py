"""Scenario files of a folder: read, written as a whole, with earlier versions kept beside them.

Every file is one scenario that the command line reads. What a request names is looked up among the files
found; it is never made into a path. Versions lie in ``.versions/<scenario>/<number>.toml``.
"""

import hashlib
import os
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accessibility.errors import AccessibilityError
from accessibility.messages import _
from accessibility.sources.scenario_file import read_scenario
from accessibility.workbench.drafts import Draft, as_toml, check_readable, from_toml
from accessibility.workbench.problems import RequestError

KEPT_VERSIONS = 100
MAX_SCENARIOS = 500
MAX_FILE_BYTES = 2_000_000


@dataclass(frozen=True)
class Stored:
    """
    A scenario as it lies on the disk.

    Parameters
    ----------
    id
        What requests name it by.
    etag
        Hash of its bytes: two of the same etag are the same file.
    draft
        Its content.
    problem
        What is wrong with the file, ``""`` where nothing is; then `draft` holds no more than a name.
    """

    id: str
    etag: str
    draft: Draft
    problem: str = ""

    def head(self) -> dict[str, Any]:
        """Return what a list shows of it."""
        changes = self.draft.get("modification", [])
        n_on = sum(1 for one in changes if one.get("enabled", True))
        name = str(self.draft.get("name", self.id))
        return {"id": self.id, "etag": self.etag, "name": name, "n": len(changes), "n_on": n_on,
                "problem": self.problem}  # fmt: skip

    def whole(self) -> dict[str, Any]:
        """Return all of it."""
        return {"id": self.id, "etag": self.etag, "scenario": self.draft, "problem": self.problem}


class Store:
    """
    The scenarios of a folder.

    Parameters
    ----------
    folder
        Made when the first scenario is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()

    def _files(self) -> dict[str, Path]:
        """Find the scenario files by id: the name where it is plain, else a hash of it."""
        if not self.folder.is_dir():
            return {}
        files = sorted(file for file in self.folder.iterdir() if file.suffix == ".toml" and file.is_file())
        return {_id_of(file): file for file in files[:MAX_SCENARIOS] if not file.name.startswith(".")}

    def _file(self, scenario_id: str) -> Path:
        file = self._files().get(scenario_id)
        if file is None:
            what = _("there is no such scenario; it may have been deleted")
            raise RequestError(404, "scenario-unknown", what)
        return file

    def everything(self) -> list[Stored]:
        """Return every scenario, also those whose file is damaged."""
        return [stored for stored in map(_stored_or_none, self._files().values()) if stored is not None]

    def read(self, scenario_id: str) -> Stored:
        """
        Return one scenario.

        Raises
        ------
        RequestError
            404 if there is none.
        """
        stored = _stored_or_none(self._file(scenario_id))
        if stored is None:
            raise RequestError(
                404, "scenario-unknown", _("there is no such scenario; it may have been deleted")
            )
        return stored

    def create(self, draft: Draft) -> Stored:
        """
        Write a new scenario.

        Raises
        ------
        RequestError
            409 if the folder is full, 422 if the command line could not read it.
        """
        with self._lock:
            if len(self._files()) >= MAX_SCENARIOS:
                what = _("the folder holds {n} scenarios already", n=MAX_SCENARIOS)
                raise RequestError(409, "scenarios-full", what)
            self.folder.mkdir(parents=True, exist_ok=True)
            number = 1
            while (file := self.folder / f"scenario-{number:03d}.toml").exists() or self._past(file).exists():
                number += 1
            self._write(file, draft)
        return _stored(file)

    def save(self, scenario_id: str, draft: Draft, etag: str) -> Stored:
        """
        Replace a scenario, if nobody else changed it meanwhile.

        Raises
        ------
        RequestError
            404 if it is gone, 409 if it is another than `etag` names, 422 if the command line
            could not read it.
        """
        with self._lock:
            file = self._file(scenario_id)
            self._check_same(file, etag)
            self._write(file, draft)
        return _stored(file)

    def delete(self, scenario_id: str, etag: str) -> None:
        """
        Take a scenario away; its last state stays among the versions.

        Raises
        ------
        RequestError
            404 if it is gone, 409 if it is another than `etag` names.
        """
        with self._lock:
            file = self._file(scenario_id)
            self._check_same(file, etag)
            self._keep(file)
            file.unlink()

    def versions(self, scenario_id: str) -> list[dict[str, Any]]:
        """Return the earlier versions, the latest first: number, time written (s since 1970), name."""
        folder = self._past(self._file(scenario_id))
        return [
            {"version": number, "written": round(file.stat().st_mtime),
             "n": len(stored.draft.get("modification", [])), "name": stored.draft.get("name", "")}
            for number, file in reversed(_numbered(folder))
            if (stored := _stored_or_none(file)) is not None and not stored.problem
        ]  # fmt: skip

    def version(self, scenario_id: str, number: int) -> Stored:
        """
        Return an earlier version.

        Raises
        ------
        RequestError
            404 if there is none.
        """
        for known, file in _numbered(self._past(self._file(scenario_id))):
            if known == number:
                return _stored(file)
        raise RequestError(404, "version-unknown", _("there is no such version"))

    def _past(self, file: Path) -> Path:
        return self.folder / ".versions" / file.stem

    def _check_same(self, file: Path, etag: str) -> None:
        now = _stored_or_none(file)
        if now is None or now.etag != etag:
            what = _(
                "the scenario has been changed elsewhere: in another tab, by another person or on the disk"
            )
            mend = _("Load what is on the disk, or keep your state as a copy.")
            current = now.whole() if now is not None else None
            raise RequestError(409, "scenario-changed", what, mend=mend, current=current)

    def _write(self, file: Path, draft: Draft) -> None:
        """Write aside, let the command line's reader check it, keep what was there, swap in."""
        content = as_toml(draft).encode()
        if file.exists() and file.read_bytes() == content:
            return
        aside = file.with_name(f".{file.stem}.writing")
        try:
            with aside.open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            check_readable(aside)
            if file.exists():
                self._keep(file)
            os.replace(aside, file)
        finally:
            aside.unlink(missing_ok=True)

    def _keep(self, file: Path) -> None:
        """Keep the present state as the next version, and no more than so many."""
        folder = self._past(file)
        folder.mkdir(parents=True, exist_ok=True)
        known = _numbered(folder)
        number = known[-1][0] + 1 if known else 1
        with _staged(folder / f"{number:06d}.toml") as aside:
            aside.write_bytes(file.read_bytes())
        for _number, old in known[: max(0, len(known) + 1 - KEPT_VERSIONS)]:
            old.unlink(missing_ok=True)


@contextmanager
def _staged(file: Path) -> Iterator[Path]:
    aside = file.with_suffix(".writing")
    try:
        yield aside
        os.replace(aside, file)
    finally:
        aside.unlink(missing_ok=True)


def _numbered(folder: Path) -> list[tuple[int, Path]]:
    found = [(int(file.stem), file) for file in folder.glob("*.toml") if file.stem.isdecimal()]
    return sorted(found)


def _id_of(file: Path) -> str:
    plain = file.stem.isascii() and file.stem.replace("-", "").isalnum() and len(file.stem) <= 60
    return file.stem if plain else "f-" + hashlib.sha256(file.stem.encode()).hexdigest()[:16]


def _stored_or_none(file: Path) -> Stored | None:
    """Read a file; ``None`` where it has just gone."""
    with suppress(FileNotFoundError):
        return _stored(file)
    return None


def _stored(file: Path) -> Stored:
    content = file.read_bytes()
    etag = hashlib.sha256(content).hexdigest()[:24]
    bare: Draft = {"name": file.stem, "modification": []}
    if len(content) > MAX_FILE_BYTES:
        return Stored(_id_of(file), etag, bare, _("the file is too large for the workbench"))
    try:
        draft = from_toml(content.decode("utf-8-sig"))
        read_scenario(file)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Stored(_id_of(file), etag, bare, _("the file is no valid TOML") + f" ({error})")
    except AccessibilityError as error:
        notices = getattr(error, "notices", ())
        first = f" {notices[0].field}: {notices[0].message}" if notices else ""
        return Stored(_id_of(file), etag, bare, error.what + first)
    draft.setdefault("name", file.stem)
    return Stored(_id_of(file), etag, draft)

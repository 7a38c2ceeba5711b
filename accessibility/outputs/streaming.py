"""Results that grow part by part: what is finished stays when a run ends early, and the next run goes on.

Beside the result stands a folder ``NAME.unfinished`` while it grows::

    work.json    what the parts belong to; a run that asks something else is refused
    lock         held by the run that writes
    parts.jsonl  one line per finished part: how far it reaches, its SHA-256
    rows         the CSV as far as it is finished, or the folder of Parquet parts
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from accessibility.errors import OutputError
from accessibility.messages import _
from accessibility.model.provenance import Provenance
from accessibility.outputs.manifest import file_hashes, write_manifest
from accessibility.outputs.writing import (
    MADE_BY,
    PARTS_MANIFEST,
    check_file_place,
    earlier_manifest,
    make_parent,
    remove,
    told,
    try_lock,
)

_CHUNK = 2**20


@dataclass(frozen=True)
class Part:
    """
    Finished rows.

    Parameters
    ----------
    until
        The first origin after them.
    n_reached
        How many of the rows have an answer.
    size
        Bytes of the result up to here (CSV), or of this part (Parquet).
    sha256
        Hash of the bytes of this part.
    """

    until: int
    n_reached: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Target:
    """
    Where a result shall stand.

    Parameters
    ----------
    path
        A CSV file, or a folder of Parquet parts.
    is_folder
        Which of the two.
    """

    path: Path
    is_folder: bool

    @classmethod
    def of(cls, out: str | Path) -> "Target":
        """Take a name as people write it: ``DIR/``, an existing folder and ``….parquet`` are Parquet."""
        path = Path(out)
        is_folder = str(out).endswith(("/", os.sep)) or path.suffix.lower() == ".parquet" or path.is_dir()
        return cls(path, is_folder)


class ResultStream:
    """
    A result that is written part by part, in the order of the origins.

    Made by `result_stream`.

    Attributes
    ----------
    parts
        What is finished.
    """

    def __init__(self, target: Target, head: bytes, parts: list[Part]) -> None:
        self.target = target
        self.folder = _work_folder(target)
        self.parts = parts
        self._head = head
        self._rows: IO[bytes] | None = None

    @property
    def n_done(self) -> int:
        """Count the origins that are finished."""
        return self.parts[-1].until if self.parts else 0

    @property
    def n_reached(self) -> int:
        """Count the rows that have an answer."""
        return sum(part.n_reached for part in self.parts)

    def append(self, until: int, rows: bytes, n_reached: int) -> None:
        """
        Add the next part.

        Parameters
        ----------
        until
            The first origin after it.
        rows
            Lines of the CSV, or a Parquet file.
        n_reached
            How many of its rows have an answer.

        Raises
        ------
        OutputError
            If it cannot be written; what was finished before stays.
        """
        with told(self.target.path, mend=_("Check the rights on the folder; what is finished is kept.")):
            if self.target.is_folder:
                _part_file(self.folder, len(self.parts)).write_bytes(rows)
                size = len(rows)
            else:
                file = self._csv()
                size = (self.parts[-1].size if self.parts else len(self._head)) + len(rows)
                file.write(rows)
                file.flush()
            part = Part(until, n_reached, size, hashlib.sha256(rows).hexdigest())
            with (self.folder / "parts.jsonl").open("a", encoding="utf-8") as ledger:
                ledger.write(json.dumps(asdict(part)) + "\n")
        self.parts.append(part)

    def finish(self, provenance: Provenance, question: Mapping[str, str]) -> None:
        """Put the finished result in its place and remove the folder beside it."""
        mend = _("Close the earlier result and run again; what is finished is kept.")
        with told(self.target.path, mend=mend):
            if self.target.is_folder:
                rows = self.folder / "rows"
                rows.mkdir(exist_ok=True)
                parameters = {"question": dict(question), "n_reached": self.n_reached}
                write_manifest(
                    rows,
                    study_id="",
                    provenance=provenance,
                    parameters=parameters,
                    as_of=(),
                    name=PARTS_MANIFEST,
                )
                if self.target.path.exists():
                    self.target.path.rmdir()
                os.replace(rows, self.target.path)
            else:
                self._csv()
                self.close()
                os.replace(self.folder / "rows", self.target.path)

    def close(self) -> None:
        """Let go of the file."""
        if self._rows is not None:
            self._rows.close()
            self._rows = None

    def _csv(self) -> IO[bytes]:
        """Open the CSV at the end of what is finished; what a dead run left behind it is cut off."""
        if self._rows is None:
            path = self.folder / "rows"
            if not self.parts:
                path.write_bytes(self._head)
            self._rows = path.open("r+b")
            self._rows.truncate(self.parts[-1].size if self.parts else len(self._head))
            self._rows.seek(0, os.SEEK_END)
        return self._rows


@contextmanager
def result_stream(target: Target, question: Mapping[str, str], head: bytes = b"") -> Iterator[ResultStream]:
    """
    Begin a result, or go on with one that an earlier run left unfinished.

    Parameters
    ----------
    target
        Where it shall stand. A CSV that stands there is replaced at the end; a folder must be empty.
    question
        What the result depends on, by name; only parts of the same question are gone on with.
    head
        First line of a CSV.

    Yields
    ------
    stream
        With the parts that are finished and whole. The folder beside the result is gone afterwards, unless
        there are finished parts and `ResultStream.finish` was not called.

    Raises
    ------
    OutputError
        If another run is writing this result, unfinished parts of another question stand beside it, the place
        is taken, or cannot be written to.
    """
    target = Target(target.path.resolve(), target.is_folder)
    _check_place(target)
    make_parent(target.path)
    folder = _work_folder(target)
    with told(target.path):
        folder.mkdir(exist_ok=True)
        lock = (folder / "lock").open("ab")
    finished = False
    stream = None
    try:
        if not try_lock(lock) or not _still_there(folder / "lock", lock):
            raise _busy(folder)
        _check_question(folder, question, target)
        stream = ResultStream(target, head, _whole_parts(folder, target, head))
        yield stream
        finished = not (folder / "rows").exists()
    finally:
        if stream is not None:
            stream.close()
            if finished or not stream.parts:
                remove(folder)
        lock.close()
        if finished and folder.exists():  # Windows keeps a folder while a file in it is open
            remove(folder)


def finished_result(target: Target, question: Mapping[str, str]) -> int | None:
    """
    Look whether the folder of a result already holds the answer.

    Returns
    -------
    n_reached
        How many of its rows have an answer; ``None`` where the place is free.

    Raises
    ------
    OutputError
        If it holds the answer to another question, a damaged one, or anything else.
    """
    if not target.is_folder or not target.path.is_dir() or not any(target.path.iterdir()):
        return None
    mend = _("Name another folder, or remove this one; nothing was changed.")
    manifest = earlier_manifest(target.path, name=PARTS_MANIFEST)
    if manifest is None:
        what = _("the folder holds files that are not a result")
        raise OutputError(what, where=str(target.path), mend=mend, code="output-foreign-files")
    parameters = manifest.get("parameters", {})
    other = _differences(parameters.get("question", {}), question)
    if other:
        what = _("the folder holds the result of another question; these differ: {names}", names=other)
        raise OutputError(what, where=str(target.path), mend=mend, code="output-other-question")
    if file_hashes(target.path, name=PARTS_MANIFEST) != manifest.get("files"):
        what = _("the folder holds this result, but files of it are missing, changed or added")
        raise OutputError(what, where=str(target.path), mend=mend, code="output-damaged")
    return int(parameters["n_reached"])


def _work_folder(target: Target) -> Path:
    return target.path.with_name(f"{target.path.name}.unfinished")


def _part_file(folder: Path, number: int) -> Path:
    rows = folder / "rows"
    rows.mkdir(exist_ok=True)
    return rows / f"part-{number:06d}.parquet"


def _check_place(target: Target) -> None:
    if target.is_folder and target.path.exists() and not target.path.is_dir():
        what, mend = _("this is a file, a folder is to be written"), _("Name a folder, or remove the file.")
        raise OutputError(what, where=str(target.path), mend=mend, code="output-is-file")
    if not target.is_folder:
        check_file_place(target.path)


def _busy(folder: Path) -> OutputError:
    what = _("another run is writing this result")
    mend = _("Wait until it has ended, or name another result.")
    return OutputError(what, where=str(folder), mend=mend, code="output-busy")


def _still_there(path: Path, lock: IO[bytes]) -> bool:
    """Say whether a lock is that of the folder, and not of one that its run has just removed."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except OSError:
        return False


def _check_question(folder: Path, question: Mapping[str, str], target: Target) -> None:
    """Note what the parts belong to; refuse to go on with those of another question."""
    noted = folder / "work.json"
    try:
        work = json.loads(noted.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        work = None
    if not isinstance(work, dict) or work.get("made_by") != MADE_BY:
        strange = sorted(path.name for path in folder.iterdir() if path.name not in ("lock", "work.json"))
        if strange:
            what = _("the folder holds files that are not a result")
            mend = _("Name another result, or move this folder away; nothing was changed.")
            raise OutputError(what, where=str(folder), mend=mend, code="output-foreign-files")
        with told(target.path):
            noted.write_text(json.dumps({"made_by": MADE_BY, "question": dict(question)}), encoding="utf-8")
        return
    other = _differences(work.get("question", {}), question)
    if other:
        what = _("unfinished parts of another question stand here; these differ: {names}", names=other)
        mend = _("Run the earlier command to its end, name another result, or remove this folder.")
        raise OutputError(what, where=str(folder), mend=mend, code="output-other-question")


def _differences(one: Any, other: Mapping[str, str]) -> str:
    """Name in words what differs between two questions."""
    one = one if isinstance(one, dict) else {}
    words = {
        "program": _("version of the program"),
        "network": _("streets or timetable"),
        "places": _("places"),
        "settings": _("settings of the journey"),
        "table": _("columns and format"),
    }
    differing = [
        name for name in (*words, *sorted({*one, *other} - {*words})) if one.get(name) != other.get(name)
    ]
    return _(", ").join(words.get(name, name) for name in differing)


def _whole_parts(folder: Path, target: Target, head: bytes) -> list[Part]:
    """Read which parts are finished, as far as their bytes are still what they were."""
    parts: list[Part] = []
    try:
        lines = (folder / "parts.jsonl").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        lines = []
    for line in lines:
        try:
            part = Part(**json.loads(line))
            if _hash_of(folder, target, head, parts, part) != part.sha256:
                break
        except (OSError, ValueError, TypeError):
            break
        parts.append(part)
    text = "".join(json.dumps(asdict(part)) + "\n" for part in parts)
    with told(target.path):
        (folder / "parts.jsonl").write_text(text, encoding="utf-8")
    return parts


def _hash_of(folder: Path, target: Target, head: bytes, before: list[Part], part: Part) -> str:
    digest = hashlib.sha256()
    if target.is_folder:
        with _part_file(folder, len(before)).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    begin = before[-1].size if before else len(head)
    with (folder / "rows").open("rb") as file:
        if not before and file.read(len(head)) != head:
            raise ValueError("the head is another one")
        file.seek(begin)
        left = part.size - begin
        while left > 0 and (chunk := file.read(min(left, _CHUNK))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest() if left == 0 else ""

"""Putting results in place: written aside, swapped in whole, or not at all."""

import errno
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from accessibility.errors import OutputError, UsageError
from accessibility.messages import _, system_reason

MANIFEST = "manifest.json"
PARTS_MANIFEST = "_manifest.json"
"""Its name in a folder of Parquet parts, whose readers pass over what begins so."""
MADE_BY = "accessibility"
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_LITTER = {".ds_store", "thumbs.db", "desktop.ini"}
_MAX_TRIES = 10_000


@contextmanager
def staged_folder(target: str | Path) -> Iterator[Path]:
    """
    Write a folder of results aside and put it in place as a whole.

    Parameters
    ----------
    target
        Where the results shall stand. It may exist if it is empty or holds an earlier result and nothing
        else; then it is replaced.

    Yields
    ------
    folder
        An empty folder beside `target`, on the same disk, to write into.

    Raises
    ------
    OutputError
        If the place cannot be written to, is a file, holds files that are not an earlier result, or the
        disk is full. Whatever goes wrong, also an interrupt, leaves the previous result whole and no
        temporary folder behind.
    """
    target = Path(target).resolve()
    _check_place(target)
    make_parent(target)
    _clean_up(target)
    _check_contents(target)
    with _Stage(target) as stage:
        with told(target):
            stage.path.mkdir()
        with told(target, under=stage.path):
            yield stage.path
        _check_contents(target)
        _swap_in(stage, target)


@contextmanager
def staged_file(path: str | Path) -> Iterator[Path]:
    """
    Write one file aside and put it in place as a whole.

    Parameters
    ----------
    path
        The file; an existing one is replaced.

    Yields
    ------
    temporary
        A path beside it, with the same ending, to write to.

    Raises
    ------
    OutputError
        If the place cannot be written to, is a folder or a device, or the disk is full; an existing file is
        untouched.
    """
    path = Path(path).resolve()
    check_file_place(path)
    make_parent(path)
    _clean_up(path)
    with _Stage(path) as stage:
        with told(path, under=stage.path):
            yield stage.path
        with told(path):
            os.replace(stage.path, path)


def check_file_place(path: Path) -> None:
    """
    Check that a file may take a place: nothing stands there, or a file.

    Raises
    ------
    OutputError
        If it is a folder, or a device or a pipe, which a rename would take away from everybody.
    """
    if path.is_dir():
        what, mend = _("this is a folder, a file is to be written"), _("Name a file.")
        raise OutputError(what, where=str(path), mend=mend, code="output-is-folder")
    if path.exists() and not path.is_file():
        what, mend = _("this is a device, a file is to be written"), _("Name a file.")
        raise OutputError(what, where=str(path), mend=mend, code="output-is-device")


def check_csv_target(target: str | Path, inputs: Sequence[str | Path | None]) -> None:
    """
    Check that a table may be written where the user wants it.

    Raises
    ------
    UsageError
        If the name promises another format than CSV, or the file is one of the inputs.
    """
    endings = ".csv", ".txt", ""
    _check_ending(target, endings, _("tables are written as CSV"), _("Name the result ….csv."))
    check_not_input(target, inputs)


def check_xlsx_target(target: str | Path, inputs: Sequence[str | Path | None]) -> None:
    """
    Check that a workbook may be written where the user wants it.

    Raises
    ------
    UsageError
        If the name does not end in ``.xlsx``, or the file is one of the inputs.
    """
    _check_ending(target, (".xlsx",), _("the result is a workbook"), _("Name the result ….xlsx."))
    check_not_input(target, inputs)


def check_zip_target(target: str | Path, inputs: Sequence[str | Path | None]) -> None:
    """
    Check that a GTFS feed may be written where the user wants it.

    Raises
    ------
    UsageError
        If the name does not end in ``.zip``, or the file is one of the inputs.
    """
    _check_ending(target, (".zip",), _("a GTFS feed is written as a zip"), _("Name the result ….zip."))
    check_not_input(target, inputs)


def check_zip_ending(target: str | Path) -> None:
    """
    Check that an archive may be written where the user wants it.

    Raises
    ------
    UsageError
        If the name does not end in ``.zip``.
    """
    _check_ending(target, (".zip",), _("an archive is written as a zip"), _("Name the result ….zip."))


def _check_ending(target: str | Path, endings: tuple[str, ...], what: str, mend: str) -> None:
    if Path(target).suffix.lower() not in endings:
        raise UsageError(what, where=str(target), mend=mend, code="format")


def check_not_input(target: str | Path, inputs: Sequence[str | Path | None]) -> None:
    """
    Check that a result does not overwrite what it is made from.

    Raises
    ------
    UsageError
        If the file is one of the inputs.
    """
    target = Path(target)
    for given in inputs:
        if given is not None and target.exists() and Path(given).exists() and target.samefile(given):
            what, mend = _("the result would overwrite a file it is made from"), _("Name another file.")
            raise UsageError(what, where=str(target), mend=mend, code="overwrites-input")


def is_earlier_result(folder: Path) -> bool:
    """Say whether a folder holds a manifest that this program wrote."""
    return earlier_manifest(folder) is not None


class _Stage:
    """A name beside the target that is ours while its lock file is held, and gone afterwards."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target
        self.lock_path = target
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> "_Stage":
        with told(self.target):
            for number in range(_MAX_TRIES):
                token = f"{os.getpid()}-{number}"
                self.lock_path = self.target.with_name(f".{self.target.name}.lock-{token}")
                self.path = self.target.with_name(f".{self.target.name}.new-{token}{self.target.suffix}")
                if self.path.exists():
                    continue
                try:
                    self._lock = open(self.lock_path, "xb")
                except FileExistsError:
                    continue
                try_lock(self._lock)
                return self
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(self.lock_path))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        remove(self.path)
        if self._lock is not None:
            self._lock.close()
        with suppress(OSError):
            self.lock_path.unlink()

    @property
    def old_path(self) -> Path:
        """Where the previous result waits while the new one is moved in."""
        return self.target.with_name(self.lock_path.name.replace(".lock-", ".old-"))


def _swap_in(stage: _Stage, target: Path) -> None:
    """Move the previous result aside, the new one in; on failure the previous one back."""
    with told(target, mend=_("Close the files of the earlier result and run again.")):
        replaced = target.exists()
        if replaced:
            os.replace(target, stage.old_path)
        try:
            os.replace(stage.path, target)
        except BaseException:
            if replaced:
                os.replace(stage.old_path, target)
            raise
    remove(stage.old_path)


def _clean_up(target: Path) -> None:
    """Remove what dead runs left beside the target, and bring back a result they had moved aside."""
    prefix = f".{target.name}.lock-"
    for lock_path in sorted(target.parent.glob(_glob_safe(prefix) + "*")):
        token = lock_path.name[len(prefix) :]
        try:
            with open(lock_path, "r+b") as lock:
                if not try_lock(lock):
                    continue
        except OSError:
            continue
        old = target.with_name(f".{target.name}.old-{token}")
        if old.exists() and not target.exists():
            with suppress(OSError):
                os.replace(old, target)
        remove(old)
        remove(target.with_name(f".{target.name}.new-{token}{target.suffix}"))
        with suppress(OSError):
            lock_path.unlink()


def _glob_safe(text: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in text)


def _check_place(target: Path) -> None:
    if target.parent == target:
        raise OutputError(
            _("results cannot replace a whole disk"),
            where=str(target),
            mend=_("Name a folder of its own."),
            code="output-root",
        )
    if target.exists() and not target.is_dir():
        raise OutputError(
            _("this is a file, a folder is to be written"),
            where=str(target),
            mend=_("Name a folder, or remove the file."),
            code="output-is-file",
        )


def make_parent(target: Path) -> None:
    """Make the folder that a result shall stand in."""
    with told(target):
        target.parent.mkdir(parents=True, exist_ok=True)


def _check_contents(target: Path) -> None:
    """Refuse to replace anything but an earlier result."""
    if not target.exists():
        return
    with told(target):
        found = sorted(p.relative_to(target).as_posix() for p in target.rglob("*") if not p.is_dir())
    manifest = earlier_manifest(target)
    listed = set() if manifest is None else {MANIFEST, *manifest.get("files", {})}
    foreign = [name for name in found if name not in listed and not _is_litter(name)]
    if foreign:
        raise OutputError(
            _(
                "the folder holds {count} files that are not results, e.g. {name}",
                count=len(foreign),
                name=foreign[0],
            ),
            where=str(target),
            mend=_("Name another folder, or move these files away; nothing was changed."),
            code="output-foreign-files",
        )


def _is_litter(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    return last.lower() in _LITTER or last.startswith(("~$", "._", ".~lock"))


def earlier_manifest(folder: Path, *, name: str = MANIFEST) -> dict[str, Any] | None:
    """Read the manifest that this program wrote into a folder; ``None`` where there is none."""
    try:
        read = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(read, dict) and read.get("made_by") == MADE_BY and isinstance(read.get("files"), dict)
    return read if ours else None


@contextmanager
def told(target: Path, *, under: Path | None = None, mend: str = "") -> Iterator[None]:
    """Turn a failure of the disk into words; other failures, and those elsewhere, pass."""
    try:
        yield
    except OSError as error:
        elsewhere = under is not None and not str(error.filename or "").startswith(str(under))
        if elsewhere and error.errno not in _FULL:
            raise
        if error.errno in _FULL:
            what, code = _("the disk is full"), "output-disk-full"
            mend = _("Free some space or name a folder on another disk; the earlier result is untouched.")
        else:
            what = _("the result cannot be written: {why}", why=system_reason(error))
            code = "output-not-writable"
            mend = mend or _("Check the rights on the folder, or name another one.")
        raise OutputError(what, where=str(target), mend=mend, code=code) from error


def remove(path: Path) -> None:
    """Remove a file or a folder as far as the system allows, write-protected files included."""

    def retry(function: Callable[..., Any], name: str, _error: object) -> None:
        with suppress(OSError):
            os.chmod(name, stat.S_IWRITE | stat.S_IREAD)
            function(name)

    if path.is_dir() and not path.is_symlink():
        if sys.version_info >= (3, 12):
            shutil.rmtree(path, onexc=retry)
        else:
            shutil.rmtree(path, onerror=retry)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def try_lock(file: IO[bytes]) -> bool:
    """Lock a file for this process; False where a living process holds it or nobody can tell."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

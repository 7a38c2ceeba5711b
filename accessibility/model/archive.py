"""The nouns of an archive: what was packed, what was only hashed, and the environment it was made in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from accessibility.errors import ModelError

STUDY, RESULTS = "study/", "results/"
"""Where the files of the study and the results stand in an archive."""

ARCHIVE_MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
"""What was packed, and the hash of every other entry as ``sha256sum -c`` reads it."""

ARCHIVE_FORMAT = 1
"""Goes up when what an archive holds is laid out otherwise."""

LONGEST_ENTRY = 240
"""Characters in the name of an entry: what every system can unpack."""

SAME, DIFFERS, MISSING, EXTRA = "same", "differs", "missing", "extra"
"""What becomes of a file of the results when the study is run again."""

_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_FORBIDDEN = re.compile(r'[\\:*?"<>|]')


def is_safe_entry(name: str) -> bool:
    """Say whether a name in a zip stays inside the folder it is unpacked to, on every system."""
    return len(name) <= LONGEST_ENTRY and all(_is_safe_part(part) for part in name.split("/"))


def _is_safe_part(part: str) -> bool:
    return (
        part not in ("", ".", "..")
        and part.isprintable()
        and not _FORBIDDEN.search(part)
        and part == part.rstrip(" .")
        and part.partition(".")[0].lower() not in _DEVICES
    )


@dataclass(frozen=True)
class PackedInput:
    """
    One file of the study: packed, or known by its hash only.

    Parameters
    ----------
    file
        Its entry, or where its entry would be.
    sha256, size
        Hash and number of bytes.
    packed
        Whether the archive holds it.

    Raises
    ------
    ModelError
        If it lies outside the study, or hash or size cannot be.
    """

    file: str
    sha256: str
    size: int
    packed: bool = True

    def __post_init__(self) -> None:
        """Check what the class promises."""
        if not (self.file.startswith(STUDY) and is_safe_entry(self.file)):
            raise ModelError(f"an input lies outside the study: {self.file}", code="archive-input")
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256) or self.size < 0:
            raise ModelError(f"hash or size of {self.file} cannot be", code="archive-input")


@dataclass(frozen=True)
class Environment:
    """
    What a result was computed with.

    Parameters
    ----------
    python, system, machine
        Version of Python, operating system and processor.
    program, program_sha256
        Version of this program, and the hash of its code, words and default tables.
    packages
        Every installed package it depends on, directly or not -> version.
    """

    python: str
    system: str
    machine: str
    program: str
    program_sha256: str
    packages: Mapping[str, str]

    def __post_init__(self) -> None:
        """Freeze the table."""
        object.__setattr__(self, "packages", MappingProxyType(dict(self.packages)))

    def differences(self, now: "Environment") -> tuple[tuple[str, str, str], ...]:
        """Give what differs: its name, how it was, how it is; empty texts where there is none."""
        names = ("python", "system", "machine", "program", "program_sha256")
        pairs = [(name, getattr(self, name), getattr(now, name)) for name in names]
        packages = sorted({*self.packages, *now.packages})
        pairs += [(name, self.packages.get(name, ""), now.packages.get(name, "")) for name in packages]
        return tuple(pair for pair in pairs if pair[1] != pair[2])


@dataclass(frozen=True)
class ArchiveManifest:
    """
    What an archive holds.

    Parameters
    ----------
    study, study_file
        Id of the study, and the entry of its settings.
    inputs
        Every file of the study, its settings among them.
    results
        Folders of results, each with the manifest that the command which made it wrote.
    environment
        What they were made with.

    Raises
    ------
    ModelError
        If a name leads outside, stands twice, or the settings are not packed.
    """

    study: str
    study_file: str
    inputs: tuple[PackedInput, ...]
    results: tuple[str, ...]
    environment: Environment

    def __post_init__(self) -> None:
        """Check what the class promises."""
        files = [one.file for one in self.inputs]
        if len(set(files)) != len(files) or len(set(self.results)) != len(self.results):
            raise ModelError("a file or a result stands twice", code="archive-twice")
        if self.study_file not in [one.file for one in self.inputs if one.packed]:
            raise ModelError("the settings of the study are not packed", code="archive-settings")
        for folder in self.results:
            if not (folder.startswith(RESULTS) and is_safe_entry(folder) and folder.count("/") == 1):
                raise ModelError(f"a result lies outside the results: {folder}", code="archive-result")


@dataclass(frozen=True)
class FileCheck:
    """
    One file of the results, held against the same file computed again.

    Parameters
    ----------
    file
        Its name in the archive.
    state
        `SAME`, `DIFFERS`, `MISSING` (not made again) or `EXTRA` (made again only).
    where
        Where the first difference is, in words; empty unless it differs.
    """

    file: str
    state: str
    where: str = ""


@dataclass(frozen=True)
class Verification:
    """
    What became of an archive that was run again.

    Parameters
    ----------
    checks
        One per file of the results.
    environment
        What is installed otherwise than then: name, then, now.
    """

    checks: tuple[FileCheck, ...]
    environment: tuple[tuple[str, str, str], ...] = ()

    @property
    def same(self) -> bool:
        """Whether every file came out byte for byte as it was."""
        return bool(self.checks) and all(check.state == SAME for check in self.checks)

    def count(self, state: str) -> int:
        """Count the files in a state."""
        return sum(check.state == state for check in self.checks)

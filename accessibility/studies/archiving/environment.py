"""What the program runs on: Python, the system, and every package it depends on."""

import hashlib
import platform
import re
from importlib import metadata
from pathlib import Path

import accessibility
from accessibility.model.archive import Environment
from accessibility.studies.data_folder import data_folder

_DISTRIBUTION = "accessibility"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_CODE = (".py", ".mo", ".j2", ".js", ".css")


def environment() -> Environment:
    """
    Say what results are computed with.

    Returns
    -------
    environment
        The packages are those the program needs, directly or through others, as far as they are installed.
    """
    return Environment(
        python=f"{platform.python_implementation()} {platform.python_version()}",
        system=platform.system(),
        machine=platform.machine(),
        program=accessibility.__version__,
        program_sha256=_program_sha256(),
        packages=_packages(),
    )


def _packages() -> dict[str, str]:
    """Follow what is required, without the extras that a result never rests on unasked."""
    found: dict[str, str] = {}
    waiting = [_DISTRIBUTION]
    while waiting:
        name = waiting.pop()
        try:
            installed = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        for required in installed.requires or []:
            needed = _NAME.match(required)
            if needed is None or "extra ==" in required:
                continue
            plain = re.sub(r"[-_.]+", "-", needed[0]).lower()
            if plain not in found:
                found[plain] = ""
                waiting.append(plain)
        if name != _DISTRIBUTION:
            found[name] = installed.version
    return {name: version for name, version in sorted(found.items()) if version}


def _program_sha256() -> str:
    """Hash the code, the words, the templates and the default tables."""
    package, defaults = Path(accessibility.__file__).parent, data_folder() / "defaults"
    files = [
        *((path, path.relative_to(package)) for path in package.rglob("*") if path.suffix in _CODE),
        *((path, path.relative_to(defaults)) for path in defaults.glob("*.csv")),
    ]
    whole = hashlib.sha256()
    for path, name in sorted(files, key=lambda one: one[1].as_posix()):
        whole.update(f"{name.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return whole.hexdigest()

"""A page as PDF, through a Chromium that is installed; where there is none, there is no PDF."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
_MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
_LONGEST_S = 120.0
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:[^)]*\)")


def find_chromium() -> str:
    """Find an installed Chromium, Chrome or Edge; ``""`` where there is none."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    roots = [os.environ.get(name, "") for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
    places = [Path(root) / file for root in roots if root for file in _WINDOWS]
    if sys.platform == "darwin":
        places += [Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in _MAC]
    return next((str(place) for place in places if place.is_file()), "")


def write_pdf(path: Path, page: Path, *, as_of: date, browser: str) -> bool:
    """
    Print a page to PDF.

    Parameters
    ----------
    path
        File to write.
    page
        HTML file.
    as_of
        Date in the properties of the file.
    browser
        The Chromium to print with.

    Returns
    -------
    made
        Whether it could be; a browser that fails or takes too long leaves no file.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            browser, "--headless", "--disable-gpu", "--disable-extensions", "--no-first-run",
            "--no-pdf-header-footer", f"--user-data-dir={profile}", f"--print-to-pdf={path}",
            *(["--no-sandbox"] if _is_root() else []), page.resolve().as_uri(),
        ]  # fmt: skip
        try:
            subprocess.run(
                command, check=True, timeout=_LONGEST_S, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except (OSError, subprocess.SubprocessError):
            path.unlink(missing_ok=True)
            return False
    if not path.is_file() or not path.stat().st_size:
        path.unlink(missing_ok=True)
        return False
    path.write_bytes(_dated(path.read_bytes(), as_of))
    return True


def _is_root() -> bool:
    """Say whether the user is root, as whom Chromium runs only without its sandbox."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _dated(content: bytes, as_of: date) -> bytes:
    """Set the dates in the properties of a PDF, byte for byte as long as before."""

    def fixed(found: re.Match[bytes]) -> bytes:
        whole = found.group(0)
        new = b"/%s (D:%s000000" % (found.group(1), as_of.strftime("%Y%m%d").encode())
        return new + b"+00'00'".ljust(len(whole) - len(new) - 1)[: len(whole) - len(new) - 1] + b")"

    return _DATE.sub(fixed, content)

"""A headless Chromium without a network: pages are opened from the disk and nothing else may be asked for."""

import importlib
import importlib.util
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
WINDOWS = (
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


def chromium_path() -> str:
    """Find an installed Chromium: ``$CHROMIUM`` first, then where systems keep it; empty where none is."""
    stated = os.environ.get("CHROMIUM", "")
    found = (shutil.which(name) for name in CANDIDATES)
    return next((path for path in (stated, *found, *WINDOWS) if path and Path(path).exists()), "")


def give_up(reason: str) -> None:
    """Skip where a developer lacks a browser; fail where the checks must have one."""
    if os.environ.get("ACCESSIBILITY_CI") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    path = chromium_path()
    if not path:
        give_up("no Chromium found: install one or name it in $CHROMIUM")
    if importlib.util.find_spec("playwright") is None:
        give_up("playwright is not installed")
    playwright_api = importlib.import_module("playwright.sync_api")
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page with everything it asked for and everything it complained about."""

    page: object
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def open_page(chromium):
    """Open a file at a size; at the end nothing may have been asked for or complained about."""
    opened: list[Opened] = []

    def open_at(path: Path, width: int = 1280, height: int = 800) -> Opened:
        page = chromium.new_page(viewport={"width": width, "height": height})
        one = Opened(page)
        opened.append(one)

        def route(call) -> None:
            if call.request.url.startswith(("file:", "data:")):
                call.continue_()
            else:
                one.asked.append(call.request.url)
                call.abort()

        page.route("**/*", route)
        page.on("console", lambda message: one.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: one.complaints.append(f"error: {error}"))
        page.on("websocket", lambda socket: one.asked.append(socket.url))
        page.goto(path.as_uri())
        return one

    yield open_at
    for one in opened:
        one.page.close()
        assert one.asked == []
        assert one.complaints == []

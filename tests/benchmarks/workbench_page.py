"""The page of the workbench in a browser, as medians: ``python -m tests.benchmarks.workbench_page``."""

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import chromium_path
from tests.serving import Served, serving

SHUTTLE = {
    "type": "add_line",
    "id": "new-1",
    "name": "短驳",
    "both_ways": True,
    "stops": [{"name": "园区", "lon": 121.237, "lat": 31.26}, "封浜"],
    "headways": [{"days": "daily", "from": "06:00", "to": "22:00", "every_s": 600}],
}
N_DRAGS, N_READY = 12, 5

WATCH = """() => {
  window.took = [];
  addEventListener("mouseup", () => { window.released = performance.now(); }, true);
  new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(() =>
    window.took.push(performance.now() - window.released))))
    .observe(document.body, { attributes: true, attributeFilter: ["data-compared"] });
}"""

SLIDE = """() => new Promise((done) => {
  const slider = document.getElementById("cutoff"), steps = [];
  const step = (value) => {
    if (value > 90) { done(steps); return; }
    const began = performance.now();
    slider.value = value; slider.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => requestAnimationFrame(() => {
      steps.push(performance.now() - began); step(value + 5);
    }));
  };
  step(5);
})"""


def _ready(page: Page, address: str) -> float:
    """Open the page and measure (ms) until it can be used."""
    began = time.perf_counter()
    page.goto(f"{address}?lang=zh")
    page.wait_for_selector('body[data-ready="yes"]', timeout=90_000)
    return (time.perf_counter() - began) * 1000


def _drags(page: Page) -> list[float]:
    """Drag the first stop to and fro, and measure (ms) from the release to the new map."""
    page.evaluate(WATCH)
    page.locator('[data-focus="edit-0"]').click()
    for number in range(N_DRAGS):
        pin = page.locator(".stop-pin").first.bounding_box()
        assert pin is not None
        x, y = pin["x"] + 11, pin["y"] + 11
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + (9 + number) * (-1) ** number, y - (7 + number) * (-1) ** number, steps=4)
        page.mouse.up()
        for _look in range(400):
            if page.evaluate("window.took.length") > number:
                break
            page.wait_for_timeout(50)
        else:
            raise SystemExit(f"drag {number} gave no new map")
        page.wait_for_timeout(400)
    took: list[float] = page.evaluate("window.took")
    return took


def _memory_mb(served: Served) -> float:
    """Sum up the memory of the server and its workers (MB), each page shared between them counted once."""
    children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text().split()
    total = 0
    for pid in (str(served.process.pid), *children):
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total += sum(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    return total / 1000


def _row(what: str, ms: list[float]) -> None:
    print(f"{what:34} median {median(ms):5.0f} ms  from {min(ms):.0f} to {max(ms):.0f}  n {len(ms)}")


def main() -> int:
    """Run and print a row per measure."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as served,
        sync_playwright() as playwright,
    ):
        served.ask("GET", "/api/study")
        served.ask("POST", "/api/scenarios", {"name": "短驳", "modification": [SHUTTLE]})
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        _row("page ready", [_ready(page, served.address) for _number in range(N_READY)])
        page.wait_for_selector('body[data-job="idle"][data-compared]', timeout=120_000)
        _row("from the release to the new map", _drags(page)[1:])
        page.click("#line-done")
        page.check("#reach-on")
        page.wait_for_selector("body[data-reached]", timeout=60_000)
        _row("step of the isochrone slider", page.evaluate(SLIDE))
        print(f"{'server and worker':34} {_memory_mb(served):6.0f} MB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

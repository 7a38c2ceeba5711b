"""RULE UNDER TEST: the page of a report opens without a network, fits every width, can be read by all."""

import importlib
import importlib.util

import pytest

from accessibility.messages import language, set_language
from accessibility.studies.report import report_study
from tests.browser.conftest import give_up
from tests.unit.test_report import town_study

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    before = language()
    set_language("zh")
    folder = tmp_path_factory.mktemp("report")
    yield report_study(town_study(folder / "study"), folder / "report")
    set_language(before)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_the_window_and_shows_its_maps(report, open_page, width):
    page = open_page(report.out / "report.html", width, 800).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate("[...document.images].map(image => [image.naturalWidth, image.alt.length])")
    assert len(sizes) == 3
    assert all(wide > 1500 and told > 10 for wide, told in sizes)


def test_a_mark_leads_to_its_row_of_the_index(report, open_page):
    page = open_page(report.out / "report.html").page
    page.click("a.mark >> nth=0")
    assert page.evaluate("document.querySelector(':target th').textContent") == "F1"


def test_axe_finds_nothing_serious(report, open_page):
    if importlib.util.find_spec("axe_playwright_python") is None:
        give_up("axe-playwright-python is not installed")
    axe = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    page = open_page(report.out / "report.html").page
    page.evaluate(axe)
    told = page.evaluate("axe.run()")["violations"]
    grave = [one for one in told if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == []


def test_a_pdf_lies_beside_where_a_browser_is_installed(report, chromium):
    content = (report.out / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert b"D:20211230" in content

"""RULE UNDER TEST: the map of a journey by public transport opens from the disk and tells every leg."""

import pytest

from accessibility.cli import main
from accessibility.messages import language, set_language
from tests.transit_town import town_files

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def journey(tmp_path_factory):
    folder = tmp_path_factory.mktemp("journey")
    before = language()
    options, points = town_files(folder)
    more = ["--percentile", "10", "--percentile", "50", "--places", points, "--from", "home", "--to", "work"]
    out = folder / "journey.html"
    assert main(["--lang", "en", "explain", *options, *more, "-o", str(out)]) == 0
    yield out
    set_language(before)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_map_tells_every_leg_and_draws_rides_and_walks(journey, open_page, size):
    page = open_page(journey, *size).page
    page.wait_for_selector('.folium-map[data-ready="yes"]')
    text = page.locator("#detail").inner_text()

    assert "line 1: Alpha → Gamma, 2 stops" in text
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    strokes = page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-lines-pane path")]
             .map(path => [path.getAttribute("stroke"), path.getAttribute("stroke-dasharray")])"""
    )
    assert ["#0b4f8a", None] in strokes
    assert ["#37474f", "2 9"] in strokes


def test_the_percentile_can_be_chosen(journey, open_page):
    page = open_page(journey).page
    page.wait_for_selector('.folium-map[data-ready="yes"]')
    first = page.locator("#detail").inner_text()
    page.select_option('[data-pick="level"]', "p50")

    assert "15.0 min" in first
    assert "19.0 min" in page.locator("#detail").inner_text()

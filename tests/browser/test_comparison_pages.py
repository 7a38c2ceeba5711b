"""RULE UNDER TEST: pages and maps of a comparison open without a network; every text stays a text."""

import pytest

from accessibility.messages import language, set_language
from accessibility.studies.comparing.files import CompareOptions, compare_files
from accessibility.studies.comparing.rank import RankInput, rank_files
from tests.compare_worlds import town_study

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    before = language()
    set_language("en")
    place = tmp_path_factory.mktemp("pages")
    town = town_study(place / "town")
    files = [town / f"{name}.toml" for name in ("quick", "slow", "evil")]
    compare_files(town / "study.toml", files, CompareOptions(), out=place / "out")
    rank_files(town / "study.toml", RankInput(sweep=town / "sweep.toml"), out=place / "rank")
    yield place
    set_language(before)


def ready(opened):
    opened.page.wait_for_selector('.folium-map[data-ready="yes"]')
    opened.page.wait_for_timeout(200)
    return opened.page


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "name", ["out/index.html", "out/evil/index.html", "out/slow/index.html", "rank/index.html"]
)
def test_pages_open_at_every_width_and_run_nothing(out, open_page, name, width):
    page = open_page(out / name, width, 800).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.evil") is None
    assert page.locator("script").count() == 0
    assert page.locator("h1").inner_text()


def test_a_name_holding_a_script_is_shown_as_it_is(out, open_page):
    page = open_page(out / "out/evil/index.html").page
    assert page.locator("h1").inner_text().startswith("<script>window.evil=1</script>{{ 7*7 }}")
    page = ready(open_page(out / "out/evil/difference.html"))
    assert page.evaluate("window.evil") is None
    assert "<script>" in page.locator(".top h1").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_difference_map_shows_classes_with_signs_and_counts(out, open_page, width):
    page = ready(open_page(out / "out/quick/difference.html", width, 800))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    legend = [text.split("\n") for text in page.locator("#legend li").all_inner_texts()]
    told = {parts[1]: (parts[0], parts[2]) for parts in legend if len(parts) == 3}
    assert told["quicker, −10 to −5"] == ("−", "1 squares, 14.3 %")
    assert told["quicker, −5 to −1"] == ("−", "1 squares, 14.3 %")
    page.select_option('[data-pick="what"]', label="school")
    assert "5 squares, 71.4 %" in page.locator("#legend").inner_text()


def test_a_square_tells_both_times_by_search_and_by_keyboard(out, open_page):
    page = ready(open_page(out / "out/quick/difference.html"))
    page.fill("#find-text", "g000-000")
    page.press("#find-text", "Enter")
    card = page.locator(".leaflet-popup-content").inner_text()
    assert "18.0 min" in card
    assert "10.0 min" in card
    assert "−8.0 min" in card


def test_the_changed_line_is_drawn_and_an_assumed_one_is_dashed_and_says_so(out, open_page):
    page = ready(open_page(out / "out/quick/difference.html"))
    assert "New course" in page.locator(".layers").inner_text()
    assert page.locator('.leaflet-lines-pane path[stroke-dasharray="9 7"]').count() == 0
    page = ready(open_page(out / "out/slow/difference.html"))
    assert "assumption" in page.locator(".layers").inner_text()
    assert page.locator('.leaflet-lines-pane path[stroke-dasharray="9 7"]').count() > 0


def place_of_home(page, name):
    """Say where the starting place lies in a map (pixels)."""
    held, pin = (page.locator(one).first.bounding_box() for one in (name, f"{name} .leaflet-marker-icon"))
    return pin["x"] - held["x"], pin["y"] - held["y"]


@pytest.mark.parametrize("width", [1280, 390])
def test_both_maps_of_before_and_after_move_together_in_one_scale(out, open_page, width):
    page = ready(open_page(out / "out/slow/before_after.html", width, 800))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [page.locator(name).bounding_box() for name in ("#map_0000", "#second-map")]
    assert boxes[0]["width"] == pytest.approx(boxes[1]["width"], abs=2)
    assert min(box["height"] for box in boxes) > 250
    assert page.locator(".caption").all_inner_texts() == ["As it is", "With the scenario"]
    page.evaluate("map_0000.setView([31.3, 121.11], 14, {animate: false})")
    held = page.evaluate(
        "() => { const c = map_0000.getCenter(); return [c.lat, c.lng, map_0000.getZoom()]; }"
    )
    assert held == pytest.approx([31.3, 121.11, 14], abs=1e-3)
    scales = page.locator("#second-map .leaflet-tile-container").count()
    assert scales >= 1
    assert "→" in page.locator("#legend").inner_text()


def test_the_ranking_page_holds_its_chart(out, open_page):
    page = open_page(out / "rank/index.html").page
    assert page.locator("svg g.scenario").count() == 2
    assert page.locator("svg").first.bounding_box()["width"] > 500

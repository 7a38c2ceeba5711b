"""RULE UNDER TEST: maps open from the disk without a network; everything on them works and can be read."""

import re

import pytest

from accessibility.messages import language, set_language
from tests import output_worlds as worlds
from tests.unit.test_outputs_pages import write_all

pytestmark = pytest.mark.browser

SIZES = [(1280, 800), (1920, 1080), (390, 844)]
MAPS = ["overview", "grid", "isochrones", "journeys"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    before = language()
    set_language("en")
    yield write_all(tmp_path_factory.mktemp("pages"))
    set_language(before)


def ready(opened):
    opened.page.wait_for_selector('.folium-map[data-ready="yes"]')
    opened.page.wait_for_timeout(150)
    return opened.page


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", [*MAPS, "page"])
def test_every_page_opens_at_every_size_without_a_complaint(pages, open_page, tmp_path, name, size):
    opened = open_page(pages[name], *size)
    page = opened.page if name == "page" else ready(opened)
    shot = page.screenshot(path=tmp_path / f"{name}_{size[0]}.png")

    assert len(shot) > 5_000
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate("window.evil") is None
    if name != "page":
        box = page.locator(".folium-map").bounding_box()
        assert box["width"] > 300
        assert box["height"] > 300
        assert page.locator(".leaflet-control-scale-line").inner_text().endswith("m")
        assert "OpenStreetMap" in page.locator(".leaflet-control-attribution").inner_text()
        assert page.locator(".north").is_visible()


@pytest.mark.parametrize("name", MAPS)
def test_every_control_has_a_name_and_can_be_reached_by_keyboard(pages, open_page, name):
    page = ready(open_page(pages[name]))
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("select, input, button, a[href], [tabindex='0']")]
             .filter(node => !(node.getAttribute("aria-label") || node.title || node.textContent.trim()
               || (node.labels && node.labels.length && node.labels[0].textContent.trim())))
             .map(node => node.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("(n => n.dataset.pick || n.dataset.layer || n.id)(document.activeElement)"))
    assert "sites" in reached
    page.locator('[data-layer="sites"]').focus()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_chinese_signs_are_drawn_and_not_as_boxes(pages, open_page):
    page = ready(open_page(pages["overview"]))
    drawn = page.evaluate(
        """() => {
          const pixels = sign => {
            const canvas = document.createElement("canvas"); canvas.width = canvas.height = 40;
            const pen = canvas.getContext("2d");
            pen.font = "32px " + getComputedStyle(document.body).fontFamily;
            pen.fillText(sign, 2, 33); return canvas.toDataURL();
          };
          return ["安", "亭", "路", "\\u{10FFFD}"].map(pixels);
        }"""
    )
    assert len(set(drawn)) == 4
    assert page.locator(".name", has_text="曹安公路").first.is_visible()


def test_a_layer_can_be_switched_off_and_on(pages, open_page):
    page = ready(open_page(pages["overview"]))
    pins = page.locator(".leaflet-marker-icon")
    before = pins.count()
    box = page.locator('[data-layer="kind-hospital"]')
    box.uncheck()
    without = pins.count()
    box.check()

    assert without == before - 2
    assert pins.count() == before
    assert page.locator(".name", has_text="Anting Hospital").is_visible()


def test_a_pop_up_tells_value_uncertainty_mark_and_source(pages, open_page):
    page = ready(open_page(pages["overview"]))
    page.locator('.leaflet-marker-icon[title="Anting"]').click()
    text = page.locator(".leaflet-popup-content").inner_text()

    for part in ("Anting", "10.0–15.0", "± 10 m", "S: read in a source", "check before publishing"):
        assert part in text


def test_a_pop_up_opens_by_keyboard(pages, open_page):
    page = ready(open_page(pages["overview"]))
    page.locator('.leaflet-marker-icon[title="Candidate 1"]').focus()
    page.keyboard.press("Enter")

    assert "Candidate 1" in page.locator(".leaflet-popup-content").inner_text()


def test_a_place_is_found_by_name_even_on_a_layer_that_is_off(pages, open_page):
    page = ready(open_page(pages["overview"]))
    page.fill("#find-text", "Kindergarten")
    page.locator("#find button").click()

    assert "Kindergarten" in page.locator(".leaflet-popup-content").inner_text()
    assert page.locator('[data-layer="kind-kindergarten"]').is_checked()
    page.fill("#find-text", "nowhere at all")
    page.locator("#find button").click()
    assert page.locator("#find-answer").inner_text() == "Nothing of this name."


def test_a_name_holding_a_script_shows_as_text(pages, open_page):
    page = ready(open_page(pages["overview"]))
    page.fill("#find-text", "<script>")
    page.locator("#find button").click()
    shown = page.locator(".leaflet-popup-content h3").text_content()

    assert shown == worlds.EVIL
    assert page.evaluate("window.evil") is None
    assert page.evaluate("document.querySelectorAll('.leaflet-popup-content script').length") == 0


def test_the_grid_changes_with_the_choice_and_names_what_is_unreached(pages, open_page):
    page = ready(open_page(pages["grid"]))
    legend = page.locator("#legend")
    first = legend.inner_text()
    assert "not reached within the limit of the study" in first
    assert "no street near the starting place" in first
    page.select_option("#pick-column", "high")
    assert legend.inner_text() != first
    page.select_option("#pick-what", "opportunities:hospital")
    assert "more than 50" in legend.inner_text()
    page.select_option("#pick-what", "nearest:metro")
    page.select_option("#pick-mode", "drive")
    assert "no such destination exists on this date" in legend.inner_text()


def test_unreached_squares_are_hatched_and_reached_ones_coloured(pages, open_page):
    page = ready(open_page(pages["grid"]))
    colours = page.evaluate(
        """() => {
          const tiles = [...document.querySelectorAll(".leaflet-cells-pane canvas")];
          let hatched = 0, coloured = 0;
          tiles.forEach(tile => {
            const data = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height).data;
            for (let i = 0; i < data.length; i += 4) {
              const [r, g, b, a] = [data[i], data[i + 1], data[i + 2], data[i + 3]];
              if (a === 255 && r === 255 && g === 255 && b === 255) { hatched++; }
              if (r === 12 && g === 36 && b === 102) { coloured++; }
            }
          });
          return [tiles.length, hatched, coloured];
        }"""
    )
    assert colours[0] > 0
    assert colours[1] > 50
    assert colours[2] > 500


def test_a_square_tells_its_range_by_click_by_key_and_by_number(pages, open_page):
    page = ready(open_page(pages["grid"]))
    popup = page.locator(".leaflet-popup-content")
    page.fill("#find-text", "g002-000")
    page.locator("#find button").click()
    text = popup.inner_text()
    assert "g002-000" in text
    for part in ("shortest", "3.2", "4.0", "5.0", "Anting"):
        assert part in text
    page.fill("#find-text", "g007-000")
    page.locator("#find button").click()
    assert "not reached within the limit" in popup.inner_text()
    page.keyboard.press("Escape")
    page.locator(".folium-map").focus()
    page.keyboard.press("Enter")
    assert re.search(r"g\d{3}-\d{3}", popup.inner_text())
    page.keyboard.press("Escape")
    box = page.locator(".folium-map").bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    assert re.search(r"g\d{3}-\d{3} · ", page.locator(".leaflet-tooltip").inner_text())
    page.mouse.click(box["x"] + 300, box["y"] + 300)
    assert re.search(r"g\d{3}-\d{3}", popup.inner_text())


def test_the_square_under_the_pointer_is_the_one_that_contains_it(pages, open_page):
    page = ready(open_page(pages["grid"]))
    grid = worlds.town_grid()
    cells = grid.centres()
    for cell in (0, 57, len(cells) - 1):
        at = page.evaluate(
            "([lat, lon]) => { const map = Object.values(window).find(v => v instanceof L.Map);"
            " map.closePopup(); map.setView([lat, lon], 14, {animate: false});"
            " const p = map.latLngToContainerPoint([lat, lon]);"
            " const r = map.getContainer().getBoundingClientRect();"
            " return [p.x + r.left, p.y + r.top]; }",
            [float(cells.lat[cell]), float(cells.lon[cell])],
        )
        page.wait_for_timeout(400)  # the pop-up before fades out
        page.mouse.click(*at)
        assert cells.ids[cell] in page.locator(".leaflet-popup-content").inner_text()


def test_isochrones_change_with_the_choice_and_an_empty_one_is_named(pages, open_page):
    page = ready(open_page(pages["isochrones"]))
    assert page.locator("#pick-origin").input_value() == "C2"
    assert "nothing reached" in page.locator("#legend").inner_text()
    assert page.locator(".leaflet-areas-pane path").count() == 1
    page.select_option("#pick-how", "drive peak")
    assert page.locator(".leaflet-areas-pane path").count() == 2
    page.locator(".leaflet-areas-pane path").first.click(position={"x": 30, "y": 60}, force=True)


def test_a_journey_is_told_road_by_road(pages, open_page):
    page = ready(open_page(pages["journeys"]))
    text = page.locator("#detail").inner_text()

    for part in ("曹安公路", "12.5 min", "5.0 min", "17.5 min", worlds.EVIL.replace("\u2028", "")[:20]):
        assert part in text
    page.select_option("#pick-level", "low")
    assert "10.5 min" in page.locator("#detail").inner_text()


@pytest.mark.parametrize("name", [*MAPS, "page"])
def test_text_stands_out_from_its_ground(pages, open_page, name):
    opened = open_page(pages[name])
    page = opened.page if name == "page" else ready(opened)
    weak = page.evaluate(
        """() => {
          const parse = c => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
          const light = c => { const f = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
            return .2126 * f(c[0]) + .7152 * f(c[1]) + .0722 * f(c[2]); };
          const ground = node => { for (; node; node = node.parentElement) {
            const c = parse(getComputedStyle(node).backgroundColor);
            if (c.length < 4 || c[3] > .8) { return c; } } return [255, 255, 255]; };
          const skip = "svg, .leaflet-pane, script, select:disabled";
          const spoken = child => child.nodeType === 3 && child.textContent.trim();
          const speaks = node => [...node.childNodes].some(spoken);
          return [...document.querySelectorAll("body *")]
            .filter(node => node.offsetParent && !node.closest(skip) && speaks(node))
            .map(node => { const a = light(parse(getComputedStyle(node).color)), b = light(ground(node));
              return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), node.outerHTML.slice(0, 90)]; })
            .filter(pair => pair[0] < 4.5);
        }"""
    )
    assert weak == []


@pytest.mark.parametrize("name", [*MAPS, "page"])
def test_every_page_prints(pages, open_page, name):
    opened = open_page(pages[name])
    page = opened.page if name == "page" else ready(opened)
    page.emulate_media(media="print")
    printed = page.pdf(prefer_css_page_size=True)

    assert printed.startswith(b"%PDF")
    assert len(printed) > 10_000

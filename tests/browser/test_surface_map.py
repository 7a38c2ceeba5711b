"""RULE UNDER TEST: the map of a surface opens without a network, whatever its cells, and tells its values."""

import pytest

from accessibility.cli import main

pytestmark = pytest.mark.browser

LAT, WEST, EAST = 31.29, 121.16, 121.18
KINDS = ["squares", "hexagons", "points"]


@pytest.fixture(scope="module")
def maps(tmp_path_factory):
    """A street with a clinic at its western end; the cells in the east are out of reach within 12 minutes."""
    folder = tmp_path_factory.mktemp("surface")
    nodes = "".join(f'<node id="{i}" lat="{LAT}" lon="{WEST + i * 0.001:.4f}"/>' for i in range(21))
    refs = "".join(f'<nd ref="{i}"/>' for i in range(21))
    way = f'<way id="1">{refs}<tag k="highway" v="residential"/><tag k="name" v="曹安公路"/></way>'
    (folder / "town.osm").write_text(f"<osm version='0.6'>{nodes}{way}</osm>", encoding="utf-8")
    clinic = f"id,name,lon,lat\nw,<b>西</b>医院,{WEST},{LAT}\n"
    (folder / "clinics.csv").write_text(clinic, encoding="utf-8")
    points = "".join(f"p{i},{WEST + i * 0.002:.4f},{LAT}\n" for i in range(11))
    (folder / "points.csv").write_text(f"id,lon,lat\n{points}nowhere,,\n", encoding="utf-8")
    box = f"--area={WEST},{LAT - 0.004},{EAST},{LAT + 0.004}"
    asked = ["--lang", "en", "surface", "--osm", str(folder / "town.osm"), "--walk-speed", "3.6"]
    asked += ["--destinations", str(folder / "clinics.csv"), "--max-duration", "12"]
    for kind, more in (
        ("squares", [box, "--cell-m", "100"]),
        ("hexagons", [box, "--h3", "10"]),
        ("points", ["--origins", str(folder / "points.csv")]),
    ):
        assert main([*asked, *more, "-o", str(folder / f"{kind}.html")]) == 0
    return folder


def ready(opened):
    opened.page.wait_for_selector('.folium-map[data-ready="yes"]')
    opened.page.wait_for_timeout(200)
    return opened.page


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", KINDS)
def test_it_opens_at_every_size_and_the_legend_counts_every_cell(maps, open_page, kind, size):
    page = ready(open_page(maps / f"{kind}.html", *size))
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    counts = [int(text.split()[0]) for text in page.locator("#legend .share").all_inner_texts()]
    n_cells = page.evaluate('JSON.parse(document.getElementById("atlas-data").textContent).grid.ids.length')
    assert sum(counts) == n_cells
    assert "not reached" in page.locator("#legend").inner_text()
    assert page.locator(".selects select").count() == 0, "one value needs no choice"


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_found_by_its_name_tells_minutes_and_facility(maps, open_page, kind):
    page = ready(open_page(maps / f"{kind}.html"))
    cell = page.evaluate(
        """() => {
          const grid = JSON.parse(document.getElementById("atlas-data").textContent).grid;
          const [type, text] = grid.arrays[grid.tables[0].columns[0].values];
          const Kind = type === "i2" ? Int16Array : Int32Array;
          const values = new Kind(Uint8Array.from(atob(text), sign => sign.charCodeAt(0)).buffer);
          const at = values.findIndex(value => value > 40);
          return {id: grid.ids[at], minutes: (values[at] / 10).toFixed(1)};
        }"""
    )
    page.fill("#find-text", cell["id"])
    page.locator("#find button").click()
    told = page.locator(".leaflet-popup-content").inner_text()
    assert cell["id"] in told
    assert cell["minutes"] in told
    assert "<b>西</b>医院" in told, "text, not markup"


@pytest.mark.parametrize("kind", KINDS)
def test_pointing_at_the_middle_of_a_cell_names_it(maps, open_page, kind):
    page = ready(open_page(maps / f"{kind}.html"))
    page.locator('[data-layer="facilities"]').uncheck()
    box = page.locator(".folium-map").bounding_box()
    names = set()
    for step in range(9):
        page.mouse.move(box["x"] + box["width"] * (0.1 + 0.1 * step), box["y"] + box["height"] / 2)
        page.wait_for_timeout(40)
        tips = page.locator(".leaflet-tooltip.tip")
        if tips.count():
            names.add(tips.first.inner_text().split(" · ")[0])
    known = page.evaluate('JSON.parse(document.getElementById("atlas-data").textContent).grid.ids')
    assert names <= set(known)
    assert len(names) >= (6 if kind != "points" else 1)

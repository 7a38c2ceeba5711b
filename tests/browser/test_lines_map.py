"""RULE UNDER TEST: lines of public transport are drawn and switched; details of a finding open and print."""

import pytest

from accessibility.messages import language, set_language
from accessibility.outputs.maps import study_maps as maps
from accessibility.outputs.maps.line_layers import BUS_COLOUR, RAIL_COLOUR
from tests import output_worlds as worlds
from tests.sheets import SERVICES, STOPS, folder, read
from tests.unit.test_outputs_pages import write_all

pytestmark = pytest.mark.browser

LINES = "line,name,mode\n1,Line 1,bus\n2,Line 2,metro\n"
STOPS_HERE = (
    STOPS
    + "1,0,1,A,121.21,31.27,\n1,0,2,B,121.25,31.29,5\n"
    + "2,0,1,C,121.22,31.30,\n2,0,2,D,121.28,31.26,9\n"
)
RUNS = SERVICES + "1,0,daily,06:00,22:00,10,8,12,,\n2,0,daily,06:00,22:00,5,5,5,,\n"
STROKES = """() => [...document.querySelectorAll(".leaflet-lines-pane path")]
             .map(path => path.getAttribute("stroke"))"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    before = language()
    set_language("en")
    place = tmp_path_factory.mktemp("pages")
    timetable = read(folder(place, stops=STOPS_HERE, services=RUNS, lines=LINES))
    frame = worlds.town_frame()
    overview = maps.overview_map(place / "lines.html", frame, timetable=timetable)
    yield {"overview": overview, "page": write_all(place)["page"]}
    set_language(before)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_buses_and_rail_are_drawn_each_in_its_colour(pages, open_page, size):
    page = open_page(pages["overview"], *size).page
    page.wait_for_selector('.folium-map[data-ready="yes"]')
    strokes = page.evaluate(STROKES)
    assert strokes.count(BUS_COLOUR) == 1
    assert strokes.count(RAIL_COLOUR) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_layer_of_buses_can_be_switched_off_alone(pages, open_page):
    page = open_page(pages["overview"]).page
    page.wait_for_selector('.folium-map[data-ready="yes"]')
    page.get_by_label("Bus lines").uncheck()
    strokes = page.evaluate(STROKES)
    assert BUS_COLOUR not in strokes
    assert RAIL_COLOUR in strokes


def test_details_of_a_finding_open_on_demand_and_always_in_print(pages, open_page):
    page = open_page(pages["page"]).page
    figures = page.locator("details .figures").first
    assert not figures.is_visible()
    page.locator("details > summary").first.click()
    assert figures.is_visible()
    page.locator("details > summary").first.click()
    page.emulate_media(media="print")
    assert figures.bounding_box()["height"] > 20

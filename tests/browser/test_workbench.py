"""RULE UNDER TEST: on the workbench a planner draws or bends a line and sees, undoes, keeps what it does."""

import csv
import importlib.resources
import importlib.util
import math
import subprocess
import sys
from datetime import date

import pytest

from accessibility.model.line_changes import ControlPoint
from accessibility.sources.line_sheets import read_line_sheets
from accessibility.sources.scenario_file import read_scenario
from tests import sheets
from tests.browser.conftest import give_up
from tests.reference import reference
from tests.serving import STUDY, serving

pytestmark = pytest.mark.browser

PARK = "园区 121.2370 31.2600"
IDLE = 'body[data-job="idle"]'


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("scenarios")) as one:
        one.ask("GET", "/api/study")
        yield one


@pytest.fixture
def bench(chromium, served):
    """Open the workbench on a new scenario; at its end nothing was asked for elsewhere, none complained."""
    opened = []

    def open_at(width=1280, height=800, language="zh", *, new=True):
        page = chromium.new_page(viewport={"width": width, "height": height})
        page.asked, page.complaints = [], []
        page.on(
            "request",
            lambda asked: asked.url.startswith((served.address, "data:")) or page.asked.append(asked.url),
        )
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        opened.append(page)
        page.goto(f"{served.address}?lang={language}")
        page.wait_for_selector('body[data-ready="yes"]', timeout=90_000)
        if new:
            page.click("#scenario-new")
            page.wait_for_selector("#scenario-body:not([inert]) .none")
        return page

    yield open_at
    for page in opened:
        page.close()
        assert [url for url in page.asked if not url.startswith((served.address, "data:"))] == []
        assert [text for text in page.complaints if "409" not in text] == []


def settle(page):
    """Wait until everything is saved and computed."""
    page.wait_for_timeout(500)
    page.wait_for_selector('#save-state[data-state="saved"]', state="attached")
    page.wait_for_selector(IDLE, timeout=120_000)


def add_shuttle(page):
    page.click("#add-line")
    page.fill("#line-name", "园区—封浜短驳")
    for stop in (PARK, "封浜"):
        page.fill("#add-stop-name", stop)
        page.press("#add-stop-name", "Enter")
    page.fill('[data-focus="every-0"]', "10")
    page.press('[data-focus="every-0"]', "Tab")
    settle(page)


def file_of(served, page):
    return served.folder / f"{page.input_value('#scenario')}.toml"


def on_screen(page, *positions):
    """Where positions lie on the screen: two stops are added, looked up, and undone again."""
    corners = [(121.20, 31.24), (121.30, 31.30)]
    for lon, lat in corners:
        page.fill("#add-stop-name", f"角 {lon} {lat}")
        page.press("#add-stop-name", "Enter")
    pins = [page.locator(".stop-pin").nth(i).bounding_box() for i in (0, 1)]
    (x0, y0), (x1, y1) = [(pin["x"] + 11, pin["y"] + 11) for pin in pins]

    def north(lat):
        return math.asinh(math.tan(math.radians(lat)))

    (lon0, lat0), (lon1, lat1) = corners
    page.click("#undo")
    page.click("#undo")
    return [
        (
            x0 + (x1 - x0) * (lon - lon0) / (lon1 - lon0),
            y0 + (y1 - y0) * (north(lat) - north(lat0)) / (north(lat1) - north(lat0)),
        )
        for lon, lat in positions
    ]


def drag(page, start, by):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0], start[1] + by[1], steps=6)
    page.mouse.up()
    page.wait_for_timeout(300)


def test_a_shuttle_drawn_on_the_map_shows_who_gains(served, bench):
    page = bench(1920, 1080)
    page.click("#add-line")
    drag(page, (800, 700), (-100, -280))
    for _ in range(2):
        page.click(".leaflet-control-zoom-in")
        page.wait_for_timeout(350)
    for at in on_screen(page, (121.2370, 31.2600), (121.29111, 31.26948)):
        page.mouse.click(*at)
        page.wait_for_timeout(200)
    page.fill('[data-focus="every-0"]', "10")
    page.press('[data-focus="every-0"]', "Tab")
    settle(page)
    change = read_scenario(file_of(served, page)).modifications[0]

    assert page.locator(".stop-pin").count() == 2
    assert (change.stops[0].lon, change.stops[0].lat) == pytest.approx((121.237, 31.26), abs=2e-4)
    assert change.stops[1] == "封浜", "an existing stop within 30 m is taken"
    assert change.headways[0].every_s == 600
    trips = "document.querySelector('#figures [data-cost=\"trips\"]')"
    page.wait_for_function(f"() => Number({trips}.innerText) === 192")
    page.click("#line-done")
    counts = [int(text) for text in page.locator("#counts dd").all_inner_texts()]
    assert counts[0] + counts[3] > 0
    assert f"{counts[0]}格缩短" in page.inner_text("#sentence")
    assert "仅改动后可达" in page.inner_text("#legend")


def test_the_figures_are_those_of_the_command_line(served, bench, tmp_path):
    page = bench()
    add_shuttle(page)
    page.click("#line-done")
    file = file_of(served, page)
    command = [sys.executable, "-m", "accessibility", "compare", str(STUDY), "--scenario", str(file)]
    subprocess.run([*command, "--out", str(tmp_path / "out")], check=True, capture_output=True)
    with (tmp_path / "out" / file.stem / "changes.csv").open(encoding="utf-8-sig", newline="") as table:
        classes = [row["class"] for row in csv.DictReader(table) if row["target"] == "metro"]
    shown = [int(text) for text in page.locator("#counts dd").all_inner_texts()]

    assert shown == [
        classes.count(name)
        for name in ("gain", "lose", "same", "newly-reached", "no-longer-reached", "never-reached")
    ]
    assert shown[0] > 0
    assert "封浜" in page.inner_text("#best")


def test_bending_a_line_is_undone_redone_and_survives_a_reload(served, bench):
    page = bench()
    page.select_option("#known-line", value='["jd112",0]')
    page.click("#bend-line")
    page.wait_for_timeout(500)
    pin = page.locator(".stop-pin").nth(6).bounding_box()
    page.mouse.move(pin["x"] + 11, pin["y"] + 11)
    page.mouse.down()
    page.mouse.move(pin["x"] + 60, pin["y"] + 70, steps=5)
    page.mouse.up()
    settle(page)
    (change,) = read_scenario(file_of(served, page)).modifications
    assert (change.route, len(change.stops)) == ("jd112", 1)
    page.keyboard.press("Control+z")
    settle(page)
    assert read_scenario(file_of(served, page)).modifications == ()
    page.keyboard.press("Control+y")
    settle(page)
    assert read_scenario(file_of(served, page)).modifications == (change,)
    told = page.inner_text("#changes .what")
    page.reload()
    page.wait_for_selector('body[data-ready="yes"]')
    settle(page)
    assert page.inner_text("#changes .what") == told
    assert "嘉定112" in told
    page.uncheck("#changes input")
    settle(page)
    assert read_scenario(file_of(served, page)).modifications == ()


def points_of(served, page):
    (change,) = read_scenario(file_of(served, page)).modifications
    return [isinstance(one, ControlPoint) for one in change.stops]


def test_a_control_point_bends_the_line_by_mouse(served, bench):
    page = bench()
    add_shuttle(page)
    page.wait_for_timeout(300)
    page.select_option("#adding", "point")
    first, last = (page.locator(".stop-pin").nth(i).bounding_box() for i in (0, 1))
    page.mouse.click((first["x"] + last["x"]) / 2, first["y"] + 60)
    settle(page)
    assert points_of(served, page) == [False, True, False]
    bent = float(page.inner_text('#figures [data-cost="length_km"]'))
    pin = page.locator(".point-pin").bounding_box()
    drag(page, (pin["x"] + 8, pin["y"] + 8), (-60, -40))
    settle(page)
    assert points_of(served, page) == [False, True, False]
    assert float(page.inner_text('#figures [data-cost="length_km"]')) != bent
    page.locator(".point-pin").click(button="right")
    settle(page)
    assert points_of(served, page) == [False, False]
    page.keyboard.press("Control+z")
    settle(page)
    assert points_of(served, page) == [False, True, False]


def test_control_points_by_keyboard_on_a_line_there_is(served, bench):
    page = bench()
    page.select_option("#known-line", value='["jd112",0]')
    page.locator("#bend-line").focus()
    page.keyboard.press("Enter")
    page.select_option("#adding", "point")
    page.fill("#add-stop-name", "121.2166 31.2630")
    page.press("#add-stop-name", "Enter")
    settle(page)
    (change,) = read_scenario(file_of(served, page)).modifications
    assert change.stops == (ControlPoint(121.2166, 31.263),)
    assert change.from_stop
    assert change.to_stop
    assert "途经点" in page.inner_text("#changes .what")
    page.locator('[data-focus^="halt-"]').focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.focus").startswith("pass-")
    settle(page)
    assert points_of(served, page) == [False]
    page.keyboard.press("Enter")
    settle(page)
    assert points_of(served, page) == [True]
    page.locator('#stops tr:has(.point) [data-focus^="delete-"]').click()
    settle(page)
    assert read_scenario(file_of(served, page)).modifications == ()


def test_a_line_runs_in_a_stated_time_and_stands_as_long_as_stated(served, bench):
    page = bench()
    add_shuttle(page)
    page.locator("summary", has_text="粘贴").click()
    page.fill("#paste", "站名\t经度\t纬度\n甲站\t121.2500\t31.2650\n乙站\t121.2600\t31.2660")
    page.click("#paste-take")
    page.select_option("#line-follow", "time")
    page.fill("#line-run", "12")
    page.press("#line-run", "Tab")
    page.fill("#line-dwell", "30")
    page.press("#line-dwell", "Tab")
    settle(page)
    (change,) = read_scenario(file_of(served, page)).modifications

    assert [getattr(stop, "name", stop) for stop in change.stops][2:] == ["甲站", "乙站"]
    assert sum(change.hop_s) == 720
    assert change.dwell_s == (0, 30, 30, 0)
    assert page.inner_text('#figures [data-cost="run_min"]') == "13"


def choose(page, *files):
    if not page.locator("#import-part").evaluate("part => part.open"):
        page.locator("#import-part summary").click()
    page.set_input_files("#import-files", [str(file) for file in files])
    page.wait_for_timeout(300)
    page.wait_for_selector("#import-state:not(:empty)")
    for _ in range(100):
        if "正在读取" not in page.inner_text("#import-state"):
            return
        page.wait_for_timeout(100)


def test_line_sheets_become_lines_of_the_scenario(served, bench, tmp_path):
    page = bench()
    add_shuttle(page)
    page.click("#line-done")
    place = sheets.folder(tmp_path)
    choose(page, place / "stops.csv", place / "services.csv")
    settle(page)
    _shuttle, line = read_scenario(file_of(served, page)).modifications

    assert (line.id, line.hop_s, line.headways[0].every_s) == ("1", (180, 360), 600)
    assert "Alpha" in page.inner_text("#changes li:last-child .what")
    page.keyboard.press("Control+z")
    settle(page)
    assert len(read_scenario(file_of(served, page)).modifications) == 1


def test_a_file_that_cannot_be_read_is_told_row_by_row_and_nothing_is_lost(served, bench, tmp_path):
    page = bench()
    add_shuttle(page)
    page.click("#line-done")
    kept = read_scenario(file_of(served, page))
    wrong = sheets.STOPS + "1,0,1,Alpha,121.1,31.3,\n1,0,2,<b>Beta</b>,121.2,91.0,3\n"
    place = sheets.folder(tmp_path, stops=wrong)
    choose(page, place / "stops.csv", place / "services.csv")
    told = page.inner_text("#import-answer")
    assert "第 3 行" in told
    assert "91" in told
    (tmp_path / "large.xlsx").write_bytes(bytes(3_100_000))
    (tmp_path / "broken.xls").write_bytes(b"no workbook")
    (tmp_path / "broken.toml").write_bytes(b"name = ")
    for name in ("large.xlsx", "broken.xls", "broken.toml"):
        choose(page, tmp_path / name)
        assert page.inner_text("#import-state")
        assert page.locator("#import-state.problem").count() or "3 MB" in page.inner_text("#import-state")
    settle(page)
    assert read_scenario(file_of(served, page)) == kept


def test_a_scenario_file_becomes_a_scenario_of_its_own(served, bench, tmp_path):
    page = bench()
    before = page.input_value("#scenario")
    text = (
        'name = "来自文件"\n[[modification]]\ntype = "reroute"\nroute = "jd112"\ndirection = 0\n'
        'from_stop = "{}"\nto_stop = "{}"\nstops = [{{lon = 121.2, lat = 31.28, pass = true}}]\n'
        '[[modification]]\ntype = "remove_line"\nroute = "jd116"\nenabled = false\n'
    )
    lines = read_line_sheets(STUDY / "lines", first_day=date(2021, 5, 21), last_day=date(2021, 5, 21))
    trip = lines.trip_route.tolist().index(lines.route_ids.index("jd112"))
    ends = [lines.stop_ids[stop] for stop in lines.stop_time_stop[lines.stop_time_offset[trip] :][3:5]]
    (tmp_path / "one.toml").write_text(text.format(*ends), encoding="utf-8")
    choose(page, tmp_path / "one.toml")
    settle(page)

    assert page.input_value("#scenario") != before
    assert page.input_value("#scenario-name") == "来自文件"
    assert page.locator("#changes li").count() == 2
    assert page.locator("#changes li.off").count() == 1
    assert read_scenario(file_of(served, page)) == read_scenario(tmp_path / "one.toml")


def test_a_driving_plan_gives_its_line_new_departures(served, bench):
    file, other = (reference(f"driving_plans/route{name}") for name in ("116.xls", "56.xlsx"))
    page = bench()
    choose(page, file)
    settle(page)
    (change,) = read_scenario(file_of(served, page)).modifications
    assert (change.route, sorted(len(one.times_s) for one in change.departures)) == (
        "jd116",
        [25, 25, 30, 30],
    )
    page.click('[data-focus="edit-0"]')
    page.fill('[data-focus="dep-times-0"]', "6:00, 06:30；07:00")
    page.press('[data-focus="dep-times-0"]', "Tab")
    settle(page)
    (change,) = read_scenario(file_of(served, page)).modifications
    assert change.departures[0].times_s == (21600, 23400, 25200)
    page.fill('[data-focus="dep-times-0"]', "6:00 25")
    page.press('[data-focus="dep-times-0"]', "Tab")
    assert "25" in page.inner_text("#line-state")
    page.click("#line-done")
    choose(page, other)
    assert "嘉定56路" in page.inner_text("#import-state")
    page.select_option("#known-line", value='["jd112",0]')
    choose(page, other)
    page.click("#import-for")
    page.wait_for_selector("#changes li:nth-child(2)")
    settle(page)
    assert [one.route for one in read_scenario(file_of(served, page)).modifications] == ["jd116", "jd112"]


def test_two_scenarios_stand_side_by_side(bench):
    page = bench()
    add_shuttle(page)
    page.click("#line-done")
    page.fill("#scenario-name", "短驳甲")
    settle(page)
    first = page.input_value("#scenario")
    page.click("#scenario-copy")
    page.wait_for_timeout(600)
    settle(page)
    page.uncheck("#changes input")
    settle(page)
    page.locator("#other-part summary").click()
    page.select_option("#other", first)
    page.wait_for_selector("#other-answer table")
    cells = page.locator("#other-answer tbody tr").first.locator("td").all_inner_texts()
    assert cells[0] == "0"
    assert int(cells[1]) > 0
    assert "短驳" in page.inner_text("#other-answer ul")


@pytest.mark.parametrize(
    ("kind", "name", "begins"),
    [
        ("toml", ".toml", b"name"),
        ("html", "html.html", b"<!DOCTYPE"),
        ("xlsx", "xlsx.xlsx", b"PK"),
        ("csv", "csv.csv", b"\xef\xbb\xbfcell_id"),
        ("gpkg", "gpkg.gpkg", b"SQLite"),
        ("tables", "tables.zip", b"PK"),
        ("gtfs", "gtfs.zip", b"PK"),
        ("plan", "plan.xlsx", b"PK"),
    ],
)
def test_results_are_downloaded(bench, kind, name, begins):
    page = bench()
    add_shuttle(page)
    page.click("#line-done")
    with page.expect_download(timeout=60_000) as download:
        page.click(f'[data-export="{kind}"]')
    assert download.value.suggested_filename.endswith(name)
    assert download.value.path().read_bytes().startswith(begins)


def test_everything_can_be_done_by_keyboard(served, bench):
    page = bench()
    page.locator("#add-line").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "line-name"
    page.keyboard.type("键盘线")
    page.locator("#add-stop-name").focus()
    for stop in (PARK, "封浜", "安亭"):
        page.keyboard.type(stop)
        page.keyboard.press("Enter")
        page.wait_for_timeout(100)
    page.locator('[data-focus="up-2"]').focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.focus") == "up-1"
    settle(page)
    (change,) = read_scenario(file_of(served, page)).modifications
    assert change.name == "键盘线"
    assert [getattr(stop, "name", stop) for stop in change.stops][0] == "园区"
    assert len(change.stops) == 3
    page.locator("#line-done").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "tab-results"


def test_a_square_tells_both_journeys_and_a_place_what_is_reached(bench):
    page = bench()
    add_shuttle(page)
    page.click("#line-done")
    page.locator("#best button").first.click()
    page.wait_for_selector("#journeys section", timeout=60_000)
    row = page.locator("#best tbody tr").first.inner_text().split()
    assert "短驳" in page.inner_text("#journeys section:last-child")
    assert row[0] in page.inner_text("#cell h4")
    page.check("#reach-on")
    page.wait_for_selector("body[data-reached]", timeout=60_000)
    before = page.inner_text("#legend")
    page.locator("#cutoff").focus()
    page.keyboard.press("ArrowRight")
    assert "50" in page.inner_text("#cutoff-value")
    assert page.inner_text("#legend") != before


def test_a_scenario_changed_elsewhere_is_noticed_and_both_states_kept(served, bench):
    page = bench()
    file = file_of(served, page)
    file.write_text('name = "别处"\n', encoding="utf-8")
    page.fill("#scenario-note", "我的")
    page.wait_for_selector("#notice button")
    page.locator("#notice button").last.click()
    settle(page)

    assert read_scenario(file).name == "别处"
    assert page.input_value("#scenario-note") == "我的"
    assert file_of(served, page) != file


def test_a_problem_is_told_where_it_is(bench):
    page = bench()
    page.click("#add-line")
    page.fill("#add-stop-name", PARK)
    page.press("#add-stop-name", "Enter")
    page.wait_for_timeout(600)
    page.click("#tab-results")
    page.wait_for_selector("#problems li")
    assert "至少" in page.inner_text("#problems")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_serious(bench, language):
    if importlib.util.find_spec("axe_playwright_python") is None:
        give_up("axe-playwright-python is not installed")
    axe = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    page = bench(language=language)
    add_shuttle(page)
    page.select_option("#adding", "point")
    page.fill("#add-stop-name", "121.26 31.265")
    page.press("#add-stop-name", "Enter")
    page.click("#add-departures")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    settle(page)
    page.evaluate(axe)
    found = []
    for tab in ("#tab-line", "#tab-results"):
        page.click(tab)
        told = page.evaluate("axe.run()")["violations"]
        found += [
            (one["id"], one["nodes"][0]["html"][:120])
            for one in told
            if one["impact"] in ("serious", "critical")
        ]
    assert found == []


def test_on_a_narrow_screen_nothing_is_cut_off(bench):
    page = bench(390, 800)
    add_shuttle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("#line-done")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_the_page_fits_the_screen(bench, tmp_path, size):
    page = bench(*size, new=False)
    settle(page)
    assert len(page.screenshot(path=tmp_path / "page.png")) > 20_000
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]

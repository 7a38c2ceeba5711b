"""RULE UNDER TEST: on the workbench a planner draws or bends a line and sees, undoes, keeps what it does."""

import importlib.resources
import importlib.util

import pytest

from accessibility.sources.scenario_file import read_scenario
from accessibility.workbench.engine import Engine, settings_of
from tests.browser.conftest import give_up
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


def test_a_shuttle_drawn_on_the_map_shows_who_gains(served, bench):
    page = bench()
    page.click("#add-line")
    box = page.locator("#map").bounding_box()
    for x, y in ((0.45, 0.62), (0.55, 0.6), (0.62, 0.55)):
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        page.wait_for_timeout(120)
    page.fill('[data-focus="every-0"]', "10")
    page.press('[data-focus="every-0"]', "Tab")
    settle(page)
    change = read_scenario(file_of(served, page)).modifications[0]

    assert page.locator(".stop-pin").count() == len(change.stops) == 3
    assert change.headways[0].every_s == 600
    assert float(page.inner_text('#figures [data-cost="trips"]')) == 192
    page.click("#line-done")
    assert "1938个格子" in page.inner_text("#sentence")


def test_the_figures_are_those_of_the_saved_file(served, bench):
    page = bench()
    add_shuttle(page)
    page.click("#line-done")
    asked = {"as_of": "2021-12-30", "period": "peak", "percentile": 50, "targets": ["metro"]}
    engine = Engine.of_study(STUDY)
    table = engine.change(
        read_scenario(file_of(served, page)), settings_of(asked, engine.study), lambda *_told: None
    )["metro"]
    classes = table.classes().tolist()
    shown = [int(text) for text in page.locator("#counts dd").all_inner_texts()]

    assert shown == [classes.count(code) for code in (1, 2, 0, 3, 4, 5)]
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
    assert page.inner_text("#changes .what") == told
    assert "嘉定112" in told
    page.uncheck("#changes input")
    settle(page)
    assert read_scenario(file_of(served, page)).modifications == ()


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
    assert "短驳" in page.inner_text("#journeys section:last-child")
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


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_the_page_fits_the_screen(bench, tmp_path, size):
    page = bench(*size, new=False)
    settle(page)
    assert len(page.screenshot(path=tmp_path / "page.png")) > 20_000
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]

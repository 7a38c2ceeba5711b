"""RULE UNDER TEST: the chart shows the figures of the README's tables; growth multiplies what it says."""

import importlib.util
import math
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from accessibility.model.projection import geodesic_m
from accessibility.sources.gtfs import read_gtfs
from tests.benchmarks.growth import more_places, more_trips
from tests.builders import spots
from tests.feeds import CALLS, calls, feed

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def chart():
    spec = importlib.util.spec_from_file_location("draw_bench", ROOT / "scripts" / "draw_bench.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


README = """# Tool

## 速度 / Speed

公共交通，某市。/ *Public transport, a city.*

| | s | U |
|---|---|---|
| 120 min | 1.00 | 3.4 |
| 60 / 10 min | 0.1 / 0.01 | 2.9 / 2.4 |

路网搜索，毫秒：/ *Street searches beside others, ms.*

| ms | 有限 / within | 全部 / all |
|---|---|---|
| accessibility | **10** | **1** |
| scipy 1.17 | 1,000 (100×) | – |
| pandana <1 | 100 (10×, 30 MB) | 20 (20×) |

整个进程 / *whole processes*:

| | s (min–max) | peak MB |
|---|---|---|
| `--help` | 0.07 (0.07–0.09) | 21 |
| 自己读；经 OSMnx / through OSMnx | 1.69；9.22 (5.4×) | 117；437 |

## 不做什么

| | s |
|---|---|
| no speed | 77 |
"""


def texts(svg):
    return [one.text for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def bars(svg):
    """Read the bars: whose they are, and how long (px)."""
    shapes = list(ElementTree.fromstring(svg).iter(f"{SVG}rect"))
    return [(one.get("class"), float(one.get("width"))) for one in shapes if one.get("class") != "ground"]


def test_every_figure_is_a_bar_named_and_told_as_in_the_table(chart):
    svg = chart.draw(README)
    shown = texts(svg)
    assert [text for text in shown if re.search(r" \(m?s\)$", text)] == [
        "公共交通 / Public transport (s)",
        "路网搜索 / Street searches beside others (ms)",
        "整个进程 / whole processes (s)",
    ]
    wanted = [
        *("120 min", "1.00 s, 3.4 U", "60 / 10 min", "0.1 s, 2.9 U", "0.01 s, 2.4 U"),
        *("有限", "within", "accessibility", "10", "1,000 (100×)", "pandana <1", "100 (10×)", "20 (20×)"),
        *("0.07 (0.07–0.09) s", "自己读", "1.69 s", "经 OSMnx / through OSMnx", "9.22 (5.4×) s"),
    ]
    assert [text for text in wanted if text not in shown] == []
    assert not any("77" in text for text in shown), "a table of another section"
    assert [look for look, _length in bars(svg)] == [
        *["own"] * 3, *["own", "other", "other", "own", "other"], *["own", "own", "other"],
    ]  # fmt: skip


def test_ten_times_as_much_is_always_as_much_longer(chart):
    """By hand: 0.01, 0.1 and 1 of the first table are equal steps apart; so are 1 to 1,000 of the second."""
    lengths = [length for _look, length in bars(chart.draw(README))]
    assert lengths[0] - lengths[1] == pytest.approx(lengths[1] - lengths[2], abs=0.2)
    ten, thousand, hundred, one, twenty = lengths[3:8]
    decade = ten - one
    assert decade > 10
    assert (hundred - ten, thousand - hundred) == pytest.approx((decade, decade), abs=0.2)
    assert twenty - one == pytest.approx(decade * math.log10(20), abs=0.2)
    assert all(0 < length < chart.WIDTH for length in lengths)


@pytest.mark.parametrize("cell", ["fast", "-1"])
def test_a_cell_without_a_figure_is_told_not_left_out(chart, cell):
    with pytest.raises(SystemExit) as told:
        chart.draw(README.replace("1.00", cell))
    assert cell in str(told.value)


def test_a_readme_without_the_section_is_told(chart):
    with pytest.raises(SystemExit):
        chart.draw("# Tool\n")


def test_the_chart_of_the_documentation_is_that_of_the_readme(chart):
    """Where this fails the tables are newer: python scripts/draw_bench.py."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    drawn = (ROOT / "docs" / "images" / "bench.svg").read_text(encoding="utf-8")
    assert drawn == chart.draw(readme)
    shown = " ".join(texts(drawn))
    for table in chart.tables(readme):
        for row in table.rows:
            for cell in row[1:] if table.beside else row[1:2]:
                assert all(text in shown for text, _value in chart.figures(cell)), cell
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", ""), "nothing from outside"


def test_four_times_the_trips_run_at_a_quarter_of_the_headway(tmp_path):
    """By hand: 8:00, 8:20 and 9:00 on one course; a single trip on another gets one every 15 minutes."""
    trips = "route_id,service_id,trip_id\n" + "".join(f"r,work,{name}\n" for name in "xyzs")
    rows = (
        calls("8:00:00 a", "8:04:00 b", trip="x")
        + calls("8:20:00 a", "8:24:00 b", trip="y")
        + calls("9:00:00 a", "9:04:00 b", trip="z")
        + calls("8:00:00 b", "8:07:00 c", trip="s")
    )
    before = read_gtfs([feed(tmp_path, trips=trips, stop_times=CALLS + rows)])
    after = more_trips(before, 4)
    begin = after.stop_time_offset[:-1]
    courses = {}
    for trip, at in zip(after.trip_ids, begin.tolist(), strict=True):
        courses.setdefault(trip[0], []).append(after.departure_s[at] / 60 - 480)
    assert courses == {
        "x": [0, 5, 10, 15],
        "y": [20, 30, 40, 50],
        "z": [60, 70, 80, 90],
        "s": [0, 15, 30, 45],
    }
    lasts_s = after.arrival_s[after.stop_time_offset[1:] - 1] - after.departure_s[begin]
    assert lasts_s.tolist() == [240] * 12 + [420] * 4
    assert after.stop_time_stop[begin].tolist() == [0] * 12 + [1] * 4
    assert more_trips(before, 1) is before


def test_more_places_lie_within_their_cells_the_first_where_it_was():
    places = spots("A 0 0, B 1000 0")
    more = more_places(places, 16)
    assert more.ids[:2] == (f"{places.ids[0]}-0", f"{places.ids[0]}-1")
    assert (len(more), len(set(zip(more.lon, more.lat, strict=True)))) == (32, 32)
    assert more.lon[[0, 16]].tolist() == places.lon.tolist()
    own = np.repeat([0, 1], 16)
    away_m = geodesic_m((more.lon, more.lat), (places.lon[own], places.lat[own]))
    assert away_m.max() < 100

"""RULE UNDER TEST: pages are the same bytes every time, name no address outside, and text stays text."""

import base64
import json
import re
from dataclasses import replace

import folium
import numpy as np
import pytest

from accessibility.errors import ModelError
from accessibility.messages import language, set_language
from accessibility.model.defaults import Assumption
from accessibility.model.finding import Answer
from accessibility.model.provenance import Provenance
from accessibility.outputs.embedding import json_for_script, packed_lines
from accessibility.outputs.finding_words import finding_lines, summary
from accessibility.outputs.maps import study_maps as maps
from accessibility.outputs.maps.base_layer import base_layer
from accessibility.outputs.maps.offline_map import OfflineMap, Tiles, leaflet_files
from accessibility.outputs.page import PageContent, write_page
from accessibility.outputs.page_tables import nearest_blocks
from accessibility.outputs.sheets import assumptions_sheet
from accessibility.studies.data_folder import embedded_defaults
from tests import output_worlds as worlds

ADDRESS = re.compile(r"""(?:src|href|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _english():
    before = language()
    set_language("en")
    yield
    set_language(before)


def write_all(folder, frame=None):
    frame = frame or worlds.town_frame()
    grid = worlds.town_grid()
    cells, sites = grid.centres(), worlds.town_places().of_kinds(["site"])
    found = [
        worlds.nearest_table(cells, "metro"),
        worlds.nearest_table(cells, "hospital", "drive", "peak"),
        worlds.unreached_table(cells),
        worlds.opportunities_table(cells),
    ]
    return {
        "overview": maps.overview_map(
            folder / "overview.html",
            frame,
            overlays=[worlds.town_overlay()],
            times=[worlds.town_times()],
            tables=[worlds.nearest_table(sites, "metro"), worlds.unreached_table(sites, "hospital")],
        ),
        "grid": maps.grid_map(folder / "grid.html", frame, grid, found),
        "isochrones": maps.isochrone_map(folder / "isochrones.html", frame, worlds.town_isochrones()),
        "journeys": maps.journey_map(folder / "journeys.html", frame, worlds.town_journeys()),
        "page": write_page(folder / "index.html", content()),
    }


def content(**changes):
    sites = worlds.town_places().of_kinds(["site"])
    given = PageContent(
        study=worlds.town_study(),
        findings=worlds.town_findings(),
        tables=[
            worlds.nearest_table(sites, "metro", "drive", "peak", "2021-12-30"),
            worlds.unreached_table(sites),
        ],
        times=[worlds.town_times()],
        places=worlds.town_places(),
        provenance=worlds.town_provenance(),
        terminal_s=(240, 300, 360),
        unknowns=[{"id": "u1", "what_zh": "地址", "what_en": "the address", "why": "not published"}],
        assumptions=[
            Assumption(
                "road speed: trunk, peak",
                18,
                25,
                32,
                "km/h",
                "I",
                "a table",
                "capped",
                "某表",
                "以限速为上限",
            )
        ],
        maps=[("maps/overview.html", "Overview", "All places.")],
        files=[("results.xlsx", "All tables.")],
        parameters={"cell_m": 500, "limits": {"walk": float("nan")}, "modes": ("walk", "drive")},
    )
    return replace(given, **changes)


def data_of(path):
    text = path.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="atlas-data">(.*?)</script>', text, re.DOTALL)
    return json.loads(found.group(1))


def test_the_same_inputs_give_the_same_bytes(tmp_path):
    first = {name: path.read_bytes() for name, path in write_all(tmp_path / "a").items()}
    second = {name: path.read_bytes() for name, path in write_all(tmp_path / "b").items()}

    assert first == second


def test_no_page_names_an_address_outside_or_a_machine(tmp_path):
    for path in write_all(tmp_path).values():
        text = path.read_text(encoding="utf-8")
        assert not ADDRESS.search(text)
        assert str(tmp_path) not in text
        assert '<link rel="stylesheet" href="http' not in text
    assert not ADDRESS.search(leaflet_files()[1])


def test_a_name_holding_a_script_stays_text_everywhere(tmp_path):
    for name, path in write_all(tmp_path).items():
        text = path.read_text(encoding="utf-8")
        assert "<script>window.evil" not in text
        assert "49{%" not in text
        assert "\u2028" not in text
        assert name == "page" or "window.evil" in text
    names = [
        point["card"]["title"]
        for layer in data_of(tmp_path / "overview.html")["layers"]
        for point in layer.get("points", [])
    ]
    assert worlds.EVIL in names


def test_json_in_a_script_comes_back_as_it_was():
    data = {"a": worlds.EVIL, "b": [1.5, None, {"</script>": "<!--"}], "c": "{% x %} {# y #} {{ z }}"}
    text = json_for_script(data)

    assert json.loads(text) == data
    assert not set("<>&\u2028") & set(text)
    assert "{{" not in text
    assert "{%" not in text
    with pytest.raises(ValueError, match="JSON"):
        json_for_script({"a": float("nan")})


def test_lines_survive_packing_even_with_long_steps():
    import base64

    part = np.array([[121.0, 31.0], [121.00004, 31.0], [119.0, 31.2]])
    columns = packed_lines([part])
    start = np.frombuffer(base64.b64decode(columns["starts"]), "<i4")
    steps = np.frombuffer(base64.b64decode(columns["steps"]), "<i2").reshape(-1, 2)
    counts = np.frombuffer(base64.b64decode(columns["counts"]), "<i4")

    assert (start + steps.astype(int).sum(axis=0)).tolist() == [11900000, 3120000]
    assert counts.tolist() == [len(steps) + 1]


def test_the_base_map_drops_minor_streets_to_stay_small_and_says_so(tmp_path):
    streets = worlds.town_streets()
    small = base_layer(streets, budget_bytes=1)
    frame = worlds.town_frame()
    path = maps.overview_map(tmp_path / "m.html", replace(frame, base=small))

    assert base_layer(streets).left_out == ()
    assert [rank for rank, _ in small.lines] == [0]
    assert small.left_out == ("footway", "primary", "residential", "secondary")
    assert "footway, primary, residential, secondary" in path.read_text(encoding="utf-8")


def test_the_first_line_of_a_name_is_upright():
    assert all(-90 <= label[2] < 90 for label in base_layer(worlds.town_streets()).labels)
    assert {label[3] for label in base_layer(worlds.town_streets()).labels} >= {"曹安公路", "沈海高速"}


def test_a_station_not_yet_open_and_the_assumed_line_say_so(tmp_path):
    layers = {layer["id"]: layer for layer in data_of(write_all(tmp_path)["overview"])["layers"]}

    late = layers["line-14"]["points"][0]
    assert late["symbol"] == "later"
    assert ["in operation", "since 2021-12-30; not yet on 2021-05-21"] in late["card"]["facts"]
    assert "not official" in layers["assumed-0"]["name"]
    assert layers["assumed-0"]["lines"][0]["dash"]
    assert "Line 14" in layers["assumed-0"]["name"]
    assert len(layers["assumed-0"]["points"]) == 2


def test_a_place_tells_value_uncertainty_mark_and_source(tmp_path):
    layers = {layer["id"]: layer for layer in data_of(write_all(tmp_path)["overview"])["layers"]}
    card = layers["line-11"]["points"][0]["card"]

    assert card["tables"][0]["head"] == ["min from", "C1", "C2", "range"]
    assert card["tables"][0]["rows"] == [
        ["walking", "12.0", "12.0", "10.0–15.0"],
        ["km, walking", "7.2", "7.2", ""],
    ]
    facts = dict(card["facts"])
    assert "± 10 m" in facts["position"]
    assert facts["mark"].startswith("S:")
    assert facts["source"]
    assert card["why"]


def test_grid_values_are_kept_once_and_unreached_cells_have_a_reason(tmp_path):
    grid = data_of(write_all(tmp_path)["grid"])["grid"]

    assert len({text for _, text in grid["arrays"]}) == len(grid["arrays"])
    assert [table["unit"] for table in grid["tables"]] == ["min", "min", "min", "count"]
    assert len(grid["reasons"]) == 10
    assert grid["destinations"] == ["Anting", "Anting Hospital"]


def test_maps_refuse_what_they_cannot_show(tmp_path):
    frame = worlds.town_frame()
    table = worlds.nearest_table(worlds.town_places().of_kinds(["site"]), "metro")
    with pytest.raises(ModelError):
        maps.grid_map(tmp_path / "m.html", frame, worlds.town_grid(), [table])
    with pytest.raises(ModelError):
        maps.isochrone_map(tmp_path / "m.html", frame, [])
    with pytest.raises(ModelError):
        maps.journey_map(tmp_path / "m.html", frame, [])


def test_every_map_says_licence_datum_and_dates(tmp_path):
    for name, path in write_all(tmp_path).items():
        text = path.read_text(encoding="utf-8")
        for word in (
            "© OpenStreetMap contributors, ODbL",
            "WGS-84",
            "2021-05-21",
            "administrative boundaries",
        ):
            assert word in text, (name, word)


def test_without_osm_in_the_sources_nobody_is_credited(tmp_path):
    frame = replace(worlds.town_frame(), provenance=Provenance())

    assert "OpenStreetMap" not in maps.overview_map(tmp_path / "m.html", frame).read_text(encoding="utf-8")


def test_tiles_come_only_from_the_parameter_and_are_off_at_first(tmp_path):
    tiles = Tiles("https://example.org/{z}/{x}/{y}.png", "<b>whose</b>")
    path = maps.overview_map(tmp_path / "m.html", replace(worlds.town_frame(), tiles=tiles))

    assert data_of(path)["tiles"]["url"] == tiles.url
    assert 'data-layer="tiles">' in path.read_text(encoding="utf-8")
    assert "<b>whose" not in path.read_text(encoding="utf-8")


def test_foliums_own_layers_may_be_added_and_stay_deterministic():
    def page() -> str:
        made = OfflineMap(worlds.AREA, title="<t>", lang="en")
        folium.CircleMarker((31.28, 121.25), radius=5, popup="hello").add_to(made)
        return made.html()

    first = page()
    assert first == page()
    assert "&lt;t&gt;" in first
    assert "cdn" not in first


def test_the_page_puts_findings_first_and_says_why_there_is_no_figure(tmp_path):
    text = write_page(tmp_path / "index.html", content()).read_text(encoding="utf-8")

    order = [
        "Is the reply right?",
        "安亭站约20分钟车程",
        "Travel times to the nearest",
        "Maps and files</h2>",
    ]
    order += ["Maps and files</h2>", "What is not known</h2>", "SHA-256"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "no such destination exists on this date" in text
    assert "当日未运营" in text
    assert "with access and parking" in text
    assert "the address" in text
    assert "地址" not in text
    assert "(2 in all)" in text
    assert "<script" not in text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_the_page_stands_without_findings_tables_or_records(tmp_path):
    nothing = {"findings": (), "tables": (), "times": (), "unknowns": (), "assumptions": (), "maps": ()}
    bare = content(**nothing, files=(), parameters=None, provenance=Provenance(), terminal_s=())
    text = write_page(tmp_path / "index.html", bare).read_text(encoding="utf-8")

    assert "The study asks no question." in text
    assert "OpenStreetMap" not in text


def test_pages_are_chinese_by_default(tmp_path):
    set_language("zh")
    text = write_page(tmp_path / "index.html", content()).read_text(encoding="utf-8")

    assert '<html lang="zh-CN">' in text
    assert "小镇可达性" in text
    assert "答复的说法成立吗?" in text
    assert "地址" in text


@pytest.mark.parametrize(
    ("spoken", "shown", "hidden"),
    [
        ("zh", ("行车速度：干线公路，高峰", "某表", "以限速为上限"), ("a table", "capped", "road speed")),
        ("en", ("driving speed: trunk road, peak", "a table", "capped"), ("某表", "以限速为上限")),
    ],
)
def test_the_register_of_assumptions_speaks_the_language_of_the_page(tmp_path, spoken, shown, hidden):
    set_language(spoken)
    text = write_page(tmp_path / "index.html", content()).read_text(encoding="utf-8")
    register = text[text.index('<section id="assumptions">') : text.index('<section id="sources">')]
    assert [word in register for word in shown] == [True] * len(shown)
    assert [word in register for word in hidden] == [False] * len(hidden)


def test_every_default_has_its_item_source_and_note_in_chinese():
    set_language("zh")
    for row in assumptions_sheet(embedded_defaults().assumptions).rows:
        item, what, *_figures, source_zh, _source, note_zh, note = row
        assert what != item
        assert re.search("[\u4e00-\u9fff]", what + source_zh)
        assert re.search("[\u4e00-\u9fff]", source_zh)
        assert bool(note) == bool(re.search("[\u4e00-\u9fff]", note_zh)), item


def test_a_square_whose_count_nobody_knows_has_no_class_but_its_reason(tmp_path):
    grid = worlds.town_grid()
    table = worlds.opportunities_table(grid.centres())
    drawn = data_of(maps.grid_map(tmp_path / "grid.html", worlds.town_frame(), grid, [table]))["grid"]
    values, why = (
        np.frombuffer(base64.b64decode(drawn["arrays"][k][1]), "<i2")
        for k in (drawn["tables"][0]["columns"][0]["values"], drawn["tables"][0]["reason"])
    )
    assert (values[0], values[8]) == (0, -1), "below zero is what the script hatches"
    assert drawn["reasons"][why[8]]["text"] == "no answer: no street near the starting place"


def rows_of_modes(block):
    return {mode: [when for when, _cells in ways] for mode, ways in block.modes}


def tables_on(*days, nearest=("s11", "s14")):
    """Public transport on some days to the nearest station, which one by day."""
    sites = worlds.town_places().of_kinds(["site"])
    table = worlds.nearest_table(sites, "metro", "drive", "peak")
    yield table
    for day, name in zip(days, nearest, strict=True):
        ids = tuple((name,) * len(table.columns) for _site in sites.ids)
        yield replace(table, mode="transit", as_of=day, nearest_ids=ids)


def test_ways_to_the_nearest_stand_by_mode_with_their_dates_apart():
    set_language("en")
    days = ("2021-05-21", "2021-12-30")
    (block,) = nearest_blocks(worlds.town_study(), list(tables_on(*days)), worlds.town_places(), ())
    assert block.places == ("C1", "C2")
    (drive, transit) = rows_of_modes(block).values()
    assert [len(drive), len(transit)] == [1, 2]
    assert [when[-1] for when in transit] == list(days)


def test_what_is_the_same_on_every_date_is_told_once_without_a_date():
    tables = list(tables_on("2021-05-21", "2021-12-30", nearest=("s11", "s11")))
    (block,) = nearest_blocks(worlds.town_study(), tables, worlds.town_places(), ())
    drive, transit = rows_of_modes(block).values()
    assert transit == drive


def test_more_places_than_fit_on_a_page_are_shared_out_evenly():
    places = worlds.town_places()
    table = next(tables_on(nearest=()))
    ids = tuple(f"o{i}" for i in range(13))
    rows = [i % 2 for i in range(13)]
    many = replace(table, origin_ids=ids, values=table.values[rows], reason=table.reason[rows],
                   nearest_ids=tuple(table.nearest_ids[r] for r in rows),
                   distance_m=None if table.distance_m is None else table.distance_m[rows])  # fmt: skip
    blocks = nearest_blocks(worlds.town_study(), [many], places, ())
    assert [len(block.places) for block in blocks] == [4, 5, 4]
    assert tuple(place for block in blocks for place in block.places) == ids
    assert all(len(cells) == len(b.places) for b in blocks for _m, ways in b.modes for _w, cells in ways)


def test_the_summary_of_a_finding_has_a_row_per_subject_and_a_column_per_way():
    set_language("en")
    nothing = float("nan")
    answers = [
        Answer("A", "drive", 10.0, 12.0, 15.0, "min"),
        Answer("A", "drive, with parking", 15.0, 17.0, 20.0, "min", leading=False),
        Answer("B", "walk", 30.0, float("inf"), float("inf"), "min"),
        Answer("C", "", nothing, nothing, nothing, "min", "none operating"),
    ]
    found = summary(answers)
    assert found.heads == ("drive", "walk")
    assert [subject for subject, _cells in found.rows] == ["A", "B", "C"]
    assert found.rows[0][1][0].interval == "10.0–15.0 min"
    assert "12.0" in found.rows[0][1][0].middle
    assert found.rows[0][1][1].interval == ""
    assert found.rows[1][1][1].interval == "30.0 min and more"
    assert found.rows[2][1][0].reason == "none operating"
    assert finding_lines(answers)[0] == "A: drive: 10.0–15.0 min"

"""RULE UNDER TEST: scenarios stand in the order asked for; sweeps keep to the vehicles there are."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from accessibility.cli import main
from accessibility.errors import DataError, ModelError, SourceError, UsageError
from accessibility.measures.ranking import ranked
from accessibility.messages import language, set_language
from accessibility.model.line_changes import AddLine, Headway, NewStop, Reroute
from accessibility.model.ranked import Dropped, Ranked, Ranking
from accessibility.model.scenario import Scenario
from accessibility.model.sweep import Candidate, Sweep
from accessibility.outputs.comparison.ranking_chart import ranking_svg
from accessibility.outputs.comparison.ranking_page import ranking_lines, ranking_sheet
from accessibility.sources.scenario_file import read_scenario
from accessibility.sources.study_file import read_study
from accessibility.sources.sweep_file import read_sweep
from accessibility.studies.comparing.comparer import Comparer
from accessibility.studies.comparing.rank import RankInput, rank_files, rank_input
from tests.compare_worlds import town_study
from tests.output_worlds import EVIL

DOCS = Path(__file__).parents[2] / "docs" / "scenarios.md"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True, scope="module")
def _english():
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return town_study(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def comparisons(town):
    comparer = Comparer.of_study(read_study(town / "study.toml"))
    return [comparer.compare(read_scenario(town / f"{name}.toml")) for name in ("nothing", "slow", "quick")]


def row(name, saved, hours, *, pareto=False, lost=0.0, assumed=False):
    return Ranked(name, saved, lost, 5, 2 if lost else 0, 0, 0, hours, 1, pareto, assumed)


def test_the_quick_line_saves_twelve_minutes_and_the_slow_one_loses_thirty(comparisons):
    """Squares -8 and -4 min with the quick line; +11, +11 and +8 with the slow one; nothing else moves."""
    by_name = {one.scenario: one for one in ranked(comparisons)}
    quick, slow, nothing = (by_name[name] for name in ("Quick line", "Slow line", "As it is"))
    assert (quick.saved_min, quick.lost_min, quick.n_gain, quick.n_lose) == (12, 0, 2, 0)
    assert (slow.saved_min, slow.lost_min, slow.n_gain, slow.n_lose) == (-30, 30, 0, 3)
    assert (quick.vehicle_hours, slow.vehicle_hours) == pytest.approx((0.9, 1.1))
    assert (quick.vehicles, slow.vehicles, nothing.vehicles) == (1, 1, 0)
    assert (quick.pareto, slow.pareto, nothing.pareto) == (True, False, True)
    assert [one.assumed for one in (quick, slow, nothing)] == [False, True, False]


@pytest.mark.parametrize(
    ("by", "order"),
    [
        ("saved", ["Quick line", "As it is", "Slow line"]),
        ("cost", ["As it is", "Quick line", "Slow line"]),
        ("pareto", ["Quick line", "As it is", "Slow line"]),
    ],
)
def test_scenarios_stand_in_the_order_asked_for(comparisons, by, order):
    assert [one.scenario for one in ranked(comparisons, by=by)] == order


def test_there_is_no_order_by_beauty(comparisons):
    with pytest.raises(ModelError, match="no order"):
        ranked(comparisons, by="beauty")


def test_the_chart_is_whole_svg_whatever_the_names_and_figures():
    rows = (
        row(EVIL, 120.0, 10.0, pareto=True, lost=30.0, assumed=True),
        row("b", -5.0, -3.0),
        row("c", 0.0, 0.0),
    )
    text = ranking_svg(Ranking(EVIL, "saved", rows))
    root = ET.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.findall(f".//{SVG}script") == []
    assert len(root.findall(f".//{SVG}g[@class='scenario']")) == 3
    assert len(root.findall(f".//{SVG}path[@class='front']")) == 1
    assert "assumption" in text
    assert "minutes that losers lose" in text
    assert text == ranking_svg(Ranking(EVIL, "saved", rows))


def test_the_chart_stands_for_one_scenario_and_for_none():
    for rows in ((row("a", 0.0, 0.0, pareto=True),), ()):
        assert ET.fromstring(ranking_svg(Ranking("x", "saved", rows))).tag == f"{SVG}svg"


def test_numbers_on_the_chart_do_not_lie_on_each_other():
    rows = tuple(row(str(k), 10.0 + k, 5.0 + 0.01 * k) for k in range(5))
    root = ET.fromstring(ranking_svg(Ranking("x", "saved", rows)))
    found = [group.find(f"{SVG}text") for group in root.findall(f".//{SVG}g[@class='scenario']")]
    spots = [(float(text.get("x")), float(text.get("y"))) for text in found]
    assert len({(round(x / 12), round(y / 12)) for x, y in spots}) == 5


def test_what_needs_too_many_vehicles_is_told_and_has_no_figures():
    ranking = Ranking("x", "saved", (row("a", 1.0, 1.0),), (Dropped("b", 5),), 4)
    assert ranking_lines(ranking)[-1] == "b: needs 5 vehicles, there are 4; not ranked"
    sheet = ranking_sheet(ranking)
    assert sheet.column("left_out") == ["", "too-many-vehicles"]
    assert sheet.column("saved_min") == [1.0, None]


def folder_of(town, place, *names):
    place.mkdir()
    for name in names:
        (place / f"{name}.toml").write_bytes((town / f"{name}.toml").read_bytes())
    return place


def test_a_ranking_is_written_as_table_chart_and_page_with_the_same_bytes(town, tmp_path):
    folder = folder_of(town, tmp_path / "plans", "slow", "quick", "evil")
    given = rank_input(folder, None)
    for out in ("a", "b"):
        rank_files(town / "study.toml", given, by="cost", out=tmp_path / out)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["index.html", "manifest.json", "ranking.csv", "ranking.svg", "ranking.xlsx"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    with open(tmp_path / "a" / "ranking.csv", encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [one["scenario"] for one in found][-1] == "Slow line"
    assert (found[-1]["lost_min"], found[-1]["assumed"], found[-1]["pareto"]) == ("30.0", "assumed", "")
    for name in ("index.html", "ranking.svg"):
        assert "<script>" not in (tmp_path / "a" / name).read_text(encoding="utf-8")


def test_a_sweep_varies_stops_and_headways_of_its_line_alone():
    band = Headway("daily", 25200, 32400, 600, 0)
    line = AddLine("P2", ("a", NewStop("gate", 121.1, 31.3)), headways=(band,))
    other = replace(line, id="P3")
    bent = Reroute("P2", ("gate",), direction=1, from_stop="a")
    sweep = Sweep("x", Scenario("t", (line, other, bent)), "P2", 3, (300, 600), "gate",
                  (Candidate("one", ("b",)), Candidate("two", ("b", "c"))))  # fmt: skip
    found = list(sweep.variants())
    assert [(one.candidate, one.every_s) for one in found] == [
        ("one", 300), ("one", 600), ("two", 300), ("two", 600)]  # fmt: skip
    first, kept, back = found[2].scenario.modifications
    assert (first.stops, first.headways[0].every_s, first.headways[0].from_s) == (("a", "b", "c"), 300, 25200)
    assert kept == other
    assert back.stops == ("c", "b")


def test_a_sweep_without_candidates_varies_headways_only():
    line = AddLine("P2", ("a", "b"), headways=(Headway("daily", 0, 3600, 600),))
    found = list(Sweep("x", Scenario("t", (line,)), "P2", 1, (120,)).variants())
    assert [one.scenario.modifications[0].stops for one in found] == [("a", "b")]
    with pytest.raises(ModelError):
        Sweep("x", Scenario("t", (line,)), "P2", 0, (120,))
    with pytest.raises(ModelError):
        Sweep("x", Scenario("t", (line,)), "P2", 1, (120,), "a")


def test_a_sweep_ranks_what_its_vehicles_suffice_for_and_tells_the_rest(town, tmp_path, capsys):
    given = [
        "rank",
        str(town / "study.toml"),
        "--sweep",
        str(town / "sweep.toml"),
        "--out",
        str(tmp_path / "o"),
    ]
    assert main(["--lang", "en", *given]) == 0
    *lines, where = capsys.readouterr().out.splitlines()
    assert where.endswith(str(tmp_path / "o" / "index.html"))
    assert len(lines) == 4
    assert all("every 10 min" in line for line in lines[:2])
    assert lines[2].startswith("at c, every 5 min: needs")
    assert lines[2].endswith("there are 2; not ranked")
    page = (tmp_path / "o" / "index.html").read_text(encoding="utf-8")
    assert "Where and how often" in page
    assert "Not ranked: too many vehicles" in page
    manifest = json.loads((tmp_path / "o" / "manifest.json").read_text(encoding="utf-8"))
    stated = manifest["parameters"]
    assert [list(stated[key]) for key in ("scenarios", "sweep", "template")] == [
        [], ["sweep.toml"], ["headway.toml"],
    ]  # fmt: skip
    assert (manifest["command"]["name"], stated["by"], stated["vehicles"]) == ("rank", "saved", 2)
    assert (stated["period"], stated["access_mode"], stated["targets"]) == (
        "peak", "walk", ["hospital", "school"],
    )  # fmt: skip


def edited(town, place, *changes):
    """Write the sweep with some texts replaced, beside its template."""
    text = (town / "sweep.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    place.mkdir(exist_ok=True)
    (place / "headway.toml").write_bytes((town / "headway.toml").read_bytes())
    (place / "sweep.toml").write_text(text, encoding="utf-8")
    return place / "sweep.toml"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("vehicles = 2", "vehicles = 0"), "vehicles"),
        (("vehicles = 2\n", ""), "vehicles"),
        (("vehicles = 2", 'vehicles = "two"'), "vehicles"),
        (("[300, 600]", "[0, 600]"), "headways_s"),
        (("[300, 600]", "[]"), "headways_s"),
        (("[300, 600]", "[300, 300]"), "headways_s"),
        (("[300, 600]", "[300.5]"), "headways_s"),
        (('line = "P2"', 'line = "P9"'), "line"),
        (('replace = "b"', 'replace = "z"'), "replace"),
        (('replace = "b"\n', ""), "replace"),
        (('name = "new stop"', 'name = "at c"'), "candidate"),
        (('stops = ["c"]', "stops = []"), "candidate[1].stops"),
        (('stops = ["c"]', 'stopps = ["c"]'), "candidate[1].stops"),
        (('name = "Where', 'colour = "red"\nname = "Where'), "colour"),
    ],
)
def test_a_wrong_setting_of_a_sweep_is_told_where_it_stands(town, tmp_path, change, field):
    with pytest.raises(DataError) as error:
        read_sweep(edited(town, tmp_path / "s", change))
    assert error.value.code == "sweep-settings"
    assert field in [notice.field for notice in error.value.notices]


def test_every_problem_of_a_sweep_is_told_at_once(town, tmp_path):
    file = edited(town, tmp_path / "s", ("vehicles = 2", "vehicles = 0"), ("[300, 600]", "[0]"),
                  ('replace = "b"', 'replace = "z"'))  # fmt: skip
    with pytest.raises(DataError) as error:
        read_sweep(file)
    assert [notice.field for notice in error.value.notices] == ["vehicles", "headways_s", "replace"]


def test_a_template_that_states_ride_times_or_no_headways_cannot_be_swept(town, tmp_path):
    file = edited(town, tmp_path / "s")
    text = (tmp_path / "s" / "headway.toml").read_text(encoding="utf-8")
    for old, new, field in (
        ('stops = ["a", "b"]', 'stops = ["a", "b"]\nhop_s = [60]', "template"),
        ("headways = [{days", "departures = [{days", "headways_s"),
    ):
        changed = text.replace(old, new).replace(
            'from = "07:00", to = "09:00", every_s = 600, phase_s = 0}', 'times = ["07:00"]}'
        ) if field == "headways_s" else text.replace(old, new)  # fmt: skip
        (tmp_path / "s" / "headway.toml").write_text(changed, encoding="utf-8")
        with pytest.raises(DataError) as error:
            read_sweep(file)
        assert [notice.field for notice in error.value.notices] == [field]


def test_an_unknown_stop_is_told_once_per_candidate_and_nothing_is_written(town, tmp_path):
    file = edited(town, tmp_path / "s", ('stops = ["c"]', 'stops = ["nowhere"]'))
    with pytest.raises(DataError) as error:
        rank_files(town / "study.toml", RankInput(sweep=file), out=tmp_path / "out")
    assert error.value.code == "sweep-scenarios"
    (notice,) = error.value.notices
    assert notice.message.startswith("at c: ")
    assert "nowhere" in f"{notice.message} {notice.value}"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["missing", "template"])
def test_a_file_that_is_not_there_is_told(town, tmp_path, name):
    file = edited(town, tmp_path / "s", ('"headway.toml"', '"none.toml"'))
    with pytest.raises(SourceError) as error:
        read_sweep(file if name == "template" else tmp_path / "none.toml")
    assert "none.toml" in error.value.where


def test_one_of_folder_and_sweep_is_asked_for(town, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for given, code in (
        ((None, None), "rank-what"),
        ((town, town), "rank-what"),
        ((empty, None), "rank-empty"),
    ):
        with pytest.raises(UsageError) as error:
            rank_files(town / "study.toml", rank_input(*given))
        assert error.value.code == code


def test_the_example_of_the_documentation_is_read(tmp_path):
    text = DOCS.read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml sweep\n(.*?)```", text, flags=re.DOTALL)
    (tmp_path / "sweep.toml").write_text(example, encoding="utf-8")
    (tmp_path / "shuttle.toml").write_text(
        '[[modification]]\ntype = "add_line"\nid = "P1"\nstops = ["s1", "s2"]\n'
        'headways = [{from = "07:00", to = "09:00", every_s = 600}]\n',
        encoding="utf-8",
    )
    sweep = read_sweep(tmp_path / "sweep.toml")
    assert (sweep.vehicles, sweep.headways_s) == (3, (300, 600, 900))
    assert [candidate.name for candidate in sweep.candidates] == ["东门", "s3 – s4"]
    assert len(list(sweep.variants())) == 6

"""RULE UNDER TEST: a comparison is written as people read it: findings, losers, costs, journeys, layers.

In the town the bus leaves a at 8:00, 8:10, ... and takes 12 minutes to c, where the hospital stands. Home
lies 95 m from a: 95 s on foot, and a minute in reserve. Who leaves at 7:50 ... 7:57 catches 8:00 and is there
at 8:12; who leaves at 7:58 or 7:59 is there at 8:22. Durations: 15 ... 22, 23, 24 min; the 5th of ten is 19.
"""

import csv
import json
import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pytest

from accessibility.cli import main
from accessibility.errors import DataError, OutputError
from accessibility.messages import language, set_language
from accessibility.model.change_summary import change_summary
from accessibility.model.comparison import ChangeTable
from accessibility.model.reach_change import ReachChange
from accessibility.outputs.comparison.classes import SHOWN, shown_classes
from accessibility.outputs.comparison.words import headline, people_sentence
from accessibility.sources.scenario_file import read_scenario
from accessibility.sources.study_file import read_study
from accessibility.studies.comparing.comparer import Comparer
from accessibility.studies.comparing.files import CompareOptions, compare_files
from accessibility.studies.comparing.reach import ReachCounter
from accessibility.studies.comparing.told_journeys import told_changes
from accessibility.transit import transit_times
from tests.compare_worlds import town_study

NAMES = ["quick", "slow", "nothing", "evil"]
FILES = {"index.html", "difference.html", "before_after.html", "comparison.gpkg", "comparison.xlsx",
         "summary.csv", "changes.csv", "site_changes.csv", "costs.csv",
         "opportunities.csv", "journeys.csv"}  # fmt: skip


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
def comparer(town):
    return Comparer.of_study(read_study(town / "study.toml"))


def compared_with(comparer, town, name):
    scenario = read_scenario(town / f"{name}.toml")
    return comparer.compared(comparer.changed(scenario), scenario)


@pytest.fixture(scope="module")
def written(town, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "result"
    files = [town / f"{name}.toml" for name in NAMES]
    told = compare_files(town / "study.toml", files, CompareOptions(), out=out)
    return out, told


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def one(found, **wanted):
    (row,) = [row for row in found if all(row[key] == value for key, value in wanted.items())]
    return row


def test_from_home_the_quick_line_saves_eight_minutes_and_the_slow_one_takes_eleven_more(written):
    out, _told = written
    for name, after, change, of_class in (
        ("quick", "11.0", "-8.0", "gain"),
        ("slow", "30.0", "11.0", "lose"),
    ):
        row = one(rows(out / name / "site_changes.csv"), target="hospital")
        assert (row["before_min"], row["after_min"], row["change_min"]) == ("19.0", after, change)
        assert (row["class"], row["to_before"], row["to_after"]) == (of_class, "h1", "h1")


def test_costs_are_what_the_hand_counts(written):
    """Six trips; 4 min and 5 min rest, so 6 x 9 min; before 12 and 5, after the slowing 23 and 5 min."""
    out, _told = written
    quick = one(rows(out / "quick" / "costs.csv"), side="after")
    assert (quick["trips_per_day"], quick["run_min"], quick["vehicle_hours"]) == ("6.0", "4.0", "0.9")
    hours = {row["side"]: row["vehicle_hours"] for row in rows(out / "slow" / "costs.csv")}
    assert hours == {"before": "1.7", "after": "2.8"}


def test_within_12_minutes_home_reaches_the_hospital_only_after(written):
    out, _told = written
    found = rows(out / "quick" / "opportunities.csv")
    for target, minutes, before, after in (
        ("hospital", "12", "0", "1"), ("hospital", "20", "1", "1"), ("school", "12", "1", "1"),
    ):  # fmt: skip
        row = one(found, origin="home", target=target, cutoff_minutes=minutes)
        assert (row["reached_before"], row["reached_after"]) == (before, after)


def test_the_journeys_add_up_to_the_times_of_the_tables(written):
    out, _told = written
    found = [row for row in rows(out / "quick" / "journeys.csv") if row["why"] == "site"]
    assert {row["side"]: row["minutes"] for row in found} == {"before": "19.0", "after": "11.0"}
    assert [row["text"] for row in found if row["side"] == "after"][-1] == "in all 11:00 min:s"
    assert any("P1" in row["text"] for row in found if row["side"] == "after")
    lost = [row for row in rows(out / "slow" / "journeys.csv") if row["why"] == "worst"]
    assert {row["origin"] for row in lost} == {"g000-000", "g001-000", "g002-000"}
    assert rows(out / "nothing" / "journeys.csv") == []


def test_every_told_duration_is_that_of_its_journey(comparer, town):
    compared = compared_with(comparer, town, "slow")
    for told in told_changes(compared, comparer.baseline.timetable):
        for duration_s, lines in ((told.before_s, told.before), (told.after_s, told.after)):
            assert lines[-1] == f"in all {duration_s // 60}:{duration_s % 60:02d} min:s"


def test_numbers_within_reach_equal_those_of_a_full_search(comparer, town):
    timetable = comparer.baseline.timetable
    counter = ReachCounter(timetable, (720, 1200), 1)
    for name in ("quick", "slow", "nothing", "quick"):
        compared = compared_with(comparer, town, name)
        sides = {
            "before": (compared.before, timetable),
            "after": (compared.after, compared.network.timetable),
        }
        for column, (side, lines) in sides.items():
            full = transit_times(lines, side.linkage, side.query, side.ids).duration_s[:, :, 0]
            for change in counter.changes(compared):
                at = [side.ids[0].index(origin) for origin in change.origin_ids]
                members = list(side.members[change.target])
                wanted = [[int((full[i, members] <= limit).sum()) for limit in (720, 1200)] for i in at]
                assert getattr(change, column).tolist() == wanted


def test_without_cutoffs_nothing_is_counted(comparer, town):
    counter = ReachCounter(comparer.baseline.timetable, (), 1)
    assert counter.changes(compared_with(comparer, town, "quick")) == ()


def test_who_gains_and_who_loses_is_summed_up_group_by_group(written):
    out, _told = written
    found = rows(out / "quick" / "summary.csv")
    row = one(found, who="cells", target="hospital")
    assert (row["gain"], row["lose"], row["same"], row["never"]) == ("2", "0", "5", "0")
    assert one(found, who="sites", target="hospital")["mean_change_min"] == "-8.0"


def test_people_count_once_each_and_those_outside_are_told(town, tmp_path):
    """The middle of square 0 is 24 m from a: 18 and 10 min; 100 people times 8 min."""
    people = tmp_path / "people.csv"
    people.write_text("id,lon,lat,count\np,121.0999,31.300,100\nfar,122,31.3,7\n", encoding="utf-8")
    out = tmp_path / "out"
    told = compare_files(town / "study.toml", [town / "quick.toml"], CompareOptions(people=people), out=out)
    sentence = (
        "hospital, people: 100 gain, 0 lose, 0 are newly reached, 0 no longer; if everybody travels once, "
        "800 person-minutes are saved. A thousand of them take 1.13 vehicle-hours."
    )
    assert sentence in told
    assert any(line.startswith("Warning: 7 people live outside") for line in told)
    assert "7 people live outside" in (out / "quick" / "index.html").read_text(encoding="utf-8")
    inputs = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert "people.csv" in [source["file"] for source in inputs]


def test_a_table_of_people_without_numbers_is_refused_and_not_counted_as_one_each(town, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("id,lon,lat,居民\np,121.0999,31.300,100\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        compare_files(town / "study.toml", [town / "quick.toml"], CompareOptions(people=people))
    assert error.value.code == "count-column"


def test_people_of_whom_nobody_lives_in_the_area_are_refused(town, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("id,lon,lat,count\nfar,122,31.3,7\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        compare_files(town / "study.toml", [town / "quick.toml"], CompareOptions(people=people))
    assert error.value.code == "people-nobody"


def test_weighted_figures_are_those_of_every_person_in_a_row():
    """Changes of -4, -2 and +6 min for 1, 2 and 7 people: mean 3.4; the 5th and the 9th of ten are +6."""
    minutes = np.array([-4.0, -2.0, 6.0])
    reached = np.zeros(3, np.int8)
    table = ChangeTable("x", ("a", "b", "c"), np.full(3, 600.0), 600.0 + 60 * minutes, reached, reached)
    found = change_summary(table, "people", np.array([1.0, 2.0, 7.0]))
    assert (found.gain, found.lose) == (3, 7)
    assert (found.mean_s / 60, found.median_s / 60, found.p90_s / 60) == pytest.approx((3.4, 6.0, 6.0))
    assert found.saved_min == pytest.approx(4 + 4 - 42)
    assert "thousand" not in people_sentence(found, "x", 5.0)
    assert "−34 person-minutes" in people_sentence(found, "x", 5.0)


def test_where_nobody_saves_anything_no_sign_stands_before_the_nought():
    reached = np.zeros(1, np.int8)
    table = ChangeTable("x", ("a",), np.full(1, 600.0), np.full(1, 600.0), reached, reached)
    found = change_summary(table, "people", np.array([5.0]))
    assert "travels once, 0 person-minutes" in people_sentence(found, "x", 5.0)


def test_a_comparison_says_where_its_page_lies(town, tmp_path, capsys):
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_bytes((town / "quick.toml").read_bytes())
    first, second = (["--scenario", str(tmp_path / f"{name}.toml")] for name in ("one", "two"))
    asked = ["--lang", "en", "compare", str(town / "study.toml"), "--out"]
    assert main([*asked, str(tmp_path / "out"), *first]) == 0
    assert capsys.readouterr().out.rstrip().endswith(str(tmp_path / "out" / "one" / "index.html"))
    assert main([*asked, str(tmp_path / "both"), *first, *second]) == 0
    assert capsys.readouterr().out.rstrip().endswith(str(tmp_path / "both" / "index.html"))


def test_the_headline_names_losers_as_plainly_as_gainers(comparer, town):
    names = {"hospital": "hospital", "school": "school"}
    slow = headline(compared_with(comparer, town, "slow").comparison, names)
    assert slow.startswith("3 of 7 squares get slower to hospital; no square gains more than a minute to any")
    assert "+1.1 vehicle-hours" in slow
    quick = headline(compared_with(comparer, town, "quick").comparison, names)
    assert quick.startswith("2 of 7 squares get quicker to hospital; no square loses more than a minute")
    nothing = headline(compared_with(comparer, town, "nothing").comparison, names)
    assert nothing.startswith("Nobody gains and nobody loses")


def test_shown_classes_end_where_the_legend_says():
    nan = np.nan
    before = np.full(10, 1200.0)
    change = np.array([-601.0, -600, -300, -61, -60, 60, 61, 300.5, 600, 601])
    table = ChangeTable("x", tuple("abcdefghij"), before, before + change, *(np.zeros(10, np.int8),) * 2)
    codes = [SHOWN[k].code for k in shown_classes(table)]
    assert codes == [
        "gain-3",
        "gain-2",
        "gain-1",
        "gain-1",
        "same",
        "same",
        "lose-1",
        "lose-2",
        "lose-2",
        "lose-3",
    ]
    jumps = ChangeTable("x", ("a", "b", "c"), np.array([nan, 600, nan]), np.array([600, nan, nan]),
                        np.array([5, 0, 5]), np.array([0, 5, 5]))  # fmt: skip
    assert [SHOWN[k].code for k in shown_classes(jumps)] == ["newly", "lost", "never"]


def test_everything_is_there_and_the_list_leads_to_it(written):
    out, _told = written
    for name in NAMES:
        assert {path.name for path in (out / name).iterdir()} == FILES
    text = (out / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}/index.html"' in text for name in NAMES)
    page = (out / "quick" / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}"' in page for name in FILES - {"index.html"})


def test_an_assumed_scenario_says_so_on_every_page_map_and_table(written):
    out, _told = written
    for name in ("index.html", "difference.html", "before_after.html"):
        assert "rests on assumptions" in (out / "slow" / name).read_text(encoding="utf-8"), name
        assert "rests on assumptions" not in (out / "quick" / name).read_text(encoding="utf-8"), name
    assert "Assumed: half the speed" in (out / "slow" / "index.html").read_text(encoding="utf-8")
    for path in (out / "slow").glob("*.csv"):
        found = rows(path)
        assert found
        assert {row["assumed"] for row in found} == {"assumed"}, path.name


def test_the_geopackage_holds_squares_with_both_times_and_the_changed_lines(written):
    out, _told = written
    path = out / "quick" / "comparison.gpkg"
    assert {name for name, _kind in pyogrio.list_layers(path)} == {
        "change_hospital", "change_school", "changed_lines"}  # fmt: skip
    squares = pyogrio.read_dataframe(path, layer="change_hospital")
    first = squares.iloc[0]
    assert (first["before_min"], first["after_min"], first["change_min"]) == (18.0, 10.0, -8.0)
    assert (first["class"], first.geometry.geom_type) == ("gain", "Polygon")
    west, south, east, north = first.geometry.bounds
    assert west < 121.100 < east
    assert south < 31.300 < north
    lines = pyogrio.read_dataframe(path, layer="changed_lines")
    assert lines[["line", "part"]].values.tolist() == [["P1", "new"]]
    west, _south, east, _north = lines.total_bounds
    assert (west, east) == pytest.approx((121.100, 121.130), abs=1e-4)
    slowed = pyogrio.read_dataframe(out / "slow" / "comparison.gpkg", layer="changed_lines")
    assert slowed["part"].tolist() == ["kept"]


def test_a_geopackage_without_changed_lines_is_whole(written):
    out, _told = written
    with sqlite3.connect(out / "nothing" / "comparison.gpkg") as database:
        tables = {row[0] for row in database.execute("select table_name from gpkg_contents")}
    assert tables == {"change_hospital", "change_school"}


def test_the_workbook_reads_back_with_headings_in_words(written):
    out, _told = written
    book = openpyxl.load_workbook(out / "slow" / "comparison.xlsx", read_only=True)
    assert book.sheetnames[0] == "Who gains and who loses"
    heads = [cell.value for cell in next(book["Changes from the squares"].iter_rows())]
    assert heads[2:5] == ["before (min)", "after (min)", "change (min)"]


def test_names_that_hold_markup_stay_text(written):
    out, _told = written
    for path in [out / "index.html", *(out / "evil").glob("*.html")]:
        text = path.read_text(encoding="utf-8")
        assert "<script>window.evil" not in text
        assert "{{ 7*7 }}" in text or "\\u007b 7*7" in text


def test_the_same_inputs_give_the_same_bytes(written, town, tmp_path):
    out, told = written
    files = [town / f"{name}.toml" for name in NAMES]
    again = compare_files(town / "study.toml", files, CompareOptions(), out=tmp_path / "again")
    assert again == told
    names = sorted(path.relative_to(out) for path in out.rglob("*.*"))
    assert names == sorted(path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*.*"))
    for name in names:
        assert (out / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_one_scenario_needs_no_list(town, tmp_path):
    compare_files(town / "study.toml", [town / "quick.toml"], CompareOptions(), out=tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["manifest.json", "quick"]


def test_a_folder_that_cannot_be_written_is_told_and_nothing_stays(town, tmp_path):
    taken = tmp_path / "file"
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        compare_files(town / "study.toml", [town / "quick.toml"], CompareOptions(), out=taken)
    assert taken.read_text(encoding="utf-8") == "mine"
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        compare_files(town / "study.toml", [town / "quick.toml"], CompareOptions(), out=foreign)
    assert os.listdir(foreign) == ["thesis.docx"]
    assert sorted(os.listdir(tmp_path)) == ["file", "foreign"]


def test_the_command_prints_findings_alone_on_standard_output(town, capsys):
    assert (
        main(["--lang", "en", "compare", str(town / "study.toml"), "--scenario", str(town / "slow.toml")])
        == 0
    )
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "Slow line"
    assert "comparing" in told.err
    assert "comparing" not in told.out


def test_a_reach_table_has_a_row_per_origin():
    with pytest.raises(Exception, match="sites"):
        ReachChange("x", ("a",), 2, (60,), np.zeros((1, 1)), np.zeros((1, 1)))


def test_a_comparison_without_tables_still_has_a_headline(comparer, town):
    comparison = replace(compared_with(comparer, town, "nothing").comparison, tables=())
    assert "vehicles beyond today" in headline(comparison, {})


def test_the_study_stays_as_it_was(town, written):
    assert sorted(path.name for path in Path(town).iterdir()) == sorted(
        ["streets.osm", "feed.zip", "study.toml", "places.csv", "quick.toml", "slow.toml", "nothing.toml",
         "evil.toml", "headway.toml", "sweep.toml"]
    )  # fmt: skip


def table_of(target, changes_min):
    """A change of so many minutes for every square, from 20 min on."""
    n, reached = len(changes_min), np.zeros(len(changes_min), np.int8)
    after = 1200.0 + 60 * np.array(changes_min, float)
    return ChangeTable(target, tuple(f"g{k}" for k in range(n)), np.full(n, 1200.0), after, reached, reached)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ((-5, -5, 3), "2 of 3 squares get quicker to x; most lose on the way to x: 1 squares get slower"),
        ((-5, 3, 3), "2 of 3 squares get slower to x; most gain on the way to x: 1 squares get quicker"),
        ((0, 3, 3), "2 of 3 squares get slower to x; no square gains more than a minute to any target"),
        ((0, 1, -1), "Nobody gains and nobody loses more than a minute"),
    ],
)
def test_the_larger_number_comes_first_in_the_headline(comparer, town, changes, told):
    comparison = replace(
        compared_with(comparer, town, "nothing").comparison, tables=(table_of("x", changes),)
    )
    assert headline(comparison, {}).startswith(f"{told}. It takes")

"""RULE UNDER TEST: a comparison is asked as the study allows, and says what is true of its date.

The town of `tests.compare_worlds`, with bicycles at 12 km/h as well: home lies 95 m, 29 s, from the stop a,
and a minute is kept in reserve. Who leaves at 7:50 ... 7:58 catches the bus of 8:00 and is at the hospital at
8:12; who leaves at 7:59 misses it, and by 20 s that of 8:04 at b, 858 m away: 22 ... 14 min and 23, the 5th
of ten is 18. The quick line is there at 8:04 and 8:14: 14 ... 6 min and 15, the 5th is 10.
"""

import csv
import json
from dataclasses import replace

import pytest

from accessibility.cli import main
from accessibility.errors import UsageError
from accessibility.messages import language, set_language
from accessibility.outputs.comparison.words import recomputed_text
from accessibility.sources.scenario_file import read_scenario
from accessibility.sources.study_file import read_study
from accessibility.studies.archiving.pack import archive_study
from accessibility.studies.archiving.verify import verify_archive
from accessibility.studies.comparing.comparer import Comparer
from accessibility.studies.comparing.files import CompareOptions, compare_files
from tests.compare_worlds import QUICK, town_study

WEEKEND = QUICK.replace("Quick line", "On Sundays").replace('"daily"', '"weekend"').replace("P1", "P7")


@pytest.fixture(autouse=True, scope="module")
def _english():
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = town_study(tmp_path_factory.mktemp("home") / "town")
    study = folder / "study.toml"
    text = study.read_text(encoding="utf-8")
    text = text.replace('gtfs = ["feed.zip"]', 'gtfs = ["feed.zip"]\naccess = ["walk", "cycle"]')
    study.write_text(text, encoding="utf-8")
    second = WEEKEND.partition("[[modification]]")[2]
    for name, scenario in (("weekend", WEEKEND), ("both", QUICK + "\n[[modification]]" + second)):
        (folder / f"{name}.toml").write_text(scenario, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def by_bicycle(town):
    out = town.parent / "cycle"
    options = CompareOptions(access_mode="cycle", targets=("hospital", "hospital"))
    told = compare_files(town / "study.toml", [town / "quick.toml"], options, out=out)
    return out, told


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_by_bicycle_the_quick_line_saves_eight_minutes(by_bicycle):
    out, _told = by_bicycle
    (row,) = rows(out / "quick" / "site_changes.csv")
    assert (row["target"], row["before_min"], row["after_min"]) == ("hospital", "18.0", "10.0")


def test_the_journeys_begin_by_bicycle_and_add_up(by_bicycle):
    out, _told = by_bicycle
    found = [row for row in rows(out / "quick" / "journeys.csv") if row["why"] == "site"]
    assert {row["side"]: row["minutes"] for row in found} == {"before": "18.0", "after": "10.0"}
    first = [row["text"] for row in found if row["leg"] == "1"]
    assert len(first) == 2
    assert all("cycling to the stop Alpha, 95 m" in text for text in first)


def test_page_and_manifest_say_how_people_get_to_the_stop_and_which_target_was_asked(by_bicycle):
    out, told = by_bicycle
    page = (out / "quick" / "index.html").read_text(encoding="utf-8")
    assert "public transport, by bicycle to the stop" in page
    assert "longest way to the first stop (min)" in page
    parameters = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["parameters"]
    assert (parameters["access_mode"], parameters["targets"]) == ("cycle", ["hospital"])
    assert not [line for line in told if line.startswith("school")]


def test_it_comes_out_of_an_archive_again(town, by_bicycle, tmp_path):
    made = archive_study(town, [by_bicycle[0]], tmp_path / "town.zip")
    assert verify_archive(made.path).same


def test_the_command_takes_both_options(town, capsys):
    given = ["--lang", "en", "compare", str(town / "study.toml"), "--scenario", str(town / "quick.toml")]
    assert main([*given, "--access-mode", "cycle", "--target", "school", "--target", "hospital"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines[1:3]] == ["school", "hospital"]


@pytest.mark.parametrize(
    ("options", "code", "where"),
    [
        (CompareOptions(access_mode="ebike"), "compare-access", "--access-mode ebike"),
        (CompareOptions(targets=("school", "moon")), "compare-target", "--target moon"),
        (CompareOptions(as_of="yesterday"), "clock", "--as-of yesterday"),
    ],
)
def test_what_the_study_does_not_have_is_told_and_nothing_is_written(town, tmp_path, options, code, where):
    with pytest.raises(UsageError) as error:
        compare_files(town / "study.toml", [town / "quick.toml"], options, out=tmp_path / "out")
    assert (error.value.code, error.value.where) == (code, where)
    assert not (tmp_path / "out").exists()


def test_a_study_without_walking_is_asked_as_it_can_be(town):
    study = town / "study.toml"
    other = town / "ride.toml"
    other.write_text(study.read_text(encoding="utf-8").replace('"walk", "cycle"]', '"cycle"]'), "utf-8")
    assert Comparer.of_study(read_study(other)).settings.access_mode == "cycle"
    assert Comparer.of_study(read_study(study)).settings.access_mode == "walk"


IDLE = "On 2021-05-21 these lines of the scenario run as before or not at all: P7."


def test_a_line_without_service_on_the_date_is_told_in_place_of_no_change(town, tmp_path):
    """The 21st of May 2021 is a Friday."""
    told = compare_files(town / "study.toml", [town / "weekend.toml"], CompareOptions(), out=tmp_path / "out")
    nothing = f"{IDLE} The scenario has no effect on that date; compare another one (--as-of)."
    assert told == ["On Sundays", nothing, ""]
    page = (tmp_path / "out" / "weekend" / "index.html").read_text(encoding="utf-8")
    assert f"<blockquote>{nothing}</blockquote>" in page
    assert "Nobody gains" not in page


def test_a_line_without_service_beside_one_that_runs_is_told_with_the_findings(town, tmp_path):
    told = compare_files(town / "study.toml", [town / "both.toml"], CompareOptions(), out=tmp_path / "out")
    assert told[1] == IDLE
    assert told[2].startswith("hospital: 2 squares gain")
    assert f"<p>{IDLE}</p>" in (tmp_path / "out" / "both" / "index.html").read_text(encoding="utf-8")


def test_how_many_were_computed_anew_is_said_as_it_is(town):
    place = '[[modification]]\ntype = "move_place"\nid = "h1"\nlon = 121.1301\nlat = 31.3\n'
    for name, text in (("moved", f'name = "x"\n{place}'), ("empty", 'name = "x"\n')):
        (town / f"{name}.toml").write_text(text, encoding="utf-8")
    files = [town / f"{name}.toml" for name in ("moved", "empty")]
    told = compare_files(town / "study.toml", files, CompareOptions())
    assert "Computed anew: all 8 starting points." in told
    assert "The change can touch none of the 8 starting points." in told
    comparer = Comparer.of_study(read_study(town / "study.toml"))
    some = replace(comparer.compare(read_scenario(town / "empty.toml")), n_recomputed=3)
    assert recomputed_text(some) == "Computed anew: 3 of 8 starting points; the change can touch no other."

"""RULE UNDER TEST: ``accessibility measure --measure ptal`` gives the levels that the hand works out.

The bus of the town leaves a at 8:00, 8:10 ... and b four minutes later, until 10:00; in the hour from 8:15
that are six departures at each. Nobody is taken anywhere from c, where it ends. On foot at 80 m/min:

* at a:    0 m,  walk 0,    wait 5 + 2 min, total 7 min,    30 / 7    = 4.29, level 1b
* home:   95 m,  walk 71 s, wait 5 + 2 min, total 8.18 min, 30 / 8.18 = 3.67, level 1b
* middle: 476 m from both, walk 357 s, total 12.95 min, 30 / 12.95 = 2.32 (a line counts once), level 1a
* at c: 1,905 m from b, further than the 640 m of a bus: 0, level 0
* far away from all streets: no answer
"""

import csv

import pytest

from accessibility.cli import main
from accessibility.studies.data_folder import data_folder
from tests.feeds import BANDS
from tests.transit_town import town_files

ORIGINS = """id,lon,lat
a,121.100,31.300
home,121.101,31.300
middle,121.105,31.300
c,121.130,31.300
far,121.3,31.3
"""
WINDOW = ("--depart", "--window", "--max-walk")


@pytest.fixture
def level(tmp_path):
    options, _points = town_files(tmp_path, frequencies=BANDS + "t,08:00:00,10:00:00,600,1\n")
    kept = []
    for name, value in zip(options[::2], options[1::2], strict=True):
        kept += [] if name in WINDOW else [name, value]
    (tmp_path / "origins.csv").write_text(ORIGINS, encoding="utf-8")

    def run(*more, without=(), expect=0):
        given = [one for i, one in enumerate(kept) if one not in without and kept[i - 1] not in without]
        out = tmp_path / "out.csv"
        arguments = [*given, "--origins", str(tmp_path / "origins.csv"), "-o", str(out), *more]
        assert main(["--lang", "en", "measure", "--measure", "ptal", *arguments]) == expect
        if expect:
            assert not out.exists(), "nothing half-written"
            return None
        with out.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    return run


MARKS = "U 9/23, W 14/23"


def test_the_levels_are_those_of_the_hand_and_every_row_says_what_they_rest_on(level):
    assert level() == [
        ["origin", "index", "level", "marks", "reason"],
        ["a", "4.29", "1b", MARKS, ""],
        ["home", "3.67", "1b", MARKS, ""],
        ["middle", "2.32", "1a", MARKS, ""],
        ["c", "0.00", "0", MARKS, ""],
        ["far", "", "", "", "origin-not-linked"],
    ]


def test_the_words_name_day_period_levels_and_that_nobody_compared_the_rules(level, capsys):
    level()
    told = capsys.readouterr().err
    assert "PTAL on 2021-05-21, departures from 08:15 to 09:15." in told
    assert "Origins by level (0 is worst, 6b best): 0: 1, 1a: 1, 1b: 2." in told
    assert "1 origins have no level" in told
    assert "not compared with the text (mark U): 9 of 23" in told
    assert "not in the text itself (mark W): 14 of 23" in told
    assert "ptal-walk-speed" not in told


def test_another_walking_speed_is_taken_and_told(level, capsys):
    """At 2.4 km/h the 476 m are 714 s, further than the 8 minutes of a bus; home walks 143 s."""
    found = {row[0]: row[1] for row in level("--walk-speed", "2.4")[1:]}
    assert (found["a"], found["middle"]) == ("4.29", "0.00")
    assert float(found["home"]) == pytest.approx(30 / (7 + 143 / 60), abs=0.01)
    assert "not comparable" in capsys.readouterr().err


def test_a_day_without_service_gives_zero_and_says_so(level, capsys):
    """The 22nd of May 2021 is a Saturday, the bus runs on working days."""
    rows = level("--date", "2021-05-22", without=("--date",))
    assert [row[1:3] for row in rows[1:]] == [["0.00", "0"]] * 4 + [["", ""]]
    assert rows[-1][-1] == "origin-not-linked"
    assert "no-service-in-window" in capsys.readouterr().err


def test_rules_of_ones_own_are_taken(level, tmp_path):
    own = (data_folder() / "defaults" / "ptal.csv").read_text(encoding="utf-8-sig")
    own = own.replace("walk_limit,bus,8,", "walk_limit,bus,5,")
    (tmp_path / "rules.csv").write_text(own, encoding="utf-8")
    found = {row[0]: row[1] for row in level("--ptal-rules", str(tmp_path / "rules.csv"))[1:]}
    assert (found["home"], found["middle"]) == ("3.67", "0.00")


@pytest.mark.parametrize(
    ("more", "without", "where"),
    [
        ((), ("--gtfs", "--date"), "--measure ptal"),
        (("--destinations", "points.csv"), (), "--destinations"),
        (("--window", "30"), (), "--window"),
        (("--depart", "8:00"), (), "--depart"),
        (("--access-mode", "cycle"), (), "--access-mode"),
        (("--max-walk", "5"), (), "--max-walk"),
        (("--percentile", "90"), (), "--percentile"),
        (("--ptal-rules", "none.csv"), (), "none.csv"),
    ],
)
def test_what_it_has_no_use_for_or_lacks_is_told(level, capsys, more, without, where):
    level(*more, without=without, expect=1 if "--ptal-rules" in more else 2)
    assert where in capsys.readouterr().err


def test_other_measures_still_ask_for_destinations(level, tmp_path, capsys):
    given = ["--osm", str(tmp_path / "town.osm"), "--origins", str(tmp_path / "origins.csv")]
    assert main(["--lang", "en", "measure", *given, "--cutoff", "15", "-o", str(tmp_path / "x.csv")]) == 2
    assert "--destinations" in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()

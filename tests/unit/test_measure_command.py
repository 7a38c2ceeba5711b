"""RULE UNDER TEST: ``accessibility measure`` writes a row per origin, or says which option or cell is wrong.

The town has one street of 1 km and another of 1 km at a right angle; on foot at 3.6 km/h metres are seconds.
"""

import csv

import pytest

from accessibility.cli import main
from accessibility.cli.measure import DECAYS, MEASURES
from accessibility.studies.measure import MeasureOptions
from tests.unit.test_cli import TOWN

WALK = ("--mode", "walk", "--walk-speed", "3.6")


@pytest.fixture
def measure(tmp_path):
    (tmp_path / "town.osm").write_text(TOWN, encoding="utf-8")
    (tmp_path / "homes.csv").write_text(
        "id,lon,lat,people,poor\na,121.1600,31.2900,300,1\nb,121.1705,31.2990,100,x\nfar,121.30,31.29,50,2\n",
        encoding="utf-8",
    )
    (tmp_path / "goals.csv").write_text(
        "id,kind,lon,lat,beds\nx,kindergarten,121.1600,31.2900,8\ny,park,121.1705,31.2900,2\n",
        encoding="utf-8",
    )

    def run(*options, expect=0):
        out = tmp_path / "out.csv"
        files = (
            "--osm",
            "town.osm",
            "--origins",
            "homes.csv",
            "--destinations",
            "goals.csv",
            "-o",
            "out.csv",
        )
        arguments = [str(tmp_path / one) if "." in one and one[0] != "-" else one for one in files]
        assert main(["measure", *arguments, *WALK, *options]) == expect
        if expect:
            assert not out.exists(), "nothing half-written"
            return None
        with out.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    return run


def test_opportunities_sum_a_column_within_cutoffs(measure):
    """The second goal lies 1,000 m from a and from b, 17 minutes; the first 2 km from b."""
    assert measure("--cutoff", "15,20,40", "--count-column", "beds") == [
        ["origin", "step 15", "step 20", "step 40", "reason"],
        ["a", "8", "10", "10", ""],
        ["b", "0", "2", "10", ""],
        ["far", "", "", "", "origin-not-linked"],
    ]


@pytest.mark.parametrize("decay", DECAYS)
def test_every_decay_function_weighs_the_own_door_fully(measure, decay):
    rows = measure("--cutoff", "1", "--decay", decay, "--sd", "0.1")
    assert float(rows[1][1]) == pytest.approx(1.0, abs=1e-3)


def test_the_nearest_stand_in_minutes_with_their_names(measure):
    rows = measure("--measure", "nearest", "--k", "2")
    assert rows[0] == ["origin", "minutes_1", "minutes_2", "nearest_1", "nearest_2", "reason"]
    assert (rows[1][1], rows[1][3:]) == ("0.0", ["x", "y", ""])
    assert rows[2][3:] == ["y", "x", ""]
    assert rows[3] == ["far", "", "", "", "", "origin-not-linked"]


def test_dual_access_is_in_minutes(measure):
    rows = measure("--measure", "dual", "--needed", "8,10", "--count-column", "beds")
    assert rows[0] == ["origin", "minutes_8", "minutes_10", "reason"]
    assert float(rows[1][1]) == 0
    assert float(rows[1][2]) == pytest.approx(1000 / 60, abs=0.2)


def test_the_floating_catchment_shares_beds_among_people(measure):
    """Within 20 min: x for a only, y for both: a has 8/300 + 2/400, b 2/400."""
    rows = measure("--measure", "2sfca", "--cutoff", "20", "--count-column", "beds")
    assert [float(row[1]) for row in rows[1:3]] == pytest.approx([8 / 300 + 2 / 400, 2 / 400], rel=1e-4)


def test_coverage_counts_places_of_the_kind_and_says_that_its_figure_is_unverified(measure, capsys):
    """The kindergarten stands at a; 300 of the 400 people whom a street serves live there."""
    rows = measure("--measure", "coverage", "--standard", "gb50180-kindergarten")
    told = capsys.readouterr().err
    found = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]

    assert [one["way"] for one in found] == ["network", "straight"]
    assert (found[0]["places"], found[0]["cells"], found[0]["cells_unknown"]) == ("1", "3", "1")
    assert (found[0]["cell_share"], found[0]["people_share"]) == ("0.5000", "0.7500")
    assert (found[1]["cell_share"], found[1]["people_share"]) == ("0.3333", "0.6667")
    assert found[0]["mark"] == "U"
    assert "standard-unverified" in told
    assert "standard-kinds" in told


def test_a_standard_that_speaks_of_other_kinds_is_told(measure, capsys):
    measure("--measure", "coverage", "--standard", "gb50180-primary")
    told = capsys.readouterr().err
    assert "standard-other-kinds" in told
    assert "standard-unverified" not in told


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--cutoff", "0"),
        ("--cutoff", "15", "--decay", "logistic"),
        ("--cutoff", "15", "--decay", "logistic", "--sd", "0"),
        ("--measure", "2sfca"),
        ("--measure", "2sfca", "--cutoff", "15,30"),
        ("--measure", "dual", "--needed", "0"),
        ("--measure", "dual", "--needed", "some"),
        ("--measure", "nearest", "--k", "0"),
        ("--measure", "coverage"),
        ("--measure", "coverage", "--standard", "gb1"),
        ("--measure", "gini"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_computed(measure, options):
    measure(*options, expect=2)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--cutoff", "15", "--count-column", "seats"), "missing-column"),
        (("--measure", "2sfca", "--cutoff", "15", "--people-column", "poor"), "number-malformed"),
    ],
)
def test_a_column_that_is_missing_or_malformed_is_named(measure, capsys, options, code):
    measure(*options, expect=1)
    assert code in capsys.readouterr().err


@pytest.mark.parametrize("measure_name", MEASURES)
def test_the_choices_of_the_command_are_those_of_the_options(measure_name):
    MeasureOptions(measure=measure_name, cutoffs_s=(900,), standards=("x",)).check()

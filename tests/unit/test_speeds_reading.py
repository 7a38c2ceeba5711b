"""RULE UNDER TEST: a speed, delay or limit is a row of data with mark and source; faults are told at once."""

import pickle

import pytest

from accessibility.errors import DataError, ModelError, SourceError
from accessibility.model.defaults import Assumption, Defaults, SpeedArea
from accessibility.sources.speeds import read_defaults, read_road_speeds, replace_road_speeds

ROADS = "road_class,name_contains,period,low_kmh,mid_kmh,high_kmh,mark,source,note\n"
FILES = {
    "driving_speeds.csv": ROADS
    + """road,,peak,18,36,54,U,a table,slow
trunk,高架,peak,36,72,90,S,a survey,
""",
    "mode_speeds.csv": """mode,low_kmh,mid_kmh,high_kmh,mark,source,note
walk,3.6,3.6,7.2,S,a text,
""",
    "driving_extras.csv": """item,low_s,mid_s,high_s,mark,source,note
signal_delay,0,12,25,U,a proposal,per signal
""",
    "limits.csv": """item,value,unit,mark,source,note
max_walk,30,min,U,a convention,per leg
island_share,0.01,share,U,x,
""",
    "speed_area.csv": """name_zh,name_en,west,south,east,north,mark,source,note
某市,Some City,121,31,122,32,U,a map,
""",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def roads(folder, text, header=ROADS):
    path = folder / "mine.csv"
    path.write_text(header + text, encoding="utf-8")
    return path


def faults(error):
    return [(notice.code, notice.file, notice.row, notice.field) for notice in error.notices]


def test_speeds_become_metres_per_second(folder):
    fallback, elevated = read_road_speeds(folder / "driving_speeds.csv").rows

    assert (fallback.low_mps, fallback.mid_mps, fallback.high_mps) == (5.0, 10.0, 15.0)
    assert (elevated.road_class, elevated.name_contains, elevated.period) == ("trunk", "高架", "peak")
    assert (elevated.mark, elevated.source) == ("S", "a survey")


def test_the_part_of_a_name_is_optional(tmp_path):
    header = "road_class,period,low_kmh,mid_kmh,high_kmh,mark,source\n"

    (row,) = read_road_speeds(roads(tmp_path, "road,peak,10,20,30,U,x\n", header)).rows

    assert row.name_contains == ""


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("trunk,,peak,abc,20,30,U,x,", "number-malformed", "low_kmh"),
        ("trunk,,peak,10,,30,U,x,", "number-malformed", "mid_kmh"),
        ("trunk,,peak,10,20,inf,U,x,", "number-malformed", "high_kmh"),
        ("trunk,,peak,30,20,10,U,x,", "figures-order", "low_kmh"),
        ("trunk,,peak,0,20,30,U,x,", "figures-order", "low_kmh"),
        ("trunk,,peak,-1,20,30,U,x,", "figures-order", "low_kmh"),
        ("road,,peak,10,20,30,U,x,", "id-twice", "road_class"),
        (",,peak,10,20,30,U,x,", "id-empty", "road_class"),
        ("road,,,10,20,30,U,x,", "id-empty", "period"),
        ("trunk,,peak,10,20,30,,x,", "figure-unsourced", "mark"),
        ("trunk,,peak,10,20,30,U,,", "figure-unsourced", "source"),
        ("trunk,,peak,10,20,30", "row-ragged", ""),
    ],
)
def test_a_malformed_row_is_told_with_file_and_row(tmp_path, row, code, field):
    with pytest.raises(DataError) as caught:
        read_road_speeds(roads(tmp_path, f"road,,peak,10,20,30,U,x,\n{row}\n"))

    assert faults(caught.value) == [(code, "mine.csv", 3, field)]


def test_a_period_without_a_row_for_all_other_roads_is_told(tmp_path):
    with pytest.raises(DataError) as caught:
        read_road_speeds(roads(tmp_path, "road,,peak,10,20,30,U,x,\ntrunk,,night,10,20,30,U,x,\n"))

    assert faults(caught.value) == [("speeds-fallback", "mine.csv", 0, "road_class")]


def test_a_class_of_road_nobody_knows_is_told(tmp_path):
    with pytest.raises(DataError) as caught:
        read_road_speeds(roads(tmp_path, "road,,peak,10,20,30,U,x,\ntrnuk,,peak,10,20,30,U,x,\n"))

    assert faults(caught.value) == [("road-class-unknown", "mine.csv", 0, "road_class")]


@pytest.mark.parametrize("column", ["road_class", "mid_kmh", "source"])
def test_a_missing_column_is_told(tmp_path, column):
    with pytest.raises(DataError) as caught:
        read_road_speeds(roads(tmp_path, "road,,peak,10,20,30,U,x,\n", ROADS.replace(column, "other")))

    assert faults(caught.value) == [("missing-column", "mine.csv", 0, column)]


def test_a_table_without_rows_is_told(tmp_path):
    with pytest.raises(DataError) as caught:
        read_road_speeds(roads(tmp_path, ""))

    assert faults(caught.value) == [("no-rows", "mine.csv", 0, "")]


def test_defaults_hold_every_figure_in_its_unit(folder):
    defaults = read_defaults(folder)

    assert dict(defaults.mode_speeds) == {"walk": (1.0, 1.0, 2.0)}
    assert dict(defaults.extras) == {"signal_delay": (0.0, 12.0, 25.0)}
    assert dict(defaults.limits) == {"max_walk": 30.0, "island_share": 0.01}
    assert defaults.road_speeds.periods == ("peak",)


def test_every_figure_stands_in_the_register_of_assumptions(folder):
    assert read_defaults(folder).assumptions == (
        Assumption("road speed: road, peak", 18, 36, 54, "km/h", "U", "a table", "slow"),
        Assumption("road speed: trunk, 高架, peak", 36, 72, 90, "km/h", "S", "a survey"),
        Assumption("speed: walk", 3.6, 3.6, 7.2, "km/h", "S", "a text"),
        Assumption("delay: signal_delay", 0, 12, 25, "s", "U", "a proposal", "per signal"),
        Assumption("limit: max_walk", 30, 30, 30, "min", "U", "a convention", "per leg"),
        Assumption("limit: island_share", 0.01, 0.01, 0.01, "share", "U", "x"),
    )


def test_sources_and_notes_are_read_in_both_languages(folder):
    header = ROADS.strip() + ",source_zh,note_zh\n"
    text = header + "road,,peak,18,36,54,U,a table,slow,某表,慢\n"
    (folder / "driving_speeds.csv").write_text(text, encoding="utf-8")

    row = read_defaults(folder).assumptions[0]

    assert (row.source, row.note, row.source_zh, row.note_zh) == ("a table", "slow", "某表", "慢")


def test_the_driving_speeds_name_the_area_they_were_assumed_for(folder):
    defaults = read_defaults(folder)

    assert defaults.speed_area == SpeedArea("某市", "Some City", (121.0, 31.0, 122.0, 32.0))
    mine = roads(folder, "road,,peak,36,36,36,U,mine,\n")
    assert replace_road_speeds(defaults, mine).speed_area is None


@pytest.mark.parametrize("box", ["122,31,121,32", "121,31,122,", "121,95,122,96"])
def test_an_area_of_the_speeds_that_is_no_box_is_told(folder, box):
    head = FILES["speed_area.csv"].splitlines()[0]
    (folder / "speed_area.csv").write_text(f"{head}\n某市,City,{box},U,x,\n", encoding="utf-8")

    with pytest.raises(DataError) as caught:
        read_defaults(folder)

    assert faults(caught.value) == [("area-malformed", "speed_area.csv", 2, "west")]


def test_defaults_name_their_five_files(folder):
    assert [source.file for source in read_defaults(folder).provenance.sources] == list(FILES)


def test_faults_of_all_five_tables_are_told_at_once(folder):
    for name in FILES:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("x\n")

    with pytest.raises(DataError) as caught:
        read_defaults(folder)

    assert [(code, file) for code, file, _row, _field in faults(caught.value)] == [
        ("row-ragged", n) for n in FILES
    ]


def test_a_missing_table_is_an_error(folder):
    (folder / "limits.csv").unlink()

    with pytest.raises(SourceError) as caught:
        read_defaults(folder)

    assert caught.value.code == "file-missing"


def test_speeds_of_the_user_take_the_place_of_the_default_ones(folder):
    defaults = read_defaults(folder)

    replaced = replace_road_speeds(defaults, roads(folder, "road,,offpeak,36,36,36,U,mine,\n"))

    assert replaced.road_speeds.periods == ("offpeak",)
    assert [row.item for row in replaced.assumptions][:2] == ["road speed: road, offpeak", "speed: walk"]
    assert [source.file for source in replaced.provenance.sources] == ["mine.csv", *list(FILES)[1:-1]]


def test_defaults_travel_to_another_process_and_stay_frozen(folder):
    defaults = read_defaults(folder)

    arrived = pickle.loads(pickle.dumps(defaults))

    assert arrived == defaults
    with pytest.raises(TypeError):
        arrived.limits["max_walk"] = 60.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode_speeds": {"walk": (2, 1, 3)}},
        {"mode_speeds": {"walk": (0, 1, 2)}},
        {"extras": {"a": (-1, 0, 1)}},
    ],
)
def test_defaults_are_checked_at_birth(folder, wrong):
    good = read_defaults(folder)
    tables = {"mode_speeds": good.mode_speeds, "extras": good.extras, "limits": good.limits}

    with pytest.raises(ModelError):
        Defaults(good.road_speeds, **(tables | wrong))

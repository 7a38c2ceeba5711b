"""RULE UNDER TEST: a study is read whole, or refused with every problem named at once."""

from datetime import date
from pathlib import Path

import pytest

from accessibility.errors import DataError, SourceError
from accessibility.sources.study_file import read_study

EMBEDDED = Path(__file__).parents[2] / "data" / "anting"
STUDY = """\
[study]
id = "town"
name = "小镇"
area = [121.10, 31.20, 121.20, 31.30]
crs = "EPSG:4549"
as_of = [2021-12-30, 2021-05-21]

[streets]
file = "streets.osm"

[[places]]
file = "places.csv"

[origins]
kinds = ["site"]

[destinations]
kinds = ["station", "school"]

[grid]
cell_m = 250

[travel]
modes = ["walk", "drive"]
max_duration_min = 90
cutoffs_min = [15, 30]

[[period]]
id = "peak"
name = "早高峰"
from = "07:30"
to = "08:30"

[[target]]
id = "station"
name = "车站"
kinds = ["station"]

[[question]]
id = "Q1"
quote = "周边有车站"
measure = "nearest"
targets = ["station"]
modes = ["walk"]
"""


@pytest.fixture
def write(tmp_path):
    def write(text=STUDY, name="study.toml"):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return file

    return write


def problems(file):
    """Give where every problem lies, having checked how the error as a whole tells them."""
    with pytest.raises(DataError) as caught:
        read_study(file)
    error = caught.value
    assert (error.code, error.where, error.exit_code) == ("study-settings", str(file), 1)
    assert error.mend
    assert str(len(error.notices)) in error.what
    assert {(n.code, n.severity, n.file) for n in error.notices} == {("study-setting", "error", file.name)}
    assert all(notice.message for notice in error.notices)
    return [notice.field for notice in error.notices]


def failure(path):
    with pytest.raises(SourceError) as caught:
        read_study(path)
    return caught.value


# ---- what is read


def test_the_embedded_study_reads():
    study = read_study(EMBEDDED)
    assert (study.id, study.crs, study.cell_m, study.max_duration_s) == ("anting", "EPSG:4549", 500, 7200)
    assert study.as_of == (date(2021, 5, 21), date(2021, 12, 30))
    assert study.area == (121.09, 31.23, 121.36, 31.40)
    assert (study.modes, study.cutoffs_s) == (("walk", "cycle", "ebike", "drive"), (900, 1800, 2700))
    assert study.street_use.generalised
    assert study.street_use.avoid == ("motorway", "motorway_link")
    assert [(p.id, p.start_s, p.end_s) for p in study.periods] == [
        ("peak", 27_000, 30_600),
        ("offpeak", 36_000, 39_600),
    ]
    assert [target.line for target in study.targets if target.line] == ["11", "14"]
    assert [question.id for question in study.questions] == [
        "C01",
        "C02",
        "C03",
        "C06",
        "C07",
        "C08",
        "C09",
        "X01",
    ]
    assert all(len(pair) == 2 and all(pair) for q in study.questions for pair in q.rests_on)


def test_every_file_the_embedded_study_names_exists():
    study = read_study(EMBEDDED / "study.toml")
    files = [study.streets_file, study.unknown_file, *study.overlay_files]
    files += [source.file for source in study.places_files]
    assert [name for name in files if not (study.folder / name).is_file()] == []


def test_a_study_is_read_by_its_file_or_its_folder_with_its_files_beside_it(write, tmp_path):
    by_file, by_folder = read_study(write()), read_study(tmp_path)
    assert by_file == by_folder
    assert by_file.folder == tmp_path
    assert by_file.as_of == (date(2021, 5, 21), date(2021, 12, 30)), "dates in order, as written or not"


def test_what_is_not_stated_has_its_default(write):
    text = STUDY.replace("cell_m = 250\n", "").replace("max_duration_min = 90\ncutoffs_min = [15, 30]\n", "")
    study = read_study(write(text))
    assert (study.cell_m, study.max_duration_s, study.cutoffs_s) == (500.0, 7200, (900, 1800, 2700))
    assert (study.name_en, study.asked, study.default_origin) == ("", ("", ""), "")
    assert (study.street_use.generalised, study.street_use.off_network_m, study.street_use.avoid) == (
        False,
        0.0,
        (),
    )
    assert (study.unknown_file, study.overlay_files, study.places_files[0].system) == ("", (), "wgs84")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_either_line_end_are_read(write, encoding, line_end):
    study = read_study(write(STUDY.replace("\n", line_end).encode(encoding)))
    assert study.name == "小镇"


# ---- what is refused


@pytest.mark.parametrize(
    ("old", "new", "fields"),
    [
        # missing
        ('crs = "EPSG:4549"\n', "", ["study.crs"]),
        ('id = "town"\n', "", ["study.id"]),
        ("area = [121.10, 31.20, 121.20, 31.30]\n", "", ["study.area", "study.area"]),
        ("as_of = [2021-12-30, 2021-05-21]\n", "", ["study.as_of", "study.as_of"]),
        ('[streets]\nfile = "streets.osm"\n', "", ["streets.file"]),
        ('[origins]\nkinds = ["site"]\n', "", ["origins.kinds"]),
        ('modes = ["walk", "drive"]\n', "", ["travel.modes", "question Q1"]),
        ('from = "07:30"\n', "", ["period[1].from", "period[1].from"]),
        ('id = "Q1"\n', "", ["question[1].id"]),
        # of another type
        ('id = "town"', "id = 7", ["study.id"]),
        ("cell_m = 250", 'cell_m = "250"', ["grid.cell_m", "grid.cell_m"]),
        ("cell_m = 250", "cell_m = true", ["grid.cell_m", "grid.cell_m"]),
        ('file = "streets.osm"', 'file = "streets.osm"\ngeneralised = 1', ["streets.generalised"]),
        ('kinds = ["site"]', 'kinds = "site"', ["origins.kinds"]),
        ('kinds = ["site"]', 'kinds = ["site", 5]', ["origins.kinds"]),
        ("[[period]]", "[period]", ["period", "period"]),
        # unknown
        ("cell_m = 250", "cell_m = 250\ncel_m = 300", ["grid.cel_m"]),
        ("[grid]", "[gird]\nx = 1\n[grid]", ["gird"]),
        ('quote = "周边有车站"', 'quote = "周边有车站"\nqoute = "x"', ["question[1].qoute"]),
        # dates
        ("[2021-12-30, 2021-05-21]", '["2021-12-30", "yesterday"]', ["study.as_of"]),
        ("[2021-12-30, 2021-05-21]", '["2021-02-30"]', ["study.as_of", "study.as_of"]),
        ("[2021-12-30, 2021-05-21]", "[2021-12-30T08:00:00]", ["study.as_of", "study.as_of"]),
        ("[2021-12-30, 2021-05-21]", "[]", ["study.as_of"]),
        ("[2021-12-30, 2021-05-21]", "2021-12-30", ["study.as_of", "study.as_of"]),
        # the area
        ("[121.10, 31.20, 121.20, 31.30]", "[121.20, 31.20, 121.10, 31.30]", ["study.area"]),
        ("[121.10, 31.20, 121.20, 31.30]", "[121.10, 31.30, 121.20, 31.20]", ["study.area"]),
        ("[121.10, 31.20, 121.20, 31.30]", "[31.20, 121.10, 31.30, 121.20]", ["study.area"]),
        ("[121.10, 31.20, 121.20, 31.30]", "[121.10, 31.20, 121.20]", ["study.area"]),
        ("[121.10, 31.20, 121.20, 31.30]", '["a", 31.20, 121.20, 31.30]', ["study.area"]),
        ("[121.10, 31.20, 121.20, 31.30]", "[nan, 31.20, 121.20, 31.30]", ["study.area"]),
        # clocks
        ('from = "07:30"', 'from = "half past seven"', ["period[1].from"]),
        ('from = "07:30"', 'from = "07:60"', ["period[1].from"]),
        ('to = "08:30"', 'to = "07:30"', ["period[1].to"]),
        ('from = "07:30"', "from = 07:30:00", ["period[1].from", "period[1].from"]),
        # names that point nowhere or twice at the same
        ('targets = ["station"]', 'targets = ["statoin"]', ["question Q1"]),
        ("[[question]]", '[[target]]\nid = "station"\nname = "又"\nkinds = []\n[[question]]', ["target"]),
        ('[[period]]\n', '[[period]]\nid = "peak"\nname = "x"\nfrom = "1:00"\nto = "2:00"\n[[period]]\n',
         ["period"]),
        ('modes = ["walk"]', 'modes = ["walk"]\n[[question]]\nid = "Q1"\nquote = "x"\nmeasure = "straight"',
         ["question"]),
        # choices and numbers
        ('measure = "nearest"', 'measure = "guess"', ["question[1].measure"]),
        ('modes = ["walk", "drive"]', 'modes = ["walk", "fly"]', ["travel.modes"]),
        ('modes = ["walk"]', 'modes = ["swim"]', ["question[1].modes"]),
        ('id = "town"', 'id = "my town"', ["study.id"]),
        ('file = "places.csv"', 'file = "places.csv"\nosm = ["amenity=school"]', ["places[1].file"]),
        ('file = "places.csv"', 'system = "wgs84"', ["places[1].file"]),
        ("cell_m = 250", "cell_m = 0", ["grid.cell_m"]),
        ("cell_m = 250", "cell_m = -250", ["grid.cell_m"]),
        ("cell_m = 250", "cell_m = nan", ["grid.cell_m"]),
        ("max_duration_min = 90", "max_duration_min = 0", ["travel.max_duration_min"]),
        ('file = "streets.osm"', 'file = "streets.osm"\noff_network_m = -1', ["streets.off_network_m"]),
        ('measure = "nearest"', 'measure = "nearest"\nrests_on = ["据"]', ["question[1].rests_on_en"]),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(write, old, new, fields):
    assert old in STUDY
    assert problems(write(STUDY.replace(old, new, 1))) == fields


def test_driving_needs_a_period(write):
    start, end = STUDY.index("[[period]]"), STUDY.index("[[target]]")
    assert problems(write(STUDY[:start] + STUDY[end:])) == ["period"]


def test_all_problems_are_named_at_once(write):
    text = STUDY
    for old, new in (
        ('crs = "EPSG:4549"\n', ""),
        ('id = "town"', "id = 7"),
        ("[121.10, 31.20, 121.20, 31.30]", "[121.20, 31.20, 121.10, 31.30]"),
        ("[2021-12-30, 2021-05-21]", '[2021-05-21, "soon"]'),
        ("cell_m = 250", "cell_m = 0\ncel_m = 3"),
        ('from = "07:30"', 'from = "7h30"'),
        ('targets = ["station"]', 'targets = ["harbour"]'),
        ('modes = ["walk"]', 'modes = ["walk"]\n[extra]'),
    ):
        text = text.replace(old, new, 1)
    assert sorted(problems(write(text))) == [
        "extra",
        "grid.cel_m",
        "grid.cell_m",
        "period[1].from",
        "question Q1",
        "study.area",
        "study.as_of",
        "study.crs",
        "study.id",
    ]


def test_a_problem_repeats_the_value_that_is_wrong(write):
    with pytest.raises(DataError) as caught:
        read_study(write(STUDY.replace('from = "07:30"', 'from = "7h30"')))
    assert [notice.value for notice in caught.value.notices] == ["7h30"]


def test_an_empty_file_lacks_everything_it_needs(write):
    assert {"study.id", "study.area", "streets.file", "origins.kinds", "travel.modes"} <= set(
        problems(write(""))
    )


@pytest.mark.parametrize("cutoffs", ['["soon"]', "[]", "[0]", "[-15]", "[true]", "[nan]", "[15, [30]]"])
def test_cutoffs_that_cannot_be_are_named(write, cutoffs):
    assert set(problems(write(STUDY.replace("[15, 30]", cutoffs)))) == {"travel.cutoffs_min"}


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("max_duration_min = 90", "max_duration_min = inf", "travel.max_duration_min"),
        ("cell_m = 250", "cell_m = inf", "grid.cell_m"),
    ],
)
def test_a_number_without_end_is_named(write, old, new, field):
    assert problems(write(STUDY.replace(old, new))) == [field]


def test_an_area_of_truth_values_is_named(write):
    assert problems(write(STUDY.replace("[121.10, 31.20,", "[true, false,"))) == ["study.area"]


def test_a_question_by_a_mode_the_study_does_not_compute_is_named(write):
    assert len(problems(write(STUDY.replace('modes = ["walk"]', 'modes = ["cycle"]')))) == 1


def test_a_question_on_a_date_the_study_does_not_look_at_is_named(write):
    text = STUDY.replace('modes = ["walk"]', 'modes = ["walk"]\nas_of = [2020-01-01]')
    assert len(problems(write(text))) == 1


def test_a_target_of_kinds_that_are_no_destinations_is_named(write):
    text = STUDY.replace('name = "车站"\nkinds = ["station"]', 'name = "车站"\nkinds = ["harbour"]')
    assert len(problems(write(text))) == 1


# ---- what cannot be read at all


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (STUDY.replace('id = "town"', "id = town"), "line 2"),
        (STUDY + "[travel\n", f"line {STUDY.count(chr(10)) + 1}"),
        (STUDY.replace("cell_m = 250", "cell_m = 250\ncell_m = 300"), "line 22"),
    ],
)
def test_a_file_that_is_no_toml_is_told_with_the_line(write, text, line):
    error = failure(write(text))
    assert error.code == "study-toml"
    assert "study.toml" in error.where
    assert line in error.where


def test_a_file_that_is_not_utf_8_is_told_with_what_to_do(write):
    file = write(STUDY.encode("gb18030"))
    error = failure(file)
    assert (error.code, error.where, error.exit_code) == ("study-encoding", str(file), 1)
    assert "UTF-8" in error.mend


@pytest.mark.parametrize("name", ["missing.toml", "no/such/folder/study.toml"])
def test_a_missing_file_says_which(tmp_path, name):
    error = failure(tmp_path / name)
    assert (error.code, error.where) == ("study-missing", str(tmp_path / name))
    assert "accessibility new" in error.mend


def test_a_folder_without_a_study_says_which_file_it_lacks(tmp_path):
    error = failure(tmp_path)
    assert (error.code, error.where) == ("study-missing", str(tmp_path / "study.toml"))


def test_a_folder_in_place_of_the_file_cannot_be_read(tmp_path):
    (tmp_path / "study.toml").mkdir()
    assert failure(tmp_path).code in {"study-unreadable", "study-missing"}

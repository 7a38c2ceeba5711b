"""RULE UNDER TEST: a setting that points nowhere is an error, told with all others, and no silent answer."""

import pytest

from accessibility.cli import main
from accessibility.errors import DataError
from accessibility.messages import language, set_language
from accessibility.sources.study_file import read_study
from accessibility.studies.check import check_everything
from accessibility.studies.data_folder import embedded_defaults
from accessibility.studies.load import load_study
from accessibility.studies.progress import silent
from accessibility.studies.run import run_study
from tests.unit.test_cli import TOWN
from tests.unit.test_findings import STUDY, write_study


@pytest.fixture(autouse=True)
def _english():
    before = language()
    set_language("en")
    yield
    set_language(before)


def edited(folder, *changes):
    text = STUDY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return read_study(write_study(folder, text))


def problems(study):
    with pytest.raises(DataError) as caught:
        load_study(study)
    assert caught.value.code == "study-references"
    return [(notice.field, notice.value) for notice in caught.value.notices]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('line = "14"', 'line = "l4"', ("target line14", "l4")),
        (
            'kinds = ["station", "school"]',
            'kinds = ["station", "school", "shcool"]',
            ("destinations.kinds", "shcool"),
        ),
        ('kinds = ["site"]', 'kinds = ["site", "siet"]', ("origins.kinds", "siet")),
        ('default = "S2"', 'default = "S9"', ("origins.default", "S9")),
        ('destinations = ["L11-loop"]', 'destinations = ["L11"]', ("question Q-time", "L11")),
        ("cutoffs_min = [10, 20]", "cutoffs_min = [10, 121]", ("travel.cutoffs_min", "121")),
        ("cutoffs_min = [10, 20]", 'avoid = ["motorways"]', ("travel.avoid", "motorways")),
        ('id = "peak"', 'id = "rush"', ("period", "rush")),
    ],
)
def test_a_setting_that_points_nowhere_is_an_error(tmp_path, old, new, expected):
    assert problems(edited(tmp_path, (old, new))) == [expected]


def test_everything_that_is_wrong_is_told_at_once_by_run_and_by_check(tmp_path):
    study = edited(
        tmp_path,
        ('line = "14"', 'line = "15"'),
        ("cutoffs_min = [10, 20]", "cutoffs_min = [10, 300, 400]\navoid = ['motorways', 'primary']"),
        ("cell_m = 250", "cell_m = 1"),
        ('id = "peak"', 'id = "rush"'),
    )
    found = problems(study)
    assert found == [
        ("target line14", "15"),
        ("period", "rush"),
        ("travel.avoid", "motorways"),
        ("travel.cutoffs_min", "300"),
        ("travel.cutoffs_min", "400"),
        ("grid.cell_m", "1"),
    ]
    told = check_everything([tmp_path], system="wgs84", osm=None)
    assert [(n.field, n.value) for n in told if n.code == "study-setting"] == found


def test_a_grid_of_too_many_squares_says_how_many_and_what_would_fit(tmp_path):
    study = edited(tmp_path, ("cell_m = 250", "cell_m = 5"))
    with pytest.raises(DataError) as caught:
        load_study(study)
    (notice,) = caught.value.notices
    most = int(embedded_defaults().limits["max_grid_cells"])
    assert most == 40_000
    # the area is about 3,400 m x 1,600 m: 680 x 320 squares; sqrt(217,600 / 40,000) * 5 = 11.66, up to 20
    n = int(notice.message.split()[4])
    assert n == pytest.approx(217_600, rel=0.03)
    assert notice.message == (
        f"the grid would have {n} squares, 40000 are allowed; with cell_m = 20 it would fit"
    )
    load_study(edited(tmp_path / "fits", ("cell_m = 250", "cell_m = 20")))
    assert problems(edited(tmp_path / "tiny", ("cell_m = 250", "cell_m = 1e-9"))) == [
        ("grid.cell_m", "1e-09")
    ]


def test_an_area_without_streets_is_an_error_and_one_that_a_street_only_crosses_is_none(tmp_path):
    study = edited(tmp_path, ("area = [{area}]", "area = [2.3, 48.8, 2.4, 48.9]"))
    assert problems(study)[0][0] == "study.area"
    whole = read_study(write_study(tmp_path / "whole"))
    west, south, east, north = whole.area
    middle = west + 0.3 * (east - west)  # between A and B, where the main road has neither bend nor crossing
    thin = f"{middle}, {south}, {middle + 0.0005}, {north}"
    load_study(edited(tmp_path / "crossed", ("area = [{area}]", f"area = [{thin}]")))


@pytest.mark.parametrize("setting", ['unknown = "{file}"', 'sources = "{file}"', 'overlays = ["{file}"]'])
def test_check_opens_every_file_that_a_study_names(tmp_path, setting):
    edited(tmp_path, ('crs = "EPSG:4549"', f'crs = "EPSG:4549"\n{setting.format(file="nothere.csv")}'))
    told = check_everything([tmp_path], system="wgs84", osm=None)
    assert [notice.code for notice in told if notice.severity == "error"] == ["file-missing"]


def test_an_id_in_two_sources_of_places_is_told_with_both_by_run_and_by_check(tmp_path):
    study = read_study(write_study(tmp_path))
    with (tmp_path / "schools.csv").open("a", encoding="utf-8") as file:
        file.write("S1,S1,school,121.16,31.29,,\n")
    with pytest.raises(DataError) as caught:
        load_study(study)
    (notice,) = caught.value.notices
    assert (notice.code, notice.file, notice.value) == ("id-twice", "schools.csv", "S1")
    assert "sites.csv" in notice.message
    told = check_everything([tmp_path], system="wgs84", osm=None)
    assert "id-twice" in {one.code for one in told}


# ---- speeds of another place


def test_driving_speeds_of_another_city_are_told_and_those_of_the_study_itself_are_not(tmp_path, capsys):
    abroad = TOWN.replace('lat="31', 'lat="41').replace('lon="121', 'lon="-8')
    (tmp_path / "abroad.osm").write_text(abroad, encoding="utf-8")
    assert main(["--lang", "en", "new", str(tmp_path / "abroad"), "--osm", str(tmp_path / "abroad.osm")]) == 0
    assert "speeds-elsewhere" in capsys.readouterr().err
    head = (tmp_path / "abroad" / "study.toml").read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith("# the driving speeds were assumed for Shanghai")
    assert main(["check", str(tmp_path / "abroad")]) == 0
    assert "speeds-elsewhere" in capsys.readouterr().out
    study = read_study(tmp_path / "abroad")
    codes = {notice.code for notice in load_study(study).provenance.notices}
    assert {"speeds-elsewhere", "study-no-destinations"} <= codes
    (tmp_path / "abroad" / "own.csv").write_text(
        "road_class,period,low_kmh,mid_kmh,high_kmh,mark,source\nroad,peak,20,30,40,U,x\nroad,offpeak,20,30,40,U,x\n",
        encoding="utf-8",
    )
    text = (tmp_path / "abroad" / "study.toml").read_text(encoding="utf-8")
    (tmp_path / "abroad" / "study.toml").write_text(
        text.replace("\n[travel]\n", '\n[travel]\nspeeds = "own.csv"\n'), encoding="utf-8"
    )
    own = load_study(read_study(tmp_path / "abroad"))
    assert "speeds-elsewhere" not in {notice.code for notice in own.provenance.notices}
    assert own.defaults.road_speeds.of_class("primary", "peak")[1] == pytest.approx(30 / 3.6)


@pytest.mark.parametrize(("mode", "told"), [("drive", True), ("walk", False)])
def test_a_matrix_says_where_its_speeds_come_from_elsewhere(tmp_path, capsys, mode, told):
    (tmp_path / "town.osm").write_text(TOWN.replace('lon="121', 'lon="-8'), encoding="utf-8")
    (tmp_path / "p.csv").write_text("id,lon,lat\na,-8.16,31.29\nb,-8.1705,31.299\n", encoding="utf-8")
    arguments = ["matrix", "--osm", str(tmp_path / "town.osm"), "--origins", str(tmp_path / "p.csv")]
    assert main([*arguments, "--mode", mode, "-o", str(tmp_path / "out.csv")]) == 0
    assert ("speeds-elsewhere" in capsys.readouterr().err) is told


def test_a_class_of_road_nobody_knows_is_refused_on_the_command_line(tmp_path, capsys):
    (tmp_path / "town.osm").write_text(TOWN, encoding="utf-8")
    (tmp_path / "p.csv").write_text("id,lon,lat\na,121.16,31.29\n", encoding="utf-8")
    arguments = ["matrix", "--osm", str(tmp_path / "town.osm"), "--origins", str(tmp_path / "p.csv")]
    assert main([*arguments, "--mode", "drive", "--avoid", "motorwya", "-o", str(tmp_path / "o.csv")]) == 2
    assert "motorwya" in capsys.readouterr().err


def test_a_study_without_destinations_says_so_on_its_page_and_runs(tmp_path):
    text = STUDY[: STUDY.index("[[target]]")].replace('kinds = ["station", "school"]', "kinds = []")
    study = read_study(write_study(tmp_path / "study", text))
    result = run_study(study, tmp_path / "out", progress=silent)
    assert "study-no-destinations" in {notice.code for notice in result.notices}
    page = (result.out / "index.html").read_text(encoding="utf-8")
    assert page.count("the study has no destinations") == 2, "at its head and among the notices"
    assert "the study has no destinations" in (result.out / "maps" / "overview.html").read_text("utf-8")

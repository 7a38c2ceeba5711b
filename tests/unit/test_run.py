"""RULE UNDER TEST: the main job gives the same bytes wherever and however it runs, whole or not at all."""

import csv
import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from accessibility.errors import AccessibilityError, OutputError, SourceError
from accessibility.messages import language, set_language
from accessibility.model.reasons import REASON_CODES
from accessibility.sources.study_file import read_study
from accessibility.studies import run
from accessibility.studies.check import check_everything
from accessibility.studies.computed import compute
from accessibility.studies.load import load_study
from accessibility.studies.progress import silent
from accessibility.studies.run import run_study
from accessibility.threads import use_threads
from tests.unit.test_findings import STUDY, write_study

FILES = {
    "index.html",
    "manifest.json",
    "results.xlsx",
    "results.gpkg",
    "isochrones.geojson",
    *(f"maps/{name}.html" for name in ("overview", "nearest", "opportunities", "isochrones", "journeys")),
    *(
        f"tables/{name}.csv"
        for name in (
            "nearest",
            "opportunities",
            "matrix_to_places",
            "matrix_from_places",
            "isochrones",
            "journeys",
            "places",
            "assumptions",
            "unknown",
            "sources",
            "notices",
            "grid_nearest",
            "grid_opportunities",
        )
    ),
}


@pytest.fixture(autouse=True)
def _speak_chinese():
    before = language()
    set_language("zh")
    yield
    set_language(before)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The study, a first result of it, and what was told on the way."""
    told = []
    folder = tmp_path_factory.mktemp("town")
    before = language()
    set_language("zh")
    study = read_study(write_study(folder / "study"))
    result = run_study(study, folder / "result", progress=lambda *what: told.append(what))
    set_language(before)
    return study, result, told


@pytest.fixture
def again(town, tmp_path):
    """The study, with an earlier result of it in a folder where this test may write."""
    study, result, _told = town
    out = tmp_path / "out" / "result"
    shutil.copytree(result.out, out)
    return study, out


def hashes(folder: Path):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def names(folder: Path):
    return sorted(path.name for path in folder.iterdir())


def rows(file: Path):
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def interrupt_at(call: int):
    """Make a listener to progress that is interrupted the n-th time it is told something."""
    told = []

    def progress(*what):
        told.append(what)
        if len(told) == call:
            raise KeyboardInterrupt

    return progress


# ---- what the job makes


def test_the_job_makes_every_page_map_and_table(town):
    study, result, _told = town
    assert set(hashes(result.out)) >= FILES
    assert [finding.question for finding in result.findings] == list(study.questions)
    assert names(result.out.parent) == ["result", "study"], "nothing else is left"


def test_the_notices_name_the_school_without_position_and_the_one_without_a_street(town):
    _study, result, _told = town
    told = {(notice.code, notice.value) for notice in result.notices}
    assert ("place-not-linked", "far") in told
    assert any("school" in notice.file for notice in result.notices), "and the file of the lost one"


def test_line_14_is_absent_at_the_first_date_and_present_at_the_second(town):
    """It lies 300 m from S1 and 1,300 m from S2: 5.0 and 21.7 minutes at 60 m/min."""
    told = [
        (row["as_of"], row["origin_id"], row["nearest_id"], row["minutes_mid"], row["reason"])
        for row in rows(town[1].out / "tables" / "nearest.csv")
        if (row["target"], row["mode"]) == ("line14", "walk")
    ]
    assert told == [
        ("2021-05-21", "S1", "", "", "no-such-destination"),
        ("2021-05-21", "S2", "", "", "no-such-destination"),
        ("2021-12-30", "S1", "L14-main", "5.0", ""),
        ("2021-12-30", "S2", "L14-main", "21.7", ""),
    ]


def test_what_is_not_reached_stands_in_the_matrix_with_its_reason(town):
    told = {
        (row["origin_id"], row["destination_id"]): (row["minutes_mid"], row["reason"])
        for row in rows(town[1].out / "tables" / "matrix_to_places.csv")
        if row["mode"] == "walk" and row["destination_id"] in {"near", "lost", "far"}
    }
    assert told == {
        (site, place): answer
        for site in ("S1", "S2")
        for place, answer in {
            "near": ("8.3", ""),
            "lost": ("", "destination-no-position"),
            "far": ("", "destination-not-linked"),
        }.items()
    }


def test_access_and_parking_stand_apart_from_the_time_by_car_alone(town):
    apart = {
        (row["mode"], row["access_parking_minutes"])
        for row in rows(town[1].out / "tables" / "matrix_to_places.csv")
    }
    assert apart == {("walk", ""), ("drive", "5.0")}


@pytest.mark.parametrize(("file", "whose"), [("nearest", "site_tables"), ("grid_nearest", "cell_tables")])
def test_every_number_of_the_nearest_is_that_of_its_table(town, file, whose):
    study, result, _told = town
    expected = []
    for table in getattr(compute(load_study(study), silent), whose):
        if table.measure != "nearest":
            continue
        for i, origin in enumerate(table.origin_ids):
            known = np.flatnonzero(np.isfinite(table.values[i]))
            shown = 1 if 1 in known or not known.size else known[0]
            metres = table.distance_m[i, shown]
            expected.append(
                (
                    *(table.as_of, table.target, table.mode, table.period, origin),
                    table.nearest_ids[i][shown],
                    *("" if np.isnan(s) else f"{np.floor(s / 6 + 0.5) / 10:.1f}" for s in table.values[i]),
                    "" if np.isnan(metres) else round(float(metres) / 1000, 2),
                    REASON_CODES[table.reason[i]],
                )
            )
    columns = (
        *("as_of", "target", "mode", "period", "origin_id", "nearest_id"),
        *("minutes_low", "minutes_mid", "minutes_high", "distance_km", "reason"),
    )
    written = [
        tuple(row[column] for column in columns) for row in rows(result.out / "tables" / f"{file}.csv")
    ]
    assert [(*row[:-2], float(row[-2]) if row[-2] else "", row[-1]) for row in written] == expected
    assert len(expected) > 4


# ---- the manifest


def test_the_manifest_lists_every_file_and_every_input_with_its_hash(town):
    study, result, _told = town
    manifest = json.loads((result.out / "manifest.json").read_text(encoding="utf-8"))
    found = hashes(result.out)
    del found["manifest.json"]
    assert manifest["files"] == found
    own = {path.name: digest for path, digest in zip(*_inputs(study), strict=True)}
    listed = {one["file"]: one["sha256"] for one in manifest["inputs"]}
    assert {name: listed.get(name) for name in own} == own
    assert {"walk", "drive peak"} <= set(manifest["parameters"]["queries"])


def _inputs(study):
    files = [study.folder / name for name in ("streets.osm", "sites.csv", "stations.csv", "schools.csv")]
    return files, [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]


def test_no_output_names_a_folder_of_the_machine(town):
    study, result, _told = town
    roots = [str(study.folder.parent), str(Path(run.__file__).parents[2]), str(Path.home()) + os.sep]
    signs = [text for root in roots for text in (root, root.replace("/", "\\/")) if len(text) > 3]
    telling = [
        (file.relative_to(result.out).as_posix(), sign)
        for file in sorted(result.out.rglob("*"))
        if file.is_file()
        for content in _contents(file)
        for sign in signs
        if sign.encode() in content
    ]
    assert telling == []


def _contents(file: Path):
    """Give the bytes of a file; of a workbook those of every part."""
    if file.suffix != ".xlsx":
        return [file.read_bytes()]
    with zipfile.ZipFile(file) as book:
        return [book.read(name) for name in book.namelist()]


# ---- the same bytes


def test_running_again_over_an_earlier_result_gives_the_same_bytes(again):
    study, out = again
    before = hashes(out)
    run_study(study, out)
    assert hashes(out) == before


@pytest.mark.parametrize("n_threads", [1, 5])
def test_the_number_of_threads_changes_no_byte(town, tmp_path, n_threads):
    study, result, _told = town
    use_threads(n_threads)
    try:
        run_study(study, tmp_path / "result")
    finally:
        use_threads(None)
    assert hashes(tmp_path / "result") == hashes(result.out)


def test_where_study_and_result_lie_changes_no_byte(town, tmp_path, monkeypatch):
    elsewhere = write_study(tmp_path / "a folder" / "研究")
    monkeypatch.chdir(elsewhere)
    run_study(read_study(Path("study.toml")), Path("..") / "out")
    assert hashes(tmp_path / "a folder" / "out") == hashes(town[1].out)


def test_another_process_with_other_hashes_and_another_clock_gives_the_same_bytes(town, tmp_path):
    study, result, _told = town
    code = (
        "import sys; from pathlib import Path; from accessibility import read_study, run_study;"
        "run_study(read_study(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "4711",
        "ACCESSIBILITY_LANG": "zh",
        "TZ": "America/New_York",
    }
    subprocess.run(
        [sys.executable, "-c", code, str(study.folder), str(tmp_path / "result")], env=environment, check=True
    )
    assert hashes(tmp_path / "result") == hashes(result.out)


# ---- whole or not at all


def test_an_interrupt_at_any_stage_leaves_the_earlier_result_and_nothing_beside_it(again, town):
    (study, out), told = again, town[2]
    before = hashes(out)
    first_calls = {stage: call for call, (stage, _done, _total) in reversed(list(enumerate(told, start=1)))}
    assert len(first_calls) >= 6
    for stage, call in first_calls.items():
        with pytest.raises(KeyboardInterrupt):
            run_study(study, out, progress=interrupt_at(call))
        assert (hashes(out), names(out.parent)) == (before, ["result"]), stage


def test_an_interrupt_of_the_first_run_leaves_nothing(town, tmp_path):
    for call in (1, 3):
        with pytest.raises(KeyboardInterrupt):
            run_study(town[0], tmp_path / "result", progress=interrupt_at(call))
        assert names(tmp_path) == []


@pytest.mark.parametrize("writer", ["overview_map", "write_csv", "write_xlsx", "write_gpkg"])
def test_a_full_disk_is_told_and_the_earlier_result_stays(again, monkeypatch, writer):
    study, out = again
    before = hashes(out)
    _fail_in(monkeypatch, writer, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    with pytest.raises(OutputError) as caught:
        run_study(study, out)
    assert (caught.value.code, caught.value.where) == ("output-disk-full", str(out))
    assert (hashes(out), names(out.parent)) == (before, ["result"])


@pytest.mark.parametrize(
    ("writer", "failure"), [("overview_map", ZeroDivisionError), ("write_xlsx", KeyboardInterrupt)]
)
def test_any_failure_while_writing_leaves_the_earlier_result(again, monkeypatch, writer, failure):
    study, out = again
    before = hashes(out)
    _fail_in(monkeypatch, writer, failure())
    with pytest.raises(failure):
        run_study(study, out)
    assert (hashes(out), names(out.parent)) == (before, ["result"])


def _fail_in(monkeypatch, writer, failure):
    """Let a writer write as it does and fail after."""
    write = getattr(run, writer)

    def write_and_fail(*arguments, **options):
        write(*arguments, **options)
        raise failure

    monkeypatch.setattr(run, writer, write_and_fail)


def test_a_study_that_no_longer_reads_leaves_the_earlier_result(again, tmp_path):
    _study, out = again
    before = hashes(out)
    broken = write_study(tmp_path / "broken")
    (broken / "streets.osm").unlink()
    with pytest.raises(SourceError):
        run_study(read_study(broken), out)
    assert (hashes(out), names(out.parent)) == (before, ["result"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('default = "S2"', 'default = "S9"'),
        ('destinations = ["L11-loop"]', 'destinations = ["nowhere"]'),
        ('kinds = ["station", "school"]', 'kinds = ["station"]'),
        ('id = "peak"', 'id = "evening"'),
        ('file = "streets.osm"\n', 'file = "streets.osm"\ngeneralised = true\n[[period]]\nid = "night"\n'
         'name = "夜"\nfrom = "22:00"\nto = "23:00"\n'),
    ],
    ids=["default origin", "place of a question", "place that is no destination", "period", "second period"],
)  # fmt: skip
def test_a_check_finds_what_would_stop_the_job(tmp_path, old, new):
    assert old in STUDY
    folder = write_study(tmp_path / "study", STUDY.replace(old, new, 1))
    assert [notice for notice in check_everything([folder], system="wgs84", osm=None)
            if notice.severity == "error"]  # fmt: skip


def test_a_folder_that_cannot_be_used_is_told_before_anything_is_computed(town, tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.docx").write_text("mine", encoding="utf-8")
    codes, told = [], []
    for out in (tmp_path / "file", tmp_path / "file" / "result", tmp_path / "full", Path(tmp_path.anchor)):
        with pytest.raises(AccessibilityError) as caught:
            run_study(town[0], out, progress=lambda *what: told.append(what))
        codes.append(caught.value.code)
        assert caught.value.mend
    assert codes == ["output-is-file", "output-not-writable", "output-foreign-files", "output-root"]
    assert told == []
    assert names(tmp_path) == ["file", "full"]
    assert (tmp_path / "full" / "thesis.docx").read_text(encoding="utf-8") == "mine"

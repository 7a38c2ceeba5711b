"""RULE UNDER TEST: whatever was made from scenarios comes out of an archive again, byte for byte.

The archive is verified in another folder, in another language, and with nothing but what was packed.
"""

import hashlib
import json
import shutil
import zipfile

import pytest

from accessibility.errors import DataError, UsageError
from accessibility.messages import language, set_language
from accessibility.studies.archiving.pack import archive_study
from accessibility.studies.archiving.rerun import RERUNS, Rerun, stated_files
from accessibility.studies.archiving.verify import verify_archive
from accessibility.studies.comparing.files import CompareOptions, compare_files
from accessibility.studies.comparing.range_files import RangeOptions, compare_range_file
from accessibility.studies.comparing.rank import RankInput, rank_files, rank_input
from accessibility.studies.progress import silent
from tests.compare_worlds import town_study

RANGED = """name = "Slow or not"
mark = "A"
[[modification]]
type = "scale_speed"
route = "r"
factor = 0.8
[[range]]
name = "speed"
modification = "r"
field = "factor"
low = 0.5
high = 1
mark = "A"
"""

COMPARED = CompareOptions(period="peak", percentile=60, targets=("school", "hospital"))


@pytest.fixture(autouse=True, scope="module")
def _english():
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A study whose scenarios lie in folders, and one result of every command that reads them."""
    home = tmp_path_factory.mktemp("home")
    town = town_study(home / "town")
    (town / "plans" / "more").mkdir(parents=True)
    for name in ("slow", "quick"):
        shutil.move(town / f"{name}.toml", town / "plans" / f"{name}.toml")
    for name in ("sweep", "headway"):
        shutil.move(town / f"{name}.toml", town / "plans" / "more" / f"{name}.toml")
    (town / "plans" / "more" / "ranged.toml").write_text(RANGED, encoding="utf-8")
    study, plans, out = town / "study.toml", town / "plans", home / "out"
    compare_files(study, [plans / "slow.toml", plans / "quick.toml"], COMPARED, out=out / "compare")
    ranged = RangeOptions(CompareOptions(percentile=40), n_samples=12, seed=5)
    compare_range_file(study, plans / "more" / "ranged.toml", ranged, out=out / "ranges")
    rank_files(study, rank_input(plans, None), by="cost", out=out / "rank")
    rank_files(study, RankInput(sweep=plans / "more" / "sweep.toml"), by="pareto", out=out / "sweep")
    return study, out


NAMES = ("compare", "ranges", "rank", "sweep")


def stated(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_every_command_names_itself_its_files_and_what_was_asked(results):
    _study, out = results
    found = {name: stated(out / name) for name in NAMES}
    assert [found[name]["command"]["name"] for name in NAMES] == ["compare", "ranges", "rank", "rank"]
    assert [set(found[name]["parameters"]["scenarios"]) for name in NAMES] == [
        {"slow.toml", "quick.toml"}, {"ranged.toml"}, {"slow.toml", "quick.toml"}, set(),
    ]  # fmt: skip
    ranges, rank = found["ranges"]["parameters"], found["rank"]["parameters"]
    assert (ranges["samples"], ranges["sample_seed"], ranges["percentile"]) == (12, 5, 40)
    assert (rank["folder"], rank["order"], rank["by"]) == ("plans", ["quick.toml", "slow.toml"], "cost")
    assert found["compare"]["parameters"]["targets"] == ["school", "hospital"]
    for manifest in found.values():
        assert {"period", "percentile", "access_mode", "targets", "n_draws", "seed"} <= set(
            manifest["parameters"]
        )


def test_all_of_them_come_out_again_byte_for_byte_elsewhere(results, tmp_path):
    study, out = results
    made = archive_study(study, [out / name for name in NAMES], tmp_path / "town.zip")
    with zipfile.ZipFile(made.path) as archive:
        names = set(archive.namelist())
    assert {"study/plans/slow.toml", "study/plans/quick.toml", "study/plans/more/ranged.toml",
            "study/plans/more/sweep.toml", "study/plans/more/headway.toml"} <= names  # fmt: skip
    set_language("zh")
    try:
        found = verify_archive(made.path, out=tmp_path / "again")
    finally:
        set_language("en")
    assert [check for check in found.checks if check.state != "same"] == []
    assert {check.file.split("/")[1] for check in found.checks} == set(NAMES)


@pytest.mark.parametrize(("name", "file"), [("ranges", "ranged.toml"), ("sweep", "headway.toml")])
def test_a_file_that_changed_since_is_told_and_nothing_is_packed(results, tmp_path, name, file):
    study, out = results
    home = tmp_path / "town"
    shutil.copytree(study.parent, home)
    with (home / "plans" / "more" / file).open("a", encoding="utf-8") as opened:
        opened.write("# later\n")
    with pytest.raises(DataError) as told:
        archive_study(home, [out / name], tmp_path / "a.zip")
    assert told.value.code == "archive-stated-file"
    assert [notice.file for notice in told.value.notices] == [file]
    assert not (tmp_path / "a.zip").exists()


def again(study, manifest, tmp_path):
    return Rerun(study, manifest, tmp_path / "out", silent)


@pytest.mark.parametrize("lost", ["samples", "period", "scenarios", "access_mode", "targets"])
def test_ranges_that_do_not_say_how_they_were_made_are_not_run(results, tmp_path, lost):
    study, out = results
    manifest = stated(out / "ranges")
    del manifest["parameters"][lost]
    with pytest.raises(UsageError, match="archive-no-command"):
        RERUNS["ranges"](again(study, manifest, tmp_path))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("change", [{"by": "beauty"}, {"order": ["none.toml"]}, {"order": []}, {"order": 5}])
def test_a_ranking_that_contradicts_itself_is_not_run(results, tmp_path, change):
    study, out = results
    manifest = stated(out / "rank")
    manifest["parameters"] |= change
    with pytest.raises(UsageError, match="archive-no-command"):
        RERUNS["rank"](again(study, manifest, tmp_path))


def test_a_sweep_that_leads_to_another_template_is_not_even_read(results, tmp_path):
    """Whoever packs a sweep of their own, with a hash that fits, still reads nothing outside the study."""
    study, out = results
    home = tmp_path / "town"
    shutil.copytree(study.parent, home)
    (tmp_path / "secret.toml").write_text("name = 'secret'", encoding="utf-8")
    sweep = home / "plans" / "more" / "sweep.toml"
    text = sweep.read_text(encoding="utf-8").replace('"headway.toml"', '"../../../secret.toml"')
    sweep.write_text(text, encoding="utf-8")
    manifest = stated(out / "sweep")
    manifest["parameters"]["sweep"] = {"sweep.toml": hashlib.sha256(sweep.read_bytes()).hexdigest()}
    with pytest.raises(DataError) as told:
        RERUNS["rank"](again(home / "study.toml", manifest, tmp_path))
    assert told.value.code == "archive-sweep-template"
    assert "secret" not in str(told.value)


def test_files_of_one_name_are_told_apart_by_what_states_them(tmp_path):
    for folder in "ab":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "plan.toml").write_text(folder, encoding="utf-8")
    hashes = {name: hashlib.sha256(name.encode()).hexdigest() for name in "ab"}
    manifest = {"parameters": {"sweep": {"plan.toml": hashes["b"]}, "template": {"plan.toml": hashes["a"]}}}
    found = stated_files(tmp_path, manifest)
    assert found["sweep"] == {"plan.toml": tmp_path / "b" / "plan.toml"}
    assert found["template"] == {"plan.toml": tmp_path / "a" / "plan.toml"}
    assert found["scenarios"] == found["people"] == {}

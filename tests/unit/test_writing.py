"""RULE UNDER TEST: a result is put in place whole or not at all; what stood there before is never lost."""

import errno
import json
import os
from pathlib import Path

import pytest

from accessibility.errors import OutputError
from accessibility.outputs import writing
from accessibility.outputs.manifest import write_manifest
from accessibility.outputs.writing import staged_file, staged_folder
from tests.output_worlds import town_provenance


def fill(folder: Path, text: str = "new") -> None:
    (folder / "maps").mkdir()
    (folder / "maps" / "a.html").write_text(text, encoding="utf-8")
    (folder / "index.html").write_text(text, encoding="utf-8")
    write_manifest(folder, study_id="town", provenance=town_provenance(), parameters={}, as_of="2021-05-21")


def make_result(target: Path, text: str) -> None:
    with staged_folder(target) as folder:
        fill(folder, text)


def fail_while_writing(target: Path, failure: type[BaseException]) -> None:
    with staged_folder(target) as folder:
        fill(folder)
        raise failure


def add_foreign_file_while_writing(target: Path) -> None:
    with staged_folder(target) as folder:
        fill(folder)
        (target / "thesis.docx").write_text("mine")


def fail_while_writing_file(path: Path, failure: type[BaseException]) -> None:
    with staged_file(path) as temporary:
        temporary.write_text("half")
        raise failure


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_whole_and_leaves_nothing_beside_it(tmp_path):
    make_result(tmp_path / "deep" / "out", "new")

    assert (tmp_path / "deep" / "out" / "maps" / "a.html").read_text(encoding="utf-8") == "new"
    assert names(tmp_path / "deep") == ["out"]


def test_nothing_stands_at_the_place_before_the_end(tmp_path):
    with staged_folder(tmp_path / "out") as folder:
        assert folder.parent == tmp_path
        assert not (tmp_path / "out").exists()
        fill(folder)


def test_an_earlier_result_is_replaced_whole(tmp_path):
    make_result(tmp_path / "out", "old")
    with staged_folder(tmp_path / "out") as folder:
        (folder / "only.txt").write_text("x")
        write_manifest(folder, study_id="t", provenance=town_provenance(), parameters={}, as_of="2021-05-21")

    assert names(tmp_path / "out") == ["manifest.json", "only.txt"]
    assert names(tmp_path) == ["out"]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "out").mkdir()
    make_result(tmp_path / "out", "new")

    assert (tmp_path / "out" / "index.html").exists()


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_goes_wrong_the_previous_result_stays_whole(tmp_path, failure):
    make_result(tmp_path / "out", "old")
    with pytest.raises(failure):
        fail_while_writing(tmp_path / "out", failure)

    assert (tmp_path / "out" / "maps" / "a.html").read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["out"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError) as caught, staged_folder(tmp_path / "out"):
        pytest.fail("must not begin")

    assert caught.value.code == "output-is-file"
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("with_manifest", [False, True], ids=["no manifest", "beside a result"])
def test_foreign_files_are_never_replaced(tmp_path, with_manifest):
    target = tmp_path / "out"
    if with_manifest:
        make_result(target, "old")
    else:
        target.mkdir()
    (target / "thesis.docx").write_text("mine")
    with pytest.raises(OutputError) as caught, staged_folder(target):
        pytest.fail("must not begin")

    assert caught.value.code == "output-foreign-files"
    assert "thesis.docx" in str(caught.value)
    assert (target / "thesis.docx").read_text() == "mine"
    assert names(tmp_path) == ["out"]


def test_a_foreign_file_that_comes_while_we_write_is_kept(tmp_path):
    make_result(tmp_path / "out", "old")
    with pytest.raises(OutputError, match="thesis"):
        add_foreign_file_while_writing(tmp_path / "out")

    assert (tmp_path / "out" / "thesis.docx").read_text() == "mine"
    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("content", ["{", "[]", '{"made_by": "somebody"}', '{"made_by": "accessibility"}'])
def test_a_manifest_of_somebody_else_does_not_open_the_door(tmp_path, content):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text(content)
    with pytest.raises(OutputError) as caught, staged_folder(tmp_path / "out"):
        pytest.fail("must not begin")

    assert caught.value.code == "output-foreign-files"


def test_litter_of_the_system_is_no_foreign_file(tmp_path):
    make_result(tmp_path / "out", "old")
    (tmp_path / "out" / "Thumbs.db").write_text("")
    (tmp_path / "out" / "~$results.xlsx").write_text("")
    make_result(tmp_path / "out", "new")

    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8") == "new"


def test_a_full_disk_is_told_and_the_previous_result_stays(tmp_path):
    make_result(tmp_path / "out", "old")
    with pytest.raises(OutputError) as caught, staged_folder(tmp_path / "out"):
        raise OSError(errno.ENOSPC, "No space left on device")

    assert caught.value.code == "output-disk-full"
    assert caught.value.mend
    assert str(tmp_path / "out") in caught.value.where
    assert names(tmp_path) == ["out"]


def test_a_real_full_disk_is_told():
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full on this system")
    with pytest.raises(OSError, match="space") as caught:
        Path("/dev/full").write_bytes(b"x" * 100_000)

    assert caught.value.errno == errno.ENOSPC


def test_an_unwritable_place_is_told(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied", str(args[0]))

    monkeypatch.setattr(writing, "open", refuse, raising=False)
    with pytest.raises(OutputError) as caught, staged_folder(tmp_path / "out"):
        pytest.fail("must not begin")

    assert caught.value.code == "output-not-writable"


def test_a_parent_that_is_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError) as caught, staged_folder(tmp_path / "file" / "out"):
        pytest.fail("must not begin")

    assert caught.value.code == "output-not-writable"


def test_errors_of_reading_elsewhere_pass_unchanged(tmp_path):
    with pytest.raises(FileNotFoundError), staged_folder(tmp_path / "out"):
        (tmp_path / "missing.csv").read_text()

    assert names(tmp_path) == []


def test_when_moving_in_fails_the_previous_result_comes_back(tmp_path, monkeypatch):
    make_result(tmp_path / "out", "old")
    replace = os.replace

    def fail_on_new(source, goal):
        if ".new-" in Path(source).name:
            raise PermissionError(errno.EACCES, "in use", str(source))
        replace(source, goal)

    monkeypatch.setattr(writing.os, "replace", fail_on_new)
    with pytest.raises(OutputError) as caught:
        make_result(tmp_path / "out", "new")

    assert caught.value.code == "output-not-writable"
    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["out"]


def test_what_a_dead_run_left_is_removed_and_what_it_moved_aside_comes_back(tmp_path):
    make_result(tmp_path / "out", "old")
    os.replace(tmp_path / "out", tmp_path / ".out.old-99999-0")
    (tmp_path / ".out.lock-99999-0").write_bytes(b"")
    (tmp_path / ".out.new-99999-0").mkdir()
    with pytest.raises(ValueError, match="stop"), staged_folder(tmp_path / "out"):
        raise ValueError("stop")

    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["out"]


def test_a_living_run_beside_ours_is_left_alone(tmp_path):
    with staged_folder(tmp_path / "out") as first:
        (first / "half.txt").write_text("x")
        with staged_file(tmp_path / "out.csv") as other:
            other.write_text("y")
        with pytest.raises(ValueError, match="stop"), staged_folder(tmp_path / "out"):
            raise ValueError("stop")
        assert (first / "half.txt").exists()
        fill(first)

    assert names(tmp_path) == ["out", "out.csv"]


def test_a_file_appears_whole_and_keeps_its_ending(tmp_path):
    with staged_file(tmp_path / "matrix.csv") as temporary:
        assert temporary.suffix == ".csv"
        assert temporary.parent == tmp_path
        temporary.write_text("new")

    assert (tmp_path / "matrix.csv").read_text() == "new"
    assert names(tmp_path) == ["matrix.csv"]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_an_existing_file_survives_a_failure(tmp_path, failure):
    (tmp_path / "matrix.csv").write_text("old")
    with pytest.raises(failure):
        fail_while_writing_file(tmp_path / "matrix.csv", failure)

    assert (tmp_path / "matrix.csv").read_text() == "old"
    assert names(tmp_path) == ["matrix.csv"]


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    with pytest.raises(OutputError) as caught, staged_file(tmp_path):
        pytest.fail("must not begin")

    assert caught.value.code == "output-is-folder"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_never_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError) as caught, staged_file(tmp_path / "pipe"):
        pytest.fail("must not begin")

    assert caught.value.code == "output-is-device"
    assert not (tmp_path / "pipe").is_file()
    assert [one.name for one in tmp_path.iterdir()] == ["pipe"]


def test_the_manifest_lists_every_file_with_its_hash_and_no_machine(tmp_path):
    make_result(tmp_path / "out", "new")
    text = (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)

    assert sorted(manifest["files"]) == ["index.html", "maps/a.html"]
    assert manifest["files"]["index.html"] == manifest["files"]["maps/a.html"]
    assert manifest["inputs"][0]["sha256"] == "ab" * 32
    assert manifest["notices"][0]["count"] == 2
    assert manifest["as_of"] == ["2021-05-21"]
    assert str(tmp_path) not in text
    assert "提取" in text
    assert writing.is_earlier_result(tmp_path / "out")

"""RULE UNDER TEST: an archive runs again to the same bytes, and nothing in it is believed unchecked.

The zips of others are attacked entry by entry: a way outside, a link, a bomb, one byte of every kind of file.
"""

import hashlib
import json
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.cli import main
from accessibility.errors import AccessibilityError, DataError, ModelError, SourceError, UsageError
from accessibility.messages import language, set_language, speaking
from accessibility.model.archive import Environment, FileCheck, PackedInput, Verification, is_safe_entry
from accessibility.sources.archive import unpack_archive
from accessibility.sources.differences import first_difference
from accessibility.sources.study_file import read_study
from accessibility.studies.archiving import pack as archive_module
from accessibility.studies.archiving.pack import archive_study
from accessibility.studies.archiving.verify import verify_archive
from accessibility.studies.data_folder import embedded_defaults
from accessibility.studies.evidence.files import evidence_study
from accessibility.studies.run import run_study
from tests.unit.test_findings import STUDY, write_study

CLAIMS = """
[[word]]
text = "约"
tolerance = 0.2
source = "约定"
[[claim]]
id = "K1"
quote = "到环路站约7分钟车程"
kind = "duration"
destinations = ["L11-loop"]
modes = ["drive"]
as_of = [2021-05-21]
[[claim.stated]]
value = 7
unit = "min"
word = "约"
"""


@pytest.fixture(autouse=True)
def _speak_english():
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A study whose streets lie beside its folder, two results of it, and their archive."""
    home = tmp_path_factory.mktemp("home")
    text = STUDY.replace('file = "streets.osm"', 'file = "../data/streets.osm"')
    folder = write_study(home / "town", text.replace("[streets]", 'claims = "claims.toml"\n[streets]'))
    (home / "data").mkdir()
    shutil.move(folder / "streets.osm", home / "data" / "streets.osm")
    (folder / "claims.toml").write_text(CLAIMS, encoding="utf-8")
    results = [home / "out" / "all", home / "out" / "words"]
    with speaking("en"):
        run_study(read_study(folder), results[0])
        evidence_study(read_study(folder), results[1])
    made = archive_study(folder, results, home / "town.zip")
    return folder, results, made.path


@pytest.fixture
def limits():
    return embedded_defaults().limits


def entries(path):
    with zipfile.ZipFile(path) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def pack(path, contents, *, sums=True):
    """Write a zip as somebody else might: any names, any contents, hashes that fit where wanted."""
    contents = dict(contents)
    if sums:
        others = {name: data for name, data in contents.items() if name != "SHA256SUMS"}
        lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(others.items())]
        contents["SHA256SUMS"] = "".join(lines).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return path


def unpack(path, tmp_path, limits):
    folder = tmp_path / "inside" / "here"
    folder.mkdir(parents=True)
    try:
        return unpack_archive(path, folder, limits)
    finally:
        assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == ["inside"], "nothing outside"
        assert [p.name for p in (tmp_path / "inside").iterdir()] == ["here"]


# ---- packed and run again


def test_a_study_comes_out_again_byte_for_byte_in_another_place(town, tmp_path):
    found = verify_archive(town[2], out=tmp_path / "again")

    assert found.same
    assert found.environment == ()
    files = {check.file for check in found.checks}
    assert {"results/all/index.html", "results/all/results.gpkg", "results/words/manifest.json"} <= files
    assert (tmp_path / "again" / "packed" / "study" / "data" / "streets.osm").is_file()
    assert verify_archive(town[2], out=tmp_path / "again").same, "an earlier verification is replaced"


def test_the_same_study_and_results_give_the_same_bytes(town, tmp_path):
    folder, results, path = town
    other = tmp_path / "elsewhere"
    shutil.copytree(folder.parent, other, ignore=shutil.ignore_patterns("*.zip"))
    moved = [other / result.relative_to(folder.parent) for result in results]
    again = archive_study(other / "town" / "study.toml", moved[::-1], tmp_path / "again.zip")

    assert again.path.read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert not any(str(folder.parent) in str(data) for data in entries(path).values())


def test_the_hashes_are_those_that_sha256sum_reads(town):
    held = entries(town[2])
    lines = held.pop("SHA256SUMS").decode().splitlines()

    assert lines == [f"{hashlib.sha256(held[name]).hexdigest()}  {name}" for name in sorted(held)]


def test_inputs_known_by_hash_are_asked_for_and_taken_from_where_they_lie(town, tmp_path):
    folder, results, _path = town
    made = archive_study(folder, results[1:], tmp_path / "small.zip", copy_inputs=False)

    assert set(made.hashed) == {
        "study/data/streets.osm", "study/town/schools.csv", "study/town/sites.csv", "study/town/stations.csv",
    }  # fmt: skip
    with pytest.raises(DataError) as asked:
        verify_archive(made.path)
    assert asked.value.code == "archive-inputs-missing"
    assert {notice.file for notice in asked.value.notices} == set(made.hashed)
    assert verify_archive(made.path, inputs_from=folder.parent).same
    beside = tmp_path / "beside"
    shutil.copytree(folder.parent / "data", beside / "data")
    shutil.copytree(folder, beside / "town")
    assert verify_archive(made.path, inputs_from=beside / "town").same, "named as the study names them"


def test_an_input_that_is_another_file_of_that_name_is_told(town, tmp_path):
    folder, results, _path = town
    made = archive_study(folder, results[1:], tmp_path / "small.zip", copy_inputs=False)
    shutil.copytree(folder.parent, tmp_path / "changed")
    with (tmp_path / "changed" / "data" / "streets.osm").open("a", encoding="utf-8") as file:
        file.write(" ")
    with pytest.raises(DataError) as told:
        verify_archive(made.path, inputs_from=tmp_path / "changed")
    assert [(n.file, n.message) for n in told.value.notices] == [
        ("study/data/streets.osm", "another file of this name lies there")
    ]


def test_what_comes_out_otherwise_is_told_file_by_file_with_the_place(town, tmp_path):
    """Somebody who packs other figures than the study gives, hashes and all, is found by running it."""
    held = entries(town[2])
    name = "results/words/tables/claims.csv"
    held[name] = held[name].replace(b"K1", b"K2")
    held["results/words/more.txt"] = b"more"
    del held["results/words/evidence.html"]
    found = verify_archive(pack(tmp_path / "other.zip", held))

    states = {check.file: check for check in found.checks if check.state != "same"}
    assert {file: check.state for file, check in states.items()} == {
        name: "differs", "results/words/more.txt": "missing", "results/words/evidence.html": "extra",
    }  # fmt: skip
    assert states[name].where == "row 2, column claim_id: then 'K2', now 'K1'"
    assert not found.same


def test_other_versions_are_told():
    then = Environment("CPython 3.11.1", "Linux", "x86_64", "0.1.0", "aa", {"numpy": "2.0", "gone": "1"})
    now = Environment("CPython 3.11.2", "Linux", "x86_64", "0.1.0", "bb", {"numpy": "2.1", "new": "2"})

    assert then.differences(now) == (
        ("python", "CPython 3.11.1", "CPython 3.11.2"), ("program_sha256", "aa", "bb"),
        ("gone", "1", ""), ("new", "", "2"), ("numpy", "2.0", "2.1"),
    )  # fmt: skip
    assert not Verification(()).same, "nothing compared is nothing verified"
    assert not Verification((FileCheck("a", "same"), FileCheck("b", "extra"))).same


def test_the_commands_pack_and_verify_and_end_with_the_truth(town, tmp_path, capsys):
    folder, results, _path = town
    target = tmp_path / "town.zip"
    given = ["--lang", "en", "archive", str(folder), "--results", str(results[1]), "-o", str(target)]
    assert main(given) == 0
    assert "Packed: " in capsys.readouterr().out
    assert main(["--lang", "en", "verify", str(target)]) == 0
    assert "byte for byte" in capsys.readouterr().out
    held = entries(target)
    held["results/words/evidence.html"] += b"<!-- more -->"
    assert main(["--lang", "en", "verify", str(pack(tmp_path / "other.zip", held))]) == 1
    told = capsys.readouterr()
    assert "differs  results/words/evidence.html: line " in told.out
    assert "Not the same: 1 of " in told.out


# ---- what cannot be packed


def test_results_that_were_changed_or_are_older_than_the_study_are_not_packed(town, tmp_path):
    folder, results, _path = town
    shutil.copytree(folder.parent, tmp_path / "copy")
    copy, result = tmp_path / "copy" / "town", tmp_path / "copy" / "out" / "words"
    (result / "evidence.html").write_text("other", encoding="utf-8")
    with pytest.raises(DataError) as changed:
        archive_study(copy, [result], tmp_path / "a.zip")
    assert [n.file for n in changed.value.notices] == ["evidence.html"]
    shutil.copyfile(results[1] / "evidence.html", result / "evidence.html")
    with (copy / "sites.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(DataError) as stale:
        archive_study(copy, [result], tmp_path / "a.zip")
    assert [n.file for n in stale.value.notices] == ["sites.csv"]
    assert not (tmp_path / "a.zip").exists()


def test_results_of_other_versions_are_not_packed(town, tmp_path, monkeypatch):
    now = archive_module.environment()
    other = Environment(now.python, now.system, now.machine, now.program, "", {**now.packages, "numpy": "0"})
    monkeypatch.setattr(archive_module, "environment", lambda: other)
    with pytest.raises(DataError) as told:
        archive_study(town[0], town[1], tmp_path / "a.zip")
    assert {n.file for n in told.value.notices} == {"numpy"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: m.pop("command"), "archive-no-command"),
        (lambda m: m.update(command={"name": "rm", "language": "en"}), "archive-no-command"),
        (lambda m: m.update(study="village"), "archive-other-study"),
        (lambda m: m.update(made_by="hand"), "archive-no-result"),
    ],
)
def test_a_folder_that_cannot_be_made_again_is_not_packed(town, tmp_path, change, code):
    result = tmp_path / "words"
    shutil.copytree(town[1][1], result)
    manifest = json.loads((result / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (result / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(UsageError) as told:
        archive_study(town[0], [result], tmp_path / "a.zip")
    assert told.value.code == code


def test_results_that_would_fall_on_each_other_or_hold_the_archive_are_refused(town, tmp_path):
    folder, results, _path = town
    for some, out, code in (
        ([results[0], results[0]], tmp_path / "a.zip", "archive-names"),
        (results, results[0] / "a.zip", "archive-within"),
    ):
        with pytest.raises(UsageError) as told:
            archive_study(folder, some, out)
        assert told.value.code == code


def test_files_that_are_missing_or_known_to_this_computer_only_are_all_told(town, tmp_path):
    shutil.copytree(town[0].parent, tmp_path / "copy")
    copy = tmp_path / "copy" / "town"
    place = (copy / "sites.csv").as_posix()
    settings = (copy / "study.toml").read_text(encoding="utf-8")
    changed = settings.replace('"sites.csv"', f'"{place}"').replace('"schools.csv"', '"lost.csv"')
    (copy / "study.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(DataError) as told:
        archive_study(copy, [tmp_path / "copy" / "out" / "words"], tmp_path / "a.zip")
    assert {(n.value, n.file) for n in told.value.notices} == {
        (place, "study.toml"),
        ("lost.csv", "study.toml"),
    }


def test_an_archive_is_a_zip_and_overwrites_nothing_it_is_made_from(town, tmp_path):
    with pytest.raises(UsageError, match="format"):
        archive_study(town[0], town[1], tmp_path / "town.rar")
    assert main(["archive", str(town[0]), "--results", str(tmp_path), "-o", str(tmp_path / "x.zip")]) == 2


# ---- zips of others


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt", "study/../../outside.txt", "/outside.txt", "C:/outside.txt", "C:outside.txt",
        "study\\..\\..\\outside.txt", "study//x", "study/./x", "study/x/", "study/NUL.csv", "study/com1",
        "study/x.", "study/x ", "study/a\nb", "study/a:b", "study/" + "x" * 300, "",
    ],
)  # fmt: skip
def test_an_entry_that_leads_outside_is_refused_before_anything_is_written(town, tmp_path, limits, name):
    assert not is_safe_entry(name)
    path = pack(tmp_path / "evil.zip", {**entries(town[2]), name or "/": b"x"})
    with pytest.raises(DataError) as told:
        unpack(path, tmp_path, limits)
    assert told.value.code == "archive-unsafe"
    assert list((tmp_path / "inside" / "here").iterdir()) == []


@given(st.text(max_size=30))
def test_a_safe_name_stays_inside_whatever_it_is(name):
    if is_safe_entry(name):
        inside = Path("/unpacked").joinpath(*name.split("/"))
        assert inside.is_relative_to("/unpacked")
        assert ".." not in inside.parts
        assert not set(name) & set('\\:*?"<>|\0')


def with_entry(path, name, data, **attributes):
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo(name)
        for attribute, value in attributes.items():
            setattr(entry, attribute, value)
        archive.writestr(entry, data)
    return path


def test_other_ways_of_packing_and_offsets_that_cannot_be_are_refused(town, tmp_path, limits):
    path = pack(tmp_path / "other.zip", entries(town[2]))
    with_entry(path, "study/packed", b"x", compress_type=zipfile.ZIP_BZIP2)
    with pytest.raises(DataError, match="archive-unsafe"):
        unpack(path, tmp_path, limits)
    data = bytearray(town[2].read_bytes())
    directory = data.rindex(b"study/data/streets.osm")
    data[directory - 46 + 42 : directory - 46 + 46] = (len(data) + 9).to_bytes(4, "little")
    (tmp_path / "offset.zip").write_bytes(data)
    with pytest.raises(SourceError, match="archive-damaged"):
        unpack_archive(tmp_path / "offset.zip", tmp_path, limits)


def test_links_and_devices_are_refused(town, tmp_path, limits):
    for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFDIR):
        path = pack(tmp_path / "evil.zip", entries(town[2]))
        with_entry(path, "study/link", b"/etc/passwd", external_attr=(kind | 0o777) << 16, create_system=3)
        with pytest.raises(DataError) as told:
            unpack_archive(path, tmp_path, limits)
        assert told.value.code == "archive-unsafe"


@pytest.mark.parametrize(
    "more", [("study/town/SITES.csv",), ("study/town/sites.csv/x",), ("study/\u00e9", "study/e\u0301")]
)
def test_names_that_fall_on_each_other_are_refused(town, tmp_path, limits, more):
    path = pack(tmp_path / "evil.zip", entries(town[2]) | dict.fromkeys(more, b"x"))
    with pytest.raises(DataError) as told:
        unpack(path, tmp_path, limits)
    assert told.value.code == "archive-unsafe"


@pytest.mark.parametrize(
    ("item", "limit"), [("archive_max_files", 3), ("archive_max_mb", 0.01), ("archive_max_ratio", 2)]
)
def test_bombs_are_refused_by_the_limits_of_the_table(town, tmp_path, limits, item, limit):
    path = pack(tmp_path / "bomb.zip", {**entries(town[2]), "study/zeros": bytes(1_000_000)})
    with pytest.raises(SourceError, match=item):
        unpack(path, tmp_path, {**limits, item: limit})
    with pytest.raises(SourceError, match="archive_max_ratio"):
        unpack_archive(
            pack(tmp_path / "bomb.zip", {"SHA256SUMS": bytes(50_000_000)}, sums=False), tmp_path, limits
        )


def test_a_zip_that_lies_about_a_size_is_found(town, tmp_path, limits):
    """A small size is stated for an entry that unpacks to more: only so much is read, and it does not fit."""
    data = bytearray(pack(tmp_path / "lie.zip", entries(town[2])).read_bytes())
    with zipfile.ZipFile(tmp_path / "lie.zip") as archive:
        size = archive.getinfo("study/data/streets.osm").file_size
    directory = data.rindex(b"study/data/streets.osm")
    data[directory - 46 + 24 : directory - 46 + 28] = (10).to_bytes(4, "little")
    assert size > 10
    (tmp_path / "lie.zip").write_bytes(data)
    with pytest.raises(AccessibilityError) as told:
        unpack(tmp_path / "lie.zip", tmp_path, limits)
    assert told.value.code in ("archive-changed", "archive-damaged")


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.9, 0.999])
def test_a_truncated_zip_is_told(town, tmp_path, limits, share):
    data = town[2].read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(SourceError) as told:
        unpack(tmp_path / "cut.zip", tmp_path, limits)
    assert told.value.code == "archive-damaged"


def test_a_file_that_is_not_there_or_no_archive_is_told(tmp_path, limits):
    with pytest.raises(SourceError, match="archive-missing"):
        unpack_archive(tmp_path / "none.zip", tmp_path, limits)
    with pytest.raises(SourceError, match="archive-foreign"):
        unpack_archive(pack(tmp_path / "feed.zip", {"stops.txt": b"x"}, sums=False), tmp_path, limits)


KINDS = (
    *("SHA256SUMS", "manifest.json", "study/town/study.toml", "study/town/sites.csv"),
    *("study/data/streets.osm", "results/all/index.html", "results/all/results.xlsx"),
    *("results/all/results.gpkg", "results/all/isochrones.geojson", "results/words/manifest.json"),
)


@pytest.mark.parametrize("name", KINDS)
def test_one_changed_byte_of_any_kind_of_file_is_found(town, tmp_path, limits, name):
    held = entries(town[2])
    data = bytearray(held[name])
    data[len(data) // 2] ^= 1
    held[name] = bytes(data)
    with pytest.raises(AccessibilityError) as told:
        unpack(pack(tmp_path / "changed.zip", held, sums=False), tmp_path, limits)
    assert told.value.code == "archive-changed"
    if name != "SHA256SUMS":
        assert [n.value for n in told.value.notices] == [name]


def test_one_changed_byte_of_the_zip_itself_never_passes(town, tmp_path, limits):
    data = town[2].read_bytes()
    held = entries(town[2])
    for at in range(0, len(data), len(data) // 60):
        changed = bytearray(data)
        changed[at] ^= 0x55
        (tmp_path / "changed.zip").write_bytes(changed)
        folder = tmp_path / f"at-{at}"
        folder.mkdir()
        try:
            unpack_archive(tmp_path / "changed.zip", folder, limits)
        except AccessibilityError:
            continue
        found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        assert found == held


@pytest.mark.parametrize("kind", ["left out", "added"])
def test_files_left_out_or_added_after_packing_are_named(town, tmp_path, limits, kind):
    held = entries(town[2])
    if kind == "added":
        held["study/town/more.csv"] = b"x"
    else:
        del held["study/town/sites.csv"]
    with pytest.raises(DataError) as told:
        unpack(pack(tmp_path / "changed.zip", held, sums=False), tmp_path, limits)
    assert [kind in n.message for n in told.value.notices] == [True]


def lie(manifest, key, value):
    return {**manifest, key: value}


@pytest.mark.parametrize(
    "change",
    [
        lambda _m: [],
        lambda m: lie(m, "archive", 2),
        lambda m: lie(m, "study", 5),
        lambda m: lie(m, "study_file", "../study.toml"),
        lambda m: lie(m, "study_file", "study/town/other.toml"),
        lambda m: lie(m, "inputs", m["inputs"][1:] + [{**m["inputs"][0], "sha256": "0" * 64}]),
        lambda m: lie(m, "inputs", m["inputs"] + [{**m["inputs"][0], "file": "study/x.csv"}]),
        lambda m: lie(m, "inputs", m["inputs"][:-1]),
        lambda m: lie(m, "inputs", m["inputs"] + m["inputs"]),
        lambda m: lie(m, "inputs", [{**one, "size": -1} for one in m["inputs"]]),
        lambda m: lie(m, "inputs", [{**one, "packed": False} for one in m["inputs"]]),
        lambda m: lie(m, "results", ["results/all", "results/none"]),
        lambda m: lie(m, "results", ["results/all"]),
        lambda m: lie(m, "results", ["../results"]),
        lambda m: lie(m, "environment", {**m["environment"], "shell": "rm"}),
    ],
)
def test_a_manifest_that_lies_is_refused(town, tmp_path, limits, change):
    held = entries(town[2])
    held["manifest.json"] = json.dumps(change(json.loads(held["manifest.json"]))).encode()
    with pytest.raises(DataError) as told:
        unpack(pack(tmp_path / "lie.zip", held), tmp_path, limits)
    assert told.value.code == "archive-manifest"


def test_a_manifest_that_is_no_json_or_endlessly_deep_is_refused(town, tmp_path, limits):
    for name, text in (("broken", b"{"), ("deep", b"[" * 100_000), ("foreign", b"\xff")):
        held = entries(town[2]) | {"manifest.json": text}
        with pytest.raises(DataError) as told:
            unpack_archive(pack(tmp_path / "lie.zip", held), tmp_path / name, limits)
        assert told.value.code == "archive-manifest"


@pytest.mark.parametrize(
    "file", ["../../../secret.osm", "../../results/all/index.html", "../../..", "/etc/hostname"]
)
def test_a_study_that_reaches_outside_the_archive_is_not_run(town, tmp_path, file):
    held = entries(town[2])
    settings = held["study/town/study.toml"].replace(b"../data/streets.osm", file.encode())
    (tmp_path / "secret.osm").write_text("<osm/>", encoding="utf-8")
    manifest = json.loads(held["manifest.json"])
    for one in manifest["inputs"]:
        if one["file"] == "study/town/study.toml":
            one |= {"sha256": hashlib.sha256(settings).hexdigest(), "size": len(settings)}
    held |= {"study/town/study.toml": settings, "manifest.json": json.dumps(manifest).encode()}
    out = tmp_path / "out"
    with pytest.raises(DataError) as told:
        verify_archive(pack(tmp_path / "evil.zip", held), out=out)
    assert told.value.code == "study-files"
    assert [notice.value for notice in told.value.notices] == [file]
    assert not out.exists()


def test_a_result_of_an_unknown_command_is_not_run(town, tmp_path):
    held = entries(town[2])
    name = "results/words/manifest.json"
    held[name] = held[name].replace(b'"name": "evidence"', b'"name": "os.system"')
    with pytest.raises(UsageError, match="archive-no-command"):
        verify_archive(pack(tmp_path / "evil.zip", held), out=tmp_path / "out")
    assert [p.name for p in tmp_path.iterdir()] == ["evil.zip"], "nothing is left half-written"


def test_nouns_are_checked_at_birth():
    for file, sha256, size in (
        ("../x", "0" * 64, 1), ("study/x", "0", 1), ("study/x", "0" * 64, -1), ("results/x", "0" * 64, 1),
    ):  # fmt: skip
        with pytest.raises(ModelError):
            PackedInput(file, sha256, size)


# ---- where files begin to differ


@pytest.mark.parametrize(
    ("name", "then", "now", "where"),
    [
        ("a.csv", "id,min\nC1,5\nC2,6\n", "id,min\nC1,5\nC2,7\n", "row 3, column min: then '6', now '7'"),
        ("a.csv", "id,min\nC1,5\n", "id,min\nC1,5\nC2,7\n", "row 3, column id: then nothing, now 'C2'"),
        ("a.csv", "id\n1\n", "id\r\n1\n", "byte 3"),
        ("a.html", "<p>\n<b>x</b>\n", "<p>\n<b>y</b>\n", "line 2, column 4: then '<b>x</b>', now '<b>y</b>'"),
        ("a.txt", "a\nb", "a", "line 2, column 1: then 'b', now nothing"),
        ("a.png", "abc", "abd", "byte 3"),
        ("a.json", "\ud800", "x", "byte 1"),
        ("a.txt", "same", "same", ""),
    ],
)
def test_the_first_difference_is_told_by_hand(tmp_path, name, then, now, where):
    files = []
    for folder, text in (("then", then), ("now", now)):
        (tmp_path / folder).mkdir()
        files.append(tmp_path / folder / name)
        files[-1].write_bytes(text.encode("utf-8", "surrogatepass"))

    assert first_difference(*files) == where


def test_the_cell_of_a_workbook_that_differs_is_told(town, tmp_path):
    from openpyxl import load_workbook

    then = town[1][1] / "evidence.xlsx"
    book = load_workbook(then)
    book.worksheets[0]["A3"] = "other"
    (tmp_path / "now").mkdir()
    book.save(tmp_path / "now" / "evidence.xlsx")

    where = first_difference(then, tmp_path / "now" / "evidence.xlsx")
    assert where.startswith(f"sheet {book.worksheets[0].title}, row ")
    assert "now 'other'" in where

"""RULE UNDER TEST: a kept network gives what reading its inputs gives, byte for byte, or is not used."""

import dataclasses
import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from accessibility import messages
from accessibility.cli import main
from accessibility.cli.options import _cache_folder
from accessibility.sources import cache as module
from accessibility.sources.cache import NetworkCache, kept_streets, kept_timetable
from accessibility.sources.gtfs import read_gtfs
from accessibility.sources.osm import read_streets
from tests.feeds import feed
from tests.unit.osm_worlds import osm_xml

NODES = "A 0 0, B 100 0 highway=traffic_signals, C 200 0, D 100 90"
WAYS = "1 A B C highway=residential name=East_Road, 2 B D highway=tertiary, 3 A D highway=nobody_knows"
TURN = "7 from=1 via=B to=2 restriction=no_left_turn"


@pytest.fixture
def osm(tmp_path):
    path = tmp_path / "town.osm"
    path.write_text(osm_xml(NODES, WAYS, TURN), encoding="utf-8")
    return path


@pytest.fixture
def cache(tmp_path):
    return NetworkCache(tmp_path / "kept")


@pytest.fixture
def readings(monkeypatch):
    """Count how often a file of streets is really read."""
    seen = []

    def read(path, **settings):
        seen.append(Path(path).name)
        return read_streets(path, **settings)

    monkeypatch.setattr(module, "read_streets", read)
    return seen


def assert_same(one, other):
    for field in dataclasses.fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, np.ndarray):
            assert (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
            assert not b.flags.writeable
        else:
            assert a == b


def only_file(cache):
    (path,) = cache.folder.iterdir()
    return path


def test_streets_come_back_with_every_byte_and_every_notice(osm, cache, readings):
    first = kept_streets(osm, cache=cache)
    again = kept_streets(osm, cache=cache)
    assert readings == ["town.osm"]
    assert "osm-unknown-highway" in {notice.code for notice in again.provenance.notices}
    assert_same(first, again)
    assert_same(read_streets(osm), again)
    assert cache.notices == []


def test_a_timetable_comes_back_too_also_of_a_folder_and_of_two_feeds(tmp_path, cache):
    one, two = feed(tmp_path, "one"), feed(tmp_path, "two")
    for paths in ([one], [one, two]):
        assert_same(kept_timetable(paths, cache=cache), kept_timetable(paths, cache=cache))
        assert_same(read_gtfs(paths), kept_timetable(paths, cache=cache))
    assert len(list(cache.folder.iterdir())) == 2


def test_without_a_cache_nothing_is_kept(osm, tmp_path, readings):
    kept_streets(osm)
    kept_streets(osm)
    assert readings == ["town.osm"] * 2
    assert [path.name for path in tmp_path.iterdir()] == ["town.osm"]


@pytest.mark.parametrize("change", ["bytes", "crs", "name", "language", "program"])
def test_whatever_a_network_depends_on_makes_another_one(osm, cache, readings, monkeypatch, change):
    kept_streets(osm, cache=cache)
    crs = None
    if change == "bytes":
        osm.write_text(osm_xml(NODES, WAYS.replace("tertiary", "service"), TURN), encoding="utf-8")
    elif change == "crs":
        crs = "EPSG:4549"
    elif change == "name":
        osm = osm.rename(osm.with_name("city.osm"))
    elif change == "language":
        monkeypatch.setattr(module, "language", lambda: {"zh": "en", "en": "zh"}[messages.language()])
    else:
        monkeypatch.setattr(module, "_program_hash", lambda: "another")
    found = kept_streets(osm, crs=crs, cache=cache)
    assert len(readings) == 2
    assert_same(read_streets(osm, crs=crs), found)


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text", "another"])
def test_a_damaged_or_foreign_file_is_built_anew_and_told(osm, cache, readings, damage):
    kept_streets(osm, cache=cache)
    path = only_file(cache)
    data = path.read_bytes()
    if damage == "another":
        osm.write_text(osm_xml(NODES, WAYS, ""), encoding="utf-8")
        kept_streets(osm, cache=cache)
        (path,) = [one for one in cache.folder.iterdir() if one != path]
        readings.pop()
    changed = {
        "cut": data[: len(data) // 2],
        "flipped": data[:-100] + bytes([data[-100] ^ 1]) + data[-99:],
        "empty": b"",
        "text": b"{}\n\x00\xff",
        "another": data,
    }
    path.write_bytes(changed[damage])
    assert_same(read_streets(osm), kept_streets(osm, cache=cache))
    assert len(readings) == 2
    assert [notice.code for notice in cache.notices] == ["cache-damaged"]
    kept_streets(osm, cache=cache)
    assert len(readings) == 2, "the one built anew is good again"


def test_columns_that_break_a_promise_are_not_believed_though_the_hash_is_right(osm, cache, readings):
    good = kept_streets(osm, cache=cache)
    path, (key, _rest) = only_file(cache), _split(only_file(cache).read_bytes())
    bad = {field.name: getattr(good, field.name) for field in dataclasses.fields(good)}
    bad["length_m"] = -bad["length_m"]
    path.write_bytes(module._packed(key, dataclasses.make_dataclass("Bad", list(bad))(**bad)))
    assert_same(good, kept_streets(osm, cache=cache))
    assert [notice.code for notice in cache.notices] == ["cache-damaged"]


def _split(data):
    import json

    head, rest = module._split(data)
    return json.loads(head)["key"], rest


@pytest.mark.parametrize("step", ["mkstemp", "replace"])
def test_a_full_disk_leaves_the_answer_whole_and_no_file_behind(osm, cache, monkeypatch, step):
    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.tempfile if step == "mkstemp" else module.os, step, full)
    assert_same(read_streets(osm), kept_streets(osm, cache=cache))
    assert [notice.code for notice in cache.notices] == ["cache-not-kept"]
    assert list(cache.folder.iterdir()) == []


def test_a_folder_that_is_a_file_is_told_and_harms_nothing(osm, tmp_path):
    (tmp_path / "kept").write_text("taken", encoding="utf-8")
    cache = NetworkCache(tmp_path / "kept")
    assert_same(read_streets(osm), kept_streets(osm, cache=cache))
    assert {notice.code for notice in cache.notices} <= {"cache-unreadable", "cache-not-kept"}
    assert cache.notices
    assert (tmp_path / "kept").read_text(encoding="utf-8") == "taken"


def test_the_networks_not_used_for_longest_make_room(osm, cache, readings):
    for k, crs in enumerate(("EPSG:4549", "EPSG:4548", "EPSG:4550")):
        kept_streets(osm, crs=crs, cache=cache)
        newest = max(cache.folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (1000 * (k + 1), 1000 * (k + 1)))
    size = sum(path.stat().st_size for path in cache.folder.iterdir())
    kept_streets(osm, crs="EPSG:4549", cache=cache)  # used: now the newest
    small = NetworkCache(cache.folder, max_bytes=size)
    (cache.folder / ".aside-abandoned").write_bytes(b"half")
    os.utime(cache.folder / ".aside-abandoned", (1000, 1000))
    kept_streets(osm, crs="EPSG:32651", cache=small)
    readings.clear()
    kept_streets(osm, crs="EPSG:4549", cache=small)
    assert readings == []
    kept_streets(osm, crs="EPSG:4548", cache=NetworkCache(cache.folder))
    assert readings == ["town.osm"]
    assert not (cache.folder / ".aside-abandoned").exists()


def test_a_file_that_changes_while_it_is_read_is_not_kept(osm, cache, monkeypatch):
    def read(path, **settings):
        streets = read_streets(path, **settings)
        osm.write_text(osm_xml(NODES, WAYS, ""), encoding="utf-8")
        return streets

    monkeypatch.setattr(module, "read_streets", read)
    kept_streets(osm, cache=cache)
    assert not cache.folder.exists()


def test_two_processes_at_once_both_answer_and_leave_one_good_file(osm, cache):
    code = (
        "from accessibility.sources.cache import *; from pathlib import Path; import sys;"
        "c = NetworkCache(Path(sys.argv[2]));"
        "[kept_streets(sys.argv[1], cache=c)"
        " and [p.unlink(missing_ok=True) for p in c.folder.glob('*.network')] for _ in range(30)];"
        "print(kept_streets(sys.argv[1], cache=c).n_segments, [n.code for n in c.notices])"
    )
    arguments = [sys.executable, "-c", code, str(osm), str(cache.folder)]
    both = [subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = {one.communicate()[0].strip() for one in both}
    assert said == {f"{read_streets(osm).n_segments} []"}
    assert_same(read_streets(osm), kept_streets(osm, cache=cache))
    assert only_file(cache).suffix == ".network"


@pytest.mark.parametrize("command", ["matrix", "nearest"])
def test_commands_write_the_same_bytes_with_and_without_a_kept_network(osm, tmp_path, monkeypatch, command):
    monkeypatch.setenv("ACCESSIBILITY_CACHE", str(tmp_path / "kept"))
    points = tmp_path / "points.csv"
    points.write_text("id,lon,lat\na,121.1561,31.2868\nb,121.1572,31.2869\n", encoding="utf-8")
    written = []
    for more in (["--no-cache"], [], []):
        out = tmp_path / f"out{len(written)}.csv"
        arguments = [
            command,
            "--osm",
            str(osm),
            "--origins",
            str(points),
            "--destinations",
            str(points),
            *more,
        ]
        assert main([*arguments, "-o", str(out)]) == 0
        written.append(out.read_bytes())
        assert (tmp_path / "kept").exists() == (more == [])
    assert written[0] == written[1] == written[2]


def test_the_folder_follows_the_custom_of_the_system():
    home = Path(os.path.expanduser("~"))
    assert _cache_folder({}, "linux") == home / ".cache" / "accessibility"
    assert _cache_folder({"XDG_CACHE_HOME": "/x"}, "linux") == Path("/x/accessibility")
    assert _cache_folder({}, "darwin") == home / "Library" / "Caches" / "accessibility"
    assert _cache_folder({"LOCALAPPDATA": "/l"}, "win32") == Path("/l/accessibility/Cache")
    assert _cache_folder({"ACCESSIBILITY_CACHE": "/c"}, "win32") == Path("/c")

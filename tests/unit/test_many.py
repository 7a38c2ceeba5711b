"""RULE UNDER TEST: many origins give the bytes of one thread, however they are cut, shared or interrupted."""

import csv
import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accessibility.cli import main
from accessibility.errors import AccessibilityError, OutputError, UsageError
from accessibility.messages import set_language
from accessibility.outputs.streaming import ResultStream
from accessibility.studies.many import Workforce
from accessibility.studies.matrix import write_matrix_file
from accessibility.studies.nearest import write_nearest_file
from accessibility.studies.on_streets import StreetOptions
from accessibility.travel import StreetSearch

N = 13


@pytest.fixture(autouse=True)
def in_english():
    set_language("en")
    yield
    set_language("zh")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A street of 1.2 km with places along it, one of them out of reach, and three to go to."""
    folder = tmp_path_factory.mktemp("many")
    nodes = "".join(f'<node id="{i}" lat="31.29" lon="{121.16 + i * 0.001:.4f}"/>' for i in range(1, N + 1))
    refs = "".join(f'<nd ref="{i}"/>' for i in range(1, N + 1))
    way = f'<way id="1">{refs}<tag k="highway" v="residential"/></way>'
    (folder / "town.osm").write_text(f"<osm version='0.6'>{nodes}{way}</osm>", encoding="utf-8")
    rows = [f"o{i},{121.16 + i * 0.001:.4f},31.2901" for i in range(1, N)] + ["=far,121.9,31.29"]
    (folder / "from.csv").write_text("\n".join(["id,lon,lat", *rows, ""]), encoding="utf-8")
    (folder / "to.csv").write_text("\n".join(["id,lon,lat", *rows[2:5], ""]), encoding="utf-8")
    lines = folder / "lines"
    lines.mkdir()
    stops = "line,order,name,lon,lat,minutes\n1,1,A,121.161,31.29,\n1,2,B,121.172,31.29,2\n"
    (lines / "stops.csv").write_text(stops, encoding="utf-8")
    (lines / "services.csv").write_text("line,days,departures\n1,daily,07:32 07:44\n", encoding="utf-8")
    return folder


def ask(files, out, *, kind="matrix", goals=None, minutes=15, **work):
    """Write a table and give its bytes."""
    options = StreetOptions(files / "town.osm", walk_speed=3.6, max_duration=minutes)
    workforce = Workforce(**({"n_threads": 1} | work))
    if kind == "nearest":
        points = files / "from.csv", files / "to.csv"
        return write_nearest_file(out, options, points, workforce=workforce)
    points = files / "from.csv", goals
    return write_matrix_file(out, options, points, with_distance=True, workforce=workforce)


@pytest.fixture(scope="module")
def whole(files):
    """The tables of one thread and one block."""
    bytes_of = {}
    for kind, goals in (("matrix", None), ("few", files / "to.csv"), ("nearest", None)):
        ask(files, files / "whole.csv", kind="matrix" if kind == "few" else kind, goals=goals,
            block_origins=N)  # fmt: skip
        bytes_of[kind] = (files / "whole.csv").read_bytes()
    return bytes_of


def stop_after(monkeypatch, n_blocks, error):
    """Let the search fail after some blocks."""
    real, left = StreetSearch.times, [n_blocks]

    def times(self, *arguments, **options):
        if left[0] == 0:
            raise error
        left[0] -= 1
        return real(self, *arguments, **options)

    monkeypatch.setattr(StreetSearch, "times", times)


def test_a_whole_table_is_what_was_computed_by_hand(whole):
    """Places 0.001 degree apart on a street lie 95.2 m apart: 1.6 minutes at 3.6 km/h."""
    rows = list(csv.reader(whole["matrix"].decode("utf-8-sig").splitlines()))
    assert rows[0] == ["origin", "destination", "minutes", "km", "reason"]
    assert len(rows) == 1 + N * N
    by_pair = {(row[0], row[1]): row[2:] for row in rows[1:]}
    assert by_pair["o1", "o1"] == ["0.0", "0.000", ""]
    assert float(by_pair["o2", "o4"][0]) - float(by_pair["o2", "o3"][0]) == pytest.approx(1.6, abs=0.15)
    assert by_pair["o1", "'=far"] == ["", "", "destination-not-linked"]
    assert by_pair["o1", "o12"] == ["", "", "beyond-limits"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["matrix", "few", "nearest"]),
    block_origins=st.integers(1, N + 3),
    n_threads=st.integers(1, 3),
    stop=st.none() | st.integers(0, N),
    then=st.integers(1, N),
)
def test_blocks_threads_and_a_restart_change_no_byte(
    files, whole, tmp_path, kind, block_origins, n_threads, stop, then
):
    out, goals = tmp_path / "out.csv", files / "to.csv" if kind == "few" else None
    asked = {"kind": "matrix" if kind == "few" else kind, "goals": goals}
    if stop is not None:
        with pytest.MonkeyPatch.context() as patch:
            stop_after(patch, stop, MemoryError())
            try:
                ask(files, out, block_origins=block_origins, n_threads=n_threads, **asked)
            except MemoryError:
                assert not out.exists()
    ask(files, out, block_origins=then, n_threads=n_threads, **asked)
    assert out.read_bytes() == whole[kind]
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    out.unlink()


def test_workers_change_no_byte_on_streets_and_by_public_transport(files, whole, tmp_path):
    pytest.importorskip("distributed")
    ask(files, tmp_path / "out.csv", n_threads=None, n_workers=2, block_origins=2)
    assert (tmp_path / "out.csv").read_bytes() == whole["matrix"]
    asked = ["--osm", str(files / "town.osm"), "--origins", str(files / "from.csv"), "--lines",
             str(files / "lines"), "--date", "2024-05-13", "--depart", "07:30", "--window", "9"]  # fmt: skip
    assert main(["matrix", *asked, "-o", str(tmp_path / "one.csv")]) == 0
    assert main(["matrix", *asked, "-o", str(tmp_path / "two.csv"), "--workers", "2"]) == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_parquet_holds_the_table_and_the_same_bytes_whoever_works(files, whole, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    ask(files, f"{tmp_path}/one/")
    ask(files, tmp_path / "two.parquet", n_threads=None, n_workers=1)
    one, two = (tmp_path / name / "part-000000.parquet" for name in ("one", "two.parquet"))
    assert one.read_bytes() == two.read_bytes()
    rows = list(csv.DictReader(whole["matrix"].decode("utf-8-sig").splitlines()))
    found = parquet.read_table(tmp_path / "one").to_pylist()
    assert len(found) == len(rows)
    for row, told in zip(rows, found, strict=True):
        assert told["origin"] == row["origin"].removeprefix("'")
        assert told["minutes"] == (float(row["minutes"]) if row["minutes"] else None)
        assert (told["reason"] or "") == row["reason"]
        assert told["km"] is None if row["km"] == "" else abs(told["km"] - float(row["km"])) < 0.0011
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two.parquet"]


def test_parquet_of_the_nearest_is_the_csv_as_numbers(files, whole, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    ask(files, f"{tmp_path}/one/", kind="nearest")
    rows = list(csv.DictReader(whole["nearest"].decode("utf-8-sig").splitlines()))
    found = parquet.read_table(tmp_path / "one").to_pylist()
    told = [(r["origin"], r["nearest"] or "", r["minutes"], r["reason"] or "") for r in found]
    expected = [
        (
            r["origin"].removeprefix("'"),
            r["nearest"],
            float(r["minutes"]) if r["minutes"] else None,
            r["reason"],
        )
        for r in rows
    ]
    assert told == expected


def test_parts_of_parquet_are_gone_on_with(files, tmp_path, monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr("accessibility.studies.questions.BLOCK_PAIRS", 4 * N)
    ask(files, f"{tmp_path}/whole/")
    with monkeypatch.context() as patch:
        stop_after(patch, 2, MemoryError())
        with pytest.raises(MemoryError):
            ask(files, f"{tmp_path}/out/")
    unfinished = tmp_path / "out.unfinished"
    kept = {path.name: path.stat().st_mtime_ns for path in (unfinished / "rows").iterdir()}
    assert sorted(kept) == ["part-000000.parquet", "part-000001.parquet"]
    ask(files, f"{tmp_path}/out/")
    assert not unfinished.exists()
    for path in (tmp_path / "out").iterdir():
        assert path.read_bytes() == (tmp_path / "whole" / path.name).read_bytes()
        assert path.name not in kept or path.stat().st_mtime_ns == kept[path.name], "done once"
    assert parquet.read_table(tmp_path / "out").num_rows == N * N


def test_a_finished_folder_is_not_computed_again_and_never_mixed(files, tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    out = f"{tmp_path}/out/"
    first = ask(files, out)
    with monkeypatch.context() as patch:
        stop_after(patch, 0, AssertionError("computed again"))
        assert ask(files, out) == first
    with pytest.raises(OutputError) as told:
        ask(files, out, minutes=20)
    assert told.value.code == "output-other-question"
    (tmp_path / "out" / "part-000000.parquet").write_bytes(b"cut")
    with pytest.raises(OutputError) as told:
        ask(files, out)
    assert told.value.code == "output-damaged"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError) as told:
        ask(files, tmp_path / "mine")
    assert told.value.code == "output-foreign-files"
    assert (tmp_path / "mine" / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_an_interrupt_says_what_is_kept_and_the_same_command_goes_on(
    files, whole, tmp_path, monkeypatch, capsys
):
    asked = ["--lang", "en", "--threads", "1", "matrix", "--osm", str(files / "town.osm"),
             "--origins", str(files / "from.csv"), "--walk-speed", "3.6", "--max-duration", "15",
             "--with-distance", "-o", str(tmp_path / "out.csv")]  # fmt: skip
    with monkeypatch.context() as patch:
        stop_after(patch, 2, KeyboardInterrupt())
        assert main(asked) == 1
    said = capsys.readouterr().err
    assert "8 of 13 origins are kept in out.csv.unfinished" in said
    assert "Traceback" not in said
    assert main(asked) == 0
    assert (tmp_path / "out.csv").read_bytes() == whole["matrix"]


def unfinished(files, tmp_path, n_blocks=2):
    out = tmp_path / "out.csv"
    with pytest.MonkeyPatch.context() as patch:
        stop_after(patch, n_blocks, MemoryError())
        with pytest.raises(MemoryError):
            ask(files, out, block_origins=3)
    return out, tmp_path / "out.csv.unfinished"


@pytest.mark.parametrize(
    ("change", "word"),
    [({"minutes": 20}, "settings"), ({"kind": "nearest"}, "columns"), ({"goals": "to.csv"}, "places")],
)
def test_unfinished_work_of_another_question_is_refused_and_untouched(files, whole, tmp_path, change, word):
    out, folder = unfinished(files, tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    change = {key: files / value if key == "goals" else value for key, value in change.items()}
    with pytest.raises(OutputError) as told:
        ask(files, out, **change)
    assert told.value.code == "output-other-question"
    assert word in told.value.what
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    ask(files, out)
    assert out.read_bytes() == whole["matrix"]


@pytest.mark.parametrize("harm", ["cut", "changed", "ledger", "head", "tail", "no-rows"])
def test_damaged_unfinished_work_is_done_again_as_far_as_it_is_damaged(files, whole, tmp_path, harm):
    out, folder = unfinished(files, tmp_path)
    rows, ledger = folder / "rows", folder / "parts.jsonl"
    content = rows.read_bytes()
    if harm == "cut":
        rows.write_bytes(content[:-5])
    elif harm == "changed":
        rows.write_bytes(content[:-5] + b"9" + content[-4:])
    elif harm == "ledger":
        ledger.write_text(ledger.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    elif harm == "head":
        rows.write_bytes(b"x" + content[1:])
    elif harm == "tail":
        rows.write_bytes(content + b"half a li")
    else:
        rows.unlink()
    ask(files, out)
    assert out.read_bytes() == whole["matrix"]


def test_a_full_disk_in_the_middle_keeps_what_is_finished(files, whole, tmp_path, monkeypatch):
    """The file takes two blocks, then half of the third, as a disk does that runs full."""
    real = ResultStream._csv

    class Full:
        def __init__(self, file):
            self.file = file

        def write(self, rows):
            self.file.write(rows[: len(rows) // 2])
            self.file.flush()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def flush(self):
            self.file.flush()

    with monkeypatch.context() as patch:
        patch.setattr(
            ResultStream, "_csv", lambda self: Full(real(self)) if len(self.parts) == 2 else real(self)
        )
        with pytest.raises(OutputError) as told:
            ask(files, tmp_path / "out.csv", block_origins=4)
    assert told.value.code == "output-disk-full"
    assert any("8" in note and "13" in note for note in told.value.__notes__)
    assert not (tmp_path / "out.csv").exists()
    ask(files, tmp_path / "out.csv", block_origins=4)
    assert (tmp_path / "out.csv").read_bytes() == whole["matrix"]


def test_a_second_run_into_the_same_result_is_refused_and_harms_nothing(files, whole, tmp_path, monkeypatch):
    out, codes = tmp_path / "out.csv", []
    real = ResultStream.append

    def append(self, *arguments):
        real(self, *arguments)
        if not codes:
            codes.append("")
            with pytest.raises(OutputError) as told:
                ask(files, out)
            codes[0] = told.value.code

    monkeypatch.setattr(ResultStream, "append", append)
    ask(files, out, block_origins=4)
    assert codes == ["output-busy"]
    assert out.read_bytes() == whole["matrix"]


def test_a_run_killed_in_the_middle_is_gone_on_with(files, whole, tmp_path):
    """The process waits for ever after its second block and is killed there."""
    out = tmp_path / "out.csv"
    code = f"""
import sys, threading
from tests.unit.test_many import ask, Path, ResultStream
real = ResultStream.append
def append(self, *arguments):
    real(self, *arguments)
    if len(self.parts) == 2:
        threading.Event().wait()
ResultStream.append = append
ask(Path({str(files)!r}), Path({str(out)!r}), block_origins=3)
"""
    root = Path(__file__).parents[2]
    process = subprocess.Popen([sys.executable, "-c", code], cwd=root, stderr=subprocess.DEVNULL)
    ledger = tmp_path / "out.csv.unfinished" / "parts.jsonl"
    end = time.monotonic() + 60
    while not (ledger.exists() and ledger.read_text(encoding="utf-8").count("\n") == 2):
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert [json.loads(line)["until"] for line in ledger.read_text(encoding="utf-8").splitlines()] == [3, 6]
    ask(files, out)
    assert out.read_bytes() == whole["matrix"]


def test_a_strange_folder_of_that_name_is_left_alone(files, tmp_path):
    (tmp_path / "out.csv.unfinished").mkdir()
    (tmp_path / "out.csv.unfinished" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError) as told:
        ask(files, tmp_path / "out.csv")
    assert told.value.code == "output-foreign-files"
    assert (tmp_path / "out.csv.unfinished" / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("wish", [{"n_workers": 0}, {"scheduler": "tcp://h:1", "n_workers": 2}])
def test_nobody_or_both_to_work_is_wrong_use(wish):
    with pytest.raises(UsageError) as told:
        Workforce(**wish)
    assert told.value.code == "cluster-choice"


def test_parquet_without_its_library_says_what_to_install(files, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(AccessibilityError) as told:
        ask(files, tmp_path / "out.parquet")
    assert told.value.code == "cluster-missing"
    assert "accessibility[cluster]" in told.value.mend
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("kind", ["matrix", "nearest"])
def test_a_result_never_takes_the_place_of_a_device_or_a_pipe(files, tmp_path, kind):
    pipe = tmp_path / "out.csv"
    os.mkfifo(pipe)
    with pytest.raises(OutputError) as caught:
        ask(files, pipe, kind=kind)
    assert caught.value.code == "output-is-device"
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]

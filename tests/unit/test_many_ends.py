"""RULE UNDER TEST: whatever ends in the middle of a table, its finished blocks stay and no byte changes.

By public transport: threads, size of blocks, restarts. On streets with workers: one that is killed, a
scheduler that is not there, one that dies.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accessibility import cluster
from accessibility.cli import main
from accessibility.errors import OfflineError
from accessibility.messages import set_language
from accessibility.outputs.streaming import ResultStream
from accessibility.studies.block_parts import Task
from accessibility.studies.many import Workforce
from accessibility.studies.matrix import write_matrix_file
from accessibility.studies.nearest import write_nearest_file
from accessibility.studies.on_streets import StreetOptions
from accessibility.studies.on_transit import TransitOptions
from tests.schedulers import free_port, scheduling, working

N = 19
"""Places of the town, one per street node but the last; enough for the search of all origins at once."""


@pytest.fixture(autouse=True)
def in_english():
    set_language("en")
    yield
    set_language("zh")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A street of 3.4 km with a line that runs five times along it, places on it and one far away."""
    folder = tmp_path_factory.mktemp("ends")
    nodes = "".join(f'<node id="{i}" lat="31.29" lon="{121.1 + i * 0.002:.4f}"/>' for i in range(1, N))
    refs = "".join(f'<nd ref="{i}"/>' for i in range(1, N))
    way = f'<way id="1">{refs}<tag k="highway" v="residential"/></way>'
    (folder / "town.osm").write_text(f"<osm version='0.6'>{nodes}{way}</osm>", encoding="utf-8")
    rows = [f"o{i},{121.1 + i * 0.002:.4f},31.2901" for i in range(1, N)] + ["far,121.9,31.29"]
    (folder / "from.csv").write_text("\n".join(["id,lon,lat", *rows, ""]), encoding="utf-8")
    (folder / "to.csv").write_text("\n".join(["id,lon,lat", *rows[2:16:4], ""]), encoding="utf-8")
    (folder / "lines").mkdir()
    stops = (
        "line,order,name,lon,lat,minutes\n1,1,A,121.102,31.29,\n1,2,B,121.12,31.29,2\n1,3,C,121.136,31.29,2\n"
    )
    (folder / "lines" / "stops.csv").write_text(stops, encoding="utf-8")
    services = "line,days,departures\n1,daily,07:31 07:36 07:44 07:52 07:59\n"
    (folder / "lines" / "services.csv").write_text(services, encoding="utf-8")
    return folder


def ask(files, out, *, kind="matrix", by="transit", progress=lambda *_: None, **work):
    """Write a table."""
    options = StreetOptions(files / "town.osm", walk_speed=3.6, max_duration=40)
    if by == "transit":
        options = TransitOptions(
            options, (), "2024-05-13", "07:30", 12, percentiles=(5, 50, 95), lines=(files / "lines",)
        )
    write = write_matrix_file if kind == "matrix" else write_nearest_file
    points = files / "from.csv", files / "to.csv" if kind == "nearest" else None
    return write(out, options, points, workforce=Workforce(**work), progress=progress)


@pytest.fixture(scope="module")
def whole(files):
    """The tables of one thread and one block."""
    bytes_of = {}
    for kind in ("matrix", "nearest"):
        for by in ("transit", "streets"):
            ask(files, files / "whole.csv", kind=kind, by=by, n_threads=1, block_origins=N)
            bytes_of[kind, by] = (files / "whole.csv").read_bytes()
    return bytes_of


def test_the_line_shortens_the_way_along_the_town(whole):
    """By hand: 3.4 km take 57 minutes on foot, too long; with the line they do not."""
    rows = {
        tuple(row.split(",")[:2]): row.split(",")[2:] for row in whole["matrix", "transit"].decode().split()
    }
    assert rows["o1", "o17"][-1] == ""
    assert float(rows["o1", "o17"][1]) < 20
    assert b"o1,o17,,beyond-limits" in whole["matrix", "streets"]
    assert rows["o1", "far"] == ["", "", "", "destination-not-linked"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["matrix", "nearest"]),
    blocks=st.lists(st.integers(1, N + 2), min_size=2, max_size=2),
    n_threads=st.integers(1, 3),
    stop=st.integers(0, N),
)
def test_by_public_transport_blocks_threads_and_a_restart_change_no_byte(
    files, whole, tmp_path, kind, blocks, n_threads, stop
):
    out, left = tmp_path / "out.csv", [stop]
    real = ResultStream.append

    def append(self, *arguments):
        if left[0] == 0:
            raise MemoryError
        left[0] -= 1
        real(self, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ResultStream, "append", append)
        try:
            ask(files, out, kind=kind, n_threads=n_threads, block_origins=blocks[0])
        except MemoryError:
            assert not out.exists()
    ask(files, out, kind=kind, n_threads=n_threads, block_origins=blocks[1])
    assert out.read_bytes() == whole[kind, "transit"]
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    out.unlink()


def at_block(number, act):
    """Make a listener that does something when so many blocks have come."""

    def progress(stage, done, _total):
        if stage == "travel times" and done == number:
            act()

    return progress


@pytest.mark.parametrize(
    ("kind", "by"), [("matrix", "streets"), ("matrix", "transit"), ("nearest", "transit")]
)
def test_a_worker_killed_in_the_middle_of_a_table_changes_no_byte(files, whole, tmp_path, kind, by):
    pytest.importorskip("distributed")
    psutil, killed = pytest.importorskip("psutil"), []

    def kill():
        workers = [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]
        killed.append(workers[-1].pid)
        workers[-1].kill()

    out = tmp_path / "out.csv"
    ask(files, out, kind=kind, by=by, n_workers=2, block_origins=1, progress=at_block(2, kill))
    assert len(killed) == 1
    assert out.read_bytes() == whole[kind, by]
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_without_a_scheduler_the_command_says_so_before_it_reads_anything(tmp_path, monkeypatch, capsys):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "_CONNECT_S", 0.5)
    missing, address = str(tmp_path / "missing"), f"tcp://127.0.0.1:{free_port()}"
    for command in (["matrix"], ["nearest", "--destinations", missing]):
        asked = ["--lang", "en", *command, "--osm", missing, "--origins", missing, "--scheduler", address]
        assert main([*asked, "-o", str(tmp_path / "out.csv")]) != 0
        said = capsys.readouterr().err
        assert "scheduler-unreachable" in said
        assert address in said
        assert "dask scheduler" in said
        assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_after_the_scheduler_died_finished_blocks_are_kept_and_gone_on_with(
    files, whole, tmp_path, monkeypatch
):
    pytest.importorskip("distributed")
    out, real, done = tmp_path / "out.csv", Task.rows, []
    with scheduling() as (address, process), working(address), pytest.raises(OfflineError) as told:
        ask(files, out, by="streets", scheduler=address, block_origins=1, progress=at_block(3, process.kill))
    assert told.value.code == "scheduler-lost"
    ledger = (tmp_path / "out.csv.unfinished" / "parts.jsonl").read_text(encoding="utf-8")
    n_kept = ledger.count("\n")
    assert 2 <= n_kept < N
    assert any(f"{n_kept} of {N} origins are kept" in note for note in told.value.__notes__)

    def rows(self, block, **settings):
        done.append(block.start)
        return real(self, block, **settings)

    monkeypatch.setattr(Task, "rows", rows)
    ask(files, out, by="streets", n_threads=2, block_origins=1)
    assert sorted(done) == list(range(n_kept, N)), "only what was not finished"
    assert out.read_bytes() == whole["matrix", "streets"]
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_workers_go_on_with_what_threads_began(files, whole, tmp_path):
    pytest.importorskip("distributed")
    out = tmp_path / "out.csv"

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(files, out, by="streets", n_threads=2, block_origins=2, progress=at_block(4, interrupt))
    assert Path(f"{out}.unfinished").is_dir()
    ask(files, out, by="streets", n_workers=1, block_origins=3)
    assert out.read_bytes() == whole["matrix", "streets"]

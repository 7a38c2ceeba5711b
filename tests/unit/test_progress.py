"""RULE UNDER TEST: whoever interrupts a long job gets the terminal back at once, and no half of a file."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request

import pytest

from accessibility.studies.progress import in_threads, silent
from accessibility.travel import block_size
from tests.unit.osm_worlds import osm_xml


def test_answers_come_in_order_whatever_the_number_of_threads():
    blocks = [range(i, i + 1) for i in range(50)]
    for n_threads in (1, 2, 7):
        found = list(in_threads("stage", silent, n_threads=n_threads)(lambda block: block.start, blocks))
        assert found == list(range(50))


def test_an_interrupt_cancels_every_block_that_has_not_begun():
    begun = []

    def interrupt(_stage, _done, _total):
        raise KeyboardInterrupt

    run = in_threads("stage", interrupt, n_threads=2)
    gate = threading.Event()

    def answer(block):
        begun.append(block.start)
        if len(begun) > 2:
            gate.wait(0.2)
        return block.start

    with pytest.raises(KeyboardInterrupt):
        list(run(answer, [range(i, i + 1) for i in range(1000)]))
    assert len(begun) < 10


def test_blocks_shrink_on_large_networks_so_that_none_takes_long():
    assert [block_size(n) for n in (0, 20_000, 500_000, 50_000_000)] == [64, 64, 8, 1]


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
def test_ctrl_c_in_a_long_matrix_leaves_no_file(tmp_path):
    (tmp_path / "town.osm").write_text(
        osm_xml("A 0 0, B 900 0, C 900 900", "1 A B C highway=residential"), encoding="utf-8"
    )
    rows = "".join(f"p{i},{121.156 + i * 1e-6:.6f},31.2868\n" for i in range(6000))
    (tmp_path / "points.csv").write_text("id,lon,lat\n" + rows, encoding="utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    arguments = ["--osm", "town.osm", "--origins", "points.csv", "--no-cache", "-o", "out.csv"]
    process = subprocess.Popen(
        [sys.executable, "-m", "accessibility", "--lang", "en", "matrix", *arguments],
        cwd=tmp_path, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
        # A shell's background job hands down SIGINT ignored, and Python then never hears it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    for line in process.stderr:
        if "travel times" in line:
            break
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert "Interrupted. No result was written" in rest
    assert "Traceback" not in rest
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
def test_ctrl_c_is_how_a_workbench_ends_and_no_failure(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "accessibility", "--lang", "en", "serve", "--no-browser", "--port", "0",
         "--scenarios", str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    port = int(re.search(r":(\d+)/", process.stdout.readline())[1])
    for _ in range(400):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/state").close()
            break
        except OSError:
            time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    told, wrong = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "The workbench has ended" in told
    assert wrong == ""

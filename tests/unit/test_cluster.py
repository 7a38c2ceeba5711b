"""RULE UNDER TEST: workers answer what one loop would; whatever ends early says so, and nothing hangs."""

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import accessibility
from accessibility import cluster as module
from accessibility.cluster import cluster
from accessibility.errors import AccessibilityError, OfflineError, UsageError
from tests.schedulers import free_port, scheduling, working

distributed = pytest.importorskip("distributed")

BLOCKS = [range(i, i + 3) for i in range(0, 30, 3)]


@dataclass(frozen=True)
class Squares:
    """Answers blocks; ends its own process, as kill -9 does, at one block: once, or whenever it comes."""

    mark: str = ""
    deadly: int = -1
    always: bool = False

    def answer(self, block):
        if block.start == self.deadly and (self.always or not Path(self.mark).exists()):
            Path(self.mark).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return [number * number for number in block]


EXPECTED = [Squares().answer(block) for block in BLOCKS]


@pytest.mark.parametrize("n_workers", [1, 2])
def test_the_block_of_a_killed_worker_is_done_again(tmp_path, n_workers):
    """With one worker what it was sent is lost with it, and is sent again."""
    task = Squares(str(tmp_path / "killed"), deadly=12)
    with cluster(n_workers=n_workers) as workers:
        assert list(workers.map_blocks(task.answer, BLOCKS)) == EXPECTED
    assert (tmp_path / "killed").exists()


def test_a_block_that_ends_every_worker_is_told(tmp_path, monkeypatch):
    import dask

    task = Squares(str(tmp_path / "killed"), deadly=0, always=True)
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        cluster(n_workers=1) as workers,
        pytest.raises(OfflineError) as told,
    ):
        list(workers.map_blocks(task.answer, BLOCKS))
    assert told.value.code == "workers-ended"


def test_an_error_of_a_block_comes_back_as_it_was():
    def answer(block):
        raise UsageError("so it is", where="there", mend="Mend it.", code="its-own")

    with cluster(n_workers=1) as workers, pytest.raises(UsageError) as told:
        list(workers.map_blocks(answer, BLOCKS))
    assert (told.value.code, told.value.where, told.value.mend) == ("its-own", "there", "Mend it.")


def test_workers_of_another_version_are_refused(monkeypatch):
    with cluster(n_workers=1) as workers:
        monkeypatch.setattr(accessibility, "__version__", "0.0.0")
        with pytest.raises(UsageError) as told:
            list(workers.map_blocks(Squares().answer, BLOCKS))
    assert told.value.code == "cluster-version"


@pytest.fixture
def scheduler():
    """A scheduler in a process of its own, without workers; its address and its process."""
    with scheduling() as found:
        yield found


def test_a_scheduler_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr(module, "_CONNECT_S", 0.5)
    with pytest.raises(OfflineError) as told, cluster(scheduler=f"tcp://127.0.0.1:{free_port()}"):
        pass
    assert told.value.code == "scheduler-unreachable"


def test_a_scheduler_without_workers_is_told(scheduler, monkeypatch):
    monkeypatch.setattr(module, "_WORKERS_S", 0.5)
    with cluster(scheduler=scheduler[0]) as workers, pytest.raises(OfflineError) as told:
        list(workers.map_blocks(Squares().answer, BLOCKS))
    assert told.value.code == "no-workers"
    assert scheduler[0] in told.value.mend


def killing(process, answers):
    """Kill a process after the third answer."""
    for number, answer in enumerate(answers):
        yield answer
        if number == 2:
            process.kill()


def test_a_scheduler_that_dies_in_the_middle_is_told_and_the_finished_blocks_have_come(scheduler):
    def slow(block):
        time.sleep(0.05)
        return Squares().answer(block)

    address, process = scheduler
    came = []
    with (
        working(address),
        cluster(scheduler=address) as workers,
        pytest.raises(OfflineError) as told,
    ):
        came.extend(killing(process, workers.map_blocks(slow, BLOCKS * 100)))
    assert told.value.code == "scheduler-lost"
    assert len(came) >= 3
    assert came == (EXPECTED * 100)[: len(came)]


def test_the_last_worker_gone_is_told(scheduler, monkeypatch):
    monkeypatch.setattr(module, "_WORKERS_S", 1)
    monkeypatch.setattr(module, "_LOOK_S", 0.5)

    def slow(block):
        time.sleep(0.2)

    with working(scheduler[0]) as worker, cluster(scheduler=scheduler[0]) as workers:
        monkeypatch.setattr(module, "_WORKERS_S", 30)
        answers = workers.map_blocks(slow, BLOCKS)
        next(answers)
        monkeypatch.setattr(module, "_WORKERS_S", 1)
        worker.kill()
        with pytest.raises(OfflineError) as told:
            list(answers)
    assert told.value.code == "no-workers"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({}, "cluster-choice"),
        ({"n_workers": -1}, "cluster-choice"),
        ({"scheduler": "tcp://127.0.0.1:1", "n_workers": 1}, "cluster-choice"),
        ({"scheduler": "somewhere"}, "cluster-address"),
        ({"scheduler": "http://host:80"}, "cluster-address"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(wish, code):
    with pytest.raises(UsageError) as told, cluster(**wish):
        pass
    assert told.value.code == code


def test_without_the_library_a_clear_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(AccessibilityError) as told, cluster(n_workers=1):
        pass
    assert told.value.code == "cluster-missing"
    assert "accessibility[cluster]" in told.value.mend

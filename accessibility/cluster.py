"""Blocks of origins worked off by Dask workers: on this machine, or wherever a scheduler finds them."""

import logging
import re
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any, TypeVar

import accessibility
from accessibility.errors import OfflineError, UsageError
from accessibility.messages import _
from accessibility.threads import use_threads

_Answer = TypeVar("_Answer")

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:]+\]|[^:/\s]+):\d{1,5}")
_CONNECT_S = 10
"""How long (s) a scheduler may take to answer."""
_WORKERS_S = 30
"""How long (s) to wait while a scheduler has no worker."""
_LOOK_S = 2
"""How often (s) to look whether anybody still works."""
_IGNORE_INTERRUPT = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""Run by every worker started here: Ctrl-C reaches the whole terminal, but this process ends them."""
_TRIES = 3
"""How often what the workers held in memory is sent again without any block being finished in between."""


class Cluster:
    """
    Workers behind a scheduler. Made by `cluster`.

    Parameters
    ----------
    client
        A `distributed.Client` that is connected.
    address
        Where the scheduler is, for messages.
    """

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address

    def map_blocks(self, answer: Callable[[range], _Answer], blocks: Sequence[range]) -> Iterator[_Answer]:
        """
        Work off blocks on the workers.

        Parameters
        ----------
        answer
            Answers a block. It is sent to every worker once, with everything it holds.
        blocks
            The blocks.

        Yields
        ------
        answers
            In the order of the blocks, whoever worked them off. At most two blocks per thread are under way
            or wait for their turn, so that memory is bounded.

        Raises
        ------
        OfflineError
            If the scheduler is lost, no worker is left, or a block ends every worker that takes it.
        UsageError
            If a worker runs another version of this program.
        """
        left = deque(blocks)
        tries = 0
        while left:
            try:
                for result in self._in_order(answer, tuple(left)):
                    left.popleft()
                    tries = 0
                    yield result
            except _Lost as error:  # the workers that held the network are gone: the others get it anew
                tries += 1
                if tries > _TRIES:
                    raise self._failing(left[0]) from error

    def _in_order(self, answer: Callable[[range], _Answer], blocks: Sequence[range]) -> Iterator[_Answer]:
        n_threads = self._threads()
        with self._told():
            held = self._client.scatter(answer, broadcast=True, hash=False)
        waiting: deque[tuple[range, Any]] = deque()
        rest = deque(blocks)
        try:
            while rest or waiting:
                while rest and len(waiting) < 2 * n_threads:
                    with self._told():
                        waiting.append((rest[0], self._client.submit(_answered, held, rest[0], pure=False)))
                    rest.popleft()
                result: _Answer = self._result(*waiting.popleft())
                yield result
        finally:
            for _block, future in waiting:
                future.cancel()

    def _threads(self) -> int:
        """Count the threads of all workers, waiting for the first one; refuse other versions."""
        with self._told():
            try:
                self._client.wait_for_workers(1, timeout=_WORKERS_S)
            except TimeoutError as error:
                raise self._nobody() from error
            versions = self._client.run(_versions)
            n_threads: int = sum(self._client.nthreads().values())
        for worker, version in sorted(versions.items()):
            if version != _versions():
                what = _("a worker runs {theirs}, here runs {ours}", theirs=version, ours=_versions())
                mend = _("Install the same version on every computer, or the results would not be one.")
                raise UsageError(what, where=worker, mend=mend, code="cluster-version")
        return max(1, n_threads)

    def _result(self, block: range, future: Any) -> Any:
        import distributed

        idle_s = 0
        while True:
            try:
                with self._told():
                    failure = future.exception(timeout=_LOOK_S)
                    if failure is None:
                        return future.result()
                    break
            except TimeoutError as error:
                idle_s = 0 if self._client.scheduler_info(n_workers=-1)["workers"] else idle_s + _LOOK_S
                if idle_s >= _WORKERS_S:
                    raise self._nobody() from error
        if isinstance(failure, distributed.KilledWorker):
            raise self._failing(block) from failure
        raise failure

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn the end of the scheduler into words; tell apart where only workers are gone."""
        try:
            yield
        except TimeoutError:
            raise
        except (CancelledError, OSError) as error:
            cancelled = isinstance(error, CancelledError) and getattr(error, "reason", "") != _GONE
            if cancelled and self._client.status == "running":
                raise _Lost from error
            what = _("the scheduler is lost in the middle of the work")
            mend = _("Start it again with its workers, then run the same command again.")
            raise OfflineError(what, where=self._address, mend=mend, code="scheduler-lost") from error

    def _nobody(self) -> OfflineError:
        what = _("the scheduler has no worker")
        mend = _("Start one: dask worker {address}", address=self._address)
        return OfflineError(what, where=self._address, mend=mend, code="no-workers")

    def _failing(self, block: range) -> OfflineError:
        what = _("every worker that took this block of origins ended, {first} to {last}",
                 first=block.start + 1, last=block.stop)  # fmt: skip
        mend = _("Most likely memory runs out: give every worker more, or let fewer work on one computer.")
        return OfflineError(what, where=self._address, mend=mend, code="workers-ended")


_GONE = "scheduler-connection-lost"
"""What distributed calls it."""


class _Lost(Exception):
    """What the workers held is gone with them; the scheduler is still there."""


@contextmanager
def cluster(*, scheduler: str = "", n_workers: int = 0) -> Iterator[Cluster]:
    """
    Connect to a scheduler, or start workers on this machine.

    Parameters
    ----------
    scheduler
        Address like ``tcp://host:8786``.
    n_workers
        In place of a scheduler: number of processes to start here, one thread each, out of reach of others.

    Yields
    ------
    cluster
        Gone afterwards, as are the workers started here.

    Raises
    ------
    UsageError
        If neither or both are given, the address is none, or the library is not installed.
    OfflineError
        If the scheduler does not answer.
    """
    if bool(scheduler) == bool(n_workers) or n_workers < 0:
        what = _("give either the address of a scheduler or a number of workers, one at least")
        raise UsageError(what, where=f"--workers {n_workers}", code="cluster-choice")
    if scheduler and not _ADDRESS.fullmatch(scheduler):
        what, mend = _("this is no address of a scheduler"), _("Write it like tcp://192.168.1.20:8786.")
        raise UsageError(what, where=f"--scheduler {scheduler}", mend=mend, code="cluster-address")
    distributed = _distributed()
    with _quiet(), _started(distributed, scheduler, n_workers) as (client, address):
        yield Cluster(client, address)


@contextmanager
def _started(distributed: Any, scheduler: str, n_workers: int) -> Iterator[tuple[Any, str]]:
    local = None
    if n_workers:
        local = distributed.LocalCluster(
            n_workers=n_workers, threads_per_worker=1, processes=True, host="127.0.0.1",
            dashboard_address="127.0.0.1:0", preload=[_IGNORE_INTERRUPT], silence_logs=logging.CRITICAL,
        )  # fmt: skip
    try:
        address = local.scheduler_address if local is not None else scheduler
        try:
            client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
        except OSError as error:
            what = _("no scheduler answers here")
            mend = _("Start one: dask scheduler — and check address, port and firewall.")
            raise OfflineError(what, where=address, mend=mend, code="scheduler-unreachable") from error
        try:
            yield client, address
        finally:
            client.close(timeout=_CONNECT_S)
    finally:
        if local is not None:
            local.close(timeout=_CONNECT_S)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        what = _("a cluster needs the library distributed, which is not installed")
        mend = _("Install it: pip install accessibility[cluster]")
        raise UsageError(what, mend=mend, code="cluster-missing") from error
    return distributed


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library's own log, which repeats in its words what is told in ours."""
    loggers = [logging.getLogger(name) for name in sorted(logging.root.manager.loggerDict)
               if name.split(".")[0] == "distributed"]  # fmt: skip
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _answered(answer: Callable[[range], _Answer], block: range) -> _Answer:
    """Run on a worker, which answers as many blocks at a time as it has threads: each is worth one."""
    use_threads(1)
    return answer(block)


def _versions() -> str:
    """Name what has to be the same on every computer; run on a worker too."""
    return f"accessibility {accessibility.__version__}, Python {sys.version_info[0]}.{sys.version_info[1]}"

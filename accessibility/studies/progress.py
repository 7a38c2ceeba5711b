"""How a study tells how far it is, without knowing who listens; and how it works off blocks of origins."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from accessibility.messages import _
from accessibility.threads import thread_count

_Answer = TypeVar("_Answer")

Progress = Callable[[str, int, int], None]
"""Called with the name of a stage, how much of it is done, and how much there is."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def preparing() -> str:
    """Name the stage before the first search: without it the first run would seem to hang while compiling."""
    return _("preparing the search; the very first run compiles it, which takes some seconds")


def in_threads(
    stage: str, progress: Progress, *, n_threads: int | None = None
) -> Callable[[Callable[[range], _Answer], Sequence[range]], Iterator[_Answer]]:
    """
    Work off blocks in threads; the kernels let go of the interpreter lock.

    Parameters
    ----------
    stage, progress
        What to tell, and whom.
    n_threads
        Number of threads; `accessibility.threads.thread_count` where not given.

    Returns
    -------
    map_blocks
        Gives answers in the order of the blocks, so that no byte depends on the number of threads. At most
        two per thread are under way or wait for their turn, so that memory is bounded.
    """

    def map_blocks(answer: Callable[[range], _Answer], blocks: Sequence[range]) -> Iterator[_Answer]:
        n_workers = max(1, min(n_threads or thread_count(), len(blocks) or 1))
        rest = iter(blocks)
        with ThreadPoolExecutor(n_workers) as pool:
            try:
                waiting = deque(pool.submit(answer, block) for block in islice(rest, 2 * n_workers))
                for done in range(1, len(blocks) + 1):
                    result = waiting.popleft().result()
                    waiting.extend(pool.submit(answer, block) for block in islice(rest, 1))
                    progress(stage, done, len(blocks))
                    yield result
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    return map_blocks

"""How many threads this process works with: one rule for everything that shares out work."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")

_stated: list[int] = []


def use_threads(n_threads: int | None) -> None:
    """
    State how many threads to work with.

    Parameters
    ----------
    n_threads
        At least 1; ``None`` for one per processor this process may use.
    """
    _stated[:] = [] if n_threads is None else [max(1, n_threads)]


def thread_count() -> int:
    """Give the number of threads that was stated, else one per processor this process may use."""
    if _stated:
        return _stated[0]
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def in_parallel(work: Callable[[_Item], _Answer], items: Iterable[_Item]) -> Iterator[_Answer]:
    """
    Work off items side by side; the kernels let go of the interpreter lock.

    Yields
    ------
    answer
        One per item, in their order: nothing depends on the number of threads.
    """
    with ThreadPoolExecutor(thread_count()) as pool:
        yield from pool.map(work, items)

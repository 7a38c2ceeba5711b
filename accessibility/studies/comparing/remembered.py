"""What was worked out before, up to a number of things: the longest unused is forgotten first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Made = TypeVar("_Made")


class Remembered(Generic[_Made]):
    """
    Remembers what was made for a key.

    Parameters
    ----------
    limit
        How many are kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._made: OrderedDict[Hashable, _Made] = OrderedDict()

    def of(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Return what was made for a key before, else make it."""
        if key not in self._made:
            self._made[key] = make()
            while len(self._made) > self._limit:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return self._made[key]

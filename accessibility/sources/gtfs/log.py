"""Everything that is wrong with one feed, collected while it is read."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from accessibility.model.provenance import Notice

MOST_OF_A_KIND = 5000
"""So many notices of one kind stand alone; the last of them counts those beyond."""


class Log:
    """
    Notices of one feed.

    Parameters
    ----------
    label
        Name of the feed, before the names of its files.
    """

    def __init__(self, label: str) -> None:
        self.label = label
        self.notices: list[Notice] = []

    def file(self, name: str) -> str:
        """Name a file of the feed; without a name, the feed."""
        return f"{self.label}/{name}" if name else self.label

    def tell(self, notice: Notice) -> None:
        """Add a notice; its file is the name within the feed."""
        self.notices.append(replace(notice, file=self.file(notice.file)))

    def tell_rows(
        self, notice: Notice, rows: Sequence[int] | NDArray[np.int64], values: Sequence[str] = ()
    ) -> None:
        """Add the notice once for every row, with the value of that row."""
        for position, row in enumerate(np.asarray(rows)[:MOST_OF_A_KIND].tolist()):
            count = len(rows) - position if position == MOST_OF_A_KIND - 1 else 1
            value = values[position] if values else notice.value
            self.tell(replace(notice, row=row, value=value, count=count))

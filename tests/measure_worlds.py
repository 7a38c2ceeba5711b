"""Travel times written down, for tests of measures."""

import numpy as np

from accessibility.model import reasons
from accessibility.model.access_table import AccessTable
from accessibility.model.travel_times import TravelTimes
from accessibility.units import UNREACHED
from tests.builders import walking

FAR = reasons.BEYOND_LIMITS


def given(*rows, levels=("mid",), why=None, destination_ids=None, metres_per_s=1.0, **query):
    """Make travel times: a row per origin; per destination a number (s) or one per level, None unreached."""
    cells = [[cell if isinstance(cell, tuple) else (cell,) for cell in row] for row in rows]
    duration_s = np.array(
        [[[UNREACHED if s is None else s for s in cell] for cell in row] for row in cells], np.int32
    ).reshape(len(rows), -1, len(levels))
    reached = (duration_s != UNREACHED).any(axis=2)
    n, n_destinations = len(levels), duration_s.shape[1]
    return TravelTimes(
        origin_ids=tuple(f"o{i}" for i in range(len(rows))),
        destination_ids=tuple(destination_ids or (f"d{j}" for j in range(n_destinations))),
        duration_s=duration_s,
        distance_m=np.where(duration_s == UNREACHED, np.nan, duration_s * metres_per_s),
        reason=np.where(reached, reasons.REACHED, FAR if why is None else np.array(why)).astype(np.int8),
        query=walking(levels=levels, connector_mps=(1.0,) * n, speed_mps=(1.0,) * n, **query),
    )


def rows(table):
    """Read a table as lists, None where there is no value, with the reasons as codes."""
    values = [[None if np.isnan(v) else v for v in row] for row in table.values.tolist()]
    return values, [reasons.REASON_CODES[reason] for reason in table.reason]


def shares(*values):
    """Make a table of access with one column."""
    column = np.array(values, float)[:, np.newaxis]
    return AccessTable(
        measure="opportunities",
        target="jobs",
        mode="walk",
        period="",
        as_of="",
        origin_ids=tuple(f"o{i}" for i in range(len(column))),
        columns=("30",),
        values=column,
        reason=np.where(np.isnan(column[:, 0]), FAR, reasons.REACHED).astype(np.int8),
    )

"""Who is attached to another street than before, because a scenario closes or builds streets?"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _, listed
from accessibility.model.comparison import ATTACHED_ELSEWHERE, GAIN, NEWLY_REACHED, ChangeTable
from accessibility.model.linkage import Attachment
from accessibility.model.provenance import Notice
from accessibility.model.streets import Streets
from accessibility.streetwork.graph import street_graph
from accessibility.streetwork.snapping import attach, attachment_points
from accessibility.studies.comparing.comparison_side import ComparisonSide

SAME_POINT_M = 1.0
"""Points of attachment nearer than this (m) are one: a street that is split there is measured anew."""
N_NAMED = 10
"""Origins that are named."""

Mask = NDArray[np.bool_]
_Side = tuple[Streets, ComparisonSide]


def attached_elsewhere(before: _Side, after: _Side, tables: Sequence[ChangeTable]) -> tuple[Notice, ...]:
    """
    Tell whose way to the streets is another one than before.

    Parameters
    ----------
    before, after
        The streets and what is linked to them; the stops of the first are the first stops of the second.
    tables
        Changes from the origins, target by target.

    Returns
    -------
    notices
        One where anybody is, with some of the origins, those that gain where any does; none otherwise. Every
        point is attached to the nearest street alone, so another street may also lie on a shorter way.
    """
    (old_streets, old), (new_streets, new) = before, after
    origins = np.zeros(len(old.ids[0]), bool)
    for one, other in zip(_origins(*before), _origins(*after), strict=True):
        origins |= _moved((old_streets, one), (new_streets, other)) & _stayed(one, other)
    n_goals = _n_goals(before, after)
    n_stops = len(old.linkage.stops)
    new_stops = new.linkage.stops.part(range(n_stops))
    stops = _moved((old_streets, old.linkage.stops), (new_streets, new_stops))
    if not origins.any() and not n_goals and not stops.any():
        return ()
    gaining = np.any([np.isin(table.classes, (GAIN, NEWLY_REACHED)) for table in tables], axis=0) & origins
    message = _(
        "streets closed, cut off or built attach {origins} starting points, {goals} destinations and {stops} "
        "stops to another street than before; whoever goes by them may get quicker for this reason alone",
        origins=int(origins.sum()),
        goals=n_goals,
        stops=int(stops.sum()),
    )
    quicker, some = (
        listed(old.ids[0][i] for i in np.flatnonzero(rows)[:N_NAMED]) for rows in (gaining, origins)
    )
    if quicker:
        message += _(" (such starting points that get quicker: {ids})", ids=quicker)
    elif some:
        message += _(" (such starting points: {ids})", ids=some)
    mend = _(
        "Every point is attached to its nearest street only; look at the journeys before reading a gain."
    )
    return (Notice(ATTACHED_ELSEWHERE, "warning", message, mend=mend),)


def _origins(streets: Streets, side: ComparisonSide) -> Iterator[Attachment]:
    """Give where people begin to walk, and where they begin to ride to the stop."""
    yield side.linkage.origins
    if (by := side.query.access) is not None:
        origins = side.places[0]
        yield attach(streets, street_graph(streets, by), by, (origins.lon, origins.lat))


def _moved(before: tuple[Streets, Attachment], after: tuple[Streets, Attachment]) -> Mask:
    """Say which places are attached to another street, or on one side only; a split street stays itself."""
    (old_streets, one), (new_streets, other) = before, after
    moved: Mask = one.segment != other.segment
    if old_streets.n_segments != new_streets.n_segments:  # built streets number the segments anew
        apart_m = np.hypot(*(attachment_points(old_streets, one) - attachment_points(new_streets, other)).T)
        moved = (one.linked != other.linked) | (np.isfinite(apart_m) & (apart_m > SAME_POINT_M))
    return moved


def _stayed(one: Attachment, other: Attachment) -> Mask:
    """Say which places stand where they stood; who moves is attached elsewhere for that reason."""
    stayed: Mask = (one.x_m == other.x_m) & (one.y_m == other.y_m)
    return stayed


def _n_goals(before: _Side, after: _Side) -> int:
    """Count the destinations of both sides that stand where they stood and are attached elsewhere."""
    (old_streets, old), (new_streets, new) = before, after
    at = {place_id: i for i, place_id in enumerate(new.ids[1])}
    pairs = [(i, at[place_id]) for i, place_id in enumerate(old.ids[1]) if place_id in at]
    rows = np.array(pairs, np.intp).reshape(-1, 2)
    one, other = old.linkage.destinations.at(rows[:, 0]), new.linkage.destinations.at(rows[:, 1])
    return int((_moved((old_streets, one), (new_streets, other)) & _stayed(one, other)).sum())

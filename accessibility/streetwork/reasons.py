"""Why two places are not joined over streets."""

import numpy as np
from numpy.typing import NDArray

from accessibility.model import reasons
from accessibility.model.linkage import Attachment
from accessibility.streetwork.graph import StreetGraph


def pair_reasons(
    graph: StreetGraph, origins: Attachment, destinations: Attachment, reached: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """Name the first thing that stands in the way of every pair, in the order a person would ask."""
    parts = [
        np.where(places.linked, graph.segment_part[places.segment], -1) for places in (origins, destinations)
    ]
    reason = np.full(reached.shape, reasons.BEYOND_LIMITS, np.int8)
    reason[parts[0][:, np.newaxis] != parts[1][np.newaxis]] = reasons.NO_WAY
    reason[:, ~destinations.linked] = reasons.DESTINATION_NOT_LINKED
    reason[~origins.linked, :] = reasons.ORIGIN_NOT_LINKED
    reason[:, ~destinations.located] = reasons.DESTINATION_NO_POSITION
    reason[~origins.located, :] = reasons.ORIGIN_NO_POSITION
    reason[reached] = reasons.REACHED
    return reason

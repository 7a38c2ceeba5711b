"""GTFS feeds, one or several, as one timetable."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from accessibility.errors import DataError, UsageError
from accessibility.messages import _
from accessibility.model.provenance import Notice, Provenance
from accessibility.model.timetable import NONE, Timetable
from accessibility.sources.gtfs.archive import open_feed
from accessibility.sources.gtfs.feed import Feed, read_feed

_IDS = ("stop_ids", "route_ids", "service_ids", "trip_ids", "block_ids", "frequency_ids")
_POINTERS = {
    "stop_parent": "stop_ids",
    "stop_time_stop": "stop_ids",
    "trip_route": "route_ids",
    "trip_service": "service_ids",
    "trip_block": "block_ids",
    "frequency_trip": "trip_ids",
    "pathway_from_stop": "stop_ids",
    "pathway_to_stop": "stop_ids",
    **{
        f"transfer_{end}_{what}": f"{what}_ids"
        for end in ("from", "to")
        for what in ("stop", "route", "trip")
    },
}
_OFFSETS = ("service_offset", "stop_time_offset", "shape_offset")


def read_gtfs(paths: Sequence[str | Path], *, names: Sequence[str] = ()) -> Timetable:
    """
    Read the timetable of one feed or of several together.

    Parameters
    ----------
    paths
        Zips or folders, at least one.
    names
        Names of the feeds, one each; the names of the files without their end where not given. With several
        feeds every identifier becomes ``name:id``; those of a single feed stay as they are.

    Returns
    -------
    timetable
        Everything that can be used. What was left out or is odd stands in ``provenance.notices`` with file
        and row: trips that cannot be used are left out each with a notice ``error``.

    Raises
    ------
    UsageError
        If there is no path, or two feeds would bear one name.
    SourceError
        If a file is missing, no zip, or damaged.
    DataError
        If a required file or column is missing, no trip of a feed can be used, or time zones differ; it
        carries every notice of all feeds.

    Notes
    -----
    Blank times are filled in by distance: ``shape_dist_traveled`` where it is stated from end to end of the
    gap, else along the shape, else straight from stop to stop.
    """
    labels = _labels(paths, names)
    feeds: list[Feed] = []
    failures: list[DataError] = []
    notices: list[Notice] = []
    files = [Path(path).resolve().name for path in paths]
    for path, label, file in zip(paths, labels, files, strict=True):
        try:
            feeds.append(read_feed(open_feed(path, label=file if files.count(file) == 1 else label)))
            notices.extend(feeds[-1].notices)
        except DataError as error:
            failures.append(error)
            notices.extend(one for one in error.notices if isinstance(one, Notice))
    if failures:
        first = failures[0]
        raise DataError(
            first.what, notices=notices, where=first.where, mend=first.mend, code=first.code
        ) from first
    zones = dict.fromkeys(feed.columns["time_zone"] for feed in feeds)
    if len(zones) > 1:
        raise DataError(
            _("the feeds are in different time zones: {zones}", zones=", ".join(zones)),
            notices=notices,
            where=", ".join(feed.source.file for feed in feeds),
            mend=_("Compute them one by one."),
            code="gtfs-time-zone",
        )
    provenance = Provenance(sources=tuple(feed.source for feed in feeds), notices=tuple(notices))
    columns = [feed.columns for feed in feeds]
    return Timetable(**(columns[0] if len(feeds) == 1 else _joined(columns, labels)), provenance=provenance)


def _labels(paths: Sequence[str | Path], names: Sequence[str]) -> list[str]:
    if not paths or isinstance(paths, (str, Path)):
        raise UsageError(
            _("no timetable was given"), mend=_("Name a GTFS zip or folder."), code="gtfs-no-feed"
        )
    if names and len(names) != len(paths):
        raise UsageError(
            _("there are {n} feeds but {m} names", n=len(paths), m=len(names)),
            mend=_("Give one name per feed, or none."),
            code="gtfs-names",
        )
    labels = [name.strip() for name in names] or [Path(path).resolve().stem for path in paths]
    if len(set(labels)) != len(labels) or not all(labels) or any(":" in label for label in labels):
        raise UsageError(
            _("feeds need different names without a colon; these are: {names}", names=", ".join(labels)),
            mend=_("Give one name per feed."),
            code="gtfs-names",
        )
    return labels


def _joined(feeds: Sequence[dict[str, Any]], labels: Sequence[str]) -> dict[str, Any]:
    """Put columns of feeds one after the other; identifiers gain the name of their feed."""
    joined: dict[str, Any] = {"time_zone": feeds[0]["time_zone"]}
    for name in feeds[0]:
        parts = [feed[name] for feed in feeds]
        if name == "time_zone":
            continue
        if name in _IDS:
            joined[name] = tuple(
                f"{label}:{one}" for label, part in zip(labels, parts, strict=True) for one in part
            )
        elif isinstance(parts[0], tuple):
            joined[name] = tuple(one for part in parts for one in part)
        elif name in _OFFSETS:
            bases = _bases([int(part[-1]) for part in parts])
            moved = [part[:-1] + base for part, base in zip(parts, bases, strict=True)]
            joined[name] = np.concatenate([*moved, [sum(int(part[-1]) for part in parts)]])
        elif name in _POINTERS or name == "trip_shape":
            counts = [_count(feed, name) for feed in feeds]
            moved = [
                np.where(part == NONE, NONE, part + base)
                for part, base in zip(parts, _bases(counts), strict=True)
            ]
            joined[name] = np.concatenate(moved)
        else:
            joined[name] = np.concatenate(parts)
    return joined


def _count(feed: dict[str, Any], pointer: str) -> int:
    return len(feed["shape_offset"]) - 1 if pointer == "trip_shape" else len(feed[_POINTERS[pointer]])


def _bases(counts: Sequence[int]) -> list[int]:
    return [sum(counts[:position]) for position in range(len(counts))]

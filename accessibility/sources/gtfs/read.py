"""GTFS feeds, one or several, as one timetable."""

from collections.abc import Sequence
from pathlib import Path

from accessibility.errors import DataError, UsageError
from accessibility.messages import _
from accessibility.model.joining import join_timetables
from accessibility.model.provenance import Notice, Provenance
from accessibility.model.timetable import Timetable
from accessibility.sources.gtfs.archive import open_feed
from accessibility.sources.gtfs.feed import Feed, read_feed


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
    DataError
        If the time zones of feeds differ; and whatever `read_feeds` raises.
    """
    labels = timetable_labels(paths, names)
    return join_timetables(read_feeds(paths, labels), labels)


def read_feeds(paths: Sequence[str | Path], labels: Sequence[str]) -> list[Timetable]:
    """
    Read feeds one by one, each with the identifiers it states.

    Parameters
    ----------
    paths
        Zips or folders.
    labels
        Their names, one each.

    Returns
    -------
    timetables
        In the order of the paths.

    Raises
    ------
    SourceError
        If a file is missing, no zip, or damaged.
    DataError
        If a required file or column is missing or no trip of a feed can be used; it carries every notice of
        all feeds.

    Notes
    -----
    Blank times are filled in by distance: ``shape_dist_traveled`` where it is stated from end to end of the
    gap, else along the shape, else straight from stop to stop.
    """
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
    return [
        Timetable(**feed.columns, provenance=Provenance((feed.source,), tuple(feed.notices)))
        for feed in feeds
    ]


def timetable_labels(paths: Sequence[str | Path], names: Sequence[str] = ()) -> list[str]:
    """
    Name timetables that are used together, by their files where no names are given.

    Raises
    ------
    UsageError
        If there is none, there is not one name each, or two would bear one name.
    """
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

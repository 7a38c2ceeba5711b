"""Whether a feed with malformed entries may be used: only where somebody asked to go on without them."""

from collections.abc import Sequence
from dataclasses import replace

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.model.timetable import Timetable


def usable_feeds(feeds: Sequence[Timetable], *, skip_errors: bool) -> list[Timetable]:
    """
    Refuse feeds that have malformed entries, or say that they are used without them.

    Parameters
    ----------
    feeds
        Feeds as they were read.
    skip_errors
        Whether to go on without what is malformed.

    Returns
    -------
    feeds
        The same feeds; one with malformed entries tells ``feed-errors-skipped`` (warning) beside them.

    Raises
    ------
    DataError
        If an entry is malformed and nobody asked to go on; it carries every notice of all feeds.
    """
    errors = [sum(one.count for one in _errors(feed)) for feed in feeds]
    if sum(errors) and not skip_errors:
        raise DataError(
            _("{n} entries of the timetable are malformed; nothing was computed", n=sum(errors)),
            notices=[notice for feed in feeds for notice in feed.provenance.notices],
            where=", ".join(_file(feed) for feed, n in zip(feeds, errors, strict=True) if n),
            mend=_(
                "Mend what is marked ✗, or go on without it: --skip-errors, "
                "in a study.toml: [transit] skip_errors = true"
            ),
            code="feed-errors",
        )
    return [_told(feed, n) if n else feed for feed, n in zip(feeds, errors, strict=True)]


def _errors(feed: Timetable) -> list[Notice]:
    return [notice for notice in feed.provenance.notices if notice.severity == "error"]


def _file(feed: Timetable) -> str:
    return feed.provenance.sources[0].file


def _told(feed: Timetable, n: int) -> Timetable:
    message = _("as asked, computed without {n} malformed entries; service may be missing", n=n)
    mend = _("Mend the feed before figures are used.")
    notice = Notice("feed-errors-skipped", "warning", message, _file(feed), mend=mend)
    return replace(feed, provenance=feed.provenance.with_notices((notice,)))

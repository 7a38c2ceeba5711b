"""GTFS, the published form of timetables: from zips and folders to a `Timetable`."""

from accessibility.sources.gtfs.read import read_feeds, read_gtfs, timetable_labels

__all__ = ["read_feeds", "read_gtfs", "timetable_labels"]

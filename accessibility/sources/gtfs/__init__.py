"""GTFS, the published form of timetables: from zips and folders to a `Timetable`."""

from accessibility.sources.gtfs.read import read_gtfs

__all__ = ["read_gtfs"]

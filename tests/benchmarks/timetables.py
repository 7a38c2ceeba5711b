"""Benchmarks of timetables: a large feed, from its zip to the runs of a day."""

import tempfile
from pathlib import Path

from tests.benchmarks.big_feed import write_feed
from tests.benchmarks.measured import timed

READ = "from accessibility.sources.gtfs import read_gtfs; timetable = read_gtfs([{file!r}])"
DAY = "; import datetime; timetable.on(datetime.date(2021, 5, 21))"


def gtfs():
    """Read a made-up feed of a million stop_times, then gather the runs of a day too."""
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "big.zip")
        write_feed(file)
        read = timed(["-c", READ.format(file=file)])
        day = timed(["-c", READ.format(file=file) + DAY])
    yield read.row("GTFS of 1,000,000 stop_times to `Timetable`, process included", "1")
    yield day.row("the same, then `timetable.on(date)`", f"{day.median / read.median:.2f}")

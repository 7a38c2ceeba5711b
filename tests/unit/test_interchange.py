"""RULE UNDER TEST: an interchange is what leaves within a walk of the platform, and what misses the train."""

from datetime import date

import numpy as np
import pytest

from accessibility.errors import ModelError
from accessibility.measures import interchanges, ride_times
from accessibility.model.linkage import WalkTable
from accessibility.sources.line_sheets import read_line_sheets

DAY = date(2021, 5, 21)  # a Friday
LINES = """line,name,mode,valid_from
m,Metro,metro,
b,Bus,bus,
"""
STOPS = """line,direction,order,stop_id,name,lon,lat,minutes
m,0,1,far,Far,121.30,31.27,
m,0,2,sta,Station,121.20,31.27,20
m,1,1,sta,Station,121.20,31.27,
m,1,2,far,Far,121.30,31.27,20
b,0,1,kerb,Kerb,121.2005,31.27,
b,0,2,out,Outside,121.25,31.27,15
b,1,1,out,Outside,121.25,31.27,
b,1,2,kerb,Kerb,121.2005,31.27,15
"""
SERVICES = """line,direction,days,departures,from,to,headway_min
m,0,weekday,06:00 07:00 22:00,,,
m,1,weekday,05:00 06:17 07:00,,,
b,0,weekday,06:30 07:10 08:00,,,
b,1,weekday,,06:00,08:00,30
"""


@pytest.fixture
def timetable(tmp_path):
    for name, text in (("lines", LINES), ("stops", STOPS), ("services", SERVICES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_line_sheets(tmp_path, first_day=DAY, last_day=DAY)


def walks(timetable, pairs, radius_m=500.0):
    """Walks (m) between stops by id, both ways, every stop to itself."""
    n, index = len(timetable.stop_ids), timetable.stop_ids.index
    table = {(i, i): 0.0 for i in range(n)}
    for a, b, metres in pairs:
        table[index(a), index(b)] = table[index(b), index(a)] = metres
    rows = sorted(table)
    offset = np.searchsorted([a for a, _b in rows], np.arange(n + 1))
    return WalkTable(offset, np.array([b for _a, b in rows]), np.array([table[r] for r in rows]), n, radius_m)


def audit(timetable, *, metres=120.0, radii_m=(100, 150)):
    return interchanges(
        timetable,
        walks(timetable, [("sta", "kerb", metres)]),
        DAY,
        stations=["sta"],
        radii_m=radii_m,
        periods_s=[(7 * 3600, 8 * 3600)],
        walk_mps=1.0,
    )


def test_stops_and_lines_count_within_the_walk_only(timetable):
    (near, wide), _lines = audit(timetable)

    assert (near.n_stops, near.n_lines, near.per_hour) == (0, 0, (0.0,))
    assert (wide.n_stops, wide.n_lines) == (1, 1)
    assert wide.per_hour == (1.0,)  # 07:10; the end of the period, 08:00, is not in it


def test_first_and_last_and_what_misses_them(timetable):
    (_near, wide), _lines = audit(timetable)

    assert (wide.first_bus_s, wide.last_bus_s) == (6 * 3600 + 1800, 8 * 3600)
    assert (wide.first_train_s, wide.last_train_s) == (5 * 3600, 22 * 3600 + 1200)
    # The first bus ends here at 06:15, two minutes' walk from the train of 06:17; that of 05:00 has none.
    assert wide.n_missed_early == 1
    assert (wide.n_trains, wide.n_missed_late) == (3, 1)  # the train of 22:20 finds no bus any more
    assert not wide.scheduled  # the way back has a headway


def test_a_line_is_listed_once_towards_each_end(timetable):
    _found, lines = audit(timetable)

    assert [(one.route, one.towards, one.walk_m, one.first_s) for one in lines] == [
        ("b", "Outside", 120.0, 23_400)
    ]


def test_a_date_outside_the_timetable_is_an_error(timetable):
    with pytest.raises(ModelError, match="2022"):
        interchanges(
            timetable, walks(timetable, []), date(2022, 1, 1), stations=["sta"], radii_m=(100,), periods_s=[],
            walk_mps=1.0,
        )  # fmt: skip


def test_rides_are_those_that_leave_in_the_window(timetable):
    def minutes(start, end):
        found = ride_times(timetable, DAY, "b", ("kerb", "out"), (start * 3600, end * 3600))
        return (found / 60).tolist()

    assert minutes(6, 8) == [15.0, 15.0]
    assert minutes(8, 8) == [15.0]  # one moment
    assert minutes(9, 24) == []
    assert ride_times(timetable, DAY, "m", ("kerb", "out"), (0, 86_400)).size == 0

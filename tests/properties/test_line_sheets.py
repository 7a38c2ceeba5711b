"""RULE UNDER TEST: a line as a line sheet and as GTFS answers alike, for every minute and every draw."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.sources.gtfs import read_gtfs
from accessibility.sources.gtfs.times import clock_text
from accessibility.transit import drawn_days
from accessibility.units import clock_from_seconds
from tests import feeds
from tests.sheets import SERVICES, STOPS, folder, read
from tests.transit_worlds import arrivals, query

FRIDAY = date(2021, 5, 21)
START_S, N_MINUTES = 7 * 3600, 30


@st.composite
def lines(draw):
    """Two to five stops some minutes apart; bands one after the other, each a headway or departures."""
    minutes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    clock, bands = 60 * draw(st.integers(6 * 60, 7 * 60)), []
    for length, headway in draw(
        st.lists(st.tuples(st.integers(5, 60), st.integers(1, 20)), min_size=1, max_size=3)
    ):
        bands.append((clock, clock + 60 * length, 60 * headway, draw(st.booleans())))
        clock += 60 * length
    return minutes, bands


def as_sheet(place, minutes, bands):
    stops = "".join(
        f"L,0,{n},{n},{121 + n / 50:.2f},31.3,{minutes[n - 1] if n else ''}\n"
        for n in range(len(minutes) + 1)
    )
    services = ""
    for start_s, end_s, every_s, stated in bands:
        if stated:
            listed = " ".join(clock_from_seconds(one) for one in range(start_s, end_s, every_s))
            services += f"L,0,daily,,,,,,{listed},\n"
        else:
            start, end = clock_from_seconds(start_s), clock_from_seconds(end_s)
            services += f"L,0,daily,{start},{end},{every_s // 60},,,,\n"
    return read(folder(place, stops=STOPS + stops, services=SERVICES + services))


def as_feed(place, minutes, bands):
    trips, calls, rows, names = "", "", "", []
    for number, (start_s, end_s, every_s, stated) in enumerate(bands):
        runs = range(start_s, end_s, every_s) if stated else (start_s,)
        for run_s in runs:
            trip = f"{number}/{run_s}"
            trips += f"r,work,{trip}\n"
            clocks = [clock_text(run_s + 60 * sum(minutes[:n])) for n in range(len(minutes) + 1)]
            calls += feeds.calls(*(f"{clock} {n}" for n, clock in enumerate(clocks)), trip=trip)
        if not stated:
            rows += f"{trip},{clock_text(start_s)},{clock_text(end_s)},{every_s},0\n"
            names.append(f"L/0/daily/{clock_from_seconds(start_s)}/{clock_from_seconds(end_s)}")
    stops = "".join(f"{n},{n},31.3,{121 + n / 50:.2f}\n" for n in range(len(minutes) + 1))
    timetable = read_gtfs(
        [
            feeds.feed(
                place,
                stops="stop_id,stop_name,stop_lat,stop_lon\n" + stops,
                trips="route_id,service_id,trip_id\n" + trips,
                stop_times=feeds.CALLS + calls,
                frequencies=feeds.BANDS + rows,
            )
        ]
    )
    return replace(timetable, frequency_ids=tuple(names))  # names decide the phases, here they are the same


def answers(timetable):
    asked = query(FRIDAY, start_s=START_S, n_minutes=N_MINUTES, n_draws=3)
    access = {timetable.stop_ids.index("0"): 90}
    return [
        arrivals(day, {}, access, start_s=START_S, n_minutes=N_MINUTES).tolist()
        for day in drawn_days(timetable, asked)
    ]


@settings(max_examples=60, deadline=None)
@given(lines())
def test_a_line_sheet_and_a_feed_of_the_same_line_give_the_same_times(line):
    with TemporaryDirectory() as place:
        sheet, feed = as_sheet(Path(place), *line), as_feed(Path(place), *line)
    assert sheet.stop_ids == feed.stop_ids
    assert answers(sheet) == answers(feed)

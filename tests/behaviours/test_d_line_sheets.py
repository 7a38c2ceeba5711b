"""RULE UNDER TEST: a line sheet answers like the timetable it stands for; joined with feeds, it adds service.

The line of `tests.sheets`: Alpha, Beta after 3 min, Gamma after 6 more; working days 6:00-9:00 every 10 min.
"""

from datetime import date, timedelta

import pytest

from accessibility.errors import DataError, ModelError
from accessibility.model.joining import join_timetables
from accessibility.model.service_day import service_day
from accessibility.sources.gtfs import read_gtfs
from accessibility.studies.on_transit import read_timetables
from accessibility.transit import drawn_days
from tests import feeds
from tests.sheets import SERVICES, WORLD, folder, read
from tests.transit_worlds import arrivals, durations, query

FRIDAY, SUNDAY = date(2021, 5, 21), date(2021, 5, 23)
H = 3600


def at_gamma(timetable, day, *, start_s, n_minutes, walk_s=120, egress_s=180, slack_s=60):
    """Sorted durations over the window, 2 min from the origin to Alpha and 3 min from Gamma to the goal."""
    stops = timetable.stop_ids
    found = arrivals(
        day, {}, {stops.index("Alpha"): walk_s}, start_s=start_s, n_minutes=n_minutes, slack_s=slack_s
    )
    return durations(found, start_s, {stops.index("Gamma"): egress_s}).tolist()


def test_a_journey_on_stated_departures_is_computed_by_hand(tmp_path):
    """
    Leave at 7:00, 2 min to Alpha, 1 min of slack: at 7:03 ready; 7:10 departs, 9 min ride, 3 min on foot.

    Arrival 7:22 whatever minute of 7:00-7:07 one leaves: 22 to 15 min; at 7:08 and 7:09 one is late and
    takes 7:20, arriving 7:32: 24 and 23 min.
    """
    timetable = read(folder(tmp_path, services=SERVICES + "1,0,weekday,,,,,,07:00 07:10 07:20,\n"))
    day = service_day(timetable, FRIDAY)
    expected = sorted([60 * minutes for minutes in (22, 21, 20, 19, 18, 17, 16, 15, 24, 23)])
    assert at_gamma(timetable, day, start_s=7 * H, n_minutes=10) == expected


def test_a_journey_on_a_headway_waits_for_less_than_the_headway_whatever_the_draw(tmp_path):
    """2 min to Alpha, 1 min of slack, a wait below 10 min, 9 min ride, 3 min on foot: 15 to 25 min."""
    timetable = read(folder(tmp_path))
    for day in drawn_days(timetable, query(FRIDAY, start_s=7 * H, n_minutes=10, n_draws=5)):
        found = at_gamma(timetable, day, start_s=7 * H, n_minutes=10)
        assert found[0] >= 15 * 60
        assert found[-1] < 25 * 60
        assert len(set(found)) == 10, "one wait for every minute of the headway"


def test_an_unchanged_line_keeps_its_phases_when_another_is_added(tmp_path):
    asked = query(FRIDAY, start_s=7 * H, n_minutes=10, n_draws=3)
    alone = read(folder(tmp_path))
    other = WORLD["stops"].partition("\n")[2].replace("1,0,", "0,0,")
    more = read(
        folder(
            tmp_path,
            stops=WORLD["stops"] + other,
            services=WORLD["services"] + "0,0,daily,10:00,11:00,5,,,,\n",
        )
    )
    answers = [
        [at_gamma(one, day, start_s=7 * H, n_minutes=10) for day in drawn_days(one, asked)]
        for one in (alone, more)
    ]
    assert answers[0] == answers[1]


def test_a_day_without_service_is_no_service_and_no_error(tmp_path):
    timetable = read_timetables((), (folder(tmp_path),), SUNDAY)
    assert service_day(timetable, SUNDAY).n_runs == 0


def test_feeds_and_line_sheets_stand_side_by_side(tmp_path):
    sheet, bus = folder(tmp_path, "metro"), feeds.feed(tmp_path, "bus")
    timetable = read_timetables((bus,), (sheet,), FRIDAY)

    assert timetable.stop_ids == (
        "bus:a", "bus:b", "bus:c", "metro:Alpha", "metro:Beta", "metro:Gamma")  # fmt: skip
    assert timetable.frequency_ids == ("metro:1/0/weekday/06:00/09:00",)
    assert timetable.trip_ids[int(timetable.frequency_trip[0])] == "metro:1/0/weekday/06:00/09:00"
    assert timetable.route_facts["headway_high_s"] == ("", "720")
    assert timetable.route_facts["assumed_operating"] == ("", "yes")
    assert [source.file for source in timetable.provenance.sources] == [
        "bus.zip", "metro/stops.csv", "metro/services.csv"]  # fmt: skip
    assert timetable.last_day == FRIDAY + timedelta(days=7)
    assert service_day(timetable, FRIDAY).n_runs == 1, "the feed's trip; bands are drawn"


def test_line_sheets_do_not_hide_that_a_feed_has_ended(tmp_path):
    with pytest.raises(ModelError, match="date-outside-feed"):
        read_timetables((feeds.feed(tmp_path),), (folder(tmp_path),), date(2022, 1, 3))


def test_time_zones_must_be_one_and_labels_different(tmp_path):
    here, there = read(folder(tmp_path)), read(folder(tmp_path), time_zone="America/Sao_Paulo")
    with pytest.raises(DataError, match="time-zones"):
        join_timetables([here, there], ["a", "b"])
    for labels in (["a", "a"], ["a"], ["a", "b:c"], ["a", ""]):
        with pytest.raises(ModelError, match="timetable-labels"):
            join_timetables([here, here], labels)
    assert join_timetables([here], ["a"]) is here


def test_joining_feeds_is_reading_them_together(tmp_path):
    paths = [feeds.feed(tmp_path, "one"), feeds.feed(tmp_path, "two")]
    joined = join_timetables([read_gtfs([path]) for path in paths], ["one", "two"])
    together = read_gtfs(paths)
    assert joined.trip_ids == together.trip_ids == ("one:t", "two:t")
    assert joined.stop_time_stop.tolist() == together.stop_time_stop.tolist() == [0, 1, 2, 3, 4, 5]
    assert joined.horizon is together.horizon is None

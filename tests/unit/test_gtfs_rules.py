"""RULE UNDER TEST: a row of a feed that cannot be used is left out and told; everything else stays."""

from datetime import date

import pytest

from accessibility.sources.gtfs import read_gtfs
from tests.feeds import BANDS, CALLS, RULES, WORLD, arrivals, calls, clock, codes, feed, told

TRIPS = "route_id,service_id,trip_id\n"
TWO_TRIPS = TRIPS + "r,work,t\nr,work,u\n"
GOOD_U = calls("9:00:00 a", "9:10:00 c", trip="u")
CALENDAR = WORLD["calendar.txt"].splitlines()[0] + "\n"


@pytest.fixture
def read(tmp_path):
    return lambda **files: read_gtfs([feed(tmp_path, **files)])


# ---- trips that cannot be used are left out, the rest stays

BAD_CALLS = [
    ("unknown stop", calls("8:00:00 a", "8:05:00 nowhere", "8:09:00 c"), "gtfs-trip-unknown-stop", 3),
    ("times run back", calls("8:00:00 a", "7:59:00 b", "8:09:00 c"), "gtfs-times-run-back", 3),
    ("back over a blank", calls("8:00:00 a", "- b", "7:59:00 c"), "gtfs-times-run-back", 4),
    ("leaves before it comes", "t,8:00:00,8:00:00,a,1\nt,8:09:00,8:08:00,c,2\n", "gtfs-times-run-back", 3),
    ("blank start", calls("- a", "8:05:00 b", "8:09:00 c"), "gtfs-blank-end", 2),
    ("blank end", calls("8:00:00 a", "8:05:00 b", "- c"), "gtfs-blank-end", 4),
    ("one call", calls("8:00:00 a"), "gtfs-trip-one-call", 2),
    ("no call", "", "gtfs-trip-without-calls", 2),
    ("a time that is none", calls("8:00:00 a", "8:65:00 c"), "gtfs-trip-malformed", 3),
    ("a number that is none", "t,8:00:00,8:00:00,a,x\nt,8:01:00,8:01:00,b,2\n", "gtfs-trip-malformed", 2),
    ("a blank stop", "t,8:00:00,8:00:00,a,1\nt,8:01:00,8:01:00,,2\n", "gtfs-trip-malformed", 3),
    ("a cell too many", "t,8:00:00,8:00:00,a,1\nt,8:01:00,8:01:00,b,2,x\n", "gtfs-trip-malformed", 3),
]


@pytest.mark.parametrize(
    ("rows", "code", "line"), [one[1:] for one in BAD_CALLS], ids=[o[0] for o in BAD_CALLS]
)
def test_a_trip_with_bad_calls_is_left_out_and_told(read, rows, code, line):
    timetable = read(trips=TWO_TRIPS, stop_times=CALLS + rows + GOOD_U)

    assert timetable.trip_ids == ("u",)
    assert arrivals(timetable, "u") == [clock(9), clock(9, 10)]
    (notice,) = [one for one in timetable.provenance.notices if one.code == code]
    assert (notice.severity, notice.row, notice.value) == ("error", line, "t")
    assert notice.message
    assert notice.file.startswith("feed.zip/")


@pytest.mark.parametrize(
    ("row", "field"), [("nowhere,work,t", "route_id"), ("r,never,t", "service_id"), (",work,t", "route_id")]
)
def test_a_trip_without_its_route_or_service_is_left_out_and_told(read, row, field):
    timetable = read(trips=f"{TRIPS}{row}\nr,work,u\n", stop_times=WORLD["stop_times.txt"] + GOOD_U)

    assert timetable.trip_ids == ("u",)
    (notice,) = [one for one in timetable.provenance.notices if one.severity == "error"]
    assert (notice.file, notice.row, notice.field) == ("feed.zip/trips.txt", 2, field)


def test_calls_of_an_unknown_trip_are_told(read):
    timetable = read(stop_times=WORLD["stop_times.txt"] + GOOD_U)

    assert timetable.trip_ids == ("t",)
    assert told(timetable, "error") == [
        ("gtfs-unknown-reference", "stop_times.txt", row, "u") for row in (5, 6)
    ]


def test_the_second_of_two_equal_names_is_left_out_and_told(read):
    timetable = read(
        trips=TRIPS + "r,work,t\nr,work,t\n",
        stops=WORLD["stops.txt"] + "a,Again,31.4,121.1\n",
        calendar=WORLD["calendar.txt"] + "work,0,0,0,0,0,1,1,20210517,20210530\n",
    )

    assert timetable.stop_names[0] == "Alpha"
    assert told(timetable, "error") == [
        ("gtfs-duplicate", "stops.txt", 5, "a"),
        ("gtfs-duplicate", "calendar.txt", 3, "work"),
        ("gtfs-duplicate", "trips.txt", 3, "t"),
    ]


def test_calls_out_of_order_are_sorted_and_told(read):
    header, first, second, third = WORLD["stop_times.txt"].splitlines(keepends=True)
    timetable = read(stop_times=header + third + first + second)

    assert arrivals(timetable) == [clock(8), clock(8, 3), clock(8, 12)]
    assert told(timetable) == [("gtfs-calls-out-of-order", "stop_times.txt", 3, "")]


def test_repeated_numbers_are_told_and_copies_taken_once(read):
    copied = read(stop_times=WORLD["stop_times.txt"] + "t,08:12:00,08:12:00,c,3\n")
    repeated = read(stop_times=WORLD["stop_times.txt"].replace("b,2", "b,1"))

    assert told(copied) == [("gtfs-call-copied", "stop_times.txt", 5, "3")]
    assert len(copied.stop_time_stop) == 3
    assert told(repeated) == [("gtfs-sequence-repeated", "stop_times.txt", 3, "1")]
    assert arrivals(repeated) == [clock(8), clock(8, 3), clock(8, 12)]


def test_hops_without_time_and_hops_too_fast_are_told_and_kept(read):
    timetable = read(stop_times=CALLS + calls("8:00:00 a", "8:00:00 b", "8:00:30 c"))

    assert [(one.code, one.value) for one in timetable.provenance.notices[1:]] == [
        ("gtfs-too-fast", "Beta → Gamma: 228 km/h"),
        ("gtfs-zero-hop", "Alpha → Beta: 952 m"),
    ]
    assert arrivals(timetable) == [clock(8), clock(8), clock(8, 0, 30)]


def test_a_train_may_be_faster_than_a_bus(read):
    routes = WORLD["routes.txt"].replace("First,3", "First,2")

    assert told(read(routes=routes, stop_times=CALLS + calls("8:00:00 b", "8:00:30 c"))) == [
        ("gtfs-stop-never-served", "stops.txt", 2, "a")
    ]


# ---- calendars


def test_calendar_rows_that_say_nothing_are_told_and_their_trips_left_out(read):
    calendar = WORLD["calendar.txt"] + (
        "back,1,1,1,1,1,1,1,20210530,20210517\nodd,1,1,2,1,1,1,1,20210517,20210530\n"
        "feb,1,1,1,1,1,1,1,20210230,20210530\n"
    )
    trips = TRIPS + "r,work,t\nr,back,x\nr,odd,y\nr,feb,z\n"
    timetable = read(calendar=calendar, trips=trips)

    assert timetable.service_ids == ("work",)
    assert timetable.trip_ids == ("t",)
    assert told(timetable, "error") == [
        ("gtfs-value", "calendar.txt", 4, "2"),
        ("gtfs-value", "calendar.txt", 5, "20210230"),
        ("gtfs-calendar-runs-back", "calendar.txt", 3, "20210517"),
        *(
            ("gtfs-unknown-reference", "trips.txt", row, name)
            for row, name in ((3, "back"), (4, "odd"), (5, "feb"))
        ),
    ]


def test_a_service_until_the_year_9999_fills_no_memory(read):
    timetable = read(calendar=CALENDAR + "work,1,1,1,1,1,1,1,20210517,99991231\n")

    assert codes(timetable) == ["gtfs-calendar-long"]
    assert timetable.operates(date(2100, 1, 1)).all()


# ---- stops


def test_stations_entrances_and_parents(read):
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "S,Station,31.3,121.1,1,\na,,31.3,121.1,,S\nE,Door,31.3,121.1,2,S\n"
        "b,B,31.3,121.11,0,nowhere\nc,C,31.3,121.13,0,a\nz,Z,0,0,0,\n"
    )
    timetable = read(stops=stops)

    assert timetable.stop_kind.tolist() == [1, 0, 2, 0, 0, 0]
    assert timetable.stop_parent.tolist() == [-1, 0, 0, -1, -1, -1]
    assert timetable.stop_names[1] == "a"
    assert told(timetable) == [
        ("gtfs-position-zero", "stops.txt", 7, "z"),
        ("gtfs-unknown-reference", "stops.txt", 5, "nowhere"),
        ("gtfs-parent-kind", "stops.txt", 6, "a"),
        ("gtfs-stop-never-served", "stops.txt", 7, "z"),
        ("gtfs-stop-without-position", "stops.txt", 7, "z"),
    ]


def test_boarding_on_request_is_kept_and_told(read):
    header = CALLS.strip() + ",pickup_type,drop_off_type\n"
    rows = "t,8:00:00,8:00:00,a,1,2,1\nt,8:04:00,8:04:00,b,2,3,3\nt,8:09:00,8:09:00,c,3,1,\n"
    timetable = read(stop_times=header + rows)

    assert timetable.pickup.tolist() == [2, 3, 1]
    assert timetable.drop_off.tolist() == [1, 3, 0]
    assert told(timetable) == [
        ("gtfs-on-request", "stop_times.txt", 2, "2"),
        ("gtfs-on-request", "stop_times.txt", 3, "3"),
    ]


# ---- frequencies, blocks, transfers, pathways


def test_headway_bands_are_read_and_named_by_trip_and_start(read):
    timetable = read(frequencies=BANDS + "t,6:00:00,09:00:00,600,\nt,09:00:00,25:00:00,1200,1\n")

    assert timetable.frequency_ids == ("t@06:00:00", "t@09:00:00")
    assert timetable.headway_s.tolist() == [600, 1200]
    assert timetable.frequency_exact.tolist() == [False, True]
    assert timetable.frequency_end_s.tolist() == [clock(9), clock(25)]


def test_bands_that_overlap_run_back_or_have_no_headway_are_left_out(read):
    rows = "t,6:00:00,9:00:00,600,0\nt,8:00:00,10:00:00,300,0\n"
    rows += "t,11:00:00,11:00:00,300,0\nt,12:00:00,13:00:00,0,0\n"
    timetable = read(frequencies=BANDS + rows)

    assert timetable.frequency_ids == ("t@06:00:00",)
    assert sorted(told(timetable, "error")) == [
        ("gtfs-band-runs-back", "frequencies.txt", 4, ""),
        ("gtfs-bands-overlap", "frequencies.txt", 3, "t"),
        ("gtfs-value", "frequencies.txt", 5, "0"),
    ]


def test_a_trip_that_loses_all_its_bands_does_not_run_once_instead(read):
    timetable = read(
        trips=TWO_TRIPS,
        stop_times=WORLD["stop_times.txt"] + GOOD_U,
        frequencies=BANDS + "t,6:00:00,9:00:00,0,0\nnobody,6:00:00,9:00:00,60,0\n",
    )

    assert timetable.trip_ids == ("u",)
    assert codes(timetable, "error") == ["gtfs-value", "gtfs-unknown-reference", "gtfs-trip-without-bands"]


def test_a_vehicle_cannot_be_in_two_places(read):
    trips = "route_id,service_id,trip_id,block_id\n" + "".join(f"r,work,{one},v\n" for one in "tuw")
    rows = calls("8:05:00 a", "8:30:00 c", trip="u") + calls("8:12:00 c", "8:20:00 a", trip="w")
    timetable = read(trips=trips, stop_times=WORLD["stop_times.txt"] + rows)

    assert timetable.block_ids == ("v",)
    assert timetable.trip_block.tolist() == [0, -1, 0]
    assert told(timetable, "warning") == [("gtfs-block-overlap", "trips.txt", 3, "u")]


def test_trips_of_one_block_on_different_days_do_not_overlap(read):
    trips = "route_id,service_id,trip_id,block_id\nr,work,t,v\nr,rest,u,v\n"
    timetable = read(
        trips=trips,
        calendar=WORLD["calendar.txt"] + "rest,0,0,0,0,0,1,1,20210517,20210530\n",
        stop_times=WORLD["stop_times.txt"] + calls("8:00:00 a", "8:12:00 c", trip="u"),
    )

    assert told(timetable) == []
    assert timetable.trip_block.tolist() == [0, 0]


def test_transfer_rules_of_every_type_are_read(read):
    rows = "a,b,,,,\na,b,,,1,\na,a,,,2,120\nb,c,,,3,\n,,t,u,4,\na,a,u,t,5,\n"
    timetable = read(trips=TWO_TRIPS, stop_times=WORLD["stop_times.txt"] + GOOD_U, transfers=RULES + rows)

    assert told(timetable) == []
    assert timetable.transfer_type.tolist() == [0, 1, 2, 3, 4, 5]
    assert timetable.transfer_min_s.tolist() == [-1, -1, 120, -1, -1, -1]
    assert timetable.transfer_from_stop.tolist() == [0, 0, 0, 1, -1, 0]
    assert timetable.transfer_to_trip.tolist() == [-1, -1, -1, -1, 1, 0]
    assert timetable.transfer_from_route.tolist() == [-1] * 6


def test_transfer_rules_that_lead_nowhere_or_in_a_circle_are_left_out(read):
    rows = "a,nowhere,,,0,\na,,,,0,\na,b,,,9,\na,b,,,2,\n,,t,u,4,\n,,u,t,4,\n,,t,t,4,\n"
    timetable = read(trips=TWO_TRIPS, stop_times=WORLD["stop_times.txt"] + GOOD_U, transfers=RULES + rows)

    assert timetable.transfer_type.tolist() == [2, 4]
    assert sorted(told(timetable)) == [
        ("gtfs-transfer-loop", "transfers.txt", 7, "t"),
        ("gtfs-transfer-loop", "transfers.txt", 8, "t"),
        ("gtfs-transfer-nameless", "transfers.txt", 3, "0"),
        ("gtfs-transfer-timeless", "transfers.txt", 5, ""),
        ("gtfs-unknown-reference", "transfers.txt", 2, "nowhere"),
        ("gtfs-value", "transfers.txt", 4, "9"),
    ]


def test_pathways_have_a_time_or_get_one_from_their_length(read):
    ways = (
        "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length,traversal_time\n"
        "1,a,b,1,1,,45\n2,b,c,2,0,30.5,\n3,a,nowhere,1,1,,9\n4,a,b,1,1,,\n"
    )
    timetable = read(pathways=ways)

    assert timetable.pathway_s.tolist() == [45, -1, -1]
    assert timetable.pathway_mode.tolist() == [1, 2, 1]
    assert timetable.pathway_length_m.tolist() == pytest.approx([952, 30.5, 952], abs=0.1)
    assert timetable.pathway_both_ways.tolist() == [True, False, True]
    assert sorted(codes(timetable)) == [
        "gtfs-pathway-estimated",
        *["gtfs-stop-locked"] * 3,
        "gtfs-unknown-reference",
    ]


def test_trips_that_run_alike_are_told_and_kept(read):
    timetable = read(
        trips=TWO_TRIPS,
        stop_times=WORLD["stop_times.txt"] + WORLD["stop_times.txt"][len(CALLS) :].replace("t,", "u,"),
    )

    assert timetable.trip_ids == ("t", "u")
    assert told(timetable) == [("gtfs-trip-twin", "trips.txt", 3, "u")]


def test_a_service_that_never_runs_is_told(read):
    timetable = read(calendar=WORLD["calendar.txt"] + "idle,0,0,0,0,0,0,0,20210517,20210530\n")

    assert told(timetable) == [("gtfs-service-idle", "", 0, "idle")]
    assert timetable.service_offset.tolist() == [0, 10, 10]

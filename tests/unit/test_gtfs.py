"""RULE UNDER TEST: whatever of a feed can be used is read; everything else is told with file and row."""

import time
import zipfile
from datetime import date

import numpy as np
import pytest

from accessibility.errors import DataError, SourceError, UsageError
from accessibility.sources.gtfs import read_gtfs
from tests.feeds import BANDS, CALLS, RULES, WORLD, arrivals, calls, clock, codes, feed, told, world
from tests.reference import reference

GOOD_U = calls("9:00:00 a", "9:10:00 c", trip="u")


@pytest.fixture
def read(tmp_path):
    return lambda **files: read_gtfs([feed(tmp_path, **files)])


@pytest.fixture
def failure(tmp_path):
    def run(**files):
        with pytest.raises(DataError) as caught:
            read_gtfs([feed(tmp_path, **files)])
        return caught.value

    return run


# ---- what is read


def test_the_small_world_is_read_without_a_word(read):
    timetable = read()

    assert told(timetable) == []
    assert (timetable.time_zone, timetable.stop_ids) == ("Asia/Shanghai", ("a", "b", "c"))
    assert timetable.stop_names == ("Alpha", "Beta", "Gamma")
    assert arrivals(timetable) == [clock(8), clock(8, 3), clock(8, 12)]
    assert timetable.departure_s.tolist() == [clock(8), clock(8, 4), clock(8, 12)]
    assert (timetable.trip_direction[0], timetable.trip_block[0], timetable.trip_shape[0]) == (-1, -1, -1)
    assert (timetable.first_day, timetable.last_day) == (date(2021, 5, 17), date(2021, 5, 28))
    assert timetable.operates(date(2021, 5, 21)).tolist() == [True]
    assert timetable.operates(date(2021, 5, 22)).tolist() == [False]


def test_the_source_carries_hash_and_date_and_the_validity_is_told(read):
    info = "feed_publisher_name,feed_start_date,feed_version\nA,20210501,7\n"
    timetable = read(feed_info=info)

    (source,) = timetable.provenance.sources
    assert (source.file, source.title, source.date, len(source.sha256)) == (
        "feed.zip",
        "GTFS",
        "2021-05-01",
        64,
    )
    assert [one.value for one in timetable.provenance.notices] == ["2021-05-17/2021-05-28"]


def test_a_folder_and_a_folder_inside_a_zip_are_read_alike(tmp_path):
    folder = tmp_path / "as_folder"
    folder.mkdir()
    for name, data in world().items():
        (folder / name).write_bytes(data)

    for path in (folder, feed(tmp_path, inside="export/2021/")):
        assert read_gtfs([path]).stop_ids == ("a", "b", "c")


def test_header_with_blanks_byte_order_mark_quotes_and_no_last_newline(read):
    stops = (
        '\ufeff"stop_id" , stop_name,stop_lat,stop_lon\r\n\r\n'
        '001,"Alpha, the ""first""\nof all",31.3,121.1\r\nb,Beta,31.3,121.11\r\n c ,Gamma,31.3,x'
    )
    timetable = read(stops=stops, stop_times=CALLS + calls("8:00:00 001", "8:09:00 c"))

    assert timetable.stop_ids == ("001", "b", "c")
    assert timetable.stop_names[0] == 'Alpha, the "first"\nof all'
    assert ("gtfs-value", "stops.txt", 6, "x") in told(timetable, "warning")


def test_gbk_text_is_read_and_told(read):
    timetable = read(stops=WORLD["stops.txt"].replace("Alpha", "封浜").encode("gbk"))

    assert timetable.stop_names[0] == "封浜"
    assert codes(timetable) == ["encoding"]


def test_columns_that_nobody_knows_and_colours_are_passed_over(read):
    routes = "route_id,route_color,route_type,mark\nr,not-a-colour,3,I\n"

    assert told(read(routes=routes)) == []


def test_calendar_dates_alone_and_both_together(read):
    exceptions = "service_id,date,exception_type\nwork,20210522,1\nwork,20210521,2\n"

    alone = read(calendar=None, calendar_dates=exceptions)
    both = read(calendar_dates=exceptions)

    assert (alone.first_day, alone.last_day) == (date(2021, 5, 22), date(2021, 5, 22))
    assert both.operates(date(2021, 5, 22)).all()
    assert not both.operates(date(2021, 5, 21)).any()
    assert len(both.service_day) == 10
    assert np.all(np.diff(both.service_day) > 0)


def test_times_past_midnight_and_single_digit_hours(read):
    timetable = read(stop_times=CALLS + calls("5:00:00 a", "25:10:00 c"))

    assert arrivals(timetable) == [clock(5), clock(25, 10)]


def test_one_time_of_a_call_stands_for_both(read):
    timetable = read(stop_times=CALLS + "t,,8:00:00,a,1\nt,8:05:00,,b,2\nt,8:09:00,,c,3\n")

    assert arrivals(timetable) == [clock(8), clock(8, 5), clock(8, 9)]
    assert told(timetable) == []


# ---- blank times


def test_blanks_follow_the_straight_distance_between_stops(read):
    timetable = read(stop_times=CALLS + calls("8:00:00 a", "- b", "8:09:00 c"))

    assert arrivals(timetable) == [clock(8), clock(8, 3), clock(8, 9)]
    assert told(timetable) == [("gtfs-times-filled-3", "stop_times.txt", 3, "")]


def test_blanks_follow_the_stated_distance_first(read):
    header = CALLS.strip() + ",shape_dist_traveled\n"
    stated = "t,8:00:00,8:00:00,a,1,5\nt,,,b,2,6\nt,8:10:00,8:10:00,c,3,15\n"
    backwards = stated.replace(",6\n", ",4\n")

    assert arrivals(read(stop_times=header + stated))[1] == clock(8, 1)
    assert arrivals(read(stop_times=header + backwards))[1] == clock(8, 3, 20)


def test_blanks_follow_the_shape_where_there_is_one(read):
    shapes = (
        "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
        "s,31.3,121.13,9\ns,31.3,121.1,0\ns,31.3,121.11,2\ns,31.34,121.12,4\n"
    )
    trips = "route_id,service_id,trip_id,shape_id\nr,work,t,s\n"
    timetable = read(shapes=shapes, trips=trips, stop_times=CALLS + calls("8:00:00 a", "- b", "9:00:00 c"))

    # 0.952 km to b; 0.952 km across and 4.448 km up, and the same down: 4.549 km twice
    assert arrivals(timetable)[1] == pytest.approx(clock(8) + 3600 * 0.952 / (0.952 + 2 * 4.549), abs=4)
    assert codes(timetable) == ["gtfs-times-filled-2"]
    assert timetable.shape_lon.tolist() == [121.1, 121.11, 121.12, 121.13]


def test_a_street_passed_twice_is_told_apart(read):
    shapes = (
        "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
        "s,31.3,121.10,1\ns,31.3,121.13,2\ns,31.3,121.10,3\n"
    )
    trips = "route_id,service_id,trip_id,shape_id\nr,work,t,s\n"
    rows = calls("8:00:00 a", "- b", "- c", "- b", "8:12:00 a")

    timetable = read(shapes=shapes, trips=trips, stop_times=CALLS + rows)

    assert arrivals(timetable) == [clock(8, minute) for minute in (0, 2, 6, 10, 12)]


def test_a_shape_elsewhere_does_not_measure_a_trip(read):
    shapes = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\ns,30,120,1\ns,30,121,2\n"
    trips = "route_id,service_id,trip_id,shape_id\nr,work,t,s\n"
    timetable = read(shapes=shapes, trips=trips, stop_times=CALLS + calls("8:00:00 a", "- b", "8:09:00 c"))

    assert arrivals(timetable)[1] == clock(8, 3)
    assert codes(timetable, "warning") == ["gtfs-shape-astray"]


def test_without_any_distance_blanks_are_spread_evenly_and_told(read):
    stops = WORLD["stops.txt"].replace("b,Beta,31.300,121.110", "b,Beta,,")
    timetable = read(stops=stops, stop_times=CALLS + calls("8:00:00 a", "- b", "8:09:00 c"))

    assert arrivals(timetable)[1] == clock(8, 4, 30)
    assert codes(timetable, "warning") == ["gtfs-times-filled-4", "gtfs-stop-without-position"]


# ---- feeds that cannot be read


@pytest.mark.parametrize("name", ["agency", "stops", "routes", "trips", "stop_times"])
def test_a_required_file_missing_is_named(failure, name):
    error = failure(**{name: None})

    assert error.code == "gtfs-incomplete"
    assert ("gtfs-file-missing", "", 0, f"{name}.txt") in told(error)


def test_a_feed_without_any_calendar_is_refused(failure):
    assert "calendar.txt / calendar_dates.txt" in told(failure(calendar=None))[0]


def test_every_missing_column_and_file_is_told_at_once(failure):
    error = failure(agency=None, stops="stop_id,stop_name\na,A\n", trips="route_id,trip_id\nr,t\n")

    fields = [(one.code, one.field) for one in error.notices]
    assert fields == [
        ("gtfs-file-missing", ""),
        ("gtfs-column-missing", "stop_lat"),
        ("gtfs-column-missing", "stop_lon"),
        ("gtfs-column-missing", "service_id"),
    ]


@pytest.mark.parametrize("name", ["stops", "trips", "stop_times"])
def test_an_empty_file_is_a_file_without_its_columns(failure, name):
    assert "gtfs-column-missing" in codes(failure(**{name: "\n"}))


def test_files_that_are_no_zip_or_damaged_are_named(tmp_path):
    whole = feed(tmp_path).read_bytes()
    kinds = {
        "gtfs-no-zip": b"<html>not found</html>",
        "gtfs-zip-damaged": whole[: len(whole) // 2],
        "file-missing": None,
    }
    for code, data in kinds.items():
        path = tmp_path / f"{code}.zip"
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(SourceError) as caught:
            read_gtfs([path])
        assert caught.value.code == code


def test_a_zip_whose_inside_is_damaged_is_named(tmp_path):
    path = feed(tmp_path)
    data = bytearray(path.read_bytes())
    data[60:90] = bytes(30)
    path.write_bytes(data)

    with pytest.raises(SourceError, match="gtfs-zip-damaged"):
        read_gtfs([path])


def test_a_zip_that_grows_without_measure_is_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stops.txt", bytes(60_000_000))

    with pytest.raises(SourceError, match="gtfs-too-large"):
        read_gtfs([path])


def test_a_zip_without_a_timetable_is_incomplete(tmp_path):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.md", "no timetable")

    with pytest.raises(DataError, match="gtfs-incomplete"):
        read_gtfs([path])


def test_time_zones_must_be_one(tmp_path, failure):
    here = WORLD["agency.txt"]
    there = here.replace("Asia/Shanghai", "America/Sao_Paulo")
    assert failure(agency=here + "B,B,http://b.example,Asia/Tokyo\n").code == "gtfs-time-zone"
    assert failure(agency=here.replace("Asia/Shanghai", "")).code == "gtfs-time-zone"
    with pytest.raises(DataError, match="time-zones"):
        read_gtfs([feed(tmp_path, "one"), feed(tmp_path, "two", agency=there)])


def test_a_feed_in_which_nothing_is_usable_is_refused_with_every_notice(failure):
    error = failure(stop_times=CALLS + calls("8:00:00 a", "7:00:00 c"))

    assert error.code == "gtfs-no-trips"
    assert codes(error) == ["gtfs-times-run-back"]


# ---- several feeds


def test_several_feeds_keep_their_names_apart(tmp_path):
    everything = {
        "frequencies": BANDS + "t,6:00:00,9:00:00,600,\n",
        "transfers": RULES + "a,b,t,t,0,\n",
        "trips": "route_id,service_id,trip_id,block_id,shape_id\nr,work,t,v,s\n",
        "shapes": (
            "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
            "s,31.3,121.1,0\ns,31.3,121.12,2\ns,31.3,121.13,4\n"
        ),
    }
    paths = [feed(tmp_path, "one", **everything), feed(tmp_path, "two", **everything)]
    timetable = read_gtfs(paths, names=("bus", "rail"))

    assert timetable.stop_ids == ("bus:a", "bus:b", "bus:c", "rail:a", "rail:b", "rail:c")
    assert timetable.frequency_ids == ("bus:t@06:00:00", "rail:t@06:00:00")
    assert timetable.stop_time_stop.tolist() == [0, 1, 2, 3, 4, 5]
    assert timetable.trip_route.tolist() == timetable.trip_block.tolist() == [0, 1]
    assert timetable.trip_shape.tolist() == timetable.frequency_trip.tolist() == [0, 1]
    assert timetable.transfer_to_stop.tolist() == [1, 4]
    assert timetable.transfer_from_trip.tolist() == [0, 1]
    assert timetable.transfer_from_route.tolist() == [-1, -1]
    assert timetable.shape_offset.tolist() == [0, 3, 6]
    assert len(timetable.service_day) == 20
    assert [source.file for source in timetable.provenance.sources] == ["one.zip", "two.zip"]
    assert read_gtfs(paths).route_ids == ("one:r", "two:r")


def test_feeds_of_one_file_name_are_told_apart_by_their_names(tmp_path):
    paths = []
    for place in ("north", "south"):
        (tmp_path / place).mkdir()
        paths.append(feed(tmp_path / place, stop_times=WORLD["stop_times.txt"].replace("08:04:00,b", ",b")))

    sources = read_gtfs(paths, names=("n", "s")).provenance.sources

    assert [source.file for source in sources] == ["n", "s"]


def test_feeds_need_different_names(tmp_path):
    path = feed(tmp_path)

    for paths, names in (([], ()), ([path, path], ()), ([path], ("a", "b")), ([path, path], ("a:b", "c"))):
        with pytest.raises(UsageError):
            read_gtfs(paths, names=names)


def test_one_bad_feed_stops_all_and_carries_the_notices_of_all(tmp_path):
    odd = feed(tmp_path, "odd", stop_times=WORLD["stop_times.txt"] + GOOD_U)
    with pytest.raises(DataError) as caught:
        read_gtfs([odd, feed(tmp_path, "bad", stops=None)])

    files = {one.file for one in caught.value.notices}
    assert {"odd.zip/stop_times.txt", "bad.zip"} <= files


# ---- real feeds


@pytest.fixture(scope="module")
def porto_alegre():
    paths = [reference("porto_alegre/poa_eptc.zip"), reference("porto_alegre/poa_trensurb.zip")]
    return read_gtfs(paths, names=("eptc", "trensurb"))


def test_the_buses_of_porto_alegre_are_read_without_losing_a_trip(record_property):
    path, start = reference("porto_alegre/poa_eptc.zip"), time.perf_counter()
    timetable = read_gtfs([path])
    record_property("read_s", time.perf_counter() - start)

    sizes = tuple(
        len(column)
        for column in (timetable.stop_ids, timetable.trip_ids, timetable.stop_time_stop, timetable.route_ids)
    )
    assert sizes == (3986, 2374, 130_019, 115)
    assert codes(timetable, "error") == []
    assert timetable.operates(date(2019, 5, 13)).any()
    filled = [one for one in timetable.provenance.notices if one.code.startswith("gtfs-times-filled")]
    assert sum(one.count for one in filled) == 125_271


def test_blanks_of_porto_alegre_never_stand_still_between_distant_stops(porto_alegre):
    inner = np.ones(len(porto_alegre.stop_time_stop), bool)
    inner[porto_alegre.stop_time_offset[:-1]] = False
    hop_s = np.diff(porto_alegre.arrival_s, prepend=0)[inner]

    assert (hop_s >= 0).all()
    assert (hop_s == 0).mean() < 0.001


def test_both_feeds_of_porto_alegre_stand_side_by_side(porto_alegre):
    assert porto_alegre.time_zone == "America/Sao_Paulo"
    assert len(porto_alegre.stop_ids) == 3986 + 24
    assert len(porto_alegre.trip_ids) == 2374 + 1248
    assert {name.split(":")[0] for name in porto_alegre.trip_ids} == {"eptc", "trensurb"}
    assert "trensurb:MR" in porto_alegre.stop_ids
    assert codes(porto_alegre, "error") == []

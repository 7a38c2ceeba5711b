"""RULE UNDER TEST: line sheets say what GTFS says and mark what is assumed; all that is wrong is told."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from accessibility.errors import DataError, ModelError, SourceError, UsageError
from accessibility.messages import language, set_language
from accessibility.sources.line_sheets import is_line_sheets, read_line_sheets
from accessibility.sources.line_sheets.schema import SHEETS
from accessibility.sources.notices import check_files
from tests.sheets import FIRST, SERVICES, STOPS, WORLD, facts, folder, hops, read, told, workbook

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2021, 5, 21 + n) for n in range(4))
H = 3600


@pytest.fixture
def sheets(tmp_path):
    return lambda options=None, **changed: read(folder(tmp_path, **changed), **(options or {}))


@pytest.fixture
def failure(tmp_path):
    def run(**changed):
        with pytest.raises(DataError) as caught:
            read(folder(tmp_path, **changed))
        return caught.value

    return run


def running(timetable, day):
    """Names of the trips that run on a date."""
    on = timetable.operates(day)[timetable.trip_service]
    return [name for name, runs in zip(timetable.trip_ids, on.tolist(), strict=True) if runs]


# ---- what is read


def test_the_small_world_becomes_one_line_with_one_headway_band(sheets):
    timetable = sheets()

    assert (timetable.time_zone, timetable.horizon) == (
        "Asia/Shanghai",
        (date(2021, 5, 17), date(2021, 5, 30)),
    )
    assert timetable.stop_ids == timetable.stop_names == ("Alpha", "Beta", "Gamma")
    assert (timetable.route_ids, timetable.route_type.tolist()) == (("1",), [3])
    assert timetable.frequency_ids == timetable.trip_ids == ("1/0/weekday/06:00/09:00",)
    assert timetable.frequency_start_s.tolist() == [6 * H]
    assert timetable.frequency_end_s.tolist() == [9 * H]
    assert (timetable.headway_s.tolist(), timetable.frequency_exact.tolist()) == ([600], [False])
    assert timetable.arrival_s.tolist() == timetable.departure_s.tolist() == [6 * H, 6 * H + 180, 6 * H + 540]
    assert timetable.trip_headsigns == ("Gamma",)
    assert [running(timetable, day) != [] for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [1, 0, 0, 1]


def test_a_workbook_says_the_same_as_a_folder(tmp_path):
    one, other = read(folder(tmp_path)), read(workbook(tmp_path))

    assert one.frequency_ids == other.frequency_ids
    assert np.array_equal(one.arrival_s, other.arrival_s)
    assert [source.file for source in one.provenance.sources] == ["lines/stops.csv", "lines/services.csv"]
    assert [source.file for source in other.provenance.sources] == ["lines.xlsx"]


def test_chinese_headers_words_and_gbk_are_read(tmp_path):
    stops = (
        "序号,线路,方向,站名,纬度,经度,分钟（距上站）\n"
        "1,嘉定1,上行,甲,31.300,121.100,\n2,嘉定1,上行,乙,31.300,121.110,3\n"
        "1,嘉定1,下行,乙,,,\n2,嘉定1,下行,甲,,,4\n"
    )
    services = (
        "线路,方向,日期类型,起,止,间隔,发车时刻\n"
        "嘉定1,,双休日,06：00,25:10,10,\n嘉定1,下行,工作日,,,,06:00、06:20，07:00\n"
    )
    path = folder(tmp_path, stops=None, services=None)
    (path / "站点.csv").write_bytes(stops.encode("gb18030"))
    (path / "班次.csv").write_bytes(b"\xef\xbb\xbf" + services.encode())
    timetable = read(path)

    assert timetable.frequency_ids == ("嘉定1/0/weekend/06:00/25:10", "嘉定1/1/weekend/06:00/25:10")
    assert timetable.frequency_end_s.tolist() == [25 * H + 600] * 2
    names = [f"嘉定1/1/weekday/{clock}" for clock in ("06:00", "06:20", "07:00")]
    assert running(timetable, FRIDAY) == names
    assert running(timetable, SATURDAY) == running(timetable, SUNDAY) == list(timetable.frequency_ids)
    assert timetable.stop_ids == ("甲", "乙")
    assert [hops(timetable, trip) for trip in range(3)] == [[0, 180], [0, 240], [0, 240]]
    assert told(timetable, "info")[0] == ("encoding", "站点.csv", 0, "GB18030")


def test_stops_of_a_name_are_one_within_30_metres_and_a_stated_id_is_always_one(sheets):
    stops = STOPS.replace("name", "stop_id,name") + (
        "1,0,1,,Alpha,121.1000,31.3,\n1,0,2,,Beta,121.1100,31.3,3\n1,0,3,c,Gamma,121.1300,31.3,6\n"
        "1,1,1,c,Gamma,,,\n1,1,2,,Beta,121.1102,31.3,6\n1,1,3,,Alpha,121.1010,31.3,3\n"
    )
    timetable = sheets(stops=stops, services=SERVICES + "1,,daily,06:00,09:00,10,,,,\n")

    assert timetable.stop_ids == ("Alpha", "Beta", "c", "Alpha@2")
    assert timetable.stop_names == ("Alpha", "Beta", "Gamma", "Alpha")
    assert timetable.stop_time_stop.tolist() == [0, 1, 2, 2, 1, 3]


def test_positions_are_read_in_the_stated_system(sheets):
    plain, shifted = sheets(), sheets({"system": "gcj02"})

    assert 300 < (plain.stop_lon - shifted.stop_lon).max() * 95_000 < 600
    assert "coordinates-shifted" in [code for code, *_rest in told(shifted)]


# ---- run times


@pytest.mark.parametrize(
    ("minutes", "line_min", "band_min", "seconds"),
    [
        (("3", "6"), "", "", [0, 180, 540]),
        (("3", "6"), "", "18", [0, 360, 1080]),
        (("3", "6"), "12", "", [0, 240, 720]),
        (("3", "6"), "12", "18", [0, 360, 1080]),
        (("", ""), "", "9", [0, 180, 540]),
        (("", ""), "9", "18", [0, 360, 1080]),
        (("3", ""), "", "10", [0, 180, 600]),
        (("3", ""), "9", "18", [0, 360, 1080]),
        (("0.5", "1"), "", "1", [0, 20, 60]),
    ],
)
def test_blank_minutes_share_the_rest_and_the_run_time_scales(sheets, minutes, line_min, band_min, seconds):
    first, second = minutes
    timetable = sheets(
        stops=STOPS + f"1,0,1,A,121.10,31.3,\n1,0,2,B,121.11,31.3,{first}\n1,0,3,C,121.13,31.3,{second}\n",
        services=SERVICES + f"1,0,daily,06:00,09:00,10,,,,{band_min}\n",
        lines=f"line,run_min\n1,{line_min}\n",
    )
    assert hops(timetable) == seconds


def test_bands_with_other_run_times_are_other_trips(sheets):
    bands = "1,0,daily,06:00,09:00,10,,,,9\n1,0,daily,09:00,12:00,10,,,,18\n"
    timetable = sheets(services=SERVICES + bands)

    assert [hops(timetable, trip) for trip in (0, 1)] == [[0, 180, 540], [0, 360, 1080]]
    assert timetable.frequency_trip.tolist() == [0, 1]


def test_how_many_blanks_were_shared_out_is_told(sheets):
    blank = WORLD["stops"].replace(",3\n", ",\n").replace(",6\n", ",\n")
    timetable = sheets(stops=blank, services=SERVICES + "1,0,daily,06:00,09:00,10,,,,9\n")
    (notice,) = [one for one in timetable.provenance.notices if one.code == "minutes-shared-out"]
    assert (notice.file, notice.row, notice.count) == ("lines/stops.csv", 3, 2)


# ---- departures, ends of bands, calendar


def test_the_last_run_at_the_end_of_a_band_is_a_trip_of_its_own(sheets):
    header = "line,days,from,to,headway_min,last_run\n"
    timetable = sheets(services=header + "1,weekday,06:00,09:00,10,yes\n1,weekday,22:00,22:00,,是\n".replace(
        "22:00,,", "22:00,10,"))  # fmt: skip

    assert timetable.trip_ids == ("1/0/weekday/09:00", "1/0/weekday/06:00/09:00", "1/0/weekday/22:00")
    assert timetable.frequency_trip.tolist() == [1]
    assert timetable.departure_s[timetable.stop_time_offset[[0, 2]]].tolist() == [9 * H, 22 * H]


def test_the_first_and_last_of_stated_departures_are_included(sheets):
    timetable = sheets(services=SERVICES + '1,0,daily,06:00,07:00,,,,"06:00, 06:30 07:00",\n')
    assert [name[-5:] for name in timetable.trip_ids] == ["06:00", "06:30", "07:00"]
    assert timetable.frequency_ids == ()


def test_dates_of_line_and_band_are_inclusive_and_both_hold(sheets):
    timetable = sheets(
        services="line,days,from,to,headway_min,valid_from,valid_to\n"
        "1,daily,06:00,09:00,10,,2021-05-20\n1,daily,06:00,09:00,15,2021-05-21,\n",
        lines="line,valid_from,valid_to\n1,2021-05-18,2021-05-22\n",
    )
    early, late = "1/0/daily/06:00/09:00/..2021-05-20", "1/0/daily/06:00/09:00/2021-05-21.."
    days = [running(timetable, date(2021, 5, day)) for day in range(17, 25)]
    assert days == [[], [early], [early], [early], [late], [late], [], []]


def test_a_date_can_count_as_another_kind_of_day(sheets):
    services = "line,days,departures\n1,weekday,7:00\n1,saturday,8:00\n1,sunday,9:00\n1,daily,10:00\n"
    days = "date,counts_as\n2021-05-21,sunday\n2021-05-22,工作日\n2021-05-23,none\n"
    timetable = sheets(services=services, days=days)

    hours = [[name[-5:] for name in running(timetable, day)] for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)]
    assert hours == [["09:00", "10:00"], ["07:00", "10:00"], [], ["07:00", "10:00"]]


def test_a_day_without_service_is_known_and_a_day_beyond_the_horizon_is_not(sheets):
    timetable = sheets()
    timetable.require(date(2021, 5, 30))
    with pytest.raises(ModelError, match="date-outside-feed"):
        timetable.require(date(2021, 5, 31))


@pytest.mark.parametrize(("headway", "seconds"), [("low", 480), ("mid", 600), ("high", 720)])
def test_either_end_of_a_range_of_headways_can_be_taken_and_keeps_its_name(sheets, headway, seconds):
    timetable = sheets({"headway": headway})
    assert timetable.headway_s.tolist() == [seconds]
    assert timetable.frequency_ids == ("1/0/weekday/06:00/09:00",)


# ---- what is assumed


def test_facts_say_per_line_what_rests_on_what(sheets):
    timetable = sheets(
        stops=WORLD["stops"].replace("minutes", "minutes,mark,source,uncertainty_m").replace(
            "6\n", "6,I,map,80\n").replace(",3\n", ",3,S,map,20\n").replace("31.300,\n", "31.300,,S,,\n"),
        services="line,days,from,to,headway_min,headway_low_min,headway_high_min,mark,source\n"
        "1,weekday,6:00,9:00,6,5,10,A,nobody knows\n1,weekday,9:00,16:00,10,8,12,A,\n"
        "1,weekday,16:00,18:00,6,,,S,\n",
        lines="line,name,mode,operator,depot\n1,One,metro,Co,North\n",
    )  # fmt: skip
    assert facts(timetable, "1") == {
        "operator": "Co",
        "depot": "North",
        "mark": "S/I/A",
        "source": "map; nobody knows",
        "stops_mark": "S/I",
        "services_mark": "A/S",
        "stops_uncertainty_m": "80",
        "assumed_operating": "yes",
        "assumed_bands": "2",
        "headway_low_s": "300",
        "headway_high_s": "720",
    }
    assert (timetable.route_short_names, timetable.route_type.tolist()) == (("One",), [1])
    assumed = {one.code: one.count for one in timetable.provenance.notices if one.code.endswith("assumed")}
    assert assumed == {"headways-assumed": 2, "operation-assumed": 1}


def test_a_line_with_a_date_is_not_assumed_to_operate(sheets):
    timetable = sheets(lines="line,valid_from,mark\n1,2021-05-18,S\n")
    assert facts(timetable, "1") == {
        "mark": "S",
        "valid_from": "2021-05-18",
        "headway_low_s": "480",
        "headway_high_s": "720",
    }
    assert told(timetable) == []


def test_a_change_is_a_least_time_both_ways(sheets):
    timetable = sheets(transfers="from_stop,to_stop,minutes\nAlpha,Gamma,4.5\nBeta,Beta,1\n")
    rules = zip(timetable.transfer_from_stop.tolist(), timetable.transfer_to_stop.tolist(),
                timetable.transfer_type.tolist(), timetable.transfer_min_s.tolist(), strict=True)  # fmt: skip
    assert list(rules) == [(0, 2, 2, 270), (2, 0, 2, 270), (1, 1, 2, 60)]


# ---- what is wrong

A, B, C = (line + "\n" for line in WORLD["stops"].splitlines()[1:])
BAND = WORLD["services"].splitlines()[1] + "\n"


@pytest.mark.parametrize(
    ("stops", "expected"),
    [
        (A + "1,0,2,Beta,,,3\n" + C, [("stop-no-position", 3, "Beta")]),
        (A + "1,0,2,Beta,x,31.3,3\n" + C,
         [("coordinate-not-a-number", 3, "x"), ("stop-no-position", 3, "Beta")]),
        (A + "1,0,1,Beta,121.11,31.3,3\n" + C, [("order-twice", 3, "1")]),
        (A + "1,0,2.5,Beta,121.11,31.3,3\n" + C, [("order-malformed", 3, "2.5")]),
        (A + "1,0,2,Beta,121.11,31.3,-3\n" + C, [("number-malformed", 3, "-3")]),
        (A + "1,0,2,Beta,121.11,31.3,\n" + C, [("line-no-run-time", 3, "")]),
        (A + "1,0,2,Beta,121.11,31.3,0\n1,0,3,Gamma,121.13,31.3,0\n", [("line-no-run-time", 3, "0")]),
        (A, [("line-one-stop", 2, "1")]),
        (A + "1,north,2,Beta,121.11,31.3,3\n" + C, [("direction-unknown", 3, "north")]),
        (A + "1,0,2,Alpha,121.10,31.3,3\n" + C, [("stop-repeated", 3, "Alpha")]),
        (A + ",0,2,Beta,121.11,31.3,3\n" + C, [("line-empty", 3, "")]),
        (A + "1,0,2,,121.11,31.3,3\n" + C, [("stop-nameless", 3, "")]),
        (A + B + C + "2,0,1,Alpha,121.1,31.3,\n2,0,2,Beta,121.11,31.3,3\n",
         [("line-without-services", 5, "2")]),
        (A + "1,0,2,Alpha,121.11,31.3,3\n1,0,3,Alpha,,,3\n", [("stop-ambiguous", 4, "Alpha")]),
    ],
)  # fmt: skip
def test_wrong_rows_of_stops_are_told_with_row_and_value(failure, stops, expected):
    error = failure(stops=STOPS + stops)
    assert error.code == "malformed-rows"
    assert told(error, "error") == [(code, "stops.csv", row, value) for code, row, value in expected]


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ("1,0,weekday,06:00,09:00,0,,,,\n", [("number-malformed", 2, "0")]),
        ("1,0,weekday,09:00,06:00,10,,,,\n", [("band-runs-back", 2, "06:00")]),
        ("1,0,weekday,09:00,09:00,10,,,,\n", [("band-runs-back", 2, "09:00")]),
        (BAND + "1,,daily,08:59,10:00,10,,,,\n", [("bands-overlap", 3, "08:59")]),
        (BAND + "1,0,weekday,,,,,,08:00,\n", [("bands-overlap", 3, "")]),
        ("1,0,daily,,,,,,08:00,\n1,0,sunday,,,,,,07:00 08:00,\n", [("bands-overlap", 3, "")]),
        (BAND + "7,0,weekday,06:00,09:00,10,,,,\n", [("line-unknown", 3, "7")]),
        (BAND + "1,1,weekday,06:00,09:00,10,,,,\n", [("direction-without-stops", 3, "1")]),
        ("1,0,节假日,06:00,09:00,10,,,,\n", [("days-unknown", 2, "节假日")]),
        ("1,0,,06:00,09:00,10,,,,\n", [("days-unknown", 2, "")]),
        ("1,0,weekday,6,09:00,10,,,,\n", [("clock-malformed", 2, "6")]),
        ("1,0,weekday,06:00,48:00,10,,,,\n", [("clock-malformed", 2, "48:00")]),
        ("1,0,weekday,,09:00,10,,,,\n", [("band-no-time", 2, "")]),
        ("1,0,weekday,06:00,09:00,,,,,\n", [("band-no-headway", 2, "")]),
        ("1,0,weekday,06:00,09:00,10,12,8,,\n", [("headway-range", 2, "10")]),
        ("1,0,weekday,06:00,09:00,10,,,08:00,\n", [("band-twofold", 2, "08:00")]),
        ("1,0,weekday,,,,,,23:50 00:10,\n", [("departures-run-back", 2, "23:50 00:10")]),
        ("1,0,weekday,,,,,,08:00 8.30,\n", [("clock-malformed", 2, "08:00 8.30")]),
        ("1,0,weekday,08:30,,,,,08:00,\n", [("departures-outside", 2, "08:00")]),
        ("1,0,weekday,06:00,09:00,10,,,,0\n", [("number-malformed", 2, "0")]),
    ],
)
def test_wrong_rows_of_services_are_told_with_row_and_value(failure, services, expected):
    error = failure(services=SERVICES + services)
    assert told(error, "error") == [(code, "services.csv", row, value) for code, row, value in expected]


@pytest.mark.parametrize(
    ("sheet", "text", "expected"),
    [
        ("lines", "line,mode\n1,ship\n", ("mode-unknown", 2, "ship")),
        ("lines", "line,run_min\n1,long\n", ("number-malformed", 2, "long")),
        ("lines", "line,valid_from,valid_to\n1,2021-05-22,2021-05-21\n", ("dates-reversed", 2, "2021-05-21")),
        ("lines", "line,valid_from\n1,2021/5/22\n", ("date-malformed", 2, "2021/5/22")),
        ("lines", "line,valid_from\n1,2021-02-30\n", ("date-malformed", 2, "2021-02-30")),
        ("lines", "line,open\n1,perhaps\n", ("open-unknown", 2, "perhaps")),
        ("lines", "line\n1\n1\n", ("line-twice", 3, "1")),
        ("days", "date,counts_as\n2021-05-21,holiday\n", ("counts-as-unknown", 2, "holiday")),
        ("days", "date,counts_as\n2021-05-21,none\n2021-05-21,sunday\n", ("day-twice", 3, "2021-05-21")),
        ("days", "date,counts_as\n2021-05-21,\n", ("day-incomplete", 2, "")),
        ("transfers", "from_stop,to_stop,minutes\nAlpha,Omega,3\n", ("transfer-stop", 2, "Omega")),
        ("transfers", "from_stop,to_stop,minutes\nAlpha,Beta,\n", ("transfer-incomplete", 2, "")),
        ("transfers", "from_stop,to_stop\nAlpha,Beta\n", ("missing-column", 0, "minutes (分钟)")),
    ],
)
def test_wrong_rows_of_further_sheets_are_told(failure, sheet, text, expected):
    code, row, value = expected
    assert told(failure(**{sheet: text}), "error") == [(code, f"{sheet}.csv", row, value)]


def test_everything_wrong_is_told_at_once(failure):
    error = failure(
        stops=STOPS + A + "1,0,2,Beta,,,-3\n" + C,
        services=SERVICES + BAND.replace("weekday", "never"),
        lines="line,mode\n1,ship\n",
    )
    assert {code for code, *_rest in told(error, "error")} == {
        "stop-no-position",
        "number-malformed",
        "days-unknown",
        "mode-unknown",
    }


def test_an_open_line_that_is_not_complete_is_left_out_with_an_error(sheets, failure):
    stops = WORLD["stops"] + "2,0,1,Delta,,,\n2,0,2,Alpha,,,5\n"
    services = WORLD["services"] + "2,0,weekday,06:00,09:00,10,,,,\n"
    timetable = sheets(stops=stops, services=services, lines="line,open\n2,yes\n")

    assert timetable.route_ids == ("1",)
    assert timetable.stop_ids == ("Alpha", "Beta", "Gamma")
    assert told(timetable, "error") == [
        ("stop-no-position", "stops.csv", 5, "Delta"),
        ("line-left-out", "lines.csv", 2, "2"),
    ]
    assert told(failure(stops=stops, services=services), "error")[0][0] == "stop-no-position"


def test_when_every_line_is_open_and_incomplete_nothing_is_read(failure):
    stops = STOPS + "2,0,1,Delta,,,\n2,0,2,Alpha,121.1,31.3,5\n"
    error = failure(
        stops=stops, services=SERVICES + "2,0,daily,06:00,09:00,10,,,,\n", lines="line,open\n2,是\n"
    )
    assert error.code == "no-lines"


@pytest.mark.parametrize(
    ("mode", "minutes", "fast"),
    [("bus", "0.4", 1), ("metro", "0.4", 0), ("bus", "0.5", 0), ("rail", "0.1", 1)],
)
def test_a_hop_that_no_vehicle_can_do_is_told_and_kept(sheets, mode, minutes, fast):
    """Alpha to Beta is 952 m: 0.4 min are 143 km/h, 0.5 min 114, 0.1 min 571."""
    timetable = sheets(stops=WORLD["stops"].replace(",3\n", f",{minutes}\n"), lines=f"line,mode\n1,{mode}\n")
    assert [code for code, *_rest in told(timetable, "warning")] == ["line-too-fast"] * fast
    assert hops(timetable)[1] == round(60 * float(minutes))


def test_a_run_time_that_no_vehicle_can_do_is_told(sheets):
    timetable = sheets(services=SERVICES + "1,0,daily,06:00,09:00,10,,,,1\n")
    assert told(timetable, "warning") == [("line-too-fast", "services.csv", 2, "1")]


def test_a_direction_without_services_a_line_without_stops_and_strange_marks_are_warnings(sheets):
    timetable = sheets(
        stops=WORLD["stops"] + "1,1,1,Beta,,,\n1,1,2,Alpha,,,3\n", lines="line,mark\n1,X\n9,S\n"
    )
    assert told(timetable, "warning") == [
        ("mark-unknown", "lines.csv", 2, "X"),
        ("direction-without-services", "stops.csv", 5, "1"),
        ("line-without-stops", "lines.csv", 3, "9"),
    ]


# ---- files


def test_missing_sheets_and_columns_and_empty_files_are_told_together(tmp_path):
    path = folder(tmp_path, stops="name,x\n", services=None, days="", lines="line\n")
    (path / "bus.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read(path)
    assert told(caught.value) == [
        ("sheet-missing", "", 0, "services"),
        ("sheet-not-read", "", 0, "bus.csv"),
        ("missing-column", "stops.csv", 0, "line (线路), order (序号), lat (纬度)"),
        ("empty-file", "days.csv", 0, ""),
    ]


def test_sheets_without_rows_and_sheets_that_stand_twice_are_errors(tmp_path):
    path = folder(tmp_path, services=SERVICES)
    (path / "站点.csv").write_text(WORLD["stops"], encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read(path)
    assert [code for code, *_rest in told(caught.value)] == ["sheet-twice", "no-rows"]


def test_further_columns_are_told_as_not_read(sheets):
    timetable = sheets(services=WORLD["services"].replace("run_min", "colour").replace("12,,\n", "12,,red\n"))
    assert told(timetable)[0] == ("column-not-read", "services.csv", 0, "colour")


def test_what_is_no_workbook_no_folder_or_not_there_is_refused(tmp_path):
    (tmp_path / "text.xlsx").write_text("line,order\n", encoding="utf-8")
    (tmp_path / "torn.xlsx").write_bytes(workbook(tmp_path).read_bytes()[:900])
    (tmp_path / "one.csv").write_text("line,order\n", encoding="utf-8")
    for name, code in (
        ("text.xlsx", "not-what-it-says"),
        ("torn.xlsx", "file-damaged"),
        ("one.csv", "line-sheets-kind"),
        ("gone.xlsx", "file-missing"),
        ("gone", "file-missing"),
    ):
        with pytest.raises(SourceError) as caught:
            read(tmp_path / name)
        assert caught.value.code == code, name


def test_days_that_run_back_and_unknown_ends_of_a_range_are_wrong_calls(tmp_path):
    path = folder(tmp_path)
    with pytest.raises(UsageError):
        read(path, headway="least")
    with pytest.raises(UsageError, match="no-such"):
        read(path, system="no-such")


# ---- the document

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "line_sheets.md"


def test_the_example_of_the_document_is_read_as_the_document_says(tmp_path):
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, table in re.findall(r"`(\w+\.csv)` \(.*?\n```csv\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(table, encoding="utf-8")
    timetable = read_line_sheets(tmp_path, first_day=FIRST, last_day=date(2021, 6, 14))

    names = ("甲1路/0/工作日/06:00/09:00", "甲1路/1/工作日/06:00/09:00")
    up, down = (timetable.trip_ids.index(name.replace("工作日", "weekday")) for name in names)
    assert hops(timetable, up) == [0, 240, 720]
    assert hops(timetable, down) == [0, 480, 720]
    assert timetable.stop_ids == ("东站", "医院", "西站")
    assert running(timetable, date(2021, 6, 14)) == [f"甲1路/0/weekend/{clock}" for clock in (
        "06:30", "08:00", "17:30")], "a Monday that counts as a Sunday"  # fmt: skip
    assert "甲1路/0/weekday/22:00" in running(timetable, FRIDAY)
    assert facts(timetable, "甲1路")["assumed_bands"] == "2"
    assert [notice.severity for notice in timetable.provenance.notices] == ["info"] * 2


def test_the_document_names_every_column_in_both_languages():
    text = DOCUMENT.read_text(encoding="utf-8")
    words = {word for spec in SHEETS for column in spec.columns for word in (column.name, column.others[0])}
    assert {word for word in words if word not in text} == set()


# ---- check


def test_check_knows_line_sheets_from_tables_of_places(tmp_path):
    places = tmp_path / "places.csv"
    places.write_text("id,lon,lat\na,121.1,31.3\n", encoding="utf-8")
    bad = folder(tmp_path, services=SERVICES + "1,0,weekday,06:00,09:00,0,,,,\n")

    assert [is_line_sheets(path) for path in (bad, workbook(tmp_path), places)] == [True, True, False]
    codes = [one.code for one in check_files([places, bad])]
    assert codes == ["malformed-rows", "number-malformed"]
    assert [one.code for one in check_files([folder(tmp_path)])] == ["operation-assumed"]


def test_messages_are_in_chinese_too(failure):
    before = language()
    set_language("zh")
    try:
        error = failure(services=SERVICES + "1,0,weekday,09:00,06:00,10,,,,\n")
    finally:
        set_language(before)
    (notice,) = error.notices
    assert notice.message == "末班发车时刻不晚于首班"
    assert "24:10" in notice.mend

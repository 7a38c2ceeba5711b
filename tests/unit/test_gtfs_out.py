"""A timetable written as GTFS reads back as the same timetable, and its bytes depend on nothing else."""

import csv
import io
import zipfile
from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from accessibility.errors import UsageError
from accessibility.model.joining import join_timetables
from accessibility.model.timetable import NONE
from accessibility.outputs.gtfs import write_gtfs
from accessibility.sources.gtfs import read_gtfs
from accessibility.sources.line_sheets import read_line_sheets
from accessibility.studies.data_folder import data_folder
from accessibility.transit import drawn_days
from tests.feeds import BANDS, feed, told
from tests.random_timetables import timetables
from tests.reference import reference
from tests.transit_worlds import query

BY_NUMBER = ("service_ids", "service_offset", "service_day", "trip_service", "trip_shape", "trip_block",
             "block_ids", "shape_offset", "shape_lon", "shape_lat", "route_facts", "provenance",
             "horizon", "route_short_names", "route_long_names")  # fmt: skip
"""Fields whose numbering may change, compared by what they mean; names may move to the long name."""


def days_by_trip(timetable):
    offset = timetable.service_offset
    return [timetable.service_day[offset[s] : offset[s + 1]].tolist() for s in timetable.trip_service]


def courses(timetable):
    found = []
    for shape in timetable.trip_shape.tolist():
        part = slice(*timetable.shape_offset[shape : shape + 2]) if shape != NONE else slice(0, 0)
        found.append((timetable.shape_lon[part].tolist(), timetable.shape_lat[part].tolist()))
    return found


def blocks(timetable):
    return [timetable.block_ids[b] if b != NONE else "" for b in timetable.trip_block.tolist()]


def assert_same(one, other):
    for field in fields(one):
        if field.name not in BY_NUMBER:
            a, b = getattr(one, field.name), getattr(other, field.name)
            floats = isinstance(a, np.ndarray) and a.dtype.kind == "f"
            same = np.array_equal(a, b, equal_nan=floats) if isinstance(a, np.ndarray) else a == b
            assert same, field.name
    for meaning in (days_by_trip, courses, blocks):
        assert meaning(one) == meaning(other), meaning.__name__


def written(folder, timetable, name="out.zip", **options):
    path = write_gtfs(folder / name, timetable, **options)
    return path, read_gtfs([path])


def table(path, name):
    with zipfile.ZipFile(path) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(timetables())
def test_any_timetable_reads_back_the_same_and_so_do_the_days_of_its_draws(tmp_path_factory, timetable):
    folder = tmp_path_factory.mktemp("out")
    path, again = written(folder, timetable)

    assert_same(timetable, again)
    assert path.read_bytes() == write_gtfs(folder / "twice.zip", timetable).read_bytes()
    day = timetable.first_day
    asked = query(day, start_s=6 * 3600, n_minutes=10, n_draws=3)
    for one, other in zip(drawn_days(timetable, asked), drawn_days(again, asked), strict=True):
        for field in fields(one):
            a, b = getattr(one, field.name), getattr(other, field.name)
            assert np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b, field.name


def test_the_names_of_bands_need_no_column_of_their_own_where_they_are_the_usual_ones(tmp_path):
    base = read_gtfs([feed(tmp_path, frequencies=BANDS + "t,07:00:00,10:00:00,600,0\n")])
    path, again = written(tmp_path, base)

    assert "frequency_id" not in table(path, "frequencies.txt")[0]
    assert again.frequency_ids == base.frequency_ids


def test_a_weekly_rhythm_is_written_as_a_calendar_with_exceptions(tmp_path):
    dates = "service_id,date,exception_type\nwork,20210520,2\nwork,20210522,1\n"
    calendar = (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "work,1,1,1,1,1,0,0,20210517,20210613\n"
    )
    base = read_gtfs([feed(tmp_path, calendar=calendar, calendar_dates=dates)])
    path, again = written(tmp_path, base)

    (row,) = table(path, "calendar.txt")
    assert list(row.values()) == ["work", *"1111100", "20210517", "20210611"]
    assert [tuple(one.values()) for one in table(path, "calendar_dates.txt")] == [
        ("work", "20210520", "2"),
        ("work", "20210522", "1"),
    ]
    assert again.operates(date(2021, 5, 22)).tolist() == [True]


def test_a_service_of_a_few_dates_is_written_as_dates_alone(tmp_path):
    calendar = "service_id,date,exception_type\nwork,20210520,1\nwork,20210605,1\n"
    path, _again = written(tmp_path, read_gtfs([feed(tmp_path, calendar=None, calendar_dates=calendar)]))

    with zipfile.ZipFile(path) as archive:
        assert "calendar.txt" not in archive.namelist()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_two_feeds_are_written_as_one_with_the_names_they_bear_together(tmp_path):
    base = read_gtfs([feed(tmp_path, "one"), feed(tmp_path, "two")])
    _path, again = written(tmp_path, base)

    assert again.stop_ids[0] == "one:a"
    assert_same(base, again)


def test_long_names_and_facts_of_lines_have_columns_of_their_own(tmp_path):
    base = read_gtfs([feed(tmp_path)])
    base = replace(
        base,
        route_short_names=("14号线（封浜—桂桥路）往桂桥路",),
        route_long_names=("",),
        route_facts={"mark": ("A",)},
    )
    path, again = written(tmp_path, base)

    (row,) = table(path, "routes.txt")
    assert (row["route_short_name"], row["route_long_name"]) == ("", "14号线（封浜—桂桥路）往桂桥路")
    assert row["mark"] == "A"
    assert again.route_ids == base.route_ids


def test_a_feed_is_a_zip(tmp_path):
    with pytest.raises(UsageError):
        write_gtfs(tmp_path / "feed", read_gtfs([feed(tmp_path)]))


def grave(timetable):
    """Notices that are more than information: code and count, for the files of the feed."""
    return sorted(
        {(code, severity) for severity in ("error", "warning") for code, *_rest in told(timetable, severity)}
    )


def test_the_lines_of_anting_read_back_the_same_with_their_marks(tmp_path):
    lines = read_line_sheets(
        data_folder() / "anting" / "lines", first_day=date(2021, 5, 14), last_day=date(2021, 5, 28)
    )
    path, again = written(tmp_path, lines)

    assert_same(lines, again)
    assert {row["services_mark"] for row in table(path, "routes.txt")} >= {"A"}
    assert [one for one in grave(again) if one not in grave(lines)] == []
    asked = query(date(2021, 5, 21), start_s=27000, n_minutes=10, n_draws=2)
    for one, other in zip(drawn_days(lines, asked), drawn_days(again, asked), strict=True):
        assert np.array_equal(one.departure_s, other.departure_s)
        assert np.array_equal(one.pattern_stop, other.pattern_stop)


def test_both_feeds_of_porto_alegre_read_back_the_same(tmp_path):
    feeds = [reference(f"porto_alegre/{name}.zip") for name in ("poa_eptc", "poa_trensurb")]
    for path in feeds:
        base = read_gtfs([path])
        _path, again = written(tmp_path, base, path.name)
        assert_same(base, again)
        assert [one for one in grave(again) if one not in grave(base)] == []
    both = read_gtfs(feeds)
    assert_same(
        both, join_timetables([read_gtfs([tmp_path / path.name]) for path in feeds], [p.stem for p in feeds])
    )

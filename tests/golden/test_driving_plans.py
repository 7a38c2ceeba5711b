"""RULE UNDER TEST: every driving plan of the operator is read whole, its departures as many as stated.

Seventeen workbooks of 2017-2022. The numbers stated (班次) are copied here from the notes of the plans; the
six tables below were counted by hand, cell by cell.
"""

from datetime import datetime, time
from functools import cache

import openpyxl
import pytest
import xlrd

from accessibility.outputs.driving_plan import write_driving_plan
from accessibility.sources.driving_plan.read import read_driving_plan
from accessibility.units import clock_from_seconds
from tests.reference import reference

STATED = {
    "route01.xls": {"weekday": 157, "weekend": 146},
    "route04.xlsx": {"weekday": 121, "weekend": 108},
    "route09.xlsx": {"daily": 194},
    "route09new.xlsx": {"weekday": 178, "weekend": 158},
    "route106.xlsx": {"weekday": 136, "weekend": 124},
    "route107.xls": {"daily": 56},
    "route113.xlsx": {"daily": 50},
    "route116.xls": {"weekday": 60, "weekend": 50},
    "route12.xlsx": {"weekday": 174, "weekend": 156},
    "route13.xlsx": {"weekday": 274, "weekend": 244},
    "route134.xls": {"weekday": 96, "weekend": 96},
    "route51.xls": {"weekday": 158, "weekend": 126},
    "route56.xlsx": {"weekday": 138, "weekend": 174},
    "route61.xls": {"weekday": 90, "weekend": 90},
    "route65.xls": {"daily": 80},
    "route70.xlsx": {"weekday": 66, "weekend": 54},
    "route886.xls": {"daily": 72},
}
BESIDE = {("route01.xls", "weekday"): 3}
"""大站 departures that a plan states apart and lists too."""
OTHERWISE = {("route56.xlsx", "weekday"): 173}
"""138 of the line, 24 of its 区间, and 11 on Friday afternoons that no note counts."""
COUNTED_BY_HAND = {
    ("route116.xls", "weekday", "安亭北火车站"): (30, "05:15", "19:35"),
    ("route116.xls", "weekend", "黄渡汽车站"): (25, "06:00", "20:30"),
    ("route134.xls", "weekday", "福泉路天山西路"): (48, "06:00", "22:15"),
    ("route13.xlsx", "weekday", "菊园车站"): (137, "05:15", "24:20"),
    ("route107.xls", "daily", "武双路护民路"): (14, "06:45", "19:20"),
    ("route56.xlsx", "周五下午", "嘉朱公路汇旺路"): (11, "12:07", "15:52"),
}
DAYS = [(file, days) for file, stated in STATED.items() for days in stated]


@cache
def plan_of(file):
    return read_driving_plan(reference(f"driving_plans/{file}"))


@pytest.mark.parametrize(("file", "days"), DAYS)
def test_departures_read_are_as_many_as_stated_or_both_numbers_are_told(file, days):
    (check,) = [one for one in plan_of(file).checks if one.days == days]
    assert check.stated == STATED[file][days]
    listed = OTHERWISE.get((file, days), check.stated + BESIDE.get((file, days), 0))
    assert check.listed == listed
    assert check.agrees is ((file, days) not in OTHERWISE)


def test_the_one_that_differs_names_its_cells():
    (check,) = [one for one in plan_of("route56.xlsx").checks if not one.agrees]
    assert (check.stated, check.stated_beside, check.listed) == (138, 24, 173)
    assert check.doubt == "Sheet2!B39:G40 (11)"


@pytest.mark.parametrize(("file", "days", "origin"), COUNTED_BY_HAND)
def test_tables_counted_by_hand(file, days, origin):
    (service,) = [
        one
        for one in plan_of(file).services
        if (one.days, one.origin) == (days, origin) and one.destination != "嘉定西站"
    ]
    clocks = [clock_from_seconds(time_s) for time_s in service.times_s]
    assert (len(clocks), clocks[0], clocks[-1]) == COUNTED_BY_HAND[file, days, origin]


def times_in(path, sheet):
    """Count the cells of a sheet that the workbook itself calls times, past the reader of the product."""
    if path.suffix == ".xls":
        cells = xlrd.open_workbook(path).sheet_by_name(sheet)
        return sum(list(cells.row_types(r)).count(xlrd.XL_CELL_DATE) for r in range(cells.nrows))
    rows = openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
    return sum(isinstance(value, (time, datetime)) for row in rows for value in row)


@pytest.mark.parametrize("file", STATED)
def test_no_departure_is_invented_and_none_is_lost(file):
    plan = plan_of(file)
    cells = [(d.sheet, d.cell) for service in plan.services for d in service.departures]
    (sheet,) = {sheet for sheet, _cell in cells}
    assert len(cells) == len(set(cells)) == times_in(reference(f"driving_plans/{file}"), sheet)
    assert not [note for note in plan.unread if note.sheet == sheet]


@pytest.mark.parametrize("file", STATED)
def test_every_departure_is_driven_by_one_block_and_the_other_way_round(file):
    plan = plan_of(file)
    driven = sorted((e.days, e.terminus, e.time_s) for e in plan.events if e.kind == "departure")
    listed = sorted((s.days, s.origin, d.time_s) for s in plan.services for d in s.departures)
    assert driven == listed
    assert "unlisted" not in {event.kind for event in plan.events}


@pytest.mark.parametrize("file", STATED)
def test_vehicles_have_time_for_every_run(file):
    blocks = {}
    for event in plan_of(file).events:
        section = "区间" in event.line, event.days, event.block
        blocks.setdefault(section, []).append(event)
    for events in blocks.values():
        for now, following in zip(events, events[1:], strict=False):
            if now.kind == following.kind == "departure" and now.run_s is not None:
                assert following.time_s - now.time_s >= now.run_s
                assert following.terminus != now.terminus


def test_vehicles_are_as_many_as_blocks():
    n_vehicles = {(one.line, one.days): one.n_vehicles for one in plan_of("route116.xls").facts}
    assert n_vehicles == {("嘉定116路", "weekday"): 5, ("嘉定116路", "weekend"): 4}


def test_dates_run_times_and_lengths_of_titles_and_notes():
    weekday = plan_of("route134.xls").facts[0]
    assert (weekday.valid_from, weekday.length_m) == ("2019-12-28", 25725)
    assert (weekday.run_low_s, weekday.run_high_s) == (65 * 60, 90 * 60)
    # 注：（A线）…线路长度14.6公里, （B线）…14.4公里: the line itself is its branch A
    assert [one.length_m for one in plan_of("route107.xls").facts] == [14600, 14400]


@pytest.mark.parametrize("file", STATED)
def test_a_plan_written_reads_back_the_same(file, tmp_path):
    plan = plan_of(file)
    back = read_driving_plan(write_driving_plan(tmp_path / "p.xlsx", plan, as_of="2021-05-21"))
    assert [(s.line, s.days, s.origin, s.times_s) for s in _sorted(back)] == [
        (s.line, s.days, s.origin, s.times_s) for s in _sorted(plan)
    ]


def _sorted(plan):
    return sorted(plan.services, key=lambda s: (s.line, s.days, s.direction, s.origin, s.times_s))

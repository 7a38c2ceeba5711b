"""RULE UNDER TEST: a driving plan says when buses depart; nothing is invented, nothing unread goes unnamed.

The workbooks are made here, each cell known; departures are counted by hand.
"""

from datetime import datetime, time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font

from accessibility.cli import main
from accessibility.errors import DataError, ModelError, SourceError
from accessibility.model.driving_plan import (
    BlockEvent,
    DrivingPlan,
    PlanCheck,
    PlanDeparture,
    PlanFacts,
    PlanService,
)
from accessibility.outputs.driving_plan import HOURS_SHEET, write_driving_plan
from accessibility.sources.driving_plan.clock import clock_of
from accessibility.sources.driving_plan.read import read_driving_plan
from accessibility.sources.driving_plan.titles import date_line_of, day_type_of, stated_count_of, title_of
from tests.xls import Slanted, xls


def at(text):
    """Read ``6:05`` as seconds."""
    hour, minute = text.split(":")
    return int(hour) * 3600 + int(minute) * 60


def t(text):
    """Read ``6:05`` as a time of day; behind ``/`` in italics."""
    kind = Slanted if text.startswith("/") else time
    return kind(*map(int, text.removeprefix("/").split(":")))


def workbook(path, sheets, *, hidden=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, start=1):
            for c, value in enumerate(row, start=1):
                if value is not None:
                    slanted = isinstance(value, Slanted)
                    cell = sheet.cell(r, c, time(value.hour, value.minute) if slanted else value)
                    cell.font = Font(italic=slanted)
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


TABLE = [
    ["嘉定1路发车时刻表"],
    ["工作日", None, None, "节假日"],
    ["北站", None, "新城站", "北站", "新城站"],
    [t("6:00"), t("8:00"), t("7:00"), t("6:30"), t("7:30")],
    [t("6:30"), t("8:30"), t("9:00"), t("9:30"), t("8:30")],
]
BLOCKS = [
    ["嘉 定 1 路 行 车 时 刻 表"],
    ["（实施日期：2021年 4 月 26 日  工作日 单程行驶：40～75分）"],
    ["路牌", "报到", "北", "新城", "北", "新城"],
    [1, t("5:45"), t("6:00"), t("7:00"), t("8:00"), t("/8:50")],
    [2, t("6:15"), t("6:30"), t("/7:20"), t("8:30")],
    ["路牌", "新城", "北", "进场", "加油", "离场"],
    [1, t("9:00"), "9:50*", t("9:55"), t("10:00"), t("10:10"), t("4:25")],
    [None, "总班次：6只，线路长度：13.65公里"],
    ["嘉 定 1 路 行 车 时 刻 表"],
    ["（实施日期：2021年 4 月 26 日  节假日 单程行驶：40～60分）"],
    ["路牌", "报到", "北", "新城", "北", "新城"],
    [1, t("6:15"), t("6:30"), t("7:30"), t("/8:10")],
    [2, t("8:10"), None, t("8:30"), t("9:30")],
    [None, "总班次：4只"],
    [None, "平均总班次：5.43只"],
]
PLAN = {"Sheet1": BLOCKS, "Sheet2": TABLE}


def times(plan, origin, days="weekday", line=None):
    found = [s for s in plan.services if (s.origin, s.days) == (origin, days) and line in (None, s.line)]
    assert len(found) == 1, [(s.line, s.origin, s.days) for s in plan.services]
    return list(found[0].times_s)


@pytest.mark.parametrize(
    ("value", "clock", "mended"),
    [
        ("6:05", "6:05", False),
        ("06:05:00", "6:05", False),
        ("6：05", "6:05", True),
        ("6.05", "6:05", True),
        ("605", "6:05", True),
        ("1705", "17:05", True),
        (605.0, "6:05", True),
        (6.05, "6:05", True),
        (0.25, "6:00", True),
        (1 + 20 / 1440, "24:20", True),
        ("25:10", "25:10", False),
    ],
)
def test_a_time_is_read_however_it_was_typed(value, clock, mended):
    read = clock_of(value)
    assert (read.time_s, read.mended) == (at(clock), mended)


@pytest.mark.parametrize(
    "value", ["", "加油", "6:75", "31:00", "60", 35.0, 6.75, -0.5, None, "12:3", "6:05:7"]
)
def test_what_is_no_time_is_none(value):
    assert clock_of(value) is None


def test_a_second_short_of_the_minute_is_the_minute():
    assert clock_of(0.0, typed_s=at("19:25") - 1).time_s == at("19:25")


def test_a_mark_behind_a_time_is_kept():
    assert clock_of("20:40*").mark == "*"
    assert clock_of("6:35大站").mark == "大站"


def test_titles_state_line_branch_and_day_type():
    title = title_of("嘉定56路区间发车时刻表（工作日）")
    assert (title.kind, title.line, title.variant, title.days) == (
        "departures",
        "嘉定56路",
        "区间",
        "weekday",
    )
    assert title_of("嘉定107路（B线）发车时刻表").variant == "B线"
    assert title_of("  嘉 定 1 路 行 车 时 刻 表").line == "嘉定1路"
    assert title_of("嘉定1路路段平均到站时间") is None
    assert title_of("2021.3月时刻表分析数据") is None
    assert day_type_of("区间（周五下午）") == ("周五下午", "周五下午")
    assert day_type_of("单程（周一至周五60—90分钟）")[0] == "weekday"


def test_a_date_line_states_date_day_type_and_run_times():
    line = date_line_of("（实施日期：2019年 12月  28  日  工作日 单程行驶：65～90分钟）")
    assert (line.valid_from, line.days, line.run_low_min, line.run_high_min) == (
        "2019-12-28",
        "weekday",
        65,
        90,
    )
    assert date_line_of("进出场单程2.5公里*2*12=60公里") is None


@pytest.mark.parametrize(
    ("note", "stated"),
    [
        ("总班次：96 只,线路长度 25.725公里", ("", 96)),
        ("班次138只，线路长度11.75公里", ("", 138)),
        ("大站班次；3只,线路长度9.8公里", ("大站", 3)),
        ("注：（A线）总班次：28只", ("A线", 28)),
        ("总班次：80次，线路长路27.6公里", ("", 80)),
        ("平均总班次：156只", None),
        ("总平均班次148只", None),
        ("总班次：57.14只", None),
    ],
)
def test_stated_numbers_are_whole_and_no_weekly_means(note, stated):
    assert stated_count_of(note) == stated


@pytest.mark.parametrize("form", ["xlsx", "xls"])
def test_departures_come_from_the_table_of_departures(tmp_path, form):
    path = tmp_path / f"plan.{form}"
    if form == "xls":
        path.write_bytes(xls(PLAN))
    else:
        workbook(path, PLAN)

    plan = read_driving_plan(path)

    assert plan.line == "嘉定1路"
    assert times(plan, "北站") == [at("6:00"), at("6:30"), at("8:00"), at("8:30")]
    assert times(plan, "新城站") == [at("7:00"), at("9:00")]
    assert times(plan, "北站", "weekend") == [at("6:30"), at("9:30")]
    assert [(s.direction, s.destination) for s in plan.services] == [(0, "新城站"), (1, "北站")] * 2
    assert [(c.days, c.stated, c.listed, c.agrees) for c in plan.checks] == [
        ("weekday", 6, 6, True),
        ("weekend", 4, 4, True),
    ]
    assert plan.facts[0] == PlanFacts("嘉定1路", "weekday", "2021-04-26", 2400, 4500, 13650, 2)


def test_the_day_of_a_block_runs_through_both_shifts(tmp_path):
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", PLAN))
    block = [e for e in plan.events if (e.days, e.block) == ("weekday", "1")]
    assert [(e.kind, e.cell) for e in block] == [
        ("duty", "B4"),
        ("departure", "C4"),
        ("departure", "D4"),
        ("departure", "E4"),
        ("pause", "F4"),
        ("departure", "B7"),
        ("pause", "C7"),
        ("duty", "D7"),
        ("duty", "E7"),
        ("duty", "F7"),
    ]
    assert [e.terminus for e in block if e.kind == "departure"] == ["北站", "新城站", "北站", "新城站"]
    assert [(n.sheet, n.cell, n.text) for n in plan.unread] == [("Sheet1", "G7", "04:25")]


def test_run_times_and_rests_come_from_the_sheets_for_reckoning(tmp_path):
    reckoned = [
        ["嘉定1路行车时刻表"],
        ["实施日期：2021年4月26日 工作日 单程行驶40～75分"],
        ["路牌", "报到", "北", "行", "休", "新城", "行", "休", "北", "行", "休"],
        [1, t("5:45"), t("6:00"), 50, 10, t("7:00"), 45, None, t("8:00"), 40],
    ]
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {**PLAN, "Sheet3": reckoned}))
    block = [e for e in plan.events if (e.days, e.block) == ("weekday", "1") and e.kind == "departure"]
    assert [(e.run_s, e.layover_s) for e in block] == [(3000, 600), (2700, 900), (2400, None), (None, None)]
    assert plan.services[0].departures[0].run_s == 3000


def test_a_difference_is_told_with_both_numbers_and_the_cells(tmp_path):
    table = [*TABLE, ["区间（周五下午）"], [None, t("12:07"), t("12:52")]]
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {"Sheet1": BLOCKS, "Sheet2": table}))
    check = plan.checks[0]
    assert (check.stated, check.listed, check.agrees) == (6, 8, False)
    assert check.doubt == "Sheet2!B7:C7 (2)"
    assert "plan-count" in [n.code for n in plan.provenance.notices]
    assert plan.services[-1].days == "周五下午", "no day type of line sheets: kept in its own words"


def test_a_branch_below_counts_beside_the_line(tmp_path):
    table = [*TABLE, ["嘉定1路大站车发车时刻表"], ["北站"], [t("6:35"), t("6:45")]]
    blocks = [*BLOCKS[:8], [None, "大站班次；2只"], *BLOCKS[8:]]
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {"Sheet1": blocks, "Sheet2": table}))
    assert plan.checks[0] == PlanCheck("嘉定1路", "weekday", "工作日", 6, 2, 8, "6 + 大站 2")
    assert plan.checks[0].agrees
    assert times(plan, "北站", line="嘉定1路大站") == [at("6:35"), at("6:45")]


def test_typing_errors_are_mended_and_named(tmp_path):
    table = [
        ["嘉定1路发车时刻表"],
        ["北站", "新城站"],
        ["6：05", t("7:00")],
        [6.35, "7；40"],
        ["七点", "加油"],
    ]
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {"时刻": table}))
    assert times(plan, "北站", "daily") == [at("6:05"), at("6:35")]
    assert times(plan, "新城站", "daily") == [at("7:00"), at("7:40")]
    assert [(n.cell, n.read_as) for n in plan.unread] == [("A3", "06:05"), ("A4", "06:35"), ("B4", "07:40")]
    assert [n.cell for n in plan.notes] == ["A5", "B5"], "words below the times are a remark"


def test_a_row_of_words_amid_the_times_is_no_heading(tmp_path):
    head = [["1路发车时刻表"], ["北站", "新城站"]]
    table = [*head, [t("6:00"), t("7:00")], ["七点", "八点"], [t("7:30"), t("8:30")]]
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {"Sheet2": table}))
    assert [s.origin for s in plan.services] == ["北站", "新城站"]
    assert times(plan, "北站", "daily") == [at("6:00"), at("7:30")]
    assert [(n.cell, n.text) for n in plan.unread] == [("A4:B4", "七点 · 八点")]


def test_a_word_among_times_is_named_and_no_departure(tmp_path):
    table = [*TABLE[:3], [t("6:00"), "吃饭", t("7:00"), t("6:30"), "20:00加油"]]
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {"Sheet2": table}))
    assert sum(len(s.departures) for s in plan.services) == 3
    assert [(n.cell, n.text) for n in plan.unread] == [("B4", "吃饭"), ("E4", "20:00加油")]


def test_times_out_of_order_are_read_and_doubted(tmp_path):
    table = [["嘉定1路发车时刻表"], ["北站", "新城站"], [t("6:00"), t("6:30")], [t("5:30"), t("6:30")]]
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {"Sheet2": table}))
    assert times(plan, "北站", "daily") == [at("5:30"), at("6:00")]
    assert [n.cell for n in plan.unread] == ["A4", "B4"]


def test_the_night_belongs_to_the_day_before(tmp_path):
    night = datetime(1900, 1, 1, 0, 5)
    table = [["1路发车时刻表"], ["北站", "新城站"], [t("23:30"), t("23:45")], [t("0:20"), night]]
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {"Sheet2": table}))
    assert times(plan, "北站", "daily") == [at("23:30"), at("24:20")]
    assert times(plan, "新城站", "daily") == [at("23:45"), at("24:05")]


def test_a_formula_without_a_value_is_named(tmp_path):
    table = [["1路发车时刻表"], ["北站", "新城站"], [t("6:00"), t("7:00")], ["=A3+1/48", None]]
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {"Sheet2": table}))
    assert times(plan, "北站", "daily") == [at("6:00")]
    assert [(n.cell, n.text) for n in plan.unread] == [("A4", "=A3+1/48")]


def test_a_cell_far_away_costs_nothing(tmp_path):
    path = workbook(tmp_path / "p.xlsx", PLAN)
    book = openpyxl.load_workbook(path)
    book["Sheet2"]["XFD1048576"].font = Font(bold=True)
    book.save(path)
    assert sum(len(service.departures) for service in read_driving_plan(path).services) == 10


def test_boards_side_by_side_are_kept_apart(tmp_path):
    blocks = [
        ["1路行车时刻表（工作日）", None, None, None, "1路行车时刻表（节假日）"],
        ["路牌", "北", "新城", None, "路牌", "北", "新城"],
        [1, t("6:00"), t("7:00"), None, 1, t("6:30"), t("7:30")],
    ]
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {"Sheet1": blocks}))
    assert times(plan, "北") == [at("6:00")]
    assert times(plan, "北", "weekend") == [at("6:30")]


def test_without_a_table_departures_come_from_the_blocks_and_the_plan_says_so(tmp_path):
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {"Sheet1": BLOCKS}))
    assert times(plan, "北") == [at("6:00"), at("6:30"), at("8:00"), at("8:30")]
    assert times(plan, "新城") == [at("7:00"), at("9:00")]
    assert all("发车时刻表" in service.note for service in plan.services)


def test_a_time_of_a_block_that_the_table_lacks_is_doubted(tmp_path):
    blocks = [*BLOCKS[:4], [2, t("6:15"), t("6:30"), t("7:20"), t("8:30")], *BLOCKS[5:]]
    plan = read_driving_plan(workbook(tmp_path / "p.xlsx", {**PLAN, "Sheet1": blocks}))
    assert [e.cell for e in plan.events if e.kind == "unlisted"] == ["D5"]
    assert "D5" in [n.cell for n in plan.unread]


@pytest.mark.parametrize("form", ["xlsx", "xls"])
def test_hidden_sheets_rosters_and_statistics_are_no_plan(tmp_path, form):
    sheets = {
        **PLAN,
        "乘务员": BLOCKS,
        "Sheet9": BLOCKS,
        "Sheet5": [["嘉定1路 单程用时分析"], ["时段", t("6:00"), 35.0]],
    }
    path = tmp_path / f"p.{form}"
    if form == "xls":
        path.write_bytes(xls(sheets, hidden=("Sheet9",)))
    else:
        workbook(path, sheets, hidden=("Sheet9",))
    plan = read_driving_plan(path)
    assert sum(len(s.departures) for s in plan.services) == 10
    assert {n.sheet for n in plan.unread} == {"Sheet1", "乘务员", "Sheet9", "Sheet5"}


def test_line_sheets_hold_services_blocks_and_what_was_not_read(tmp_path):
    out = tmp_path / "lines.xlsx"
    assert main(["import-plan", str(workbook(tmp_path / "p.xlsx", PLAN)), "-o", str(out)]) == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == [
        *("lines", "stops", "services", "blocks", "departures", "counts", "unread", "notes"),
    ]
    head, *rows = book["services"].iter_rows(values_only=True)
    service = dict(zip(head, rows[0], strict=True))
    assert service["发车时刻"] == "06:00 06:30 08:00 08:30"
    assert (service["线路"], service["方向"], service["日期类型"]) == ("嘉定1路", 0, "weekday")
    assert (service["起"], service["止"], service["班次"]) == ("06:00", "08:30", 4)
    assert (service["全程分钟下限"], service["全程分钟上限"], service["有效起"]) == (40, 75, "2021-04-26")
    head, *rows = book["stops"].iter_rows(values_only=True)
    stops = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(s["方向"], s["序号"], s["站名"], s["经度"]) for s in stops] == [
        (0, 1, "北站", None),
        (0, 100, "新城站", None),
        (1, 1, "新城站", None),
        (1, 100, "北站", None),
    ]


def test_one_service_per_run_time_on_demand(tmp_path):
    reckoned = [
        ["嘉定1路行车时刻表（工作日）"],
        ["路牌", "北", "行", "新城", "行", "北", "行"],
        [1, t("6:00"), 50, t("7:00"), 45, t("8:00"), 40],
        [2, t("6:30"), 50, None, None, t("8:30"), 40],
    ]
    path, out = workbook(tmp_path / "p.xlsx", {**PLAN, "Sheet3": reckoned}), tmp_path / "o.xlsx"
    assert main(["import-plan", str(path), "-o", str(out), "--by-run-time"]) == 0
    rows = [row for row in openpyxl.load_workbook(out)["services"].iter_rows(values_only=True) if row[1] == 0]
    assert [(row[8], row[10]) for row in rows[:2]] == [("06:00 06:30", 50), ("08:00 08:30", 40)]


def test_a_plan_that_stands_twice_in_the_workbook_is_told(tmp_path):
    once = read_driving_plan(workbook(tmp_path / "once.xlsx", PLAN))
    twice = read_driving_plan(workbook(tmp_path / "twice.xlsx", {**PLAN, "Sheet9": TABLE}))

    assert "plan-repeated" not in [notice.code for notice in once.provenance.notices]
    (told,) = [notice for notice in twice.provenance.notices if notice.code == "plan-repeated"]
    assert told.value == "Sheet2、Sheet9"


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    path = workbook(tmp_path / "p.xlsx", PLAN)
    for name in ("a.xlsx", "b.xlsx"):
        assert main(["import-plan", str(path), "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def no_plan(path):
    workbook(path, {"Sheet1": [["姓名", "年龄"], ["甲", 3]]})


BAD = {
    "csv.xls": ("not-what-it-says", lambda p: p.write_text("线路,时刻\n1,6:00\n", encoding="utf-8")),
    "protected.xls": ("file-protected", lambda p: p.write_bytes(xls(PLAN, protected=True))),
    "protected.xlsx": (
        "file-protected",
        lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
    ),
    "empty.xls": ("file-empty", lambda p: p.write_bytes(b"")),
    "cut.xls": ("file-damaged", lambda p: p.write_bytes(xls(PLAN)[:700])),
    "cut.xlsx": ("file-damaged", lambda p: p.write_bytes(workbook(p, PLAN).read_bytes()[:3000])),
    "other.xlsx": ("no-plan", no_plan),
    "absent.xls": ("file-missing", lambda p: p.parent),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_words_and_nothing_is_written(tmp_path, capsys, name):
    code, make = BAD[name]
    make(tmp_path / name)
    assert main(["import-plan", str(tmp_path / name), "-o", str(tmp_path / "out.xlsx")]) == 1
    told = capsys.readouterr().err
    assert code in told
    assert name in told
    assert not (tmp_path / "out.xlsx").exists()
    with pytest.raises((SourceError, DataError)):
        read_driving_plan(tmp_path / name)


def test_the_result_never_replaces_its_source(tmp_path):
    path = workbook(tmp_path / "p.xlsx", PLAN)
    before = path.read_bytes()
    assert main(["import-plan", str(path), "-o", str(path)]) == 2
    assert main(["import-plan", str(path), "-o", str(tmp_path / "out.csv")]) == 2
    assert path.read_bytes() == before


def test_an_old_workbook_under_a_new_name_is_read_for_what_it_is(tmp_path):
    path = tmp_path / "p.xlsx"
    path.write_bytes(xls(PLAN))
    assert len(read_driving_plan(path).services) == 4


def departures(*texts):
    return tuple(PlanDeparture(at(text)) for text in texts)


def test_departures_out_of_order_make_no_service():
    with pytest.raises(ModelError):
        PlanService("1路", 0, "甲", "乙", "weekday", departures("7:00", "6:00"))


def test_a_plan_without_departures_is_not_written(tmp_path):
    with pytest.raises(ModelError):
        write_driving_plan(tmp_path / "p.xlsx", DrivingPlan("1路", ()), as_of="2021-05-21")
    assert not list(tmp_path.iterdir())


def test_a_plan_is_written_as_operators_know_it_and_reads_back(tmp_path):
    services = (
        PlanService("P1路", 0, "甲站", "乙站", "weekday", departures("6:00", "6:20", "7:00", "24:10")),
        PlanService("P1路", 1, "乙站", "甲站", "weekday", departures("6:40")),
        PlanService("P1路区间", 0, "甲站", "丙站", "weekday", departures("7:10"), variant="区间"),
    )
    events = tuple(
        BlockEvent("P1路", "weekday", "1", k, "departure", "", end, at(clock), 1200, None, "", "")
        for k, (end, clock) in enumerate((("甲站", "6:00"), ("乙站", "6:40"), ("甲站", "7:00")), start=1)
    )
    facts = (PlanFacts("P1路", "weekday", "2021-05-21", 1200, 1500, None, 1),)
    path = write_driving_plan(
        tmp_path / "p.xlsx", DrivingPlan("P1路", services, events, facts), as_of="2021-05-21"
    )

    back = read_driving_plan(path)

    assert [(s.line, s.origin, s.times_s) for s in back.services] == [
        (s.line, s.origin, s.times_s) for s in services
    ]
    assert back.checks[0] == PlanCheck("P1路", "weekday", "工作日", 5, 1, 6, "5 + 区间 1")
    assert [(e.terminus, e.time_s) for e in back.events if e.kind == "departure"] == [
        (e.terminus, e.time_s) for e in events
    ]
    assert back.facts[0] == facts[0]
    hours = list(openpyxl.load_workbook(path)[HOURS_SHEET].iter_rows(values_only=True))
    assert hours[1][:5] == ("P1路", "工作日", "甲站", 2, 1)
    assert hours[1][-1] == 4


MINUTES = st.lists(st.integers(4 * 60, 26 * 60), min_size=1, max_size=60, unique=True).map(sorted)


@settings(max_examples=25, deadline=None)
@given(out=MINUTES, back=MINUTES, weekend=MINUTES)
def test_any_departures_read_back_the_same(tmp_path_factory, out, back, weekend):
    services = tuple(
        PlanService("9路", k, *ends, days, tuple(PlanDeparture(m * 60) for m in minutes))
        for k, ends, days, minutes in (
            (0, ("甲站", "乙站"), "weekday", out),
            (1, ("乙站", "甲站"), "weekday", back),
            (0, ("甲站", "乙站"), "weekend", weekend),
        )
    )
    path = tmp_path_factory.mktemp("plan") / "p.xlsx"
    plan = read_driving_plan(write_driving_plan(path, DrivingPlan("9路", services), as_of="2021-05-21"))
    assert [(s.days, s.origin, s.times_s) for s in plan.services] == [
        (s.days, s.origin, s.times_s) for s in services
    ]
    assert all(check.agrees for check in plan.checks)

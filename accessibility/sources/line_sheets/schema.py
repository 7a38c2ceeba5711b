"""The rules of line sheets as a table of data: sheets, their columns, and what these are called."""

from dataclasses import dataclass

from accessibility.model.day_types import DAY_TYPES as KINDS_OF_TYPE


@dataclass(frozen=True)
class ColumnSpec:
    """
    One column.

    Parameters
    ----------
    name
        Its English name.
    others
        Further names that are understood; the first is the Chinese one that documents and messages use.
    required
        Without it the sheet cannot be read.
    """

    name: str
    others: tuple[str, ...]
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it may be called."""
        return (self.name, *self.others)


@dataclass(frozen=True)
class SheetSpec:
    """
    One sheet: a CSV file of a folder, or a sheet of a workbook.

    Parameters
    ----------
    name, others
        As for columns.
    columns
        What is read.
    required
        Without it there is nothing to compute.
    """

    name: str
    others: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it may be called."""
        return (self.name, *self.others)


_C = ColumnSpec
_LINE = _C("line", ("线路", "线路编号"), required=True)
_EVIDENCE = (_C("mark", ("确定性", "标记")), _C("source", ("来源",)), _C("note", ("备注", "说明")))
_VALIDITY = (_C("valid_from", ("有效起", "启用日期")), _C("valid_to", ("有效止", "停用日期")))

STOPS = SheetSpec(
    "stops",
    ("站点", "站点表", "站序"),
    (
        _LINE,
        _C("direction", ("方向",)),
        _C("order", ("序号", "站序"), required=True),
        _C("stop_id", ("站点编号",)),
        _C("name", ("站名", "站点名称"), required=True),
        _C("lon", ("经度", "lng", "longitude", "x"), required=True),
        _C("lat", ("纬度", "latitude", "y"), required=True),
        _C("minutes", ("分钟", "距上站", "距上站分钟", "分钟(距上站)", "分钟 (距上站)")),
        _C("uncertainty_m", ("误差米", "误差")),
        *_EVIDENCE,
    ),
    required=True,
)
SERVICES = SheetSpec(
    "services",
    ("班次", "班次表", "营运时段"),
    (
        _LINE,
        _C("direction", ("方向",)),
        _C("days", ("日期类型",), required=True),
        _C("from", ("起", "首班")),
        _C("to", ("止", "末班")),
        _C("headway_min", ("间隔", "发车间隔")),
        _C("headway_low_min", ("间隔下限",)),
        _C("headway_high_min", ("间隔上限",)),
        _C("departures", ("发车时刻",)),
        _C("last_run", ("末班准点",)),
        _C("run_min", ("全程分钟",)),
        *_VALIDITY,
        *_EVIDENCE,
    ),
    required=True,
)
LINES = SheetSpec(
    "lines",
    ("线路", "线路表"),
    (
        _LINE,
        _C("name", ("线名", "名称")),
        _C("mode", ("方式",)),
        _C("operator", ("营运单位", "运营单位")),
        _C("run_min", ("全程分钟",)),
        _C("open", ("待定",)),
        *_VALIDITY,
        *_EVIDENCE,
    ),
)
DAYS = SheetSpec(
    "days",
    ("日期", "特殊日期"),
    (
        _C("date", ("日期",), required=True),
        _C("counts_as", ("按", "视同"), required=True),
        _C("note", ("备注", "说明")),
    ),
)
TRANSFERS = SheetSpec(
    "transfers",
    ("换乘",),
    (
        _C("from_stop", ("起站",), required=True),
        _C("to_stop", ("止站",), required=True),
        _C("minutes", ("分钟",), required=True),
        _C("note", ("备注", "说明")),
    ),
)

SHEETS = (STOPS, SERVICES, LINES, DAYS, TRANSFERS)

DAY_WORDS = {
    "weekday": ("weekday", "工作日", "平日"),
    "saturday": ("saturday", "周六", "星期六"),
    "sunday": ("sunday", "周日", "星期日"),
    "weekend": ("weekend", "双休日", "周末"),
    "daily": ("daily", "每日", "每天"),
}
"""Name of a day type -> the words for it."""

DAY_TYPES = {word: (name, KINDS_OF_TYPE[name]) for name, words in DAY_WORDS.items() for word in words}
"""Word -> the name of the day type and the kinds of day it holds."""

DAY_KINDS = {
    **{word: kinds for word, (name, kinds) in DAY_TYPES.items() if name in ("weekday", "saturday", "sunday")},
    "none": 0,
    "停运": 0,
    "无": 0,
}
"""Word -> the kind of day that a date counts as; 0 where nothing runs."""

DIRECTIONS = {"0": 0, "上行": 0, "1": 1, "下行": 1}

ROUTE_TYPES = {
    "bus": 3,
    "公交": 3,
    "公共汽车": 3,
    "metro": 1,
    "地铁": 1,
    "轨道交通": 1,
    "rail": 2,
    "铁路": 2,
    "tram": 0,
    "有轨电车": 0,
}
"""Mode -> GTFS ``route_type``."""

FASTEST_KMH = {0: 120.0, 1: 160.0, 2: 350.0, 3: 120.0}
"""GTFS ``route_type`` -> speed (km/h) above which a hop is told as impossible; it stays as stated."""

YES = {"yes": True, "1": True, "true": True, "是": True, "no": False, "0": False, "false": False, "否": False}

MARKS = frozenset("SWUIA")
"""Source, weak source, unchecked, inferred, assumption."""
ASSUMED = "A"

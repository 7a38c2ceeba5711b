"""What titles, date lines and notes of a plan say: line, branch, day type, dates, run times, counts."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

LISTED, BLOCKS, CREW = "departures", "blocks", "crew"

_TITLE = "时刻表"
_NO_PLAN = ("分析", "到站时间")
_DAYS = (
    ("weekday", re.compile(r"工作日|周一至周五|星期一至星期五|平日")),
    ("weekend", re.compile(r"节假日|双休日|周末|休息日")),
    ("saturday", re.compile(r"周六|星期六")),
    ("sunday", re.compile(r"周日|星期日|星期天")),
    ("daily", re.compile(r"每日|每天|全日")),
    ("", re.compile(r"(?:周|星期)[一二三四五](?:上午|下午|晚)?")),
)
_BRANCH = re.compile(r"区间|大站|\(([A-Z]+线)\)")
_LINE_END = re.compile(r"(?:\([^)]*\)|区间|大站车?|行车|发车|乘务员|时刻表)+")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_RUN = re.compile(r"(\d+)(?:[-–—~〜至](\d+))?\)?分")
_COUNT = re.compile(r"(.{0,10}?)班次[:;,]?(\d+(?:\.\d+)?)(?:只|次)")
_LENGTH = re.compile(r"线路长[度路]\D{0,8}?(\d+(?:\.\d+)?)公里")


@dataclass(frozen=True)
class Title:
    """
    A title of a board.

    Parameters
    ----------
    kind
        `LISTED` (发车时刻表), `BLOCKS` (行车时刻表) or `CREW` (乘务员时刻表).
    line, variant
        Name of the line, and its branch; empty where the title names none.
    days, day_label
        Day type and the words it was read from; empty where not stated.
    """

    kind: str
    line: str
    variant: str
    days: str
    day_label: str


@dataclass(frozen=True)
class DateLine:
    """
    The line under a title.

    Parameters
    ----------
    valid_from
        ISO date; empty where not stated.
    days, day_label
        Day type and its words.
    run_low_min, run_high_min
        Run time one way; None where not stated.
    """

    valid_from: str
    days: str
    day_label: str
    run_low_min: int | None
    run_high_min: int | None


def squeeze(text: str) -> str:
    """Make full-width signs usual and take every blank out."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def title_of(text: str) -> Title | None:
    """Read a title; None where the text is none."""
    plain = squeeze(text)
    branch = _BRANCH.search(plain)
    if any(word in plain for word in _NO_PLAN) or (_TITLE not in plain and branch is None):
        return None
    if _TITLE not in plain and (len(plain) > 40 or _COUNT.search(plain) or "公里" in plain):
        return None
    kind = CREW if "乘务员" in plain else LISTED if "发车" in plain else BLOCKS
    head = _LINE_END.split(plain, maxsplit=1)[0] if _TITLE in plain else ""
    days, label = day_type_of(plain)
    return Title(kind, head, _branch_name(branch), days, label)


def day_type_of(text: str) -> tuple[str, str]:
    """
    Read a day type.

    Returns
    -------
    days, day_label
        Day type of line sheets (for others the words themselves) and the words; empty where there is none.
    """
    plain = squeeze(text)
    for days, words in _DAYS:
        match = words.search(plain)
        if match:
            return days or match[0], match[0]
    return "", ""


def date_line_of(text: str) -> DateLine | None:
    """Read the line that states from when a plan holds and how long a run takes; None where it is none."""
    plain = squeeze(text)
    found = _DATE.search(plain)
    run = _RUN.search(_DATE.sub("", plain))
    if "实施日期" not in plain and ("单程" not in plain or run is None or _COUNT.search(plain)):
        return None
    low = int(run[1]) if run else None
    high = int(run[2] or run[1]) if run else None
    return DateLine(_iso(found), *day_type_of(plain), low, high)


def stated_count_of(text: str) -> tuple[str, int] | None:
    """
    Read how many departures a note states.

    Returns
    -------
    variant, count
        The branch that the note names, and the number; None where it states none, and for weekly means.
    """
    plain = squeeze(text)
    match = _COUNT.search(plain)
    if match is None or "平均" in match[1] or "." in match[2]:
        return None
    return _branch_name(_BRANCH.search(match[1])), int(match[2])


def length_km_of(text: str) -> float | None:
    """Read the length (km) of a line that a note states."""
    match = _LENGTH.search(squeeze(text))
    return float(match[1]) if match else None


def full_name(line: str, variant: str) -> str:
    """Name a branch of a line."""
    return f"{line}({variant})" if variant.endswith("线") else line + variant


def _branch_name(match: re.Match[str] | None) -> str:
    return "" if match is None else match[1] or match[0]


def _iso(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return ""

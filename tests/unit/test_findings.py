"""RULE UNDER TEST: a finding gives least, middle and most over sites, directions and levels, or says why not.

The town below: a main road of 2 km, two sites on it, and a one-way loop at its eastern end, so that a car
drives back another way. Figures are metres over the speeds of data/defaults: on foot 80, 60, 60 m/min; by car
on a primary road at the peak 32, 25, 18 km/h. Metres of EPSG:4549 are 0.015 % longer than on the ellipsoid.
"""

import math

import numpy as np
import pytest

from accessibility.messages import _, language, set_language
from accessibility.model import reasons
from accessibility.outputs.wording import reason_text
from accessibility.sources.study_file import read_study
from accessibility.studies.computed import compute
from accessibility.studies.findings import build_findings
from accessibility.studies.load import load_study
from accessibility.studies.progress import silent
from tests.builders import spots
from tests.unit.osm_worlds import osm_xml

NODES = "A 0 0, B 2000 0, C 2000 1000, D 3000 1000, E 3000 0"
WAYS = """1 A B highway=primary name=Main_Road, 2 B C highway=primary oneway=yes name=Loop,
3 C D highway=primary oneway=yes name=Loop, 4 D E highway=primary oneway=yes name=Loop,
5 E B highway=primary oneway=yes name=Loop"""
PLACES = {
    "sites.csv": [("S1", "site", "500 0", "", ""), ("S2", "site", "1500 0", "", "")],
    "stations.csv": [
        ("L11-loop", "station", "2000 900", "11", ""),
        ("L14-main", "station", "200 0", "14", "2021-12-30"),
    ],
    "schools.csv": [
        ("near", "school", "1000 0", "", ""),
        ("lost", "school", "? ?", "", ""),
        ("far", "school", "1000 -3000", "", ""),
    ],
}
STUDY = """\
[study]
id = "town"
name = "小镇"
name_en = "Town"
area = [{area}]
crs = "EPSG:4549"
as_of = [2021-05-21, 2021-12-30]
[streets]
file = "streets.osm"
[[places]]
file = "sites.csv"
[[places]]
file = "stations.csv"
[[places]]
file = "schools.csv"
[origins]
kinds = ["site"]
default = "S2"
[destinations]
kinds = ["station", "school"]
[grid]
cell_m = 250
[travel]
modes = ["walk", "drive"]
cutoffs_min = [10, 20]
[[period]]
id = "peak"
name = "早高峰"
from = "07:30"
to = "08:30"
[[target]]
id = "line14"
name = "14号线"
kinds = ["station"]
line = "14"
[[target]]
id = "metro"
name = "任一车站"
kinds = ["station"]
[[question]]
id = "Q-time"
quote = "到环路站约7分钟车程"
measure = "duration"
destinations = ["L11-loop"]
modes = ["drive"]
rests_on = ["车速为假设"]
rests_on_en = ["speeds are assumed"]
[[question]]
id = "Q-line14"
quote = "周边已有14号线"
measure = "nearest"
targets = ["line14"]
modes = ["walk"]
as_of = [2021-05-21, 2021-12-30]
[[question]]
id = "Q-metro"
quote = "前往车站的距离大幅缩短"
measure = "nearest"
targets = ["metro"]
modes = ["walk"]
as_of = [2021-05-21, 2021-12-30]
[[question]]
id = "Q-first-date"
quote = "答复当日"
measure = "nearest"
targets = ["metro"]
modes = ["walk"]
[[question]]
id = "Q-distance"
quote = "只有3-4公里"
measure = "distance"
destinations = ["L11-loop"]
modes = ["walk", "drive"]
[[question]]
id = "Q-straight"
quote = "直线"
measure = "straight"
destinations = ["near", "lost"]
[[question]]
id = "Q-lost"
quote = "没有坐标的学校"
measure = "duration"
destinations = ["lost", "far"]
modes = ["walk"]
"""
STRETCH = 2e-4


def write_study(folder, text=STUDY):
    """Write the town as a folder of files; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "streets.osm").write_text(osm_xml(NODES, WAYS), encoding="utf-8")
    for name, rows in PLACES.items():
        lines = ["id,name,kind,lon,lat,line,valid_from"]
        for place, kind, at, line, valid_from in rows:
            where = spots(f"{place} {at}")
            lon, lat = ("" if np.isnan(v) else f"{v:.7f}" for v in (where.lon[0], where.lat[0]))
            lines.append(f"{place},{place},{kind},{lon},{lat},{line},{valid_from}")
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    box = spots("sw -200 -300, ne 3200 1300")
    area = f"{box.lon[0]:.6f}, {box.lat[0]:.6f}, {box.lon[1]:.6f}, {box.lat[1]:.6f}"
    (folder / "study.toml").write_text(text.format(area=area), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True, scope="module")
def _speak_chinese():
    before = language()
    set_language("zh")
    yield
    set_language(before)


def findings_of(folder, text=STUDY):
    loaded = load_study(read_study(write_study(folder, text)))
    return {one.question.id: one for one in build_findings(loaded, compute(loaded, silent))}


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    return findings_of(tmp_path_factory.mktemp("town"))


def figures(finding, *, leading=None):
    return [
        (answer.low, answer.mid, answer.high, answer.unit)
        for answer in finding.answers
        if leading in (None, answer.leading)
    ]


def minutes(*values):
    """Durations are whole seconds, and metres are stretched a little."""
    return tuple(pytest.approx(value, abs=0.5 / 60 + value * STRETCH) for value in values)


def km(*values):
    return tuple(pytest.approx(v, rel=STRETCH, abs=1e-5) for v in values)


def test_a_time_is_least_middle_and_most_over_both_sites_both_directions_and_all_speeds(findings):
    """There 2,400 and 1,400 m, back 4,600 and 3,600 m: 3,000 m in the middle."""
    least, middle, most = 1400 / (32_000 / 60), 3000 / (25_000 / 60), 4600 / (18_000 / 60)
    assert figures(findings["Q-time"], leading=True) == [(*minutes(least, middle, most), "min")]


def test_access_and_parking_are_shown_apart_and_do_not_lead(findings):
    """Two minutes to the car and three to park it, whatever the speed."""
    (without,) = figures(findings["Q-time"], leading=True)
    assert figures(findings["Q-time"], leading=False) == [
        (*(pytest.approx(value + 5, abs=1e-9) for value in without[:3]), "min")
    ]


def test_a_station_not_yet_open_is_absent_at_the_first_date_and_present_at_the_second(findings):
    """L14 lies 300 m from one site and 1,300 m from the other."""
    first, *second = findings["Q-line14"].answers
    assert math.isnan(first.mid)
    assert first.detail == _("none operating")
    assert "2021-05-21" in first.label
    assert all("2021-12-30" in answer.label for answer in second)
    assert [(a.low, a.mid, a.high, a.unit, a.leading) for a in second] == [
        (*minutes(300 / 80, 800 / 60, 1300 / 60), "min", True),
        (*km(0.3, 0.8, 1.3), "km", False),
    ]


def test_the_nearest_of_all_stations_gets_nearer_when_the_new_one_opens(findings):
    """L11 lies 2,400 and 1,400 m away."""
    assert figures(findings["Q-metro"], leading=True) == [
        (*minutes(1400 / 80, 1900 / 60, 2400 / 60), "min"),
        (*minutes(300 / 80, 800 / 60, 1300 / 60), "min"),
    ]


def test_a_finding_names_the_nearest_place_of_every_site(findings):
    details = [answer.detail for answer in findings["Q-metro"].answers if answer.leading]
    both = "S1/S2"
    assert details == [
        _("{place} (from {sites})", place=place, sites=both) for place in ("L11-loop", "L14-main")
    ]


def test_a_question_without_a_date_is_answered_for_the_first(findings):
    metro, first_date = findings["Q-metro"], findings["Q-first-date"]
    assert figures(first_date) == figures(metro)[:2]
    assert all("2021-05-21" in answer.label for answer in first_date.answers)


def test_a_distance_is_told_in_a_straight_line_on_foot_and_by_car_both_ways(findings):
    straight = [math.hypot(1500, 900), math.hypot(500, 900)]
    assert figures(findings["Q-distance"]) == [
        (*km(straight[1] / 1000, sum(straight) / 2000, straight[0] / 1000), "km"),
        (*km(1.4, 1.9, 2.4), "km"),
        (*km(1.4, 3.0, 4.6), "km"),
    ]


def test_a_straight_line_is_told_where_both_positions_are_known(findings):
    near, lost = figures(findings["Q-straight"])
    assert near == (*km(0.5, 0.5, 0.5), "km")
    assert [math.isnan(v) for v in lost[:3]] == [True] * 3


def test_what_is_not_reached_has_no_figure_but_its_reason(findings):
    lost, far = findings["Q-lost"].answers
    assert [math.isnan(v) for a in (lost, far) for v in (a.low, a.mid, a.high)] == [True] * 6
    assert (lost.detail, far.detail) == (
        reason_text(reasons.DESTINATION_NO_POSITION),
        reason_text(reasons.DESTINATION_NOT_LINKED),
    )
    assert all(answer.detail in findings["Q-lost"].sentence for answer in (lost, far))


def test_a_distance_without_an_answer_is_told_with_its_reason(tmp_path):
    text = STUDY.replace('measure = "distance"\ndestinations = ["L11-loop"]', 'measure = "distance"\n'
                         'destinations = ["lost"]')  # fmt: skip
    answers = findings_of(tmp_path, text)["Q-distance"].answers
    assert all(math.isnan(answer.mid) for answer in answers)
    assert {answer.detail for answer in answers} == {reason_text(reasons.DESTINATION_NO_POSITION)}


def test_what_only_some_reach_within_the_limit_opens_the_interval(tmp_path):
    """Of 35 min, S1 needs 30 at its fastest, else 40; S2 17.5 to 23.3."""
    text = STUDY.replace("cutoffs_min", "max_duration_min = 35\ncutoffs_min")
    found = findings_of(tmp_path, text.replace('modes = ["drive"]', 'modes = ["walk"]'))
    (answer,) = figures(found["Q-time"])
    assert answer == (*minutes(17.5), math.inf, math.inf, "min")
    assert "17.5" in found["Q-time"].sentence
    assert "inf" not in found["Q-time"].sentence


def test_the_sentence_names_the_sites_the_place_and_the_leading_figures_only(findings):
    """Least and most of the drive, 2.6 and 15.3 min; with access and parking they would be 7.6 and 20.3."""
    sentence = findings["Q-time"].sentence
    assert [text in sentence for text in ("S1", "S2", "L11-loop", "2.6", "15.3")] == [True] * 5
    assert [text in sentence for text in ("7.6", "20.3")] == [False] * 2


def test_a_sentence_rounds_half_a_tenth_up_as_every_table_does(findings):
    """300 m at 80 m/min are 3.75 min, 1,300 m at 60 m/min 21.67."""
    assert [text in findings["Q-line14"].sentence for text in ("3.8", "21.7")] == [True] * 2


def test_the_sentence_writes_kilometres_with_two_decimals(findings):
    """On foot 1.40 to 2.40 km, by car up to 4.60 km, straight 1.03 to 1.75 km."""
    sentence = findings["Q-distance"].sentence
    assert [text in sentence for text in ("1.40", "2.40", "4.60", "1.03", "1.75")] == [True] * 5


def test_a_finding_says_what_it_rests_on_and_there_is_one_per_question_in_order(findings):
    assert list(findings) == [
        "Q-time",
        "Q-line14",
        "Q-metro",
        "Q-first-date",
        "Q-distance",
        "Q-straight",
        "Q-lost",
    ]
    assert findings["Q-time"].rests_on == ("车速为假设",)
    assert findings["Q-metro"].rests_on == ()


# ---- what the interval contains, and what stands beside it


@pytest.fixture(scope="module")
def unsure(tmp_path_factory):
    """The town with sites known to 600 m, the loop station to 300 m, everything else without a statement."""
    text = STUDY.replace('modes = ["walk", "drive"]', 'modes = ["walk", "cycle", "drive"]')
    text = text.replace('modes = ["drive"]', 'modes = ["walk", "cycle", "drive"]', 1)
    folder = write_study(tmp_path_factory.mktemp("unsure"), text)
    for name, told in (("sites.csv", {"S1": "600", "S2": "600"}), ("stations.csv", {"L11-loop": "300"})):
        head, *lines = (folder / name).read_text(encoding="utf-8").splitlines()
        rows = [f"{line},{told.get(line.split(',')[0], '')}" for line in lines]
        (folder / name).write_text("\n".join([f"{head},uncertainty_m", *rows]) + "\n", encoding="utf-8")
    loaded = load_study(read_study(folder))
    return {one.question.id: one for one in build_findings(loaded, compute(loaded, silent))}


def test_the_effect_of_the_positions_is_estimated_at_the_speed_of_the_mode(unsure):
    """900 m × 1.3 at 60 m/min, at 12 km/h and, as every street here is primary, at 25 km/h."""
    leading = [answer for answer in unsure["Q-time"].answers if answer.leading]
    assert [answer.position for answer in leading] == [
        pytest.approx(900 * 1.3 / (kmh / 3.6) / 60, rel=1e-3) for kmh in (3.6, 12, 25)
    ]


def test_the_effect_on_a_length_is_in_kilometres_and_on_a_straight_line_without_detour(unsure):
    assert [answer.position for answer in unsure["Q-distance"].answers] == [
        pytest.approx(0.9),
        *[pytest.approx(0.9 * 1.3)] * 3,
    ]


def test_an_interval_says_what_it_covers_and_a_mode_without_a_range_says_so(unsure):
    covers = [answer.covers for answer in unsure["Q-time"].answers if answer.leading]
    ranged, single = _("range of speeds"), _("one speed, no range")
    assert [(ranged in words, single in words) for words in covers] == [
        (True, False),
        (False, True),
        (True, False),
    ]
    assert all(_("both directions") in words for words in covers)
    assert all(_("way there") in answer.covers for answer in unsure["Q-first-date"].answers)


def test_a_finding_names_the_metres_of_both_ends_and_what_is_not_stated(unsure, findings):
    assert [text in unsure["Q-time"].positions for text in ("± 600 m", "± 300 m")] == [True, True]
    assert findings["Q-time"].positions.count(_("(± not stated)")) == 2
    assert not any(sign in findings["Q-time"].positions for sign in ("600", "300"))
    assert all(math.isnan(answer.position) for answer in findings["Q-time"].answers)

"""A small town for the tests of outputs: eight streets, a dozen places, a grid, tables; nothing random."""

from datetime import date
from pathlib import Path

import numpy as np
import shapely

from accessibility.model.access_table import AccessTable
from accessibility.model.finding import Answer, Finding
from accessibility.model.grid import Grid
from accessibility.model.isochrone import Isochrone
from accessibility.model.journey import Journey, Part
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance, SourceRecord
from accessibility.model.streets import Streets
from accessibility.model.study import Period, Question, StreetUse, Study, Target
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.maps.base_layer import base_layer
from accessibility.outputs.maps.map_frame import MapFrame
from accessibility.units import UNREACHED

CRS = "EPSG:4549"
AREA = (121.20, 31.25, 121.30, 31.32)
WEST_M, SOUTH_M = 615_100.0, 3_459_200.0
EVIL = '<script>window.evil=1</script>{{ 7*7 }}{% raw %}</script>\u2028"&amp;='
"""A name as OSM may hold it: markup, template signs, a line separator."""

LEVELS = ("low", "mid", "high")


def town_streets(*, name: str = "曹安公路") -> Streets:
    """Lay four streets west-east and four south-north, 2 km apart, cut at every crossing."""
    x_m = np.array([WEST_M + 2000.0 * (i % 4) for i in range(16)])
    y_m = np.array([SOUTH_M + 2000.0 * (i // 4) for i in range(16)])
    pairs = [(i, i + 1) for i in range(16) if i % 4 < 3] + [(i, i + 4) for i in range(12)]
    classes = ("motorway", "primary", "secondary", "residential", "footway")
    n = len(pairs)
    start, end = np.array(pairs).T
    road_class = np.array([1 if a // 4 == b // 4 == 1 else (2 + a % 3 if a % 4 else 0) for a, b in pairs])
    names = ("", name, "沈海高速", EVIL)
    street_name = np.array([1 if c == 1 else 2 if c == 0 else 3 if c == 2 else 0 for c in road_class])
    both = np.full(n, 7, np.uint8)
    return Streets(
        crs=CRS,
        node_ids=np.arange(16),
        x_m=x_m,
        y_m=y_m,
        node_signal=np.zeros(16, bool),
        node_closed=np.zeros(16, np.uint8),
        segment_from=start,
        segment_to=end,
        length_m=np.full(n, 2000.0),
        way_ids=np.arange(100, 100 + n),
        road_class=road_class,
        road_classes=classes,
        name=street_name,
        names=names,
        speed_cap_mps=np.full(n, np.inf),
        forward=both,
        backward=both,
        steps=np.zeros(n, bool),
        shape_offset=np.arange(0, 2 * n + 1, 2),
        shape_x_m=np.column_stack([x_m[start], x_m[end]]).ravel(),
        shape_y_m=np.column_stack([y_m[start], y_m[end]]).ravel(),
        ban_offset=np.zeros(1, np.int64),
        ban_edges=np.zeros(0, np.int32),
        ban_modes=np.zeros(0, np.uint8),
        provenance=town_provenance(),
    )


def town_provenance() -> Provenance:
    """Name one OSM file, two notices and a version."""
    source = SourceRecord(
        "streets.osm", "ab" * 32, "OpenStreetMap 提取", "ODbL, © OpenStreetMap contributors", "2021"
    )
    notices = (
        Notice(
            "place-far", "warning", "places lie far from streets", "places.csv", 3, "lon", "121.2", "check", 2
        ),
        Notice("sketch", "info", "the streets are a sketch"),
    )
    return Provenance((source,), notices, (("accessibility", "0.1.0"),))


def town_places() -> Places:
    """Place two sites, three stations, two hospitals and two schools, one of an evil name; one is lost."""
    rows = [
        ("C1", "候选一", "Candidate 1", "site", 121.24, 31.28, 600, "", "", "I"),
        ("C2", "候选二", "Candidate 2", "site", 121.25, 31.28, 600, "", "", "I"),
        ("s11", "安亭", "Anting", "metro_station", 121.21, 31.29, 10, "11", "2010-03-29", "S"),
        ("s14", "封浜", "Fengbang", "metro_station", 121.28, 31.27, 50, "14", "2021-12-30", "S"),
        ("s13", "金运路", "Jinyun Road", "metro_station", 121.29, 31.255, 50, "13", "", "S"),
        ("h1", "嘉定区安亭医院", "Anting Hospital", "hospital", 121.22, 31.30, 130, "", "", "S"),
        ("h2", "瑞金医院北院", "Ruijin Hospital North", "hospital", 121.26, 31.31, 150, "", "", "W"),
        ("p1", EVIL, EVIL, "school_primary", 121.23, 31.26, 120, "", "", "U"),
        ("p2", "=1+1小学", "=1+1 Primary", "school_primary", 121.27, 31.30, 0, "", "", "S"),
        ("k1", "幼儿园", "Kindergarten", "kindergarten", 121.245, 31.27, 0, "", "", "S"),
        ("lost", "没有坐标的公园", "Park without position", "park", np.nan, np.nan, 0, "", "", "U"),
    ]
    columns = list(zip(*rows, strict=True))
    return Places(
        ids=columns[0],
        names=columns[1],
        kinds=columns[3],
        lon=np.array(columns[4]),
        lat=np.array(columns[5]),
        count=np.ones(len(rows)),
        uncertainty_m=np.array(columns[6], float),
        facts={
            "name_en": columns[2],
            "line": columns[7],
            "valid_from": columns[8],
            "mark": columns[9],
            "source": ("a source, check before publishing",) * len(rows),
        },
    )


def town_overlay() -> Places:
    """An assumed line from Fengbang to the west."""
    return Places(
        ids=("a0", "a1", "a2"),
        names=("封浜", "H1(假设)", "H2(假设)"),
        kinds=("stop",) * 3,
        lon=np.array([121.28, 121.25, 121.21]),
        lat=np.array([31.27, 31.282, 31.29]),
        count=np.ones(3),
        uncertainty_m=np.array([50.0, 400.0, 400.0]),
        facts={"mark": ("S", "I", "I"), "source": ("OSM", "A2", "A2"), "name_en": ("Fengbang", "H1", "H2")},
    )


def town_study() -> Study:
    """Ask two questions about the town."""
    first, last = date(2021, 5, 21), date(2021, 12, 30)
    asked = Question(
        "C02",
        "安亭站约20分钟车程",
        "duration",
        ("s11",),
        (),
        ("drive",),
        (first,),
        "20 min",
        (("据", "rests"),),
    )
    nearest = Question(
        "C01", "周边已有轨道交通", "nearest", (), ("metro",), ("walk",), (first, last), "已有", ()
    )
    return Study(
        folder=Path("data"),
        id="town",
        name="小镇可达性",
        name_en="Accessibility of the town",
        asked=("答复的说法成立吗?", "Is the reply right?"),
        area=AREA,
        crs=CRS,
        as_of=(first, last),
        streets_file="streets.osm",
        street_use=StreetUse(generalised=True, off_network_m=1600.0, avoid=("motorway",)),
        places_files=(),
        origin_kinds=("site",),
        default_origin="C2",
        destination_kinds=("metro_station", "hospital"),
        targets=(
            Target("metro", "任一车站", "any metro station", ("metro_station",)),
            Target("hospital", "医院", "hospital", ("hospital",)),
        ),
        periods=(Period("peak", "早高峰", "morning peak", 27000, 30600),),
        questions=(asked, nearest),
        cell_m=500.0,
        modes=("walk", "drive"),
        max_duration_s=7200,
        cutoffs_s=(900, 1800),
    )


def town_grid() -> Grid:
    """Cover the town with 500 m cells, about 20 by 16."""
    return Grid.over(AREA, crs=CRS, cell_m=500.0)


def nearest_table(
    origins: Places, target: str, mode: str = "walk", period: str = "", as_of: str = ""
) -> AccessTable:
    """Reach the target's one place in minutes that grow from cell to cell; some cells have no answer."""
    n = len(origins)
    mid = 60.0 * (2 + np.arange(n) % 80)
    values = np.column_stack([mid * 0.8, mid, mid * 1.25])
    reason = np.zeros(n, np.int8)
    if n > 10:
        values[7], reason[7] = np.nan, 5
        values[8], reason[8] = np.nan, 3
    where = "s11" if target == "metro" else "h1"
    names = tuple(("", "", "") if r else (where,) * 3 for r in reason)
    return AccessTable(
        "nearest", target, mode, period, as_of, origins.ids, LEVELS, values, reason, names, values * 1.2
    )


def opportunities_table(origins: Places) -> AccessTable:
    """Count 0, 1, 2, ... destinations within 15 and 30 minutes; every ninth origin has no street near."""
    count = np.arange(len(origins)) % 60
    values = np.column_stack([count, count * 2]).astype(float)
    lost = np.arange(len(origins)) % 9 == 8
    values[lost] = np.nan
    reason = np.where(lost, 3, 0).astype(np.int8)
    return AccessTable(
        "opportunities", "hospital", "drive", "peak", "", origins.ids, ("15", "30"), values, reason
    )


def unreached_table(origins: Places, target: str = "metro") -> AccessTable:
    """Reach nothing: the target does not exist on the first date."""
    n = len(origins)
    nothing = np.full((n, 3), np.nan)
    names = tuple(("", "", "") for _ in range(n))
    reason = np.full(n, 8, np.int8)
    return AccessTable(
        "nearest", target, "drive", "peak", "2021-05-21", origins.ids, LEVELS, nothing, reason, names
    )


def town_times() -> TravelTimes:
    """Drive from both sites to the station, a hospital, and a place without position."""
    duration_s = np.array([[[600, 720, 900], [300, 300, 300], [UNREACHED] * 3]] * 2, np.int32)
    distance_m = np.where(duration_s == UNREACHED, np.nan, duration_s * 10.0)
    query = TravelQuery(
        mode="walk",
        levels=LEVELS,
        connector_mps=(1.4, 1.2, 1.0),
        detour_factor=1.3,
        snap_radius_m=(300.0, 1600.0),
        island_share=0.01,
        steps_factor=2.0,
        max_duration_s=7200,
        speed_mps=(1.4, 1.2, 1.0),
        terminal_s=(240.0, 300.0, 360.0),
    )
    reason = np.array([[0, 0, 2]] * 2, np.int8)
    return TravelTimes(("C1", "C2"), ("s11", "h1", "lost"), duration_s, distance_m, reason, query)


def town_isochrones() -> tuple[Isochrone, ...]:
    """Two rings around each site, by two modes, one with a hole, one empty."""
    areas = []
    for origin, lon in (("C1", 121.24), ("C2", 121.25)):
        for mode, period in (("walk", ""), ("drive", "peak")):
            for cutoff_s in (900, 1800):
                circle = shapely.Point(lon, 31.28).buffer(cutoff_s / 60_000)
                area = (
                    circle.difference(shapely.Point(lon, 31.28).buffer(0.002)) if mode == "drive" else circle
                )
                if mode == "walk" and cutoff_s == 900 and origin == "C2":
                    area = shapely.Polygon()
                areas.append(
                    Isochrone(origin, mode, period, "mid", cutoff_s, area, cutoff_s / 100, cutoff_s / 50)
                )
    return tuple(areas)


def town_journeys() -> tuple[Journey, ...]:
    """One way by car along the main road, in two levels."""
    journeys = []
    for level, street_s in (("low", 540), ("mid", 660)):
        parts = (
            Part("connector", "", "", 60, 80.0),
            Part("street", "曹安公路", "primary", street_s, 3900.0),
            Part("street", EVIL, "secondary_link", 30, 200.0),
        )
        lon, lat = np.linspace(121.25, 121.21, 9), np.linspace(31.28, 31.29, 9)
        total = sum(part.duration_s for part in parts)
        journeys.append(Journey("C2", "s11", "drive", "peak", level, total, parts, 300, lon, lat))
    return tuple(journeys)


def town_findings() -> tuple[Finding, ...]:
    """One finding with an interval, one without an answer."""
    study = town_study()
    nothing = float("nan")
    return (
        Finding(
            study.questions[0],
            (
                Answer("安亭", "驾车", 10.0, 12.0, 15.0, "min", "双向"),
                Answer("安亭", "直线", 9.1, 9.1, 9.1, "km"),
            ),
            "10–15 分钟。",
            ("位置为假设。",),
        ),
        Finding(
            study.questions[1],
            (Answer("车站", "", nothing, nothing, nothing, "min", "当日未运营"),),
            "没有。",
            (),
        ),
    )


def town_frame() -> MapFrame:
    """Bring together what all maps share."""
    return MapFrame(town_study(), town_places(), base_layer(town_streets()), town_provenance())

"""Rule: every fact of the Anting study carries a mark and a source and hides no unknown.

The tables under data/ are read with the standard library alone, so that a fault of the product
cannot hide a fault of the data. Straight-line distances are measured on the ellipsoid and compared
with figures worked out beforehand.
"""

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from pyproj import Geod

DATA = Path(__file__).resolve().parents[2] / "data"
ANTING = DATA / "anting"
PLACES = ANTING / "places"
DEFAULTS = DATA / "defaults"

MARKS = {"S", "W", "U", "I"}
COLUMNS = [
    "id",
    "kind",
    "name_zh",
    "name_en",
    "address",
    "lon",
    "lat",
    "valid_from",
    "valid_to",
    "line",
    "uncertainty_m",
    "mark",
    "source",
    "note",
]
LIST_OF_2020 = "map-service list of 2020, check before publishing"
FILES = (
    "sites.csv",
    "stations.csv",
    "railway.csv",
    "hospitals.csv",
    "hospital_entrances.csv",
    "schools.csv",
    "kindergartens.csv",
    "health.csv",
    "malls.csv",
    "city_points.csv",
)
DEFAULT_FILES = ("driving_speeds.csv", "mode_speeds.csv", "driving_extras.csv", "limits.csv")
ROAD_CLASSES = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "road",
)

# Kilometres on the ellipsoid from C1, C2, C3, C4.
STRAIGHT_KM = {
    "L14-fengbang": (3.00, 3.50, 3.98, 4.46),
    "L11-anting": (10.09, 9.59, 9.10, 8.61),
    "L11-changjidonglu": (6.66, 6.16, 5.68, 5.24),
    "L11-malu": (5.11, 5.09, 5.23, 5.47),
    "L11-jiadingxincheng": (6.26, 6.06, 5.99, 6.05),
    "L11-chenxianggonglu": (5.22, 5.49, 5.87, 6.31),
    "L11-shanghaiqichecheng": (8.27, 7.77, 7.28, 6.79),
    "hosp-ruijin-north": (6.81, 6.64, 6.61, 6.69),
    "hosp-ehbh-anting": (11.26, 10.77, 10.33, 9.92),
    "mall-jtown": (10.20, 9.71, 9.22, 8.73),
    "park-autoexpo": (9.40, 8.91, 8.41, 7.92),
}


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


def all_places():
    return [row for name in FILES for row in rows_of(PLACES / name)]


def place(identifier):
    return next(row for row in all_places() if row["id"] == identifier)


def iso_or_none(text):
    return date.fromisoformat(text) if text else None


def readme_rows(readme):
    """File name and stated number of rows, from the table of a README (column 3 where there is one)."""
    found = {}
    for line in readme.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name = re.fullmatch(r"`([\w./-]+\.csv)`", cells[0])
        if name:
            found[name.group(1)] = cells[2]
    return found


def table_paths():
    return sorted([*PLACES.glob("*.csv"), *DEFAULTS.glob("*.csv"), ANTING / "unknown.csv"])


def test_the_folder_of_places_holds_exactly_the_known_tables():
    assert {path.name for path in PLACES.glob("*.csv")} == set(FILES)


@pytest.mark.parametrize("path", table_paths(), ids=lambda path: path.name)
def test_every_table_is_utf8_without_bom_with_lf_and_full_rows(path):
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    header, *rows = csv.reader(raw.decode("utf-8").splitlines(), strict=True)
    assert rows
    assert {len(row) for row in rows} == {len(header)}


@pytest.mark.parametrize("name", FILES)
def test_every_table_of_places_has_the_same_columns(name):
    with (PLACES / name).open(encoding="utf-8", newline="") as handle:
        assert next(csv.reader(handle)) == COLUMNS


def test_ids_are_ascii_and_unique_across_all_tables_of_places():
    ids = [row["id"] for row in all_places()]
    assert [i for i in ids if not re.fullmatch(r"[A-Za-z0-9-]+", i)] == []
    assert sorted(i for i in set(ids) if ids.count(i) > 1) == []


def test_every_place_has_a_mark_a_source_a_kind_and_both_names():
    for row in all_places():
        assert row["mark"] in MARKS, row["id"]
        for column in ("source", "kind", "name_zh", "name_en"):
            assert row[column], (row["id"], column)


def test_every_default_has_a_mark_and_a_source():
    for name in DEFAULT_FILES:
        for row in rows_of(DEFAULTS / name):
            assert row["mark"] in MARKS, (name, row)
            assert row["source"], (name, row)


def test_coordinates_have_five_decimals_and_lie_in_their_area():
    for row in all_places():
        assert re.fullmatch(r"\d{3}\.\d{5}", row["lon"]), row["id"]
        assert re.fullmatch(r"\d{2}\.\d{5}", row["lat"]), row["id"]
        east = {"metro_station": 121.48, "city_point": 121.50}.get(row["kind"], 121.40)
        south = 31.19 if row["kind"] == "city_point" else 31.22
        assert 121.09 <= float(row["lon"]) <= east, row["id"]
        assert south <= float(row["lat"]) <= 31.41, row["id"]


def test_every_uncertainty_is_a_positive_number_of_metres():
    assert [row["id"] for row in all_places() if not float(row["uncertainty_m"]) > 0] == []


def test_dates_are_iso_or_empty_and_do_not_run_backwards():
    for row in all_places():
        start, end = iso_or_none(row["valid_from"]), iso_or_none(row["valid_to"])
        assert start is None or end is None or start <= end, row["id"]


def test_the_four_sites_are_hypotheses_of_600_metres_and_equal_weight():
    sites = rows_of(PLACES / "sites.csv")
    assert [row["id"] for row in sites] == ["C1", "C2", "C3", "C4"]
    for row in sites:
        assert (row["kind"], row["mark"], row["uncertainty_m"]) == ("site", "I", "600")
        assert "not published" in row["note"]
        assert "hypothesis" in row["note"]
        assert "equal weight" in row["note"]


@pytest.mark.parametrize("target", STRAIGHT_KM)
def test_straight_line_distances_from_the_candidate_sites_hold_within_one_percent(target):
    geod = Geod(ellps="WGS84")
    end = place(target)
    for site, expected_km in zip(("C1", "C2", "C3", "C4"), STRAIGHT_KM[target], strict=True):
        start = place(site)
        metres = geod.inv(float(start["lon"]), float(start["lat"]), float(end["lon"]), float(end["lat"]))[2]
        assert metres / 1000 == pytest.approx(expected_km, rel=0.01), site


def test_line_14_opens_on_30_december_2021_and_not_before_the_reply():
    opened = {row["valid_from"] for row in rows_of(PLACES / "stations.csv") if row["line"] == "14"}
    assert opened == {"2021-12-30"}
    assert date.fromisoformat("2021-12-30") > date(2021, 5, 31)


def test_a_station_without_an_opening_date_says_that_it_is_assumed_operating():
    for row in rows_of(PLACES / "stations.csv"):
        assert row["line"] in {"11", "13", "14"}
        assert ("assumed operating" in row["note"]) == (row["valid_from"] == ""), row["id"]


def test_every_hospital_entrance_names_a_hospital_of_the_table():
    hospitals = {row["id"] for row in rows_of(PLACES / "hospitals.csv")}
    for row in rows_of(PLACES / "hospital_entrances.csv"):
        named = re.match(r"of: ([a-z0-9-]+)", row["note"])
        assert named, row["id"]
        assert named.group(1) in hospitals, row["id"]


def test_the_four_schools_of_the_reply_appear_once_and_say_so():
    named = [row for row in all_places() if row["id"].startswith("reply-")]
    assert [row["kind"] for row in named] == ["school_k12", "kindergarten", "school_primary", "school_junior"]
    assert [row["uncertainty_m"] for row in named] == ["300", "120", "120", "300"]
    for row in named:
        assert row["note"].startswith("reply:"), row["id"]
        assert [other["id"] for other in all_places() if other["name_zh"] == row["name_zh"]] == [row["id"]]


def test_rows_of_the_list_of_2020_say_that_they_must_be_checked_before_publishing():
    for row in all_places():
        assert ("list of 2020" in row["source"]) == (LIST_OF_2020 in row["source"]), row["id"]


def test_every_unknown_says_why_and_what_would_settle_it():
    rows = rows_of(ANTING / "unknown.csv")
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert all(row.values()), row["id"]
    assert {
        "u-centre-address",
        "u-centre-gates",
        "u-l11-headways",
        "u-l14-headways",
        "u-bus-changes-l14",
        "u-extension-alignment",
        "u-mean-speeds",
    } <= {row["id"] for row in rows}


@pytest.mark.parametrize(
    ("name", "unit"), [("driving_speeds.csv", "kmh"), ("mode_speeds.csv", "kmh"), ("driving_extras.csv", "s")]
)
def test_no_default_has_low_above_mid_or_mid_above_high(name, unit):
    for row in rows_of(DEFAULTS / name):
        low, mid, high = (float(row[f"{level}_{unit}"]) for level in ("low", "mid", "high"))
        assert 0 <= low <= mid <= high, row
        assert low > 0 or row.get("item") == "signal_delay", row


def test_every_road_class_has_one_peak_and_one_off_peak_speed_and_the_peak_is_never_faster():
    rows = [row for row in rows_of(DEFAULTS / "driving_speeds.csv") if not row["name_contains"]]
    speeds = {(row["road_class"], row["period"]): row for row in rows}
    assert len(speeds) == len(rows)
    assert set(speeds) == {(road, period) for road in ROAD_CLASSES for period in ("peak", "offpeak")}
    for road in ROAD_CLASSES:
        for column in ("low_kmh", "mid_kmh", "high_kmh"):
            assert float(speeds[road, "peak"][column]) <= float(speeds[road, "offpeak"][column]), road


def test_the_middle_of_the_arterial_peak_rests_on_the_measured_mean_of_2020():
    for row in rows_of(DEFAULTS / "driving_speeds.csv"):
        general = not row["name_contains"]
        if general and row["road_class"] in {"trunk", "primary"} and row["period"] == "peak":
            assert float(row["mid_kmh"]) == pytest.approx(24.94, abs=0.1)
            assert "24.94" in row["note"]


def test_the_walking_limit_and_the_walking_speed_are_the_same_planning_value():
    limits = {row["item"]: row for row in rows_of(DEFAULTS / "limits.csv")}
    walk = next(row for row in rows_of(DEFAULTS / "mode_speeds.csv") if row["mode"] == "walk")
    assert limits["walk_speed"]["unit"] == "m/min"
    assert float(limits["walk_speed"]["value"]) * 60 / 1000 == pytest.approx(float(walk["mid_kmh"]))
    assert all(float(row["value"]) >= 0 and row["unit"] for row in limits.values())


@pytest.mark.parametrize("name", FILES)
def test_the_study_readme_lists_every_table_of_places_with_its_true_number_of_rows(name):
    assert readme_rows(ANTING / "README.md")[f"places/{name}"] == str(len(rows_of(PLACES / name)))


def test_the_data_readme_lists_every_table():
    listed = readme_rows(DATA / "README.md")
    missing = [path.name for path in table_paths() if path.relative_to(DATA).as_posix() not in listed]
    assert missing == []

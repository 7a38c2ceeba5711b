"""RULE UNDER TEST: a coordinate system is stated, never guessed, and the shift to WGS-84 is known in metres.

Check values: coordinates of Anting and Fengbang stations in EPSG:4549; the GCJ-02 shift at Anting station is
+0.004558 degrees of longitude and -0.001877 of latitude, 481 m; BD-09 lies 1.13-1.14 km from WGS-84.
"""

import numpy as np
import pytest

from accessibility.errors import UsageError
from accessibility.sources.coordinates import (
    from_wgs84,
    is_plausible,
    is_projected,
    moved_m,
    parse_system,
    shift_m,
    system_label,
    to_wgs84,
)

ANTING = (121.15745, 31.29039)
FENGBANG = (121.29254, 31.26946)


@pytest.mark.parametrize(
    ("written", "system"),
    [
        ("WGS-84", "wgs84"),
        ("wgs84", "wgs84"),
        ("EPSG:4326", "wgs84"),
        ("4326", "wgs84"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"),
        ("GCJ-02", "gcj02"),
        ("gcj_02", "gcj02"),
        (" GCJ02 ", "gcj02"),
        ("BD-09", "bd09"),
        ("bd09ll", "bd09"),
        ("CGCS2000", "cgcs2000"),
        ("epsg:4490", "cgcs2000"),
        ("EPSG:4549", "epsg:4549"),
        ("4549", "epsg:4549"),
        ("urn:ogc:def:crs:EPSG::4549", "epsg:4549"),
    ],
)
def test_a_system_is_understood_however_people_write_it(written, system):
    assert parse_system(written) == system


@pytest.mark.parametrize("written", ["", "gps", "GCJ-03", "EPSG:999999", "EPSG:5773", "84", "local"])
def test_an_unknown_system_names_the_known_ones(written):
    with pytest.raises(UsageError, match="wgs84, gcj02, bd09, cgcs2000, EPSG:4549") as caught:
        parse_system(written)

    assert caught.value.code == "unknown-coordinate-system"


def test_a_system_without_a_known_way_to_wgs84_is_refused_instead_of_taken_as_equal():
    with pytest.raises(UsageError) as caught:
        to_wgs84(116.0, 40.0, "EPSG:4555")

    assert caught.value.code == "unknown-coordinate-system"


@pytest.mark.parametrize(
    ("system", "label"), [("gcj-02", "GCJ-02"), ("4490", "CGCS2000"), ("4549", "EPSG:4549")]
)
def test_labels_are_what_readers_know(system, label):
    assert system_label(system) == label


def test_only_coordinates_on_a_plane_are_projected():
    assert [is_projected(s) for s in ("wgs84", "gcj02", "bd09", "cgcs2000", "4214", "4549")] == [
        False
    ] * 5 + [True]


def test_gcj02_at_anting_station():
    x, y = from_wgs84(*ANTING, "gcj02")

    assert float(x) - ANTING[0] == pytest.approx(0.004558, abs=5e-7)
    assert float(y) - ANTING[1] == pytest.approx(-0.001877, abs=5e-7)
    assert float(shift_m(x, y, "gcj02")) == pytest.approx(481, abs=0.5)


def test_the_gcj02_shift_at_anting_is_434_m_east_and_208_m_south():
    x, y = from_wgs84(*ANTING, "gcj02")

    east_m = moved_along(ANTING, (float(x), ANTING[1]))
    south_m = moved_along(ANTING, (ANTING[0], float(y)))

    assert (round(east_m), round(south_m)) == (434, 208)


def moved_along(start, end):
    x_m, y_m = from_wgs84([start[0], end[0]], [start[1], end[1]], "EPSG:4549")
    return float(np.hypot(np.diff(x_m), np.diff(y_m))[0]) / 1.00015  # scale of the plane at Anting


@pytest.mark.parametrize("place", [ANTING, FENGBANG])
def test_bd09_lies_1130_to_1145_m_from_wgs84(place):
    assert 1130 <= float(shift_m(*from_wgs84(*place, "bd09"), "bd09")) <= 1145


def test_positions_in_epsg_4549():
    x_m, y_m = from_wgs84([FENGBANG[0], ANTING[0]], [FENGBANG[1], ANTING[1]], "EPSG:4549")

    np.testing.assert_allclose(x_m, [623099.457, 610208.493], atol=0.001)
    np.testing.assert_allclose(y_m, [3461570.633, 3463748.640], atol=0.001)


@pytest.mark.parametrize(
    "system", ["wgs84", "gcj02", "bd09", "cgcs2000", "EPSG:4549", "EPSG:32651", "EPSG:4214"]
)
def test_there_and_back_is_the_same_point(system):
    lon, lat = to_wgs84(*from_wgs84(*ANTING, system), system)

    assert (float(lon), float(lat)) == pytest.approx(ANTING, abs=1e-8)


def test_cgcs2000_is_taken_to_be_wgs84():
    assert float(shift_m(*ANTING, "cgcs2000")) == 0


def test_the_plane_itself_shifts_nothing():
    assert float(shift_m(610208.493, 3463748.640, "EPSG:4549")) == 0


def test_the_same_numbers_in_gcj02_and_bd09_lie_apart():
    assert 600 < float(moved_m(*ANTING, "gcj02", "bd09")) < 1000


@pytest.mark.parametrize("system", ["wgs84", "gcj02", "bd09", "EPSG:4549", "EPSG:4214"])
@pytest.mark.parametrize(("x", "y"), [(np.nan, 31.0), (121.0, np.inf), (-np.inf, np.nan)])
def test_what_is_no_number_has_no_position(system, x, y):
    both = (*to_wgs84(x, y, system), *from_wgs84(x, y, system), shift_m(x, y, system))

    assert all(np.isnan(value) for value in both)
    assert not is_plausible(x, y, system)


def test_columns_keep_their_shape():
    lon, lat = to_wgs84(np.full((2, 3), 121.2), np.full((2, 3), 31.2), "gcj02")

    assert lon.shape == lat.shape == (2, 3)


def test_a_point_does_not_depend_on_its_neighbours():
    alone = to_wgs84(121.2, 31.2, "gcj02")
    together = to_wgs84([121.2, 105.0, 90.1], [31.2, 35.0, 44.4], "gcj02")

    assert (float(alone[0]), float(alone[1])) == (float(together[0][0]), float(together[1][0]))


@pytest.mark.parametrize(
    ("x", "y", "system", "expected"),
    [
        (121.2, 31.2, "wgs84", True),
        (31.2, 121.2, "wgs84", False),
        (610208.0, 3463748.0, "wgs84", False),
        (610208.0, 3463748.0, "EPSG:4549", True),
        (3463748.0, 610208.0, "EPSG:4549", False),
        (40610208.0, 3463748.0, "EPSG:4549", False),
        (121.2, 31.2, "EPSG:4549", False),
    ],
)
def test_what_can_be_a_position(x, y, system, expected):
    assert bool(is_plausible(x, y, system)) is expected

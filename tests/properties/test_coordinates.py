"""RULE UNDER TEST: shifted coordinates come back to within 1 mm; outside China's box nothing is shifted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.sources.coordinates import from_wgs84, moved_m, shift_m, to_wgs84

SHIFTED = ("gcj02", "bd09")
IN_CHINA = st.lists(st.tuples(st.floats(73.5, 135.1), st.floats(18.0, 53.6)), min_size=1, max_size=20)
OUTSIDE = st.one_of(
    st.tuples(st.floats(-180, 71.9), st.floats(-90, 90)),
    st.tuples(st.floats(137.9, 180), st.floats(-90, 90)),
    st.tuples(st.floats(-180, 180), st.floats(-90, 0.8)),
    st.tuples(st.floats(-180, 180), st.floats(55.9, 90)),
)
MM_IN_DEGREES = 1e-3 / 111_320


@pytest.mark.parametrize("system", SHIFTED)
@settings(deadline=None)
@given(points=IN_CHINA)
def test_there_and_back_over_china_is_exact_to_1_mm(system, points):
    lon, lat = np.array(points).T

    back_lon, back_lat = to_wgs84(*from_wgs84(lon, lat, system), system)

    assert np.all(np.abs(back_lon - lon) * np.cos(np.radians(lat)) < MM_IN_DEGREES)
    assert np.all(np.abs(back_lat - lat) < MM_IN_DEGREES)


@pytest.mark.parametrize("system", SHIFTED)
@settings(deadline=None)
@given(points=IN_CHINA)
def test_back_and_there_over_china_is_exact_to_1_mm(system, points):
    x, y = np.array(points).T

    again_x, again_y = from_wgs84(*to_wgs84(x, y, system), system)

    assert np.all(np.abs(again_x - x) * np.cos(np.radians(y)) < MM_IN_DEGREES)
    assert np.all(np.abs(again_y - y) < MM_IN_DEGREES)


@pytest.mark.parametrize("system", SHIFTED)
@settings(deadline=None)
@given(point=OUTSIDE)
def test_nothing_is_shifted_outside_the_box(system, point):
    there, back = from_wgs84(*point, system), to_wgs84(*point, system)

    assert [float(value) for value in (*there, *back)] == [*point, *point]


@settings(deadline=None)
@given(points=IN_CHINA)
def test_the_shift_over_china_stays_within_known_bounds(points):
    lon, lat = np.array(points).T

    for system, most_m in (("gcj02", 1000), ("bd09", 2000)):
        shifts_m = shift_m(*from_wgs84(lon, lat, system), system)
        assert np.all((shifts_m > 10) & (shifts_m < most_m))
        np.testing.assert_allclose(moved_m(lon, lat, system, "wgs84"), shifts_m, atol=1e-3)

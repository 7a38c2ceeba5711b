"""RULE UNDER TEST: everything wrong with a file is told in lines; a coordinate shift is named."""

import numpy as np
import pytest

from accessibility.errors import DataError, SourceError, UsageError
from accessibility.messages import language, set_language
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance, SourceRecord, error_notices
from accessibility.sources.coordinates import from_wgs84, system_label, to_wgs84
from accessibility.sources.notices import check_files, streets_shift_notices
from tests.builders import ORIGIN_M, town

OSM = """<osm version="0.6">
<node id="1" version="1" lon="121.150" lat="31.290"/><node id="2" version="1" lon="121.160" lat="31.290"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
</osm>"""


def at(points_m):
    """Places by metres from the corner of Anting that `town` measures from."""
    x_m, y_m = np.array(points_m, dtype=float).T
    lon, lat = to_wgs84(x_m + ORIGIN_M[0], y_m + ORIGIN_M[1], "EPSG:4549")
    n = len(lon)
    ids = tuple(f"p{i}" for i in range(n))
    provenance = Provenance(sources=(SourceRecord("places.csv", ""),))
    return Places(ids, ids, ("x",) * n, lon, lat, np.ones(n), np.zeros(n), provenance=provenance)


FRAME = "A 0 0, B 3000 0, C 3000 3000, D 0 3000"
SQUARE = "A B, B C, C D, D A"


def codes(notices):
    return [notice.code for notice in notices]


def test_an_error_becomes_notices_with_those_it_carries():
    carried = Notice("id-twice", "error", "m", "a.csv", 3)

    assert error_notices(DataError("bad", notices=[carried], where="a.csv", mend="mend", code="rows")) == (
        Notice("rows", "error", "bad", "a.csv", mend="mend"),
        carried,
    )
    assert codes(error_notices(SourceError("bad", code="gone"))) == ["gone"]


# ---- files


@pytest.fixture
def english():
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture
def files(tmp_path):
    def write(**contents):
        for name, content in contents.items():
            (tmp_path / name.replace("__", ".")).write_text(content, encoding="utf-8")
        return [tmp_path / name.replace("__", ".") for name in contents]

    return write


def test_a_good_table_has_nothing_to_tell(files):
    assert check_files(files(a__csv="id,lon,lat\na,121.1,31.2\n")) == ()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a__csv", "", ["empty-file"]),
        ("a__csv", "id,lon\n", ["missing-column"]),
        ("a__csv", "id,lon,lat\na,abc,31.2\n", ["malformed-rows", "coordinate-not-a-number"]),
        ("a__csv", "id,lon,lat\na,,\n", ["no-usable-places", "place-no-position"]),
        ("a__xlsx", "id,lon,lat\n", ["not-what-it-says"]),
        ("a__geojson", "{", ["file-damaged"]),
        ("a__docx", "x", ["unknown-file"]),
    ],
)
def test_bad_content_is_told_and_never_raised(files, name, content, expected):
    notices = check_files(files(**{name: content}))

    assert codes(notices) == expected
    assert {notices[0].severity, notices[0].file} == {"error", name.replace("__", ".")}


@pytest.mark.parametrize("name", ["a__osm", "a__osm__pbf", "a__toml"])
def test_bad_streets_and_studies_are_told_and_never_raised(files, name):
    notices = check_files(files(**{name: "= nonsense <"}))

    assert [notice.severity for notice in notices][:1] == ["error"]


def test_a_missing_file_is_told(tmp_path):
    assert (
        codes(check_files([tmp_path / "a.csv", tmp_path / "b.osm", tmp_path / "c.toml"])).count(
            "file-missing"
        )
        >= 1
    )


def test_files_are_checked_after_a_bad_one(files):
    notices = check_files(files(a__csv="", b__csv="id,lon,lat\n"))

    assert [(notice.file, notice.code) for notice in notices] == [
        ("a.csv", "empty-file"),
        ("b.csv", "no-rows"),
    ]


def test_places_are_held_against_the_streets_beside_them(files):
    paths = files(a__csv="id,lon,lat\nnear,121.155,31.2901\nfar,121.155,31.39\n", b__osm=OSM)

    notices = check_files(paths)

    assert [(n.code, n.value) for n in notices if n.severity != "info"] == [("place-far-from-streets", "far")]


def test_an_unknown_system_is_a_wrong_call(files):
    with pytest.raises(UsageError):
        check_files(files(a__csv="id,lon,lat\n"), system="mars")


# ---- places and streets


def test_places_beside_streets_have_nothing_to_tell():
    assert streets_shift_notices(at([(100, 20), (1500, 250), (2980, 1500)]), town(FRAME, SQUARE)) == ()


@pytest.mark.parametrize(("off_m", "told"), [(290, False), (310, True), (590, True), (610, False)])
def test_a_median_of_300_to_600_m_off_every_street_names_the_likely_cause(off_m, told):
    places = at([(1500, off_m), (1400, off_m), (1600, off_m), (1000, 10)])

    notices = streets_shift_notices(places, town(FRAME, SQUARE))

    assert codes(notices) == (["coordinates-look-shifted"] if told else [])
    if told:
        assert (notices[0].severity, notices[0].file, notices[0].count) == ("warning", "places.csv", 4)
        assert "GCJ-02" in notices[0].message
        assert "BD-09" in notices[0].message


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_the_system_that_brings_the_places_back_to_the_streets_is_named(english, system):
    streets = town("A 0 0, B 0 3000, C 3000 3000", "A B, B C") if system == "gcj02" else ladder()
    on_street = at([(0, 1600 + 100 * i) for i in range(9)])
    lon, lat = from_wgs84(on_street.lon, on_street.lat, system)
    n = len(on_street)
    shifted = Places(on_street.ids, on_street.ids, ("x",) * n, lon, lat, np.ones(n), np.zeros(n))

    (notice,) = streets_shift_notices(shifted, streets)

    assert f"read as {system_label(system)}, they would lie 0 m off" in notice.message


def ladder():
    """Streets about which BD-09 shifts points of the first by 300-600 m from the second."""
    return town("A 0 0, B 0 3000, C 3000 3000, D 500 0, E 500 3000", "A B, B C, D E")


def test_places_outside_the_extent_do_not_betray_a_shift():
    assert streets_shift_notices(at([(1500, -400), (1600, -400)]), town(FRAME, SQUARE)) == ()


def test_a_place_beyond_the_far_limit_is_told():
    places = at([(100, 10), (1500, -1700), (1500, -1500)])

    notices = streets_shift_notices(places, town(FRAME, SQUARE))

    assert [(n.code, n.severity, n.field, n.value) for n in notices] == [
        ("place-far-from-streets", "warning", "id", "p1")
    ]
    assert (
        codes(streets_shift_notices(places, town(FRAME, SQUARE), far_m=1000))
        == ["place-far-from-streets"] * 2
    )


@pytest.mark.parametrize("off_m", [10, 290, 310, 590, 610, 1700])
@pytest.mark.parametrize("slack_m", [0.0, 5.0, 400.0, np.nan])
def test_what_is_known_of_the_distances_changes_nothing_that_is_told(off_m, slack_m):
    places = at([(1500, off_m), (1400, off_m), (1600, off_m), (1000, 10), (1500, -900)])
    streets = town(FRAME, SQUARE)
    at_most_m = np.array([off_m, off_m, off_m, 10, 900]) + slack_m

    told = streets_shift_notices(places, streets, far_m=np.inf)

    assert streets_shift_notices(places, streets, far_m=np.inf, at_most_m=at_most_m) == told
    assert codes(told) == (["coordinates-look-shifted"] if off_m in (310, 590) else [])


def test_places_without_a_position_are_left_to_their_own_notice():
    nowhere = Places(("a",), ("a",), ("x",), np.array([np.nan]), np.array([np.nan]), np.ones(1), np.zeros(1))

    assert streets_shift_notices(nowhere, town(FRAME, SQUARE)) == ()

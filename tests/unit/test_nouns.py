"""RULE UNDER TEST: a noun that exists is right: checked at birth, read-only, the same in another process."""

import pickle
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date

import numpy as np
import pytest

from accessibility.errors import ModelError
from accessibility.model import reasons
from accessibility.model.access_table import AccessTable
from accessibility.model.defaults import Assumption, Defaults
from accessibility.model.grid import Grid
from accessibility.model.journey import Journey, Part
from accessibility.model.linkage import NOT_LINKED, Attachment
from accessibility.model.nearest_times import NOBODY, NearestTimes
from accessibility.model.places import Places
from accessibility.model.projection import project
from accessibility.model.provenance import Notice, Provenance, SourceRecord
from accessibility.model.speeds import RoadSpeed, RoadSpeeds
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import RANGE_LEVELS
from accessibility.model.travel_times import TravelTimes
from accessibility.units import UNREACHED
from tests.builders import CRS, moving, spots, town, walking

NAN = float("nan")
INF = float("inf")


def a_street_network():
    return town("A 0 0, B 100 0, C 100 100", "A B 'Main', B C", bans=["A B C"])


def some_places():
    return Places(
        ids=("a", "b", "c"),
        names=("A", "B", "C"),
        kinds=("school", "hospital", "school"),
        lon=[121.1, 121.2, NAN],
        lat=[31.1, 31.2, NAN],
        count=[1, 200, 0],
        uncertainty_m=[0, 150, 0],
        facts={"line": ("", "11", "14"), "valid_from": ("", "2021-05-21", "2021-12-30")},
        provenance=Provenance((SourceRecord("places.csv", "ab"),), (Notice("n", "info", "m"),)),
    )


def some_times():
    return TravelTimes(
        origin_ids=("o", "p"),
        destination_ids=("d", "e", "f"),
        duration_s=[[[60], [120], [UNREACHED]], [[0], [UNREACHED], [7200]]],
        distance_m=[[[60], [120], [NAN]], [[0], [NAN], [7200]]],
        reason=[[0, 0, reasons.NO_WAY], [0, reasons.BEYOND_LIMITS, 0]],
        query=walking(),
    )


def some_nearest_times():
    query = TransitQuery(
        day=date(2021, 5, 21), start_s=28_800, n_minutes=2, percentiles=(50,), max_rides=3, walk_mps=1.0,
        max_walk_s=1800, max_duration_s=7200, board_slack_s=60,
    )  # fmt: skip
    return NearestTimes(
        origin_ids=("o", "p"),
        member_ids=("d", "e"),
        minute_s=[[60, 120], [UNREACHED, UNREACHED]],
        minute_member=[[0, 1], [NOBODY, NOBODY]],
        duration_s=[[60], [UNREACHED]],
        member=[[0], [NOBODY]],
        reason=[0, reasons.BEYOND_LIMITS],
        query=query,
    )


def a_table():
    return AccessTable(
        measure="nearest",
        target="school",
        mode="walk",
        period="",
        as_of="",
        origin_ids=("o", "p"),
        columns=("low", "high"),
        values=[[60.0, 90.0], [NAN, NAN]],
        reason=[0, reasons.NO_WAY],
        nearest_ids=(("a", "b"), ("", "")),
        distance_m=[[60.0, 60.0], [NAN, NAN]],
    )


def a_journey():
    parts = (Part("connector", "", "", 5, 5.0), Part("street", "Main", "primary", 55, 95.0))
    return Journey("o", "d", "drive", "peak", "mid", 60, parts, 300, [121.1, 121.2], [31.1, 31.2])


def an_attachment():
    return Attachment(
        segment=[0, NOT_LINKED],
        along_m=[50.0, NAN],
        snap_m=[3.0, NAN],
        located=[True, False],
        x_m=[610_050.0, NAN],
        y_m=[3_463_003.0, NAN],
    )


def road_speeds():
    return RoadSpeeds(
        (
            RoadSpeed("road", "", "peak", 2.0, 3.0, 4.0, "U", "test"),
            RoadSpeed("primary", "", "peak", 5.0, 6.0, 7.0, "U", "test"),
            RoadSpeed("primary", "高架", "peak", 8.0, 9.0, 10.0, "U", "test"),
            RoadSpeed("road", "", "night", 4.0, 4.0, 4.0, "U", "test"),
        )
    )


def some_defaults():
    return Defaults(
        road_speeds=road_speeds(),
        mode_speeds={"walk": (1.0, 1.0, 1.3)},
        extras={"access": (0.0, 120.0, 120.0)},
        limits={"max_duration": 120.0},
        assumptions=(
            Assumption("road speed: road, peak", 7.2, 10.8, 14.4, "km/h", "U", "test"),
            Assumption("speed: walk", 3.6, 3.6, 4.8, "km/h", "S", "test"),
        ),
    )


def a_drive_query():
    return moving(
        "drive",
        levels=RANGE_LEVELS,
        connector_mps=(1.0,) * 3,
        speed_mps=(),
        road_speeds=road_speeds(),
        period="peak",
        signal_delay_s=(1.0, 2.0, 3.0),
    )


WITH_ARRAYS = [
    a_street_network,
    some_places,
    some_times,
    some_nearest_times,
    a_table,
    a_journey,
    an_attachment,
]
EVERY_NOUN = [*WITH_ARRAYS, some_defaults, road_speeds, a_drive_query, lambda: GRID]
GRID = Grid.over((121.16, 31.28, 121.18, 31.30), crs=CRS, cell_m=500.0)


def arrays(noun):
    return {
        field.name: getattr(noun, field.name)
        for field in fields(noun)
        if isinstance(getattr(noun, field.name), np.ndarray)
    }


# ---- read-only, here and elsewhere


@pytest.mark.parametrize("make", WITH_ARRAYS)
def test_no_array_of_a_noun_can_be_written_to_here_or_in_another_process(make):
    noun = make()
    travelled = pickle.loads(pickle.dumps(noun))
    assert arrays(noun), "the noun has arrays"
    assert [
        name
        for one in (noun, travelled)
        for name, column in arrays(one).items()
        if column.flags.writeable or not column.flags.c_contiguous
    ] == []


@pytest.mark.parametrize("make", EVERY_NOUN)
def test_a_noun_comes_out_of_another_process_with_the_same_values(make):
    noun = make()
    travelled = pickle.loads(pickle.dumps(noun))
    for field in fields(noun):
        before, after = getattr(noun, field.name), getattr(travelled, field.name)
        if isinstance(before, np.ndarray):
            assert after.dtype == before.dtype, field.name
            np.testing.assert_array_equal(after, before, err_msg=field.name)
        elif field.name not in {"query", "road_speeds"}:
            assert after == before, field.name
    assert type(travelled) is type(noun)


@pytest.mark.parametrize("make", EVERY_NOUN)
def test_no_field_of_a_noun_can_be_set_anew(make):
    noun = make()
    with pytest.raises(FrozenInstanceError):
        setattr(noun, fields(noun)[0].name, "other")


@pytest.mark.parametrize(
    ("make", "names"), [(some_places, ["facts"]), (some_defaults, ["mode_speeds", "extras", "limits"])]
)
def test_no_table_by_name_can_be_written_to_here_or_in_another_process(make, names):
    for noun in (make(), pickle.loads(pickle.dumps(make()))):
        for name in names:
            with pytest.raises(TypeError):
                getattr(noun, name)["new"] = ()


def test_what_the_caller_does_to_an_array_later_does_not_reach_the_noun():
    lon, values = np.array([121.1, 121.2, NAN]), np.array([[60.0, 90.0], [NAN, NAN]])
    places, table = replace(some_places(), lon=lon), replace(a_table(), values=values)
    lon[:], values[:] = 0.0, 0.0
    assert (places.lon[0], table.values[0, 0]) == (121.1, 60.0)


def test_a_stored_noun_with_wrong_values_is_refused_when_it_is_read():
    class Thief:
        def __reduce__(self):
            kind, values = some_times().__reduce__()
            return kind, (*values[:2], np.full((2, 3, 1), -5), *values[3:])

    stolen = pickle.dumps(Thief())
    with pytest.raises(ModelError):
        pickle.loads(stolen)


# ---- what every class refuses


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"x_m": [0.0, 1.0]}, "column-shape"),
        ({"length_m": [[100.0, 100.0]]}, "column-shape"),
        ({"segment_to": [1]}, "column-shape"),
        ({"shape_offset": [0, 2]}, "column-shape"),
        ({"shape_y_m": [0.0]}, "column-shape"),
        ({"ban_offset": [0]}, "column-shape"),
        ({"x_m": ["west", "east", "east"]}, "column-type"),
        ({"length_m": [100.0, 0.0]}, "streets-length"),
        ({"length_m": [100.0, -1.0]}, "streets-length"),
        ({"length_m": [100.0, NAN]}, "streets-length"),
        ({"length_m": [100.0, INF]}, "streets-length"),
        ({"segment_from": [0, 3]}, "streets-index"),
        ({"segment_to": [1, -1]}, "streets-index"),
        ({"road_class": [0, 1]}, "streets-index"),
        ({"name": [0, 2]}, "streets-index"),
        ({"ban_edges": [0, 4]}, "streets-index"),
        ({"x_m": [0.0, 1.0, NAN]}, "streets-position"),
        ({"y_m": [0.0, 1.0, INF]}, "streets-position"),
        ({"node_ids": [7, 8, 7]}, "streets-ids"),
        ({"shape_offset": [0, 1, 4]}, "streets-shape"),
        ({"shape_offset": [0, 2, 3]}, "streets-shape"),
        ({"ban_edges": [0], "ban_offset": [0, 1]}, "streets-ban"),
        ({"ban_offset": [0, 3]}, "streets-ban"),
    ],
)
def test_streets_refuse(changes, code):
    assert refusal(a_street_network(), changes) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ids": ("a", "b", "a")}, "places-ids"),
        ({"ids": ("a", "b", "")}, "places-ids"),
        ({"ids": ("a", "b")}, "column-shape"),
        ({"names": ("A", "B")}, "places-shape"),
        ({"kinds": ("school",) * 4}, "places-shape"),
        ({"facts": {"line": ("11",)}}, "places-shape"),
        ({"lon": [121.1, 121.2]}, "column-shape"),
        ({"lon": [121.1, 121.2, 121.3]}, "places-position"),
        ({"lat": [31.1, NAN, NAN]}, "places-position"),
        ({"lon": [INF, 121.2, NAN]}, "places-position"),
        ({"lon": [180.1, 121.2, NAN]}, "places-position"),
        ({"lat": [-90.1, 31.2, NAN]}, "places-position"),
        ({"count": [1, 1, -1]}, "places-count"),
        ({"count": [1, 1, NAN]}, "places-count"),
        ({"uncertainty_m": [-1, 0, 0]}, "places-uncertainty_m"),
    ],
)
def test_places_refuse(changes, code):
    assert refusal(some_places(), changes) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"origin_ids": ("o",)}, "column-shape"),
        ({"destination_ids": ("d",)}, "column-shape"),
        ({"reason": [[0, 0, 6]]}, "column-shape"),
        ({"distance_m": [[1.0]]}, "column-shape"),
        ({"query": walking(levels=("low", "high"), connector_mps=(1, 1), speed_mps=(1, 1))}, "column-shape"),
        ({"duration_s": [[[60], [-1], [UNREACHED]], [[0], [UNREACHED], [9]]]}, "times-negative"),
        ({"reason": [[0, 0, 0], [0, 5, 0]]}, "times-reason"),
        ({"reason": [[0, 6, 6], [0, 5, 0]]}, "times-reason"),
    ],
)
def test_travel_times_refuse(changes, code):
    assert refusal(some_times(), changes) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": [0, 0]}, "times-reason"),
        ({"reason": [5, 5]}, "times-reason"),
        ({"member": [[0]]}, "column-shape"),
        ({"minute_member": [[0], [1]]}, "column-shape"),
        ({"duration_s": [[60, 60], [60, 60]]}, "column-shape"),
    ],
)
def test_times_to_the_nearest_refuse(changes, code):
    with pytest.raises(ModelError) as error:
        replace(some_nearest_times(), **changes)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"origin_ids": ("o",)}, "column-shape"),
        ({"columns": ("low",)}, "column-shape"),
        ({"values": [60.0, 90.0]}, "column-shape"),
        ({"reason": [0]}, "column-shape"),
        ({"distance_m": [[60.0], [NAN]]}, "column-shape"),
        ({"reason": [0, 0]}, "table-reason"),
        ({"nearest_ids": (("a",), ("",))}, "column-shape"),
    ],
)
def test_an_access_table_refuses(changes, code):
    assert refusal(a_table(), changes) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mode": "fly"}, "query-mode"),
        ({"levels": (), "connector_mps": (), "speed_mps": ()}, "query-levels"),
        ({"connector_mps": (1.0, 1.0)}, "query-levels"),
        ({"connector_mps": ()}, "query-levels"),
        ({"speed_mps": (1.0, 2.0)}, "query-levels"),
        ({"signal_delay_s": (1.0, 2.0)}, "query-levels"),
        ({"terminal_s": (1.0, 2.0)}, "query-levels"),
        ({"speed_mps": ()}, "query-speed"),
        ({"road_speeds": road_speeds()}, "query-speed"),
        ({"speed_mps": (), "road_speeds": road_speeds()}, "query-levels"),
        ({"speed_mps": (0.0,)}, "query-speed"),
        ({"connector_mps": (-1.0,)}, "query-speed"),
        ({"max_duration_s": 0}, "query-limit"),
        ({"detour_factor": 0.9}, "query-factor"),
        ({"steps_factor": 0.0}, "query-factor"),
        ({"snap_radius_m": (0.0, 1600.0)}, "query-snap"),
        ({"snap_radius_m": (300.0, 200.0)}, "query-snap"),
        ({"snap_radius_m": (NAN, NAN)}, "query-snap"),
        ({"speed_mps": (NAN,)}, "query-speed"),
        ({"detour_factor": NAN}, "query-factor"),
    ],
)
def test_a_travel_query_refuses(changes, code):
    assert refusal(walking(), changes) == code


SPEED = RoadSpeed("road", "", "peak", 2.0, 3.0, 4.0, "U", "test")


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((SPEED, SPEED), "speeds-twice"),
        ((replace(SPEED, low_mps=0.0),), "speeds-order"),
        ((replace(SPEED, low_mps=3.5),), "speeds-order"),
        ((replace(SPEED, mid_mps=4.5),), "speeds-order"),
        ((replace(SPEED, high_mps=NAN),), "speeds-order"),
        ((replace(SPEED, road_class="primary"),), "speeds-fallback"),
        ((replace(SPEED, name_contains="高架"),), "speeds-fallback"),
        ((SPEED, replace(SPEED, road_class="primary", period="night")), "speeds-fallback"),
    ],
)
def test_road_speeds_refuse(rows, code):
    assert refusal(RoadSpeeds(()), {"rows": rows}) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mode_speeds": {"walk": (1.0, 0.9, 1.3)}}, "defaults-order"),
        ({"mode_speeds": {"walk": (1.0, 1.4, 1.3)}}, "defaults-order"),
        ({"mode_speeds": {"walk": (1.0, 1.0, INF)}}, "defaults-order"),
        ({"mode_speeds": {"walk": (NAN, 1.0, 1.0)}}, "defaults-order"),
        ({"mode_speeds": {"walk": (0.0, 1.0, 1.0)}}, "defaults-speed"),
        ({"extras": {"parking": (-1.0, 0.0, 1.0)}}, "defaults-order"),
    ],
)
def test_defaults_refuse(changes, code):
    assert refusal(some_defaults(), changes) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"duration_s": 61}, "journey-sum"),
        ({"parts": ()}, "journey-sum"),
        ({"lat": [31.1]}, "column-shape"),
        ({"lon": [[121.1, 121.2]]}, "column-shape"),
    ],
)
def test_a_journey_refuses(changes, code):
    assert refusal(a_journey(), changes) == code


@pytest.mark.parametrize("name", ["along_m", "snap_m", "located", "x_m", "y_m"])
def test_an_attachment_refuses_a_column_of_another_length(name):
    assert refusal(an_attachment(), {name: [1.0]}) == "column-shape"


@pytest.mark.parametrize(
    ("noun", "changes"),
    [
        (some_times(), {"duration_s": np.full((2, 3, 1), 2**32 + 60), "reason": np.zeros((2, 3))}),
        (some_times(), {"duration_s": np.full((2, 3, 1), 60.9), "reason": np.zeros((2, 3))}),
        (a_street_network(), {"segment_from": [0.7, 1.0]}),
        (a_street_network(), {"forward": np.array([263, 7])}),
    ],
)
def test_a_column_refuses_numbers_that_do_not_fit_its_type(noun, changes):
    assert refusal(noun, changes) == "column-type"


def refusal(noun, changes):
    with pytest.raises(ModelError) as caught:
        replace(noun, **changes)
    return caught.value.code


# ---- what nouns answer


def test_places_are_taken_by_index_and_by_mask_in_order_with_all_their_columns():
    places = some_places()
    by_index, by_mask = places.take([2, 0]), places.take(np.array([True, False, True]))
    assert (by_index.ids, by_mask.ids) == (("c", "a"), ("a", "c"))
    assert (by_index.names, by_index.kinds) == (("C", "A"), ("school", "school"))
    assert (by_index.count.tolist(), by_index.located.tolist()) == ([0, 1], [False, True])
    assert by_index.fact("line") == ("14", "")
    assert by_index.provenance == places.provenance
    assert len(places.take([])) == 0


def test_places_are_taken_by_kind_and_a_fact_nobody_states_is_empty():
    places = some_places()
    assert (places.of_kinds(["school"]).ids, places.of_kinds([]).ids) == (("a", "c"), ())
    assert places.fact("address") == ("", "", "")
    assert places.index("c") == 2
    with pytest.raises(ModelError) as caught:
        places.index("z")
    assert caught.value.code == "unknown-place"


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        (date(2021, 5, 20), ("always", "closing", "never known")),
        (date(2021, 5, 21), ("always", "opening", "closing", "never known")),
        (date(2021, 12, 30), ("always", "opening", "closing", "never known")),
        (date(2021, 12, 31), ("always", "opening", "never known")),
    ],
)
def test_a_place_operates_from_its_first_day_to_its_last_both_included(day, ids):
    places = replace(
        spots("a 0 0, b 0 0, c 0 0, d 0 0"),
        ids=("always", "opening", "closing", "never known"),
        facts={
            "valid_from": ("2010-03-29", "2021-05-21", "", ""),
            "valid_to": ("", "", "2021-12-30", ""),
        },
    )
    assert places.operating(day).ids == ids


def test_tables_of_places_are_joined_with_the_facts_of_all():
    first, second = some_places(), replace(spots("x 0 0", kind="mall"), facts={"mark": ("S",)})
    joined = Places.joined([first, second])
    assert joined.ids == ("a", "b", "c", "x")
    assert joined.kinds[3] == "mall"
    assert dict(joined.facts) == {
        "line": ("", "11", "14", ""),
        "valid_from": ("", "2021-05-21", "2021-12-30", ""),
        "mark": ("", "", "", "S"),
    }
    assert joined.provenance == first.provenance
    assert len(Places.joined([])) == 0


def test_tables_of_places_that_share_an_id_are_not_joined():
    with pytest.raises(ModelError) as caught:
        Places.joined([spots("a 0 0"), spots("a 9 9")])
    assert caught.value.code == "places-ids"


def test_travel_times_are_taken_by_origin_and_destination_and_by_level():
    times = some_times()
    some = times.take(origins=[1], destinations=[2, 0])
    assert (some.origin_ids, some.destination_ids) == (("p",), ("f", "d"))
    assert (some.duration_s.tolist(), some.reason.tolist()) == ([[[7200], [0]]], [[0, 0]])
    assert times.take(destinations=[]).duration_s.shape == (2, 0, 1)
    assert times.level("mid").tolist() == [[60, 120, UNREACHED], [0, UNREACHED, 7200]]
    with pytest.raises(ModelError) as caught:
        times.level("high")
    assert caught.value.code == "times-level"


def test_a_row_with_one_value_needs_no_reason():
    table = replace(a_table(), values=[[60.0, NAN], [NAN, NAN]])
    assert table.column("low")[0] == 60.0
    assert np.isnan(table.column("high")[0])


def test_driving_speeds_are_those_of_the_class_the_name_and_the_posted_maximum():
    streets = town(
        "A 0 0, B 100 0, C 200 0, D 300 0, E 400 0",
        "A B primary, B C primary 'X高架路', C D residential, D E primary cap=18",
    )
    assert road_speeds().on(streets, "peak").tolist() == [[5, 6, 7], [8, 9, 10], [2, 3, 4], [5, 5, 5]]
    assert road_speeds().of_class("primary", "peak") == (5.0, 6.0, 7.0)
    assert road_speeds().of_class("primary", "night") == (4.0, 4.0, 4.0)
    assert road_speeds().periods == ("peak", "night")
    with pytest.raises(ModelError) as caught:
        road_speeds().on(streets, "noon")
    assert caught.value.code == "period"


def test_the_speeds_of_a_class_in_a_period_nobody_knows_are_refused():
    with pytest.raises(ModelError) as caught:
        road_speeds().of_class("primary", "noon")
    assert caught.value.code == "period"


def test_other_driving_speeds_replace_the_former_in_the_register_of_assumptions():
    other = RoadSpeeds((replace(SPEED, low_mps=5.0, mid_mps=10.0, high_mps=20.0),))
    told = some_defaults().with_road_speeds(other).assumptions
    assert [(row.item, row.low, row.mid, row.high) for row in told] == [
        ("road speed: road, peak", 18.0, 36.0, 72.0),
        ("speed: walk", 3.6, 3.6, 4.8),
    ]


# ---- the grid


def corners_m(grid):
    lon, lat = grid.corners()
    x_m, y_m = project(lon.ravel(), lat.ravel(), grid.crs)
    return x_m.reshape(lon.shape), y_m.reshape(lon.shape)


def centres_m(grid):
    places = grid.centres()
    x_m, y_m = project(places.lon, places.lat, grid.crs)
    return [(round(x, 3), round(y, 3)) for x, y in zip(x_m.tolist(), y_m.tolist(), strict=True)]


def test_every_square_of_a_grid_has_the_same_sides_and_so_the_same_area():
    x_m, y_m = corners_m(GRID)
    assert x_m.shape == (GRID.n_rows + 1, GRID.n_columns + 1)
    np.testing.assert_allclose(np.diff(x_m, axis=1), 500.0, atol=1e-5)
    np.testing.assert_allclose(np.diff(y_m, axis=0), 500.0, atol=1e-5)
    np.testing.assert_allclose(np.diff(x_m, axis=0), 0.0, atol=1e-5)


def test_the_squares_are_named_by_column_and_row_from_the_south_west():
    grid = Grid(crs=CRS, cell_m=100.0, west_m=610_000.0, south_m=3_463_000.0, n_columns=3, n_rows=2)
    places = grid.centres()
    assert places.ids == ("g000-000", "g001-000", "g002-000", "g000-001", "g001-001", "g002-001")
    assert centres_m(grid) == [(610_000 + x, 3_463_000 + y) for y in (50, 150) for x in (50, 150, 250)], (
        "row by row, from the south-west"
    )
    assert len(grid) == len(places) == 6


def test_a_grid_covers_its_box_to_within_half_a_square():
    west, south, east, north = 121.16, 31.28, 121.18, 31.30
    lon = np.array([west, (west + east) / 2, east, (west + east) / 2])
    lat = np.array([(south + north) / 2, south, (south + north) / 2, north])
    x_m, y_m = project(lon, lat, CRS)
    ends = (GRID.west_m, GRID.south_m, GRID.west_m + 500 * GRID.n_columns, GRID.south_m + 500 * GRID.n_rows)
    assert all(abs(a - b) <= 250 for a, b in zip(ends, (x_m[0], y_m[1], x_m[2], y_m[3]), strict=True))


def test_two_overlapping_grids_share_their_lines():
    other = Grid.over((121.1712, 31.2877, 121.1931, 31.3123), crs=CRS, cell_m=500.0)
    assert [v % 500 for v in (GRID.west_m, GRID.south_m, other.west_m, other.south_m)] == [0.0] * 4
    n_columns = (GRID.west_m - other.west_m) / 500 + GRID.n_columns
    n_rows = (GRID.south_m - other.south_m) / 500 + GRID.n_rows
    assert 0 < n_columns < GRID.n_columns, "the boxes overlap in part"
    assert len(set(centres_m(GRID)) & set(centres_m(other))) == n_columns * n_rows


def test_a_box_smaller_than_a_square_gets_one_square():
    assert len(Grid.over((121.16, 31.28, 121.1601, 31.2801), crs=CRS, cell_m=500.0)) == 1


@pytest.mark.parametrize(
    ("box", "cell_m", "code"),
    [
        ((121.2, 31.2, 121.1, 31.3), 500.0, "grid-box"),
        ((121.1, 31.3, 121.2, 31.2), 500.0, "grid-box"),
        ((121.1, 31.2, 121.1, 31.3), 500.0, "grid-box"),
        ((NAN, 31.2, 121.2, 31.3), 500.0, "grid-box"),
        ((121.1, 31.2, 121.2, 31.3), 0.0, "grid-box"),
        ((121.1, 31.2, 121.2, 31.3), -500.0, "grid-box"),
        ((121.1, 31.2, 121.2, 31.3), NAN, "grid-box"),
        ((121.1, 31.2, 121.2, 95.0), 500.0, "streets-crs"),
    ],
)
def test_a_grid_refuses_a_box_it_cannot_cover(box, cell_m, code):
    with pytest.raises(ModelError) as caught:
        Grid.over(box, crs=CRS, cell_m=cell_m)
    assert caught.value.code == code

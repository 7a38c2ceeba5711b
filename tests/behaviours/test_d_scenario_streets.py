"""RULE UNDER TEST: streets are built, closed and changed; what was there keeps its numbers, bans and bytes.

A main road A-B-C of 2 x 200 m from west to east, a parallel lane D-E 100 m north of it.
"""

import pickle

import numpy as np
import pytest

from accessibility.errors import DataError
from accessibility.messages import language, set_language
from accessibility.model.modes import CYCLE, DRIVE, EVERYONE, WALK
from accessibility.model.projection import unproject
from accessibility.model.scenario import Scenario
from accessibility.model.street_changes import AddStreet, ChangeStreet, CloseStreet
from accessibility.model.transport_network import TransportNetwork
from accessibility.scenarios import apply_scenario
from accessibility.sources.gtfs import read_gtfs
from tests.builders import CRS, ORIGIN_M, town
from tests.feeds import feed


@pytest.fixture(autouse=True)
def _english():
    before = language()
    set_language("en")
    yield
    set_language(before)


MAIN = "A B 'Main' secondary, B C 'Main' secondary"


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    return read_gtfs([feed(tmp_path_factory.mktemp("feed"))])


@pytest.fixture
def base(lines):
    return TransportNetwork(
        lines, town("A 0 0, B 200 0, C 400 0, D 0 100, E 400 100", f"{MAIN}, D E 'Lane' len=400")
    )


def at(*points):
    """Positions in degrees of metres from the corner of the town."""
    x_m, y_m = np.array(points, float).T
    lon, lat = unproject(ORIGIN_M[0] + x_m, ORIGIN_M[1] + y_m, CRS)
    return tuple(zip(lon.tolist(), lat.tolist(), strict=True))


def applied(network, *changes, join_m=30.0):
    made = apply_scenario(network, Scenario("test", changes), default_dwell_s=20, join_m=join_m)
    assert made.timetable is network.timetable
    return made.streets


def told(network, *changes):
    with pytest.raises(DataError) as caught:
        applied(network, *changes)
    return [(one.field.partition(") ")[2], one.mend) for one in caught.value.notices]


def ends(streets, segment):
    x_m, y_m = streets.x_m - ORIGIN_M[0], streets.y_m - ORIGIN_M[1]
    nodes = (streets.segment_from[segment], streets.segment_to[segment])
    return [(round(float(x_m[node]), 1), round(float(y_m[node]), 1)) for node in nodes]


def test_a_new_street_splits_the_streets_that_its_ends_touch(base):
    before = pickle.dumps(base.streets)
    streets = applied(base, AddStreet(at((50, 10), (50, 90)), name="New"))

    assert [ends(streets, i) for i in range(streets.n_segments)] == [
        [(0, 0), (50, 0)],
        [(200, 0), (400, 0)],
        [(0, 100), (50, 100)],
        [(50, 0), (200, 0)],
        [(50, 100), (400, 100)],
        [(50, 0), (50, 100)],
    ]
    assert streets.length_m.round(1).tolist() == [50, 200, 50, 150, 350, 100]
    assert streets.segment_names([0, 3, 5]) == ["Main", "Main", "New"]
    assert streets.way_ids.tolist() == [0, 1, 2, 0, 2, -1]
    assert streets.forward[5] == streets.backward[5] == EVERYONE
    assert pickle.dumps(base.streets) == before


def test_an_end_at_a_junction_joins_it_and_splits_nothing(base):
    streets = applied(base, AddStreet(at((200, 0), (200, 50))))

    assert streets.n_segments == 4
    assert ends(streets, 3) == [(200, 0), (200, 50)], "the other end is a dead end, 50 m from the lane"
    assert any("30 m" in one.message for one in streets.provenance.notices)


def test_a_crossing_is_a_bridge_unless_it_is_stated(base):
    course = at((100, -100), (100, 100))
    bridge = applied(base, AddStreet(course))
    crossing = applied(base, AddStreet(course, junctions=at((100, 0))))

    assert [ends(bridge, i) for i in range(3, bridge.n_segments)] == [
        [(100, 100), (400, 100)],
        [(100, -100), (100, 100)],
    ]
    assert [ends(crossing, i) for i in range(3, crossing.n_segments)] == [
        [(100, 0), (200, 0)],
        [(100, 100), (400, 100)],
        [(100, -100), (100, 0)],
        [(100, 0), (100, 100)],
    ]


def test_a_one_way_street_is_still_walked_both_ways_and_has_its_limit(base):
    streets = applied(base, AddStreet(at((50, 0), (50, 100)), one_way=True, speed_kmh=36))

    assert (streets.forward[-1], streets.backward[-1], streets.speed_cap_mps[-1]) == (EVERYONE, WALK, 10)


def test_a_class_says_who_may_use_a_street_where_nothing_is_stated(base):
    streets = applied(base, AddStreet(at((50, 0), (50, 100)), road_class="footway"))

    assert (streets.forward[-1], streets.backward[-1]) == (WALK, WALK)


def test_a_turn_ban_holds_after_its_streets_were_split(lines):
    world = town("A 0 0, B 200 0, C 400 0, D 200 200", "A B, B C, B D", bans=("A B C", "D B A"))
    split = TransportNetwork(lines, world)

    streets = applied(split, AddStreet(at((100, 0), (100, -80))), AddStreet(at((300, 0), (300, -80))))

    bans = [
        [ends(streets, edge >> 1)[:: -1 if edge & 1 else 1] for edge in ban]
        for ban in np.split(streets.ban_edges, streets.ban_offset[1:-1])
    ]
    assert bans == [
        [[(100, 0), (200, 0)], [(200, 0), (300, 0)]],
        [[(200, 200), (200, 0)], [(200, 0), (100, 0)]],
    ]


def test_a_ban_over_a_split_street_in_its_middle_names_both_halves(lines):
    world = town("A 0 0, B 200 0, C 400 0, D 400 200", "A B, B C, C D", bans=("A B C D",))

    streets = applied(TransportNetwork(lines, world), AddStreet(at((300, 0), (300, -80))))

    assert streets.ban_edges.tolist() == [0, 2, 6, 4]


def test_streets_are_closed_by_name_and_the_number_of_segments_is_told(base):
    streets = applied(base, CloseStreet(name="Main", modes=("drive", "cycle")))

    assert streets.forward.tolist() == [WALK, WALK, EVERYONE]
    counted, lines = [one.message for one in streets.provenance.notices]
    assert counted == "2 segments were changed"
    assert "reroute" in lines, "buses go on running there until a modification says otherwise"


def test_streets_are_closed_by_way(base):
    assert applied(base, CloseStreet(ways=(1,))).backward.tolist() == [EVERYONE, 0, EVERYONE]


@pytest.mark.parametrize(
    ("change", "forward", "backward"),
    [
        (ChangeStreet(name="Main", one_way=True), EVERYONE, WALK),
        (ChangeStreet(name="Main", modes=("walk", "cycle")), WALK | CYCLE, WALK | CYCLE),
        (ChangeStreet(name="Main", modes=("drive",), one_way=True), DRIVE, 0),
    ],
)
def test_streets_are_changed(base, change, forward, backward):
    streets = applied(base, change)

    assert (streets.forward[0], streets.backward[0]) == (forward, backward)
    assert (streets.forward[2], streets.backward[2]) == (EVERYONE, EVERYONE)


def test_who_is_let_in_goes_where_vehicles_go_and_a_closed_street_opens_both_ways(base):
    one_way = (ChangeStreet(name="Main", one_way=True), ChangeStreet(name="Main", modes=("walk", "drive")))
    opened = (*one_way, ChangeStreet(name="Main", modes=("walk", "drive", "cycle")))
    streets = applied(base, *opened)
    closed = applied(base, CloseStreet(name="Main"), ChangeStreet(name="Main", modes=("walk", "drive")))

    assert (streets.forward[0], streets.backward[0]) == (EVERYONE, WALK)
    assert (closed.forward[0], closed.backward[0]) == (WALK | DRIVE, WALK | DRIVE)


def test_a_speed_limit_is_changed(base):
    streets = applied(base, ChangeStreet(ways=(0,), speed_kmh=18))

    assert streets.speed_cap_mps.tolist() == [5, np.inf, np.inf]


def test_problems_of_streets_are_told_with_nearest_names(base):
    problems = told(
        base,
        CloseStreet(name="Mian"),
        CloseStreet(ways=(0, 77)),
        CloseStreet(),
        CloseStreet(ways=(2,), name="Main"),
        ChangeStreet(name="Main"),
        ChangeStreet(name="Main", one_way=False),
        AddStreet(at((0, 900), (100, 900))),
        AddStreet(at((0, 0), (0, 0))),
        AddStreet(at((50, 0), (50, 100)), road_class="residental"),
        AddStreet(at((50, 0), (50, 100)), road_class="steps", modes=("drive",)),
        AddStreet(at((50, 0), (50, 100)), road_class="motorway", modes=("walk", "drive")),
        AddStreet(at((50, 0), (50, 100)), modes=()),
        AddStreet(at((50, 0), (50, 100)), junctions=at((300, 50))),
        AddStreet(at((50, 0), (50, 100)), junctions=at((50, 50))),
        AddStreet(((0.0, 0.0), (200.0, 95.0))),
    )

    assert [field for field, _mend in problems] == [
        "name", "ways", "name", "ways", "speed_kmh", "modes", "course", "course", "class", "modes", "modes",
        "modes", "junctions", "junctions", "course",
    ]  # fmt: skip
    assert "Main" in problems[0][1]
    assert "residential" in problems[8][1]


def test_without_streets_nothing_can_be_built(lines):
    assert told(TransportNetwork(lines), CloseStreet(name="Main"))[0][0] == ""

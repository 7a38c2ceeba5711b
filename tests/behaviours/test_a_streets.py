"""RULE UNDER TEST: a journey over streets keeps one-ways, turn bans, closed nodes, signals and steps."""

import numpy as np
import pytest

from accessibility.kernels.dijkstra import one_to_many
from accessibility.linking import link
from accessibility.model import reasons
from accessibility.model.speeds import RoadSpeed, RoadSpeeds
from accessibility.model.travel_query import RANGE_LEVELS
from accessibility.travel import travel_times
from accessibility.units import UNREACHED
from tests.builders import moving, spots, town, walking


def duration_s(streets, origins, destinations, query):
    linkage = link(streets, origins, destinations, query)
    return travel_times(streets, linkage, query, (origins.ids, destinations.ids)).duration_s[:, :, 0]


SQUARE = "A 0 0, B 100 0, C 100 100, D 0 100"
RING = "A B, B C, C D, D A"


def test_walking_takes_the_shorter_way_round_a_block():
    streets = town(SQUARE, RING)
    assert duration_s(streets, spots("p 20 0"), spots("q 100 50, r 0 90"), walking()).tolist() == [[130, 110]]


def test_a_one_way_street_sends_a_car_round_the_block_and_lets_people_walk_back():
    streets = town(SQUARE, "A B oneway, B C oneway, C D oneway, D A oneway")
    there, back = spots("p 20 0"), spots("q 80 0")
    assert duration_s(streets, there, back, moving("drive")).item() == 60
    assert duration_s(streets, back, there, moving("drive")).item() == 340
    assert duration_s(streets, back, there, walking()).item() == 60


def test_a_banned_turn_is_driven_round_and_walked_through():
    nodes = "A 0 0, B 100 0, C 200 0, D 100 100, E 200 100"
    streets = town(nodes, "A B, B C oneway, B D, C E oneway, E D oneway", bans=["A B D"])
    there, back = spots("p 20 0"), spots("q 100 80")
    assert duration_s(streets, there, back, walking()).item() == 160
    assert duration_s(streets, there, back, moving("drive")).item() == 80 + 100 + 100 + 100 + 20
    assert duration_s(streets, back, there, moving("drive")).item() == 160


def test_a_car_may_pass_a_banned_turn_and_turn_round_at_the_next_junction():
    streets = town("A 0 0, B 100 0, C 200 0, D 100 100", "A B, B C, B D", bans=["A B D"])
    assert (
        duration_s(streets, spots("p 20 0"), spots("q 100 80"), moving("drive")).item() == 80 + 2 * 100 + 80
    )


def test_a_ban_over_three_streets_holds_only_for_the_whole_manoeuvre():
    nodes = "A 0 0, B 100 0, C 100 100, D 200 100, E 100 -100, F 100 200"
    streets = town(nodes, "A B, E B, B C, C D, C F", bans=["A B C D"])
    goals = spots("q 180 100")
    assert duration_s(streets, spots("p 100 -80"), goals, moving("drive")).item() == 80 + 100 + 80
    forbidden = duration_s(streets, spots("p 20 0"), goals, moving("drive")).item()
    assert forbidden == 80 + 100 + 2 * 100 + 80, "up to F and back is the only lawful way"


def test_a_closed_node_stops_a_car_but_serves_both_its_sides():
    streets = town("A 0 0, B 100 0, C 200 0", "A B, B C", closed={"B": "drive"})
    goals = spots("q 90 0, r 110 0")
    assert duration_s(streets, spots("p 10 0"), goals, moving("drive")).tolist() == [[80, UNREACHED]]
    assert duration_s(streets, spots("p 10 0"), goals, walking()).tolist() == [[80, 100]]


def test_a_signal_costs_its_delay_once_per_passage():
    streets = town("A 0 0, B 100 0, C 200 0", "A B, B C", signals="B")
    query = moving("drive", signal_delay_s=(30.0,))
    assert duration_s(streets, spots("p 20 0"), spots("q 120 0, r 90 0"), query).tolist() == [[130, 70]]


def test_steps_take_their_factor_longer_and_no_bicycle():
    streets = town("A 0 0, B 100 0, C 200 0", "A B, B C steps")
    goals = spots("q 150 0")
    assert duration_s(streets, spots("p 0 0"), goals, walking()).item() == 100 + 2 * 50
    assert duration_s(streets, spots("p 0 0"), goals, moving("cycle")).item() == 100 + 50, (
        "dismounts at B: connector"
    )


def test_the_way_between_place_and_street_is_charged_with_its_detour_at_both_ends():
    streets = town("A 0 0, B 1000 0", "A B")
    query = walking(detour_factor=1.5)
    assert (
        duration_s(streets, spots("p 100 40"), spots("q 300 -20"), query).item() == 1.5 * 40 + 200 + 1.5 * 20
    )


def test_a_place_beyond_the_radius_is_not_linked_and_says_so():
    streets = town("A 0 0, B 1000 0", "A B")
    origins, destinations = spots("p 100 0, far 100 1700, nowhere ? ?"), spots("q 300 0, off 300 1700")
    query = walking()
    times = travel_times(
        streets, link(streets, origins, destinations, query), query, (origins.ids, destinations.ids)
    )
    assert times.reason.tolist() == [
        [reasons.REACHED, reasons.DESTINATION_NOT_LINKED],
        [reasons.ORIGIN_NOT_LINKED, reasons.ORIGIN_NOT_LINKED],
        [reasons.ORIGIN_NO_POSITION, reasons.ORIGIN_NO_POSITION],
    ]


def test_a_pair_beyond_the_limit_and_a_pair_without_any_way_have_different_reasons():
    streets = town("A 0 0, B 1000 0, C 0 900, D 1000 900", "A B, C D")
    origins, destinations = spots("p 0 0"), spots("q 999 0, r 500 900")
    query = walking(max_duration_s=600)
    times = travel_times(
        streets, link(streets, origins, destinations, query), query, (origins.ids, destinations.ids)
    )
    assert times.reason.tolist() == [[reasons.BEYOND_LIMITS, reasons.NO_WAY]]


def test_the_limit_is_inclusive_to_the_second():
    streets = town("A 0 0, B 1000 0", "A B")
    goals = spots("q 600 0, r 601 0")
    assert duration_s(streets, spots("p 0 0"), goals, walking(max_duration_s=600)).tolist() == [
        [600, UNREACHED]
    ]


def test_an_island_smaller_than_its_share_is_passed_over():
    nodes = "A 0 0, B 100 0, C 200 0, D 300 0, X 100 50, Y 150 50"
    streets = town(nodes, "A B, B C, C D, X Y")
    place = spots("p 120 40")
    linked_to_island = link(streets, place, place, walking(island_share=0.0)).origins
    linked_to_town = link(streets, place, place, walking(island_share=0.4)).origins
    assert (linked_to_island.segment.tolist(), linked_to_town.segment.tolist()) == ([3], [1])


def test_nobody_needs_time_to_stay():
    streets = town("A 0 0, B 1000 0", "A B")
    assert duration_s(streets, spots("p 100 200"), spots("p 100 200"), walking()).item() == 0


def test_beside_a_sketch_of_streets_a_short_way_is_walked_straight_with_its_detour():
    streets = town("A 0 0, B 1000 0", "A B")
    origins, goals = spots("p 100 500"), spots("q 400 500, r 100 1500")
    query = walking(off_network_m=800.0, detour_factor=1.25)
    assert duration_s(streets, origins, goals, query).tolist() == [[375, 625 + 1875]]


@pytest.fixture
def speeds():
    rows = [
        RoadSpeed(road_class, part, "peak", *(s / 3.6 for s in kmh), mark="I", source="test")
        for road_class, part, kmh in (
            ("road", "", (9, 18, 36)),
            ("primary", "", (18, 36, 72)),
            ("primary", "高架", (36, 72, 72)),
        )
    ]
    return RoadSpeeds(tuple(rows))


def test_driving_answers_low_mid_high_with_the_posted_maximum_as_a_cap(speeds):
    streets = town(
        "A 0 0, B 360 0, C 720 0, D 1080 0", "A B primary, B C primary cap=18, C D primary '嘉闵高架'"
    )
    query = moving(
        "drive",
        levels=RANGE_LEVELS,
        speed_mps=(),
        connector_mps=(1.0,) * 3,
        road_speeds=speeds,
        period="peak",
    )
    origins, goals = spots("p 0 0"), spots("b 360 0, c 720 0, d 1080 0")
    linkage = link(streets, origins, goals, query)
    times = travel_times(streets, linkage, query, (origins.ids, goals.ids))
    assert times.duration_s[0].tolist() == [[18, 36, 72], [90, 108, 144], [108, 126, 180]]
    assert np.allclose(times.distance_m[0, :, 1], [360, 720, 1080])


def test_a_whole_numbered_limit_loses_no_fraction_of_a_way():
    indptr, target = np.array([0, 1, 1], np.int32), np.array([1], np.int32)
    cost, length = np.array([1.75]), np.array([1.75])
    zero, one = np.array([0, 1]), np.zeros(1)
    out = []
    for limit in (10, 10.0):
        cost_s, length_m = np.empty((1, 1)), np.empty((1, 1))
        ends = (zero, np.array([0], np.int32), one, one, zero, np.array([1], np.int32), one, one)
        one_to_many(indptr, target, cost, length, *ends, limit, cost_s, length_m)
        out.append(float(cost_s[0, 0]))
    assert out == [1.75, 1.75]

"""RULE UNDER TEST: an explanation tells the way behind a reported time part by part, or why there is none."""

import numpy as np
import pytest

from accessibility.linking import link
from accessibility.model.projection import project
from accessibility.model.reasons import REASON_CODES
from accessibility.model.speeds import RoadSpeed, RoadSpeeds
from accessibility.model.travel_query import RANGE_LEVELS
from accessibility.outputs.geo_layers import journey_layer
from accessibility.studies.explain import explain
from accessibility.travel import travel_times
from accessibility.units import UNREACHED
from tests.builders import CRS, ORIGIN_M, moving, spots, town, walking

WAY = "A 0 0, B 100 0, C 200 0, D 200 100, E 300 100"
NAMED = "A B 'Main' primary, B C 'Main' primary, C D 'Side', D E 'Side' steps"


def told(explanation):
    """Give every part that takes a second or a centimetre as (kind, name, class, seconds, metres)."""
    return [
        (part.kind, part.name, part.road_class, part.duration_s, round(part.distance_m, 2))
        for part in explanation.journey.parts
        if part.duration_s or part.distance_m > 0.01
    ]


def reported(streets, pair, query, level="mid"):
    linkage = link(streets, *pair, query)
    times = travel_times(streets, linkage, query, (pair[0].ids, pair[1].ids))
    return times.level(level).item()


def course_m(journey):
    """Give the course in the metres of `town`, points that a millimetre parts taken as one."""
    x_m, y_m = project(journey.lon, journey.lat, CRS)
    points = zip(x_m - ORIGIN_M[0], y_m - ORIGIN_M[1], strict=True)
    return list(dict.fromkeys((round(float(x), 3) + 0.0, round(float(y), 3) + 0.0) for x, y in points))


# ---- parts


def test_the_parts_are_the_ways_to_the_street_and_the_streets_with_those_of_one_name_joined():
    pair = spots("p 20 10"), spots("q 190 80")
    explanation = explain(town(WAY, NAMED), pair, walking(detour_factor=1.5))
    assert told(explanation) == [
        ("connector", "", "", 15, 15.0),
        ("street", "Main", "primary", 180, 180.0),
        ("street", "Side", "residential", 80, 80.0),
        ("connector", "", "", 15, 15.0),
    ]
    assert (explanation.journey.duration_s, explanation.within_limits, explanation.reason) == (290, True, "")
    assert explanation.journey.distance_m == pytest.approx(290, abs=1e-6)


def test_streets_of_one_name_but_another_class_are_told_apart():
    pair = spots("p 200 50"), spots("q 300 100")
    explanation = explain(town(WAY, NAMED), pair, walking(steps_factor=2.0))
    assert told(explanation) == [
        ("street", "Side", "residential", 50, 50.0),
        ("street", "Side", "steps", 200, 100.0),
    ]


def test_the_course_leads_from_place_to_place_by_way_of_the_streets():
    pair = spots("p 20 10"), spots("q 190 80")
    journey = explain(town(WAY, NAMED), pair, walking()).journey
    assert course_m(journey) == [(20, 10), (20, 0), (100, 0), (200, 0), (200, 80), (190, 80)]
    assert (journey.origin_id, journey.destination_id, journey.mode, journey.level) == (
        "p",
        "q",
        "walk",
        "mid",
    )


def test_waiting_at_signals_is_told_apart_from_driving():
    streets = town(
        "A 0 0, B 100 0, C 200 0, D 300 0", "A B 'Main', B C 'Main', C D 'Main'", signals=["B", "C"]
    )
    query = moving("drive", signal_delay_s=(30.0,), terminal_s=(300.0,))
    explanation = explain(streets, (spots("p 20 0"), spots("q 260 0")), query)
    assert told(explanation) == [
        ("street", "Main", "residential", 80, 80.0),
        ("signal", "", "", 30, 0.0),
        ("street", "Main", "residential", 100, 100.0),
        ("signal", "", "", 30, 0.0),
        ("street", "Main", "residential", 60, 60.0),
    ]
    assert (explanation.journey.duration_s, explanation.journey.terminal_s) == (300, 300), "parking is apart"


def test_a_way_along_one_segment_is_one_street():
    explanation = explain(town(WAY, NAMED), (spots("p 80 0"), spots("q 30 0")), walking())
    assert told(explanation) == [("street", "Main", "primary", 50, 50.0)]
    assert course_m(explanation.journey) == [(80, 0), (30, 0)]


def test_round_a_one_way_block_the_first_street_is_told_at_both_ends():
    streets = town(
        "A 0 0, B 100 0, C 100 100, D 0 100",
        "A B 'South' oneway, B C 'East' oneway, C D 'North' oneway, D A 'West' oneway",
    )
    explanation = explain(streets, (spots("p 80 0"), spots("q 20 0")), moving("drive"))
    assert told(explanation) == [
        ("street", "South", "residential", 20, 20.0),
        ("street", "East", "residential", 100, 100.0),
        ("street", "North", "residential", 100, 100.0),
        ("street", "West", "residential", 100, 100.0),
        ("street", "South", "residential", 20, 20.0),
    ]


def test_whole_seconds_of_the_parts_add_up_although_none_of_them_is_whole():
    nodes = ", ".join(f"{i} {i * 10.4} 0" for i in range(11))
    streets = town(nodes, ", ".join(f"{i} {i + 1} 'Street-{i}'" for i in range(10)))
    journey = explain(streets, (spots("p 0 0"), spots("q 104 0")), walking()).journey
    seconds = [part.duration_s for part in journey.parts if part.kind == "street"]
    assert seconds == [10, 11, 10, 11, 10, 10, 11, 10, 11, 10], "10.4, 20.8, 31.2, … rounded"
    assert (sum(seconds), journey.duration_s) == (104, 104)


# ---- low, mid, high


ROADS = RoadSpeeds(
    (
        RoadSpeed("road", "", "peak", 2.0, 4.0, 5.0, "U", "test"),
        RoadSpeed("primary", "", "peak", 5.0, 8.0, 10.0, "U", "test"),
    )
)


def by_car(**changes):
    settings = {
        "levels": RANGE_LEVELS,
        "speed_mps": (),
        "connector_mps": (4.0, 2.0, 1.0),
        "road_speeds": ROADS,
        "period": "peak",
        "signal_delay_s": (0.0, 10.0, 20.0),
        "terminal_s": (100.0, 200.0, 300.0),
    }
    return moving("drive", **(settings | changes))


@pytest.mark.parametrize(
    ("level", "connector_s", "main_s", "signal_s", "side_s", "terminal_s"),
    [("low", 2, 20, 0, 16, 100), ("mid", 4, 25, 10, 20, 200), ("high", 8, 40, 20, 40, 300)],
)
def test_every_level_of_driving_is_explained_and_equals_the_time_reported(
    level, connector_s, main_s, signal_s, side_s, terminal_s
):
    streets = town("A 0 0, B 200 0, C 200 100", "A B 'Main' primary, B C 'Side'", signals=["B"])
    pair = spots("p 0 8"), spots("q 200 80")
    explanation = explain(streets, pair, by_car(), level=level)
    expected = [
        ("connector", "", "", connector_s, 8.0),
        ("street", "Main", "primary", main_s, 200.0),
        ("signal", "", "", signal_s, 0.0),
        ("street", "Side", "residential", side_s, 80.0),
    ]
    assert told(explanation) == [part for part in expected if part[3]]
    assert explanation.journey.duration_s == reported(streets, pair, by_car(), level)
    assert (explanation.journey.level, explanation.journey.terminal_s) == (level, terminal_s)


def test_explanations_equal_the_times_reported_from_everywhere_to_everywhere_on_every_level():
    letters = [(c, r) for r in range(3) for c in range(3)]
    streets = town(
        ", ".join(f"{c}{r} {c * 170} {r * 130}" for c, r in letters),
        ", ".join(
            [f"{c}{r} {c + 1}{r} 'Row-{r}' {'primary' if r == 1 else ''}" for c, r in letters if c < 2]
            + [f"{c}{r} {c}{r + 1} 'Column-{c}' {'oneway' if c == 1 else ''}" for c, r in letters if r < 2]
        ),
        signals=["11", "01"],
        bans=["01 11 12"],
    )
    ends = [spots(f"p{i} {i * 53 % 360} {i * 97 % 280}") for i in range(6)]
    for origin in ends:
        for goal in ends:
            for level in RANGE_LEVELS:
                explanation = explain(streets, (origin, goal), by_car(), level=level)
                found = explanation.journey.duration_s
                assert found == reported(streets, (origin, goal), by_car(), level)
                assert found == sum(part.duration_s for part in explanation.journey.parts)


def test_a_level_beyond_the_limit_is_explained_while_another_is_within():
    streets, pair = town("A 0 0, B 1000 0", "A B primary"), (spots("p 0 0"), spots("q 1000 0"))
    query = by_car(max_duration_s=150, signal_delay_s=())
    found = {level: explain(streets, pair, query, level=level) for level in RANGE_LEVELS}
    assert [(one.journey.duration_s, one.within_limits, one.reason) for one in found.values()] == [
        (100, True, ""),
        (125, True, ""),
        (200, False, "beyond-limits"),
    ]


# ---- no answer


def test_a_way_beyond_the_limits_is_found_by_searching_without_them():
    streets, pair = town("A 0 0, B 3000 0", "A B 'Main'"), (spots("p 0 0"), spots("q 2500 0"))
    query = walking(max_duration_s=600)
    explanation = explain(streets, pair, query)
    assert reported(streets, pair, query) == UNREACHED
    assert (explanation.within_limits, explanation.reason) == (False, "beyond-limits")
    assert told(explanation) == [("street", "Main", "residential", 2500, 2500.0)]


@pytest.mark.parametrize(
    ("origin", "goal", "reason"),
    [
        ("p ? ?", "q 50 0", "origin-no-position"),
        ("p 50 0", "q ? ?", "destination-no-position"),
        ("p ? ?", "q ? ?", "origin-no-position"),
        ("p 50 5000", "q 50 0", "origin-not-linked"),
        ("p 50 0", "q 50 5000", "destination-not-linked"),
        ("p 50 5000", "q 50 -5000", "origin-not-linked"),
        ("p 50 0", "q 50 900", "no-way"),
    ],
)
def test_without_a_journey_the_reason_is_told(origin, goal, reason):
    streets = town("A 0 0, B 1000 0, C 0 900, D 1000 900", "A B, C D")
    explanation = explain(streets, (spots(origin), spots(goal)), walking())
    assert (explanation.journey, explanation.within_limits, explanation.reason) == (None, False, reason)


def test_behind_a_closed_node_there_is_no_way():
    streets = town("A 0 0, B 100 0, C 200 0", "A B, B C", closed={"B": "drive"})
    explanation = explain(streets, (spots("p 10 0"), spots("q 190 0")), moving("drive"))
    assert (explanation.journey, explanation.reason) == (None, "no-way")


def test_a_table_gives_the_same_reason_as_the_explanation():
    streets = town("A 0 0, B 100 0, C 200 0", "A B, B C", closed={"B": "drive"})
    pair, query = (spots("p 10 0"), spots("q 190 0")), moving("drive")
    times = travel_times(streets, link(streets, *pair, query), query, (pair[0].ids, pair[1].ids))
    assert REASON_CODES[times.reason.item()] == explain(streets, pair, query).reason


# ---- nothing to travel, or nothing to travel on


@pytest.mark.parametrize("place", ["50 0", "50 40", "50 5000"])
def test_where_both_ends_are_the_same_place_nothing_is_travelled(place):
    pair = spots(f"p {place}"), spots(f"q {place}")
    explanation = explain(town(WAY, NAMED), pair, walking())
    assert (explanation.journey.duration_s, explanation.journey.parts) == (0, ())
    assert (explanation.within_limits, explanation.reason) == (True, "")


def test_a_journey_to_the_same_place_can_be_drawn():
    pair = spots("p 50 40"), spots("q 50 40")
    journey = explain(town(WAY, NAMED), pair, walking()).journey
    layer = journey_layer((journey,), spots("p 50 40, q 50 40"))
    assert len(layer.geometry) == len(layer.sheet.rows)


def test_beside_a_sketch_of_streets_the_straight_way_is_told_as_such():
    query = walking(off_network_m=800.0, detour_factor=1.25)
    pair = spots("p 50 300"), spots("q 450 600")
    explanation = explain(town(WAY, NAMED), pair, query)
    assert told(explanation) == [("off_network", "", "", 625, 625.0)]
    assert course_m(explanation.journey) == [(50, 300), (450, 600)]
    assert np.isfinite(explanation.journey.lon).all()

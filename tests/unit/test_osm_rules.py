"""RULE UNDER TEST: the tags of a way say who may go along it and who against it (OpenStreetMap wiki)."""

import math

import pytest

from accessibility.model.modes import CYCLE, DRIVE, EVERYONE, WALK
from accessibility.model.osm_rules import (
    ALLOWED,
    DENIED,
    has_signals,
    node_closed,
    speed_cap_mps,
    street_class,
    street_name,
    turn_rules,
    way_modes,
)

RIDE = CYCLE | DRIVE
W, C, D, E = WALK, CYCLE, DRIVE, EVERYONE


def tags(text):
    return dict(word.split("=", 1) for word in text.split())


@pytest.mark.parametrize(
    ("text", "forward", "backward"),
    [
        # classes
        ("highway=residential", E, E),
        ("highway=motorway", D, 0),
        ("highway=motorway oneway=no", D, D),
        ("highway=motorway_link", D, D),
        ("highway=trunk", E, E),
        ("highway=trunk motorroad=yes", D, D),
        ("highway=footway", W, W),
        ("highway=footway footway=sidewalk", W, W),
        ("highway=pedestrian", W, W),
        ("highway=steps", W, W),
        ("highway=path", W | C, W | C),
        ("highway=cycleway", C, C),
        ("highway=cycleway foot=designated", W | C, W | C),
        ("highway=cycleway segregated=yes", W | C, W | C),
        ("highway=track", W | C, W | C),
        ("highway=track motor_vehicle=yes", E, E),
        ("highway=bridleway", 0, 0),
        ("highway=bridleway foot=yes", W, W),
        ("highway=platform", W, W),
        ("railway=platform", W, W),
        ("public_transport=platform", W, W),
        ("highway=construction", 0, 0),
        ("highway=proposed foot=yes", 0, 0),
        ("highway=raceway", 0, 0),
        ("highway=corridor", 0, 0),
        ("railway=rail", 0, 0),
        ("highway=nonsense;tertiary", E, E),
        ("highway=service service=parking_aisle", E, E),
        ("highway=service service=emergency_access", W, W),
        ("highway=pedestrian area=yes", W, W),
        ("highway=service area=yes", W, W),
        # access, from the general to the special
        ("highway=residential access=private", 0, 0),
        ("highway=residential access=no foot=yes", W, W),
        ("highway=residential access=destination", E, E),
        ("highway=residential access=permissive", E, E),
        ("highway=residential access=customers", E, E),
        ("highway=residential access=unknown", E, E),
        ("highway=residential vehicle=no", W, W),
        ("highway=residential vehicle=no bicycle=yes", W | C, W | C),
        ("highway=residential motor_vehicle=no", W | C, W | C),
        ("highway=residential motor_vehicle=no motorcar=yes", E, E),
        ("highway=residential motor_vehicle=agricultural;forestry", W | C, W | C),
        ("highway=residential motor_vehicle=agricultural;destination", E, E),
        ("highway=secondary bicycle=use_sidepath", W | D, W | D),
        ("highway=secondary foot=no", RIDE, RIDE),
        ("highway=footway bicycle=yes", W | C, W | C),
        ("highway=footway bicycle=dismount", W, W),
        ("highway=footway access=yes", W, W),
        ("highway=footway motor_vehicle=destination", W | D, W | D),
        ("highway=motorway sidewalk=both oneway=no", W | D, W | D),
        ("highway=trunk motorroad=yes cycleway=track", RIDE, RIDE),
        # one-way
        ("highway=residential oneway=yes", E, W),
        ("highway=residential oneway=1", E, W),
        ("highway=residential oneway=-1", W, E),
        ("highway=residential oneway=no", E, E),
        ("highway=residential oneway=reversible", W, W),
        ("highway=residential oneway=alternating", E, E),
        ("highway=residential junction=roundabout", E, W),
        ("highway=residential junction=circular", E, W),
        ("highway=residential junction=roundabout oneway=-1", W, E),
        ("highway=residential oneway=yes oneway:bicycle=no", E, W | C),
        ("highway=residential oneway:bicycle=yes", E, W | D),
        ("highway=residential oneway=yes cycleway=opposite", E, W | C),
        ("highway=residential oneway=yes cycleway=opposite_lane", E, W | C),
        ("highway=residential oneway=yes cycleway:left=opposite_track", E, W | C),
        ("highway=residential oneway=yes cycleway:left=lane cycleway:left:oneway=-1", E, W | C),
        ("highway=residential oneway=yes oneway:motor_vehicle=no", E, W | D),
        ("highway=residential oneway=yes oneway:foot=yes", E, 0),
        ("highway=residential motor_vehicle:backward=no", E, W | C),
        ("highway=residential vehicle:forward=no", W, E),
        ("highway=steps conveying=forward", W, 0),
        ("highway=steps conveying=backward", 0, W),
        ("highway=steps conveying=yes", W, W),
    ],
)
def test_who_may_use_a_way(text, forward, backward):
    assert way_modes(tags(text)) == (forward, backward)


def test_no_access_value_both_allows_and_denies():
    assert not ALLOWED & DENIED


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("barrier=bollard", D),
        ("barrier=bollard motor_vehicle=yes", 0),
        ("barrier=bollard bicycle=no", RIDE),
        ("barrier=gate", 0),
        ("barrier=gate access=private", E),
        ("barrier=gate access=private foot=yes", RIDE),
        ("barrier=gate locked=yes", E),
        ("barrier=gate locked=yes foot=yes", RIDE),
        ("barrier=lift_gate motorcar=private", D),
        ("barrier=kissing_gate", RIDE),
        ("barrier=stile bicycle=yes", D),
        ("barrier=wall", E),
        ("barrier=kerb", 0),
        ("barrier=toll_booth", 0),
        ("barrier=something_new", 0),
        ("access=no", 0),
        ("highway=crossing", 0),
    ],
)
def test_whom_a_barrier_stops(text, closed):
    assert node_closed(tags(text)) == closed


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("highway=traffic_signals", True),
        ("highway=crossing;traffic_signals", True),
        ("highway=crossing crossing=traffic_signals", False),
        ("highway=stop", False),
    ],
)
def test_where_signals_for_vehicles_stand(text, signals):
    assert has_signals(tags(text)) is signals


@pytest.mark.parametrize(
    ("posted", "kmh"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph", 48.28032),
        ("30mph", 48.28032),
        ("10 knots", 18.52),
        ("walk", 7),
        ("50;30", 30),
        ("7.5", 7.5),
        ("none", math.inf),
        ("signals", math.inf),
        ("CN:urban", math.inf),
        ("0", math.inf),
        ("-5", math.inf),
        ("", math.inf),
        ("fünfzig", math.inf),
    ],
)
def test_posted_speeds(posted, kmh):
    assert speed_cap_mps({"maxspeed": posted}) == pytest.approx(kmh / 3.6)


def test_the_lower_speed_holds_where_the_directions_differ():
    cap_mps = speed_cap_mps({"maxspeed:forward": "60", "maxspeed:backward": "40"})

    assert cap_mps == pytest.approx(40 / 3.6)


def test_a_street_without_a_name_goes_by_its_number():
    named = [
        street_name(t)
        for t in ({"name": "曹安公路", "ref": "G312"}, {"name:en": "Cao'an"}, {"ref": "G2"}, {})
    ]

    assert named == ["曹安公路", "Cao'an", "G2", ""]


def test_the_first_known_class_of_several_holds():
    assert street_class({"highway": "nonsense;tertiary"}) == "tertiary"


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("restriction=no_left_turn", [("no", RIDE)]),
        ("restriction=only_straight_on", [("only", RIDE)]),
        ("restriction=no_left_turn except=bicycle", [("no", D)]),
        ("restriction=no_left_turn except=psv;bicycle", [("no", D)]),
        ("restriction=no_left_turn except=psv", [("no", RIDE)]),
        ("restriction=no_left_turn except=motorcar", [("no", C)]),
        ("restriction=no_left_turn except=bicycle;motorcar", []),
        ("restriction:hgv=no_left_turn", []),
        ("restriction:motorcar=no_left_turn", [("no", D)]),
        ("restriction:bicycle=no_left_turn", [("no", C)]),
        ("restriction:conditional=no_left_turn@(07:00-09:00)", [("conditional", RIDE)]),
        ("restriction=no_left_turn day_on=Monday", [("conditional", RIDE)]),
        ("restriction=give_way", []),
        ("restriction=no", []),
    ],
)
def test_whom_a_turn_restriction_binds(text, rules):
    assert [(rule.kind, rule.modes) for rule in turn_rules(tags(text))] == rules

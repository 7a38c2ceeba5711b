"""RULE UNDER TEST: a closed street never shortens a journey between points that stay where they are attached.

A point is attached to its nearest street alone. Where that one is closed, or lies on an island once others
are, the point is attached elsewhere, and nothing is promised: the example below is such a case by hand.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from accessibility.linking import link
from accessibility.model.modes import PERMISSION
from accessibility.streetwork.snapping import attachment_points
from accessibility.travel import travel_times
from accessibility.units import UNREACHED
from tests.builders import moving, spots, town

LETTERS = "ABCDEFGHI"
PAIRS = [(a, b) for a in LETTERS for b in LETTERS if a < b and ord(b) - ord(a) in (1, 3) and (a, b) not in
         (("C", "D"), ("F", "G"))]  # fmt: skip
NODES = ", ".join(f"{letter} {200 * (i % 3)} {200 * (i // 3)}" for i, letter in enumerate(LETTERS))


@st.composite
def worlds(draw):
    """Streets between some of 3 x 3 crossings, some closed later, turns forbidden; points anywhere."""
    kept = draw(st.lists(st.sampled_from(PAIRS), min_size=3, unique=True))
    one_way = draw(st.sets(st.sampled_from(kept)))
    lines = [f"{a} {b} len={draw(st.integers(20, 40)) * 10}" + (" oneway" if (a, b) in one_way else "")
             for a, b in kept]  # fmt: skip
    both, bans = kept + [pair[::-1] for pair in kept], []
    for _ in range(draw(st.integers(0, 2))):
        first, middle = draw(st.sampled_from(both))
        last = draw(st.sampled_from([b for a, b in both if a == middle]))
        bans.append(f"{first} {middle} {last}")
    closed = draw(st.lists(st.integers(0, len(kept) - 1), min_size=1, max_size=3, unique=True))
    where = st.integers(-50, 450)
    points = [", ".join(f"{who}{i} {draw(where)} {draw(where)}" for i in range(4)) for who in "pq"]
    return town(NODES, ", ".join(lines), bans=bans), closed, spots(points[0]), spots(points[1])


def without(streets, closed, mode):
    """Close some segments to a mode, as a scenario does."""
    kept = np.full(streets.n_segments, 255, np.uint8)
    kept[closed] = 255 & ~PERMISSION[mode]
    return replace(streets, forward=streets.forward & kept, backward=streets.backward & kept)


def answers(streets, starts, goals, query):
    linkage = link(streets, starts, goals, query)
    times = travel_times(streets, linkage, query, (starts.ids, goals.ids)).duration_s[:, :, 0]
    ends = linkage.origins, linkage.destinations
    return np.where(times == UNREACHED, np.iinfo(np.int32).max, times), ends


@pytest.mark.parametrize(
    ("mode", "island_share"), [("walk", 0.0), ("walk", 0.4), ("cycle", 0.0), ("drive", 0.0)]
)
@settings(max_examples=200, deadline=None)
@given(world=worlds())
def test_between_points_that_stay_attached_nothing_gets_quicker(mode, island_share, world):
    streets, closed, starts, goals = world
    query = moving(mode, island_share=island_share)
    before, (starts_before, goals_before) = answers(streets, starts, goals, query)
    after, (starts_after, goals_after) = answers(without(streets, closed, mode), starts, goals, query)
    pairs = ((starts_before, starts_after), (goals_before, goals_after))
    kept = np.ix_(*(one.segment == other.segment for one, other in pairs))
    event(f"pairs that stay: {min(kept[0].size * kept[1].size, 1)}")
    assert np.all(after[kept] >= before[kept])


def test_a_point_on_the_closed_street_may_get_quicker_by_the_street_behind_it():
    """The lane ends 10 m from p, its road 400 m on; the street behind p, 20 m away, leads to q at once."""
    streets = town("A 0 0, B 400 0, C 400 -30, D 0 -30", "A B, B C, C D")
    starts, goals, query = spots("p 100 -10"), spots("q 0 -30"), moving("walk")
    before, _ends = answers(streets, starts, goals, query)
    after, (moved, _goals) = answers(without(streets, [0], "walk"), starts, goals, query)
    assert before.item() == pytest.approx(10 + 300 + 30 + 400, abs=1)
    assert after.item() == pytest.approx(20 + 100, abs=1)
    (point,) = attachment_points(streets, moved)
    assert point[1] - streets.y_m[3] == pytest.approx(0, abs=1e-6)


def test_a_point_at_a_crossing_may_get_quicker_by_the_arm_it_is_attached_to_then():
    """A car may enter the one-way arm at B only and goes round by B; by the other arm it is there at once."""
    streets = town("A 0 0, B 200 0, E 200 200, D 0 200", "B E oneway, A B, A D, D E")
    starts, goals, query = spots("p 0 90"), spots("q 200 210"), moving("drive")
    before, (_starts, first) = answers(streets, starts, goals, query)
    after, (_starts, then) = answers(without(streets, [0], "drive"), starts, goals, query)
    assert (first.segment[0], then.segment[0]) == (0, 3)
    assert before.item() == pytest.approx(90 + 200 + 200 + 10, abs=1)
    assert after.item() == pytest.approx(110 + 200 + 10, abs=1)

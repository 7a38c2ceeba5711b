"""RULE UNDER TEST: who is attached to another street than before is told, and nobody else.

The town of `tests.compare_worlds` with a lane 60 m north of its main street, joined to it at both ends: home,
school, hospital and the stops a, b, c stand on the main street, and so do the middles of its squares but for
those nearer to the lane.
"""

import pytest

from accessibility.messages import language, set_language
from accessibility.model.comparison import ATTACHED_ELSEWHERE
from accessibility.model.scenario import Scenario
from accessibility.model.street_changes import AddStreet, CloseStreet
from accessibility.outputs.comparison.words import comparison_sentences
from accessibility.sources.study_file import read_study
from accessibility.studies.comparing.comparer import Comparer
from tests.compare_worlds import town_study
from tests.transit_town import STREET

LANE = 31.30054


@pytest.fixture(autouse=True, scope="module")
def _english():
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture(scope="module")
def comparer(tmp_path_factory):
    town = town_study(tmp_path_factory.mktemp("town"))
    nodes, ways = [], []
    for number, (lat, name) in enumerate(((31.300, "Main"), (LANE, "Lane"))):
        ids = [100 * number + i for i in range(1, len(STREET) + 1)]
        nodes += [
            f'<node id="{i}" version="1" lat="{lat}" lon="{x}"/>' for i, x in zip(ids, STREET, strict=True)
        ]
        ways.append((name, ids))
    ways.append(("West", [1, 101]))
    ways.append(("East", [len(STREET), 100 + len(STREET)]))
    drawn = "".join(
        f'<way id="{way}" version="1">' + "".join(f'<nd ref="{i}"/>' for i in ids)
        + f'<tag k="highway" v="residential"/><tag k="name" v="{name}"/></way>'
        for way, (name, ids) in enumerate(ways, start=1)
    )  # fmt: skip
    osm = f'<osm version="0.6">{"".join(nodes)}{drawn}</osm>'
    (town / "streets.osm").write_text(osm, encoding="utf-8")
    return Comparer.of_study(read_study(town / "study.toml"))


def told(comparer, *changes):
    comparison = comparer.compare(Scenario("x", changes))
    found = [one for one in comparison.notices if one.code == ATTACHED_ELSEWHERE]
    said = [line for line in comparison_sentences(comparison, {}) if line.startswith("Mind: ")]
    assert said == [f"Mind: {one.message}." for one in found]
    return [one.message for one in found]


def test_whoever_was_attached_to_a_closed_street_is_counted_and_some_are_named(comparer):
    (message,) = told(comparer, CloseStreet(name="Main"))
    linkage = comparer.asked(comparer.baseline, comparer.settings).linkage
    on_main = linkage.origins.snap_m < 1
    assert on_main[0], "home"
    assert " 2 destinations and 3 stops to another street" in message
    n_origins = int(message.partition(" attach ")[2].partition(" ")[0])
    assert n_origins >= on_main.sum()
    assert "(such starting points" in message
    assert "home" in message


def test_nobody_is_attached_elsewhere_where_only_other_streets_close_or_are_built(comparer):
    assert told(comparer, CloseStreet(name="West")) == []
    assert told(comparer) == []


def test_a_street_that_is_split_by_a_new_one_keeps_its_points(comparer):
    """The new street leaves the main street 300 m from the hospital and leads away from everything."""
    course = ((121.127, 31.300), (121.127, 31.2960))
    assert told(comparer, AddStreet(course)) == []


def test_a_new_street_that_is_nearer_is_told_too(comparer):
    """The new street runs through the middles of two squares, which stand off the main street."""
    lon, lat = comparer.cells.lon[3:5].tolist(), comparer.cells.lat[3:5].tolist()
    assert abs(lat[0] - 31.300) * 111_000 > 2
    course = ((lon[0], 31.300), *zip(lon, lat, strict=True), (lon[1], 31.300))
    (message,) = told(comparer, AddStreet(course, name="South"))
    assert " attach 2 starting points, 0 destinations and 0 stops " in message
    assert all(one in message for one in comparer.cells.ids[3:5])

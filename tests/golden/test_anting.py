"""RULE UNDER TEST: distances in the embedded study agree with what is known of the area from elsewhere.

Bands: by road from C2 to Fengbang, Anting and Ruijin North as the length of Cao'an Highway (13.6 km from
Fengbang to Xinyuan Road) and the detours forced by the river allow; straight lines are tested with the tables
of places.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from accessibility.model.modes import STREET_MODES
from accessibility.model.reasons import NO_SUCH_DESTINATION
from accessibility.sources.study_file import read_study
from accessibility.studies.answered import study_parameters
from accessibility.studies.computed import compute, study_queries
from accessibility.studies.data_folder import data_folder
from accessibility.studies.explain import explain
from accessibility.studies.load import load_study
from accessibility.studies.progress import silent
from accessibility.studies.queries import QueryKey, street_query, transit_query
from accessibility.units import UNREACHED


@pytest.fixture(scope="module")
def loaded():
    return load_study(read_study(data_folder() / "anting"))


@pytest.mark.parametrize(
    ("destination", "least_km", "most_km"),
    [("L14-fengbang", 3.4, 4.0), ("L11-anting", 9.9, 11.5), ("hosp-ruijin-north", 7.5, 12.0)],
)
def test_by_road_from_the_default_site(loaded, destination, least_km, most_km):
    query = dict(study_queries(loaded))[QueryKey("drive", "offpeak")]
    ends = [loaded.places.take([loaded.places.index(place)]) for place in ("C2", destination)]
    journey = explain(loaded.streets, (ends[0], ends[1]), query).journey
    assert least_km <= journey.distance_m / 1000 <= most_km


def test_the_network_covers_what_the_study_needs(loaded):
    assert loaded.streets.length_m.sum() / 1000 >= 250
    box = loaded.study.area
    assert box == (121.09, 31.23, 121.36, 31.40)


def test_cars_find_one_component_and_leave_motorways_only_by_ramps(loaded):
    streets = loaded.streets
    classes = np.array(streets.road_classes)[streets.road_class]
    motorway = classes == "motorway"
    surface = ~np.char.startswith(classes.astype(str), "motorway")
    on_motorway = set(streets.segment_from[motorway]) | set(streets.segment_to[motorway])
    on_surface = set(streets.segment_from[surface]) | set(streets.segment_to[surface])
    assert not on_motorway & on_surface


@pytest.fixture(scope="module")
def computed(loaded):
    return compute(loaded, silent)


def nearest_from_sites(computed, target, as_of, modes=STREET_MODES):
    return [
        table
        for table in computed.site_tables
        if (table.measure, table.target) == ("nearest", target)
        and table.as_of in ("", as_of)
        and table.mode in modes
    ]


def test_the_nearest_operating_station_of_line_11_is_not_anting(computed):
    tables = nearest_from_sites(computed, "line11", "2021-05-21")
    found = {place for table in tables for row in table.nearest_ids for place in row if place}
    assert found
    assert "L11-anting" not in found


def test_line_14_is_absent_on_the_day_of_the_reply_and_present_from_its_opening(computed):
    before = nearest_from_sites(computed, "line14", "2021-05-21")
    after = nearest_from_sites(computed, "line14", "2021-12-30")
    assert all((table.reason == NO_SUCH_DESTINATION).all() for table in before)
    assert all(set(row) <= {"L14-fengbang", ""} for table in after for row in table.nearest_ids)
    assert all((table.reason == 0).all() for table in after)


def test_lines_halve_the_way_to_the_city_from_the_opening_of_line_14(computed):
    minutes = {
        day: computed.to_places[QueryKey("transit", "peak", day)].level("mid")
        [:, computed.destinations.index("city-caoyanglu")] / 60
        for day in ("2021-05-21", "2021-12-30")
    }  # fmt: skip
    assert np.all((minutes["2021-05-21"] > 80) & (minutes["2021-05-21"] < 100))
    assert np.all((minutes["2021-12-30"] > 48) & (minutes["2021-12-30"] < 62))


def test_by_lines_line_14_is_absent_before_its_opening_and_fengbang_nearest_after(
    computed,
):
    modes = ("transit", "ebike_transit")
    before = nearest_from_sites(computed, "line14", "2021-05-21", modes)
    after = nearest_from_sites(computed, "line14", "2021-12-30", modes)
    assert len(before) == len(after) == 4
    assert all((table.reason == NO_SUCH_DESTINATION).all() for table in before)
    assert {row[1] for table in after for row in table.nearest_ids} == {"L14-fengbang"}


def test_assumed_headways_at_their_short_and_long_ends_enclose_the_middle(computed):
    for key, (short, long) in computed.headway_ends.items():
        middle = computed.to_places[key].level("mid").astype(float)
        assert np.median(short.level("mid") - middle) <= 0 <= np.median(long.level("mid") - middle)


def test_every_place_is_reached_from_every_site_or_named_with_its_reason(computed):
    for times in (*computed.to_places.values(), *computed.from_places.values()):
        unreached = (times.duration_s == UNREACHED).all(axis=2)
        assert np.array_equal(unreached, times.reason != 0)
    drive = computed.to_places[QueryKey("drive", "offpeak")]
    lost = {drive.destination_ids[j] for j in np.flatnonzero((drive.reason != 0).any(axis=0))}
    assert all(place.startswith(("L11-", "L14-", "city-")) for place in lost), "only stations far to the east"


def test_the_way_to_the_stop_is_stated_setting_by_setting_and_not_as_code(loaded):
    """Riding an e-bike to the stop, as the study asks: no name of a class and no empty setting is shown."""
    defaults, use = loaded.defaults, loaded.study.transit
    period, day = loaded.study.periods[0], loaded.study.as_of[0]
    access = street_query(defaults, "ebike", max_duration_s=1200)
    query = transit_query(
        defaults, use, period, day, max_duration_s=loaded.study.max_duration_s, access=access
    )
    computed = SimpleNamespace(queries={QueryKey(query.mode, period.id, query.as_of): query}, grid=range(2))
    told = study_parameters(loaded, computed)["queries"]
    assert next(iter(told.values()))["access"]["mode"] == "ebike"
    assert "TravelQuery" not in str(told)
    assert "None" not in str(told)

"""Small random timetables for properties: every column of GTFS that this program keeps, filled at random."""

from datetime import date

import numpy as np
from hypothesis import strategies as st

from accessibility.model.timetable import NONE, Timetable

FIRST = date(2021, 5, 17)
"""A Monday; services run within four weeks from it."""


@st.composite
def timetables(draw, *, stations=True):
    """Draw a timetable of 3-6 stops, 1-3 routes, 1-3 services and 1-6 trips, some of them in bands."""
    n_stops, n_routes, n_services = draw(st.integers(3, 6)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    n_trips = draw(st.integers(1, 6))
    days = [sorted(draw(st.sets(st.integers(0, 27), min_size=0 if i else 1))) for i in range(n_services)]
    stops, arrivals, departures, counts = [], [], [], [0]
    for _trip in range(n_trips):
        order = draw(st.permutations(range(n_stops)))[: draw(st.integers(2, n_stops))]
        steps = draw(st.lists(st.integers(0, 400), min_size=2 * len(order), max_size=2 * len(order)))
        times = draw(st.integers(5 * 3600, 25 * 3600)) + np.cumsum(steps)
        stops += order
        arrivals += times[0::2].tolist()
        departures += times[1::2].tolist()
        counts.append(len(order))
    banded = sorted(draw(st.sets(st.integers(0, n_trips - 1), max_size=2)))
    starts = [draw(st.integers(5 * 3600, 8 * 3600)) for _trip in banded]
    n_calls = len(stops)
    kinds = st.sampled_from([0, 0, 0, 1])
    n_all = n_stops + (2 if stations else 0)
    rule_ends = draw(
        st.lists(st.tuples(st.integers(0, n_stops - 1), st.integers(0, n_stops - 1)), max_size=3, unique=True)
    )
    shaped = draw(st.booleans())
    return Timetable(
        time_zone="Asia/Shanghai",
        stop_ids=(*(f"s{i}" for i in range(n_stops)), *(("p", "e") if stations else ())),
        stop_names=(*(f"Stop {i}" for i in range(n_stops)), *(("Station", "Door") if stations else ())),
        stop_lon=121.1 + 0.01 * np.arange(n_all),
        stop_lat=31.3 + 0.003 * (np.arange(n_all) % 3),
        stop_kind=[0] * n_stops + ([1, 2] if stations else []),
        stop_parent=[n_stops if stations else NONE]
        + [NONE] * (n_stops - 1)
        + ([NONE, n_stops] if stations else []),
        route_ids=tuple(f"r{i}" for i in range(n_routes)),
        route_short_names=tuple(f"{i}路" for i in range(n_routes)),
        route_long_names=("",) * n_routes,
        route_type=[3] * n_routes,
        service_ids=tuple(f"w{i}" for i in range(n_services)),
        service_offset=np.cumsum([0, *map(len, days)]),
        service_day=[FIRST.toordinal() + day for one in days for day in one],
        trip_ids=tuple(f"t{i}" for i in range(n_trips)),
        trip_headsigns=("",) * n_trips,
        trip_route=[i % n_routes for i in range(n_trips)],
        trip_service=[draw(st.integers(0, n_services - 1)) for _i in range(n_trips)],
        trip_direction=[draw(st.sampled_from([0, 1])) for _i in range(n_trips)],
        trip_block=[NONE] * n_trips,
        trip_shape=[0 if shaped and i == 0 else NONE for i in range(n_trips)],
        block_ids=(),
        stop_time_offset=np.cumsum(counts),
        stop_time_stop=stops,
        arrival_s=arrivals,
        departure_s=departures,
        pickup=draw(st.lists(kinds, min_size=n_calls, max_size=n_calls)),
        drop_off=draw(st.lists(kinds, min_size=n_calls, max_size=n_calls)),
        frequency_ids=tuple(f"band-{i}" for i in banded),
        frequency_trip=banded,
        frequency_start_s=starts,
        frequency_end_s=[start + draw(st.integers(1, 7200)) for start in starts],
        headway_s=[draw(st.integers(60, 1800)) for _i in banded],
        frequency_exact=[draw(st.booleans()) for _i in banded],
        transfer_from_stop=[a for a, _b in rule_ends],
        transfer_to_stop=[b for _a, b in rule_ends],
        transfer_from_route=[NONE] * len(rule_ends),
        transfer_to_route=[NONE] * len(rule_ends),
        transfer_from_trip=[NONE] * len(rule_ends),
        transfer_to_trip=[NONE] * len(rule_ends),
        transfer_type=[2] * len(rule_ends),
        transfer_min_s=[120] * len(rule_ends),
        pathway_from_stop=[n_stops + 1] if stations else [],
        pathway_to_stop=[0] if stations else [],
        pathway_s=[45] if stations else [],
        pathway_both_ways=[True] if stations else [],
        pathway_length_m=[33.5] if stations else [],
        pathway_mode=[draw(st.integers(1, 5))] if stations else [],
        shape_offset=[0, 3] if shaped else [0],
        shape_lon=[121.1, 121.11, 121.12] if shaped else [],
        shape_lat=[31.3, 31.301, 31.3] if shaped else [],
    )

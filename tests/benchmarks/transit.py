"""Benchmarks of public transport on Porto Alegre, in units of U, measured in the same run.

U is the time scipy's ``csgraph.dijkstra`` takes for 100 one-to-all searches over the walking ways with every
OSM node kept. Everything counts from the loaded network (timetable and walks) to the finished arrays.
"""

import csv
import os
import statistics
import time
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import osmium
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from accessibility.linking import link_transit
from accessibility.model.line_changes import Reroute
from accessibility.model.osm_rules import way_modes
from accessibility.model.projection import geodesic_m
from accessibility.model.scenario import Scenario
from accessibility.model.transit_query import ARRIVE_BY, FROM_DEPARTURE, PLANNED
from accessibility.model.transport_network import TransportNetwork
from accessibility.scenarios import apply_scenario
from accessibility.sources.gtfs import read_gtfs
from accessibility.sources.places import read_places
from accessibility.studies.comparing.touched import Side, touched_origins
from accessibility.studies.on_streets import StreetOptions, prepare
from accessibility.studies.on_transit import TransitOptions
from accessibility.studies.progress import in_threads, silent
from accessibility.studies.queries import street_query
from accessibility.transit import drawn_days, search_query, timed_walks, transit_times
from accessibility.transit_nearest import nearest_times
from accessibility.units import UNREACHED
from tests.benchmarks.measured import RUNS, Measured, timed

POA = Path(os.environ.get("ACCESSIBILITY_REFERENCE", Path(__file__).parents[3] / "shared" / "data"))
POA = POA / "porto_alegre"
WALK = 1
CELL_M = 500.0
"""A railway stop further than this (m) from every cell lies outside the city."""

SETS = "healthcare", "schools", "stations"
"""Sets of facilities, as the cells that hold one: by the table of cells, and by the stops of the railway."""


def walking_graph():
    """Build the graph of U: walking ways, every node kept."""
    index, lon, lat, tails, heads = {}, [], [], [], []
    for way in osmium.FileProcessor(str(POA / "poa_osm.pbf")).with_locations():
        if not (way.is_way() and "highway" in way.tags and way_modes(dict(way.tags))[0] & WALK):
            continue
        nodes = []
        for node in way.nodes:
            nodes.append(index.setdefault(node.ref, len(index)))
            if nodes[-1] == len(lon):
                lon.append(node.lon)
                lat.append(node.lat)
        tails += nodes[:-1]
        heads += nodes[1:]
    lon, lat, tails, heads = np.array(lon), np.array(lat), np.array(tails), np.array(heads)
    length_m = np.maximum(geodesic_m((lon[tails], lat[tails]), (lon[heads], lat[heads])), 0.01)
    both = np.tile(length_m, 2), (np.concatenate([tails, heads]), np.concatenate([heads, tails]))
    return csr_matrix(both, shape=(len(index), len(index)))


def city():
    """Load Porto Alegre: timetable, walks, query, identifiers."""
    streets = StreetOptions(osm=POA / "poa_osm.pbf", walk_speed=3.6, max_duration=120)
    feeds = POA / "poa_eptc.zip", POA / "poa_trensurb.zip"
    options = TransitOptions(
        streets,
        feeds,
        "2019-05-13",
        "14:00",
        120,
        percentiles=(5, 25, 50, 75, 95),
        max_rides=3,
        max_walk=30,
    )
    cells = read_places(POA / "poa_hexgrid.csv")
    ready = prepare(streets, cells, None, silent)
    metres = street_query(streets.defaults(), "walk", speed_kmh=3.6, use=streets.use)
    timetable = read_gtfs(options.gtfs)
    linkage = link_transit(ready.streets, (cells, cells), timetable, metres, radius_m=1800.0)
    return timetable, linkage, options.query(), (cells.ids, cells.ids)


@cache
def members():
    """Find the cells of every set."""
    with (POA / "poa_hexgrid.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    lon, lat = (np.array([float(row[name]) for row in rows]) for name in ("lon", "lat"))
    rail = read_gtfs([POA / "poa_trensurb.zip"])
    stations = set()
    for at in zip(rail.stop_lon, rail.stop_lat, strict=True):
        away_m = geodesic_m((lon, lat), tuple(np.full(len(lon), degrees) for degrees in at))
        if away_m.min() < CELL_M:
            stations.add(int(away_m.argmin()))
    found = {name: [i for i, row in enumerate(rows) if float(row[name] or 0) > 0] for name in SETS[:2]}
    return found | {"stations": sorted(stations)}


def matrix(world, **changes):
    """Compute the matrix on all processors."""
    timetable, linkage, query, ids = world
    query = replace(query, **changes)
    return transit_times(timetable, linkage, query, ids, map_blocks=in_threads("", silent))


def nearest(world, *names, rank=1, definition=FROM_DEPARTURE):
    """Find the nearest (or n-th nearest) of some sets for every cell and minute."""
    timetable, linkage, query, ids = world
    query = search_query(timetable, replace(query, definition=definition))
    days, walks = tuple(drawn_days(timetable, query)), timed_walks(timetable, linkage, query)
    sets = [members()[name] for name in names]
    return nearest_times(days, walks, linkage, query, ids, sets, rank=rank)


def rerouted(timetable):
    """Lead the line with most runs past its eleventh to fourteenth stops, by the nearest other stop."""
    long = np.flatnonzero(np.diff(timetable.stop_time_offset) > 20)
    route = int(np.bincount(timetable.trip_route[long]).argmax())
    trip = long[timetable.trip_route[long] == route][0]
    direction = int(timetable.trip_direction[trip])
    calls = timetable.stop_time_stop[timetable.stop_time_offset[trip] : timetable.stop_time_offset[trip + 1]]
    lon, lat = timetable.stop_lon, timetable.stop_lat
    away_m = geodesic_m((lon, lat), (np.full(len(lon), lon[calls[12]]), np.full(len(lat), lat[calls[12]])))
    away_m[calls] = np.inf
    ids = timetable.stop_ids
    change = Reroute(
        timetable.route_ids[route],
        (ids[int(np.nanargmin(away_m))],),
        direction,
        ids[calls[10]],
        ids[calls[14]],
        (150, 150),
        (20, 20, 20),
    )
    return apply_scenario(
        TransportNetwork(timetable), Scenario("re-routed", (change,)), default_dwell_s=20
    ).timetable


def before_and_after(world):
    """Re-route a line, and find the nearest hospital for every cell and minute before and after."""
    timetable, linkage, query, ids = world
    query, hospitals = replace(query, n_minutes=60), members()["healthcare"]
    sides = [
        Side(tuple(drawn_days(one, query)), timed_walks(one, linkage, query))
        for one in (timetable, rerouted(timetable))
    ]
    old = nearest_times(sides[0].days, sides[0].walks, linkage, query, ids, [hospitals])[0]
    longest_s = np.where(old.minute_s == UNREACHED, query.max_duration_s, old.minute_s).max(axis=1)
    rows = np.flatnonzero(touched_origins(*sides, query)(longest_s, hospitals))
    some = linkage.at_origins(rows), tuple(ids[0][row] for row in rows)
    return nearest_times(
        sides[1].days, sides[1].walks.at_origins(rows), some[0], query, (some[1], ids[1]), [hospitals]
    )


def seconds(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def jobs(world):
    """Name what is timed."""
    return {
        "matrix 1,227 x 1,227, 120 minutes, 3 rides": lambda: matrix(world),
        "the same, 8 rides": lambda: matrix(world, max_rides=8),
        "the same, 60 minutes": lambda: matrix(world, n_minutes=60),
        "the same, 10 minutes": lambda: matrix(world, n_minutes=10),
        "the same, 1 minute": lambda: matrix(world, n_minutes=1),
        **{
            f"nearest of {len(members()[name])} {name}, every cell and minute": partial(nearest, world, name)
            for name in SETS
        },
        "nearest of all three sets": lambda: nearest(world, *SETS),
        "second nearest of healthcare": lambda: nearest(world, "healthcare", rank=2),
        "nearest of healthcare by arrival": lambda: nearest(world, "healthcare", definition=ARRIVE_BY),
        "nearest of healthcare, planned": lambda: nearest(world, "healthcare", definition=PLANNED),
        "one line re-routed, nearest of healthcare before and after, 60 minutes": lambda: before_and_after(
            world
        ),
    }


def transit():
    """Time each job in turn with U, and print medians of seconds and of ratios; memory in a process each."""
    world, graph = city(), walking_graph()
    starts = np.random.default_rng(1).integers(0, graph.shape[0], 100)
    work = jobs(world)
    for job in work.values():
        job()
    units, took = [], {name: [] for name in work}
    ratios = {name: [] for name in work}
    for _run in range(RUNS):
        for name, job in work.items():
            units.append(seconds(lambda: dijkstra(graph, indices=starts)))
            took[name].append(seconds(job))
            ratios[name].append(took[name][-1] / units[-1])
    size = f"{graph.shape[0]:,} nodes, {graph.nnz:,} edges"
    yield Measured(tuple(units), 0).row(f"U: 100 one-to-all searches by scipy, {size}", "1 U")
    for name in work:
        child = f"from tests.benchmarks.transit import city, jobs; jobs(city())[{name!r}]()"
        peak_mb = timed(["-c", child], runs=1, warm_up=0).peak_mb
        yield Measured(tuple(took[name]), peak_mb).row(name, f"{statistics.median(ratios[name]):.2f} U")

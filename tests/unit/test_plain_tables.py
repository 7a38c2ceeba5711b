"""RULE UNDER TEST: a table of times is what the csv library writes of its cells, whatever the blocks."""

import csv
import io
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.model.csv_text import harmless
from accessibility.outputs import plain
from accessibility.units import minutes_from_seconds
from tests.measure_worlds import given as given_times

LEVELS = {1: ("mid",), 3: ("low", "mid", "high")}
ids = st.text(st.sampled_from("a1 ,;\"'\r\n\t=-+@安"), min_size=1, max_size=4)


@st.composite
def tables(draw):
    n_from, n_to, n_levels = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.sampled_from([1, 3]))
    seconds = st.none() | st.integers(0, 7300)
    cell = st.tuples(*[seconds] * n_levels)
    table = draw(st.lists(st.lists(cell, min_size=n_to, max_size=n_to), min_size=n_from, max_size=n_from))
    times = given_times(*table, levels=LEVELS[n_levels], metres_per_s=draw(st.sampled_from([1.0, 1.2345])))
    origins = draw(st.lists(ids, min_size=n_from, max_size=n_from, unique=True))
    goals = draw(st.lists(ids, min_size=n_to, max_size=n_to, unique=True))
    return table, replace(times, origin_ids=tuple(origins), destination_ids=tuple(goals))


def by_the_library(table, times, with_distance):
    """Write every row by itself."""
    levels = times.query.levels
    middle = levels.index("mid")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for i, origin in enumerate(times.origin_ids):
        for j, goal in enumerate(times.destination_ids):
            seconds = table[i][j]
            minutes = ["" if s is None else f"{minutes_from_seconds(s):.1f}" for s in seconds]
            metres = float(times.distance_m[i, j, middle])
            km = ["" if seconds[middle] is None else f"{metres / 1000:.3f}"] if with_distance else []
            lost = [level for level, s in zip(levels, seconds, strict=True) if s is None]
            some = f":{'+'.join(lost)}" if len(lost) < len(levels) else ""
            reason = f"beyond-limits{some}" if lost else ""
            writer.writerow([harmless(origin), harmless(goal), *minutes, *km, reason])
    return text.getvalue().encode()


@settings(max_examples=200, deadline=None)
@given(case=tables(), with_distance=st.booleans(), at_a_time=st.integers(1, 20))
def test_rows_are_those_of_the_library_whatever_is_written_at_a_time(case, with_distance, at_a_time):
    table, times = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "_ROWS_AT_A_TIME", at_a_time)
        written = plain.matrix_csv(times, with_distance=with_distance)
    assert written == by_the_library(table, times, with_distance)


def test_a_table_without_destinations_or_origins_has_no_rows():
    times = given_times((60,))
    for some in (times.take(origins=[]), times.take(destinations=[])):
        assert plain.matrix_csv(some, with_distance=True) == b""


def test_minutes_are_rounded_half_up_in_every_cell():
    times = given_times(tuple(range(0, 7200)))
    rows = csv.reader(plain.matrix_csv(times).decode().splitlines())
    assert [row[2] for row in rows] == [f"{minutes_from_seconds(s):.1f}" for s in range(7200)]


def test_a_table_of_times_loads_no_library_for_maps_or_data_frames():
    """They take half a second, which a short question would feel."""
    code = (
        "import sys, accessibility.cli.matrix, accessibility.studies.matrix, accessibility.studies.nearest;"
        "print(sorted({'folium', 'pandas', 'geopandas', 'pyogrio', 'jinja2'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"

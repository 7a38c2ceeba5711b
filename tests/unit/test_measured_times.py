"""RULE UNDER TEST: measured times stand beside the model with their bias; the impossible is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.errors import DataError
from accessibility.measures import fits
from accessibility.measures.fit import weighted_quantile
from accessibility.messages import language, set_language
from accessibility.model.observed import Compared, ObservedTrip
from accessibility.sources.measured_times import End, Possible, read_measured_times

POSSIBLE = Possible(
    places={"a": End(121.2, 31.27), "b": End(121.3, 31.27, since="2021-12-30")},  # 9.5 km apart
    stops={"s": End(121.2, 31.27), "t": End(121.3, 31.27)},
    lines={"14": "2021-12-30"},
    fastest_mps={"drive": 150 / 3.6, "transit": 350 / 3.6},
)
HEAD = "from,to,mode,line,date,time,time_to,minutes,runs\n"


@pytest.fixture(autouse=True)
def _speak_english():
    before = language()
    set_language("en")
    yield
    set_language(before)


def read(tmp_path, rows, head=HEAD):
    file = tmp_path / "measured.csv"
    file.write_text(head + rows, encoding="utf-8")
    return read_measured_times(file, POSSIBLE)[0]


def refused(tmp_path, rows, head=HEAD):
    with pytest.raises(DataError) as caught:
        read(tmp_path, rows, head)
    assert {one.file for one in caught.value.notices} == {"measured.csv"}
    return {(one.row, one.field) for one in caught.value.notices}


def test_a_trip_is_read_with_its_row(tmp_path):
    (trip,) = read(tmp_path, "a,b,drive,,2022-01-05,07:30,,25,3\n")

    assert (trip.row, trip.start_s, trip.end_s, trip.minutes, trip.runs) == (2, 27_000, 27_000, 25.0, 3)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("a,b,drive,,2021-05-21,07:30,,25,1", "date"),  # b is not open yet
        ("s,t,transit,14,2021-05-21,07:30,,25,1", "date"),  # nor is the line
        ("a,b,drive,,2022-01-05,07:30,,3.5,1", "minutes"),  # 163 km/h
        ("a,b,drive,,2022-01-05,07:30,,-5,1", "minutes"),
        ("a,b,drive,,2022-01-05,07:30,,nan,1", "minutes"),
        ("a,b,drive,,2022-01-05,halb,,25,1", "time"),
        ("a,b,drive,,05.01.2022,07:30,,25,1", "date"),
        ("a,c,drive,,2022-01-05,07:30,,25,1", "to"),
        ("a,b,fly,,2022-01-05,07:30,,25,1", "mode"),
        ("s,t,transit,,2022-01-05,07:30,,25,1", "line"),
        ("s,t,transit,15,2022-01-05,07:30,,25,1", "line"),
        ("a,b,drive,,2022-01-05,07:30,07:00,25,1", "time_to"),
        ("a,b,drive,,2022-01-05,07:30,,25,some", "runs"),
    ],
)
def test_what_cannot_have_been_is_refused_with_row_and_field(tmp_path, row, field):
    good = "a,b,drive,,2022-01-05,07:30,,25,1\n"

    assert (3, field) in refused(tmp_path, good + row + "\n")


def test_all_rows_and_columns_are_told_at_once(tmp_path):
    rows = "a,c,drive,,2022-01-05,07:30,,25,1\na,b,fly,,2022-01-05,07:30,,25,1\n"

    assert {(2, "to"), (3, "mode")} <= refused(tmp_path, rows)
    with pytest.raises(DataError, match="2 problems"):
        read(tmp_path, "a,b,drive,08:00\n", "from,to,mode,time\n")


def trip(minutes, runs=1, period="peak", model=20.0):
    one = ObservedTrip(1, "a", "b", "drive", "", np.datetime64("2022-01-05").item(), 0, 0, minutes, runs=runs)
    return Compared(one, period, model, model, model)


def test_bias_spread_and_factor_by_hand():
    (fit,) = fits([trip(25.0), trip(20.0), trip(22.0)])

    assert (fit.bias, fit.spread_low, fit.spread_high, fit.factor) == (-2.0, -5.0, 0.0, 1.1)


def test_a_row_of_several_runs_weighs_as_many_and_periods_are_joined_last():
    peak, off, everything = fits([trip(30.0, runs=3), trip(10.0, period="off")])

    assert (peak.period, off.period, everything.period) == ("peak", "off", "")
    assert (everything.runs, everything.factor) == (4, 1.5)


def test_trips_without_an_answer_of_the_model_are_left_out():
    assert fits([trip(20.0, model=float("nan"))]) == ()


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 5)), min_size=1, max_size=20))
def test_the_weighted_median_is_the_median_of_the_repeated_values(pairs):
    values, weight = np.array([p[0] for p in pairs], float), np.array([p[1] for p in pairs])

    assert weighted_quantile(values, weight, 0.5) == np.median(np.repeat(values, weight))


@given(st.lists(st.tuples(st.floats(5, 90), st.floats(5, 90)), min_size=1, max_size=9))
def test_durations_times_the_factor_have_no_bias_left(pairs):
    (fit,) = fits([trip(measured, model=model) for measured, model in pairs])

    (mended,) = fits([trip(measured, model=model * fit.factor) for measured, model in pairs])
    assert mended.factor == pytest.approx(1.0)

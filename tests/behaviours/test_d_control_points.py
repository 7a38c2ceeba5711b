"""RULE UNDER TEST: a line passes a control point on the nearest street, and never drives up to the point."""

from accessibility.model.bus_ride import BusRide, one_ride

A, NEAR, POINT, B = (121.10, 31.30), (121.11, 31.30), (121.11, 31.31), (121.12, 31.30)


def test_the_spurs_to_a_control_point_count_neither_in_time_nor_in_the_course():
    to_point = BusRide(100, (A, NEAR, POINT), spur_s=(5, 40))
    from_point = BusRide(110, (POINT, NEAR, B), spur_s=(40, 7))

    ride = one_ride([to_point, from_point])

    assert ride.ride_s == 100 - 40 + 110 - 40
    assert ride.course == (A, NEAR, NEAR, B)
    assert ride.spur_s == (5, 7), "those of the stops stay part of the ride"


def test_a_ride_without_control_points_stays_as_it_is():
    ride = BusRide(100, (A, NEAR, B), spur_s=(5, 40))

    assert one_ride([ride]) == ride

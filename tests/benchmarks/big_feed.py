"""A city's timetable of any size, made up by rule: lines of 40 stops on a grid, trips every few minutes."""

import zipfile

LINE_STOPS, TRIPS_PER_LINE = 40, 125
"""Calls of every trip, and trips of every direction of a line."""

HEADERS = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,Agency,http://a.example,Asia/Shanghai\n",
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "all,1,1,1,1,1,1,1,20210501,20210531\n"
    ),
}


def write_feed(path, *, n_calls=1_000_000):
    """Write a zip with about so many stop_times: every line runs both ways from 5:00 to past midnight."""
    n_lines = n_calls // (2 * LINE_STOPS * TRIPS_PER_LINE)
    n_rows = 100
    stops = ["stop_id,stop_name,stop_lat,stop_lon\n"]
    stops += [
        f"s{row}_{column},Stop {row} {column},{31 + row * 0.005:.4f},{121 + column * 0.005:.4f}\n"
        for row in range(n_rows)
        for column in range(LINE_STOPS)
    ]
    routes = ["route_id,route_short_name,route_long_name,route_type\n"]
    trips, times = (
        ["route_id,service_id,trip_id,direction_id\n"],
        ["trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"],
    )
    for line in range(n_lines):
        routes.append(f"r{line},{line},,3\n")
        for direction in range(2):
            columns = range(LINE_STOPS) if direction == 0 else range(LINE_STOPS - 1, -1, -1)
            for number in range(TRIPS_PER_LINE):
                trip = f"t{line}_{direction}_{number}"
                trips.append(f"r{line},all,{trip},{direction}\n")
                begin_s = 5 * 3600 + number * 580 + line * 7 % 300
                for position, column in enumerate(columns):
                    second = begin_s + 95 * position
                    clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
                    times.append(f"{trip},{clock},{clock},s{line % n_rows}_{column},{position}\n")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in HEADERS.items():
            archive.writestr(name, text)
        for name, rows in (("stops", stops), ("routes", routes), ("trips", trips), ("stop_times", times)):
            archive.writestr(f"{name}.txt", "".join(rows))

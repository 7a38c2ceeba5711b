"""A town with one street and one bus line, as files: what the command line reads."""

from tests.feeds import feed

STREET = (121.095, 121.100, 121.105, 121.110, 121.120, 121.130, 121.135)
"""Longitudes of the crossings on the street along 31.300 N."""

POINTS = "id,name,lon,lat\nhome,Home,121.101,31.300\nwork,Work,121.130,31.300\nnear,Near,121.103,31.300\n"


def town_files(folder, **changes):
    """Write streets, feed and points; return the options every command needs, and the points."""
    nodes = "".join(f'<node id="{n}" version="1" lat="31.300" lon="{x}"/>' for n, x in enumerate(STREET, 1))
    refs = "".join(f'<nd ref="{n}"/>' for n in range(1, len(STREET) + 1))
    way = f'<way id="1" version="1">{refs}<tag k="highway" v="residential"/></way>'
    streets = folder / "town.osm"
    streets.write_text(f'<osm version="0.6">{nodes}{way}</osm>', encoding="utf-8")
    points = folder / "points.csv"
    points.write_text(POINTS, encoding="utf-8")
    options = ["--osm", streets, "--gtfs", feed(folder, **changes), "--date", "2021-05-21"]
    options += ["--depart", "7:50", "--window", "10", "--max-walk", "20"]
    return [str(option) for option in options], str(points)

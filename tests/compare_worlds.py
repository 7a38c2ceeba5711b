"""A town with one street and one bus line as a study, and scenarios of it, to be worked out by hand."""

from tests.feeds import BANDS, feed
from tests.output_worlds import EVIL
from tests.transit_town import STREET

STUDY = """
[study]
id = "town"
name = "小镇"
name_en = "Town"
area = [121.0975, 31.2975, 121.1325, 31.3025]
crs = "EPSG:4549"
as_of = [2021-05-21]
[streets]
file = "streets.osm"
[[places]]
file = "places.csv"
[origins]
kinds = ["site"]
default = "home"
[destinations]
kinds = ["hospital", "school"]
[grid]
cell_m = 500
[travel]
modes = ["walk"]
cutoffs_min = [12, 20]
[transit]
gtfs = ["feed.zip"]
[[period]]
id = "peak"
name = "早高峰"
name_en = "morning peak"
from = "07:50"
to = "08:00"
[[target]]
id = "hospital"
name = "医院"
name_en = "hospital"
kinds = ["hospital"]
[[target]]
id = "school"
name = "学校"
name_en = "school"
kinds = ["school"]
"""

PLACES = """id,name,kind,lon,lat
home,Home,site,121.101,31.300
h1,Hospital,hospital,121.130,31.300
s1,School,school,121.103,31.300
"""

QUICK = """name = "Quick line"
[[modification]]
type = "add_line"
id = "P1"
stops = ["a", "c"]
hop_s = [240]
dwell_s = [0, 0]
departures = [{days = "daily", times = ["08:00", "08:10", "08:20", "08:30", "08:40", "08:50"]}]
"""
"""From a to c in 4 minutes instead of 12, at the same times."""

SLOW = """name = "Slow line"
mark = "A"
note = "Assumed: half the speed"
[[modification]]
type = "scale_speed"
route = "r"
factor = 0.5
"""
"""Rides of 3 and 8 minutes take 6 and 16."""

NOTHING = 'name = "As it is"\n'

HARMFUL = QUICK.replace("Quick line", EVIL.replace("\\", "").replace('"', '\\"').replace("\u2028", ""))
"""A scenario whose name holds markup and template signs."""

SWEEP = """name = "Where and how often"
template = "headway.toml"
line = "P2"
vehicles = 2
headways_s = [300, 600]
replace = "b"
[[candidate]]
name = "at c"
stops = ["c"]
[[candidate]]
name = "new stop"
stops = [{name = "New", lon = 121.120, lat = 31.300}]
"""

HEADWAY = """name = "Shuttle"
[[modification]]
type = "add_line"
id = "P2"
stops = ["a", "b"]
headways = [{days = "daily", from = "07:00", to = "09:00", every_s = 600, phase_s = 0}]
"""
"""Buses drive over the street; the phase makes a schedule of the headway."""


def town_study(folder):
    """Write the study and its scenarios; the bus leaves a at 8:00, 8:10, ... and takes 12 minutes to c."""
    folder.mkdir(parents=True, exist_ok=True)
    nodes = "".join(f'<node id="{n}" version="1" lat="31.300" lon="{x}"/>' for n, x in enumerate(STREET, 1))
    refs = "".join(f'<nd ref="{n}"/>' for n in range(1, len(STREET) + 1))
    way = f'<way id="1" version="1">{refs}<tag k="highway" v="residential"/></way>'
    (folder / "streets.osm").write_text(f'<osm version="0.6">{nodes}{way}</osm>', encoding="utf-8")
    feed(folder, frequencies=BANDS + "t,08:00:00,09:00:00,600,1\n")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    for name, text in (
        ("quick", QUICK),
        ("slow", SLOW),
        ("nothing", NOTHING),
        ("evil", HARMFUL),
        ("headway", HEADWAY),
        ("sweep", SWEEP),
    ):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder

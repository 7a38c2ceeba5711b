"""A study of one street and one bus trip a day, so small that intervals of a new line are worked out by hand.

Home stands at the stop Alpha, the hospital at the stop Gamma 2.9 km on, too far to walk; Near stands 190 m
from the hospital and walks. The bus of the feed leaves Alpha at 8:00 and takes 12 minutes.
"""

from tests.transit_town import town_files

STUDY = """\
[study]
id = "town"
name = "小镇"
area = [121.095, 31.296, 121.135, 31.304]
crs = "EPSG:4549"
as_of = [2021-05-21]

[streets]
file = "town.osm"

[[places]]
file = "places.csv"

[origins]
kinds = ["site"]

[destinations]
kinds = ["hospital"]

[grid]
cell_m = 500

[travel]
modes = ["walk"]

[transit]
gtfs = ["feed.zip"]
percentiles = [10, 50, 90]
access = ["walk"]

[[period]]
id = "peak"
name = "早高峰"
from = "07:00"
to = "08:00"

[[target]]
id = "hospital"
name = "医院"
kinds = ["hospital"]
"""
PLACES = """\
id,kind,name,lon,lat
HOME,site,家,121.100,31.300
NEAR,site,近处,121.128,31.300
H,hospital,医院,121.130,31.300
"""
LINE = """\
name = "新线"
mark = "A"

[[modification]]
type = "add_line"
id = "P"
stops = ["a", "c"]
hop_s = [600]
headways = [{days = "daily", from = "06:00", to = "09:00", every_s = 900, phase_s = 0}]
"""
"""A line from Alpha to Gamma in ten minutes, on the quarter hours."""

HEADWAY = """
[[range]]
name = "间隔"
modification = "P"
field = "every_s"
low = 10
high = 20
unit = "min"
mark = "A"
"""
HOP = """
[[range]]
name = "行车"
modification = "P"
field = "hop_s"
low = 8
high = 12
unit = "min"
"""
WEIGHT = """
[[range]]
name = "家的权重"
field = "weight"
site = "HOME"
low = 0.2
high = 0.8
"""
WEIGHTS = """
[weights]
HOME = 0.5
NEAR = 0.5
"""


def study_file(folder):
    """Write the study; return its file."""
    town_files(folder)
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    file = folder / "study.toml"
    file.write_text(STUDY, encoding="utf-8")
    return file


def scenario_file(folder, *parts, name="new.toml"):
    """Write the new line with some ranges; return its file."""
    file = folder / name
    file.write_text("".join((LINE, *parts)), encoding="utf-8")
    return file

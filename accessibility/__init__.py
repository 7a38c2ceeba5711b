"""Travel times and accessibility from OpenStreetMap and timetables, for people who must defend a figure."""

__version__ = "0.1.0"

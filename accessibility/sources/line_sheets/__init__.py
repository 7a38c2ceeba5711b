"""Line sheets: the tables of lines and service bands that offices without GTFS have."""

from accessibility.sources.line_sheets.book import is_line_sheets
from accessibility.sources.line_sheets.read import check_line_sheets, read_line_sheets

__all__ = ["check_line_sheets", "is_line_sheets", "read_line_sheets"]

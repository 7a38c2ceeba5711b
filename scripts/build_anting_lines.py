"""Write the line sheet of the Anting study (data/anting/lines) from tables of facts.

What is kept by hand stands in ``data/anting/line_facts``; station points, minutes, bus stops and timetables
are read row by row from the folder of facts and reference data, which is not part of the project
(``../shared`` beside it). Run without arguments to write the sheet, with ``--check`` to fail when a file on
disk differs. The driving plans of older Excel (.xls) need the package xlrd.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from anting_lines.buses import bus_sheet, corridor_sheet
from anting_lines.metro import metro_sheet
from anting_lines.route_104 import route_104_sheet
from anting_lines.tables import COLUMNS, Inputs, empty_sheet, table_text

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Build every table; write it or compare it with the file on disk."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--shared", type=Path, default=ROOT.parent / "shared", help="folder with facts/ and data/"
    )
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    inputs = Inputs(options.shared / "facts", options.shared / "data", ROOT / "data" / "anting")
    sheet = empty_sheet()
    for part in (metro_sheet, route_104_sheet, bus_sheet, corridor_sheet):
        sheet.extend(part(inputs))
    sheet.transfers.extend(inputs.line_facts("transfers"))
    folder = inputs.study / "lines"
    different = []
    for name, columns in COLUMNS.items():
        path, text = folder / f"{name}.csv", table_text(columns, getattr(sheet, name))
        if not options.check:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            different.append(path.name)
        print(f"{name}.csv: {len(getattr(sheet, name))} rows")
    if different:
        print(f"differs from the tables of facts: {', '.join(different)}", file=sys.stderr)
    return bool(different)


if __name__ == "__main__":
    raise SystemExit(main())

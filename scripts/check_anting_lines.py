"""Look at the lines of the Anting study: print every line stop by stop, and draw it on the streets.

Works on ``data/anting/lines`` alone. ``--line`` picks lines, ``--plot folder`` draws one PNG per line.
What must hold of the tables is tested in ``tests/unit/test_anting_lines.py``; this is for the eye.
"""

from __future__ import annotations

import argparse
from itertools import groupby
from pathlib import Path

import numpy as np
from anting_lines.tables import Row, read_table
from pyproj import Geod

from accessibility import read_streets
from accessibility.model.projection import project

ROOT = Path(__file__).resolve().parent.parent
STUDY = ROOT / "data" / "anting"


def main() -> None:
    """Print, and draw where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--line", action="append", help="a line; may be given more than once; default: all")
    parser.add_argument("--direction", default="0", choices=("0", "1"))
    parser.add_argument("--plot", type=Path, help="folder to draw into")
    options = parser.parse_args()
    lines = {row["line"]: row for row in read_table(STUDY / "lines" / "lines.csv")}
    rows = [row for row in read_table(STUDY / "lines" / "stops.csv") if row["direction"] == options.direction]
    for line, group in groupby(rows, key=lambda row: row["line"]):
        if not options.line or line in options.line:
            stops = list(group)
            tell(lines[line], stops)
            if options.plot:
                draw(lines[line], stops, options.plot)


def tell(line: Row, stops: list[Row]) -> None:
    """Print kilometres (straight where the sheet has none), minutes and straight-line speed of every hop."""
    print(f"{line['line']} {line['name']} {line['first_stop']} - {line['last_stop']} {line['length_km']} km")
    hops_km = [0.0, *straight_km(stops)]
    for i, stop in enumerate(stops):
        along = float(stop["from_start_km"] or sum(hops_km[: i + 1]))
        minutes = float(stop["minutes"] or 0)
        speed = f"{hops_km[i] / minutes * 60:5.1f} km/h" if minutes else ""
        print(f"  {along:6.2f} km {minutes:5.1f} min {speed:10} {stop['name']} {stop['mark']}")


def straight_km(stops: list[Row]) -> list[float]:
    """Measure the straight hops between stops."""
    lon, lat = (np.array([float(stop[k]) for stop in stops]) for k in ("lon", "lat"))
    return (Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2] / 1000).tolist()


def draw(line: Row, stops: list[Row], folder: Path) -> None:
    """Draw the streets, and the line over them with its stops numbered."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    matplotlib.rcParams["font.sans-serif"] = ["Noto Sans CJK SC", "WenQuanYi Micro Hei", "DejaVu Sans"]
    streets = read_streets(STUDY / "streets.osm", crs="EPSG:4549")
    figure, axes = pyplot.subplots(figsize=(11, 9))
    for begin, end in zip(streets.shape_offset[:-1], streets.shape_offset[1:], strict=True):
        axes.plot(streets.shape_x_m[begin:end], streets.shape_y_m[begin:end], color="#cccccc", lw=0.8)
    x_m, y_m = project(
        np.array([float(stop["lon"]) for stop in stops]),
        np.array([float(stop["lat"]) for stop in stops]),
        streets.crs,
    )
    axes.plot(x_m, y_m, "o-", color="#0b5394", ms=4)
    for order, (x, y) in enumerate(zip(x_m, y_m, strict=True), start=1):
        axes.annotate(str(order), (x, y), xytext=(4, 4), textcoords="offset points", fontsize=8)
    axes.set_xlim(x_m.min() - 1500, x_m.max() + 1500)
    axes.set_ylim(y_m.min() - 1500, y_m.max() + 1500)
    axes.set_aspect("equal")
    axes.set_title(f"{line['line']} {line['length_km']} km")
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / f"{line['line']}.png", dpi=80)
    pyplot.close(figure)


if __name__ == "__main__":
    main()

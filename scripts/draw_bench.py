"""Draw the tables of speed of the README: ``python scripts/draw_bench.py``.

Every bar is a figure of a table and every label the text of a cell, so that chart and tables cannot disagree.
A table whose head begins with a unit (``ms``, ``s``) is drawn as a panel per column with a bar per row; one
that begins with an empty cell as a list with a bar per figure of its first column, which is in seconds.
Other files may be named: ``python scripts/draw_bench.py README.md docs/images/bench.svg``.
"""

import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
SECTION, OWN, OTHERS = "## 速度 / Speed", "accessibility", ("OSMnx",)
"""Where the tables stand, whose row is ours in a table of tools, and what is not ours in a list."""
SCALE = "对数刻度，越短越快；数字与 README 的表相同"
SCALE_EN = "logarithmic scale, shorter is faster; the figures are those of the tables in the README"

WIDTH, MARGIN, GAP, LINE, BAR = 1000, 24, 20, 20, 12
NAME_WIDTH, SIGN, SPACE = 94, 7.2, 6
"""Room (px) for a name before its bar, for a sign of a text at most, and between a bar and its figure."""

NARROW = 40
"""Room (px) that the name of a power of ten takes."""

STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
  sans-serif; fill: #1f2328; stroke: #ffffff; stroke-width: 3px; paint-order: stroke }
.ground { fill: #ffffff; stroke: #d1d9e0 } .title { font-size: 15px; font-weight: 600 }
.strong { font-weight: 600 } .quiet { fill: #59636e; font-size: 11px } .grid { stroke: #d8dee4 }
.own { fill: #0072b2 } .other { fill: #8a919a }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; stroke: #0d1117 } .ground { fill: #0d1117; stroke: #3d444d } .quiet { fill: #9198a1 }
  .grid { stroke: #3d444d } .own { fill: #56b4e9 } .other { fill: #7d8590 }
}
"""

_FIGURE = re.compile(r"([\d,]*\d(?:\.\d+)?)\s*(?:\(([^)]*)\))?")


@dataclass(frozen=True)
class Table:
    """A table of the README: its title in both languages, its head, its rows."""

    title: str
    head: list[str]
    rows: list[list[str]]

    @property
    def beside(self) -> bool:
        """Say whether its columns are compared bar by bar."""
        return bool(self.head[0])

    @property
    def unit(self) -> str:
        """Name the unit of its figures."""
        return (self.head[0] or self.head[1]).split()[0]


@dataclass(frozen=True)
class Bar:
    """A figure: what stands over or before it, what behind it, its value, whether it is ours."""

    name: str
    text: str
    value: float
    own: bool


def tables(readme: str) -> list[Table]:
    """Find the tables of the section, each with the paragraph before it."""
    if SECTION not in readme:
        raise SystemExit(f"the README has no section {SECTION!r}")
    found, before, rows = [], "", []
    for line in [*readme.split(SECTION, 1)[1].split("\n## ", 1)[0].splitlines(), ""]:
        if line.startswith("|"):
            rows.append([re.sub(r"[*`]", "", cell).strip() for cell in line.strip().strip("|").split("|")])
            continue
        if rows:
            found.append(Table(_title(before), rows[0], rows[2:]))
            rows = []
        before = line or before
    return found


def _title(paragraph: str) -> str:
    """Take the first words of a paragraph in Chinese, and of its English in italics."""
    chinese = re.split(r"[，。：:/]", paragraph)[0].strip()
    english = re.search(r"\*([^*,.:;]+)", paragraph)
    return f"{chinese} / {english[1].strip()}" if english else chinese


def figures(cell: str) -> list[tuple[str, float]]:
    """Read the figures of a cell, each with its text; what stands behind a comma in brackets is left out."""
    read = []
    for part in re.split(r"\s/\s|；", cell):
        figure = _FIGURE.match(part)
        if figure is None:
            if part == "–":
                continue
            raise SystemExit(f"there is no figure in the cell {cell!r}")
        note = f" ({figure[2].split(', ')[0]})" if figure[2] else ""
        read.append((f"{figure[1]}{note}", float(figure[1].replace(",", ""))))
    return read


def panels(table: Table) -> Iterator[tuple[str, list[Bar]]]:
    """Give the bars of a table that is compared, column by column."""
    tools = any(row[0].startswith(OWN) for row in table.rows)
    for column, what in enumerate(table.head[1:], start=1):
        found = [(row[0], figure) for row in table.rows for figure in figures(row[column])]
        yield what, [Bar(name, *figure, not tools or name.startswith(OWN)) for name, figure in found]


def listed(table: Table) -> list[Bar]:
    """Give the bars of a list; a label of as many parts as there are figures is divided among them."""
    bars = []
    for row in table.rows:
        found = figures(row[1])
        parts = row[0].split("；")
        names = parts if len(parts) == len(found) else [row[0], *[""] * (len(found) - 1)]
        units = [f", {text} U" for text, _value in figures(row[2])] if table.head[2:] == ["U"] else []
        for i, (name, (text, value)) in enumerate(zip(names, found, strict=True)):
            own = not any(other in name for other in OTHERS)
            bars.append(Bar(name, f"{text} {table.unit}{units[i] if units else ''}", value, own))
    return bars


class Axis:
    """A logarithmic axis from `x` on, so long that the figure behind the longest bar still has room (px)."""

    def __init__(self, bars: list[Bar], x: float, room: float) -> None:
        self.x = x
        self.first = math.floor(math.log10(min(bar.value for bar in bars)) - 0.1)
        decades = [(math.log10(bar.value) - self.first, room - SPACE - SIGN * len(bar.text)) for bar in bars]
        self.decade = min(room / how_many for how_many, room in decades)
        self.last = math.floor(math.log10(max(bar.value for bar in bars)) + 0.1)

    def length(self, value: float) -> float:
        """Give the length (px) of a bar."""
        return self.decade * (math.log10(value) - self.first)

    def grid(self, top: float, bottom: float) -> Iterator[str]:
        """Draw a line at every power of ten, named above."""
        every = max(1, math.ceil(NARROW / self.decade))
        for power in range(self.first, self.last + 1, every):
            x = self.x + self.length(10.0**power)
            yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top:.0f}" y2="{bottom:.0f}"/>'
            yield _text(x, top - 4, f"{10.0**power:,g}", "quiet", "middle")


def draw(readme: str) -> str:
    """Draw the tables of a README as SVG."""
    y = MARGIN + 10.0
    shapes = [_text(MARGIN, y, SCALE, "quiet"), _text(MARGIN, y + 15, SCALE_EN, "quiet")]
    y += 15
    for table in tables(readme):
        y += 38
        shapes.append(_text(MARGIN, y, f"{table.title} ({table.unit})", "title"))
        some, y = (_panels if table.beside else _list)(table, y)
        shapes += some
    height = y + MARGIN
    ground = f'<rect class="ground" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:.0f}" rx="6"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
    name = f"<title>{escape('速度 / Speed')}</title>"
    return "\n".join([f"{head}>", name, f"<style>{STYLE}</style>", ground, *shapes, "</svg>", ""])


def _panels(table: Table, y: float) -> tuple[list[str], float]:
    """Draw panels side by side under a height; give the height at which they end."""
    all_panels = list(panels(table))
    width = (WIDTH - 2 * MARGIN - GAP * (len(all_panels) - 1)) / len(all_panels)
    heads = [what.split(" / ") for what, _bars in all_panels]
    top = y + 15 * max(map(len, heads)) + 32
    every = [bar for _what, bars in all_panels for bar in bars]
    shapes, ends = [], [top]
    for i, (head, (_what, bars)) in enumerate(zip(heads, all_panels, strict=True)):
        x = MARGIN + i * (width + GAP)
        shapes += [
            _text(x, y + 22 + 15 * k, line, "strong" if k == 0 else "quiet") for k, line in enumerate(head)
        ]
        axis = Axis(every, x + NAME_WIDTH, width - NAME_WIDTH)
        ends.append(top + LINE * len(bars))
        shapes += axis.grid(top, ends[-1])
        for k, bar in enumerate(bars):
            row = top + LINE * (k + 0.5)
            shapes.append(_text(x + NAME_WIDTH - 6, row + 4, bar.name, "strong" if bar.own else "", "end"))
            shapes += _bar(axis, bar, row)
    return shapes, max(ends)


def _list(table: Table, y: float) -> tuple[list[str], float]:
    """Draw a list under a height; give the height at which it ends."""
    bars = listed(table)
    axis = Axis(bars, MARGIN, WIDTH - 2 * MARGIN)
    top = y + 28
    shapes, row = [], top
    for bar in bars:
        if bar.name:
            row += LINE
            shapes.append(_text(MARGIN + 4, row, bar.name))
        row += LINE - 5
        shapes += _bar(axis, bar, row - 3)
    return [*axis.grid(top, row + 6), *shapes], row + 6


def _bar(axis: Axis, bar: Bar, middle: float) -> list[str]:
    length, look = axis.length(bar.value), "own" if bar.own else "other"
    place = f'x="{axis.x:.1f}" y="{middle - BAR / 2:.1f}" width="{length:.1f}" height="{BAR}"'
    text = _text(axis.x + length + SPACE, middle + 4, bar.text, "strong" if bar.own else "")
    return [f'<rect class="{look}" {place} rx="1.5"/>', text]


def _text(x: float, y: float, text: str, look: str = "", anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    place += f' class="{look}"' if look else ""
    return f"<text {place}>{escape(text)}</text>"


def main() -> int:
    """Read the tables, write the chart."""
    usual = [ROOT / "README.md", ROOT / "docs" / "images" / "bench.svg"]
    readme, chart = [*map(Path, sys.argv[1:]), *usual[len(sys.argv) - 1 :]]
    chart.write_text(draw(readme.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

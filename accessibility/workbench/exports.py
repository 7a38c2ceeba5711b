"""A comparison as files: tables, layers, a GTFS feed, a page that anybody can open."""

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.comparison import CLASS_CODES, ChangeTable
from accessibility.model.reasons import REASON_CODES
from accessibility.model.scenario import Scenario
from accessibility.outputs.driving_plan import write_driving_plan
from accessibility.outputs.geo_layers import GeoLayer
from accessibility.outputs.gtfs import write_gtfs
from accessibility.outputs.scenario.file import write_scenario
from accessibility.outputs.sheets import Sheet
from accessibility.outputs.tables import write_csv, write_gpkg, write_xlsx
from accessibility.outputs.wording import by_language, names_by_id
from accessibility.studies.comparing.out import ComparisonWriter
from accessibility.studies.progress import Progress
from accessibility.studies.service_plan import service_plan
from accessibility.units import minutes_from_seconds
from accessibility.workbench.answers import Answer
from accessibility.workbench.engine import Engine
from accessibility.workbench.line_figures import line_figures
from accessibility.workbench.result_page import result_page
from accessibility.workbench.settings import PageSettings

COLUMNS = ("cell_id", "lon", "lat", "before_min", "after_min", "change_min", "class", "nearest_before",
           "nearest_after", "reason_before", "reason_after")  # fmt: skip
LINE_COLUMNS = ("line", "name", "when", "length_km", "run_min", "layover_min", "trips", "vehicle_km",
                "vehicle_hours", "vehicles")  # fmt: skip

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gpkg": "application/geopackage+sqlite3",
    "gtfs": "application/zip",
    "tables": "application/zip",
    "plan": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}
"""Formats that can be asked for, with their media type."""

ENDINGS = {"gtfs": "zip", "tables": "zip", "plan": "xlsx"}


def export(
    engine: Engine, scenario: Scenario, settings: PageSettings, kind: str, progress: Progress
) -> Answer:
    """
    Compute what a file needs and write it.

    Raises
    ------
    UsageError
        If there is no such format.
    """
    if kind not in MEDIA:
        what = _("there is no format {format}; there are {choices}", format=kind, choices=", ".join(MEDIA))
        raise UsageError(what, code="format")
    if kind == "gtfs":
        timetable = engine.after(scenario).timetable
        return MEDIA[kind], _written(kind, lambda path: write_gtfs(path, timetable, version=scenario.name))
    if kind == "plan":
        return MEDIA[kind], _plan(engine, scenario, settings)
    if kind == "tables":
        return MEDIA[kind], _tables(engine, scenario, settings, progress)
    tables = engine.change(scenario, settings, progress)
    if kind == "html":
        return MEDIA[kind], result_page(engine, scenario, settings, tables).encode()
    sheets = [change_sheet(engine, scenario, settings, table) for table in tables.values()]
    if kind == "csv":
        return MEDIA[kind], _written(kind, lambda path: write_csv(path, sheets[0]))
    if kind == "xlsx":
        everything = [*sheets, lines_sheet(engine, scenario, settings)]
        title = scenario.name
        return MEDIA[kind], _written(
            kind, lambda path: write_xlsx(path, everything, title=title, as_of=settings.question.as_of)
        )
    squares = _squares(engine)
    layers = [GeoLayer(sheet, "Polygon", squares) for sheet in sheets]
    return MEDIA[kind], _written(kind, lambda path: write_gpkg(path, layers, as_of=settings.question.as_of))


def _plan(engine: Engine, scenario: Scenario, settings: PageSettings) -> bytes:
    """Write the departures of the lines that change as a driving plan."""
    _before, after = engine.costs(scenario, settings)
    routes, as_of = tuple(dict.fromkeys(cost.route for cost in after)), settings.question.as_of
    if not routes:
        what = _("no line runs otherwise than before: there is no driving plan to write")
        raise UsageError(what, code="export-nothing")
    plan = service_plan(engine.after(scenario).timetable, routes, as_of, name=scenario.name)
    return _written("plan", lambda path: write_driving_plan(path, plan, as_of=as_of))


def _tables(engine: Engine, scenario: Scenario, settings: PageSettings, progress: Progress) -> bytes:
    """Write all that ``accessibility compare --out`` writes, and the scenario beside it."""
    if settings.on_streets:
        what = _("the tables of the command line compare public transport")
        raise UsageError(what, mend=_("Choose public transport as the mode."), code="export-mode")
    compared = engine.compared(scenario, settings, progress)

    def write(path: Path) -> None:
        folder = path.with_suffix("")
        ComparisonWriter(engine.comparer).write(folder, compared, engine.loaded.provenance)
        write_scenario(folder / "scenario.toml", scenario)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
            for file in sorted(one for one in folder.rglob("*") if one.is_file()):
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
                book.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)

    return _written("tables", write)


def _written(kind: str, write: Callable[[Path], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"result.{ENDINGS.get(kind, kind)}"
        write(path)
        return path.read_bytes()


def change_sheet(engine: Engine, scenario: Scenario, settings: PageSettings, table: ChangeTable) -> Sheet:
    """Give a change as a table, one row per square."""
    target = next(one for one in engine.study.targets if one.id == table.target)
    names = names_by_id(engine.targets(engine.after(scenario), settings)[table.target])
    classes = table.classes

    def minutes(value_s: float) -> float | None:
        return minutes_from_seconds(value_s) if np.isfinite(value_s) else None

    def change(cell: int) -> float | None:
        before, after = minutes(table.before_s[cell]), minutes(table.after_s[cell])
        return None if before is None or after is None else round(after - before, 1)

    cells = engine.cells
    rows = tuple(
        (cells.ids[i], round(float(cells.lon[i]), 6), round(float(cells.lat[i]), 6),
         minutes(table.before_s[i]), minutes(table.after_s[i]), change(i), CLASS_CODES[classes[i]],
         names.get(table.to_before[i], ""), names.get(table.to_after[i], ""),
         REASON_CODES[table.reason_before[i]], REASON_CODES[table.reason_after[i]])
        for i in range(len(cells))
    )  # fmt: skip
    return Sheet(f"change_{table.target}", by_language(target.name, target.name_en), COLUMNS, rows)


def lines_sheet(engine: Engine, scenario: Scenario, settings: PageSettings) -> Sheet:
    """Give what the lines that change take to run, before and after."""
    new = engine.after(scenario).timetable
    names = dict(zip(new.route_ids, new.route_short_names, strict=True))
    sides = zip(("before", "after"), engine.costs(scenario, settings), strict=True)
    rows = tuple(
        (route, names[route], when, *(figures[name] for name in LINE_COLUMNS[3:]))
        for when, costs in sides
        for route, figures in line_figures(costs).items()
    )
    return Sheet("lines", _("Lines"), LINE_COLUMNS, rows)


def _squares(engine: Engine) -> np.ndarray:
    lon, lat = engine.grid.corners()
    made = np.empty(len(engine.grid), dtype=object)
    for row in range(engine.grid.n_rows):
        for column in range(engine.grid.n_columns):
            corners = ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))
            ring = [(lon[r, c], lat[r, c]) for r, c in corners]
            made[row * engine.grid.n_columns + column] = shapely.Polygon(ring)
    return made

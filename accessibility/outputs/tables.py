"""Tables as files: CSV, workbook, GeoPackage, GeoJSON; the same inputs give the same bytes."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from accessibility.errors import OutputError
from accessibility.messages import _
from accessibility.model.csv_text import harmless
from accessibility.outputs.geo_layers import GeoLayer
from accessibility.outputs.headings import heading
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.outputs.text_file import write_text

_MAX_WIDTH = 48
_SHEET_NAME_LENGTH = 31
_COORDINATE_STEP = 1e-7


def write_csv(path: str | Path, sheet: Sheet) -> Path:
    """
    Write a table as CSV that office programs and scripts both read.

    Parameters
    ----------
    path
        File to write: UTF-8 with a byte order mark, commas, lines end in CR LF.
    sheet
        The table. A text that a spreadsheet would compute gets an apostrophe before it, which is taken away
        again where this program reads the file.

    Returns
    -------
    path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    for row in sheet.rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return write_text(path, "\ufeff" + text.getvalue())


def write_xlsx(
    path: str | Path,
    sheets: Sequence[Sheet],
    *,
    title: str,
    as_of: date | str,
    spoken: bool = True,
    cells: Mapping[str, tuple[str, int]] | None = None,
) -> Path:
    """
    Write a workbook: one sheet per table, frozen heads, filters, units in the heads.

    Parameters
    ----------
    path
        File to write.
    sheets
        The tables.
    title
        Title in the properties of the file.
    as_of
        Date (or its ISO text) in the properties of the file, so that the bytes do not depend on the clock.
    spoken
        Whether sheets and columns are headed in words for readers; else by their names, for programs.
    cells
        Names of cells that other files link to: name -> name of a table and number of its row, from 1.

    Returns
    -------
    path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    path = Path(path)
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book = xlsxwriter.Workbook(str(path), options)
        book.set_properties({"title": title, "created": datetime.fromisoformat(str(as_of))})
        looks = {
            "head": book.add_format(
                {"bold": True, "bg_color": "#E3ECF4", "bottom": 1, "text_wrap": True, "valign": "top"}
            ),
            "text": book.add_format({"num_format": "@", "valign": "top"}),
            "number": book.add_format({"valign": "top"}),
        }
        names: set[str] = set()
        for sheet in sheets:
            name = _sheet_name(sheet.title if spoken else sheet.name, names)
            for cell, (table, row) in (cells or {}).items():
                if table == sheet.name:
                    book.define_name(cell, f"='{name}'!$A${row + 1}")
            heads = list(sheet.columns)
            if spoken:
                heads = [sheet.heads.get(column) or heading(column) for column in sheet.columns]
            _fill(book.add_worksheet(name), sheet, heads, looks)
        book.close()
    except (OSError, XlsxWriterException) as error:
        raise _not_written(path, error) from error
    return path


def write_gpkg(path: str | Path, layers: Sequence[GeoLayer], *, as_of: date | str) -> Path:
    """
    Write layers to one GeoPackage (WGS-84).

    Parameters
    ----------
    path
        File to write; an existing one is replaced.
    layers
        The layers; those without rows are left out.
    as_of
        Date (or its ISO text) in the file's own contents, so that the bytes do not depend on the clock.

    Returns
    -------
    path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with _fixed_date(as_of):
            for layer in layers:
                if len(layer.sheet.rows):
                    pyogrio.write_dataframe(
                        _frame(layer), path, layer=layer.sheet.name, driver="GPKG", geometry_type=layer.kind
                    )
    except (OSError, RuntimeError) as error:
        raise _not_written(path, error) from error
    return path


def write_geojson(path: str | Path, layer: GeoLayer) -> Path:
    """
    Write a layer as GeoJSON (RFC 7946: WGS-84, seven decimals).

    Parameters
    ----------
    path
        File to write.
    layer
        The layer.

    Returns
    -------
    path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    features = []
    for row, geometry in zip(layer.sheet.rows, layer.geometry, strict=True):
        rounded = (
            None if geometry is None else shapely.set_precision(geometry, _COORDINATE_STEP, mode="pointwise")
        )
        features.append({
            "type": "Feature",
            "properties": dict(zip(layer.sheet.columns, row, strict=True)),
            "geometry": None if rounded is None else _geometry_json(rounded),
        })  # fmt: skip
    lines = ",\n".join(
        json.dumps(f, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for f in features
    )
    head = json.dumps(layer.sheet.name)
    return write_text(path, f'{{"type":"FeatureCollection","name":{head},"features":[\n{lines}\n]}}\n')


def _sheet_name(title: str, taken: set[str]) -> str:
    clean = "".join("·" if sign in r"[]:*?/\\'" else sign for sign in title).strip() or _("Table")
    name, number = clean[:_SHEET_NAME_LENGTH], 1
    while name.lower() in taken:
        number += 1
        name = f"{clean[: _SHEET_NAME_LENGTH - 4]} {number}"
    taken.add(name.lower())
    return name


def _fill(worksheet: Any, sheet: Sheet, heads: Sequence[str], looks: dict[str, Any]) -> None:
    widths = [min(_MAX_WIDTH, max(8.0, 0.62 * _width(head))) for head in heads]
    for k, head in enumerate(heads):
        worksheet.write_string(0, k, head, looks["head"])
    for r, row in enumerate(sheet.rows, start=1):
        for k, cell in enumerate(row):
            if isinstance(cell, str):
                worksheet.write_string(r, k, cell, looks["text"])
            elif cell is not None:
                worksheet.write_number(r, k, cell, looks["number"])
            widths[k] = max(widths[k], min(_MAX_WIDTH, 1.1 * _width("" if cell is None else str(cell)) + 1))
    for k, width in enumerate(widths):
        worksheet.set_column(k, k, width)
    worksheet.freeze_panes(1, 0)
    if sheet.columns:
        worksheet.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.columns) - 1)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)


def _width(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _frame(layer: GeoLayer) -> gpd.GeoDataFrame:
    columns = {name: _column(layer.sheet.column(name)) for name in layer.sheet.columns}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(layer.geometry), crs="EPSG:4326")


def _column(cells: list[Cell]) -> pd.Series:
    """Give a column one type, so that a missing number does not make a text of the others."""
    known = [cell for cell in cells if cell is not None]
    if known and all(isinstance(cell, int) for cell in known):
        return pd.Series(cells, dtype="Int64")
    if known and all(isinstance(cell, (int, float)) for cell in known):
        return pd.Series(cells, dtype="float64")
    return pd.Series([None if cell is None else str(cell) for cell in cells], dtype="object")


@contextmanager
def _fixed_date(as_of: date | str) -> Iterator[None]:
    """Let GDAL take the date of the study for the present."""
    name = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(name)
    pyogrio.set_gdal_config_options({name: f"{as_of}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({name: before})


def _geometry_json(geometry: Any) -> Any:
    return _rounded(shapely.geometry.mapping(geometry))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 7)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _not_written(path: Path, error: Exception) -> OutputError:
    return OutputError(
        _("the file cannot be written: {why}", why=error),
        where=str(path),
        mend=_("Close the file in other programs, check the rights on the folder and the space on the disk."),
        code="output-write",
    )

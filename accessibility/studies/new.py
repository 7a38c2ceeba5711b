"""Make a study of another area: files, no code."""

import json
import math
import shutil
from datetime import date, datetime
from pathlib import Path

import numpy as np

from accessibility.errors import DataError, OutputError
from accessibility.messages import _
from accessibility.model.grid import Grid
from accessibility.model.places import Places
from accessibility.model.projection import unproject
from accessibility.model.provenance import Notice
from accessibility.model.streets import Streets
from accessibility.outputs.writing import staged_folder
from accessibility.sources.osm import read_streets
from accessibility.sources.osm_files import SUFFIXES, osm_file
from accessibility.sources.osm_places import read_osm_places
from accessibility.studies.data_folder import embedded_defaults
from accessibility.studies.fetch import AreaWish, fetch_area
from accessibility.studies.progress import Progress, silent
from accessibility.studies.queries import speed_area_notices
from accessibility.studies.references import holds_streets, no_destinations_notices

_TARGETS = (
    ("station", "车站", "station", ("railway=station", "railway=halt")),
    ("school", "学校", "school", ("amenity=school",)),
    ("kindergarten", "幼儿园", "kindergarten", ("amenity=kindergarten",)),
    ("hospital", "医院", "hospital", ("amenity=hospital",)),
    ("clinic", "诊所", "clinic", ("amenity=clinic",)),
)
"""Sets of places a new study asks for: id, Chinese and English name, OSM tags."""

_MOST_CELLS = 10_000
_ROUND_CELLS_M = (500, 1000, 2000, 5000, 10_000)


def new_study(
    folder: Path,
    area: AreaWish,
    *,
    osm: Path | None,
    as_of: date,
    name: str | None,
    now: datetime,
    progress: Progress = silent,
) -> tuple[Path, tuple[Notice, ...]]:
    """
    Make a folder with ``study.toml``, streets and one place to start from.

    Parameters
    ----------
    folder
        Folder to make; it must not exist, or be empty.
    area
        What to download; of a street file the box to study, the whole where none is given.
    osm
        Street file, copied into the folder; downloaded where not given.
    as_of
        Date the study is about.
    name
        Name of the study; that of the folder where not given.
    now
        The present, for the record of a download.
    progress
        Is told the stages.

    Returns
    -------
    file, notices
        The ``study.toml`` that was written, and what to know before running it; the file says it too.

    Raises
    ------
    OutputError
        If the folder holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        mend = _("Name a folder that does not exist yet.")
        raise OutputError(
            _("something stands there already"), where=str(folder), mend=mend, code="study-exists"
        )
    with staged_folder(folder) as aside:
        if osm is None:
            streets_file = aside / "streets.osm.pbf"
            fetch_area(streets_file, area, now=now, progress=progress)
        else:
            progress(_("reading streets"), 0, 1)
            name_of_file = osm_file(osm).path.name.lower()
            suffix = next(
                suffix for suffix in sorted(SUFFIXES, key=len, reverse=True) if name_of_file.endswith(suffix)
            )
            streets_file = aside / f"streets{suffix}"
            shutil.copyfile(osm, streets_file)
        streets = read_streets(streets_file)
        box = _box(streets, area.box)
        progress(_("reading places"), 0, 1)
        places = read_osm_places(streets_file, [tag for *_names, tags in _TARGETS for tag in tags])
        _write_origin(aside / "origins.csv", box)
        title = name or folder.name
        told = (
            *speed_area_notices(embedded_defaults(), streets),
            *no_destinations_notices(set(places.kinds)),
        )
        text = _toml(title, streets_file.name, streets.crs, box, as_of, places)
        text = _with_notes(text, told)
        (aside / "study.toml").write_text(text, encoding="utf-8", newline="\n")
    return folder / "study.toml", told


def _with_notes(text: str, told: tuple[Notice, ...]) -> str:
    """Write what to know about a study at its head, where whoever opens the file reads it."""
    return "".join(f"# {notice.message}\n# → {notice.mend}\n" for notice in told) + text


def _box(streets: Streets, box: tuple[float, ...] | None) -> tuple[float, float, float, float]:
    """Take the box given, or that of the middle 98 % of the nodes: one long way does not stretch it."""
    if box is not None:
        west, south, east, north = box
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            what = _("an area is west < east and south < north, in degrees")
            mend = _("Write west,south,east,north.")
            raise DataError(what, where="--bbox", mend=mend, code="study-area")
        if not holds_streets((west, south, east, north), streets):
            lon, lat = unproject(streets.x_m, streets.y_m, streets.crs)
            around = ",".join(f"{degrees:.4f}" for degrees in (lon.min(), lat.min(), lon.max(), lat.max()))
            what = _("there is no street in the area; the streets lie within {box}", box=around)
            mend = _("Name a box within it, or leave --bbox out.")
            raise DataError(what, where="--bbox", mend=mend, code="study-area")
        return west, south, east, north
    lon, lat = unproject(streets.x_m, streets.y_m, streets.crs)
    west, east = (math.floor(v * 1000) / 1000 for v in np.quantile(lon, (0.01, 0.99)))
    south, north = (math.floor(v * 1000) / 1000 for v in np.quantile(lat, (0.01, 0.99)))
    return west, south, max(east, west + 0.001), max(north, south + 0.001)


def _write_origin(file: Path, area: tuple[float, float, float, float]) -> None:
    lon, lat = (area[0] + area[2]) / 2, (area[1] + area[3]) / 2
    file.write_text(
        "id,name_zh,name_en,kind,lon,lat,uncertainty_m,mark,source\n"
        f"O1,区域中心,middle of the area,site,{lon:.5f},{lat:.5f},0,I,middle of the box; replace it\n",
        encoding="utf-8",
        newline="\n",
    )


def _cell_m(crs: str, area: tuple[float, float, float, float]) -> int:
    for cell_m in _ROUND_CELLS_M:
        if len(Grid.over(area, crs=crs, cell_m=cell_m)) <= _MOST_CELLS:
            return cell_m
    return _ROUND_CELLS_M[-1]


def _toml(
    title: str, streets: str, crs: str, area: tuple[float, float, float, float], as_of: date, places: Places
) -> str:
    """Write the settings; texts as JSON strings, which TOML reads alike."""
    found = set(places.kinds)
    kept = [(i, zh, en, tags) for i, zh, en, tags in _TARGETS if found & {tag.split("=")[1] for tag in tags}]
    tags = [tag for *_names, tags in kept for tag in tags if tag.split("=")[1] in found]
    kinds = [tag.split("=")[1] for tag in tags]
    study_id = "".join(c if c.isascii() and c.isalnum() else "-" for c in title).strip("-") or "study"
    lines = [
        "# docs/study.md describes every setting.",
        "[study]",
        f"id = {json.dumps(study_id)}",
        f"name = {json.dumps(title, ensure_ascii=False)}",
        f"area = [{', '.join(f'{degrees:.6f}' for degrees in area)}]",
        f"crs = {json.dumps(crs)}",
        f"as_of = [{as_of.isoformat()}]",
        "[streets]",
        f"file = {json.dumps(streets)}",
        "[[places]]",
        'file = "origins.csv"',
    ]
    if tags:
        lines += ["[[places]]", f"osm = {json.dumps(tags)}"]
    lines += [
        "[origins]",
        'kinds = ["site"]',
        'default = "O1"',
        "[destinations]",
        f"kinds = {json.dumps(kinds)}",
        "[grid]",
        f"cell_m = {_cell_m(crs, area)}",
        "[travel]",
        'modes = ["walk", "cycle", "ebike", "drive"]',
        "max_duration_min = 120",
        "cutoffs_min = [15, 30, 45]",
    ]
    for period, zh, en, begin, end in (
        ("peak", "早高峰", "morning peak", "07:30", "08:30"),
        ("offpeak", "平峰", "off-peak", "10:00", "11:00"),
    ):
        lines += ["[[period]]", f'id = "{period}"', f'name = "{zh}"', f'name_en = "{en}"']
        lines += [f'from = "{begin}"', f'to = "{end}"']
    for target, zh, en, own in kept:
        mine = [tag.split("=")[1] for tag in own if tag in tags]
        lines += ["[[target]]", f'id = "{target}"', f'name = "{zh}"', f'name_en = "{en}"']
        lines += [f"kinds = {json.dumps(mine)}"]
    return "\n".join(lines) + "\n"

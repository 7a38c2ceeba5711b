"""Files of an office as changes: line sheets, driving plans, scenario files.

The files of a request are written into a folder of their own under names of this module: what a request
calls them reaches no path.
"""

import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.scenario import Scenario
from accessibility.outputs.scenario.file import scenario_text
from accessibility.outputs.scenario.names import Names
from accessibility.outputs.scenario.words import scenario_sentences
from accessibility.sources.coordinates import parse_system
from accessibility.sources.driving_plan.read import read_driving_plan
from accessibility.sources.line_sheets import is_line_sheets, read_line_sheets
from accessibility.sources.line_sheets.schema import SHEETS
from accessibility.sources.scenario_file import read_scenario
from accessibility.sources.tables import plain_name
from accessibility.studies.lines_as_changes import ImportedChanges, line_changes, plan_changes
from accessibility.workbench.drafts import Draft, checked, from_toml
from accessibility.workbench.engine import Engine
from accessibility.workbench.problems import RequestError, notices_data

BOOKS = (".xlsx", ".xlsm", ".xls")


@dataclass(frozen=True)
class Upload:
    """
    A file that was sent.

    Parameters
    ----------
    name
        What the sender calls it; only its ending and, for CSV, its bare name count.
    content
        Its bytes.
    """

    name: str
    content: bytes

    @property
    def bare(self) -> str:
        """The name without folders, whatever separates them."""
        return PureWindowsPath(PurePosixPath(self.name).name).name

    @property
    def ending(self) -> str:
        """The ending in small letters, with its dot."""
        return PurePosixPath(self.bare).suffix.lower()


def imported(engine: Engine, files: Sequence[Upload], asked: Mapping[str, Any]) -> dict[str, Any]:
    """
    Read files as changes.

    Parameters
    ----------
    engine
        The study that they are changes to.
    files
        A scenario file, a workbook (line sheets or a driving plan), or the CSV files of line sheets.
    asked
        ``system``: coordinate system of line sheets; ``route``: the line that a driving plan is for.

    Returns
    -------
    answer
        ``kind``; ``scenario``: a draft with the changes; ``told``: what they are in words; ``notices``.

    Raises
    ------
    UsageError
        If the files are none of these.
    RequestError
        If what they hold is too much for a scenario, or a scenario file is no TOML.
    DataError, SourceError
        With everything that is wrong with a file.
    """
    endings = {file.ending for file in files}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if endings == {".toml"} and len(files) == 1:
            return _scenario(engine, files[0], folder / "scenario.toml")
        if endings == {".csv"}:
            return _answer(engine, "lines", _lines(engine, _as_folder(files, folder), files, asked))
        if len(files) == 1 and endings <= set(BOOKS):
            book = folder / f"workbook{files[0].ending}"
            book.write_bytes(files[0].content)
            if is_line_sheets(book):
                return _answer(engine, "lines", _lines(engine, book, files, asked))
            plan = read_driving_plan(book)
            changes = plan_changes(plan, engine.baseline.timetable, str(asked.get("route", "")))
            notices = (*plan.provenance.notices, *changes.notices)
            return _answer(engine, "plan", ImportedChanges(changes.modifications, notices))
    what = _("these files cannot be taken over together: {names}", names=", ".join(one.bare for one in files))
    mend = _("Choose one scenario file (.toml), one workbook (.xlsx, .xls), or the CSV files of line sheets.")
    raise UsageError(what, mend=mend, code="import-files")


def _scenario(engine: Engine, file: Upload, path: Path) -> dict[str, Any]:
    """Check a scenario file as the command line does, and give it as it stands, what is switched off too."""
    path.write_bytes(file.content)
    scenario = read_scenario(path)
    try:
        draft = from_toml(file.content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RequestError(422, "scenario-toml", _("the file is no valid TOML")) from error
    checked(draft)
    draft.setdefault("name", PurePosixPath(file.bare).stem)
    told = scenario_sentences(scenario, Names([scenario], engine.baseline.timetable))
    return {"kind": "scenario", "scenario": draft, "told": told, "notices": []}


def _as_folder(files: Sequence[Upload], folder: Path) -> Path:
    """Write the CSV files of line sheets under the names of the format."""
    for number, file in enumerate(files):
        bare = plain_name(PurePosixPath(file.bare).stem)
        known = [one.name for one in SHEETS if bare in {plain_name(name) for name in one.names}]
        target = folder / f"{known[0] if known else f'other-{number}'}.csv"
        if target.exists():
            what = _("the sheet {name} stands in two files", name=known[0])
            raise UsageError(what, where=file.bare, code="import-files")
        target.write_bytes(file.content)
    return folder


def _lines(engine: Engine, path: Path, files: Sequence[Upload], asked: Mapping[str, Any]) -> ImportedChanges:
    day = engine.study.as_of[-1]
    lines = read_line_sheets(
        path,
        first_day=day - timedelta(days=3),
        last_day=day + timedelta(days=3),
        system=parse_system(str(asked.get("system", "wgs84"))),
        label=files[0].bare if len(files) == 1 else _("line sheets"),
    )
    changes = line_changes(lines, engine.baseline.timetable)
    return ImportedChanges(changes.modifications, (*lines.provenance.notices, *changes.notices))


def _answer(engine: Engine, kind: str, changes: ImportedChanges) -> dict[str, Any]:
    scenario = Scenario(_("imported"), changes.modifications)
    draft: Draft = checked(from_toml(scenario_text(scenario)))
    told = scenario_sentences(scenario, Names([scenario], engine.baseline.timetable))
    return {"kind": kind, "scenario": draft, "told": told, "notices": notices_data(changes.notices)}

"""From an operator's workbook to a driving plan."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accessibility.errors import DataError, SourceError
from accessibility.messages import _, listed, system_reason
from accessibility.model.driving_plan import DAY_TYPES, DrivingPlan, PlanCheck, PlanNote, PlanService
from accessibility.model.provenance import Notice, Provenance, SourceRecord
from accessibility.sources.driving_plan.blocks import (
    BlockSheet,
    is_block_sheet,
    is_crew_sheet,
    read_blocks,
)
from accessibility.sources.driving_plan.checks import counted
from accessibility.sources.driving_plan.departures import (
    Board,
    cell_range,
    is_departure_sheet,
    read_boards,
)
from accessibility.sources.driving_plan.events import block_events, derived_boards
from accessibility.sources.driving_plan.matching import RunTimes, match_sections, settle_days
from accessibility.sources.driving_plan.services import made_facts, made_services
from accessibility.sources.driving_plan.sheets import PlanSheet, read_sheets


@dataclass
class _Sorted:
    """The sheets of a workbook by what they are."""

    boards: list[Board] = field(default_factory=list)
    plan: BlockSheet | None = None
    reckoned: list[tuple[str, BlockSheet]] = field(default_factory=list)
    stated: list[str] = field(default_factory=list)
    notes: list[PlanNote] = field(default_factory=list)
    unread: list[PlanNote] = field(default_factory=list)


def read_driving_plan(path: str | Path) -> DrivingPlan:
    """
    Read a driving plan (行车时刻表) as the operator typed it.

    Parameters
    ----------
    path
        Workbook, ``.xls`` or ``.xlsx``.

    Returns
    -------
    plan
        Departures from the sheets 发车时刻表; where there is none, from the blocks, and then the services say
        so. Vehicles and layovers come from the block sheet. What was not read stands in
        `DrivingPlan.unread` with its cell.

    Raises
    ------
    SourceError
        If the file is missing, empty, damaged, protected by a password or no workbook.
    DataError
        If no sheet of it holds a driving plan.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        what, mend = _("the file does not exist"), _("Check the name and the folder.")
        raise SourceError(what, where=str(path), mend=mend, code="file-missing") from error
    except OSError as error:
        raise SourceError(
            _("the file cannot be read: {reason}", reason=system_reason(error)),
            where=path.name,
            mend=_("Close it in other programs and check the permission to read it."),
            code="file-unreadable",
        ) from error
    found = _sort(read_sheets(data, path.name))
    sections = found.plan.sections if found.plan else []
    derived = not found.boards
    boards = found.boards or derived_boards(sections)
    if not boards:
        raise DataError(
            _("no sheet of the workbook holds a driving plan"),
            where=path.name,
            mend=_("A plan has a sheet titled 发车时刻表, or a table whose first heading is 路牌."),
            notices=[
                Notice("plan-sheet", "info", note.why, path.name, value=note.sheet) for note in found.unread
            ],
            code="no-plan",
        )
    return _put_together(path.name, data, found, boards, derived)


def _put_together(file: str, data: bytes, found: _Sorted, boards: list[Board], derived: bool) -> DrivingPlan:
    sections = found.plan.sections if found.plan else []
    for _name, sheet in found.reckoned:
        settle_days(sheet.sections, sections)
    run_times = RunTimes(section for _name, sheet in found.reckoned for section in sheet.sections)
    matched = match_sections(sections, boards)
    events, run_of_departure, doubts = block_events(matched, run_times)
    services = made_services(boards, matched, run_of_departure, derived=derived)
    checks = counted(boards, sections, found.stated)
    source = SourceRecord(file, hashlib.sha256(data).hexdigest())
    unread = (*found.unread, *doubts)
    return DrivingPlan(
        line=boards[0].title.line,
        services=services,
        events=events,
        facts=made_facts(services, sections, events),
        checks=checks,
        notes=tuple(found.notes),
        unread=unread,
        provenance=Provenance((source,), tuple(_notices(file, services, checks, unread))),
    )


def _sort(sheets: Sequence[PlanSheet]) -> _Sorted:
    found = _Sorted()
    for sheet in sheets:
        if not sheet.rows:
            continue
        if not sheet.visible:
            found.unread.append(_whole(sheet, _("a hidden sheet")))
        elif is_departure_sheet(sheet):
            table = read_boards(sheet)
            found.boards += table.boards
            found.notes += table.notes
            found.stated += [note.text for note in table.notes]
            found.unread += _by_row(table.unread)
        elif is_crew_sheet(sheet):
            found.unread.append(_whole(sheet, _("the roster of conductors, no departures of its own")))
        elif is_block_sheet(sheet):
            _add_block_sheet(found, sheet, read_blocks(sheet))
        else:
            found.unread.append(_whole(sheet, _("statistics, no plan")))
    if found.plan is None and found.reckoned:
        found.plan = found.reckoned.pop(0)[1]
    return found


def _add_block_sheet(found: _Sorted, sheet: PlanSheet, read: BlockSheet) -> None:
    if found.plan is None and not read.has_run_times:
        found.plan = read
    else:
        found.reckoned.append((sheet.name, read))
        dates = ", ".join(dict.fromkeys(one.valid_from for one in read.sections if one.valid_from))
        text = _(
            "run times and rests taken from here; its times repeat the block sheet (dated {dates})",
            dates=dates,
        )
        found.notes.append(PlanNote(sheet.name, _range(sheet), text))
    found.notes += read.notes
    found.unread += _by_row(read.unread)


def _by_row(remarks: Iterable[PlanNote]) -> list[PlanNote]:
    """Tell neighbours in a row that were left out for one reason in one line."""
    told: dict[tuple[str, ...], list[PlanNote]] = {}
    for remark in remarks:
        row = "".join(sign for sign in remark.cell if sign.isdigit())
        key = (remark.sheet, row, remark.why, remark.cell if remark.read_as else "")
        told.setdefault(key, []).append(remark)
    return [
        PlanNote(
            *(those[0].sheet, cell_range(one.cell for one in those)),
            *(" · ".join(one.text for one in those), those[0].why, those[0].read_as),
        )
        for those in told.values()
    ]


def _whole(sheet: PlanSheet, why: str) -> PlanNote:
    first = next(sheet.cells())
    return PlanNote(sheet.name, _range(sheet), first.text, why)


def _range(sheet: PlanSheet) -> str:
    return cell_range(cell.name for cell in sheet.cells())


def _repeated(file: str, services: Iterable[PlanService]) -> Iterator[Notice]:
    """Tell departures that several sheets list alike: most often two versions of a plan in one workbook."""
    sheets_of: dict[tuple[object, ...], list[str]] = {}
    for service in services:
        for one in service.departures:
            key = (service.line, service.origin, service.destination, service.days, one.time_s)
            sheets_of.setdefault(key, []).append(one.sheet)
    twice = {key: sheets for key, sheets in sheets_of.items() if len(set(sheets)) > 1}
    if twice:
        sheets = sorted({sheet for named in twice.values() for sheet in named})
        yield Notice(
            "plan-repeated",
            "warning",
            _("{n} departures stand in several sheets and are counted each time: two versions of a plan?",
              n=len(twice)),
            file,
            value=listed(sheets),
            mend=_("Keep one sheet per day type and import again."),
        )  # fmt: skip


def _notices(
    file: str, services: Sequence[PlanService], checks: Iterable[PlanCheck], unread: Sequence[PlanNote]
) -> list[Notice]:
    notices = []
    for check in checks:
        if check.stated is not None and not check.agrees:
            message = _(
                "{line} {days}: {stated} departures are stated and {listed} listed ({parts})",
                line=check.line,
                days=check.day_label or check.days,
                stated=check.stated,
                listed=check.listed,
                parts=check.parts or check.listed,
            )
            mend = _("Look at {cells}.", cells=check.doubt)
            value = f"{check.stated} / {check.listed}"
            notices.append(Notice("plan-count", "warning", message, file, value=value, mend=mend))
    for service in services:
        if service.days not in DAY_TYPES:
            message = _(
                "{line}: line sheets know no day type {days}; its {n} departures stand in a sheet apart",
                line=service.line,
                days=service.day_label,
                n=len(service.departures),
            )
            notices.append(Notice("plan-days", "warning", message, file, value=service.day_label))
    notices += _repeated(file, services)
    if unread:
        message = _(
            "{n} places were not read, or with a correction; they are listed one by one", n=len(unread)
        )
        notices.append(Notice("plan-unread", "info", message, file))
    return notices

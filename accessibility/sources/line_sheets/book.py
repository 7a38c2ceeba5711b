"""The sheets of a folder of CSV files or of one workbook, found by name."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from accessibility.errors import AccessibilityError, DataError, SourceError
from accessibility.messages import _
from accessibility.model.provenance import Notice, SourceRecord, error_notices
from accessibility.sources.line_sheets.schema import SERVICES, SHEETS, STOPS, SheetSpec
from accessibility.sources.line_sheets.sheet import Log, Sheet
from accessibility.sources.tables import Table, plain_name, read_table, workbook_sheets

_BOOK_SUFFIXES = (".xlsx", ".xlsm")


def is_line_sheets(path: str | Path) -> bool:
    """
    Say whether a path looks like line sheets: a folder or workbook with a sheet of services or of stops.

    In a workbook a sheet of stops needs another known sheet beside it: alone it may be a table of places. A
    workbook that cannot be opened is none; whoever reads it as something else will be told why.
    """
    path = Path(path)
    if not path.is_dir() and path.suffix.lower() not in _BOOK_SUFFIXES:
        return False
    try:
        names = _names(path, path.name)
    except AccessibilityError:
        return False
    known = {spec.name for spec in SHEETS if any(_is_called(name, spec) for name in names)}
    return SERVICES.name in known or (STOPS.name in known and (path.is_dir() or len(known) > 1))


def open_sheets(
    path: str | Path, log: Log, *, label: str = ""
) -> tuple[dict[str, Sheet], list[SourceRecord]]:
    """
    Open the sheets.

    Parameters
    ----------
    path
        Folder of CSV files, or workbook.
    log
        Takes what is to be known about the files.
    label
        What notices and sources call it; its bare name where not given.

    Returns
    -------
    sheets, sources
        Every sheet of the format by its English name, one without rows where it is not there; and the files.

    Raises
    ------
    SourceError
        If there is no such folder or workbook, or the workbook is damaged.
    DataError
        If a required sheet or column is missing or a file cannot be read; everything is told at once.
    """
    path = Path(path)
    label = label or path.resolve().name
    if not path.is_dir() and path.suffix.lower() not in _BOOK_SUFFIXES and path.exists():
        raise SourceError(
            _("line sheets are a folder of CSV files or one .xlsx workbook"),
            where=label,
            mend=_("Put stops.csv and services.csv into one folder and name the folder."),
            code="line-sheets-kind",
        )
    places = _find(path, label, log)
    sheets: dict[str, Sheet] = {}
    sources: list[SourceRecord] = []
    for spec in SHEETS:
        try:
            table = _table(path, label, places.get(spec.name))
        except (SourceError, DataError) as error:
            for notice in error_notices(error):
                log.tell(notice)
            table = _absent(spec, label)
        else:
            _check(spec, table, log, there=spec.name in places)
            if spec.name in places:
                sources.append(replace(table.source, file=label) if not path.is_dir() else table.source)
        sheets[spec.name] = Sheet(spec, table, log)
    broken = sum(notice.severity == "error" for notice in log.notices)
    if broken:
        raise DataError(
            _("{n} entries are malformed; nothing was read", n=broken),
            notices=log.notices,
            where=label,
            mend=_("Mend what is named."),
            code="malformed-rows",
        )
    return sheets, list(dict.fromkeys(sources))


def _names(path: Path, label: str) -> tuple[str, ...]:
    if path.is_dir():
        return tuple(
            sorted(one.name for one in path.iterdir() if one.suffix.lower() == ".csv" and one.is_file())
        )
    return workbook_sheets(path, label=label)


def _is_called(name: str, spec: SheetSpec) -> bool:
    plain = plain_name(name).removesuffix(".csv")
    return plain in {plain_name(one) for one in spec.names}


def _find(path: Path, label: str, log: Log) -> Mapping[str, str]:
    """Find which file or sheet is which; tell what is missing, there twice, or not read."""
    names = _names(path, label)
    found: dict[str, str] = {}
    unread = []
    for name in names:
        spec = next((one for one in SHEETS if _is_called(name, one)), None)
        if spec is None:
            unread.append(name)
        elif spec.name in found:
            message = _(
                "the sheet {name} stands twice: {a} and {b}", name=spec.name, a=found[spec.name], b=name
            )
            log.tell(
                Notice("sheet-twice", "error", message, label, value=name, mend=_("Remove one of them."))
            )
        else:
            found[spec.name] = name
    for spec in SHEETS:
        if spec.required and spec.name not in found:
            message = _("the sheet {name} ({other}) is missing", name=spec.name, other=spec.others[0])
            mend = _("Found: {names}.", names=", ".join(names) or _("nothing"))
            log.tell(Notice("sheet-missing", "error", message, label, value=spec.name, mend=mend))
    if unread:
        message = _("these sheets have no meaning among line sheets and are not read")
        log.tell(Notice("sheet-not-read", "info", message, label, value=", ".join(unread), count=len(unread)))
    return found


def _table(path: Path, label: str, name: str | None) -> Table:
    if name is None:
        return Table((), (), (), SourceRecord(label, ""))
    if path.is_dir():
        return read_table(path / name, label=f"{label}/{name}")
    return read_table(path, sheet=name, label=f"{label} [{name}]")


def _absent(spec: SheetSpec, label: str) -> Table:
    return Table(tuple(column.name for column in spec.columns), (), (), SourceRecord(label, ""))


def _check(spec: SheetSpec, table: Table, log: Log, *, there: bool) -> None:
    """Tell what a sheet lacks before its rows are looked at."""
    for notice in table.notices:
        log.tell(notice)
    if not there:
        return
    sheet = Sheet(spec, table, log)
    missing = sheet.missing()
    if missing:
        message = _("required columns are missing: {missing}", missing=", ".join(missing))
        mend = _("Found: {names}.", names=", ".join(name for name in table.columns if name))
        log.tell(Notice("missing-column", "error", message, sheet.file, value=", ".join(missing), mend=mend))
    elif spec.required and not len(table):
        message, mend = _("the sheet has a header but no rows"), _("Add a row for each stop or service.")
        log.tell(Notice("no-rows", "error", message, sheet.file, mend=mend))
    if sheet.further() and spec.name != "lines":
        message = _("these columns have no meaning here and are not read")
        further = sheet.further()
        log.tell(
            Notice(
                "column-not-read", "info", message, sheet.file, value=", ".join(further), count=len(further)
            )
        )

"""Evidence as files: one page, one workbook, and every table of it as CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import accessibility
from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.provenance import Notice, Provenance, group_notices
from accessibility.model.study import Study
from accessibility.outputs.evidence.measured_sheets import fits_sheet, measured_sheet
from accessibility.outputs.evidence.page import EvidenceContent, write_evidence_page
from accessibility.outputs.evidence.sheets import (
    claims_sheet,
    conditions_sheet,
    figures_sheet,
    interchange_sheets,
)
from accessibility.outputs.manifest import write_manifest
from accessibility.outputs.sheets import Sheet, sources_sheet, unknowns_sheet
from accessibility.outputs.tables import write_csv, write_xlsx
from accessibility.outputs.wording import by_language, names_by_id, spoken_half
from accessibility.outputs.writing import staged_folder
from accessibility.studies.evidence.build import Evidence, build_evidence
from accessibility.studies.load import LoadedStudy, load_study
from accessibility.studies.measured import Measured, compare_measured
from accessibility.studies.progress import Progress, silent

_LIBRARIES = ("numba", "numpy", "osmium", "pyproj", "shapely")


@dataclass(frozen=True, eq=False)
class EvidenceResult:
    """Where the evidence lies, the claims with their words, and what to know about the data."""

    out: Path
    evidence: Evidence
    notices: tuple[Notice, ...]


def evidence_study(study: Study, out: Path, *, progress: Progress = silent) -> EvidenceResult:
    """
    Hold the claims of a study against the facts, and write what comes of it.

    Parameters
    ----------
    study
        What to compute; it names a file of claims.
    out
        Folder for the result; an earlier result there stays whole until the new one is complete.
    progress
        Is told the stages.

    Returns
    -------
    result
        Where it lies, and what it says.

    Raises
    ------
    UsageError
        If the study names no claims.
    """
    if not study.claims_file:
        raise UsageError(
            _("this study has no claims"),
            where=str(study.folder),
            mend=_("Name a file of claims in study.toml: [study] claims."),
            code="no-claims",
        )
    with staged_folder(out) as folder:
        progress(_("reading the study"), 0, 1)
        loaded = load_study(study)
        evidence = build_evidence(loaded, progress)
        measured = compare_measured(loaded)
        progress(_("writing tables"), 0, 1)
        provenance = _provenance(loaded, evidence, measured)
        write_evidence(folder, loaded, evidence, measured, provenance)
        write_manifest(
            folder, study_id=study.id, provenance=provenance, parameters={"crs": study.crs},
            as_of=study.as_of, command="evidence",
        )  # fmt: skip
    return EvidenceResult(out, evidence, provenance.notices)


def _provenance(loaded: LoadedStudy, evidence: Evidence, measured: Measured) -> Provenance:
    everything = loaded.provenance.joined(evidence.provenance, measured.provenance)
    versions = tuple((name, metadata.version(name)) for name in _LIBRARIES)
    return Provenance(
        everything.sources,
        group_notices(everything.notices),
        (("accessibility", accessibility.__version__), *versions),
    )


def write_evidence(
    folder: Path, loaded: LoadedStudy, evidence: Evidence, measured: Measured, provenance: Provenance
) -> None:
    """
    Write the page, the workbook and the tables of evidence into a folder.

    Parameters
    ----------
    folder
        An existing folder; tables go into ``tables`` within.
    loaded, evidence, measured
        The study, its claims with their words, and its measured times.
    provenance
        Sources of everything.
    """
    study = loaded.study
    names = names_by_id(loaded.places)
    for overlay in loaded.overlays:
        names |= names_by_id(overlay)
    names |= {target.id: by_language(target.name, target.name_en) for target in study.targets}
    names = dict(evidence.scenarios) | names
    periods = {period.id: by_language(period.name, period.name_en) for period in study.periods}
    unknowns = {record.get("id", ""): _settling(record) for record in loaded.unknowns}
    content = EvidenceContent(
        title=by_language(study.name, study.name_en),
        text=by_language(evidence.claims.text_zh, evidence.claims.text_en),
        verdicts=evidence.verdicts,
        names=names,
        periods=periods,
        unknowns=unknowns,
        provenance=provenance,
        measured=fits_sheet(measured.fits) if measured.fits else None,
        lines=_line_names(loaded),
    )
    write_evidence_page(folder / "evidence.html", content)
    tables = [
        claims_sheet(evidence.verdicts, unknowns),
        conditions_sheet(evidence.verdicts, names, periods),
        figures_sheet(evidence.verdicts, names),
        *_interchanges(evidence, [period.id for period in study.periods]),
        *([measured_sheet(measured.compared), fits_sheet(measured.fits)] if measured.compared else []),
    ]
    (folder / "tables").mkdir(exist_ok=True)
    for sheet in tables:
        write_csv(folder / "tables" / f"{sheet.name}.csv", sheet)
    book = [*tables, unknowns_sheet(loaded.unknowns), sources_sheet(provenance)]
    write_xlsx(folder / "evidence.xlsx", book, title=study.name, as_of=study.as_of[-1])


def _line_names(loaded: LoadedStudy) -> dict[str, str]:
    """Name the lines of a study; an id may stand without the feed before it."""
    names: dict[str, str] = {}
    for one in loaded.timetables[:1]:
        for route, short, long in zip(
            one.route_ids, one.route_short_names, one.route_long_names, strict=True
        ):
            names[route] = names[route.partition(":")[2] or route] = short or long or route
    return names


def _settling(record: Mapping[str, str]) -> str:
    """Say what is unknown and what would settle it."""
    what = by_language(record.get("what_zh", ""), record.get("what_en", ""))
    return _("{what}: {settled}", what=what, settled=spoken_half(record.get("what_would_settle_it", "")))


def _interchanges(evidence: Evidence, periods: list[str]) -> tuple[Sheet, ...]:
    if not evidence.audits:
        return ()
    middle = [one for audit in evidence.audits for one in audit.interchanges[0]]
    lines = [(audit.as_of, audit.lines[0]) for audit in evidence.audits]
    return interchange_sheets(middle, lines, periods)

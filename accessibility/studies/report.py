"""The annex to a reply: one document from what a study answers, as Word, page, workbook, maps and PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from pyproj import CRS

from accessibility.errors import UsageError
from accessibility.messages import _, language
from accessibility.model.document import Document, Paragraph, Section
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance
from accessibility.model.study import Study
from accessibility.outputs import sheets
from accessibility.outputs.evidence.measured_sheets import fits_sheet, measured_sheet
from accessibility.outputs.evidence.sheets import (
    claims_sheet,
    conditions_sheet,
    figures_sheet,
    interchange_sheets,
)
from accessibility.outputs.manifest import file_sha256, write_manifest
from accessibility.outputs.maps.line_layers import lines_sheet
from accessibility.outputs.maps.map_frame import OSM_LICENCE, cautions, uses_osm
from accessibility.outputs.report.answers import answers
from accessibility.outputs.report.claims import claim_by_claim, conclusions
from accessibility.outputs.report.figures import Explainer, numbered
from accessibility.outputs.report.method import MethodContent, limits_of, method, sources, versions
from accessibility.outputs.report.numbers import numbered_sections
from accessibility.outputs.report.parts import Maker
from accessibility.outputs.report.sections import BusAndRail, OwnMap, before_after, isochrones, location
from accessibility.outputs.report.sheets import (
    claim_numbered,
    findings_sheet,
    marks_sheet,
    pairs_sheet,
    report_workbook,
    scenarios_sheet,
    sheet_titles,
    unknown_names,
    with_standards,
)
from accessibility.outputs.report.summary import rests_on, scenario_labels
from accessibility.outputs.report.words import method_words, parameter_rows
from accessibility.outputs.sheets import Sheet
from accessibility.outputs.tables import write_xlsx
from accessibility.outputs.wording import by_language, names_by_id
from accessibility.outputs.writing import staged_folder
from accessibility.sources.cache import NetworkCache
from accessibility.studies.answered import Answered, answer_study, study_parameters, terminal_times
from accessibility.studies.load import load_study
from accessibility.studies.progress import Progress, silent

_LIBRARIES = {
    "docx": "python-docx",
    "docxtpl": "docxtpl",
    "matplotlib": "matplotlib",
    "xlsxwriter": "xlsxwriter",
}
"""Module -> its distribution."""


@dataclass(frozen=True, eq=False)
class ReportResult:
    """
    What the report consists of.

    Parameters
    ----------
    out
        Folder of the result.
    document
        What was written, before it was files.
    notices
        What to know about the data, and about what could not be made.
    """

    out: Path
    document: Document
    notices: tuple[Notice, ...]


def report_study(
    study: Study,
    out: Path,
    *,
    template: Path | None = None,
    pdf: bool = True,
    progress: Progress = silent,
    cache: NetworkCache | None = None,
) -> ReportResult:
    """
    Write the annex to a reply.

    Parameters
    ----------
    study
        What to compute.
    out
        Folder for the result; an earlier result there stays whole until the new one is complete.
    template
        A .docx whose layout replaces that of the annex; `docs/report.md` names its fields.
    pdf
        Whether to print a PDF where a Chromium is installed.
    progress
        Is told the stages.
    cache
        Where networks are kept between runs; nowhere if not given.

    Returns
    -------
    result
        Where it lies, and what it says.

    Raises
    ------
    UsageError
        If the libraries of the extra ``report`` are not installed.
    SourceError
        If the template is no Word document or names a field that does not exist.
    """
    _check(template)
    with staged_folder(out) as folder:
        progress(_("reading the study"), 0, 1)
        answered = answer_study(load_study(study, cache=cache), progress)
        progress(_("writing the report"), 0, 4)
        document, told = _write(folder, answered, template=template, pdf=pdf, progress=progress)
    about_cache = cache.notices if cache is not None else ()
    return ReportResult(out, document, (*answered.provenance.notices, *about_cache, *told))


def _check(template: Path | None) -> None:
    """Refuse what cannot be before anything is computed."""
    missing = [name for module, name in _LIBRARIES.items() if util.find_spec(module) is None]
    if missing:
        what = _("a report needs libraries that are not installed: {names}", names=", ".join(missing))
        mend = _("Install them: pip install accessibility[report]")
        raise UsageError(what, mend=mend, code="report-missing")
    if template is not None:
        from accessibility.outputs.report.template import check_template

        check_template(template)


def _write(
    folder: Path, answered: Answered, *, template: Path | None, pdf: bool, progress: Progress
) -> tuple[Document, tuple[Notice, ...]]:
    """Write maps, document and workbook, the manifest last."""
    from accessibility.outputs.report.docx import write_docx
    from accessibility.outputs.report.html import write_html
    from accessibility.outputs.report.pdf import find_chromium, write_pdf
    from accessibility.outputs.report.template import write_from_template

    study = answered.loaded.study
    provenance = _provenance(answered)
    document, tables, told = _made(folder, answered, provenance)
    progress(_("writing the report"), 1, 4)
    book, cells = report_workbook(document, tables)
    write_xlsx(folder / "report.xlsx", book, title=document.title, as_of=document.as_of, cells=cells)
    progress(_("writing the report"), 2, 4)
    if template is None:
        write_docx(folder / "report.docx", document, folder)
    else:
        write_from_template(folder / "report.docx", template, document, folder)
    write_html(folder / "report.html", document, folder, sheet_titles(tables))
    progress(_("writing the report"), 3, 4)
    if pdf:
        browser = find_chromium()
        page = folder / "report.html"
        if not browser or not write_pdf(folder / "report.pdf", page, as_of=study.as_of[-1], browser=browser):
            message = _("no PDF was made: no Chromium, Chrome or Edge that works was found")
            mend = _("Open report.html in a browser and print it to a PDF.")
            told = (*told, Notice("report-no-pdf", "info", message, mend=mend))
    parameters = {
        **study_parameters(answered.loaded, answered.computed),
        "pdf": (folder / "report.pdf").exists(),
        "template": {} if template is None else {template.name: file_sha256(template)},
    }
    write_manifest(
        folder, study_id=study.id, provenance=provenance, parameters=parameters, as_of=study.as_of,
        command="report",
    )  # fmt: skip
    return document, told


def _provenance(answered: Answered) -> Provenance:
    own = tuple((name, metadata.version(name)) for name in _LIBRARIES.values())
    return answered.provenance.joined(Provenance(versions=own))


def _made(
    folder: Path, answered: Answered, provenance: Provenance
) -> tuple[Document, list[Sheet], tuple[Notice, ...]]:
    """Draw the maps, collect the tables of the workbook, and make the document that leads to them."""
    study = answered.loaded.study
    where, reached, told = _maps(folder, answered)
    maker = _maker(answered)
    tables = _tables(answered, provenance, maker)
    by_name = {sheet.name: sheet for sheet in tables}
    parts = [
        _conclusions(answered, by_name, maker),
        location(study, _crs_name(study), _named(answered), where, maker),
        isochrones(answered.computed.isochrones, by_name["isochrones"], reached, maker)
        if answered.computed.isochrones
        else None,
        before_after(study, _audit(by_name), answered.findings, by_name["findings"], maker),
        claim_by_claim(answered.evidence.verdicts, maker)
        if any(one.figures for one in answered.evidence.verdicts)
        else None,
        sources(provenance, by_name["marks"], OSM_LICENCE if uses_osm(provenance) else "", maker),
        method(_method(answered, by_name), maker),
        versions(provenance, _commands(), maker),
    ]
    sections = numbered_sections([part for part in parts if part is not None], language())
    document = Document(
        language=language(),
        kind=_("Annex"),
        title=_title(study),
        subtitle=_subtitle(answered),
        as_of=study.as_of[-1].isoformat(),
        lead=_lead(answered),
        sections=sections,
        figures=maker.register.figures,
        licence=OSM_LICENCE if uses_osm(provenance) else "",
    )
    return document, tables, told


def _crs_name(study: Study) -> str:
    return str(CRS.from_user_input(study.crs).name)


def _about(answered: Answered) -> list[tuple[str, str]]:
    """List what the report is about, then the settings of the study."""
    study, claims = answered.loaded.study, answered.evidence.claims
    about = [
        (_("study"), by_language(study.name, study.name_en)),
        (_("text"), by_language(claims.text_zh, claims.text_en)),
        (_("question"), by_language(*study.asked)),
    ]
    return [row for row in about if row[1]] + parameter_rows(study, _crs_name(study))


def _maps(folder: Path, answered: Answered) -> tuple[list[OwnMap], list[OwnMap], tuple[Notice, ...]]:
    from accessibility.studies.report_maps import draw_maps

    return draw_maps(folder, answered, crs_name=_crs_name(answered.loaded.study))


def _named(answered: Answered) -> tuple[str, ...]:
    from accessibility.studies.report_maps import named_places

    return named_places(answered)


def _title(study: Study) -> str:
    return _("{study}: a check of the figures", study=by_language(study.name, study.name_en))


def _subtitle(answered: Answered) -> str:
    text = by_language(answered.evidence.claims.text_zh, answered.evidence.claims.text_en)
    return _("— on “{text}” —", text=text) if text else ""


def _lead(answered: Answered) -> tuple[Paragraph, ...]:
    asked = by_language(*answered.loaded.study.asked)
    dates = " / ".join(day.isoformat() for day in answered.loaded.study.as_of)
    first = (Paragraph(asked),) if asked else ()
    dated = _("Places and lines are looked at as of {dates}.", dates=dates)
    return (*first, *(() if answered.evidence.verdicts else (Paragraph(dated),)))


def _conclusions(answered: Answered, by_name: Mapping[str, Sheet], maker: Maker) -> Section | None:
    evidence = answered.evidence
    if evidence.verdicts:
        return conclusions(
            evidence.verdicts,
            evidence.scenarios,
            rests_on(answered.computed.sites, answered.loaded.study.as_of),
            maker,
        )
    return answers(answered.findings, by_name["findings"], maker) if answered.findings else None


def _maker(answered: Answered) -> Maker:
    loaded = answered.loaded
    study, places = loaded.study, Places.joined([loaded.places, *loaded.overlays])
    targets = {target.id: by_language(target.name, target.name_en) for target in study.targets}
    named = unknown_names(loaded.unknowns, chinese=language() != "en")
    settled = {
        one.get("id", ""): _("{what}: {settled}", what=named[one.get("id", "")], settled=_half(one))
        for one in loaded.unknowns
    }
    sites = answered.computed.sites.ids
    first = study.default_origin
    ordered = sorted(sites, key=lambda site: site != first)
    lines: list[str] = []
    for option, files in (
        (("--lines", study.transit.line_sheets), ("--gtfs", study.transit.gtfs)) if study.transit else ()
    ):
        lines += [f"{option} {file}" for file in files]
    return Maker(
        names=scenario_labels(answered.evidence.scenarios)
        | names_by_id(places)
        | targets
        | {site: site for site in sites},
        periods={period.id: by_language(period.name, period.name_en) for period in study.periods},
        unknowns=settled,
        unknown_names=named,
        places=places,
        sites=sites,
        explainer=Explainer(study.periods, lines, ordered),
    )


def _half(record: Mapping[str, str]) -> str:
    chinese, _slash, english = record.get("what_would_settle_it", "").partition(" / ")
    return by_language(chinese, english)


def _audit(by_name: Mapping[str, Sheet]) -> BusAndRail | None:
    if "interchanges" not in by_name:
        return None
    return BusAndRail(by_name["interchanges"], by_name["interchange_lines"])


def _method(answered: Answered, by_name: Mapping[str, Sheet]) -> MethodContent:
    loaded = answered.loaded
    notes = [notice.message for notice in cautions(answered.provenance)]
    rests = dict.fromkeys(
        sentence
        for finding in answered.findings
        for sentence in finding.rests_on
        if not answered.evidence.verdicts
    )
    return MethodContent(
        words=list(method_words(loaded.study)),
        limits=[*notes, *rests, *limits_of(answered.provenance.notices)],
        parameters=parameter_rows(loaded.study, _crs_name(loaded.study)),
        measured=by_name["measured_fit"],
        assumptions=loaded.defaults.assumptions,
        unknowns=loaded.unknowns,
    )


def _commands() -> list[str]:
    return [
        _(
            "To make it again: accessibility report, with the same study; manifest.json lists the hash of "
            "every file."
        ),
        _(
            "To explain a figure: call the command beside it in the index of figures, in the folder of the "
            "study."
        ),
    ]


def _tables(answered: Answered, provenance: Provenance, maker: Maker) -> list[Sheet]:
    """Collect every table of the workbook but the index."""
    loaded, computed, evidence = answered.loaded, answered.computed, answered.evidence
    names, periods = maker.names, maker.periods
    nearest = [table for table in computed.site_tables if table.measure == "nearest"]
    sites, goals = computed.sites, computed.destinations
    of_claims = [
        with_standards(claims_sheet(evidence.verdicts, maker.unknowns), evidence.verdicts),
        claim_numbered(conditions_sheet(evidence.verdicts, names, periods)),
        figures_sheet(evidence.verdicts, names),
    ]
    marks = [mark for timetable in loaded.timetables[:1] for mark in timetable.route_facts.get("mark", ())]
    every = [
        *of_claims,
        numbered(findings_sheet(answered.findings)),
        sheets.nearest_sheet(nearest, sites, goals, terminal_s=terminal_times(computed)),
        numbered(sheets.isochrone_sheet(computed.isochrones, sites)),
        sheets.journey_sheet(computed.journeys, loaded.places),
        *(numbered(sheet) for sheet in _interchanges(answered)),
        *(lines_sheet(timetable) for timetable in loaded.timetables[:1]),
        measured_sheet(answered.measured.compared),
        numbered(fits_sheet(answered.measured.fits)),
        sheets.places_sheet(maker.places),
        numbered(marks_sheet(loaded.places, marks)),
        sheets.assumptions_sheet(loaded.defaults.assumptions),
        sheets.unknowns_sheet(loaded.unknowns),
        scenarios_sheet(answered.evidence.scenarios),
        pairs_sheet("parameters", _("Parameters"), _about(answered), ("name", "value")),
        sheets.sources_sheet(provenance),
        pairs_sheet("versions", _("Versions"), provenance.versions, ("name", "version")),
        sheets.notices_sheet(provenance),
    ]
    needed = ("measured_fit", "findings", "marks")
    return [sheet for sheet in every if sheet.rows or sheet.name in needed]


def _interchanges(answered: Answered) -> Sequence[Sheet]:
    audits = answered.evidence.audits
    if not audits:
        return ()
    middle = [one for audit in audits for one in audit.interchanges[0]]
    lines = [(audit.as_of, audit.lines[0]) for audit in audits]
    return interchange_sheets(middle, lines, [period.id for period in answered.loaded.study.periods])

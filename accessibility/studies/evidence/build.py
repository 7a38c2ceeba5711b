"""Are the sentences of a text so, and how do we know?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from accessibility.evidence.questions import questions
from accessibility.evidence.verdicts import verdict
from accessibility.messages import _
from accessibility.model.claim import Verdict
from accessibility.model.modes import TRANSIT_MODES
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance
from accessibility.model.study import Study
from accessibility.sources.claims_file import Claims, Known, read_claims
from accessibility.studies.evidence.figures import claim_figures
from accessibility.studies.evidence.scenarios import apply_scenarios, scenario_times
from accessibility.studies.evidence.times import Audit, TransitTimes, audits, evidence_scope, evidence_times
from accessibility.studies.load import LoadedStudy
from accessibility.studies.progress import Progress, silent


@dataclass(frozen=True, eq=False)
class Evidence:
    """
    Claims with their words.

    Parameters
    ----------
    claims
        What was read.
    verdicts
        One per claim, in their order.
    audits
        Interchanges that claims ask for, by date and scenario.
    provenance
        The files of the claims and scenarios, and notices about figures that could not be had.
    scenarios
        Bare name of the file of every scenario that claims name -> what readers see.
    """

    claims: Claims = Claims()
    verdicts: tuple[Verdict, ...] = ()
    audits: tuple[Audit, ...] = ()
    provenance: Provenance = Provenance()
    scenarios: Mapping[str, str] = field(default_factory=dict)


def study_claims(study: Study, places: Places, unknowns: Sequence[Mapping[str, str]]) -> Claims:
    """
    Read the claims of a study against what it holds; none where it names no file.

    Raises
    ------
    DataError
        If a claim names what the study does not have, or is incomplete; all of it is told at once.
    """
    if not study.claims_file:
        return Claims()
    known = Known(
        places=places.ids,
        targets=[target.id for target in study.targets],
        modes=(*study.modes, *(TRANSIT_MODES if study.transit else ())),
        periods=[period.id for period in study.periods],
        unknowns=[record.get("id", "") for record in unknowns],
        dates=[day.isoformat() for day in study.as_of],
    )
    return read_claims(study.folder / study.claims_file, known, label=study.claims_file)


def build_evidence(
    loaded: LoadedStudy, progress: Progress = silent, transit: TransitTimes | None = None
) -> Evidence:
    """
    Hold the claims of a study against computed figures.

    Parameters
    ----------
    loaded
        The study with everything it names.
    progress
        Is told the stages.
    transit
        Travel times by public transport from the sites, where they are known already.

    Returns
    -------
    evidence
        Empty where the study has no claims.

    Raises
    ------
    DataError
        If a claim names what the study does not have, or a scenario that cannot be.
    """
    read = study_claims(loaded.study, loaded.places, loaded.unknowns)
    if not read.claims:
        return Evidence()
    applied = apply_scenarios(loaded, read.claims)
    scope = evidence_scope(loaded, applied)
    asked = questions(read.claims, scope)
    times = evidence_times(loaded, read.claims, asked, progress, transit)
    times = replace(times, scenarios=scenario_times(loaded, applied, asked, progress))
    audited = audits(loaded, asked, progress, applied)
    figures = claim_figures(loaded, asked, times, audited)
    verdicts = tuple(
        verdict(claim, [figure for figure in figures if figure.claim == claim.id], scope.sites)
        for claim in read.claims
    )
    provenance = read.provenance.joined(*(one.provenance for one in applied.values()))
    return Evidence(
        read,
        verdicts,
        audited,
        provenance.with_notices(_empty_notices(verdicts, loaded)),
        {name: one.scenario.name for name, one in applied.items()},
    )


def _empty_notices(verdicts: Sequence[Verdict], loaded: LoadedStudy) -> tuple[Notice, ...]:
    """Tell which claims got no figure although they ask for some."""
    message = _("no figure could be computed for this claim")
    mend = _("Check that the study has lines for it, and that the places it names are served.")
    return tuple(
        Notice(
            "claim-without-figures", "warning", message, loaded.study.claims_file, 0, one.claim.id, mend=mend
        )
        for one in verdicts
        if not one.figures and one.claim.kind != "citation"
    )

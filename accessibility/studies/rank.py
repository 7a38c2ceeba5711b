"""Which scenario of a folder saves most, and for what?"""

from pathlib import Path

from accessibility.errors import UsageError
from accessibility.measures.ranking import Ranked, ranked
from accessibility.messages import _
from accessibility.sources.study_file import read_study
from accessibility.studies.all_problems import check_scenarios_apply, read_scenarios
from accessibility.studies.compare import Comparer
from accessibility.studies.progress import Progress, silent


def rank_folder(study_file: Path, folder: Path, *, progress: Progress = silent) -> tuple[Ranked, ...]:
    """
    Compare every scenario file of a folder with a study, and order them.

    Raises
    ------
    UsageError
        If the folder holds no scenario.
    """
    if not folder.is_dir():
        what, mend = _("there is no such folder"), _("Name a folder with scenario files (.toml).")
        raise UsageError(what, where=str(folder), mend=mend, code="rank-missing")
    files = sorted(folder.glob("*.toml"))
    if not files:
        what, mend = _("the folder holds no scenario"), _("Put scenario files (.toml) into it.")
        raise UsageError(what, where=str(folder), mend=mend, code="rank-empty")
    scenarios = read_scenarios(files)
    comparer = Comparer.of_study(read_study(study_file), progress=progress)
    check_scenarios_apply(comparer.changed, scenarios, files)
    return ranked(
        [comparer.compare(scenario, file=path.name) for scenario, path in zip(scenarios, files, strict=True)]
    )

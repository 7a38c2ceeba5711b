"""What does an operator's driving plan say, as line sheets?"""

from pathlib import Path

from accessibility.model.driving_plan import DrivingPlan
from accessibility.outputs.plan_tables import plan_sheets
from accessibility.outputs.tables import write_xlsx
from accessibility.outputs.writing import check_xlsx_target, staged_file
from accessibility.sources.driving_plan.read import read_driving_plan

_UNDATED = "2000-01-01"
"""Date in the properties of a workbook whose plan states none: its bytes do not depend on the clock."""


def import_plan(file: str | Path, out: str | Path, *, by_run_time: bool = False) -> DrivingPlan:
    """
    Read a driving plan and write it as line sheets, whole or not at all.

    Parameters
    ----------
    file
        Workbook of the operator, ``.xls`` or ``.xlsx``.
    out
        Workbook to write (``.xlsx``); never `file` itself.
    by_run_time
        Make one service per run time instead of one per direction and day type.

    Returns
    -------
    plan
        The plan; its notices say what to look at.
    """
    check_xlsx_target(out, [file])
    plan = read_driving_plan(file)
    dates = [one.valid_from for one in plan.facts if one.valid_from]
    with staged_file(out) as temporary:
        write_xlsx(
            temporary,
            plan_sheets(plan, by_run_time=by_run_time),
            title=plan.line,
            as_of=max(dates, default=_UNDATED),
            spoken=False,
        )
    return plan

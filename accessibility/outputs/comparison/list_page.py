"""The page that lists several scenarios with their findings."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from accessibility.messages import language
from accessibility.model.change_summary import change_summary, more_hours
from accessibility.model.comparison import Comparison
from accessibility.model.service_cost import vehicles_needed
from accessibility.outputs.comparison.words import headline, signed
from accessibility.outputs.embedding import template_text
from accessibility.outputs.maps.map_frame import environment
from accessibility.outputs.text_file import write_text


def write_comparisons_page(
    path: str | Path, *, study: str, asked: str, rows: Sequence[tuple[str, Comparison]],
    targets: Mapping[str, str],
) -> Path:  # fmt: skip
    """
    Write the page that lists several scenarios with their findings.

    Parameters
    ----------
    path
        File to write.
    study, asked
        Name of the study, and what was asked of it.
    rows
        Folder of every scenario, and its comparison.
    targets
        Identifier -> name of the targets.

    Returns
    -------
    path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    text = (
        environment()
        .get_template("comparisons.html.j2")
        .render(
            lang="en" if language() == "en" else "zh-CN",
            style=template_text("page.css") + template_text("comparison.css"),
            study=study,
            asked=asked,
            rows=[_overview(folder, one, targets) for folder, one in rows],
        )
    )
    return write_text(path, text)


def _overview(folder: str, one: Comparison, targets: Mapping[str, str]) -> dict[str, Any]:
    sums = [change_summary(table, "cells") for table in one.tables]
    vehicles = vehicles_needed(one.costs_after) - vehicles_needed(one.costs_before)
    return {
        "folder": folder,
        "name": one.scenario,
        "assumed": one.assumed,
        "headline": headline(one, targets),
        "gain": f"{sum(found.gain + found.newly for found in sums):.0f}",
        "lose": f"{sum(found.lose + found.lost for found in sums):.0f}",
        "saved": signed(sum(found.saved_min for found in sums), 0),
        "hours": signed(more_hours(one.costs_before, one.costs_after), 1),
        "vehicles": signed(vehicles, 0),
    }

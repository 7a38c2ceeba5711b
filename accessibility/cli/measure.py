"""``accessibility measure``: how well is every origin served?"""

from pathlib import Path
from typing import Any

import click

from accessibility.cli import terminal
from accessibility.cli.options import (
    minutes,
    numbers,
    output_option,
    street_options,
    transit_from,
    transit_options,
)
from accessibility.messages import _

MEASURES = ("opportunities", "nearest", "dual", "2sfca", "coverage", "ptal")
DECAYS = ("step", "linear", "logistic", "exponential", "gaussian")


@click.command("measure", help=_("How well every origin is served: opportunities, catchments, standards."))
@street_options
@transit_options
@click.option("--origins", type=click.Path(path_type=Path), required=True, metavar="FILE",
              help=_("Points people start from: id,lon,lat."))  # fmt: skip
@click.option("--destinations", type=click.Path(path_type=Path), metavar="FILE",
              help=_("Points people go to; ptal has none, it goes to the stops."))  # fmt: skip
@click.option("--measure", type=click.Choice(MEASURES), default="opportunities", show_default=True,
              help=_("What is measured; dual is the time until enough is reached, ptal the public "
                     "transport access level."))  # fmt: skip
@click.option("--decay", type=click.Choice(DECAYS), default="step", show_default=True,
              help=_("How the weight falls with time, for opportunities and 2sfca."))  # fmt: skip
@click.option("--cutoff", metavar="MIN",
              help=_("Minutes like 15,30: end of a step or line, half-value of a curve."))  # fmt: skip
@click.option("--sd", type=float, metavar="MIN",
              help=_("Standard deviation of the logistic curve in minutes."))  # fmt: skip
@click.option("--needed", default="1", show_default=True, metavar="LIST",
              help=_("Amounts to reach, for dual."))  # fmt: skip
@click.option("--k", type=int, default=1, show_default=True, help=_("How many of the nearest."))
@click.option("--count-column", default="", metavar="NAME",
              help=_("Column of the destinations that counts; count where not given, else 1."))  # fmt: skip
@click.option("--people-column", default="", metavar="NAME",
              help=_("Column of the origins with people; count where not given, else 1."))  # fmt: skip
@click.option("--standard", "standards", multiple=True, metavar="ID",
              help=_("Standard to hold against, for coverage; may be repeated."))  # fmt: skip
@click.option("--standards", "standards_file", type=click.Path(path_type=Path), metavar="FILE",
              help=_("Table of standards in place of the default one."))  # fmt: skip
@click.option("--ptal-rules", "ptal_file", type=click.Path(path_type=Path), metavar="FILE",
              help=_("Table of the rules of ptal in place of the default one."))  # fmt: skip
@output_option
def command(origins: Path, destinations: Path | None, out: Path, **given: Any) -> None:
    """Compute and write; then say what was written."""
    from accessibility.outputs.level_words import level_sentences
    from accessibility.studies.measure import MeasureOptions, write_measure_file
    from accessibility.studies.transit_level import TransitLevels

    names = (
        "measure", "decay", "k", "count_column", "people_column", "standards", "standards_file", "ptal_file",
    )  # fmt: skip
    wanted = {name: given.pop(name) for name in names}
    cutoff, sd, needed = given.pop("cutoff"), given.pop("sd"), given.pop("needed")
    how = MeasureOptions(
        cutoffs_s=minutes(cutoff) if cutoff else (),
        sd_s=None if sd is None else 60 * sd,
        needed=numbers(needed, count=needed.count(",") + 1, example="1,3"),
        **wanted,
    )
    options, _study = transit_from(given)
    with terminal.progress_shown() as progress:
        result, notices = write_measure_file(out, options, (origins, destinations), how, progress=progress)
    terminal.show_notices(notices)
    if isinstance(result, TransitLevels):
        for line in level_sentences(result.table, result.levels, result.rules):
            terminal.show_line(line)
    terminal.show_line(_("Written: {out}", out=out))

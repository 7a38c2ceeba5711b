"""How well is every origin served? Any measure of access between two tables of points."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility import measures
from accessibility.errors import DataError, UsageError
from accessibility.measures.decay import Decay, Exponential, Gaussian, Linear, Logistic, Step
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.coverage import Coverage
from accessibility.model.places import Places
from accessibility.model.provenance import Notice
from accessibility.model.standard import Standard
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.plain import write_coverage, write_levels, write_measure
from accessibility.outputs.writing import check_csv_target, staged_file
from accessibility.sources.positions import number
from accessibility.sources.standards import STANDARDS_FILE, read_standards
from accessibility.studies.data_folder import data_folder
from accessibility.studies.matrix import compute_matrix
from accessibility.studies.on_streets import Prepared, StreetOptions
from accessibility.studies.on_transit import TransitOptions
from accessibility.studies.progress import Progress, silent
from accessibility.studies.transit_level import TransitLevels, ptal_rules, transit_levels

TARGET = "destinations"


@dataclass(frozen=True)
class MeasureOptions:
    """
    What is to be measured, as a face hands it over.

    Parameters
    ----------
    measure
        ``opportunities``, ``nearest``, ``dual``, ``2sfca``, ``coverage`` or ``ptal``.
    decay
        ``step``, ``linear``, ``logistic``, ``exponential`` or ``gaussian``.
    cutoffs_s
        Cutoffs (s): where the step ends, the line reaches 0, the logistic and the exponential curve are one
        half; of the bell curve the standard deviation.
    sd_s
        Standard deviation (s) of the logistic curve.
    needed
        Amounts to reach, for ``dual``.
    k
        How many of the nearest, for ``nearest``.
    count_column, people_column
        Columns of the destinations and of the origins that count; where not given, the column that
        `accessibility.sources.places.read_places` takes for the count.
    standards
        Ids of standards, for ``coverage``.
    standards_file
        Table of standards in place of the embedded one.
    ptal_file
        Table of the rules of ``ptal`` in place of the embedded one.
    """

    measure: str
    decay: str = "step"
    cutoffs_s: tuple[int, ...] = ()
    sd_s: float | None = None
    needed: tuple[float, ...] = (1.0,)
    k: int = 1
    count_column: str = ""
    people_column: str = ""
    standards: tuple[str, ...] = ()
    standards_file: Path | None = None
    ptal_file: Path | None = None

    def decays(self) -> tuple[Decay, ...]:
        """
        Make the decay functions.

        Raises
        ------
        UsageError
            If there is no cutoff, or the logistic curve has no standard deviation.
        """
        if not self.cutoffs_s:
            raise UsageError(_("this measure needs a cutoff: --cutoff"), mend="--cutoff 15,30", code="cutoff")
        if self.decay == "logistic":
            if self.sd_s is None or not self.sd_s > 0:
                what = _("the logistic curve needs a standard deviation: --sd")
                raise UsageError(what, where="--sd", mend="--sd 2", code="cutoff")
            return tuple(Logistic(cutoff, self.sd_s) for cutoff in self.cutoffs_s)
        return tuple(_DECAYS[self.decay](cutoff) for cutoff in self.cutoffs_s)

    def check(self) -> None:
        """
        Refuse what cannot be before anything is read.

        Raises
        ------
        UsageError
            If an option that the measure needs is missing or cannot be.
        """
        if self.measure in ("opportunities", "2sfca"):
            self.decays()
        wrong = {
            f"--cutoff {len(self.cutoffs_s)}": self.measure == "2sfca" and len(self.cutoffs_s) != 1,
            f"--needed {min(self.needed):g}": not all(0 < amount < np.inf for amount in self.needed),
            f"--k {self.k}": self.k < 1,
            "--standard": self.measure == "coverage" and not self.standards,
        }
        for option, is_wrong in wrong.items():
            if is_wrong:
                what = _("this option is missing, given too often, or not above 0")
                mend = _("2sfca takes one cutoff, coverage at least one standard.")
                raise UsageError(what, where=option, mend=mend, code="measure-option")


_DECAYS: Mapping[str, Callable[[int], Decay]] = {
    "step": Step,
    "linear": Linear,
    "exponential": Exponential,
    "gaussian": Gaussian,
}


def write_measure_file(
    out: Path,
    options: StreetOptions | TransitOptions,
    points: tuple[Path, Path | None],
    wanted: MeasureOptions,
    *,
    progress: Progress = silent,
) -> tuple[AccessTable | tuple[Coverage, ...] | TransitLevels, tuple[Notice, ...]]:
    """
    Measure access from every origin to the destinations and write it, whole or not at all.

    Parameters
    ----------
    out
        CSV file.
    options
        Streets or public transport, speeds, limits.
    points
        Tables of origins and destinations; ``ptal`` goes to the stops of the timetable and has none.
    wanted
        What is to be measured.
    progress
        Is told the stages.

    Returns
    -------
    result, notices
        What was written, and what to know about the data.
    """
    wanted.check()
    if wanted.measure == "ptal":
        return _write_ptal(out, options, points, wanted, progress)
    standards = _standards(wanted)
    origins, destinations = points
    if destinations is None:
        what, mend = _("this measure needs destinations"), _("Name a table of points: --destinations.")
        raise UsageError(what, where="--destinations", mend=mend, code="measure-option")
    streets = options.streets if isinstance(options, TransitOptions) else options
    check_csv_target(out, [origins, destinations, streets.osm])
    with staged_file(out) as aside:
        times, ready = compute_matrix(options, origins, destinations, progress=progress)
        if wanted.measure == "coverage":
            covered = _coverage(times, ready, wanted, standards)
            write_coverage(aside, covered)
            return covered, (*_standard_notices(ready.destinations, standards), *ready.notices)
        table = _table(times, ready, wanted)
        write_measure(aside, table)
    return table, ready.notices


def _write_ptal(
    out: Path,
    options: StreetOptions | TransitOptions,
    points: tuple[Path, Path | None],
    wanted: MeasureOptions,
    progress: Progress,
) -> tuple[TransitLevels, tuple[Notice, ...]]:
    """Measure public transport access levels; what people walk to are the stops of the timetable."""
    origins, destinations = points
    if not isinstance(options, TransitOptions):
        what, mend = _("PTAL needs a timetable"), _("Name a timetable and a date: --gtfs or --lines, --date.")
        raise UsageError(what, where="--measure ptal", mend=mend, code="measure-option")
    if destinations is not None:
        what = _("PTAL has no destinations but the stops of the timetable")
        raise UsageError(what, where="--destinations", mend=_("Leave it out."), code="measure-option")
    rules = ptal_rules(wanted.ptal_file)
    check_csv_target(out, [origins, options.streets.osm, *options.gtfs])
    with staged_file(out) as aside:
        found, notices = transit_levels(options, origins, rules, progress=progress)
        write_levels(aside, found.table, found.levels, marks=rules.marks)
    return found, notices


def _level(times: TravelTimes) -> str:
    return "mid" if "mid" in times.query.levels else times.query.levels[0]


def _table(times: TravelTimes, ready: Prepared, wanted: MeasureOptions) -> AccessTable:
    level = _level(times)
    if wanted.measure == "nearest":
        return measures.k_nearest(times, target=TARGET, k=wanted.k, level=level)
    count = _amounts(ready.destinations, wanted.count_column)
    if wanted.measure == "dual":
        return measures.dual_access(times, target=TARGET, count=count, needed=wanted.needed, level=level)
    if wanted.measure == "2sfca":
        return measures.floating_catchment(
            times,
            target=TARGET,
            count=count,
            demand=_amounts(ready.origins, wanted.people_column),
            decay=wanted.decays()[0],
            level=level,
        )
    return measures.gravity(times, target=TARGET, count=count, decays=wanted.decays(), level=level)


def _standards(wanted: MeasureOptions) -> tuple[Standard, ...]:
    """Look the standards up before anything is computed."""
    if wanted.measure != "coverage":
        return ()
    known = read_standards(wanted.standards_file or data_folder() / "defaults" / STANDARDS_FILE)
    by_id = {row.id: row for row in known.rows}
    for standard_id in wanted.standards:
        if standard_id not in by_id:
            what, mend = _("there is no such standard"), _("There are: {choices}.", choices=", ".join(by_id))
            raise UsageError(what, where=f"--standard {standard_id}", mend=mend, code="standard-unknown")
    return tuple(by_id[standard_id] for standard_id in wanted.standards)


def _coverage(
    times: TravelTimes, ready: Prepared, wanted: MeasureOptions, standards: Sequence[Standard]
) -> tuple[Coverage, ...]:
    # without a column that counts every origin has 1, which is no number of people
    counted = wanted.people_column or np.any(ready.origins.count != 1)
    people = _amounts(ready.origins, wanted.people_column) if counted else None
    found: list[Coverage] = []
    for standard in standards:
        members = _members(ready.destinations, standard)
        found += measures.coverage(
            times.take(destinations=members),
            target=TARGET,
            standard=standard,
            ends=(ready.origins, ready.destinations.take(members)),
            people=people,
            level=_level(times),
        )
    return tuple(found)


def _members(places: Places, standard: Standard) -> list[int]:
    """Take the places of the kinds a standard speaks of; all of them where it or the table names no such."""
    of_kind = [i for i, kind in enumerate(places.kinds) if kind in standard.kinds]
    return of_kind or list(range(len(places)))


def _standard_notices(places: Places, standards: Sequence[Standard]) -> Iterator[Notice]:
    """Tell what a reader of a coverage must know: unverified figures, places left out or of another kind."""
    file = places.provenance.sources[0].file if places.provenance.sources else ""
    for standard in standards:
        if not standard.verified:
            message = _("the figure of this standard was not compared with its text (mark U)")
            mend = _("Check the text before quoting the result.")
            yield Notice(
                "standard-unverified", "warning", message, STANDARDS_FILE, 0, "id", standard.id, mend
            )
        kinds = " ".join(standard.kinds)
        n_others = sum(kind not in standard.kinds for kind in places.kinds)
        if kinds and n_others == len(places):
            message = _(
                "no place is of a kind this standard speaks of ({kinds}); all of them count", kinds=kinds
            )
            mend = _("Check that the table holds what the standard means.")
            yield Notice("standard-other-kinds", "warning", message, file, 0, "kind", standard.id, mend)
        elif kinds and n_others:
            message = _("places of other kinds than {kinds} do not count for this standard", kinds=kinds)
            yield Notice("standard-kinds", "info", message, file, 0, "kind", standard.id, count=n_others)


def _amounts(places: Places, column: str) -> NDArray[np.float64]:
    """Read a column of numbers; the count where none is named."""
    if not column:
        return places.count
    file = places.provenance.sources[0].file if places.provenance.sources else ""
    if column not in places.facts:
        mend = _("There are: {choices}.", choices=", ".join(places.facts) or "-")
        what = _("the table has no column of this name")
        raise DataError(what, where=f"{file}: {column}", mend=mend, code="missing-column")
    texts = places.fact(column)
    values = np.array([np.nan if number(text) is None else number(text) for text in texts], np.float64)
    bad = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if bad.size:
        raise _bad_amounts(file, column, [(places.ids[i], texts[i]) for i in bad.tolist()])
    return values


def _bad_amounts(file: str, column: str, cells: Sequence[tuple[str, str]]) -> DataError:
    message, mend = _("this is no number of 0 or more"), _("Mend the cell, or remove the row.")
    notices = [
        Notice("number-malformed", "error", f"{place}: {message}", file, 0, column, text, mend)
        for place, text in cells
    ]
    what = _("numbers are missing or malformed")
    return DataError(what, notices=notices, where=file, mend=mend, code="number-malformed")

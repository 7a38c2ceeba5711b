"""How well is every origin served by public transport? PTAL over streets and a timetable."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from accessibility import measures
from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model import reasons
from accessibility.model.access_table import AccessTable
from accessibility.model.provenance import Notice
from accessibility.model.ptal import PtalRules
from accessibility.model.stop_services import StopServices, stop_services
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.sources.ptal import PTAL_FILE, read_ptal
from accessibility.studies.data_folder import data_folder
from accessibility.studies.on_streets import StreetOptions
from accessibility.studies.on_transit import PreparedTransit, TransitOptions, prepare_transit
from accessibility.studies.progress import Progress
from accessibility.transit import timed_walks
from accessibility.units import UNREACHED, clock_from_seconds, mps_from_kmh

STOPS = "stops"
BLOCK_SIZE = 500
"""Origins whose walks to all stops are laid out at a time."""

_OWN = ("streets", "gtfs", "lines", "day", "skip_errors")
"""Options that PTAL has a use for; its window and its walks are those of its rules."""


@dataclass(frozen=True, eq=False)
class TransitLevels:
    """
    Public transport access levels.

    Parameters
    ----------
    table
        The access index of every origin.
    levels
        Name of the level of every origin, empty where it has none.
    rules
        What they were made by.
    """

    table: AccessTable
    levels: tuple[str, ...]
    rules: PtalRules

    def __post_init__(self) -> None:
        """Check what the class promises."""
        assert len(self.levels) == len(self.table.origin_ids)


def ptal_rules(file: Path | None) -> PtalRules:
    """Read the rules; the embedded ones where no file is named."""
    return read_ptal(file or data_folder() / "defaults" / PTAL_FILE)


def transit_levels(
    options: TransitOptions, origins: Path, rules: PtalRules, *, progress: Progress
) -> tuple[TransitLevels, tuple[Notice, ...]]:
    """
    Measure how well every origin is served.

    Parameters
    ----------
    options
        Streets, timetables and date.
    origins
        Table of points.
    rules
        Limits, period, weights, bands.
    progress
        Is told the stages.

    Returns
    -------
    levels, notices
        What was measured, and what to know about the data and the rules.

    Raises
    ------
    UsageError
        If options are given that PTAL has no use for.
    """
    _check_options(options)
    asked = _asked(options, rules)
    ready = prepare_transit(asked, origins, None, progress)
    services = stop_services(ready.timetable, ready.query.day, start_s=rules.start_s, end_s=rules.end_s)
    tables = [
        measures.ptal(times, target=STOPS, services=services, rules=rules, level="mid", as_of=options.day)
        for times in _walks(ready, services, asked.walking.query())
    ]
    table = AccessTable.joined(tables)
    levels = TransitLevels(table, rules.level_of(table.column("index")), rules)
    return levels, (*rules.notices, *_speed_notices(options.streets, rules), *ready.ready.notices)


def _check_options(options: TransitOptions) -> None:
    """Refuse what PTAL has no use for, so that none is silently ignored."""
    for field in fields(TransitOptions):
        if field.name not in _OWN and getattr(options, field.name) != field.default:
            option = f"--{field.name.replace('_', '-')}".replace("percentiles", "percentile")
            what = _("{option} has no effect on PTAL, whose rules state its window and walks", option=option)
            raise UsageError(what, where=option, mend=_("Leave it out."), code="measure-option")


def _asked(options: TransitOptions, rules: PtalRules) -> TransitOptions:
    """Ask for the walks and the window of the rules."""
    limit_min, asked_min = max(rules.walk_limit_s.values()) / 60, options.streets.max_duration
    streets = replace(
        options.streets,
        walk_speed=_speed_kmh(options.streets, rules),
        max_duration=limit_min if asked_min is None else min(limit_min, asked_min),
    )
    return replace(
        options,
        streets=streets,
        depart=clock_from_seconds(rules.start_s),
        window=round((rules.end_s - rules.start_s) / 60),
        max_walk=limit_min,
    )


def _speed_kmh(streets: StreetOptions, rules: PtalRules) -> float:
    return 3.6 * rules.walk_mps if streets.walk_speed is None else streets.walk_speed


def _speed_notices(streets: StreetOptions, rules: PtalRules) -> Iterator[Notice]:
    """Tell that the index is not comparable where people walk at another speed than the definition's."""
    asked_kmh = _speed_kmh(streets, rules)
    if not np.isclose(mps_from_kmh(asked_kmh), rules.walk_mps):
        message = _(
            "PTAL is defined for walking at {rule} km/h; at {asked} km/h its levels are not comparable",
            rule=f"{3.6 * rules.walk_mps:.2g}",
            asked=f"{asked_kmh:.3g}",
        )
        yield Notice("ptal-walk-speed", "warning", message, mend=_("Leave out --walk-speed."))


def _walks(ready: PreparedTransit, services: StopServices, walking: TravelQuery) -> Iterator[TravelTimes]:
    """Give the walking times to all stops with service, origins in blocks; entrances are walked through."""
    timetable, origin_ids = ready.timetable, ready.ids[0]
    served = dict.fromkeys(services.stop_ids) or {timetable.stop_ids[0]: None}
    column = np.full(len(timetable.stop_ids), -1, np.int64)
    for position, stop_id in enumerate(served):
        column[timetable.stop_ids.index(stop_id)] = position
    offset, target, walk_s = timed_walks(timetable, ready.linkage, ready.query).access
    at = ready.linkage.origins
    why = np.select(
        [~at.located, ~at.linked],
        [reasons.ORIGIN_NO_POSITION, reasons.ORIGIN_NOT_LINKED],
        reasons.BEYOND_LIMITS,
    )
    for first in range(0, len(origin_ids), BLOCK_SIZE):
        rows = range(first, min(first + BLOCK_SIZE, len(origin_ids)))
        part = slice(offset[rows.start], offset[rows.stop])
        row = np.repeat(np.arange(len(rows)), np.diff(offset[rows.start : rows.stop + 1]))
        known = column[target[part]] >= 0
        duration_s = np.full((len(rows), len(served)), UNREACHED, np.int32)
        duration_s[row[known], column[target[part]][known]] = walk_s[part][known]
        reached = duration_s != UNREACHED
        yield TravelTimes(
            origin_ids=origin_ids[rows.start : rows.stop],
            destination_ids=tuple(served),
            duration_s=duration_s[:, :, np.newaxis],
            distance_m=np.where(reached, duration_s * ready.query.walk_mps, np.nan)[:, :, np.newaxis],
            reason=np.where(reached, reasons.REACHED, why[rows.start : rows.stop, np.newaxis]).astype(
                np.int8
            ),
            query=walking,
        )

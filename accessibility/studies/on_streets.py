"""What every question on streets begins with: streets, places, a query, a linkage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from accessibility.errors import DataError, UsageError
from accessibility.linking import link, linkage_notices
from accessibility.messages import _
from accessibility.model.defaults import Defaults
from accessibility.model.linkage import Linkage
from accessibility.model.modes import STREET_MODES, mode_text
from accessibility.model.osm_rules import CLASS_MODES
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance
from accessibility.model.streets import Streets
from accessibility.model.study import StreetUse, Study
from accessibility.model.travel_query import TravelQuery
from accessibility.sources.cache import NetworkCache, kept_streets
from accessibility.sources.notices import streets_shift_notices
from accessibility.sources.places import read_places
from accessibility.sources.speeds import replace_road_speeds
from accessibility.studies.data_folder import embedded_defaults
from accessibility.studies.progress import Progress, preparing
from accessibility.studies.queries import speed_area_notices, street_query, unknown_classes

_OWN_MODES = {
    "walk_speed": ("walk",),
    "cycle_speed": ("cycle", "ebike"),
    "period": ("drive",),
    "avoid": ("drive",),
}
"""Options that only some modes have a use for."""


@dataclass(frozen=True)
class StreetOptions:
    """
    How people travel on which streets, as a face hands it over.

    Parameters
    ----------
    osm
        Street file.
    mode, period
        Mode of travel, and the period of the driving speeds.
    walk_speed, cycle_speed
        Speeds (km/h) in place of the default ones.
    max_duration
        Longest travel time (min).
    speeds
        Table of driving speeds in place of the default one.
    crs, system
        Projected coordinate system to measure in, and the system of the points.
    use
        How the network is to be used.
    avoid
        Classes of road cars do not use, in place of those of `use`.
    cache
        Where networks are kept between runs; nowhere if not given.
    """

    osm: Path
    mode: str = "walk"
    walk_speed: float | None = None
    cycle_speed: float | None = None
    period: str = ""
    max_duration: float | None = None
    speeds: Path | None = None
    crs: str | None = None
    system: str = "wgs84"
    use: StreetUse = StreetUse()
    avoid: tuple[str, ...] | None = None
    cache: NetworkCache | None = None

    @classmethod
    def of_study(cls, study: Study, **wishes: Any) -> "StreetOptions":
        """Take streets, coordinate system and limits from a study; what `wishes` state stands."""
        stated = {name: value for name, value in wishes.items() if value is not None}
        from_study: dict[str, Any] = {
            "osm": study.folder / study.streets_file,
            "crs": study.crs,
            "max_duration": study.max_duration_s / 60,
            "use": study.street_use,
            "speeds": study.folder / study.speeds_file if study.speeds_file else None,
        }
        return cls(**(from_study | stated))

    def query(self) -> TravelQuery:
        """
        Make the query.

        Raises
        ------
        UsageError
            If a limit or a speed cannot be, or an option does not belong to the mode.
        """
        if self.max_duration is not None and not 0 < self.max_duration <= 1440:
            message = _("the longest travel time must lie between 0 and 1440 minutes")
            mend = _("120 minutes hold where nothing is stated.")
            where = f"--max-duration {self.max_duration}"
            raise UsageError(message, where=where, mend=mend, code="max-duration")
        if self.mode in STREET_MODES:
            self.check_fit((self.mode,))
        defaults = self.defaults()
        speed_kmh = {"walk": self.walk_speed, "cycle": self.cycle_speed, "ebike": self.cycle_speed}.get(
            self.mode
        )
        if self.period and self.period not in defaults.road_speeds.periods:
            choices = ", ".join(defaults.road_speeds.periods)
            message = _("there are no driving speeds for this period; there are {choices}", choices=choices)
            mend = _("Name one of these, or give a table of speeds that has it (--speeds).")
            raise UsageError(message, where=f"--period {self.period}", mend=mend, code="period")
        if strange := unknown_classes(self.avoid or ()):
            message = _("there is no class of road {name} in OpenStreetMap's highway=*", name=strange[0])
            mend = _("Known classes: {classes}.", classes=", ".join(CLASS_MODES))
            raise UsageError(message, where=f"--avoid {','.join(self.avoid or ())}", mend=mend, code="avoid")
        return street_query(
            defaults,
            self.mode,
            period=self.period,
            speed_kmh=speed_kmh,
            max_duration_s=None if self.max_duration is None else round(60 * self.max_duration),
            ranged=self.mode == "drive",
            use=self.use if self.avoid is None else replace(self.use, avoid=self.avoid),
        )

    def check_fit(self, modes: Sequence[str]) -> None:
        """
        Refuse options that no mode has a use for, so that none is silently ignored.

        Parameters
        ----------
        modes
            Every mode that people travel by.

        Raises
        ------
        UsageError
            If an option belongs to other modes.
        """
        for name, own in _OWN_MODES.items():
            if getattr(self, name) not in (None, "") and not set(own) & set(modes):
                option = f"--{name.replace('_', '-')}"
                what = _("{option} has no effect on --mode {mode}", option=option, mode=", ".join(modes))
                mend = _("Leave it out; it belongs to: {modes}.", modes=", ".join(own))
                raise UsageError(what, where=option, mend=mend, code="option-mode")

    def fitted(self, mode: str, **changes: Any) -> "StreetOptions":
        """Take another mode, and of the options those it has a use for; what `changes` state stands."""
        unused = {
            name: "" if name == "period" else None for name, own in _OWN_MODES.items() if mode not in own
        }
        return replace(self, **(unused | {"mode": mode} | changes))

    def defaults(self) -> Defaults:
        """Read the default speeds and limits, with the user's driving speeds where given."""
        defaults = embedded_defaults()
        return defaults if self.speeds is None else replace_road_speeds(defaults, self.speeds)


def check_level(query: TravelQuery, level: str) -> None:
    """
    Refuse a level that a mode does not have.

    Raises
    ------
    UsageError
        If the query does not answer at `level`.
    """
    if level not in query.levels:
        what = _("{mode} is answered at one speed here, without the level {level}",
                 mode=mode_text(query.mode), level=level)  # fmt: skip
        mend = _("Name one of: {levels}.", levels=", ".join(query.levels))
        raise UsageError(what, where=f"--level {level}", mend=mend, code="level")


@dataclass(frozen=True, eq=False)
class Prepared:
    """Everything a question on streets needs: streets, both sets of places, the query and the linkage."""

    streets: Streets
    origins: Places
    destinations: Places
    query: TravelQuery
    linkage: Linkage
    notices: tuple[Notice, ...]


def prepare(
    options: StreetOptions, origins: Path | Places, destinations: Path | Places | None, progress: Progress
) -> Prepared:
    """
    Read streets and places and link them.

    Parameters
    ----------
    options
        Streets, mode, speeds, limits.
    origins, destinations
        Tables of points or places; the origins serve as destinations too where none are given.
    progress
        Is told the stages.

    Returns
    -------
    prepared
        With every notice about the data.

    Raises
    ------
    DataError
        If no origin or no destination can be used at all.
    """
    query = options.query()
    progress(_("reading places"), 0, 1)
    starts = origins if isinstance(origins, Places) else read_places(origins, system=options.system)
    goals = starts if destinations is None else destinations
    if not isinstance(goals, Places):
        goals = read_places(goals, system=options.system)
    progress(_("reading streets"), 0, 1)
    streets = kept_streets(options.osm, crs=options.crs, cache=options.cache)
    progress(_("linking places to streets"), 0, 1)
    linkage = link(streets, starts, goals, query)
    progress(preparing(), 0, 1)
    told = _all_notices(streets, (starts, goals), linkage, query)
    notices = (*told, *(options.cache.notices if options.cache is not None else ()))
    for places, attachment, role in (
        (starts, linkage.origins, _("origins")),
        (goals, linkage.destinations, _("destinations")),
    ):
        if not np.any(attachment.linked):
            raise DataError(
                _("none of the {n} {role} can be linked to a street", n=len(places), role=role),
                notices=notices,
                where=_file_of(places),
                mend=_("Check the coordinates, their system (--system), and that the streets cover them."),
                code="nothing-linked",
            )
    if query.mode == "drive":
        notices = (*speed_area_notices(options.defaults(), streets), *notices)
    return Prepared(streets, starts, goals, query, linkage, notices)


def _all_notices(
    streets: Streets, sets: tuple[Places, Places], linkage: Linkage, query: TravelQuery
) -> tuple[Notice, ...]:
    origins, destinations = sets
    told = Provenance().joined(streets.provenance, origins.provenance, destinations.provenance)
    for places, attachment in ((origins, linkage.origins), (destinations, linkage.destinations)):
        told = told.with_notices(linkage_notices(places, attachment, query, file=_file_of(places)))
        told = told.with_notices(
            streets_shift_notices(places, streets, far_m=np.inf, at_most_m=attachment.snap_m)
        )
        if places is destinations:
            break
    return told.notices


def _file_of(places: Places) -> str:
    return places.provenance.sources[0].file if places.provenance.sources else ""

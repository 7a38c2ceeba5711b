"""Do the settings of a study point at things that exist?"""

from collections.abc import Collection, Iterable, Iterator

import numpy as np
import shapely

from accessibility.messages import _
from accessibility.model.defaults import Defaults
from accessibility.model.grid import Grid
from accessibility.model.places import Places
from accessibility.model.projection import unproject
from accessibility.model.provenance import Notice
from accessibility.model.streets import Streets
from accessibility.model.study import Study
from accessibility.studies.queries import unknown_classes


def reference_problems(
    study: Study, places: Places, defaults: Defaults, streets: Streets
) -> tuple[Notice, ...]:
    """
    Find settings that point nowhere: each would otherwise give an empty answer that reads like a finding.

    Parameters
    ----------
    study
        The settings.
    places, defaults, streets
        What they are held against.

    Returns
    -------
    problems
        One error notice per setting.
    """
    return (
        *_place_problems(study, places),
        *_travel_problems(study, defaults),
        *_area_problems(study, defaults, streets),
    )


def no_destinations_notices(kinds: Collection[str]) -> tuple[Notice, ...]:
    """
    Say that a study has nowhere to go.

    Parameters
    ----------
    kinds
        Kinds of places it goes to.

    Returns
    -------
    notices
        ``study-no-destinations`` (warning) where there is none.
    """
    if kinds:
        return ()
    message = _(
        "the study has no destinations: isochrones and streets are drawn, no travel time to any place"
    )
    mend = _("Add a table of places ([[places]] file), its kinds to [destinations] kinds, and a [[target]].")
    return (
        Notice("study-no-destinations", "warning", message, "study.toml", 0, "destinations.kinds", mend=mend),
    )


def _problem(field: str, message: str, value: object) -> Notice:
    return Notice("study-setting", "error", message, "study.toml", 0, field, str(value))


def _place_problems(study: Study, places: Places) -> Iterator[Notice]:
    """Find kinds, lines and ids that no place has."""
    kinds = set(places.kinds)
    for field, named in (
        ("origins.kinds", study.origin_kinds),
        ("destinations.kinds", study.destination_kinds),
    ):
        yield from _strange_kinds(field, named, kinds)
    for target in study.targets:
        where = f"target {target.id}"
        yield from _strange_kinds(where, [k for k in target.kinds if k not in study.destination_kinds], kinds)
        lines = set(places.of_kinds(target.kinds).fact("line")) - {""}
        if target.line and target.line not in lines:
            message = _(
                "no place of the kinds of this target is of line {line}; there are {lines}",
                line=target.line,
                lines=", ".join(sorted(lines)) or _("none"),
            )
            yield _problem(where, message, target.line)
    origins = set(places.of_kinds(study.origin_kinds).ids)
    if study.default_origin and study.default_origin not in origins:
        message = _("no place of the kinds that journeys begin at has the id {id}", id=study.default_origin)
        yield _problem("origins.default", message, study.default_origin)
    destinations = set(places.of_kinds(study.destination_kinds).ids)
    for question in study.questions:
        for place in question.destinations:
            if place not in destinations:
                message = _("no place of the kinds in destinations.kinds has the id {id}", id=place)
                yield _problem(f"question {question.id}", message, place)


def _strange_kinds(field: str, named: Iterable[str], kinds: set[str]) -> Iterator[Notice]:
    for kind in named:
        if kind not in kinds:
            known = ", ".join(sorted(kinds - {""})) or _("none")
            yield _problem(
                field, _("no place is of the kind {kind}; there are {kinds}", kind=kind, kinds=known), kind
            )


def _travel_problems(study: Study, defaults: Defaults) -> Iterator[Notice]:
    """Find periods without speeds, classes of road that do not exist, cutoffs nobody is followed to."""
    for period in study.periods if "drive" in study.modes else ():
        if period.id not in defaults.road_speeds.periods:
            choices = ", ".join(defaults.road_speeds.periods)
            message = _("there are no driving speeds for this period; there are {choices}", choices=choices)
            yield _problem("period", message, period.id)
    for name in unknown_classes(study.street_use.avoid):
        message = _("there is no class of road {name} in OpenStreetMap's highway=*", name=name)
        yield _problem("travel.avoid", message, name)
    for cutoff_s in study.cutoffs_s:
        if cutoff_s > study.max_duration_s:
            message = _(
                "a cutoff lies beyond max_duration_min ({minutes} min): what is reached there is unknown",
                minutes=f"{study.max_duration_s / 60:g}",
            )
            yield _problem("travel.cutoffs_min", message, f"{cutoff_s / 60:g}")


def _area_problems(study: Study, defaults: Defaults, streets: Streets) -> Iterator[Notice]:
    """Find an area without streets, and a grid of more squares than can be computed."""
    if not holds_streets(study.area, streets):
        lon, lat = unproject(streets.x_m, streets.y_m, streets.crs)
        box = ", ".join(f"{degrees:.4f}" for degrees in (lon.min(), lat.min(), lon.max(), lat.max()))
        message = _("there is no street in the area; the streets lie within {box}", box=box)
        yield _problem("study.area", message, ", ".join(f"{degrees:g}" for degrees in study.area))
    grid = Grid.over(study.area, crs=study.crs, cell_m=study.cell_m)
    n_cells, most = grid.n_columns * grid.n_rows, int(defaults.limits["max_grid_cells"])
    if n_cells > most:
        side_m = int(np.ceil(study.cell_m * np.sqrt(n_cells / most) / 10) * 10)
        message = _(
            "the grid would have {n} squares, {most} are allowed; with cell_m = {side} it would fit",
            n=n_cells,
            most=most,
            side=side_m,
        )
        yield _problem("grid.cell_m", message, f"{study.cell_m:g}")


def holds_streets(area: tuple[float, float, float, float], streets: Streets) -> bool:
    """
    Say whether any street lies in an area or crosses it.

    Parameters
    ----------
    area
        West, south, east, north (degrees).
    streets
        The network.
    """
    west, south, east, north = area
    lon, lat = unproject(streets.shape_x_m, streets.shape_y_m, streets.crs)
    if np.any((west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)):
        return True
    which = np.repeat(np.arange(streets.n_segments), np.diff(streets.shape_offset))
    lines = shapely.linestrings(np.column_stack([lon, lat]), indices=which)
    return bool(shapely.intersects(lines, shapely.box(*area)).any())

"""How far does one get within some minutes?"""

from collections.abc import Sequence
from pathlib import Path

from accessibility import measures
from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.isochrone import Isochrone
from accessibility.model.places import Places
from accessibility.model.provenance import Notice
from accessibility.outputs.geo_layers import isochrone_layer
from accessibility.outputs.tables import write_geojson, write_gpkg
from accessibility.outputs.writing import staged_file
from accessibility.studies.explain import place_at
from accessibility.studies.on_streets import Prepared, StreetOptions, check_level, prepare
from accessibility.studies.on_transit import TransitOptions
from accessibility.studies.progress import Progress, silent
from accessibility.studies.transit_isochrone import draw_transit_isochrones

FORMATS = (".geojson", ".gpkg")


def write_isochrones_file(
    out: Path,
    options: StreetOptions | TransitOptions,
    origins: Path | str,
    *,
    cutoffs_s: Sequence[int],
    level: str = "mid",
    progress: Progress = silent,
) -> tuple[tuple[Isochrone, ...], tuple[Notice, ...]]:
    """
    Draw isochrones and write them, whole or not at all.

    Parameters
    ----------
    out
        ``.geojson`` or ``.gpkg``.
    options
        Streets, mode, speeds, limits; for public transport feeds, window and percentiles too.
    origins
        Table of points, or one point as ``lon,lat``.
    cutoffs_s
        Cutoffs (s).
    level
        Level of the query: for driving ``low``, ``mid`` or ``high``.
    progress
        Is told the stages.

    Returns
    -------
    isochrones, notices
        What was written, and what to know about the data.

    Raises
    ------
    UsageError
        If the format of `out` is none of these, or a cutoff lies beyond the longest duration.
    """
    if out.suffix.lower() not in FORMATS:
        message = _("isochrones are written as {formats}", formats=", ".join(FORMATS))
        mend = _("Name the result with one of these endings.")
        raise UsageError(message, where=str(out), mend=mend, code="format")
    streets = options.streets if isinstance(options, TransitOptions) else options
    if streets.max_duration is not None and max(cutoffs_s) > 60 * streets.max_duration:
        what = _("an area of {n} minutes needs journeys of that length", n=f"{max(cutoffs_s) / 60:g}")
        mend = _("Raise --max-duration, or leave it out.")
        where = f"--max-duration {streets.max_duration:g}"
        raise UsageError(what, where=where, mend=mend, code="max-duration")
    if isinstance(options, StreetOptions):
        check_level(options.query(), level)
    with staged_file(out) as aside:
        places: Path | Places = (
            place_at(origins, streets.system, "--at") if isinstance(origins, str) else origins
        )
        if isinstance(options, TransitOptions):
            drawn, ready = draw_transit_isochrones(options, places, cutoffs_s, progress)
        else:
            drawn, ready = _over_streets(options, places, (tuple(cutoffs_s), level), progress)
        layer = isochrone_layer(drawn, ready.origins)
        if out.suffix.lower() == ".gpkg":
            write_gpkg(aside, [layer], as_of="")
        else:
            write_geojson(aside, layer)
    return drawn, ready.notices


def _over_streets(
    options: StreetOptions, places: Path | Places, asked: tuple[tuple[int, ...], str], progress: Progress
) -> tuple[tuple[Isochrone, ...], Prepared]:
    cutoffs_s, level = asked
    ready = prepare(options, places, None, progress)
    progress(_("drawing isochrones"), 0, 1)
    drawn = measures.isochrones(
        ready.streets,
        ready.linkage,
        ready.query,
        ready.origins.ids,
        cutoffs_s=cutoffs_s,
        level=level,
        buffer_m=options.defaults().limits["isochrone_buffer"],
    )
    return drawn, ready

"""From defaults (rows of data) and a user's wishes to the query that the engine answers."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.defaults import Defaults
from accessibility.model.modes import STREET_MODES
from accessibility.model.osm_rules import CLASS_MODES
from accessibility.model.projection import unproject
from accessibility.model.provenance import Notice
from accessibility.model.streets import Streets
from accessibility.model.study import Period, StreetUse, TransitUse
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import RANGE_LEVELS, TravelQuery
from accessibility.outputs.wording import by_language
from accessibility.units import mps_from_kmh

COMPLETE_STREETS = StreetUse()
"""Streets that are all there, and all of them used."""

LOCAL_STREET = "unclassified"
"""Road class whose speed a car has on the local streets that a sketch of main roads leaves out."""


class QueryKey(NamedTuple):
    """What tells the queries of a study apart; period and date are empty where they do not matter."""

    mode: str
    period: str = ""
    as_of: str = ""


def day_of(text: str, option: str) -> date:
    """
    Read a date as people state it.

    Raises
    ------
    UsageError
        If it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        what = _("a date is written like 2019-05-13, a time like 14:00")
        raise UsageError(what, where=f"{option} {text}", code="clock") from error


def transit_query(
    defaults: Defaults,
    use: TransitUse,
    period: Period,
    day: date,
    *,
    max_duration_s: int,
    access: TravelQuery | None = None,
) -> TransitQuery:
    """
    Make the query of a study on public transport: one departure per minute of a period of a date.

    Parameters
    ----------
    defaults
        Speeds and limits.
    use
        Percentiles, told as low, mid and high.
    period, day
        Departure window and service day.
    max_duration_s
        Longest duration (s).
    access
        How people get to the first stop, where not on foot.

    Returns
    -------
    query
        Its window is the period.
    """
    limits = defaults.limits
    return TransitQuery(
        day=day,
        start_s=period.start_s,
        n_minutes=(period.end_s - period.start_s) // 60,
        percentiles=use.percentiles,
        max_rides=round(limits["max_rides"]),
        walk_mps=limits["walk_speed"] / 60,
        max_walk_s=round(60 * limits["max_walk"]),
        max_duration_s=max_duration_s,
        board_slack_s=round(limits["board_slack"]),
        n_draws=round(limits["frequency_draws"]),
        period=period.id,
        labels=RANGE_LEVELS,
        access=access,
    )


def street_query(
    defaults: Defaults,
    mode: str,
    *,
    period: str = "",
    speed_kmh: float | None = None,
    max_duration_s: int | None = None,
    ranged: bool = True,
    use: StreetUse = COMPLETE_STREETS,
) -> TravelQuery:
    """
    Make a query on streets.

    Parameters
    ----------
    defaults
        Speeds, limits and factors, each a row of data with its source.
    mode
        ``walk``, ``cycle``, ``ebike`` or ``drive``.
    period
        Period of the driving speeds; the first of the table where empty.
    speed_kmh
        One speed (km/h) in place of the default ones; not for driving.
    max_duration_s
        Longest duration (s); the default where not given.
    ranged
        Whether to answer in low / mid / high where the speeds are a range; driving always is.
    use
        How the network is to be used; only cars avoid anything.

    Returns
    -------
    query
        Levels in the order of durations: the highest speed gives the level ``low``.

    Raises
    ------
    UsageError
        If the mode is unknown, a speed is given for driving, or it is not positive.
    """
    if mode not in STREET_MODES:
        choices = ", ".join(STREET_MODES)
        message = _("there is no mode {mode}; there are {choices}", mode=mode, choices=choices)
        raise UsageError(message, where="--mode", mend=_("Name one of these."), code="mode")
    if speed_kmh is not None and (mode == "drive" or not 0 < speed_kmh < 1000):
        message = _("a speed must be above 0 km/h, and driving takes its speeds from a table")
        mend = _("Walking about 3.6, cycling about 12 km/h; for driving --speeds.")
        option = "--cycle-speed" if mode in ("cycle", "ebike") else "--walk-speed"
        raise UsageError(message, where=f"{option} {speed_kmh:g}", mend=mend, code="speed")
    limits = defaults.limits
    if max_duration_s is None:
        max_duration_s = round(60 * limits["max_duration"])
    walk_mps = limits["walk_speed"] / 60
    levels, speed_mps = _speeds(defaults, mode, speed_kmh, ranged=ranged)
    drive = mode == "drive"
    period = (period or defaults.road_speeds.periods[0]) if drive else ""
    connector_mps: tuple[float, ...]
    if not drive:
        connector_mps = speed_mps if mode == "walk" else (walk_mps,) * len(levels)
        connector_mps = speed_mps if use.generalised else connector_mps
    elif use.generalised:
        connector_mps = defaults.road_speeds.of_class(LOCAL_STREET, period)[::-1]
    else:
        connector_mps = (walk_mps,) * len(levels)
    access_s, parking_s = defaults.extras["access"], defaults.extras["parking"]
    return TravelQuery(
        mode=mode,
        levels=levels,
        connector_mps=connector_mps,
        detour_factor=limits["connector_detour_factor"],
        snap_radius_m=(limits["snap_radius"], limits["snap_radius_wide"]),
        island_share=limits["island_share"],
        steps_factor=limits["steps_factor"],
        max_duration_s=max_duration_s,
        speed_mps=speed_mps,
        road_speeds=defaults.road_speeds if drive else None,
        period=period,
        signal_delay_s=defaults.extras["signal_delay"] if drive else (),
        terminal_s=tuple(a + b for a, b in zip(access_s, parking_s, strict=True)) if drive else (),
        off_network_m=use.off_network_m if use.generalised else 0.0,
        avoid=use.avoid if drive else (),
    )


def speed_area_notices(defaults: Defaults, streets: Streets) -> tuple[Notice, ...]:
    """
    Tell where driving speeds are used outside the area they were assumed for.

    Parameters
    ----------
    defaults
        Speeds with their area.
    streets
        The network.

    Returns
    -------
    notices
        ``speeds-elsewhere`` (warning) where less than half of the length of the streets lies in that area;
        none where the speeds are the user's own.
    """
    area = defaults.speed_area
    if area is None or not streets.n_segments:
        return ()
    lon, lat = unproject(streets.x_m, streets.y_m, streets.crs)
    west, south, east, north = area.box
    inside = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
    if streets.length_m[inside[streets.segment_from]].sum() >= streets.length_m.sum() / 2:
        return ()
    message = _(
        "the driving speeds were assumed for {area}, and these streets lie elsewhere: driving times here "
        "rest on no knowledge of the place",
        area=by_language(area.name_zh, area.name_en),
    )
    mend = _("Give a table of speeds of this place: --speeds, in a study.toml [travel] speeds.")
    file = streets.provenance.sources[0].file if streets.provenance.sources else ""
    return (Notice("speeds-elsewhere", "warning", message, file, mend=mend),)


def unknown_classes(road_classes: Iterable[str]) -> list[str]:
    """List what is no class of street in OpenStreetMap, so that a misspelt one is never silently ignored."""
    return [name for name in road_classes if name not in CLASS_MODES]


def _speeds(
    defaults: Defaults, mode: str, speed_kmh: float | None, *, ranged: bool
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Give the levels and, for modes that move themselves, their speeds (m/s), the fastest first."""
    if mode == "drive":
        return RANGE_LEVELS, ()
    if speed_kmh is not None:
        return ("mid",), (mps_from_kmh(speed_kmh),)
    low_mps, mid_mps, high_mps = defaults.mode_speeds[mode]
    if not ranged:
        return ("mid",), (mid_mps,)
    return RANGE_LEVELS, (high_mps, mid_mps, low_mps)

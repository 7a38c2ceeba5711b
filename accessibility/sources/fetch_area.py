"""The area of a download: a box, around a point, or around a named place."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyproj
import requests

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.sources.servers import (
    PUBLIC_SERVERS,
    Refused,
    Servers,
    check_status,
    failure_words,
    patiently,
    request_headers,
)


@dataclass(frozen=True)
class Box:
    """An area between meridians and parallels (degrees, WGS-84)."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        """Check that it has an inside."""
        if not (-180 <= self.west < self.east <= 180 and -90 <= self.south < self.north <= 90):
            raise UsageError(
                _("the box {box} has no inside", box=f"{self.west},{self.south},{self.east},{self.north}"),
                mend=_("Give west, south, east, north in degrees, e.g. 121.10,31.25,121.22,31.33."),
                code="box",
            )


def box_around(lon: float, lat: float, radius_m: float) -> Box:
    """
    Draw a box around a point.

    Parameters
    ----------
    lon, lat
        The point (degrees, WGS-84).
    radius_m
        Distance (m) from the point to each side.

    Returns
    -------
    box
        The box.

    Raises
    ------
    UsageError
        If the point is off the globe or the radius is not positive.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 < radius_m < 1e6):
        raise UsageError(
            _("there is no area around {lon},{lat}", lon=lon, lat=lat),
            mend=_("Give longitude, latitude (degrees) and a radius in metres, e.g. 121.16,31.29,3000."),
            code="around",
        )
    east, north, _back = pyproj.Geod(ellps="WGS84").fwd(
        [lon] * 4, [lat] * 4, [0, 90, 180, 270], [radius_m] * 4
    )
    return Box(min(east), min(north), max(east), max(north))


def box_of_place(place: str, *, servers: Servers = PUBLIC_SERVERS) -> Box:
    """
    Find the box around a named place.

    Parameters
    ----------
    place
        As one would type it into a map: ``安亭镇, 上海``.
    servers
        Whom to ask.

    Returns
    -------
    box
        The box around the outline of the place.

    Raises
    ------
    UsageError
        If no place with an outline has that name.
    OfflineError
        If the server cannot be reached or gives no usable answer.
    """
    import osmnx

    def look_up(server: str) -> Box:
        with _osmnx_settings(servers, server):
            try:
                west, south, east, north = osmnx.geocode_to_gdf(place).total_bounds.tolist()
            except requests.RequestException as error:
                raise Refused(failure_words(error)) from error
            except (TypeError, ValueError) as error:
                raise UsageError(
                    _("no place with an outline is called {place}", place=place),
                    mend=_("Write it as the map does, or give a box or a point with a radius."),
                    code="place-unknown",
                ) from error
        return Box(west, south, east, north)

    return patiently(servers, (servers.nominatim,), look_up)


@contextmanager
def _osmnx_settings(servers: Servers, nominatim: str) -> Iterator[None]:
    """Lend OSMnx our server, patience and manners, and restore its own."""
    import osmnx

    def check(answer: Any, *_args: Any, **_kwargs: Any) -> None:
        try:
            check_status(answer)
            if not isinstance(answer.json(), list):
                raise ValueError
        except ValueError as error:
            answer.close()
            raise Refused(_("answers with something that is no list of places")) from error
        except Refused:
            answer.close()
            raise

    ours = {
        "nominatim_url": nominatim,
        "requests_timeout": servers.timeout_s,
        "requests_kwargs": {**osmnx.settings.requests_kwargs, "hooks": {"response": check}},
        "http_user_agent": request_headers()["User-Agent"],
        "use_cache": servers.cache_folder is not None,
        "cache_folder": servers.cache_folder or osmnx.settings.cache_folder,
    }
    theirs = {name: getattr(osmnx.settings, name) for name in ours}
    try:
        for name, value in ours.items():
            setattr(osmnx.settings, name, value)
        yield
    finally:
        for name, value in theirs.items():
            setattr(osmnx.settings, name, value)

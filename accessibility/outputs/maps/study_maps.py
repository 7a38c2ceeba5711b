"""The maps of a study: each one file, readable without a network."""

from collections.abc import Sequence
from pathlib import Path

from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.places import Places
from accessibility.model.timetable import Timetable
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.maps.choice_maps import isochrone_map, journey_map
from accessibility.outputs.maps.grid_map import grid_map
from accessibility.outputs.maps.line_layers import line_layers
from accessibility.outputs.maps.map_frame import MapFrame, MapPage, dates_text, write_map
from accessibility.outputs.maps.map_layers import overlay_layers, place_layers, site_layer, station_layers

__all__ = ["grid_map", "isochrone_map", "journey_map", "overview_map"]


def overview_map(
    path: str | Path,
    frame: MapFrame,
    *,
    timetable: Timetable | None = None,
    overlays: Sequence[Places] = (),
    times: Sequence[TravelTimes] = (),
    tables: Sequence[AccessTable] = (),
) -> Path:
    """
    Map where everything lies: streets, starting places, stations, facilities, assumed lines.

    Parameters
    ----------
    path
        File to write.
    frame
        What all maps of the study share; its places are drawn.
    timetable
        Lines of public transport.
    overlays
        Assumed lines: their stops in order (fact ``line``), drawn dashed and labelled as an assumption.
    times
        Travel times from the starting places to named places, told in the cards of the places.
    tables
        Nearest tables from the starting places, told in their cards.

    Returns
    -------
    path
        The file.
    """
    layers = [
        *site_layer(frame, tables),
        *station_layers(frame, times),
        *(line_layers(timetable) if timetable is not None else ()),
        *overlay_layers(frame, overlays),
        *place_layers(frame, times),
    ]
    notes = [
        _("Click a sign, or find a place by name: its values, how they were made and how sure they are."),
        _("A dashed ring marks a station that was not open on the first date of the study."),
    ]
    if timetable is not None:
        notes.append(
            _(
                "Lines are drawn along their shape, else from stop to stop; "
                "click one for its headway and source."
            )
        )
    if overlays:
        notes.append(_("The dashed line is an assumption of this study, not an official alignment."))
    page = MapPage(
        title=_("Overview: places and streets"),
        subtitle=f"{frame.name} · {dates_text(frame.study)}",
        lead="",
        layers=layers,
        notes=notes,
        data={},
        selects={},
        find=_("Find a place"),
    )
    return write_map(path, frame, page)

"""Tables with geometry: GeoJSON (RFC 7946) and GeoPackage, brought to one point per row."""

import json
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from shapely.errors import ShapelyError
from shapely.geometry import shape

from accessibility.errors import AccessibilityError, DataError, SourceError, UsageError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.cells import cell_text, decode_text
from accessibility.sources.coordinates import parse_system

POSITION = ("lon", "lat")
"""Columns that hold the point of the geometry, first in the table (easting and northing if projected)."""


@dataclass
class GeoRows:
    """Features as rows of text, the point of the geometry in the first two columns."""

    file: str
    columns: tuple[str, ...] = ()
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    system: str = ""
    """Coordinate system that the file states, ``""`` where it states none."""

    def fill(self, features: Iterable[tuple[int, Mapping[str, Any], Any]]) -> None:
        """Take features (number, properties, geometry or ``None``)."""
        kept = [(number, dict(facts), self._point(number, geometry)) for number, facts, geometry in features]
        names = dict.fromkeys(name for _number, facts, _point in kept for name in facts)
        hidden = [name for name in names if name.strip().lower() in POSITION]
        for name in hidden:
            message = _("the geometry gives the position; the column is not used")
            self.notices.append(Notice("column-beside-geometry", "info", message, self.file, field=name))
        others = [name for name in names if name not in hidden]
        self.columns = (*POSITION, *others)
        self.rows = [
            (number, [*point, *(cell_text(facts.get(name)) for name in others)])
            for number, facts, point in kept
        ]

    def _point(self, number: int, geometry: Any) -> tuple[str, str]:
        if geometry is None or geometry.is_empty:
            return "", ""
        if geometry.geom_type != "Point":
            message = _("a {kind} is represented by a point inside it", kind=geometry.geom_type)
            try:
                with np.errstate(invalid="ignore"):
                    geometry = geometry.representative_point()
            except ShapelyError:
                self._malformed(number)
                return "", ""
            self.notices.append(Notice("geometry-to-point", "info", message, self.file, number))
        return repr(float(geometry.x)), repr(float(geometry.y))

    def _malformed(self, number: int) -> None:
        message = _("the geometry of the feature cannot be read")
        mend = _("Draw it anew, or remove the feature.")
        self.notices.append(
            Notice("geometry-malformed", "error", message, self.file, number, "geometry", mend=mend)
        )

    def geometry_of(self, number: int, member: Any) -> Any:
        """Make a geometry of a GeoJSON member; a notice and ``None`` where that fails."""
        if member is None:
            return None
        try:
            return shape(member)
        except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError):
            self._malformed(number)
            return None


def read_geojson(data: bytes, file: str) -> GeoRows:
    """
    Read the features of a GeoJSON file.

    Parameters
    ----------
    data
        Bytes of the file.
    file
        Its name, for notices.

    Returns
    -------
    rows
        Row numbers count the features from 1; the ``id`` of a feature is a column where the properties have
        none; ``system`` is what the old member ``crs`` states.

    Raises
    ------
    SourceError
        If it is no JSON or no GeoJSON, or states a coordinate system that is not known.
    """
    found = GeoRows(file)
    text, told = decode_text(data, file)
    found.notices.extend(told)
    document = _json(text, file)
    features = document.get("features") if document.get("type") == "FeatureCollection" else None
    features = [document] if document.get("type") == "Feature" else features
    if not isinstance(features, list):
        raise SourceError(
            _("the JSON holds no GeoJSON features"),
            where=file,
            mend=_("Export a FeatureCollection (RFC 7946)."),
            code="not-what-it-says",
        )
    name = document.get("crs")
    for key in ("properties", "name"):
        name = name.get(key) if isinstance(name, dict) else None
    found.system = _stated_system(str(name), file) if name else ""
    found.fill(_features(features, found))
    return found


def _json(text: str, file: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(
            _("the JSON is damaged: {reason}", reason=str(error)),
            where=file,
            mend=_("Save it again from the program that made it."),
            code="file-damaged",
        ) from error
    return document if isinstance(document, dict) else {}


def _features(members: Sequence[Any], found: GeoRows) -> Iterable[tuple[int, Mapping[str, Any], Any]]:
    for number, member in enumerate(members, start=1):
        facts = member.get("properties") if isinstance(member, dict) else None
        if not isinstance(member, dict) or not (facts is None or isinstance(facts, dict)):
            message = _("the feature is not an object with properties and a geometry")
            found.notices.append(Notice("feature-malformed", "error", message, found.file, number))
            continue
        facts = dict(facts or {})
        if "id" in member and not any(name.strip().lower() == "id" for name in facts):
            facts = {"id": member["id"], **facts}
        yield number, facts, found.geometry_of(number, member.get("geometry"))


def read_geopackage(path: Path, file: str, layer: str | None) -> GeoRows:
    """
    Read the features of a layer of a GeoPackage.

    Parameters
    ----------
    path
        The file.
    file
        Its name, for notices.
    layer
        Name of the layer; the first with geometry where not given.

    Returns
    -------
    rows
        Row numbers are the ``fid`` of the features, which is a column too; ``system`` is that of the layer.

    Raises
    ------
    SourceError
        If it is damaged, or states a coordinate system that is not known.
    DataError
        If no layer has geometry.
    UsageError
        If there is no such layer.
    """
    import pyogrio  # brings geopandas with it, which no other table needs
    import pyogrio.errors

    found = GeoRows(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL warns about extensions of the format that no table needs
            layers = {str(name): kind for name, kind in pyogrio.list_layers(path)}
            chosen = _choose_layer(layers, layer, found)
            frame = pyogrio.read_dataframe(path, layer=chosen, fid_as_index=True)
    except AccessibilityError:
        raise
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError, ValueError) as error:
        raise SourceError(
            _("the GeoPackage is damaged: {reason}", reason=str(error)),
            where=file,
            mend=_("Save it again from the program that made it."),
            code="file-damaged",
        ) from error
    if frame.crs is not None:
        epsg = frame.crs.to_epsg()
        found.system = _stated_system(f"EPSG:{epsg}" if epsg else str(frame.crs.name), file)
    facts = frame.drop(columns=frame.geometry.name)
    if "fid" not in (str(name).lower() for name in facts.columns):
        facts.insert(0, "fid", frame.index)
    columns = {str(name): list(facts[name]) for name in facts.columns}
    found.fill(
        (int(fid), {name: values[i] for name, values in columns.items()}, geometry)
        for i, (fid, geometry) in enumerate(zip(frame.index, frame.geometry, strict=True))
    )
    return found


def _choose_layer(layers: Mapping[str, Any], layer: str | None, found: GeoRows) -> str:
    listed = ", ".join(layers)
    if layer is not None:
        if layer not in layers:
            raise UsageError(
                _("there is no layer {layer}; there are: {layers}", layer=repr(layer), layers=listed),
                where=found.file,
                mend=_("Name one of these."),
                code="unknown-sheet",
            )
        if layers[layer] is not None:
            return layer
    spatial = [name for name, kind in layers.items() if kind is not None]
    if layer is not None or not spatial:
        raise DataError(
            _("no geometry is in the GeoPackage, or not in the layer asked for"),
            where=found.file,
            mend=_("Take a layer of points."),
            code="no-geometry",
        )
    if len(spatial) > 1:
        message = _("the GeoPackage has several layers; {layer} was read", layer=spatial[0])
        found.notices.append(Notice("further-sheets", "info", message, found.file, value=listed))
    return spatial[0]


def _stated_system(name: str, file: str) -> str:
    try:
        return parse_system(name)
    except UsageError as error:
        raise SourceError(
            _("the file states the coordinate system {name}, which is not known", name=repr(name)),
            where=file,
            mend=error.mend,
            code=error.code,
        ) from error

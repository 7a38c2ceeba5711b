"""The noun ``Places``: points people start from or go to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.provenance import Provenance


@dataclass(frozen=True, eq=False)
class Places(Rebuilt):
    """
    Points with an identifier, a position and how sure it is.

    Parameters
    ----------
    ids
        Identifiers, unique, not empty.
    names
        What readers see.
    kinds
        What each is: ``hospital``, ``school_primary``, ``metro_station``, ...
    lon, lat
        Position (degrees, WGS-84), shape ``[n_places]``; both NaN where unknown or unusable: such a place is
        kept and its reason told in every result.
    count
        People, beds, seats; 1 where nothing is counted; >= 0.
    uncertainty_m
        Radius (m) within which the true position lies; 0 where not stated.
    facts
        Further columns of the source as text (``line``, ``mark``, ``source``, ``valid_from``, ...).
    provenance
        Sources and notices.

    Raises
    ------
    ModelError
        If ids repeat or are empty, columns disagree in length, a position is off the globe, or a count or
        an uncertainty is negative.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    count: NDArray[np.float64]
    uncertainty_m: NDArray[np.float64]
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        """Freeze every column and check what the class promises."""
        n_places = len(self.ids)
        for name in ("lon", "lat", "count", "uncertainty_m"):
            column = freeze(getattr(self, name), np.float64, name=f"Places.{name}", shape=(n_places,))
            object.__setattr__(self, name, column)
        facts = {key: tuple(values) for key, values in self.facts.items()}
        object.__setattr__(self, "facts", MappingProxyType(facts))
        texts = {"names": self.names, "kinds": self.kinds, **facts}
        for name, values in texts.items():
            if len(values) != n_places:
                raise ModelError(
                    f"Places.{name} has {len(values)} values, expected {n_places}", code="places-shape"
                )
        if len(set(self.ids)) != n_places or not all(self.ids):
            raise ModelError("Places.ids must be unique and not empty", code="places-ids")
        known = np.isfinite(self.lon)
        if np.any(known != np.isfinite(self.lat)) or np.any(np.isinf(self.lon) | np.isinf(self.lat)):
            raise ModelError("Places.lon and Places.lat must be known together", code="places-position")
        if np.any(np.abs(self.lon[known]) > 180) or np.any(np.abs(self.lat[known]) > 90):
            raise ModelError("Places must lie on the globe", code="places-position")
        for name in ("count", "uncertainty_m"):
            if not np.all(getattr(self, name) >= 0):
                raise ModelError(f"Places.{name} must be >= 0", code=f"places-{name}")

    def __len__(self) -> int:
        """Count the places."""
        return len(self.ids)

    @property
    def located(self) -> NDArray[np.bool_]:
        """Say which places have a position, shape ``[n_places]``."""
        return np.isfinite(self.lon)

    def fact(self, name: str) -> tuple[str, ...]:
        """Return a further column as text, empty texts where the source has none."""
        return self.facts.get(name, ("",) * len(self))

    def index(self, place_id: str) -> int:
        """
        Find a place by its identifier.

        Raises
        ------
        ModelError
            If there is none of that identifier.
        """
        try:
            return self.ids.index(place_id)
        except ValueError as error:
            raise ModelError(f"no place has the id {place_id!r}", code="unknown-place") from error

    def take(self, keep: Sequence[int] | NDArray[np.intp] | NDArray[np.bool_]) -> "Places":
        """Take some places, by index or by mask, in that order."""
        chosen = np.asarray(keep)
        order = np.flatnonzero(chosen) if chosen.dtype == bool else chosen.astype(np.intp)

        def pick(values: Sequence[str]) -> tuple[str, ...]:
            return tuple(values[i] for i in order)

        return Places(
            ids=pick(self.ids),
            names=pick(self.names),
            kinds=pick(self.kinds),
            lon=self.lon[order],
            lat=self.lat[order],
            count=self.count[order],
            uncertainty_m=self.uncertainty_m[order],
            facts={name: pick(values) for name, values in self.facts.items()},
            provenance=self.provenance,
        )

    def of_kinds(self, kinds: Iterable[str]) -> "Places":
        """Take the places of some kinds."""
        wanted = set(kinds)
        return self.take(np.array([kind in wanted for kind in self.kinds], dtype=bool))

    def operating(self, on: date) -> "Places":
        """
        Take the places that exist on a date, by their facts ``valid_from`` and ``valid_to`` (ISO dates).

        A place without a date counts as operating: what is not known is not excluded, and `Places.fact`
        lets the reader say so.
        """
        day = on.isoformat()
        pairs = zip(self.fact("valid_from"), self.fact("valid_to"), strict=True)
        return self.take(
            np.array([(not a or a <= day) and (not b or day <= b) for a, b in pairs], dtype=bool)
        )

    @staticmethod
    def joined(parts: Sequence["Places"]) -> "Places":
        """
        Join several tables of places to one.

        Raises
        ------
        ModelError
            If an identifier stands in two of them.
        """
        fact_names = dict.fromkeys(name for part in parts for name in part.facts)
        return Places(
            ids=tuple(i for part in parts for i in part.ids),
            names=tuple(i for part in parts for i in part.names),
            kinds=tuple(i for part in parts for i in part.kinds),
            lon=np.concatenate([part.lon for part in parts]) if parts else np.empty(0),
            lat=np.concatenate([part.lat for part in parts]) if parts else np.empty(0),
            count=np.concatenate([part.count for part in parts]) if parts else np.empty(0),
            uncertainty_m=np.concatenate([part.uncertainty_m for part in parts]) if parts else np.empty(0),
            facts={name: tuple(v for part in parts for v in part.fact(name)) for name in fact_names},
            provenance=Provenance().joined(*(part.provenance for part in parts)),
        )

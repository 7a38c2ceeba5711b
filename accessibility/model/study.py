"""The noun ``Study``: an area and what is asked about it, as read from ``study.toml``."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accessibility.model.modes import transit_mode
from accessibility.model.places import Places


@dataclass(frozen=True)
class PlacesFile:
    """A source of places: a table with its stated coordinate system, or tags of the streets file."""

    file: str = ""
    osm: tuple[str, ...] = ()
    system: str = "wgs84"
    kind: str = ""


@dataclass(frozen=True)
class Target:
    """
    A set of destinations of which the nearest counts.

    Parameters
    ----------
    id, name, name_en
        Identifier and what readers see.
    kinds
        Kinds of places that belong to it.
    line
        Only places of this line (fact ``line``); ``""`` for all.
    """

    id: str
    name: str
    name_en: str
    kinds: tuple[str, ...]
    line: str = ""

    def of(self, places: Places) -> Places:
        """Take the places that belong to the set."""
        chosen = places.of_kinds(self.kinds)
        if not self.line:
            return chosen
        return chosen.take([i for i, line in enumerate(chosen.fact("line")) if line == self.line])


@dataclass(frozen=True)
class Period:
    """A part of the day: identifier, name and clock times (s since the start of the service day)."""

    id: str
    name: str
    name_en: str
    start_s: int
    end_s: int


@dataclass(frozen=True)
class Question:
    """
    Something the reply states and the study computes.

    Parameters
    ----------
    id
        Identifier, e.g. ``C02``.
    quote
        The sentence, word for word.
    measure
        ``duration`` or ``distance`` to `destinations`, ``nearest`` of `targets`, or ``straight`` line.
    destinations
        Ids of places; empty for ``nearest``.
    targets
        Ids of targets; empty otherwise.
    modes
        Modes to compute it by.
    as_of
        Dates (ISO) to compute it on; empty for the study's first date.
    stated
        What the sentence states, in words.
    rests_on
        What the answer rests on and what it cannot say, one sentence each (Chinese, English).
    """

    id: str
    quote: str
    measure: str
    destinations: tuple[str, ...]
    targets: tuple[str, ...]
    modes: tuple[str, ...]
    as_of: tuple[date, ...]
    stated: str
    rests_on: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StreetUse:
    """
    How a street network is to be used.

    Parameters
    ----------
    generalised
        Whether the streets are a sketch of main roads: then short ways beside them are allowed and the
        connector of a car trip is driven on local streets that the sketch leaves out.
    off_network_m
        How far (m) apart places may lie to be joined beside a sketch.
    avoid
        Classes of road (OSM ``highway`` values) that cars do not use; findings also tell the way that does.
    """

    generalised: bool = False
    off_network_m: float = 0.0
    avoid: tuple[str, ...] = ()


@dataclass(frozen=True)
class TransitUse:
    """
    Public transport of a study.

    Parameters
    ----------
    line_sheets
        Folders or workbooks of line sheets.
    gtfs
        GTFS feeds.
    percentiles
        Percentiles of the travel time over the departure window: what is told as shortest, middle, longest.
    access_modes
        How people get to the first stop: ``walk``, or one of the faster street modes.

    Notes
    -----
    The departure windows are the study's periods, the service days its dates.
    """

    line_sheets: tuple[str, ...]
    gtfs: tuple[str, ...]
    percentiles: tuple[int, int, int] = (10, 50, 90)
    access_modes: tuple[str, ...] = ("walk",)


@dataclass(frozen=True)
class Study:
    """
    An area, its sources and what is asked.

    Parameters
    ----------
    folder
        Where the study lies; every file is named relative to it.
    id, name, name_en
        Identifier and what readers see.
    asked
        The question behind the study (Chinese, English).
    area
        West, south, east, north (degrees, WGS-84).
    crs
        Projected coordinate system to measure in.
    as_of
        Dates on which places and lines are looked at, first to last.
    streets_file
        Street network.
    street_use
        How it is to be used.
    places_files
        Sources of places.
    origin_kinds, default_origin
        Kinds of places people start from, and the one shown first.
    destination_kinds
        Kinds of places that the matrix names one by one.
    targets, periods, questions
        As their classes say.
    cell_m
        Side (m) of the grid's squares.
    modes
        Modes of travel.
    max_duration_s
        Longest duration (s) that counts as reached.
    cutoffs_s
        Cutoffs (s) of isochrones and cumulative opportunities.
    unknown_file
        Table of what is not known; ``""`` where there is none.
    overlay_files
        Tables of lines to draw as assumptions; never routed on.
    sources_file
        Table of title, licence and date of the study's files; ``""`` where there is none.
    claims_file
        Sentences to hold against computed figures; ``""`` where there are none.
    measured_file
        Table of observed trips; ``""`` where there is none.
    speeds_file
        Table of driving speeds in place of the default one; ``""`` for the default.
    transit
        Public transport, ``None`` where the study looks at streets only.
    """

    folder: Path
    id: str
    name: str
    name_en: str
    asked: tuple[str, str]
    area: tuple[float, float, float, float]
    crs: str
    as_of: tuple[date, ...]
    streets_file: str
    street_use: StreetUse
    places_files: tuple[PlacesFile, ...]
    origin_kinds: tuple[str, ...]
    default_origin: str
    destination_kinds: tuple[str, ...]
    targets: tuple[Target, ...]
    periods: tuple[Period, ...]
    questions: tuple[Question, ...]
    cell_m: float
    modes: tuple[str, ...]
    max_duration_s: int
    cutoffs_s: tuple[int, ...]
    unknown_file: str = ""
    overlay_files: tuple[str, ...] = ()
    sources_file: str = ""
    speeds_file: str = ""
    claims_file: str = ""
    measured_file: str = ""
    transit: TransitUse | None = None

    @property
    def all_modes(self) -> tuple[str, ...]:
        """Every mode a question can ask for: those on streets, then those that ride."""
        riding = () if self.transit is None else map(transit_mode, self.transit.access_modes)
        return (*self.modes, *riding)

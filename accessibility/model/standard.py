"""Planning standards: what a text asks for, as a row of data with its source."""

from dataclasses import dataclass

from accessibility.errors import ModelError
from accessibility.model.provenance import Provenance

USES = ("coverage", "interchange", "spacing", "time", "practice")
"""What a standard speaks of; ``practice`` reports what was observed and asks for nothing."""

WAYS = ("network", "straight", "unstated")
"""How the text measures its figure: along streets, in a straight line, or it does not say."""

UNITS = ("m", "min")

UNVERIFIED = "U"
"""Mark of a figure that nobody has compared with its text."""


@dataclass(frozen=True)
class Standard:
    """
    One figure of a planning text.

    Parameters
    ----------
    id
        Identifier.
    title, title_en
        The text and what it asks for, in Chinese and English.
    clause
        Number of the clause; empty where it is not known.
    use
        One of `USES`.
    kinds
        Kinds of places it speaks of (``school_primary``, …); empty where it names none.
    low, high
        The figure in `unit`, 0 < low <= high; equal where the text gives one.
    unit
        ``m`` or ``min``.
    measured
        One of `WAYS`.
    share, share_of
        Required share (0 to 1) and of what (``people-jobs``, ``land``, …); ``None`` and empty where the text
        asks for none.
    scope
        Where or for what it holds; empty where everywhere.
    mark, source, note
        How certain it is, from where it was taken, what else a reader must know.

    Raises
    ------
    ModelError
        If a figure is out of order, a word is none of those above, or mark or source is missing.
    """

    id: str
    title: str
    title_en: str
    clause: str
    use: str
    kinds: tuple[str, ...]
    low: float
    high: float
    unit: str
    measured: str
    share: float | None
    share_of: str
    scope: str
    mark: str
    source: str
    note: str = ""

    def __post_init__(self) -> None:
        """Check what the class promises."""
        if not 0 < self.low <= self.high < float("inf"):
            raise ModelError(f"{self.id} is not 0 < low <= high", code="standard-figure")
        if self.share is not None and not 0 < self.share <= 1:
            raise ModelError(f"{self.id} asks for a share outside 0 to 1", code="standard-share")
        known = ((self.use, USES), (self.unit, UNITS), (self.measured, WAYS))
        for word, words in known:
            if word not in words:
                raise ModelError(f"{self.id}: {word!r} is none of {', '.join(words)}", code="standard-word")
        if not (self.id and self.mark and self.source):
            raise ModelError(f"{self.id or 'a standard'} lacks id, mark or source", code="standard-unsourced")

    @property
    def figures(self) -> tuple[float, ...]:
        """The figure or figures in `unit`, shortest first."""
        return (self.low,) if self.low == self.high else (self.low, self.high)

    @property
    def verified(self) -> bool:
        """Whether somebody compared the figure with its text."""
        return self.mark != UNVERIFIED


@dataclass(frozen=True)
class Standards:
    """
    A table of standards.

    Parameters
    ----------
    rows
        Standards with different ids.
    provenance
        The file.

    Raises
    ------
    ModelError
        If an id stands twice.
    """

    rows: tuple[Standard, ...]
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        """Check what the class promises."""
        ids = [row.id for row in self.rows]
        if len(set(ids)) != len(ids):
            raise ModelError("a standard stands twice", code="standard-twice")

    def __getitem__(self, standard_id: str) -> Standard:
        """
        Return a standard.

        Raises
        ------
        ModelError
            If there is none of that id.
        """
        for row in self.rows:
            if row.id == standard_id:
                return row
        known = ", ".join(row.id for row in self.rows)
        raise ModelError(f"no standard {standard_id!r}: {known}", code="standard-unknown")

    def of(self, use: str, kind: str = "") -> tuple[Standard, ...]:
        """Return the standards of a use, for one kind of place where it is given."""
        return tuple(row for row in self.rows if row.use == use and (not kind or kind in row.kinds))

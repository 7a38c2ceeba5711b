"""What all parts of a report share: names, the register of figures, the numbers of tables and pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from accessibility.messages import _, language
from accessibility.model.claim import Figure
from accessibility.model.document import Picture, Table
from accessibility.model.places import Places
from accessibility.outputs.evidence.words import detail_text, figure_text, travel_text
from accessibility.outputs.report.figures import Explainer, Register, Told, quantity_unit, span_of
from accessibility.outputs.wording import period_text


@dataclass(frozen=True, eq=False)
class Maker:
    """
    Makes the parts of one report.

    Parameters
    ----------
    names, periods
        Identifier -> name of places and targets, and of periods; a candidate site is named by its id.
    unknowns, unknown_names
        Id -> what would settle it, and what it is.
    places
        Every place, those of overlays too.
    sites
        Ids of the candidate sites; tables name them by id.
    explainer
        Knows the command that explains a figure.
    """

    names: dict[str, str]
    periods: dict[str, str]
    unknowns: Mapping[str, str]
    unknown_names: Mapping[str, str]
    places: Places
    sites: tuple[str, ...]
    explainer: Explainer
    register: Register = field(default_factory=Register)
    _count: dict[str, int] = field(default_factory=dict)

    def _next(self, letter: str) -> int:
        self._count[letter] = self._count.get(letter, 0) + 1
        return self._count[letter]

    def table(
        self,
        caption: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        dense: bool = False,
        note: str = "",
    ) -> Table:
        """Make a table with the next number; columns that are empty in every row are left out."""
        number = self._next("T")
        kept = [k for k in range(len(heads)) if any(row[k] for row in rows)]
        return Table(
            id=f"T{number}",
            caption=_("Table {n}  {caption}", n=number, caption=caption),
            heads=tuple(heads[k] for k in kept),
            rows=tuple(tuple(row[k] for k in kept) for row in rows),
            dense=dense,
            note=note,
        )

    def picture(self, caption: str, file: str, alt: str) -> Picture:
        """Make a picture with the next number."""
        number = self._next("P")
        return Picture(f"P{number}", _("Figure {n}  {caption}", n=number, caption=caption), file, alt)

    def file_title(self, file: str) -> str:
        """Name a file of the study that states no title of its own: a scenario by its label."""
        stem = file.rpartition("/")[2].partition(".")[0]
        return self.names.get(stem, _("no title"))

    def name(self, place: str) -> str:
        """Name a place; a candidate site by its id, a code of a reason in words."""
        return place if place in self.sites else detail_text(place, self.names)

    def subject(self, ids: str) -> str:
        """Name what a figure is about: one place, a set, or several places."""
        return _(", ").join(self.name(one) for one in ids.split("+"))

    def case(self, figure: Figure) -> str:
        """Write the conditions of a figure but its period: those of one case are written alike."""
        return figure_text(replace(figure, period=""), self.names, self.periods)

    def way(self, mode: str, period: str = "") -> str:
        """Name a mode with its period."""
        when = period_text(period, self.periods)
        return " ".join(part for part in (travel_text(mode), when) if part)

    def span(self, what: str, figures: Sequence[Figure], *, bare: bool = False) -> str:
        """Write what some figures of claims span, with the mark that leads to them."""
        low, high = span_of(figures)
        told = self.explainer.told(what, figures)
        return self.register.span(told, low, high, figures[0].unit, bare=bare)

    def mark(self, what: str, figures: Sequence[Figure]) -> str:
        """Give the mark alone, for a row whose numbers stand in cells of their own."""
        low, high = span_of(figures)
        told = self.explainer.told(what, figures)
        return self.register.mark(told, low, high, quantity_unit(figures[0].unit))

    def row(self, what: str, place: tuple[str, str], value: float, unit: str, explain: str = "") -> str:
        """Mark one number that stands in a row of a table of the workbook."""
        return self.register.mark(Told(what, place[0], (place[1],), explain), value, value, unit)


def joined(sentences: Sequence[str]) -> str:
    """Put sentences after each other, with a space where the language has one."""
    return (" " if language() == "en" else "").join(sentences)

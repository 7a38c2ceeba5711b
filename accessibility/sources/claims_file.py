"""Read ``claims.toml``: what a text states, how its words are to be taken, and what is not known about it."""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.claim import KINDS, UNITS, Claim, Stated
from accessibility.model.modes import TRANSIT_MODES
from accessibility.model.provenance import Provenance, SourceRecord
from accessibility.sources.toml_table import TomlTable, load_toml, with_rows

SIDES = ("both", "at_most", "at_least")
"""Where a word leaves room: around the value, below it, above it."""

_STRAIGHT = "straight"


@dataclass(frozen=True)
class Known:
    """
    What a claim may name.

    Parameters
    ----------
    places, targets, modes, periods, unknowns
        Ids; the modes without ``straight``.
    dates
        Dates (ISO) of the study.
    """

    places: Collection[str] = field(default_factory=tuple)
    targets: Collection[str] = field(default_factory=tuple)
    modes: Collection[str] = field(default_factory=tuple)
    periods: Collection[str] = field(default_factory=tuple)
    unknowns: Collection[str] = field(default_factory=tuple)
    dates: Collection[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Claims:
    """The claims of a text with the words it uses and the file they were read from."""

    claims: tuple[Claim, ...] = ()
    text_zh: str = ""
    text_en: str = ""
    provenance: Provenance = Provenance()


@dataclass(frozen=True)
class _Word:
    """How a word before a value is to be taken."""

    side: str
    tolerance: float


def read_claims(path: Path, known: Known, *, label: str = "") -> Claims:
    """
    Read the claims of a text.

    Parameters
    ----------
    path
        The file.
    known
        What its claims may name.
    label
        What notices call the file; its bare name where not given.

    Returns
    -------
    claims
        In the order of the file.

    Raises
    ------
    SourceError
        If the file is missing, unreadable, or no TOML.
    DataError
        If anything in it is missing or wrong; all of it is told at once.
    """
    file = label or path.name
    mend = _("Name the file in study.toml: [study] claims.")
    table = TomlTable(load_toml(path, noun="claims", missing=mend), file, code="claim-setting")
    reader = _Reader(known, _words(table))
    entries = table.tables("claim")
    claims = tuple(reader.claim(entry) for entry in entries)
    about = table.table("text")
    names = about.get("name", str, ""), about.get("name_en", str, "")
    for position, (entry, claim) in enumerate(zip(entries, claims, strict=True)):
        if claim.id in [earlier.id for earlier in claims[:position]]:
            entry.problem("id", _("the id {id} is given twice", id=claim.id), claim.id)
    table.no_more_keys()
    if table.problems:
        raise DataError(
            _("the claims have {n} problems", n=len(table.problems)),
            notices=with_rows(table.problems, path),
            where=str(path),
            mend=_("Mend the settings named; docs/claims.md describes each."),
            code="claims",
        )
    source = SourceRecord(file, sha256(path.read_bytes()).hexdigest())
    return Claims(claims, *names, Provenance(sources=(source,)))


def scenario_names(path: Path) -> tuple[str, ...]:
    """List the scenario files that claims name, each once; they are checked where they are read."""
    claims = load_toml(path, noun="claims", missing="").get("claim", [])
    named = [claim.get("scenarios", []) for claim in claims if isinstance(claim, dict)]
    flat = [name for names in named if isinstance(names, list) for name in names if isinstance(name, str)]
    return tuple(dict.fromkeys(flat))


def _words(table: TomlTable) -> Mapping[str, _Word]:
    """Read how words before a value are to be taken."""
    words = {}
    for entry in table.tables("word"):
        side = _choice(entry, "side", SIDES, "both")
        tolerance = entry.get("tolerance", float, 0.0)
        if not 0 <= tolerance < math.inf:
            entry.problem("tolerance", _("a tolerance is at least 0"), tolerance)
            tolerance = 0.0
        if not entry.get("source", str):
            entry.problem("source", _("how a word is taken needs a source"))
        words[entry.get("text", str)] = _Word(side, tolerance)
    return words


def _choice(entry: TomlTable, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
    value = entry.get(key, str, default)
    if value and value not in choices:
        message = _("{name} must be one of {choices}", name=entry.path + key, choices=", ".join(choices))
        entry.problem(key, message, value)
    return value if value in choices else choices[0]


class _Reader:
    """Reads claims against what they may name."""

    def __init__(self, known: Known, words: Mapping[str, _Word]) -> None:
        self.known = known
        self.words = words
        self.scenarios: dict[str, str] = {}

    def claim(self, entry: TomlTable) -> Claim:
        """Read one claim; what is wrong is noted in its table."""
        known = self.known
        kind = _choice(entry, "kind", KINDS)
        readings = [self._stated(one, kind) for one in entry.tables("stated")]
        values = {name: self._named(entry, name, ids) for name, ids in (
            ("destinations", known.places), ("targets", known.targets), ("origins", known.places),
            ("modes", (*known.modes, _STRAIGHT)), ("beside_modes", known.modes), ("periods", known.periods),
            ("unknown", known.unknowns), ("settled_by", known.unknowns),
            ("opportunities", known.targets),
        )}  # fmt: skip
        as_of = entry.dates("as_of", optional=True)
        for day in as_of:
            if day.isoformat() not in known.dates:
                entry.problem("as_of", _("the date {day} is not among study.as_of", day=day), day)
        baselines = entry.texts("baselines", optional=True)
        for place in baselines:
            if place and place not in known.places:
                entry.problem("baselines", _("there is no place {id}", id=place), place)
        claim = Claim(
            id=entry.get("id", str),
            quote=entry.get("quote", str),
            kind=kind,
            stated=tuple(stated for stated in readings if stated is not None),
            of=_choice(entry, "of", ("duration", "distance"), "duration"),
            as_of=as_of,
            radii_m=self._radii(entry),
            standard=entry.get("standard", str, ""),
            baselines=baselines,
            assumed=entry.get("assumed", bool, False),
            scenarios=self._scenarios(entry),
            open_words=entry.texts("open_words", optional=True),
            circular=(entry.get("circular", str, ""), entry.get("circular_en", str, "")),
            asked=entry.get("asked", bool, True),
            notes=self._notes(entry),
            **values,
        )
        _check_complete(entry, claim)
        return claim

    def _named(self, entry: TomlTable, key: str, ids: Collection[str]) -> tuple[str, ...]:
        """Read ids, each of which must exist."""
        named = entry.texts(key, optional=True)
        for one in named:
            if one not in ids:
                entry.problem(key, _NOTHING[key](one), one)
        return tuple(dict.fromkeys(named))

    def _stated(self, entry: TomlTable, kind: str) -> Stated | None:
        """Read one reading of what is stated: a value with its word, or a range."""
        unit = entry.get("unit", str, "")
        if not unit:
            entry.problem("unit", _("a stated value needs a unit: {units}", units=", ".join(UNITS)))
        elif unit not in UNITS:
            entry.problem("unit", _("{name} must be one of {choices}", name=entry.path + "unit",
                                    choices=", ".join(UNITS)), unit)  # fmt: skip
        elif unit not in _UNITS_OF[kind]:
            message = _("a claim of kind {kind} is not measured in {unit}", kind=kind, unit=unit)
            entry.problem("unit", message, unit)
        before = len(entry.problems)
        low, high = self._band(entry)
        text = entry.get("text", str, "")
        if len(entry.problems) > before or unit not in UNITS:
            return None
        return Stated(low, high, unit, text)

    def _band(self, entry: TomlTable) -> tuple[float, float]:
        given = {key: entry.get(key, float) for key in ("value", "low", "high") if key in entry.values}
        word = entry.get("word", str, "")
        if word and word not in self.words:
            entry.problem("word", _("there is no [[word]] {word}", word=word), word)
        if any(not math.isfinite(number) for number in given.values()):
            entry.problem("value", _("what is stated must be a number"))
            return 0.0, 0.0
        if set(given) == {"value"}:
            return _around(given["value"], self.words.get(word, _Word("both", 0.0)))
        if "value" in given or not given:
            entry.problem(
                "value", _("what is stated is a value, or a range with low and high, one of them enough")
            )
            return 0.0, 0.0
        low, high = given.get("low", -math.inf), given.get("high", math.inf)
        if low > high:
            entry.problem("high", _("a range ends before it begins"), high)
        return low, high

    def _radii(self, entry: TomlTable) -> tuple[float, ...]:
        radii = entry.get("radii_m", list, [])
        if not all(type(r) in (int, float) and 0 < r < math.inf for r in radii):
            entry.problem("radii_m", _("radii are metres above 0"), radii)
            return ()
        return tuple(sorted(float(r) for r in radii))

    def _scenarios(self, entry: TomlTable) -> tuple[str, ...]:
        """Read names of scenario files, which figures call by their bare names."""
        files = tuple(dict.fromkeys(entry.texts("scenarios", optional=True)))
        for file in files:
            path = PurePosixPath(file)
            if not re.fullmatch(r"[\w-]+", path.stem) or path.suffix != ".toml" or path.is_absolute():
                what = _(
                    "a scenario file is named relative to the study, of letters, digits, - and _: ….toml"
                )
                entry.problem("scenarios", what, file)
            elif self.scenarios.setdefault(path.stem, file) != file:
                entry.problem("scenarios", _("two scenario files bear the same name"), file)
        return files

    def _notes(self, entry: TomlTable) -> tuple[tuple[str, str], ...]:
        zh, en = entry.texts("notes", optional=True), entry.texts("notes_en", optional=True)
        if len(zh) != len(en):
            entry.problem("notes_en", _("notes and notes_en need the same number of sentences"))
        return tuple(zip(zh, en, strict=False))


def _not_computed(mode: str) -> str:
    return _("the study does not compute {mode}: see travel.modes, transit.access", mode=mode)


def _around(value: float, word: _Word) -> tuple[float, float]:
    room = round(abs(value) * word.tolerance, 9)
    low = -math.inf if word.side == "at_most" else round(value - room, 9)
    high = math.inf if word.side == "at_least" else round(value + room, 9)
    return low, high


_NOTHING = {
    "destinations": lambda one: _("there is no place {id}", id=one),
    "origins": lambda one: _("there is no place {id}", id=one),
    "targets": lambda one: _("there is no target {id}", id=one),
    "opportunities": lambda one: _("there is no target {id}", id=one),
    "modes": lambda one: _not_computed(one),
    "beside_modes": lambda one: _not_computed(one),
    "periods": lambda one: _("there is no period {id}", id=one),
    "unknown": lambda one: _("the table of unknowns has no record {id}", id=one),
    "settled_by": lambda one: _("the table of unknowns has no record {id}", id=one),
}

_UNITS_OF = {
    "distance": ("km",),
    "duration": ("min",),
    "presence": ("count",),
    "coverage": ("count",),
    "change": ("%",),
    "rank": ("rank",),
    "opened": ("days",),
    "interchange": (),
    "citation": (),
}
"""Units that what is stated by each kind of claim is measured in."""

_NEEDS = {
    "distance": ("destinations", "modes"),
    "duration": ("destinations", "modes"),
    "presence": ("modes",),
    "coverage": ("modes", "radii_m", "standard"),
    "change": ("modes", "as_of"),
    "rank": ("destinations", "targets", "modes", "as_of"),
    "opened": ("targets", "as_of"),
    "interchange": ("destinations", "as_of", "radii_m"),
    "citation": (),
}
"""What each kind of claim cannot do without."""


def _check_complete(entry: TomlTable, claim: Claim) -> None:
    for key in _NEEDS[claim.kind]:
        if not getattr(claim, key) and not entry.values.get(key):
            message = _("a claim of kind {kind} needs {name}", kind=claim.kind, name=key)
            entry.problem(key, message)
    if claim.kind in ("presence", "coverage") and not (claim.destinations or claim.targets):
        entry.problem("destinations", _("a presence names destinations or targets"))
    by_lines = [mode for mode in (*claim.modes, *claim.beside_modes) if mode in TRANSIT_MODES]
    if claim.targets and by_lines and not claim.scenarios:
        entry.problem(
            "modes", _("sets of places are compared on streets only; name destinations instead"), by_lines
        )
    _check_change(entry, claim)
    if bool(claim.circular[0]) != bool(claim.circular[1]):
        entry.problem("circular_en", _("circular needs its reason in Chinese and English"))


def _check_change(entry: TomlTable, claim: Claim) -> None:
    """Hold dates, scenarios and what is compared together."""
    if claim.scenarios and claim.kind not in ("change", "interchange"):
        message = _("a claim of kind {kind} knows no scenarios", kind=claim.kind)
        entry.problem("scenarios", message)
    if claim.opportunities and not (claim.scenarios and claim.kind == "change"):
        entry.problem("opportunities", _("opportunities are counted before and after scenarios: name some"))
    if claim.kind != "change":
        return
    if claim.scenarios and not (claim.destinations or claim.opportunities):
        message = _("the effect of a scenario is told for destinations or opportunities: name some")
        entry.problem("destinations", message)
    if not (claim.targets or claim.scenarios):
        message = _("a change names targets with baselines, or scenarios")
        entry.problem("targets", message)
    if bool(claim.targets) != ("baselines" in entry.values):
        message = _("a claim of kind {kind} needs {name}", kind=claim.kind, name="targets, baselines")
        entry.problem("baselines" if claim.targets else "targets", message)
    if claim.scenarios and not claim.targets:
        n_dates: tuple[int, ...] = (1, 2)
    else:
        n_dates = (1,) if claim.assumed else (2,)
    if "as_of" in entry.values and len(claim.as_of) not in n_dates:
        what = _(
            "a change needs two dates, before and after; with assumed places one, with scenarios one or two"
        )
        entry.problem("as_of", what)

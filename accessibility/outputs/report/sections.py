"""The sections of a report after its conclusions: places, isochrones, before and after, sources, method."""

from collections.abc import Sequence
from dataclasses import dataclass

from accessibility.messages import _
from accessibility.model.document import NOTE, Block, Heading, Paragraph, Section
from accessibility.model.finding import Finding
from accessibility.model.isochrone import Isochrone
from accessibility.model.study import Study
from accessibility.outputs.report.answers import dated_rows
from accessibility.outputs.report.figures import Told
from accessibility.outputs.report.parts import Maker
from accessibility.outputs.report.stations import lines_table, stations_table
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.outputs.wording import (
    decimal_text,
    kind_text,
    names_by_id,
)

OwnMap = tuple[str, str, str]
"""File within the folder of the report, caption, and what it shows."""


def location(
    study: Study, crs_name: str, named: Sequence[str], maps: Sequence[OwnMap], maker: Maker
) -> Section:
    """
    Show where everything lies.

    Parameters
    ----------
    study
        The study.
    crs_name
        Name of its projected coordinate system.
    named
        Places that the claims name, by the numbers they carry on the map, from 1.
    maps
        The location map.
    maker
        Names, numbers, and the register of figures.
    """
    datum = _(
        "Positions are WGS-84 longitude and latitude; lengths are measured in {crs} ({code}). No coordinate "
        "of "
        "another datum is mixed in. The maps are schematic and show no administrative boundaries.",
        crs=crs_name,
        code=study.crs,
    )
    blocks: list[Block] = [
        *(maker.picture(caption, file, alt) for file, caption, alt in maps),
        Paragraph(datum),
    ]
    chosen = [(site, site) for site in maker.sites]
    chosen += [(str(number), place) for number, place in enumerate(named, start=1)]
    places = maker.places
    full = names_by_id(places)
    rows = []
    for label, place in chosen:
        at = places.index(place)
        known = bool(places.located[at])
        metres = float(places.uncertainty_m[at])
        mark = maker.row(_("position of {place}", place=full[place]), ("places", place), metres, _("m"))
        rows.append((
            label, full[place], kind_text(places.kinds[at]),
            *((f"{places.lon[at]:.5f}", f"{places.lat[at]:.5f}") if known else (_("unknown"), _("unknown"))),
            f"±{metres:.0f} {mark}" if metres else _("not stated {mark}", mark=mark),
            places.fact("mark")[at] or _("no mark"),
        ))  # fmt: skip
    heads = (_("on the map"), _("name"), _("kind"), _("longitude (°)"), _("latitude (°)"),
             _("uncertainty (m)"), _("mark"))  # fmt: skip
    blocks.append(maker.table(_("Sites, and places that the claims name"), heads, rows, dense=True))
    return Section("location", _("Location"), tuple(blocks))


def isochrones(areas: Sequence[Isochrone], sheet: Sheet, maps: Sequence[OwnMap], maker: Maker) -> Section:
    """
    Show what is reached within the cutoffs.

    Parameters
    ----------
    areas
        Isochrones of every site.
    sheet
        The same as a table of the workbook, rows in the same order, ids in front.
    maps
        Maps of the site shown first.
    maker
        Names, numbers, and the register of figures.
    """
    cutoffs_s = sorted({area.cutoff_s for area in areas})
    groups: dict[tuple[str, str, str], dict[int, str]] = {}
    for area, row in zip(areas, sheet.rows, strict=True):
        way = maker.way(area.mode, area.period)
        what = _("area reached: {way}, {site}, {minutes} min", way=way, site=area.origin_id,
                 minutes=area.cutoff_s // 60)  # fmt: skip
        told = Told(
            what, sheet.name, (str(row[0]),), _("streets reached, and a strip on either side of them")
        )
        area_km2 = round(area.area_km2, 2)
        mark = maker.register.mark(told, area_km2, area_km2, _("km²"))
        text = f"{decimal_text(area_km2, 2)} {mark}"
        groups.setdefault((area.mode, area.period, area.origin_id), {})[area.cutoff_s] = text
    rows = [
        (maker.way(mode, period), site, *(cells.get(cutoff, "") for cutoff in cutoffs_s))
        for (mode, period, site), cells in groups.items()
    ]
    heads = (_("way"), _("from"), *(_("within {minutes} min (km²)", minutes=c // 60) for c in cutoffs_s))
    table = maker.table(
        _("Areas reached, at middle speeds"),
        heads,
        rows,
        dense=True,
    )
    text = _(
        "An isochrone is the strip along the streets that are reached within the time, outward from the "
        "site. "
        "Between the streets drawn nothing is said."
    )
    pictures = [maker.picture(caption, file, alt) for file, caption, alt in maps]
    return Section("isochrones", _("Isochrones"), (Paragraph(text), *pictures, table))


@dataclass(frozen=True, eq=False)
class BusAndRail:
    """Tables of the workbook about interchanges, ids in front: stations by date and radius, lines by date."""

    stations: Sheet
    lines: Sheet


def before_after(
    study: Study, audit: BusAndRail | None, findings: Sequence[Finding], answers: Sheet, maker: Maker
) -> Section | None:
    """
    Set dates beside each other: buses at stations, and times by public transport.

    Parameters
    ----------
    study
        The study.
    audit
        What stations are joined to; ``None`` where nothing was audited.
    findings
        Answers to the questions of the study.
    answers
        The same as a table of the workbook, ids in front.
    maker
        Names, numbers, and the register of figures.

    Returns
    -------
    section
        ``None`` where there is nothing to compare.
    """
    blocks: list[Block] = []
    if audit is not None and audit.stations.rows:
        blocks += [Heading(_("Buses at stations"))]
        blocks += [stations_table(study, audit.stations, maker), lines_table(study, audit.lines, maker)]
        blocks.append(Paragraph(_audit_words(), NOTE))
    rows = list(dated_rows(findings, answers, maker))
    if rows:
        minutes = (_("shortest (min)"), _("middle (min)"), _("longest (min)"))
        heads = (_("question"), _("to"), _("way"), *minutes, _("no."))
        table = maker.table(
            _("Times by public transport, date by date, over all sites"),
            heads,
            rows,
            dense=True,
            note=_("Counted from the departure, first wait included; assumed headways at both ends."),
        )
        blocks += [Heading(_("Times by public transport")), table]
    if not blocks:
        return None
    dates = " / ".join(day.isoformat() for day in study.as_of)
    return Section("before-after", _("Bus and metro, before and after ({dates})", dates=dates), tuple(blocks))


def _audit_words() -> str:
    return _(
        "Within: walks along streets. Trains missed: arrivals after which, with the walk, no line leaves any "
        "more, and departures before which none has arrived. Where headways are assumed, their middle is "
        "told; "
        "departures are then spread evenly. No change of a bus line is stated that no notice names."
    )


def row_mark(what: str, sheet: Sheet, row: Sequence[Cell], value: float, unit: str, maker: Maker) -> str:
    """Mark one number of a row of a table of the workbook, whose id stands first."""
    return maker.register.mark(Told(what, sheet.name, (str(row[0]),)), value, value, unit)

"""How a report says what was computed and with what: the method in sentences, the parameters in a table."""

from collections.abc import Iterator

from accessibility.messages import _
from accessibility.model.modes import mode_text
from accessibility.model.study import Study
from accessibility.outputs.maps.map_frame import avoided_text
from accessibility.outputs.wording import by_language
from accessibility.units import clock_from_seconds


def method_words(study: Study) -> Iterator[str]:
    """Tell how distances and times were computed, one sentence or two each."""
    yield _(
        "Straight lines are geodesics on the WGS-84 ellipsoid; distances by road are the lengths of the "
        "quickest "
        "way on the streets, not the shortest."
    )
    yield _(
        "Travel times are door to door on the streets, in whole seconds, told to a tenth of a minute. "
        "Shortest, "
        "middle and longest stand for the fast, middle and slow end of the speeds in the register of "
        "assumptions."
    )
    if "drive" in study.modes:
        yield _(
            "Driving speeds depend on class of road and period; they are mean speeds that contain waiting at "
            "signals. Access to the car and parking are never part of a driving time unless the table says "
            "so."
        )
        if study.street_use.avoid:
            yield avoided_text(study)
    if study.street_use.generalised:
        yield _(
            "The streets are a sketch of main roads: near places may also be joined beside it, by a "
            "straight line "
            "with the detour factor."
        )
    if study.transit is not None:
        yield _(
            "Times by public transport count from the departure, first wait included, one departure per "
            "minute of "
            "the period; shortest, middle and longest are percentiles of them. Assumed headways enter at "
            "both ends "
            "of their ranges and as random draws with fixed seeds in the middle."
        )
    yield _(
        "A change is after minus before, in per cent of before. Places count on a date between their dates "
        "of "
        "opening and closing; without a date they count as operating."
    )
    yield _(
        "Candidate sites weigh alike. The uncertainty of positions is in no interval; its effect is "
        "estimated apart, "
        "as the sum of both ends' uncertainties at the mean speed of the way."
    )


def parameter_rows(study: Study, crs_name: str) -> list[tuple[str, str]]:
    """List the settings that every figure depends on; `crs_name` names its projected coordinate system."""
    rows = [
        (_("dates"), " / ".join(day.isoformat() for day in study.as_of)),
        (_("projected system"), f"{crs_name} ({study.crs})"),
        (_("modes"), _(", ").join(mode_text(mode) for mode in study.all_modes)),
        (
            _("cutoffs of isochrones"),
            _("{minutes} min", minutes=" / ".join(str(s // 60) for s in study.cutoffs_s)),
        ),
        (
            _("longest travel time"),
            _("{minutes} min; none for claims on streets", minutes=study.max_duration_s // 60),
        ),
    ]
    rows += [
        (
            _("period: {name}", name=by_language(period.name, period.name_en)),
            f"{clock_from_seconds(period.start_s)}–{clock_from_seconds(period.end_s)}",
        )
        for period in study.periods
    ]
    if study.transit is not None:
        shares = " / ".join(str(p) for p in study.transit.percentiles)
        rows.append((_("percentiles of departures"), _("{shares} %", shares=shares)))
    rounding = _("durations: half up to whole seconds; at the faces half up to 0.1 minute")
    rows.append((_("rounding"), rounding))
    if study.street_use.off_network_m:
        rows.append(
            (_("joined beside the sketch up to"), _("{m} m", m=f"{study.street_use.off_network_m:g}"))
        )
    return rows

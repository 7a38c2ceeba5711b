"""RULE UNDER TEST: a document leads from every figure in its text to one entry, and says nothing in code."""

import pytest

from accessibility.errors import ModelError
from accessibility.messages import language, set_language
from accessibility.model.claim import Figure
from accessibility.model.document import Document, Heading, Paragraph, ReportFigure, Section, Table
from accessibility.model.study import Period
from accessibility.outputs.report.figures import Explainer, Register, Told, index_sheet, runs_text
from accessibility.outputs.report.numbers import chinese_number, numbered_sections


@pytest.fixture(autouse=True)
def _speak_english():
    before = language()
    set_language("en")
    yield
    set_language(before)


def figure(name="F1"):
    return ReportFigure(name, "a time", 12.0, 40.2, "min", "claim_figures", ("C02.p1",))


def document(text="12.0–40.2 min [F1]", *, figures=None, sections=None):
    figures = (figure(),) if figures is None else figures
    told = sections or (Section("one", "One", (Paragraph(text),)),)
    return Document("en", "Annex", "Title", "", "2021-12-30", (), told, tuple(figures))


def test_a_document_gives_its_texts_in_order():
    table = Table("T1", "caption", ("a", "b"), (("1", "2"),), note="note")
    made = document(sections=(Section("one", "One", (Paragraph("x [F1]"), table)),))
    assert list(made.texts()) == [
        "Annex",
        "Title",
        "",
        "One",
        "x [F1]",
        "caption",
        "a",
        "b",
        "1",
        "2",
        "note",
    ]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda: document("no figure"), "document-figures"),
        (lambda: document("x [F1] y [F2]"), "document-figures"),
        (lambda: document(figures=(figure(), figure())), "document-ids"),
        (lambda: document("nan min [F1]"), "document-value"),
        (lambda: document("3.0–inf min [F1]"), "document-value"),
        (lambda: Section("one", "One", ()), "document-empty"),
        (lambda: Section("one", "One", (Heading("a"), Heading("b"), Paragraph("c"))), "document-empty"),
        (lambda: Section("one", "One", (Paragraph("c"), Heading("a"))), "document-empty"),
        (lambda: Table("T1", "c", ("a",), ()), "document-table"),
        (lambda: Table("T1", "c", ("a",), (("1", "2"),)), "document-table"),
    ],
)
def test_what_a_document_promises_is_checked_at_birth(wrong, code):
    with pytest.raises(ModelError) as told:
        wrong()
    assert told.value.code == code


def test_a_place_called_nan_is_no_missing_value():
    assert document("Nanxiang, Nan Road, None known [F1]")


def test_what_is_told_again_keeps_its_number_and_other_rows_get_the_next():
    register = Register()
    first = register.span(Told("x", "claim_figures", ("C02.p1", "C02.p2")), 12.0, 40.2, "min")
    again = register.span(Told("y", "claim_figures", ("C02.p1", "C02.p2")), 12.0, 40.2, "min", bare=True)
    other = register.span(Told("z", "claim_figures", ("C06.p3",)), -71.0, -48.3, "%")
    open_end = register.span(Told("o", "claim_figures", ("C07.p1",)), 83.0, float("inf"), "min")
    assert (first, again) == ("12.0 – 40.2 min [F1]", "12.0–40.2 [F1]")
    assert other == "−71.0 to −48.3 % [F2]"
    assert open_end == "83.0 – not reached min [F3]"
    assert [(one.low, one.high) for one in register.figures] == [(12.0, 40.2), (-71.0, -48.3), (83.0, None)]


def test_ids_that_follow_each_other_are_written_as_runs():
    ids = ("C02.p1", "C02.p2", "C02.p3", "C02.p7", "C03.p8", "isochrones.9", "isochrones.10", "h1")
    assert runs_text(ids) == "C02.p1..C02.p3 C02.p7 C03.p8 isochrones.9..isochrones.10 h1"


def test_the_index_names_the_sheet_as_readers_see_it():
    sheet = index_sheet([figure()], {"claim_figures": "Figures"})
    assert sheet.rows == (("F1", "a time", 12.0, 40.2, "min", "Figures", "C02.p1", "", ""),)


DRIVE = "accessibility explain --study study.toml --mode drive --period peak"
PERIODS = (Period("peak", "早高峰", "peak", 27000, 30600),)


@pytest.mark.parametrize(
    ("change", "command"),
    [
        ({}, f"{DRIVE} --max-duration 1440 --from C2 --to A"),
        (
            {"direction": "back", "roads": "all"},
            f"{DRIVE} --avoid - --max-duration 1440 --from A --to C2",
        ),
        (
            {"mode": "ebike_transit", "as_of": "2021-05-21"},
            "accessibility explain --study study.toml --lines lines --date 2021-05-21 --depart 07:30"
            " --window 60 --access-mode ebike --from C2 --to A",
        ),
        ({"measure": "nearest", "subject": "metro", "detail": "A", "period": "", "mode": "walk"},
         "accessibility explain --study study.toml --mode walk --max-duration 1440 --from C2 --to A"),
        ({"measure": "change"}, "computed from the rows beside it"),
        ({"terminal": True}, ""),
        ({"level": "low"}, ""),
        ({"value": float("inf")}, ""),
    ],
)  # fmt: skip
def test_a_figure_is_explained_by_the_command_that_tells_its_journey(change, command):
    terms = {"mode": "drive", "period": "peak", "direction": "there", "level": "mid", "origin": "C2"} | change
    measure, subject = terms.pop("measure", "duration"), terms.pop("subject", "A")
    value = terms.pop("value", 24.2)
    one = Figure("C02.p5", "C02", measure, subject, value, "min", **terms)
    told = Explainer(PERIODS, ["--lines lines"], ["C2", "C1"]).told("x", [one])
    assert told.explain == command
    assert told.explained == ("C02.p5" if command.startswith("accessibility") else "")


def test_the_site_shown_first_stands_for_all():
    figures = [
        Figure(f"C02.p{n}", "C02", "duration", "A", 20.0, "min", origin=site, mode="walk", level=level)
        for n, (site, level) in enumerate([("C1", "mid"), ("C2", "low"), ("C2", "mid")], start=1)
    ]
    assert Explainer(PERIODS, [], ["C2", "C1"]).told("x", figures).explained == "C02.p3"


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四")]
)
def test_numbers_in_chinese(number, text):
    assert chinese_number(number) == text


def test_sections_and_their_parts_are_numbered_in_the_way_of_the_language():
    section = Section("one", "结论", (Heading("甲"), Paragraph("a"), Heading("小", 3), Paragraph("b")))
    (chinese,), (english,) = (numbered_sections([section], language) for language in ("zh", "en"))
    assert [chinese.title, chinese.blocks[0].text, chinese.blocks[2].text] == ["一、结论", "（一）甲", "小"]
    assert [english.title, english.blocks[0].text] == ["1  结论", "1.1  甲"]

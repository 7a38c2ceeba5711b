"""RULE UNDER TEST: the annex says what the rule gives, and every number of it is in the workbook."""

import math
import re
import subprocess
import sys

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from accessibility.messages import language, set_language
from accessibility.model.document import Table
from accessibility.outputs.wording import decimal_text
from accessibility.sources.study_file import read_study
from accessibility.studies.data_folder import data_folder
from accessibility.studies.report import report_study
from tests.reports import MARK, NUMBER, NUMBERED, TOLD, Workbook, docx_texts, expanded, html_texts


@pytest.fixture(scope="module", params=["zh", "en"])
def annex(request, tmp_path_factory):
    """The report on the embedded study in both languages, and its workbook."""
    before = language()
    set_language(request.param)
    study = read_study(data_folder() / "anting")
    result = report_study(study, tmp_path_factory.mktemp("annex") / request.param, pdf=False)
    yield request.param, result, Workbook(result.out / "report.xlsx")
    set_language(before)


def texts(result):
    return {"docx": docx_texts(result.out / "report.docx"), "html": html_texts(result.out / "report.html")}


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_every_number_of_the_report_is_in_the_workbook(annex, kind):
    _language, result, book = annex
    missing = {
        (number, text)
        for text in texts(result)[kind]
        for number in NUMBER.findall(NUMBERED.sub("", MARK.sub("", text)))
        if number not in book.numbers
    }
    assert not missing


def index_of(book):
    first = book.book.sheetnames[0]
    return book.by_id(first), list(book.rows(first)[0])


def test_every_figure_of_the_index_is_what_its_rows_span(annex):
    """Claims span the least to the largest of their rows; other tables say it in a cell."""
    _language, result, book = annex
    sheets = {title: book.by_id(title) for title in book.book.sheetnames}
    index, (_id, _what, low, high, _unit, sheet, ids, *_rest) = index_of(book)
    assert set(index) == {figure.id for figure in result.document.figures}
    for name, row in index.items():
        rows = [sheets[row[sheet]][one] for one in expanded(row[ids])]
        values = [v for one in rows for v in one.values() if isinstance(v, (int, float))]
        for end, choose in ((row[low], min), (row[high], max)):
            if end is None:
                continue
            if len(rows) > 1 and "C" in row[ids]:
                column = next(k for k in rows[0] if k in ("数值", "value"))
                assert end == choose(one[column] for one in rows if one[column] is not None), name
            elif row[sheet] not in ("各标记的记录数", "Records by mark"):
                assert any(math.isclose(end, v, abs_tol=0.005 + 1e-9) for v in values), (name, end, values)


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_what_stands_before_a_mark_is_the_figure_it_leads_to(annex, kind):
    _language, result, _book = annex
    figures = {figure.id: figure for figure in result.document.figures}
    told = [found for text in texts(result)[kind] for found in TOLD.finditer(text) if not found["sign"]]
    assert len(told) > 300
    for found in told:
        figure = figures[found["mark"]]
        for text, end in ((found["low"], figure.low), (found["high"] or found["low"], figure.high)):
            if not NUMBER.search(text):
                assert end is None, found[0]
                continue
            digits = len(text.partition(".")[2])
            assert end is not None, found[0]
            assert text.replace("−", "-") == decimal_text(end, digits), found[0]


def test_the_report_holds_no_empty_section_and_no_value_of_a_program(annex):
    _language, result, _book = annex
    for found in texts(result).values():
        assert not [text for text in found if text.strip().lower() in ("nan", "none", "inf", "n/a")]
        assert not [text for text in found if " nan" in text or "nan " in text]
    ids = [section.id for section in result.document.sections]
    assert ids == [
        *("conclusions", "location", "isochrones", "before-after", "claims", "sources", "method", "versions")
    ]


def table(result, words):
    return next(
        block for block in result.document.blocks() if isinstance(block, Table) and words in block.caption
    )


def test_c02_has_its_full_table_and_the_word_of_the_rule(annex):
    """Four sites, two directions, two periods, with and without access and parking."""
    language_, result, _book = annex
    cases = table(result, "C02：全部情形" if language_ == "zh" else "C02: every case")
    assert len(cases.rows) == 4 * 2 * 2 * 2
    assert cases.rows[0][4:7] == ("19.8", "25.4", "35.2")
    conclusions = {
        row[0]: row
        for row in table(result, "论断与判断" if language_ == "zh" else "Claims and verdicts").rows
    }
    assert conclusions["C02"][3] == ("基本符合" if language_ == "zh" else "broadly consistent")
    assert conclusions["C03"][3] == ("无法核实" if language_ == "zh" else "cannot be verified")
    assert ("循环论证" if language_ == "zh" else "Circular") in conclusions["C03"][4]
    assert conclusions["C01"][3] == ("不符合" if language_ == "zh" else "inconsistent")
    assert "2021-05-21" in conclusions["C01"][4], "Line 14 was not open on the date of the reply"
    assert conclusions["C06"][2].count("[F") == 2, "both baselines"


def test_the_first_table_tells_every_computed_claim_once_under_its_word(annex):
    """Eleven claims were computed; on the first page no mark stands, they stand in the next table."""
    language_, result, _book = annex
    summary = next(block for block in result.document.blocks() if isinstance(block, Table))
    *groups, (_head, rests) = summary.rows
    told = {line.split(" ")[0]: word for word, cell in groups for line in cell.split("\n")}
    lines = [line for _word, cell in groups for line in cell.split("\n")]
    assert sorted(told) == [*(f"C0{n}" for n in range(1, 10)), "N01", "N02"]
    assert len(lines) == len(told)
    assert {told["C03"], told["C04"], told["C05"]} == {
        "无法核实" if language_ == "zh" else "cannot be verified"
    }
    assert not [line for line in lines if MARK.search(line)]
    assert "±600" in rests


def test_scenarios_are_called_by_their_labels_and_their_files_named_once(annex):
    """Five scenarios; raw names of files stand only in tables that list files."""
    language_, result, _book = annex
    file = "文件" if language_ == "zh" else "file"
    listing = [b for b in result.document.blocks() if isinstance(b, Table) and file in b.heads]
    texts_of_files = {text for one in listing for row in one.rows for text in row}
    raw = ("line14_west", "fengbang_15min")
    others = [text for text in result.document.texts() if text not in texts_of_files]
    assert not [text for text in others if any(stem in text for stem in raw)]
    legend = listing[0]
    labels = ["方案甲", "方案乙", "方案丙", "方案丁", "方案戊"]
    assert [row[0] for row in legend.rows] == (
        labels if language_ == "zh" else [f"scenario {letter}" for letter in "ABCDE"]
    )


def test_the_printed_annex_stays_short(annex):
    """Two dates and two bus scenarios by three bands of radii; the detail stands in the workbook."""
    language_, result, _book = annex
    stations = table(result, "公交衔接情况" if language_ == "zh" else "is joined to")
    assert len(stations.rows) == 4 * 3
    tables = [block for block in result.document.blocks() if isinstance(block, Table)]
    assert sum(len(one.rows) for one in tables) < 600
    assert max(len(one.rows) for one in tables) <= 60


def test_no_column_is_narrower_than_its_longest_word(annex):
    """Widths of the file, against a measure of words that knows nothing of Chinese terms or heads."""
    _language, result, _book = annex
    word = docx.Document(str(result.out / "report.docx"))
    tables = [block for block in result.document.blocks() if isinstance(block, Table)]
    for one, told in zip(word.tables, tables, strict=True):
        columns = [int(c.get(qn("w:w"))) / 20 for c in one._tbl.tblGrid.iterchildren()]
        size_pt = 9 if told.dense else 10.5
        for k, width in enumerate(columns):
            dates = [d for row in told.rows for d in re.findall(r"\d{4}-\d\d-\d\d", row[k])]
            if dates:
                assert width - 6 >= 10 * 0.56 * size_pt, (told.caption, told.heads[k])


def test_c08_names_the_uncertainty_of_the_school_points(annex):
    language_, result, _book = annex
    schools = table(result, "C08：距离与时间" if language_ == "zh" else "C08: distance and time")
    rows = {row[0]: row[1:] for row in schools.rows}
    points = rows["点位误差（米）" if language_ == "zh" else "uncertainty of the point (m)"]
    assert [MARK.sub("", cell).strip() for cell in points] == ["±300", "±120", "±300", "±120"]


def test_page_fonts_and_tables_are_those_of_an_official_annex(annex):
    language_, result, _book = annex
    word = docx.Document(str(result.out / "report.docx"))
    page = word.sections[0]
    sides = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    width = page.page_width - page.left_margin - page.right_margin
    for one in word.tables:
        columns = [int(column.get(qn("w:w"))) for column in one._tbl.tblGrid.iterchildren()]
        assert sum(columns) * 635 <= width + Mm(0.1)
        head = one.rows[0]._tr.trPr
        assert head.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in one.rows)
    in_tables = (
        p for one in word.tables for row in one.rows[:2] for cell in row.cells for p in cell.paragraphs
    )
    used = {paragraph.style.name for paragraph in (*word.paragraphs, *in_tables)}
    fonts = {name: word.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in used}
    assert all(fonts.values())
    assert fonts["AnnexBody"] == "仿宋"
    assert word.styles["AnnexBody"].font.size.pt == (16 if language_ == "zh" else 11.5)
    assert (fonts["AnnexTitle"], word.styles["AnnexTitle"].font.size.pt) == (
        "方正小标宋简体",
        22 if language_ == "zh" else 16,
    )
    assert fonts["Heading 1"] == "黑体"


def test_a_command_of_the_index_tells_the_row_it_names(annex):
    """The first drive of C02 that the index explains, in minutes of the middle."""
    _language, result, book = annex
    figure = next(f for f in result.document.figures if f.explained.startswith("C02") and f.unit)
    rows = book.by_id(book.book.sheetnames[3])
    row = rows[figure.explained]
    minutes = row["数值" if "数值" in row else "value"]
    command = figure.explain.split(" ")
    assert command[0] == "accessibility"
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=data_folder() / "anting", capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    whole, seconds = re.search(r"(\d+):(\d\d)", done.stdout.splitlines()[0]).groups()
    assert decimal_text(int(whole) + int(seconds) / 60, 1) == decimal_text(minutes, 1)

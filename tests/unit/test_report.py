"""RULE UNDER TEST: a report is one document in several files, the same bytes, whole or not at all."""

import hashlib
import json
import sys
import zipfile
from datetime import date
from importlib import util
from pathlib import Path

import docx
import openpyxl
import pytest

from accessibility.cli import main
from accessibility.errors import OutputError, SourceError, UsageError
from accessibility.messages import language, set_language
from accessibility.outputs.report import pdf as report_pdf
from accessibility.sources.study_file import read_study
from accessibility.studies import report
from accessibility.studies.archiving.pack import archive_study
from accessibility.studies.archiving.verify import verify_archive
from accessibility.studies.report import report_study
from tests.reports import MARK, docx_texts, html_texts
from tests.unit.test_findings import STUDY, write_study

CLAIMS = """\
[text]
name = "答复"
name_en = "the reply"
[[word]]
text = "约"
side = "both"
tolerance = 0.2
source = "本项目约定"
[[claim]]
id = "T1"
quote = "到环路站约7分钟车程"
kind = "duration"
destinations = ["L11-loop"]
modes = ["drive"]
[[claim.stated]]
value = 7
unit = "min"
word = "约"
[[claim]]
id = "T2"
quote = "周边已有14号线"
kind = "presence"
targets = ["line14"]
modes = ["straight"]
beside_modes = ["walk"]
as_of = [2021-05-21, 2021-12-30]
radii_m = [500, 2000]
open_words = ["周边"]
[[claim.stated]]
low = 1
unit = "count"
[[claim]]
id = "T3"
quote = "距离大幅缩短"
kind = "change"
of = "distance"
targets = ["metro"]
modes = ["straight", "walk"]
as_of = [2021-05-21, 2021-12-30]
baselines = ["L11-loop", ""]
open_words = ["大幅"]
[[claim.stated]]
high = -20
unit = "%"
[[claim]]
id = "T4"
quote = "=SUM(A1) 学校集聚"
kind = "coverage"
destinations = ["near", "far"]
modes = ["straight", "walk"]
radii_m = [500]
standard = "服务半径500 m / service radius 500 m"
[[claim]]
id = "T5"
quote = "环路站最近吗"
kind = "rank"
asked = false
destinations = ["L11-loop"]
targets = ["metro"]
modes = ["straight"]
as_of = [2021-12-30]
[[claim.stated]]
low = 1
high = 1
unit = "rank"
[[claim]]
id = "T6"
quote = "规划方案"
kind = "citation"
"""


@pytest.fixture(autouse=True)
def _speak_chinese():
    before = language()
    set_language("zh")
    yield
    set_language(before)


def town_study(folder: Path, *, claims: str = CLAIMS):
    text = (
        STUDY.replace('crs = "EPSG:4549"', 'crs = "EPSG:4549"\nclaims = "claims.toml"') if claims else STUDY
    )
    write_study(folder, text)
    (folder / "claims.toml").write_text(claims, encoding="utf-8")
    return read_study(folder)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    before = language()
    set_language("zh")
    folder = tmp_path_factory.mktemp("town")
    study = town_study(folder / "study")
    result = report_study(study, folder / "report", pdf=False)
    set_language(before)
    return study, result


def hashes(folder: Path):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files
    }


def test_a_report_is_a_word_document_a_page_a_workbook_and_maps(town):
    _study, result = town
    assert set(hashes(result.out)) == {
        *("report.docx", "report.html", "report.xlsx", "manifest.json"),
        *("maps/location.png", "maps/isochrones_drive.png", "maps/isochrones_other.png"),
    }
    manifest = json.loads((result.out / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == set(hashes(result.out)) - {"manifest.json"}
    assert {"python-docx", "docxtpl", "matplotlib", "xlsxwriter"} <= set(manifest["versions"])


def test_the_same_study_gives_the_same_bytes(town, tmp_path):
    study, result = town
    again = report_study(study, tmp_path / "again", pdf=False)
    assert hashes(again.out) == hashes(result.out)


def test_an_archive_of_a_report_is_verified_by_making_it_again(town, tmp_path):
    study, result = town
    packed = archive_study(study.folder, [result.out], tmp_path / "town.zip")
    assert verify_archive(packed.path, out=tmp_path / "again").same


def test_dates_in_files_are_those_of_the_study(town):
    _study, result = town
    core = docx.Document(str(result.out / "report.docx")).core_properties
    assert (core.created.date(), core.modified.date(), core.author) == (
        date(2021, 12, 30),
        date(2021, 12, 30),
        "",
    )
    with zipfile.ZipFile(result.out / "report.docx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    png = (result.out / "maps" / "location.png").read_bytes()
    assert b"Software" not in png
    assert b"pHYs" in png[:100], "its resolution is stated"


def test_word_document_and_page_say_the_same(town):
    _study, result = town

    def words(texts):
        return [line.strip() for text in texts for line in text.split("\n") if line.strip()]

    told, shown = (
        words(docx_texts(result.out / "report.docx")),
        words(html_texts(result.out / "report.html")),
    )
    assert len(told) > 200
    missing = {text.removeprefix("•\t") for text in told} - {text.removeprefix("•") for text in shown}
    assert not missing


def test_every_claim_stands_in_the_table_with_its_word(town):
    """
    To the loop and back 2.6 to 15.3 min against 5.6 to 8.4; no Line 14 on the first date.

    The loop station lies 1,030 m from S2, nearer than the 1,300 m to L14, but 1,749 m from S1, whose L14
    is 300 m away: rank 1 or 2.
    """
    _study, result = town
    table = docx.Document(str(result.out / "report.docx")).tables[1]
    rows = {row.cells[0].text: [cell.text for cell in row.cells] for row in table.rows[1:]}
    words = [row[3] for row in rows.values()]
    assert words == [
        *("基本符合", "不符合", "只列数值，不下判断", "只列数值，不下判断", "基本符合", "文件引用，不计算")
    ]
    assert "2021-05-21没有运营的" in rows["T2"][4]
    assert rows["T3"][2].count("[F") == 2
    assert rows["T6"][2] == "未计算"


def test_names_that_begin_like_formulas_are_text_in_the_workbook(town):
    _study, result = town
    book = openpyxl.load_workbook(result.out / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if str(cell.value).startswith("=SUM")} == {"s"}
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_every_mark_of_the_word_document_links_to_a_named_cell_of_the_index(town):
    _study, result = town
    book = openpyxl.load_workbook(result.out / "report.xlsx")
    word = docx.Document(str(result.out / "report.docx"))
    links = {rel.target_ref for rel in word.part.rels.values() if rel.is_external}
    marks = {mark for text in docx_texts(result.out / "report.docx") for mark in MARK.findall(text)}
    assert links == {f"report.xlsx#figure_{mark[1:]}" for mark in marks}
    for mark in marks:
        sheet, cell = next(iter(book.defined_names[f"figure_{mark[1:]}"].destinations))
        assert book[sheet][cell.replace("$", "")].value == mark


def test_a_study_without_claims_answers_its_questions(tmp_path):
    result = report_study(town_study(tmp_path / "study", claims=""), tmp_path / "report", pdf=False)
    texts = docx_texts(result.out / "report.docx")
    assert "到环路站约7分钟车程" not in texts, "a question is told by its id"
    assert "Q-time" in texts
    assert any(text.startswith("2.6–15.3 分钟 [F") for text in texts)


def test_the_report_is_in_english_where_that_is_spoken(town, tmp_path):
    set_language("en")
    result = report_study(town[0], tmp_path / "report", pdf=False)
    texts = docx_texts(result.out / "report.docx")
    assert texts[0] == "Annex"
    assert "1  Conclusions" in texts
    own = [text for text in texts if "结论" in text or "判断" in text or "附件" in text]
    assert not own


def test_the_command_writes_the_report_in_the_language_asked_for(tmp_path, capsys):
    town_study(tmp_path / "study")
    out = tmp_path / "report"
    given = ["report", str(tmp_path / "study"), "--out", str(out), "--lang", "en", "--no-pdf", "--no-cache"]
    assert main(given) == 0
    assert "The report lies here" in capsys.readouterr().out
    assert docx_texts(out / "report.docx")[0] == "Annex"


# ---- what is missing


def test_without_the_libraries_it_says_what_to_install(town, tmp_path, monkeypatch):
    monkeypatch.setattr(report.util, "find_spec", lambda name: None if name == "docx" else util.find_spec)
    with pytest.raises(UsageError) as told:
        report_study(town[0], tmp_path / "report")
    assert told.value.code == "report-missing"
    assert "python-docx" in told.value.what
    assert "accessibility[report]" in told.value.mend
    assert not (tmp_path / "report").exists()


def test_without_a_browser_there_is_no_pdf_and_it_says_so(town, tmp_path, monkeypatch):
    monkeypatch.setattr(report_pdf, "find_chromium", lambda: "")
    result = report_study(town[0], tmp_path / "report")
    assert not (result.out / "report.pdf").exists()
    assert [notice.code for notice in result.notices if notice.code == "report-no-pdf"] == ["report-no-pdf"]


def test_a_browser_that_fails_leaves_no_file(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<p>x</p>", encoding="utf-8")
    made = report_pdf.write_pdf(tmp_path / "x.pdf", page, as_of=date(2021, 12, 30), browser=sys.executable)
    assert not made
    assert not (tmp_path / "x.pdf").exists()


def test_dates_of_a_pdf_are_set_without_changing_its_length():
    content = b"<</CreationDate (D:20261126220000+08'00')/ModDate (D:20261126220000+00'00')>>"
    fixed = report_pdf._dated(content, date(2021, 12, 30))
    assert fixed == b"<</CreationDate (D:20211230000000+00'00')/ModDate (D:20211230000000+00'00')>>"


def test_without_a_chinese_font_maps_are_lettered_in_english_and_it_says_so(town, tmp_path, monkeypatch):
    from accessibility.outputs.report import maps as report_maps

    monkeypatch.setattr(report_maps, "FONTS", ("No Such Font",) * 5)
    result = report_study(town[0], tmp_path / "report", pdf=False)
    assert "map-font" in {notice.code for notice in result.notices}


def test_a_folder_of_other_files_is_not_replaced(town, tmp_path):
    out = tmp_path / "mine"
    out.mkdir()
    (out / "letter.docx").write_bytes(b"mine")
    with pytest.raises(OutputError) as told:
        report_study(town[0], out, pdf=False)
    assert told.value.code == "output-foreign-files"
    assert (out / "letter.docx").read_bytes() == b"mine"


def test_a_file_in_place_of_the_folder_is_refused(town, tmp_path):
    out = tmp_path / "report"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError) as told:
        report_study(town[0], out, pdf=False)
    assert told.value.code == "output-is-file"


# ---- templates


def template(folder: Path, *paragraphs: str) -> Path:
    word = docx.Document()
    for text in paragraphs:
        word.add_paragraph(text)
    word.save(str(folder / "template.docx"))
    return folder / "template.docx"


def test_a_template_replaces_the_layout(town, tmp_path):
    study, made = town
    given = template(
        tmp_path, "会办意见", "{{ title }}（{{ as_of }}）", "{{ sections.conclusions }}", "以上意见供参考"
    )
    result = report_study(study, tmp_path / "report", template=given, pdf=False)
    texts = docx_texts(result.out / "report.docx")
    assert texts[:3] == ["会办意见", "小镇核查（2021-12-30）", made.document.sections[0].title]
    assert texts[-1] == "以上意见供参考"
    assert not [text for text in texts if made.document.sections[1].title in text], (
        "only the section asked for"
    )
    assert not [text for text in texts if "\ue000" in text]


def test_a_template_takes_the_whole_body_and_rows_of_conclusions(town, tmp_path):
    study, made = town
    given = template(
        tmp_path, "{% for one in conclusions %}{{ one.id }} {{ one.word }}；{% endfor %}", "{{ body }}"
    )
    result = report_study(study, tmp_path / "report", template=given, pdf=False)
    texts = docx_texts(result.out / "report.docx")
    assert texts[0].startswith("T1 基本符合；")
    assert {section.title for section in made.document.sections} <= set(texts)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ titel }} {{ bodi }}", ("bodi", "titel")),
        ("{{ sections.metod }}", ("metod",)),
        ("{% for one in conclusions %}{{ one.wrod }}{% endfor %}", ("wrod",)),
        ("{{ title", ()),
        ("{{ ''.__class__.__mro__ }}", ("__class__",)),
    ],
)
def test_a_field_that_does_not_exist_is_named_and_nothing_is_written(town, tmp_path, text, named):
    with pytest.raises(SourceError) as told:
        report_study(town[0], tmp_path / "report", template=template(tmp_path, text), pdf=False)
    assert told.value.code == "report-template"
    assert all(name in told.value.what for name in named)
    assert "sections.method" in told.value.mend
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize("content", [None, b"", b"no zip", "zip"])
def test_what_is_no_word_document_is_refused(town, tmp_path, content):
    given = tmp_path / "template.docx"
    if content == "zip":
        with zipfile.ZipFile(given, "w") as archive:
            archive.writestr("a.txt", "a")
    elif content is not None:
        given.write_bytes(content)
    with pytest.raises(SourceError) as told:
        report_study(town[0], tmp_path / "report", template=given, pdf=False)
    assert told.value.code == "report-template"
    assert str(given) in told.value.where


def test_a_template_that_is_not_there_is_told_before_anything_is_computed(town, tmp_path):
    stages = []

    with pytest.raises(SourceError) as told:
        report_study(
            town[0],
            tmp_path / "report",
            template=tmp_path / "nowhere.docx",
            progress=lambda *stage: stages.append(stage),
        )

    assert (told.value.code, stages) == ("report-template", [])
    assert not (tmp_path / "report").exists()

"""Page and type of an official annex (GB/T 9704-2012): what every paragraph of a .docx report is set in."""

from dataclasses import dataclass, replace
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

PAGE = (37, 35, 28, 26)
"""Margins (mm): top, bottom, left, right."""

TEXT_WIDTH_MM = 210 - PAGE[2] - PAGE[3]

SONG, FANG, KAI, HEI = "宋体", "仿宋", "楷体", "黑体"
TITLE_FONT = "方正小标宋简体"
LATIN = "Times New Roman"

ALTERNATIVES = {TITLE_FONT: SONG, FANG: "FangSong", KAI: "KaiTi", HEI: "SimHei", SONG: "SimSun"}
"""Font -> what an office program takes where it is not installed; written into the table of fonts."""

_LINE_PT = 28.95


@dataclass(frozen=True)
class _Look:
    """How a style is set: font, size (pt), line (pt, 0 for single), indents and spaces (pt)."""

    font: str
    size: float
    line: float = 0.0
    first: float = 0.0
    left: float = 0.0
    before: float = 0.0
    after: float = 0.0
    centred: bool = False
    bold: bool = False
    keep: bool = False
    outline: int | None = None


_STYLES = {
    "Normal": _Look(FANG, 16, _LINE_PT),
    "AnnexKind": _Look(HEI, 16, _LINE_PT),
    "AnnexTitle": _Look(TITLE_FONT, 22, 34, before=10, after=4, centred=True, keep=True),
    "AnnexSubtitle": _Look(KAI, 16, _LINE_PT, after=8, centred=True),
    "AnnexBody": _Look(FANG, 16, _LINE_PT, first=32),
    "AnnexItem": _Look(FANG, 14, 24, first=-20, left=52),
    "AnnexNote": _Look(FANG, 12, 19, first=24, after=6),
    "Heading 1": _Look(HEI, 16, _LINE_PT, first=32, before=8, keep=True, outline=0),
    "Heading 2": _Look(KAI, 16, _LINE_PT, first=32, before=6, keep=True, outline=1),
    "Heading 3": _Look(FANG, 16, _LINE_PT, first=32, bold=True, keep=True, outline=2),
    "AnnexTableCaption": _Look(HEI, 12, before=8, after=3, centred=True, keep=True),
    "AnnexTableNote": _Look(FANG, 9, before=2, after=8),
    "AnnexTable": _Look(FANG, 10.5, 14.5),
    "AnnexTableHead": _Look(HEI, 10.5, 14.5, centred=True),
    "AnnexTableDense": _Look(FANG, 9, 12),
    "AnnexTableDenseHead": _Look(HEI, 9, 12, centred=True),
    "AnnexPicture": _Look(FANG, 9, before=6, after=2, centred=True, keep=True),
    "AnnexPictureCaption": _Look(HEI, 12, after=8, centred=True),
    "AnnexFoot": _Look(SONG, 14),
}

_MARKS = {"AnnexMark": 8.0, "AnnexMarkSmall": 6.0}


_ENGLISH = {"size": 0.72, "line": 0.58, "first": 0.6}
"""Shares of the sizes above, which are those of Chinese text, in which English running text is set."""


def _in_english(look: _Look) -> _Look:
    """Set title, headings and running text smaller; tables and captions stay as they are."""
    if look.size <= 12:
        return look
    shares = {part: round(getattr(look, part) * share * 2) / 2 for part, share in _ENGLISH.items()}
    return replace(look, **shares)


def add_styles(word: Any, *, keep: bool = False, chinese: bool = True) -> None:
    """
    Give a Word document the styles of the annex.

    Parameters
    ----------
    word
        The document.
    keep
        Whether styles that the document has already stay as they are; else they are set anew.
    chinese
        Whether the text is Chinese; English running text is set smaller.
    """
    known = {style.name: style for style in word.styles}
    for name, look in _STYLES.items():
        style = known.get(name)
        if style is not None and keep:
            continue
        if style is None:
            style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = word.styles["Normal"]
        _set(style, look if chinese else _in_english(look))
    for name, size in _MARKS.items():
        if keep and name in known:
            continue
        style = known.get(name) or word.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor(0x5B, 0x65, 0x73)
        style.font.italic = False
        _fonts(style, FANG)
    if not keep:
        _defaults(word)
    _font_table(word)


def _set(style: Any, look: _Look) -> None:
    style.font.size = Pt(look.size)
    style.font.bold = look.bold
    style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    _fonts(style, look.font)
    form = style.paragraph_format
    form.first_line_indent, form.left_indent = Pt(look.first), Pt(look.left)
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.keep_with_next, form.widow_control = look.keep, True
    form.alignment = WD_ALIGN_PARAGRAPH.CENTER if look.centred else WD_ALIGN_PARAGRAPH.LEFT
    if look.line:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.line)
    else:
        form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if look.left and look.first < 0:
        form.tab_stops.clear_all()
        form.tab_stops.add_tab_stop(Pt(look.left))


def _fonts(style: Any, font: str) -> None:
    """Name the fonts of every script, and no theme that would win over them."""
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None:
        properties.remove(fonts)
    properties.insert(0, _font_element(font))


def _font_element(font: str) -> Any:
    fonts = OxmlElement("w:rFonts")
    for script, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", font), ("cs", LATIN)):
        fonts.set(qn(f"w:{script}"), name)
    return fonts


def _defaults(word: Any) -> None:
    """Set fonts and languages of what has no style of its own."""
    defaults = word.styles.element.find(qn("w:docDefaults"))
    if defaults is None:
        return
    for old in defaults.iter(qn("w:rPr")):
        for child in list(old):
            if child.tag in (qn("w:rFonts"), qn("w:lang")):
                old.remove(child)
        old.insert(0, _font_element(FANG))
        old.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-GB" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'))


def _font_table(word: Any) -> None:
    """State what stands in for a font that is not installed."""
    try:
        part = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    except KeyError:
        return
    head, closing, tail = part.blob.decode("utf-8").rpartition("</w:fonts>")
    stated = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in ALTERNATIVES.items()
        if f'w:name="{name}"' not in head
    )
    if closing:
        part._blob = f"{head}{stated}{closing}{tail}".encode()

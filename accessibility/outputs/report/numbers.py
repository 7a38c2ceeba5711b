"""Numbers of headings: 一、（一）1. in Chinese, 1 and 1.1 in English."""

from collections.abc import Sequence
from dataclasses import replace

from accessibility.model.document import Block, Heading, Section

_DIGITS = "零一二三四五六七八九"


def numbered_sections(sections: Sequence[Section], language: str) -> tuple[Section, ...]:
    """Number sections and the headings of the second level in them."""
    return tuple(_numbered(number, section, language) for number, section in enumerate(sections, start=1))


def _numbered(number: int, section: Section, language: str) -> Section:
    blocks: list[Block] = []
    n_headings = 0
    for block in section.blocks:
        if isinstance(block, Heading) and block.level == 2:
            n_headings += 1
            head = f"（{chinese_number(n_headings)}）" if language == "zh" else f"{number}.{n_headings}  "
            blocks.append(replace(block, text=head + block.text))
        else:
            blocks.append(block)
    title = f"{chinese_number(number)}、{section.title}" if language == "zh" else f"{number}  {section.title}"
    return replace(section, title=title, blocks=tuple(blocks))


def chinese_number(number: int) -> str:
    """Write a number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    text = "" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十"
    return text + (_DIGITS[ones] if ones else "")

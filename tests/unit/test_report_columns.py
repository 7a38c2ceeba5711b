"""RULE UNDER TEST: columns fill the page, and what must not be broken fits its column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.model.document import Table
from accessibility.outputs.report.columns import (
    DENSE_PT,
    PADDING_PT,
    column_widths,
    line_counts,
    longest_word,
    text_width,
)

CELLS = st.text(alphabet="12-: [F]/安亭站公交至，abC–", max_size=30)


def table(heads, rows):
    return Table("T1", "caption", tuple(heads), tuple(tuple(row) for row in rows), dense=True)


def test_widths_of_texts_are_those_of_their_signs():
    """Two Chinese signs of 9 pt, four digits of 0.64, a mark of four signs in 6 pt, brackets narrow."""
    assert text_width("安亭", 9) == pytest.approx(18)
    assert text_width("2021", 9) == pytest.approx(4 * 0.64 * 9)
    assert text_width("[F1]", 9) == pytest.approx((0.4 + 0.84 + 0.64 + 0.4) * 6)


def test_dates_and_ids_are_whole_and_chinese_is_not():
    assert longest_word("安亭站2021-05-21没有", 9) == pytest.approx(text_width("2021-05-21", 9))
    assert longest_word("安亭站", 9) == 0
    assert longest_word("148/148", 9) == pytest.approx(text_width("148/148", 9))
    assert longest_word("lines/stops.csv", 9) == pytest.approx(text_width("stops.csv", 9))
    assert longest_word("安亭站", 9, terms=True) == pytest.approx(27)


def test_a_long_text_gets_what_short_columns_do_not_need():
    widths = column_widths(table(("a", "b"), [("C1", "安亭站公交" * 30)]), 440)
    assert sum(widths) == pytest.approx(440)
    assert widths[1] > 400


def test_lines_are_counted_by_the_widest_cell():
    assert line_counts(table(("a", "b"), [("安亭" * 10, "x\ny")]), [90 + PADDING_PT, 40]) == [2]


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1)))
def test_columns_fill_the_page_and_no_word_is_broken_that_fits(rows):
    heads = ["h"] * len(rows[0])
    widths = column_widths(table(heads, rows), 440)
    assert sum(widths) == pytest.approx(440, abs=0.5)
    least = [
        max(longest_word(text, DENSE_PT) for cell in column for text in cell.split("\n")) + PADDING_PT
        for column in zip(*rows, strict=True)
    ]
    if sum(least) < 440:
        assert all(width >= low - 0.01 for width, low in zip(widths, least, strict=True))

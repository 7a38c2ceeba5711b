"""RULE UNDER TEST: a notice is one line: how grave, its code, where, what, and how to mend it."""

from accessibility.cli.terminal import notice_line, show_error, show_notices
from accessibility.errors import DataError
from accessibility.model.provenance import Notice


def test_a_notice_is_one_line():
    notice = Notice("id-twice", "error", "it stands in row 2 too", "a.csv", 3, "id", "x\ny", "Rename it.", 4)
    assert notice_line(notice) == "✗ [id-twice] (×4) a.csv:3 id=x y: it stands in row 2 too → Rename it."


def test_what_a_notice_does_not_know_is_left_out():
    assert notice_line(Notice("c", "info", "so it is")) == "· [c]: so it is"
    assert notice_line(Notice("c", "info", "so it is", value="v")) == "· [c] v: so it is"
    assert notice_line(Notice("c", "warning", "so it is", "f", field="id")) == "! [c] f id: so it is"


def test_a_long_value_is_cut_and_control_characters_cannot_reach_the_terminal():
    assert "x" * 59 + "…:" in notice_line(Notice("c", "info", "m", field="f", value="x" * 100))
    assert "\x1b" not in notice_line(Notice("c", "info", "\x1b[31mred", field="f", value="\x1b]0;"))


def test_like_notices_are_grouped_the_grave_ones_first(capsys):
    notices = [Notice("a", "info", "m"), Notice("b", "error", "m", row=1), Notice("b", "error", "m", row=2)]
    show_notices(notices)
    lines = [line.strip() for line in capsys.readouterr().err.splitlines()]
    assert lines == ["✗ [b] (×2) :1: m", "· [a]: m"]


def test_what_stops_a_run_names_its_rows_as_far_as_a_screen_holds_them(capsys):
    problems = [Notice("row", "error", "m", "a.csv", row) for row in range(1, 9)]
    show_error(DataError("8 problems", notices=problems, code="rows"))
    lines = [line.strip() for line in capsys.readouterr().err.splitlines()]
    assert lines[1:] == ["✗ [row] (×8) a.csv:1: m", *(f"✗ [row] a.csv:{row}: m" for row in range(2, 6))]

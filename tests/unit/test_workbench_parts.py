"""RULE UNDER TEST: a switched-off change is kept and not applied; classes, sentence and names are right."""

import numpy as np
import pytest

from accessibility.errors import DataError
from accessibility.messages import _, language, speaking
from accessibility.sources.scenario_file import read_scenario
from accessibility.workbench.change import ChangeTable, summary
from accessibility.workbench.guard import Access


def test_a_switched_off_modification_is_left_out_but_checked(tmp_path):
    file = tmp_path / "s.toml"
    off = '[[modification]]\ntype = "remove_line"\nroute = "1"\nenabled = false\n'
    file.write_text(f'name = "x"\n{off}', encoding="utf-8")
    assert read_scenario(file).modifications == ()
    file.write_text(f'name = "x"\n{off}nonsense = 1\n', encoding="utf-8")
    with pytest.raises(DataError):
        read_scenario(file)


def test_a_block_speaks_its_own_language_and_nothing_else_changes():
    before = language()
    with speaking("en"):
        assert (language(), _("saved")) == ("en", "saved")
        with speaking("zh"):
            assert _("saved") == "已保存"
        assert _("saved") == "saved"
    assert language() == before


def table(before_min, after_min):
    n = len(before_min)
    return ChangeTable(
        target="t",
        origin_ids=tuple(f"c{i}" for i in range(n)),
        before_s=60.0 * np.array(before_min, float),
        after_s=60.0 * np.array(after_min, float),
        before_to=("a",) * n,
        after_to=("a",) * n,
        reason=np.zeros(n, np.int8),
    )


def test_a_change_of_exactly_a_minute_is_none_and_losers_are_listed_by_loss():
    """Changes: -1 and +1 (none), -1.5 gains, +5 and +9 lose, one is reached anew, one lost, one never."""
    nan = np.nan
    change = table([10, 10, 10, 10, 10, nan, 10, nan], [9, 11, 8.5, 15, 19, 5, nan, nan])
    told = summary(change, "站", {"a": "甲"})

    assert change.classes().tolist() == [0, 0, 1, 2, 2, 3, 4, 5]
    assert told["counts"] == {"gain": 1, "lose": 2, "same": 2, "new": 1, "lost": 1, "neither": 1}
    assert [row["id"] for row in told["worst"]] == ["c6", "c4", "c3"]
    assert [row["id"] for row in told["best"]] == ["c5", "c2"]
    assert sum(told["histogram"]["counts"]) == 5
    assert told["histogram"]["counts"][6] == 2
    assert told["median_s"] == 60


def test_the_sentence_names_losers_as_well_as_gainers():
    with speaking("en"):
        sentence = summary(table([10, 10, 10], [5, 12, 10]), "station", {})["sentence"]
    assert "of 3 squares 1 gain and 1 lose; 1 change by no more" in sentence
    assert "the mean is −1.5 min" in sentence


@pytest.mark.parametrize(
    ("host", "stated", "known"),
    [
        ("127.0.0.1", "127.0.0.1:80", True),
        ("127.0.0.1", "localhost:80", True),
        ("127.0.0.1", "localhost", True),
        ("127.0.0.1", "127.0.0.1:81", False),
        ("127.0.0.1", "evil.example:80", False),
        ("127.0.0.1", "user@127.0.0.1:80", False),
        ("127.0.0.1", "", False),
        ("10.0.0.5", "10.0.0.5:80", True),
        ("10.0.0.5", "evil.example", False),
        ("0.0.0.0", "office.example:80", True),
    ],
)
def test_a_server_knows_its_own_names(host, stated, known):
    assert Access(host, 80).knows_host(stated) is known

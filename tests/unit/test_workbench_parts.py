"""RULE UNDER TEST: a switched-off change is kept and not applied; classes, sentence and names are right."""

from dataclasses import replace

import numpy as np
import pytest

from accessibility.errors import DataError, ModelError
from accessibility.messages import _, language, speaking
from accessibility.model.comparison import ChangeTable
from accessibility.model.reasons import BEYOND_LIMITS
from accessibility.sources.scenario_file import read_scenario
from accessibility.studies.comparing.remembered import Remembered
from accessibility.workbench.change import summary
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
    n, times = len(before_min), [60.0 * np.array(side, float) for side in (before_min, after_min)]
    reasons = [np.where(np.isnan(side), BEYOND_LIMITS, 0).astype(np.int8) for side in times]
    near = [tuple("" if np.isnan(value) else "a" for value in side) for side in times]
    return ChangeTable("t", tuple(f"c{i}" for i in range(n)), *times, *reasons, *near)


def test_a_change_of_exactly_a_minute_is_none_and_losers_are_listed_by_loss():
    """Changes: -1 and +1 (none), -1.5 gains, +5 and +9 lose, one is reached anew, one lost, one never."""
    nan = np.nan
    change = table([10, 10, 10, 10, 10, nan, 10, nan], [9, 11, 8.5, 15, 19, 5, nan, nan])
    told = summary(change, {"a": "甲"})

    assert told["counts"] == {"gain": 1, "lose": 2, "same": 2, "new": 1, "lost": 1, "neither": 1}
    assert [row["id"] for row in told["worst"]] == ["c6", "c4", "c3"]
    assert [(row["id"], row["before_to"], row["after_to"]) for row in told["best"]] == [
        ("c5", "", "甲"),
        ("c2", "甲", "甲"),
    ]
    assert sum(told["histogram"]["counts"]) == 5
    assert told["histogram"]["counts"][6] == 2


def test_a_destination_is_named_for_every_row_or_for_none():
    whole = table([1], [2])
    with pytest.raises(ModelError) as told:
        replace(whole, to_after=("a", "b"))
    assert told.value.code == "table-nearest"


def test_the_longest_unused_is_forgotten_first():
    made, kept = [], Remembered(2)

    def make(name):
        return kept.of(name, lambda: made.append(name) or name)

    assert [make(name) for name in "abacab"] == list("abacab")
    assert "".join(made) == "abcb"


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

"""RULE UNDER TEST: with several scenario files every problem of all of them is told at once."""

import pytest

from accessibility.errors import DataError, SourceError, UsageError
from accessibility.studies.all_problems import check_scenarios_apply, read_scenarios
from accessibility.studies.comparing.rank import rank_input
from tests.behaviours.test_d_scenarios import applied, network

UNKNOWN = '[[modification]]\ntype = "remove_line"\nroute = "nope"\n'
NO_NUMBER = '[[modification]]\ntype = "shift_times"\nroute = "r"\nby_s = "x"\n'


def files(folder, **texts):
    paths = [folder / f"{name}.toml" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text)
    return paths


def test_files_that_cannot_be_read_are_told_together(tmp_path):
    with pytest.raises(DataError) as caught:
        read_scenarios(files(tmp_path, a=NO_NUMBER, b='name = "x', c="", d=NO_NUMBER))

    assert [notice.file.rpartition("/")[2].partition(".toml")[0] for notice in caught.value.notices] == [
        "a",
        "b",
        "d",
    ]


def test_one_bad_file_is_told_by_its_own_error(tmp_path):
    with pytest.raises(SourceError) as caught:
        read_scenarios(files(tmp_path, a="", b='name = "x'))
    assert caught.value.code == "scenario-toml"


def test_scenarios_that_cannot_be_applied_are_told_together(tmp_path):
    base = network(tmp_path)
    paths = files(tmp_path, a=UNKNOWN, b="", c=UNKNOWN)

    with pytest.raises(DataError) as caught:
        check_scenarios_apply(lambda scenario, file: applied(base, *scenario.modifications, file=file),
                              read_scenarios(paths), paths)  # fmt: skip

    assert [notice.file for notice in caught.value.notices] == ["a.toml", "c.toml"]


def test_a_folder_that_is_none_is_said_to_be_missing(tmp_path):
    with pytest.raises(UsageError) as caught:
        rank_input(tmp_path / "nowhere", None)
    assert caught.value.code == "rank-missing"

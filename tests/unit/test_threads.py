"""RULE UNDER TEST: one setting says how many threads work wherever work is shared; no byte depends on it."""

import threading
import time

import pytest

from accessibility.cli import main
from accessibility.studies.progress import in_threads, silent
from accessibility.threads import in_parallel, thread_count, use_threads


@pytest.fixture(autouse=True)
def unstated():
    yield
    use_threads(None)


def workers(share_out):
    """Which threads did the work."""
    names = set()

    def work(number):
        time.sleep(0.002)
        names.add(threading.get_ident())
        return number

    assert list(share_out(work)) == list(range(40)), "in their order"
    return len(names)


@pytest.mark.parametrize("n_threads", [1, 3])
def test_as_many_threads_work_as_were_stated(n_threads):
    use_threads(n_threads)
    assert thread_count() == n_threads
    assert workers(lambda work: in_parallel(work, range(40))) <= n_threads
    assert workers(lambda work: in_threads("", silent)(lambda one: work(one.start), ones())) <= n_threads


def ones():
    return [range(i, i + 1) for i in range(40)]


def test_where_nothing_is_stated_there_is_one_per_processor_and_never_none():
    use_threads(None)
    assert thread_count() >= 1
    use_threads(0)
    assert thread_count() == 1


def test_an_error_in_a_thread_is_told_to_who_asked():
    def fail(number):
        raise ValueError(number)

    with pytest.raises(ValueError, match="0"):
        list(in_parallel(fail, [0]))


def test_the_command_line_states_it_for_any_command(tmp_path, capsys):
    assert main(["--threads", "2", "check", str(tmp_path / "nothing.csv")]) == 1
    assert thread_count() == 2
    assert main(["check", str(tmp_path / "nothing.csv")]) == 1
    assert thread_count() >= 1
    for wrong in ("0", "-1", "many"):
        assert main(["--threads", wrong, "check", str(tmp_path)]) == 2
    assert "Traceback" not in capsys.readouterr().err

"""Many origins: worked off in blocks by threads, local workers or a cluster, and written as they come."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import accessibility
from accessibility.cluster import cluster
from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.fingerprint import fingerprint
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance
from accessibility.outputs.parquet import require_parquet
from accessibility.outputs.streaming import ResultStream, Target, finished_result, result_stream
from accessibility.outputs.writing import check_csv_target
from accessibility.studies.block_parts import Part, Rows, Table, Task
from accessibility.studies.on_streets import Prepared, StreetOptions, prepare
from accessibility.studies.on_transit import TransitOptions, prepare_transit
from accessibility.studies.progress import Progress, in_threads, silent
from accessibility.studies.questions import Question, StreetQuestion, TransitQuestion
from accessibility.threads import thread_count

_BLOCKS_EACH = 4
"""Blocks per worker at least, on streets: the last ones then end nearly together. On public transport what a
block works out for all its origins counts for more."""

_Crew = Callable[[Task, Sequence[range]], Iterator[Any]]


@dataclass(frozen=True)
class Workforce:
    """
    Who works off the blocks.

    Parameters
    ----------
    scheduler
        Address of a Dask scheduler.
    n_workers
        Worker processes to start on this machine.
    n_threads
        Without either: threads of this process; `accessibility.threads.thread_count` where not given.
    block_origins
        Origins per block of a CSV, where it shall not be chosen; no byte depends on it.

    Raises
    ------
    UsageError
        If there is nobody to work, or both a scheduler and workers are given.
    """

    scheduler: str = ""
    n_workers: int | None = None
    n_threads: int | None = None
    block_origins: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be before anything is read."""
        if self.n_workers is not None and self.n_workers < 1:
            what = _("somebody has to work: one worker at least")
            raise UsageError(what, where=f"--workers {self.n_workers}", code="cluster-choice")
        if self.scheduler and self.n_workers is not None:
            what = _("give either a scheduler or a number of workers, not both")
            raise UsageError(what, where="--scheduler --workers", code="cluster-choice")

    @contextmanager
    def gathered(self, progress: Progress) -> Iterator[_Crew]:
        """Start or find who works, before anything is read that takes time."""
        if not self.scheduler and self.n_workers is None:
            yield self._in_threads(progress)
            return
        progress(_("finding workers"), 0, 1)
        with cluster(scheduler=self.scheduler, n_workers=self.n_workers or 0) as workers:

            def work(task: Task, blocks: Sequence[range]) -> Iterator[Any]:
                for done, rows in enumerate(workers.map_blocks(task.rows, blocks), start=1):
                    progress(_("travel times"), done, len(blocks))
                    yield rows

            yield work

    def _in_threads(self, progress: Progress) -> _Crew:
        """Let threads share the blocks on streets; on public transport, and of a single block, its inside."""

        def work(task: Task, blocks: Sequence[range]) -> Iterator[Any]:
            stage = _("travel times")
            if isinstance(task.question, StreetQuestion) and len(blocks) > 1:
                task.question.prepare()
                yield from in_threads(stage, progress, n_threads=self.n_threads)(task.rows, blocks)
                return
            for number, block in enumerate(blocks):

                def within(stage: str, done: int, total: int, before: int = number) -> None:
                    progress(stage, before * total + done, len(blocks) * total)

                yield task.rows(block, map_blocks=in_threads(stage, within, n_threads=self.n_threads))

        return work

    def blocks(self, task: Task, n_done: int) -> list[range]:
        """Cut the origins that are left into blocks; those of Parquet are its parts, whoever works."""
        n_origins, size = len(task.question.ids[0]), task.block_origins
        if not task.table.parquet:
            size = self.block_origins or self._shared(task)
        return [range(i, min(i + size, n_origins)) for i in range(n_done, n_origins, size)]

    def _shared(self, task: Task) -> int:
        """Make blocks small enough that all have work, and not so small that each repeats too much."""
        if isinstance(task.question, TransitQuestion) and not self.scheduler and self.n_workers is None:
            return task.block_origins
        n_hands = self.n_workers or self.n_threads or thread_count()
        each = 1 if isinstance(task.question, TransitQuestion) else _BLOCKS_EACH
        fair = -(-len(task.question.ids[0]) // (each * n_hands))
        return max(min(task.least_origins, task.block_origins), min(task.block_origins, fair))


@dataclass(frozen=True)
class Written:
    """
    What was written.

    Parameters
    ----------
    n_rows, n_reached
        Rows of the table, and how many of them have an answer.
    notices
        What to know about the data.
    """

    n_rows: int
    n_reached: int
    notices: tuple[Notice, ...]


def write_table(
    out: str | Path,
    options: StreetOptions | TransitOptions,
    points: tuple[Path | Places, Path | None],
    make_table: Callable[[bool], Table],
    *,
    workforce: Workforce | None = None,
    progress: Progress = silent,
) -> Written:
    """
    Answer block by block and write what is finished as it comes.

    Parameters
    ----------
    out
        CSV file, or a folder of Parquet parts: ``DIR/`` or ``….parquet``.
    options
        Streets, timetables, mode, speeds, limits.
    points
        Tables of origins (or the places themselves) and of destinations; origins to origins where there are
        none.
    make_table
        Gives the table, told whether it is to be Parquet.
    workforce
        Who works; threads where not given.
    progress
        Is told the stages.

    Returns
    -------
    written
        Counts and notices.

    Notes
    -----
    Memory holds a few blocks, never the whole table. When a run ends early, whatever the reason, finished
    blocks stay beside the result and the same call goes on from there; the bytes are the same.
    """
    target = Target.of(out)
    streets = options.streets if isinstance(options, TransitOptions) else options
    if target.is_folder:
        require_parquet()
    else:
        inputs = [None if isinstance(one, Places) else one for one in points]
        check_csv_target(target.path, [*inputs, streets.osm])
    workforce = workforce or Workforce()
    with workforce.gathered(progress) as crew:
        asked = _asked(options, points, progress)
        question = asked.question
        table = make_table(target.is_folder)
        task = Task(question, table)
        depends = _depends(task)
        n_reached = finished_result(target, depends)
        if n_reached is None:
            head = table.head(question.levels)
            with result_stream(target, depends, head) as stream:
                blocks = workforce.blocks(task, stream.n_done)
                _fill(stream, crew(task, blocks), blocks, len(question.ids[0]))
                stream.finish(asked.provenance, depends)
                n_reached = stream.n_reached
    n_rows = len(question.ids[0]) * table.rows_per_origin(len(question.ids[1]))
    return Written(n_rows, n_reached, asked.ready.notices)


def gather(
    options: StreetOptions | TransitOptions,
    points: tuple[Path | Places, Path],
    part: Part,
    *,
    workforce: Workforce | None = None,
    progress: Progress = silent,
) -> tuple["ReadyQuestion", list[Any]]:
    """
    Answer block by block and keep what the blocks give, for a result that is made at the end.

    Parameters
    ----------
    options, points, workforce, progress
        As for `write_table`.
    part
        What the answers of a block become.

    Returns
    -------
    asked, parts
        What was asked, and one part per block, in the order of the origins.
    """
    workforce = workforce or Workforce()
    with workforce.gathered(progress) as crew:
        asked = _asked(options, points, progress)
        task = Task(asked.question, part)
        return asked, list(crew(task, workforce.blocks(task, 0)))


def _fill(stream: ResultStream, answers: Iterator[Rows], blocks: Sequence[range], n_origins: int) -> None:
    """Write answers as they come; an error, also Ctrl-C, says what is kept."""
    try:
        for block, rows in zip(blocks, answers, strict=True):
            stream.append(block.stop, rows.content, rows.n_reached)
    except BaseException as error:
        if stream.parts:
            message = _("{done} of {n} origins are kept in {folder}; run the same command again to go on.",
                        done=stream.n_done, n=n_origins, folder=stream.folder.name)  # fmt: skip
            error.add_note(message)
        raise


@dataclass(frozen=True, eq=False)
class ReadyQuestion:
    """
    A question, and everything it was made from.

    Parameters
    ----------
    question
        Answers blocks of origins.
    ready
        Streets, places, and what to know about the data.
    provenance
        Every source.
    """

    question: Question
    ready: Prepared
    provenance: Provenance


def _asked(
    options: StreetOptions | TransitOptions, points: tuple[Path | Places, Path | None], progress: Progress
) -> ReadyQuestion:
    """Read everything."""
    asked: Question
    if isinstance(options, TransitOptions):
        transit = prepare_transit(options, *points, progress)
        ready = transit.ready
        sources = transit.timetable.provenance
        asked = TransitQuestion(transit.timetable, transit.linkage, transit.query, transit.ids)
    else:
        ready = prepare(options, *points, progress)
        sources = Provenance()
        ids = ready.origins.ids, ready.destinations.ids
        asked = StreetQuestion(ready.streets, ready.linkage, ready.query, ids)
    places = ready.origins.provenance, ready.destinations.provenance
    return ReadyQuestion(asked, ready, sources.joined(ready.streets.provenance, *places))


def _depends(task: Task) -> Mapping[str, str]:
    """Sum up what every byte of the result depends on, by name."""
    question = task.question
    network = question.streets if isinstance(question, StreetQuestion) else question.timetable
    return {
        "program": accessibility.__version__,
        "network": fingerprint(network),
        "places": fingerprint((question.ids, question.linkage)),
        "settings": fingerprint(question.query),
        "table": f"{task.table} {task.block_origins if task.table.parquet else ''}".strip(),
    }

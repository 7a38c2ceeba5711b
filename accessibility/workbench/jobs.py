"""Jobs: questions to worker processes, with a queue, progress, cancelling, and answers kept."""

import asyncio
import hashlib
import json
import multiprocessing
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from accessibility.messages import _, speaking
from accessibility.workbench.answers import Answer
from accessibility.workbench.problems import RequestError
from accessibility.workbench.worker import run_worker

MAX_WAITING = 60
KEPT_JOBS = 300
KEPT_ANSWERS = 64
MAX_SECONDS = 600.0
GRACE_SECONDS = 4.0
"""How long a cancelled question may go on before its worker is replaced."""
MAX_FAILED_STARTS = 3

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"


@dataclass(eq=False)
class Job:
    """
    A question and what has become of it.

    Parameters
    ----------
    id, kind, asked, language
        The question.
    long
        Whether it waits in the queue; short ones are answered in between.
    key
        Hash of everything the answer depends on.
    """

    id: int
    kind: str
    asked: dict[str, Any]
    language: str
    long: bool
    key: str
    state: str = QUEUED
    progress: tuple[str, int, int] = ("", 0, 1)
    answer: Answer | None = None
    error: dict[str, Any] | None = None
    from_cache: bool = False
    started: float = 0.0
    cancelled_at: float = 0.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self, **changes: Any) -> None:
        """Set how it ended, and forget the files that it was about."""
        self.asked.pop("files", None)
        self.set(**changes)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (DONE, FAILED, CANCELLED)

    def set(self, **changes: Any) -> None:
        """Change it and wake whoever waits for a change."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.changed.set()
        self.changed = asyncio.Event()

    def head(self) -> dict[str, Any]:
        """Return its state."""
        stage, done, total = self.progress
        return {"id": self.id, "kind": self.kind, "state": self.state, "stage": stage, "done": done,
                "total": total, "error": self.error, "from_cache": self.from_cache}  # fmt: skip


@dataclass(eq=False)
class _Seat:
    """A worker process and what it is doing."""

    process: BaseProcess
    connection: Connection
    ready: bool = False
    long: Job | None = None
    short: dict[int, Job] = field(default_factory=dict)


class Jobs:
    """
    The queue of questions and the workers that answer them.

    Parameters
    ----------
    study
        Study that the workers load; ``None`` for the Anting study.
    n_workers
        Worker processes; each holds the study in memory.
    """

    def __init__(self, study: Path | None, *, n_workers: int = 1) -> None:
        self.study, self.n_workers = study, n_workers
        self.study_data: bytes | None = None
        self.broken: dict[str, Any] | None = None
        self.loaded = asyncio.Event()
        self._context = multiprocessing.get_context("spawn")
        self._seats: list[_Seat] = []
        self._queue: deque[Job] = deque()
        self._short: deque[Job] = deque()
        self._jobs: OrderedDict[int, Job] = OrderedDict()
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._number, self._failed_starts, self._closing = 0, 0, False
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the workers; they load the study while the page is already there."""
        for _number in range(self.n_workers):
            self._seat()
        self._watch = asyncio.get_running_loop().create_task(self._watching())

    async def stop(self) -> None:
        """End the workers."""
        self._closing = True
        if self._watch is not None:
            self._watch.cancel()
        for seat in self._seats:
            seat.process.kill()
            await asyncio.to_thread(seat.process.join, 5)

    def ask(self, kind: str, asked: dict[str, Any], language: str, *, long: bool) -> Job:
        """
        Put a question; an answer that is known already is given at once.

        Raises
        ------
        RequestError
            503 if too many questions wait.
        """
        text = json.dumps([kind, asked, language], sort_keys=True, default=str)
        key = hashlib.sha256(text.encode()).hexdigest()
        if len(self._queue) + len(self._short) >= MAX_WAITING:
            raise RequestError(
                503, "busy", _("too many computations are waiting"), mend=_("Try again in a minute.")
            )
        self._number += 1
        job = Job(self._number, kind, asked, language, long, key)
        self._jobs[job.id] = job
        self._forget()
        if key in self._answers:
            self._answers.move_to_end(key)
            job.end(state=DONE, answer=self._answers[key], from_cache=True)
        elif self.broken is not None:
            job.end(state=FAILED, error=self.broken)
        else:
            (self._queue if long else self._short).append(job)
            self._hand_out()
        return job

    def job(self, number: int) -> Job:
        """
        Return a job.

        Raises
        ------
        RequestError
            404 if there is none, or it was long ago.
        """
        if number not in self._jobs:
            raise RequestError(
                404, "job-unknown", _("there is no such computation; it may have been long ago")
            )
        return self._jobs[number]

    def cancel(self, job: Job) -> None:
        """Stop a job: at once where it waits, at its next sign of progress where it runs."""
        if job.state == QUEUED:
            job.end(state=CANCELLED)
            for queue in (self._queue, self._short):
                if job in queue:
                    queue.remove(job)
        elif job.state == RUNNING and not job.cancelled_at:
            job.cancelled_at = time.monotonic()
            for seat in self._seats:
                if seat.long is job:
                    self._send(seat, ("cancel", job.id))

    def state(self) -> dict[str, Any]:
        """Return how busy the workers are."""
        return {
            "loaded": self.study_data is not None,
            "broken": self.broken,
            "workers": len(self._seats),
            "waiting": len(self._queue),
            "running": sum(seat.long is not None for seat in self._seats),
        }

    def _seat(self) -> None:
        """Start a worker and listen to it in a thread."""
        mine, its = self._context.Pipe()
        process = self._context.Process(target=run_worker, args=(its, self.study), daemon=True)
        process.start()
        its.close()
        seat = _Seat(process, mine)
        self._seats.append(seat)
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._listen, args=(seat, loop), daemon=True).start()

    def _listen(self, seat: _Seat, loop: asyncio.AbstractEventLoop) -> None:
        """Pass on what a worker says until it is gone; runs in a thread."""
        message: tuple[Any, ...]
        while True:
            try:
                message = seat.connection.recv()
            except (EOFError, OSError):
                message = ("gone",)
            try:
                loop.call_soon_threadsafe(self._heard, seat, message)
            except RuntimeError:
                return  # the server has stopped
            if message[0] == "gone":
                return

    def _heard(self, seat: _Seat, message: tuple[Any, ...]) -> None:
        """Take in what a worker says."""
        what, rest = message[0], message[1:]
        if what == "ready":
            seat.ready, self.study_data, self._failed_starts = True, rest[0], 0
            self.loaded.set()
        elif what == "broken":
            self._give_up(rest[0])
        elif what == "gone":
            self._gone(seat)
        else:
            self._heard_of_job(seat, what, *rest)
        self._hand_out()

    def _heard_of_job(self, seat: _Seat, what: str, number: int, *rest: Any) -> None:
        job = seat.short.get(number) or (seat.long if seat.long and seat.long.id == number else None)
        if job is None:
            return
        if what == "progress":
            job.set(progress=rest)
            return
        seat.short.pop(number, None)
        if seat.long is job:
            seat.long = None
        if what == "done":
            job.end(state=DONE, answer=rest)
            self._answers[job.key] = rest
            while len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)
        elif what == "failed":
            job.end(state=FAILED, error=rest[0])
        else:
            job.end(state=CANCELLED)

    def _gone(self, seat: _Seat) -> None:
        """Report what a dead worker was doing, and put another in its place."""
        if seat in self._seats:
            self._seats.remove(seat)
        seat.connection.close()
        for job in [*seat.short.values(), *([seat.long] if seat.long else [])]:
            if job.cancelled_at:
                job.end(state=CANCELLED)
                continue
            with speaking(job.language):
                what = _("the computation broke off: its process ended unexpectedly and has been replaced")
                mend = _("Try again; if it happens again, the scenario may need more memory than there is.")
            job.end(state=FAILED, error={"code": "worker-gone", "what": what, "mend": mend, "notices": []})
        if self._closing or self.broken is not None:
            return
        self._failed_starts += not seat.ready
        if self._failed_starts >= MAX_FAILED_STARTS:
            what = _("the study cannot be loaded: the process that loads it ends unexpectedly")
            self._give_up({"code": "workers-broken", "what": what, "mend": "", "notices": []})
            return
        self._seat()

    def _give_up(self, error: dict[str, Any]) -> None:
        self.broken = error
        self.loaded.set()
        for job in [*self._queue, *self._short]:
            job.end(state=FAILED, error=error)
        self._queue.clear()
        self._short.clear()

    def _hand_out(self) -> None:
        """Give waiting questions to workers: short ones at once, long ones to whoever has none."""
        ready = [seat for seat in self._seats if seat.ready]
        while self._short and ready:
            seat = min(ready, key=lambda one: (one.long is not None, len(one.short)))
            job = self._short.popleft()
            seat.short[job.id] = job
            self._begin(seat, job)
        for seat in ready:
            if seat.long is None and self._queue:
                seat.long = job = self._queue.popleft()
                self._begin(seat, job)

    def _begin(self, seat: _Seat, job: Job) -> None:
        job.set(state=RUNNING, started=time.monotonic())
        self._send(seat, ("ask", job.id, job.kind, job.asked, job.language, job.long))

    def _send(self, seat: _Seat, message: tuple[Any, ...]) -> None:
        try:
            seat.connection.send(message)
        except OSError:
            seat.process.kill()  # the listener hears that it is gone

    async def _watching(self) -> None:
        """Replace workers that take too long or do not stop when asked."""
        while True:
            await asyncio.sleep(0.5)
            now = time.monotonic()
            for seat in list(self._seats):
                job = seat.long
                stuck = job is not None and job.cancelled_at and now - job.cancelled_at > GRACE_SECONDS
                late = any(one.started and now - one.started > MAX_SECONDS
                           for one in (*seat.short.values(), *([job] if job else [])))  # fmt: skip
                if stuck or late:
                    seat.process.kill()

    def _forget(self) -> None:
        """Forget jobs that ended long ago."""
        for number in [number for number, job in self._jobs.items() if job.over][: -KEPT_JOBS or None]:
            del self._jobs[number]

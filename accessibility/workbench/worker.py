"""A worker process: holds the study with everything linked, and answers one question after another.

Long questions look at the pipe each time they tell their progress: there they learn that nobody wants the
answer any more, and there short questions (the figures of a line being drawn) are answered in between.
"""

import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from accessibility.errors import AccessibilityError
from accessibility.messages import _, speaking
from accessibility.workbench.answers import Answer
from accessibility.workbench.problems import RequestError, told


class Cancelled(Exception):
    """Nobody wants the answer any more."""


class Worker:
    """
    Answers the questions that come through a pipe.

    Parameters
    ----------
    connection
        Pipe to the server.
    answer
        Answers a question: its kind, what it is about, and whom to tell the progress.
    """

    def __init__(
        self,
        connection: Connection,
        answer: Callable[[str, dict[str, Any], Callable[[str, int, int], None]], Answer],
    ) -> None:
        self.connection, self.answer = connection, answer
        self.waiting: list[tuple[Any, ...]] = []
        self.cancelled: set[int] = set()

    def serve(self) -> None:
        """Answer until the server is gone."""
        while True:
            message = self.waiting.pop(0) if self.waiting else self.connection.recv()
            if message[0] == "stop":
                return
            if message[0] == "ask" and message[1] not in self.cancelled:
                self._work(*message[1:])

    def _work(self, number: int, kind: str, asked: dict[str, Any], language: str, long: bool) -> None:
        def progress(stage: str, done: int, total: int) -> None:
            if long:
                self._look(number)
                self.connection.send(("progress", number, stage, done, total))

        try:
            with speaking(language):
                media, content = self.answer(kind, asked, progress)
            self.connection.send(("done", number, media, content))
        except Cancelled:
            self.connection.send(("cancelled", number))
        except RequestError as error:
            self.connection.send(("failed", number, error.as_data()["error"]))
        except AccessibilityError as error:
            self.connection.send(("failed", number, told(error)))
        except Exception as error:
            with speaking(language):
                what = _("the program failed at a place it should not: {kind}: {error}",
                         kind=type(error).__name__, error=error)  # fmt: skip
            self.connection.send(
                ("failed", number, {"code": "defect", "what": what, "mend": "", "notices": []})
            )

    def _look(self, number: int) -> None:
        """See what came in while a long question is being answered."""
        while self.connection.poll():
            message = self.connection.recv()
            if message[0] == "cancel":
                self.cancelled.add(message[1])
            elif message[0] == "ask" and not message[5]:
                self._work(*message[1:])
            else:
                self.waiting.append(message)
        if number in self.cancelled:
            raise Cancelled


def run_worker(connection: Connection, study: Path | None) -> None:
    """Load the study, say so, and answer questions; the body of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then closes the pipe
    try:
        from accessibility.workbench.questions import Questions

        try:
            questions = Questions.of_study(study)
        except AccessibilityError as error:
            connection.send(("broken", told(error)))
            return
        connection.send(("ready", questions.study_data()))
        Worker(connection, questions.answer).serve()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the server is gone

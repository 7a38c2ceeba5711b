"""Small timetables written as text."""

from datetime import date

import numpy as np

from accessibility.model.service_day import Run, gather_runs
from accessibility.units import seconds_from_clock

DAY = date(2021, 5, 21)


class World:
    """A service day with letters for stops."""

    def __init__(self, letters, day):
        self.letters = letters
        self.day = day

    def stop(self, letter):
        return self.letters.index(letter)


def timetable(*lines, stops=""):
    r"""
    Gather lines, each written as stops and departures: ``"A B C\\n8:00 8:05 8:09\\n8:10 8:15 8:19"``.

    A cell ``8:05/8:06`` holds arrival and departure; ``B-`` cannot be boarded at, ``B+`` not alighted at.
    """
    names, runs = list(stops), []
    for route, line in enumerate(lines):
        head, *rows = line.strip().splitlines()
        words = head.split()
        for word in words:
            if word[0] not in names:
                names.append(word[0])
        for row in rows:
            cells = [cell.split("/") for cell in row.split()]
            runs.append(
                Run(
                    trip=len(runs),
                    route=route,
                    stop=np.array([names.index(word[0]) for word in words], np.int32),
                    arrival_s=np.array([seconds_from_clock(cell[0]) for cell in cells], np.int32),
                    departure_s=np.array([seconds_from_clock(cell[-1]) for cell in cells], np.int32),
                    can_board=np.array([not word.endswith("-") for word in words]),
                    can_alight=np.array([not word.endswith("+") for word in words]),
                )
            )
    return World(names, gather_runs(runs, DAY, len(names)))

"""Time whole processes by the operating system's own accounting."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

RUNS = int(os.environ.get("ACCESSIBILITY_BENCH_RUNS", "5"))


@dataclass(frozen=True)
class Measured:
    """Wall seconds of every run, the largest peak memory (MB), and what the last one printed."""

    seconds: tuple
    peak_mb: float
    said: str = ""

    @property
    def median(self):
        return statistics.median(self.seconds)

    def row(self, what, ratio=""):
        """Write a line of the table."""
        spread = f"{min(self.seconds):.2f}–{max(self.seconds):.2f}"
        return f"| {what} | {self.median:.2f} | {spread} | {self.peak_mb:.0f} | {ratio} |"


def timed(arguments, *, runs=RUNS, warm_up=1, environment=None):
    """Run ``python ARGUMENTS`` several times after a warm-up and measure each run as a whole process."""
    seconds, peaks = [], []
    for turn in range(warm_up + runs):
        with tempfile.TemporaryFile() as said:
            began = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, *arguments],
                stdout=said,
                stderr=subprocess.DEVNULL,
                env=os.environ | (environment or {}),
            )
            _pid, status, usage = os.wait4(process.pid, 0)
            ended = time.perf_counter()
            said.seek(0)
            printed = said.read().decode(errors="replace")
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, arguments))} ended with {process.returncode}")
        if turn >= warm_up:
            seconds.append(ended - began)
            peaks.append(usage.ru_maxrss / 1000)
    return Measured(tuple(seconds), max(peaks), printed)


def processors():
    """Say how many processors of what kind there are."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform_name()
    return f"{os.cpu_count()} x {model}"


def platform_name():
    """Name the processor where the system keeps no list of them."""
    import platform

    return platform.processor() or "unknown processor"

"""Schedulers and workers in processes of their own, for tests of the cluster."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


def free_port():
    """Find a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def scheduling():
    """Start a scheduler without workers; give its address and its process."""
    port = free_port()
    process = _started("scheduler", "--host", "127.0.0.1", "--port", str(port))
    try:
        yield f"tcp://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()


@contextmanager
def working(address):
    """Start a worker of one thread for a scheduler; give its process."""
    process = _started("worker", address, "--nthreads", "1", "--no-nanny", "--death-timeout", "10")
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _started(what, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments, "--no-dashboard"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )

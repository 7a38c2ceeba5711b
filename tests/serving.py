"""A workbench of its own for a test: started as people start it, asked as a browser asks."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STUDY = Path(__file__).parents[1] / "data" / "anting"
JSON = {"content-type": "application/json"}


@dataclass
class Served:
    """A running workbench."""

    process: subprocess.Popen
    port: int
    folder: Path
    address: str

    def ask(self, method, path, body=None, headers=None, *, raw=None):
        """Ask and return status, headers and the answer, read as JSON where it is JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = raw if raw is not None else None if body is None else json.dumps(body).encode()
        given = {**(JSON if sent is not None else {}), **(headers or {})}
        connection.request(method, path, body=sent, headers=given)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.getheader("content-type", "").startswith("application/json") and not answer.getheader(
            "content-encoding"
        ):
            content = json.loads(content)
        return answer.status, dict(answer.getheaders()), content

    def job(self, question):
        """Put a question, wait, return the last state and the answer."""
        status, _, state = self.ask("POST", "/api/jobs", question)
        assert status == 202, state
        while state["state"] in ("queued", "running"):
            _, _, state = self.ask("GET", f"/api/jobs/{state['id']}?wait=20")
        return state, self.ask("GET", f"/api/jobs/{state['id']}/result")


@contextmanager
def serving(folder, *options, study=STUDY):
    """Start a workbench over a folder of scenarios and end it."""
    command = [sys.executable, "-m", "accessibility", "--lang", "zh", "serve", str(study), "--port", "0"]
    command += ["--no-browser", "--scenarios", str(folder), *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"}
    ) as process:
        try:
            line = process.stdout.readline()
            found = re.search(r"http://\S+:(\d+)/\S*", line)
            assert found is not None, line
            served = Served(process, int(found[1]), Path(folder), found[0])
            for _ in range(200):
                try:
                    served.ask("GET", "/api/state")
                    break
                except OSError:
                    time.sleep(0.05)
            yield served
        finally:
            process.terminate()
            process.wait(20)

"""RULE UNDER TEST: a notebook runs from its first cell to its last without a network, by public names alone.

Notebooks are kept without outputs, so that what readers see is what their own computer computed.
"""

import ast
import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import accessibility

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BESIDE = {"datetime", "geopandas", "matplotlib", "networkx", "numpy", "pandas", "pathlib", "tempfile"}
"""What a notebook may import beside the program itself."""

WITHOUT_NETWORK = """
import socket as _socket

def _refuse(*_arguments, **_more):
    raise OSError("a notebook must not need the network")

_socket.getaddrinfo = _socket.gethostbyname = _socket.create_connection = _refuse
"""
DEAD_PROXY = "http://127.0.0.1:9"
"""Where nobody answers, for libraries that do not ask Python's socket module."""


def aside(function, *arguments):
    """Call a function in a thread of its own: a browser test of the same process may hold the event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


def notebook(path):
    return nbformat.read(path, as_version=4)


def code_of(path):
    cells = [cell.source for cell in notebook(path).cells if cell.cell_type == "code"]
    return aside(ast.parse, "\n".join(cells), path.name)


def imports(tree):
    """Give (module, name or nothing, what it is called here) of every import, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "", alias.asname or alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or ".", alias.name, alias.asname or alias.name) for alias in node.names)


def private_uses(tree):
    """Find everything a piece of code takes from the program that is no public name of it."""
    found, called = [], set()
    for module, name, here in imports(tree):
        if module == "accessibility" and not name:
            called.add(here)
        elif module.partition(".")[0] == "accessibility" and (
            module != "accessibility" or name not in accessibility.__all__
        ):
            found.append(f"{module}.{name}".rstrip("."))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in called:
            found += [] if node.attr in accessibility.__all__ else [f"accessibility.{node.attr}"]
    return found


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_without_a_network(path, tmp_path, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, DEAD_PROXY)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("PROJ_NETWORK", "OFF")
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("PYTHONWARNINGS", "default")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    work = tmp_path / "work"
    work.mkdir()
    book = notebook(path)
    book.cells.insert(0, nbformat.v4.new_code_cell(WITHOUT_NETWORK))
    client = NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": work}})
    aside(lambda: asyncio.run(client.async_execute()))
    assert list(work.iterdir()) == [], "it leaves nothing behind"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs_and_for_any_python_3(path):
    book = notebook(path)
    nbformat.validate(book)
    assert book.metadata.kernelspec.name == "python3"
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []
    assert book.cells[0].cell_type == "markdown", "it says first what it is for"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_uses_public_names_alone(path):
    tree = code_of(path)
    foreign = {module for module, _name, _here in imports(tree)} - {"accessibility"}
    roots = {module.partition(".")[0] for module in foreign} - {"accessibility"}
    assert roots <= BESIDE
    assert private_uses(tree) == []


@pytest.mark.parametrize(
    "code",
    [
        "import accessibility.travel",
        "from accessibility.travel import travel_times",
        "from accessibility import travel",
        "import accessibility as ac\nac.studies.run",
        "def f():\n    import accessibility\n    return accessibility._HOMES",
    ],
)
def test_private_names_are_noticed_wherever_they_stand(code):
    assert private_uses(aside(ast.parse, code))

"""RULE UNDER TEST: the wheel carries the program and its data, and answers far from the checkout."""

import os
import subprocess
import sys
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
DATA = "accessibility/data"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel with the tools of this environment; nothing is downloaded."""
    lacking = [name for name in ("hatchling", "pip") if find_spec(name) is None]
    if lacking:
        reason = f"{' and '.join(lacking)} cannot be imported, so that no wheel can be built"
        if os.environ.get("ACCESSIBILITY_CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(CHECKOUT)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("accessibility-*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere") / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def carried(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def files_below(folder: Path, *endings: str):
    """List the files of the checkout that belong into the wheel, by their path in it."""
    return {
        path.relative_to(CHECKOUT).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name.endswith(endings or ("",))
    }


def test_the_wheel_carries_every_module_and_says_that_it_is_typed(carried):
    assert files_below(CHECKOUT / "accessibility", ".py") - carried == set()
    assert "accessibility/py.typed" in carried


def test_the_wheel_carries_the_templates_and_the_compiled_catalogue(carried):
    templates = files_below(CHECKOUT / "accessibility" / "outputs" / "templates")
    assert templates - carried == set()
    assert any(name.endswith(".html.j2") for name in templates)
    assert "accessibility/messages/zh/LC_MESSAGES/accessibility.mo" in carried


def test_the_wheel_carries_the_defaults_and_the_embedded_study_with_every_file_it_names(carried):
    assert {f"accessibility/{name}" for name in files_below(CHECKOUT / "data")} - carried == set()
    study = tomllib.loads((CHECKOUT / "data" / "anting" / "study.toml").read_text(encoding="utf-8"))
    named = [study["streets"]["file"], study["study"]["unknown"], *study["study"]["overlays"]]
    named += [source["file"] for source in study["places"]]
    needed = {f"{DATA}/anting/{name}" for name in ("study.toml", *named)} | {
        f"{DATA}/defaults/{name}.csv"
        for name in ("limits", "mode_speeds", "driving_speeds", "driving_extras")
    }
    assert needed - carried == set()


def test_the_wheel_carries_nothing_else(carried):
    foreign = [
        name
        for name in carried
        if not name.startswith(("accessibility/", "accessibility-"))
        or "__pycache__" in name
        or name.endswith((".pyc", ".nbi", ".nbc", "~", ".orig"))
    ]
    assert foreign == []


def test_the_wheel_names_its_licences_and_its_command(wheel):
    with zipfile.ZipFile(wheel) as archive:
        texts = {
            name.split("/", 1)[1]: archive.read(name).decode("utf-8")
            for name in archive.namelist()
            if ".dist-info/" in name
        }
    assert {"licenses/LICENSE", "licenses/LICENSE-DATA.md"} <= set(texts)
    assert "accessibility = accessibility.__main__:main" in texts["entry_points.txt"]
    assert "\nLicense-Expression: MIT\n" in texts["METADATA"]


def test_unpacked_elsewhere_it_finds_the_embedded_study_and_nothing_wrong_with_it(unpacked, tmp_path):
    code = (
        "import sys, accessibility; from accessibility.cli import main\n"
        "folder = accessibility.data_folder()\n"
        "print(accessibility.__file__, folder, sep='\\n', file=sys.stderr)\n"
        "sys.exit(main(['check', str(folder / 'anting')]))"
    )
    environment = os.environ | {"PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=tmp_path,
        env=environment | {"PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.splitlines()[:2] == [
        str(unpacked / "accessibility" / "__init__.py"),
        str(unpacked / "accessibility" / "data"),
    ]
    assert list(tmp_path.iterdir()) == []

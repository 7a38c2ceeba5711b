"""RULE UNDER TEST: what stands around the program keeps to it: dependencies, words, names, docs, scripts."""

import ast
import importlib
import inspect
import re
import string
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import accessibility
from accessibility.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {name: needs for name, needs in PROJECT["optional-dependencies"].items() if name != "all"}
PROJECT_FOLDERS = ("accessibility", "data", "docs", "notebooks", "scripts", "tests")
LARGEST_FILE = 1_000_000
LARGE_FILES_ALLOWED: list[str] = []
CATALOGUE = ROOT / "accessibility/messages/zh/LC_MESSAGES/accessibility.po"


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def requirement(text):
    """Split ``name>=1.0,<2`` into the name as pip compares it and its bounds in no order."""
    name, bounds = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*([^;]*)", text.strip()).groups()
    return re.sub(r"[-_.]+", "-", name).lower(), frozenset(bounds.replace(" ", "").split(",")) - {""}


def tracked_files():
    """List what git keeps; without git (an unpacked archive) everything that came in it."""
    if (ROOT / ".git").exists():
        listing = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
        names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout
        files = [ROOT / name for name in names.decode("utf-8").split("\0") if name]
    else:
        files = [file for folder in PROJECT_FOLDERS for file in (ROOT / folder).rglob("*")]
        files = [file for file in files if "__pycache__" not in file.parts] + list(ROOT.glob("*.*"))
    return [file for file in files if file.is_file()]


# Dependencies


def conda_dependencies():
    """Read the lists of ``environment.yml``, which are one item a line."""
    lines = text_of("environment.yml").partition("dependencies:")[2].splitlines()
    items = [line.strip().removeprefix("- ") for line in lines if line.strip().startswith("- ")]
    return [item for item in items if item not in ("pip", "pip:", "--editable .")]


def test_the_conda_environment_mirrors_the_dependencies():
    conda = dict(requirement(item) for item in conda_dependencies())
    python = conda.pop("python")
    assert conda == dict(requirement(item) for item in PROJECT["dependencies"])
    assert PROJECT["requires-python"] in python
    versions = [c.rpartition(" :: ")[2] for c in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", c)]
    after_last = max(int(version.partition(".")[2]) for version in versions) + 1
    assert python - {PROJECT["requires-python"]} == {f"<3.{after_last}"}


def test_the_conda_environment_installs_the_program_itself():
    assert "- --editable ." in text_of("environment.yml")
    assert f"name: {PROJECT['name']}" in text_of("environment.yml")


def direct_dependencies():
    """List every dependency; of the extras that the test script does not install, those that are here."""
    installed_by_tests = re.search(r"'\.\[(.+?)\]'", text_of("scripts/test.sh"))[1].split(",")
    sure = [*PROJECT["dependencies"], *(need for extra in installed_by_tests for need in EXTRAS[extra])]
    here = {dist.name.lower() for dist in metadata.distributions() if dist.name}
    maybe = [need for needs in EXTRAS.values() for need in needs if requirement(need)[0] in here]
    return sorted({requirement(need)[0] for need in [*sure, *maybe]})


def licence_of(name):
    """Give what a package says of its licence, the shortest and most formal word first."""
    about = metadata.metadata(name)
    classifiers = [c for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    first_line = (about.get("License") or "").strip().partition("\n")[0]
    stated = about.get("License-Expression") or "; ".join(classifiers) or first_line
    return stated or _title_of_licence(name)


def _title_of_licence(name):
    """Give the first line of the licence a package carries, for one that states none in its metadata."""
    texts = [file for file in metadata.files(name) or () if file.name.upper().startswith("LICENSE")]
    return texts[0].read_text(encoding="utf-8").strip().partition("\n")[0] if texts else ""


def is_gpl(licence):
    """Say whether every choice a licence leaves is GPL or AGPL; LGPL is neither."""
    choices = re.split(r"\bOR\b", licence)
    strict = r"\bA?GPL|(?<!Lesser )General Public License"
    free_of_lesser = [re.sub(r"LGPL\S*|\(LGPL\w*\)", "", choice) for choice in choices]
    return all(re.search(strict, choice) for choice in free_of_lesser)


@pytest.mark.parametrize("name", direct_dependencies())
def test_no_dependency_is_under_gpl_or_agpl(name):
    licence = licence_of(name)
    assert licence, "it says under which licence it is"
    assert not is_gpl(licence), licence


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("GPL-3.0-or-later", True),
        ("AGPL-3.0-only", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("License :: OSI Approved :: GNU Affero General Public License v3", True),
        ("LGPL-2.1-only", False),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MIT OR GPL-2.0-only", False),
        ("BSD-3-Clause AND MIT", False),
    ],
)
def test_licences_are_told_apart(licence, expected):
    assert is_gpl(licence) is expected


# Words


def test_every_message_has_chinese_and_the_compiled_catalogue_is_up_to_date():
    check = [sys.executable, str(ROOT / "scripts/compile_messages.py"), "--check"]
    done = subprocess.run(check, capture_output=True, encoding="utf-8", errors="replace", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def places_in(sentence):
    """Name what is filled in, in no order, as often as it stands there."""
    return sorted(name for _text, name, _format, _conversion in string.Formatter().parse(sentence) if name)


def forms(text):
    """List the forms of a message: one, or one per number."""
    return [text] if isinstance(text, str) else list(text)


def test_every_translation_fills_in_the_same_values():
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert messages
    different = [
        message.id
        for message in messages
        for form in forms(message.string)
        if form and places_in(form) not in [places_in(original) for original in forms(message.id)]
    ]
    assert different == []
    assert [m.id for m in messages if m.fuzzy] == [], "nobody has looked at these"


# Names


def test_the_package_lists_its_public_names_sorted_and_once():
    assert len(set(accessibility.__all__)) == len(accessibility.__all__)
    assert dir(accessibility) == sorted(accessibility.__all__)


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = accessibility.no_such_name


@pytest.mark.parametrize("name", [name for name in accessibility.__all__ if name != "__version__"])
def test_every_public_name_loads_and_says_what_it_is(name):
    value = getattr(accessibility, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        said = value.__doc__ or ""
        assert not said.startswith(f"{name}("), "not the line that dataclass writes"
    else:
        said = text_below(accessibility._HOMES[name], name)
    assert len(said.split()) >= 3


def text_below(home, name):
    """Read the text that stands below a constant in its module."""
    tree = ast.parse(inspect.getsource(importlib.import_module(f"accessibility.{home}")))
    for statement, after in zip(tree.body, tree.body[1:], strict=False):
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            return str(after.value.value) if is_text else ""
    return ""


def test_the_version_is_the_installed_one():
    assert accessibility.__version__ == metadata.version("accessibility")


# Documents


def asked_settings():
    """Collect every key that the reader of ``study.toml`` asks for."""
    tree = ast.parse(text_of("accessibility/sources/study_file.py"))
    asking = {"get", "texts", "number", "dates", "clock", "table", "tables"}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in asking
        and isinstance(call.args[0], ast.Constant)
    }


def told_settings(text):
    """Collect every word that stands in code quotes."""
    return {word for quoted in re.findall(r"`([^`]+)`", text) for word in re.findall(r"[a-z_]+", quoted)}


def test_the_description_of_a_study_names_every_setting():
    asked = asked_settings()
    assert {"study", "streets", "off_network_m", "rests_on_en"} <= asked, "the reader is still understood"
    assert asked - told_settings(text_of("docs/study.md")) == set()


def test_the_description_of_a_study_names_no_setting_that_is_not_read():
    rows = [line for line in text_of("docs/study.md").splitlines() if line.startswith("| `")]
    told = told_settings("\n".join(row.split("|")[1] for row in rows))
    assert told - asked_settings() == set()


def test_the_list_of_public_names_holds_each_once_and_no_other():
    rows = [line for line in text_of("docs/python.md").splitlines() if line.startswith("| `")]
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(["__version__", *listed]) == sorted(accessibility.__all__)


@pytest.mark.parametrize("document", ["README.md", "docs/python.md"])
def test_documents_name_no_function_that_is_not_public(document):
    used = re.findall(r"\bac\.(\w+)", text_of(document))
    assert used
    assert set(used) - set(accessibility.__all__) == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_mentions_every_command(command):
    assert re.search(rf"(accessibility |`){re.escape(command)}(?![\w-])", text_of("README.md"))


# Files


def test_no_large_file_is_kept():
    large = [
        file.relative_to(ROOT).as_posix() for file in tracked_files() if file.stat().st_size > LARGEST_FILE
    ]
    assert sorted(large) == LARGE_FILES_ALLOWED


def test_the_embedded_streets_stay_small():
    assert 100_000 < (ROOT / "data/anting/streets.osm").stat().st_size < LARGEST_FILE


def test_no_file_names_a_folder_of_one_machine():
    machine = re.compile(rb"(?<![\w.~-])/(?:work|root)/")
    found = [
        file.relative_to(ROOT).as_posix()
        for file in tracked_files()
        if b"\0" not in (data := file.read_bytes()) and machine.search(data)
    ]
    assert found == []


@pytest.mark.parametrize("name", ["run.sh", "run.bat", "test.sh"])
def test_the_scripts_that_people_start_exist(name):
    assert (ROOT / "scripts" / name).is_file()


@pytest.mark.parametrize("file", sorted((ROOT / "scripts").glob("*.*")), ids=lambda file: file.name)
def test_a_script_says_first_what_it_is_for(file):
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        first = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    else:
        comments = re.findall(r"^(?:#(?!!)|rem)\s+(.+)$", text, re.MULTILINE)
        first = comments[0] if comments else ""
        assert first in "\n".join(text.splitlines()[:3]), "before anything else"
    assert len(first.split()) >= 4
    assert first.rstrip().endswith(".")
    assert not first.startswith("Usage"), "what for comes before how"

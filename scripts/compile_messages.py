"""Collect the messages of the program, merge them into the Chinese catalogue, and compile it.

Usage: python scripts/compile_messages.py [--check]     --check only says what is missing or out of date.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "accessibility"
PO = PACKAGE / "messages" / "zh" / "LC_MESSAGES" / "accessibility.po"
MO = PO.with_suffix(".mo")
FIXED = datetime(2021, 5, 21, tzinfo=UTC)
"""A date in the header that never changes, so that the same messages give the same bytes."""
CLICK = (
    "Usage:",
    "Options",
    "Commands",
    "Arguments",
    "Show this message and exit.",
    "Show the version and exit.",
    "Try '{command} {option}' for help.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "No such command {name!r}.",
    "No such option {name!r}.",
    "No such option: {name}",
    "{value} is not in the range {range}.",
    "Option {name!r} does not take a value.",
    "Missing command.",
    "{value!r} is not a valid {number_type}.",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "default: {default}",
    "required",
)
"""Sentences of click that users of the command line meet."""
CLICK_PLURALS = {
    "Got unexpected extra argument ({args})": "Got unexpected extra arguments ({args})",
    "Option {name!r} requires an argument.": "Option {name!r} requires {nargs} arguments.",
    "{value!r} is not {choice}.": "{value!r} is not one of {choices}.",
    "Did you mean {possibility}?": "(Did you mean one of: {possibilities}?)",
}
"""Those that click has in singular and plural."""


def collected() -> set[str]:
    """Return every message of the program."""
    methods = [("**.py", "python"), ("**.j2", "jinja2")]
    found = extract_from_dir(
        PACKAGE,
        method_map=methods,
        keywords={"_": None},
        options_map={"**.j2": {"silent": "false"}},
    )
    return {message for _file, _line, message, _comments, _context in found if isinstance(message, str)}


def _texts(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else string


def main() -> int:
    """Merge and compile, or only check; return the exit code."""
    check = "--check" in sys.argv[1:]
    old = read_po(PO.open("rb")) if PO.exists() else Catalog()
    wanted = sorted(collected() | set(CLICK))
    new = Catalog(
        locale="zh",
        domain="accessibility",
        header_comment="# Chinese sentences of the program. Licence: MIT, as the program.",
        project="accessibility",
        version="1",
        msgid_bugs_address="",
        creation_date=FIXED,
        revision_date=FIXED,
        last_translator="",
        language_team="zh",
        fuzzy=False,
    )
    for message in wanted:
        known = old.get(message)
        new.add(message, string=known.string if known is not None else "")
    for one, many in CLICK_PLURALS.items():
        known = old.get(one)
        told = known.string if known is not None else ""
        new.add((one, many), string=(told,) if isinstance(told, str) else told)
    missing = [message.id for message in new if message.id and not any(_texts(message.string))]
    compiled = io.BytesIO()
    write_mo(compiled, new)
    if check:
        stale = not MO.exists() or MO.read_bytes() != compiled.getvalue()
        for message in missing:
            print(f"no Chinese for: {message}")
        if stale:
            print("the compiled catalogue is out of date: python scripts/compile_messages.py")
        return 1 if missing or stale else 0
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, new, width=110, omit_header=False, ignore_obsolete=True, sort_output=True)
    MO.write_bytes(compiled.getvalue())
    print(f"{len(wanted)} messages, {len(missing)} without Chinese")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What became of an archive that was run again, as a table and in words."""

from accessibility.messages import _
from accessibility.model.archive import DIFFERS, EXTRA, MISSING, SAME, FileCheck, Verification
from accessibility.outputs.sheets import Sheet


def checks_sheet(found: Verification) -> Sheet:
    """Give one row per file of the results: what became of it, and where it begins to differ."""
    rows = tuple((check.file, check.state, check.where) for check in found.checks)
    return Sheet("files", _("Files made again"), ("file", "state", "first_difference"), rows)


def check_text(check: FileCheck) -> str:
    """Tell one file in a line."""
    state = state_text(check.state)
    return f"{state}  {check.file}" + (f": {check.where}" if check.where else "")


def state_text(state: str) -> str:
    """Name what became of a file."""
    texts = {SAME: _("same"), DIFFERS: _("differs"), MISSING: _("missing"), EXTRA: _("extra")}
    return texts[state]


def verification_text(found: Verification) -> str:
    """Say in one sentence what came out."""
    if found.same:
        return _("Made again byte for byte: {n} files.", n=len(found.checks))
    return _(
        "Not the same: {differs} of {n} files differ, {missing} were not made again, {extra} are new.",
        n=len(found.checks),
        differs=found.count(DIFFERS),
        missing=found.count(MISSING),
        extra=found.count(EXTRA),
    )


def environment_lines(found: Verification) -> list[str]:
    """Tell what is installed otherwise than when the archive was made."""
    names = {
        "python": _("Python"),
        "system": _("operating system"),
        "machine": _("processor"),
        "program": _("this program"),
        "program_sha256": _("code and default tables of this program"),
    }
    return [
        _(
            "{name}: then {then}, now {now}",
            name=names.get(name, name),
            then=(then[:12] if name == "program_sha256" else then) or _("not installed"),
            now=(now[:12] if name == "program_sha256" else now) or _("not installed"),
        )
        for name, then, now in found.environment
    ]

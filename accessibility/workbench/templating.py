"""Templates of the workbench: everything is escaped, a missing value is an error."""

from functools import cache
from importlib import resources
from typing import Any

import jinja2

from accessibility.messages import _


def _text(name: str) -> str:
    return (resources.files("accessibility.workbench") / "templates" / name).read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FunctionLoader(_text),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["_"] = _
    return env


def rendered(name: str, **values: Any) -> str:
    """Fill in a template."""
    return _environment().get_template(name).render(values)

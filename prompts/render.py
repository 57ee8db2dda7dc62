"""Prompts: one Jinja2 template per agent task, rendered into chat messages.

A template holds a `## system` part and a `## user` part. An undefined variable is an error, never an empty string.
"""

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from secrets import token_hex
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

_HEADING = re.compile(r"^## (system|user|assistant)[ \t]*$", re.M)
_MARK = token_hex(8)
"""What a template's headings become before rendering, so that a line "## user" in somebody's words starts no message;
drawn anew in every process, and in no prompt, as prompts are split there."""
_PART = re.compile(rf"{_MARK}(system|user|assistant)\n")


def _source(name: str) -> str:
    return files("classwright.prompts").joinpath(f"{name}.md.j2").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(lambda name: _HEADING.sub(rf"{_MARK}\1", _source(name))),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(template: str, /, **values: Any) -> list[dict[str, str]]:
    """The chat messages of a prompt.

    Args:
        template: Template name without its ending, such as "hook".
        values: The template's variables, every one of them.

    Raises:
        jinja2.UndefinedError: a variable is missing.
        FileNotFoundError: there is no such template.
    """
    text = _environment().get_template(template).render(**values)
    pieces = _PART.split(text)
    if pieces[0].strip() or len(pieces) < 3:
        raise ValueError(f"prompts/{template}.md.j2 must begin with '## system' or '## user'")
    return [
        {"role": role, "content": re.sub(r"\n{3,}", "\n\n", content.strip())}
        for role, content in zip(pieces[1::2], pieces[2::2], strict=True)
    ]


def prompt_names() -> list[str]:
    """Every template's name, sorted."""
    names = (f.name.removesuffix(".md.j2") for f in files("classwright.prompts").iterdir() if f.name.endswith(".md.j2"))
    return sorted(names)


def prompt_hashes() -> dict[str, str]:
    """Template name -> first 12 hex digits of the sha256 of its source; they go into a run's config.json."""
    return {name: sha256(_source(name).encode()).hexdigest()[:12] for name in prompt_names()}

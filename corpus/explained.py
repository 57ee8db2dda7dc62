"""The texts that we wrote for each skill by hand: `explained/<strand>.toml`, one table a skill."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict, TypeAdapter, ValidationError

from classwright.errors import InputError

Text = Annotated[str, Field(min_length=1)]


class Explained(BaseModel):
    """What we wrote about one skill; every fact in it is in the skill's own fields.

    Attributes:
        id: The skill's id.
        explanations: Three, each of 3-4 sentences: the idea and why it works.
        closings: Two, each of 2-3 sentences: the method in a learner's words.
        groups: Two, each of 2 sentences: what a teacher lets a group do with the skill's picture.
        analogies: One, of 1-2 sentences: what it is like in daily life.
        phrase: The skill as a noun phrase, as in "today we learn about {phrase}".
        doing: The skill as a verb phrase, as in "you can {doing}".
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Text
    explanations: Annotated[tuple[Text, ...], Strict(False), Field(min_length=3, max_length=3)]
    closings: Annotated[tuple[Text, ...], Strict(False), Field(min_length=2, max_length=2)]
    groups: Annotated[tuple[Text, ...], Strict(False), Field(min_length=2, max_length=2)]
    analogies: Annotated[tuple[Text, ...], Strict(False), Field(min_length=1, max_length=1)]
    phrase: Text
    doing: Text


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    skill: list[Explained]


@cache
def explained() -> dict[str, Explained]:
    """The texts of every skill that has some, by skill id, in the order of the files' names and tables.

    Raises:
        InputError: a file is no TOML, a key is unknown, missing or of the wrong kind, or a skill comes twice; names
            the file and the key.
    """
    folder = files("classwright.corpus").joinpath("explained")
    found: dict[str, Explained] = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        for entry in read_explained(file.read_text(encoding="utf-8"), file.name):
            if entry.id in found:
                raise InputError(f"corpus/explained/{file.name}: {entry.id} comes twice; keep one table a skill")
            found[entry.id] = entry
    return found


def read_explained(text: str, name: str) -> list[Explained]:
    """The tables of one file.

    Args:
        text: What stands in it, TOML.
        name: Its name, for the error.

    Raises:
        InputError: as `explained`.
    """
    try:
        return TypeAdapter(_File).validate_python(tomllib.loads(text)).skill
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"corpus/explained/{name} is no TOML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InputError(f"corpus/explained/{name}: {faults}") from error

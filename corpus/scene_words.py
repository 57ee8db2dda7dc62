"""Scenes and questions for the opening of a lesson, `patterns/scenes.toml`."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple


class Kind(NamedTuple):
    """A kind of skills, with what fits it.

    Attributes:
        name: A key of the questions.
        ids: Which skills are of the kind; the first kind that matches counts.
        scene: Words of a scene that raises such a question.
    """

    name: str
    ids: str
    scene: str


KINDS = (
    Kind(
        "compare",
        r"^counting\.(compare|equal_sign)",
        "more|less|longer|size|score|ahead|higher|taller|faster|gap|sort|share|weigh|same",
    ),
    Kind(
        "count",
        r"^counting\.(count|odd_even|ten_more)|^statistics\.sort",
        "count|list|line|row|box|bag|basket|fill|every|each|sort|pack",
    ),
    Kind("unknown", r"unknown_addend", "missing|left|back|more|out|score|coin"),
    Kind(
        "number",
        r"^counting\.(place|expanded|tens|teen)|^whole\.(place|round|powers)|scientific|^decimals\.(round|powers|place)",
        "score|count|crowd|fans|list|every|seat|far|long|star|coin|pages",
    ),
    Kind(
        "addsub",
        r"^counting\.(add|sub|make)|^whole\.(add|sub)",
        "more|get off|come|left|change|score|won|lose|hand|pour|pack|fill|row|box|bag",
    ),
    Kind(
        "steps",
        r"order_of_operations|two_step_story|one_step_story|systems_story",
        "plan|recipe|build|before|step|wants|more|cost|list",
    ),
    Kind("divide", r"^whole\.(divide|long_division|interpret)", "share|same|equal|last|enough|cut|each|deal"),
    Kind(
        "factor", r"^whole\.(factors|multiples|primes|gcf|lcm)", "row|same|share|box|bag|equal|again|stack|each|tower"
    ),
    Kind("multiply", r"^whole\.", "row|each|every|bag|box|tray|page|same|stack|tower|wall|crate|pack"),
    Kind("count", r"^counting\.", "count|list|line|row|box|bag|basket|fill|every|each|sort|pack"),
    Kind("fraction", r"^fractions\.|integers\.rational", "share|cut|part|slice|same|piece|left|pour|cup|last|lap"),
    Kind("decimal", r"^decimals\.", "clock|watch|weigh|measure|cost|long|far|time|fuel|rain|lap"),
    Kind("root", r"root|^integers\.irrational", "square|side|floor|cover|field|frame|wall|box"),
    Kind("power", r"exponent|power", "grow|again|faster|fold|stack|more|double|row"),
    Kind("below", r"^integers\.", "down|up|lower|higher|colder|freez|sink|behind|lose|back"),
    Kind(
        "percent",
        r"percent|find_whole|discount|interest",
        "cheaper|cost|part|left|shot|goal|hit|less|battery|sign|save",
    ),
    Kind("speed", r"speed|rate_of_change", "run|race|fast|slow|hour|lap|ride|roll|climb|grow|fill|way|trip|rise"),
    Kind("ratio", r"^ratios\.|scale_drawing", "mix|recipe|more|faster|each|same|lap|hour|share|map|size|fuel|larger"),
    Kind("time", r"time", "clock|hour|time|last|leave|start|morning|night|watch|late|lap"),
    Kind("money", r"money", "coin|cost|buy|shop|change|money|cheaper|win"),
    Kind("measure", r"^measurement\.", "long|far|measure|rope|fence|higher|lap|water|length|tall|weigh|line"),
    Kind("angle", r"^geometry\.(angle|triangle_angles)", "turn|lean|corner|ramp|kick|leg|wheel|open|slide|side"),
    Kind(
        "area",
        r"area|perimeter|volume|circumference",
        "cover|floor|fence|wall|mat|tank|fill|field|rug|around|square|box|bed|paint",
    ),
    Kind("place", r"coordinate|transformation|distance", "map|corner|way|across|from|step|move|path|field|route"),
    Kind("length", r"pythagoras|similar", "ladder|rope|far|corner|across|higher|side|long|lean|way|tall"),
    Kind("shape", r"^geometry\.", "shape|side|square|corner|piece|block|turn|draw|frame|fold|line"),
    Kind("chance", r"probability|sample", "coin|dice|spinner|card|toss|guess|pick|shot|weather|serve|trick"),
    Kind("data", r"^statistics\.", "write|list|mark|score|count|every|down|vote|week|time"),
    Kind("change", r"^functions\.", "grow|faster|hour|every|each|climb|rise|up|again|run|fill|week"),
    Kind(
        "unknown",
        r"^equations\.(one|two|check|both|paren|number_of|systems|abs|ineq|compound)|solve",
        "missing|think of a number|left|back|wrong|gift|out|how much|treasure|last",
    ),
    Kind("algebra", r"^(equations|polynomials)\.", "row|side|square|same|again|part|piece|number|box|sort"),
)


@cache
def _read() -> dict[str, Any]:
    text = files("classwright.corpus").joinpath("patterns/scenes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


INTERESTS: tuple[str, ...] = tuple(_read()["scenes"])
"""The interests that have scenes of their own."""


def kind_of(skill: str) -> Kind:
    """What kind a skill is of, by its id; the kind of counting for one of no strand of ours."""
    return next((kind for kind in KINDS if re.search(kind.ids, skill)), KINDS[1])


def raises(interest: str, skill: str) -> bool:
    """Whether a scene of an interest raises a question of the skill's kind."""
    return any(_raises(scene, skill) for scene in scenes(interest))


def _raises(scene: str, skill: str) -> bool:
    return re.search(rf"\b({kind_of(skill).scene})", scene, re.I) is not None


def scenes(interest: str | None) -> tuple[str, ...]:
    """The scenes of an interest, one sentence each; everyday ones for None."""
    return tuple(_read()["scenes"][interest] if interest else _read()["everyday"]["scenes"])


def fitting(found: tuple[str, ...], skill: str) -> tuple[str, ...]:
    """Those of some scenes that raise a question of the skill's kind; all of them where none does."""
    return tuple(s for s in found if _raises(s, skill)) or found


def questions(skill: str) -> tuple[str, ...]:
    """What a class could ask about any scene, for a skill."""
    return tuple(_read()["questions"][kind_of(skill).name])

"""Worked steps said aloud: each step joined to the one before by words that fit its form, the answer at the end.

Every number and equation stays as it stands in the steps.
"""

import re
from collections.abc import Sequence
from random import Random

from classwright.corpus.pattern import Pattern, fill, tables
from classwright.corpus.phrases import is_instruction, lowered, raised, sentences, to_i

_LEADS = re.compile(r"(So|Then|First|Next|Now|Here|Last|Finally|Also|And|But|After|To|It|That|This|Its|Again)\b")
_SAYS_ANSWER = re.compile(
    r"(So )?(the|my) (\w+ )?(answer|result|ratio|sum|product|mean|median|value|area|volume)s? (is|are)\b", re.I
)
_OPERATIONS = {"add": "+", "subtract": "-−", "multiply": "×*·", "divide": "÷"}


def narrate_aloud(opening: str, steps: Sequence[str], answer: str, rng: Random) -> str:
    """A narration of worked steps.

    Args:
        opening: The sentence before the first step.
        steps: The worked steps.
        answer: The answer in canonical form; it ends the narration.
        rng: Draws the joining words and the end.
    """
    lists = tables("talk")
    said = [opening]
    used: set[str] = set()
    for n, step in enumerate(steps):
        place = "first" if n == 0 else "last" if n == len(steps) - 1 else "next"
        if place == "last" and _says(step, answer):
            said.append(fill(rng.choice(lists["said"]).text, _forms(step)))
            return " ".join(said)
        choices = [p for p in _joining(step, place) if p.name not in used] or list(_joining(step, place))
        pattern = rng.choice(choices)
        used.add(pattern.name)
        said.append(fill(pattern.text, _forms(step)))
    said.append(fill(rng.choice(lists["closings"]).text, {"a": answer}))
    return " ".join(said)


def _says(step: str, answer: str) -> bool:
    """Whether a last step states the answer in a sentence."""
    return bool(_SAYS_ANSWER.match(step)) and answer.lower() in step.lower()


def _joining(step: str, place: str) -> Sequence[Pattern]:
    """The patterns by which a step can be joined.

    Args:
        step: The step.
        place: "first", "next" or "last".
    """
    lists = tables("talk")
    head, colon, rest = step.partition(": ")
    if _is_equation(step):
        own = [p for name in _operations(step) for p in lists[name]] if place != "first" else []
        return [*lists[f"equation_{place}"], *own]
    if colon and head == "Check":
        return lists["check"]
    if step.endswith("?") or _LEADS.match(step):
        return lists["state_next"][:1]  # as it stands: it begins with a joining word of its own
    if is_instruction(step) or is_instruction(f"{head} "):
        return lists[f"do_{place}"]
    if colon and rest and _is_name(head):
        return lists["named_first" if place == "first" else "named_next"]
    return lists[f"state_{place}"]


def _forms(step: str) -> dict[str, str]:
    """A step as the patterns use it."""
    head, _, rest = step.partition(": ")
    first, *others = sentences(step)
    end = "" if step.endswith((".", "?", "!")) else "."
    do = to_i(lowered(first)).rstrip(".")
    if others:
        do = f"{do}. {to_i(' '.join(others))}".rstrip(".")
    return {
        "e": step.rstrip("."), "do": do, "step": f"{step}{end}", "fact": f"{lowered(step)}{end}",
        "name": _named(head), "Name": raised(_named(head)), "rest": f"{rest.rstrip('.')}.",
    }  # fmt: skip


def _is_name(head: str) -> bool:
    """Whether what stands before a colon names something and states nothing."""
    return len(head.split()) <= 7 and not re.search(
        r"\b(is|are|has|have|makes?|means|tells?|grows?|comes?|gives?|stands?)\b", head
    )


def _named(head: str) -> str:
    """What stands before a colon, as it goes on in a sentence: "Ones" are "the ones"."""
    places = re.fullmatch(r"(Ones|Tens|Hundreds|Thousands|Tenths|Hundredths|Thousandths|Wholes)", head)
    return f"the {head.lower()}" if places else lowered(head)


def _is_equation(step: str) -> bool:
    """Whether a step is signs, numbers and letters only, with at most a unit."""
    return not re.search(r"[A-Za-z]{3,}", re.sub(r"\b(and|sqrt|cents?|cm|dollars)\b", "", step)) or bool(
        re.fullmatch(r"[^A-Za-z]*= [^A-Za-z=]*[A-Za-z]+( [a-z]+)?\.?", step)
    )


def _operations(step: str) -> list[str]:
    """The operation of an equation that has only one: its list of patterns."""
    left = step.split("=")[0]
    found = [
        name
        for name, signs in _OPERATIONS.items()
        if any(re.search(rf"\d\S* [{re.escape(s)}] \S*\d", left) for s in signs)
    ]
    signs = re.findall(r" [-−+×*·÷] ", left)
    return found if len(found) == 1 and len(signs) == 1 and step.count("=") == 1 else []

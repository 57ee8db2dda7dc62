"""A word problem in another context: what code can check of a rewritten text, and the problem that comes of it.

The four validators follow the study of personalized problems with teachers and pupils (SPECS, "Teacher in the loop"):
solvability, realism (`classroom.realism`), readability, authenticity. Solvability is executed: numbers and structure
are compared by code and the answer is worked out again from the expression.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from classwright.classroom.skeleton import Sentence, flow_fault, sentences, skeleton, without_name
from classwright.classroom.verify import check_problem
from classwright.skilltree import bank
from classwright.skilltree.interests import Interest, vocabulary
from classwright.skilltree.problem import Problem
from classwright.skilltree.readability import readability
from classwright.skilltree.scenes import NAMES, SCHOOL, scene_words
from classwright.skilltree.units import measure
from classwright.skilltree.word_answers import singular

LONGER = 1.6
"""A rewritten problem may have so many times the words of the original, and ten more."""
EASIER = 3
"""Grades by which a rewritten problem may read harder than the original: in a text of two sentences two longer words
make as much."""
_HOW_MANY = re.compile(
    r"[Hh]ow many (?:more |fewer |other )?(?P<noun>[a-z][a-z' -]*?)"
    r"(?=\s+(?:do|does|did|are|is|will|can|could|has|have|had|were|was|go|goes|in|left|fit|that|need|needs|per|would|on|at|come|comes|make|there|belong|"
    r"should|remain|must|of|with|together|altogether|more|now|for|from|get|gets)\b|[?,])"
)
_OTHER_INTERESTS = ("football", "baking", "space")


def told(problem: Problem, interest: str) -> Problem:
    """The bank's own version of a problem in an interest: same numbers, a curated context."""
    version = bank.problem(problem.skill, problem.seed, problem.level, interest)
    return version.model_copy(update={"id": problem.id})


def carries_context(problem: Problem) -> bool:
    """Whether the numbers or the question of a problem are about things that another interest replaces.

    Where they are bare mathematics ("Kofi finds a card. Solve 3x = 12.") or speak of a place alone ("a mat at the
    library"), no context can be more than decoration.
    """
    base = problem if problem.interest else told(problem, SCHOOL)
    holding = " . ".join(s for s in sentences(base.text) if _has_quantity(skeleton(s)[0]))
    return any(_first({word}, holding) for word in story_words(base, things_only=True))


def _has_quantity(sentence: Sentence) -> bool:
    return sentence.asks or any(token not in NAMES for token in sentence.tokens)


def structure_fault(old: str, new: str, name: str = "") -> str:
    """What of the numbers and the structure of a problem a rewritten text changed; "" if nothing.

    Args:
        old: The problem.
        new: The rewritten text.
        name: A named reference, whose own numbers do not count.
    """
    before = [s for s in skeleton(old) if not s.empty]
    after = [s for s in skeleton(new, name) if not s.empty]
    for a, b in zip(before, after, strict=False):
        if fault := _sentence_fault(a, b):
            return fault
    if len(after) < len(before):
        return f"a sentence is missing: {_shown(before[len(after)])}"
    if len(after) > len(before):
        return f"a sentence was added: {_shown(after[len(before)])}"
    return ""


def _sentence_fault(old: Sentence, new: Sentence) -> str:
    if old.tokens != new.tokens:
        missing = [t for t in old.tokens if t not in new.tokens]
        added = [t for t in new.tokens if t not in old.tokens]
        if missing:
            return f"{missing[0]} is missing where the problem has {_shown(old)}"
        return f"{added[0]} was not in the problem" if added else f"not in the order {_shown(old)}"
    lost = [role for role, n in old.roles if dict(new.roles).get(role, 0) < n]
    if lost:
        return f'"{lost[0]}" is missing where the problem has it'
    brought = [role for role, n in new.roles if dict(old.roles).get(role, 0) < n]
    if brought:
        return f'"{brought[0]}" changes what the problem asks'
    if old.asks != new.asks:
        return "the question is no longer a question" if old.asks else "a statement became a question"
    return flow_fault(old.flows, new.flows)


def _shown(sentence: Sentence) -> str:
    return " ".join([*sentence.tokens, *(role for role, _ in sentence.roles)][:8]) or "the question"


def name_fault(old: str, new: str, name: str) -> str:
    """A name in the rewritten text that nobody gave: of a real person a problem would claim things that never were."""
    given = set(re.findall(r"[A-Za-z]+", f"{old} {name}")) | {"I", "A"}
    for sentence in sentences(new):
        for word in re.findall(r"(?<=[\w,] )[A-Z][a-z]+", sentence):
            if word not in given and word.lower() not in {w.lower() for w in given}:
                return f"{word} is a name that was not given"
        if (first := re.match(r"[A-Z][a-z]+", sentence)) and first[0] in NAMES and first[0] not in given:
            return f"{first[0]} is a name that was not given"
    return ""


def solvability_fault(problem: Problem, text: str, name: str = "") -> str:
    """Why a rewritten text does not ask what the problem asks, as far as code can tell; "" if it does."""
    fault = structure_fault(problem.text, text, name) or name_fault(problem.text, text, name)
    if fault:
        return fault
    if gone := [c for c in problem.choices if c in problem.text and c not in text]:
        return f"the choice {gone[0]!r} is missing"
    if problem.unit and _counted(problem) and counted_things(text) is None:
        return "the question does not say how many of what"
    found = check_problem(problem.model_copy(update={"text": text}))
    return found[0].what if found else ""


def readability_fault(problem: Problem, text: str, reading_level: float, name: str = "") -> str:
    """Why a rewritten text is too hard or too long for a reader of a grade; "" if it is not.

    The original's own level is always allowed: the words of its mathematics are not the context's fault. Nor is the
    name of a reference, which its reader knows best.
    """
    most = max(3.0, reading_level + 2, readability(problem.text).grade + EASIER)
    if (level := readability(without_name(text, name)).grade) > most:
        return f"reads like grade {level:.0f}, not {most:.0f}"
    if len(text.split()) > LONGER * len(problem.text.split()) + 10:
        return f"{len(text.split())} words for a problem of {len(problem.text.split())}"
    return ""


class Authenticity(NamedTuple):
    """What code says about the use of an interest.

    Attributes:
        fault: Why it is decoration; "" if it is used.
        thing: The word that ties it to the quantities.
        known: Whether the things of the interest are curated; else they are a model's.
    """

    fault: str
    thing: str = ""
    known: bool = True


def authenticity(problem: Problem, text: str, interest: Interest, words: Collection[str] = ()) -> Authenticity:
    """Whether an interest is used and not merely named: a thing of it in the sentences that hold the quantities.

    Args:
        problem: The problem before it was rewritten.
        text: The rewritten text.
        interest: At the grain that was asked for.
        words: Further things of the interest, such as a model's list.
    """
    if interest.grain == "reference" and not _mentions(text, interest.words):
        return Authenticity(f"does not mention {interest.words}")
    name = interest.words if interest.grain == "reference" else ""
    extra = sum(s.empty for s in skeleton(text, name)) - sum(s.empty for s in skeleton(problem.text))
    if extra > 1:
        return Authenticity("has sentences that only decorate")
    curated = vocabulary(interest) | (scene_words(interest.words) if interest.grain != "reference" else frozenset())
    fitting = curated | scene_words(interest.words) | {w.lower() for w in words}
    if left := [w for w in story_words(problem, things_only=True) if _first({w}, text) and not _first(fitting, w)]:
        return Authenticity(f"{left[0]!r} of the old story is still there")
    bare = without_name(text, name)
    holding = " . ".join(s for s in sentences(bare) if _has_quantity(skeleton(s)[0]))
    asked = counted_things(bare) if _counted(problem) else None
    for things, known in ((curated, True), (frozenset(words), False)):
        for place in filter(None, (asked, holding)):
            if thing := _first(things, place):
                if asked and place == holding and not known:
                    continue
                return Authenticity("", thing, known)
    if not curated and not words:
        if interest.grain != "reference" and _first({interest.words.lower()}, holding):
            return Authenticity("", interest.words, True)
        return Authenticity(f"nothing that is counted or measured belongs to {interest.words}", known=False)
    what = f"the {asked} do" if asked else "what is counted or measured does"
    return Authenticity(f"{what} not belong to {interest.words}: it is named, not used")


def _first(things: Collection[str], place: str) -> str:
    plain = f" {_stems(place)} "
    return next((t for t in sorted(things, key=lambda t: (-len(t), t)) if f" {_stems(t)} " in plain), "")


def _stems(text: str) -> str:
    """The words of a text without what makes a plural: "canvas" and "canvases" are one, "scarf" and "scarves" too."""
    words = (re.sub(r"(?:es|s|e)+$", "", word) for word in re.findall(r"[a-z]+", text.lower()))
    return " ".join(re.sub(r"y$", "i", re.sub(r"v$", "f", word)) for word in words)


def _mentions(text: str, name: str) -> bool:
    wanted = [w for w in re.findall(r"[a-z]+", name.lower()) if len(w) > 2 and w not in ("the", "and", "for")]
    said = _stems(text).split()
    found = sum(_stems(w) in said for w in wanted)
    return 2 * found >= len(wanted) and found > 0


def _counted(problem: Problem) -> bool:
    """Whether the answer counts things, named after "How many" in the question."""
    return bool(problem.unit) and measure(problem.unit) is None and counted_things(problem.text) is not None


def counted_things(text: str) -> str | None:
    """What a question counts: "goal cards" of "How many goal cards are left?"; None for measures and the like."""
    found = [m["noun"].strip() for m in _HOW_MANY.finditer(text)]
    return found[-1] if found and measure(found[-1]) is None and found[-1].split()[0] not in ("the", "of") else None


def recontext(problem: Problem, text: str, interest: str) -> Problem:
    """The problem with a checked text: same id, numbers and answer; its unit and steps speak of the new things.

    A step that speaks of an old thing without a new name is left out; where that is the last one, the bare problem's
    steps take over.
    """
    unit, steps, old, new = problem.unit, problem.steps, counted_things(problem.text), counted_things(text)
    if old and new and old != new and _stems(problem.unit) == _stems(old):
        unit = new if problem.unit == old else _one(new)
        steps = tuple(_renamed(step, old, new) for step in steps)
    elif unit and measure(unit) is None and " per " not in unit and unit not in text and unit != "°":
        unit = ""
    left = {t for t in scene_words(problem.interest or SCHOOL) if not _first({t}, text)}
    kept = tuple(step for step in steps if not _first(left, step))
    if not kept or _first(left, steps[-1]):  # the step that reaches the answer speaks of the old things
        kept = bank.problem(problem.skill, problem.seed, problem.level).steps
    return problem.model_copy(update={"text": text, "unit": unit, "steps": kept, "interest": interest})


def _renamed(step: str, old: str, new: str) -> str:
    step = re.sub(rf"\b{re.escape(old)}\b", new, step)
    return re.sub(rf"\b{re.escape(_one(old))}\b", _one(new), step)


def _one(things: str) -> str:
    """The singular of counted things: "game cards" -> "game card", "canvases" -> "canvas"."""
    return things.removesuffix("es") if things.endswith("ases") else singular(things)


def story_words(problem: Problem, things_only: bool = False) -> list[str]:
    """The things and places of a problem's own context that stand in its text: what a rewriting replaces.

    Args:
        problem: A problem that the bank told.
        things_only: Only what is counted, bought or measured: a place and a box may stay.
    """
    own = scene_words(problem.interest or SCHOOL, things_only)
    others = [told(problem, i).text for i in (SCHOOL, *_OTHER_INTERESTS)]
    found = [t for t in own if _first({t}, problem.text) and not all(_first({t}, other) for other in others)]
    inside = {t for t in found for longer in found if t != longer and f" {t} " in f" {longer} "}
    places = {t: problem.text.lower().find(t[:4]) for t in found if t not in inside}
    return sorted(places, key=lambda t: (places[t], t))

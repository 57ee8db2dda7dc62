"""A plan in another language: its texts as pieces, and the plan put together from translated ones.

Numbers stay in the English notation (1,250 and 0.75): equations, answers and grading read them so, and a notation that
changed only in the prose would put two of them side by side. Expressions and answers never change; an answer that is a
word ("obtuse") is one of its problem's choices and follows their translation.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from classwright.classroom.plan import TIERS, LessonPlan, Words
from classwright.classroom.verify import check_problem
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.units import measure

Path = tuple[str | int, ...]
Reader = Literal["learner", "teacher"]
Kind = Literal["problem", "word", "unit", "choices", "lines", "text"]

_SYMBOL = {"kg": "kg", "g": "g", "mg": "mg", "km": "km", "m": "m", "cm": "cm", "mm": "mm", "l": "L", "ml": "mL",
           "h": "h", "min": "min", "s": "s", "in": "in", "ft": "ft", "yd": "yd", "mi": "mi",
           "oz": "oz", "lb": "lb", "degree": "°"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of a plan that is translated in one go.

    Attributes:
        paths: Where it stands in the plan's record; the same text is translated once.
        text: In English. Lines of a list are joined by line breaks.
        where: Its place in words, for the list of what stayed English.
        reader: Who sees it: learners (and families), or the teacher alone.
        kind: "problem", "word" (a term, material), "unit" (counted things), "choices" (of a problem, one a line, as
            only beside each other "right" and "straight" are two things), "lines" or "text".
        context: The problem that choices answer.
    """

    paths: tuple[Path, ...]
    text: str
    where: str
    reader: Reader
    kind: Kind
    context: str = ""


def pieces(plan: LessonPlan) -> list[Piece]:
    """Every text of a plan that has words, each once, in reading order. Passages of a source stay as quoted."""
    found: dict[tuple[str, Kind], Piece] = {}

    def add(
        path: Path, text: str, where: str, kind: Kind = "text", reader: Reader = "learner", context: str = ""
    ) -> None:
        if not _has_words(text):
            return
        old = found.get((text, kind), Piece((), text, where, reader, kind, context))
        found[text, kind] = replace(
            old, paths=(*old.paths, path), reader="learner" if "learner" in (old.reader, reader) else "teacher"
        )

    add(("title",), plan.title, "title")
    add(("audience",), plan.audience, "audience", reader="teacher")
    for i, o in enumerate(plan.objectives):
        add(("objectives", i, "text"), o.text, f"objective {o.id}")
    for i, item in enumerate(plan.materials):
        add(("materials", i), item, f"material {i + 1}", "word", "teacher")
    for term, meaning in plan.vocabulary.items():
        add(("vocabulary", term, "term"), term, f"term {term}", "word")
        add(("vocabulary", term), meaning, f"vocabulary {term}")
    for path, words, where, reader in _slots(plan):
        add((*path, "text"), words, where, "text", reader)
    for i, e in enumerate(plan.explanations):
        add(("explanations", i, "method"), "\n".join(e.method), f"method {i + 1}", "lines")
        add(("explanations", i, "picture"), e.picture, f"picture {i + 1}", reader="teacher")
    for i, r in enumerate(plan.repairs):
        add(("repairs", i, "question"), r.question, f"question about {r.misconception}")
        for part in ("name", "trigger", "move"):
            add(("repairs", i, part), getattr(r, part), f"{part} of {r.misconception}", reader="teacher")
    for i, x in enumerate(plan.likely):
        add(("likely", i, "what"), x.what, f"likely mistake {i + 1}", reader="teacher")
    for i, g in enumerate(plan.groups):
        add(("groups", i, "why"), g.why, f"group {g.name}, why", reader="teacher")
    for path, problem in problem_paths(plan):
        add((*path, "text"), problem.text, f"problem {problem.id}", "problem")
        add((*path, "steps"), "\n".join(problem.steps), f"steps of {problem.id}", "lines")
        add((*path, "choices"), "\n".join(problem.choices), f"choices of {problem.id}", "choices", context=problem.text)
        if problem.unit and measure(problem.unit) is None:
            add((*path, "unit"), problem.unit, f"unit {problem.unit}", "unit")
    return list(found.values())


def _slots(plan: LessonPlan) -> list[tuple[Path, str, str, Reader]]:
    """(path, text, where, reader) of every text slot."""
    rows: list[tuple[Path, str, str, Reader]] = []

    def add(path: Path, words: Words, where: str, reader: Reader = "learner") -> None:
        rows.append((path, words.text, where, reader))

    add(("hook",), plan.hook, "hook")
    for i, e in enumerate(plan.explanations):
        add(("explanations", i, "text"), e.text, f"explanation {i + 1}")
    for i, w in enumerate(plan.worked_examples):
        add(("worked_examples", i, "talk"), w.talk, f"example {i + 1}")
    for part in ("warm_up", "guided", "exit_ticket"):
        for i, hint in enumerate(getattr(plan, part).hints):
            add((part, "hints", i), hint, f"hint {i + 1}")
    for i, g in enumerate(plan.groups):
        add(("groups", i, "activity"), g.activity, f"group {g.name}", "teacher")
    for i, idea in enumerate(plan.ideas):
        add(("ideas", i, "text"), idea.text, f"idea {i + 1}")
    add(("closing",), plan.closing, "closing")
    for i, note in enumerate(plan.notes):
        add(("notes", i), note, f"note {i + 1}", "teacher")
    add(("family_note",), plan.family_note, "family note")
    return rows


def problem_paths(plan: LessonPlan) -> list[tuple[Path, Problem]]:
    """Every problem of a plan with its place in the plan's record."""
    rows: list[tuple[Path, Problem]] = []
    for part in ("warm_up", "guided", "exit_ticket"):
        rows += [((part, "problems", i), p) for i, p in enumerate(getattr(plan, part).problems)]
    for tier in TIERS:
        rows += [(("independent", tier, i), p) for i, p in enumerate(plan.independent.tier(tier))]
    for part in ("worked_examples", "repairs", "likely"):
        rows += [((part, i, "problem"), owner.problem) for i, owner in enumerate(getattr(plan, part))]
    return rows


def _has_words(text: str) -> bool:
    return bool(re.search(r"[A-Za-z]{2,}", re.sub(r"\b(?:[IVX]+|mm|cm|km|kg|mg|ml|sqrt|pi)\b|[xyz]{2,}", "", text)))


@dataclass(frozen=True, slots=True)
class Translated:
    """A plan with translated texts, and what stayed English.

    Attributes:
        plan: Its `language` is set only if everything that learners see is translated.
        language: What was asked for.
        untranslated: (place, reason) of every piece that stayed English.
        answers: Translated answer word -> English word, to compare with the expression of a problem.
        checked: How the language of a piece was told (see `language.how_checked`).
    """

    plan: LessonPlan
    language: str
    untranslated: tuple[tuple[str, str], ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    checked: str = ""


def put_together(plan: LessonPlan, language: str, texts: Mapping[Path, str]) -> tuple[LessonPlan, dict[str, str]]:
    """The plan with translated texts, and its answer words: translation -> English.

    The choices, the answer and the text of a problem are translated together or not at all.

    Args:
        plan: The plan in English.
        language: Language code, written into the plan.
        texts: Path of a piece -> its translation; what is missing stays English.
    """
    record: dict[str, Any] = plan.model_dump()
    words: dict[str, str] = {}
    skip: set[Path] = set()
    for path, problem in problem_paths(plan):
        at = _at(record, path)
        lines = texts.get((*path, "choices"))
        chosen = dict(zip(problem.choices, lines.split("\n") if lines else problem.choices, strict=True))
        whole = (lines is not None or not _has_words(" ".join(problem.choices))) and (*path, "text") in texts
        if problem.choices and not whole:
            skip |= {p for p in texts if p[: len(path)] == path}
            continue
        at["choices"] = tuple(chosen.values())
        if problem.choices and problem.answer in chosen:
            at["answer"] = chosen[problem.answer]
            words |= {new: old for old, new in chosen.items() if new != old}
            for part in ("repairs", "likely"):
                if path[0] == part:
                    owner = record[part][path[1]]
                    owner["wrong_answer"] = chosen.get(owner["wrong_answer"], owner["wrong_answer"])
        if problem.unit and (*path, "text") in texts:
            at["unit"] = unit_abroad(problem.unit, texts.get((*path, "unit")))
    terms = {str(p[1]): t for p, t in texts.items() if len(p) == 3 and p[0] == "vocabulary"}
    for path, text in texts.items():
        if path in skip or (len(path) == 3 and path[0] == "vocabulary") or {"unit", "choices"} & {*path[-2:]}:
            continue
        owner = _at(record, path[:-1])
        old = owner[path[-1]]
        owner[path[-1]] = text.split("\n") if isinstance(old, list | tuple) else text
    record["vocabulary"] = _renamed(record["vocabulary"], terms)
    record["language"] = language
    return LessonPlan.model_validate(record), words


def _renamed(vocabulary: Mapping[str, str], terms: Mapping[str, str]) -> dict[str, str]:
    """The vocabulary under its translated terms; two that have one word abroad keep the English beside it."""
    abroad = Counter(terms.get(term, term) for term in vocabulary)
    named = {term: terms.get(term, term) for term in vocabulary}
    return {
        new if abroad[new] == 1 else f"{new} ({term})": vocabulary[term]
        for term, new in named.items()
    }  # fmt: skip


def unit_abroad(unit: str, translated: str | None) -> str:
    """The unit of an answer in another language.

    A measure becomes its international symbol, which grading knows too; one without a symbol (dollars, days) is left
    out, as its word in another language would be taken for another unit. Things that are counted take their
    translation.
    """
    known = measure(unit)
    if known is None:
        return translated or ("" if _has_words(unit) else unit)
    base, _, power = known.partition("^")
    top, slash, bottom = base.partition("/")
    if top not in _SYMBOL or (slash and bottom not in _SYMBOL):
        return ""
    return _SYMBOL[top] + (f"/{_SYMBOL[bottom]}" if slash else "") + {"2": "²", "3": "³"}.get(power, "")


def _at(record: Any, path: Path) -> Any:
    for step in path:
        record = record[step]
    return record


def translation_faults(plan: LessonPlan, translated: LessonPlan, answers: Mapping[str, str]) -> list[tuple[Path, str]]:
    """(place of a problem, fault) where a translated plan no longer asks, answers or grades as the plan does."""
    found: list[tuple[Path, str]] = []
    for (path, old), (_, new) in zip(problem_paths(plan), problem_paths(translated), strict=True):
        english = new.model_copy(update={"answer": answers.get(new.answer, new.answer), "choices": old.choices})
        if english.answer != old.answer or new.expression != old.expression:
            found.append((path, f"the answer {new.answer} is not {old.answer}"))
        elif faults := check_problem(english.model_copy(update={"text": old.text})):
            found.append((path, faults[0].what))
        elif (
            grade(f"{new.answer} {new.unit}".strip(), new).result != "right" or grade(new.answer, new).result != "right"
        ):
            found.append((path, f"the answer {new.answer} {new.unit} is not graded right"))
    return found

"""A plan in another language: its texts as pieces, what code checks of a translated one, and the plan put together.

Numbers stay in the English notation (1,250 and 0.75): equations, answers and grading read them so, and a notation that
changed only in the prose would put two of them side by side. Expressions and answers never change; an answer that is a
word ("obtuse") is one of its problem's choices and follows their translation.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from classwright.classroom.equations import false_equations
from classwright.classroom.language import NO_SPACES, base_code, language_fault
from classwright.classroom.plan import LessonPlan
from classwright.classroom.verify import check_problem
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.scenes import NAMES
from classwright.skilltree.units import measure

Path = tuple[str | int, ...]
Reader = Literal["learner", "teacher"]
Kind = Literal["problem", "word", "unit", "lines", "text"]

_SYMBOL = {"kg": "kg", "g": "g", "mg": "mg", "km": "km", "m": "m", "cm": "cm", "mm": "mm", "l": "L", "ml": "mL",
           "h": "h", "min": "min", "s": "s", "in": "in", "ft": "ft", "yd": "yd", "mi": "mi",
           "oz": "oz", "lb": "lb", "degree": "°"}  # fmt: skip
_NUMBER = re.compile(r"\$?(?<![A-Za-z0-9_.])\d[\d,]*(?:\.\d+)?%?(?![A-Za-z_]*\d)|(?<=[A-Za-z(])\d+|\d+(?=[A-Za-z])")
_SIGNS = re.compile(r"[=<>≤≥≠×÷·√∛π°²³^|/+★●○■▲◆□▢▭△◯…→]|_{2,}|(?<=[\s(\d])[-−](?=[\d\s(a-z])")
_ABBREVIATION = re.compile(r"(?<=\d)\s?(?:mm|cm|km|kg|mg|ml|mL|°C)\b")
_VARIABLES = re.compile(r"(?<![^\W_])[xnkpqrtbcdfgj](?![^\W\d_]|['’])")
NOT_TRANSLATED = "not translated"
_CHATTER = re.compile(r"^\W*(here (is|are)|sure|certainly|of course|translation|translated|note)\b", re.I)
_NUMBER_WORD = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|halves|thirds?|fourths?|quarters?|tens|"
    r"hundreds?|thousands?|dozen)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of a plan that is translated in one go.

    Attributes:
        paths: Where it stands in the plan's record; the same text is translated once.
        text: In English. Lines of a list are joined by line breaks.
        where: Its place in words, for the list of what stayed English.
        reader: Who sees it: learners (and families), or the teacher alone.
        kind: "problem", "word" (a term, a choice, material), "unit" (counted things), "lines" or "text".
        context: The problem that a choice answers, as "right" alone could be many things.
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
        for n, choice in enumerate(problem.choices):
            add((*path, "choices", n), choice, f"choice {choice}", "word", context=problem.text)
        if problem.unit and measure(problem.unit) is None:
            add((*path, "unit"), problem.unit, f"unit {problem.unit}", "unit")
    return list(found.values())


def _slots(plan: LessonPlan) -> list[tuple[Path, str, str, Reader]]:
    rows: list[tuple[Path, str, str, Reader]] = [(("hook",), plan.hook.text, "hook", "learner")]
    rows += [(("explanations", i, "text"), e.text.text, f"explanation {i + 1}", "learner")
             for i, e in enumerate(plan.explanations)]  # fmt: skip
    rows += [(("worked_examples", i, "talk"), w.talk.text, f"example {i + 1}", "learner")
             for i, w in enumerate(plan.worked_examples)]  # fmt: skip
    for part in ("warm_up", "guided", "exit_ticket"):
        hints = getattr(plan, part).hints
        rows += [((part, "hints", i), h.text, f"hint {i + 1}", "learner") for i, h in enumerate(hints)]
    rows += [
        (("groups", i, "activity"), g.activity.text, f"group {g.name}", "teacher") for i, g in enumerate(plan.groups)
    ]
    rows += [(("ideas", i, "text"), x.text.text, f"idea {i + 1}", "learner") for i, x in enumerate(plan.ideas)]
    rows.append((("closing",), plan.closing.text, "closing", "learner"))
    rows += [(("notes", i), n.text, f"note {i + 1}", "teacher") for i, n in enumerate(plan.notes)]
    return [*rows, (("family_note",), plan.family_note.text, "family note", "learner")]


def problem_paths(plan: LessonPlan) -> list[tuple[Path, Problem]]:
    """Every problem of a plan with its place in the plan's record."""
    rows: list[tuple[Path, Problem]] = []
    for part in ("warm_up", "guided", "exit_ticket"):
        rows += [((part, "problems", i), p) for i, p in enumerate(getattr(plan, part).problems)]
    rows += [(("worked_examples", i, "problem"), w.problem) for i, w in enumerate(plan.worked_examples)]
    for tier in ("support", "core", "stretch"):
        rows += [(("independent", tier, i), p) for i, p in enumerate(getattr(plan.independent, tier))]
    rows += [(("repairs", i, "problem"), r.problem) for i, r in enumerate(plan.repairs)]
    return rows + [(("likely", i, "problem"), x.problem) for i, x in enumerate(plan.likely)]


def _has_words(text: str) -> bool:
    return bool(re.search(r"[A-Za-z]{2,}", re.sub(r"\b(?:[IVX]+|mm|cm|km|kg|mg|ml|sqrt|pi)\b|[xyz]{2,}", "", text)))


def piece_faults(piece: Piece, text: str, language: str, needed: Mapping[str, str] | None = None) -> list[str]:
    """What is wrong with a translated piece, one reason each; empty if it may be used.

    Args:
        piece: The piece in English.
        text: Its translation.
        language: Language code.
        needed: English word -> translation whose beginning must occur where the word occurs: the choices of a problem.
    """
    found = []
    if not text.strip():
        return ["empty"]
    if _CHATTER.search(text) or re.search(r"```|\*\*|^#", text, re.M):
        found.append("holds more than the translation")
    if text.count("\n") != piece.text.count("\n"):
        found.append(f"{text.count(chr(10)) + 1} lines, not {piece.text.count(chr(10)) + 1}")
    for what, pattern in (("number", _NUMBER), ("sign", _SIGNS), ("unit", _ABBREVIATION)):
        if fault := _changed(what, pattern, piece.text, text):
            found.append(fault)
    if (wrong := false_equations(text, questions=False)) and not false_equations(piece.text, questions=False):
        found.append(f"false equation: {wrong[0]}")
    letters = re.findall(r"(?<![A-Za-z'’])[b-hj-z](?![A-Za-z'’])", piece.text)
    if lost := [x for x in letters if x not in re.findall(r"[a-z]", _isolated(text))]:
        found.append(f"the letter {lost[0]} is missing")
    if brought := [x for x in _VARIABLES.findall(text) if x not in letters]:
        found.append(f"the letter {brought[0]} was added")
    if gone := [n for n in _names(piece.text) if n not in text]:
        found.append(f"{gone[0]} is missing")
    if _bare(text) == _bare(piece.text):
        found.append(NOT_TRANSLATED)
    elif left := _english_left(piece.text, text, language):
        found.append(f"{left!r} is still English")
    elif fault := language_fault(text, language, " ".join(_names(piece.text))):
        found.append(fault)
    if fault := _length_fault(piece.text, text, language):
        found.append(fault)
    for word, wanted in (needed or {}).items():
        if re.search(rf"\b{re.escape(word)}\b", piece.text, re.I) and _root(wanted) not in text.casefold():
            found.append(f"{word!r} should be {wanted!r}")
    return found


def _root(word: str) -> str:
    """The beginning of a word that its inflected forms share: "agudo", "agudos", "aguda"."""
    return word.casefold()[: max(2, len(word) - 2)]


def _english_left(old: str, new: str, language: str) -> str:
    """An English word that stands unchanged where at least half of the words that carry meaning do; "" if fewer do.

    French shares so many words with English (fraction, angle, rectangle) that more are allowed.
    """
    names = {n.lower() for n in NAMES}
    words = list(dict.fromkeys(w for w in re.findall(r"[a-z]{4,}", old.lower()) if w not in names))
    stayed = [w for w in words if w in re.findall(r"[a-z]+", new.lower())]
    most = 2 / 3 if base_code(language) == "fr" else 1 / 2
    return stayed[0] if len(words) > 1 and len(stayed) >= most * len(words) else ""


def _changed(what: str, pattern: re.Pattern[str], old: str, new: str) -> str:
    a, b = Counter(_normal(pattern, old)), Counter(_normal(pattern, new))
    if missing := a - b:
        return f"the {what} {next(iter(missing))} is missing"
    extra = b - a
    if what == "number" and _NUMBER_WORD.search(old):  # "two bags" may become "2 bolsas"
        extra = Counter({n: k for n, k in extra.items() if not re.fullmatch(r"\d{1,2}|100|1000", n)})
    return f"the {what} {next(iter(extra))} was added" if extra else ""


def _normal(pattern: re.Pattern[str], text: str) -> list[str]:
    return [m.strip().replace("−", "-").rstrip(",") for m in pattern.findall(text)]


def _isolated(text: str) -> str:
    return " ".join(re.findall(r"(?<![^\W\d_])[a-z](?![^\W\d_])", text))


def _names(text: str) -> list[str]:
    return [
        n for n in dict.fromkeys(re.findall(r"[A-Z][a-z]+", text)) if n in NAMES and n not in ("Will", "Gabe", "Sam")
    ]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _length_fault(old: str, new: str, language: str) -> str:
    if base_code(language) in NO_SPACES:
        share, least, most = len(new) / len(old), 0.12, 1.5
    else:
        share, least, most = len(new) / len(old), 0.45, 2.2
    if len(old) < 25:
        most = max(most, (25 + len(old)) / len(old))
    return "" if least <= share <= most else f"{share:.1f} times the length of the English"


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
    answers: Mapping[str, str] | None = None
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
        chosen = {c: texts.get((*path, "choices", n), c) for n, c in enumerate(problem.choices)}
        whole = all(not _has_words(c) or (*path, "choices", n) in texts for n, c in enumerate(problem.choices))
        whole = whole and (*path, "text") in texts and len(set(chosen.values())) == len(chosen)
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
    terms = {p[1]: t for p, t in texts.items() if len(p) == 3 and p[0] == "vocabulary"}
    for path, text in texts.items():
        if path in skip or (len(path) == 3 and path[0] == "vocabulary") or {"unit", "choices"} & {*path[-2:]}:
            continue
        owner = _at(record, path[:-1])
        old = owner[path[-1]]
        owner[path[-1]] = text.split("\n") if isinstance(old, list | tuple) else text
    record["vocabulary"] = {terms.get(term, term): meaning for term, meaning in record["vocabulary"].items()}
    record["language"] = language
    return LessonPlan.model_validate(record), words


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

"""The translator: a finished plan in the learner's language, piece by piece, each checked by code or left in English.

Words that other pieces use (terms, choices, counted things) come first and are given to the rest as a glossary, so that
a plan speaks of one thing by one word.
"""

import re
from collections.abc import Mapping, Sequence

from classwright.agents.words import ATTEMPTS, tidy
from classwright.classroom.language import base_code, how_checked, language_name
from classwright.classroom.plan import LessonPlan
from classwright.classroom.translation import (
    Kind,
    Path,
    Piece,
    Translated,
    pieces,
    problem_paths,
    put_together,
    translation_faults,
)
from classwright.classroom.translation_checks import NOT_TRANSLATED, piece_faults
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key

TOKENS_PER_CHARACTER = 1.0
"""Other languages take up to four times as many tokens a character as English does (0.25)."""
GLOSSARY = 6
"""Most glossary lines for one piece: the words that occur in it, the longest first."""
WORDS = ("word", "unit", "choices")
"""Kinds of pieces that are translated first, as the others use them."""
_WHAT: dict[Kind, str] = {
    "problem": "this word problem",
    "word": "this word or phrase",
    "unit": "these things",
    "choices": "these answers",
    "lines": "these lines",
    "text": "this text",
}


async def translate_plan(plan: LessonPlan, language: str, chat: Chat, *, unit: str) -> Translated:
    """A plan in another language. Answers, numbers, equations and expressions stay what they are.

    Args:
        plan: A finished plan in English.
        language: Language code, "es" or "pt-BR"; "en" gives the plan back.
        chat: The model that translates.
        unit: Journal unit.

    Returns:
        The plan with every piece that passed within two attempts; the others are in English and listed with the reason.
        `plan.language` is the language only where everything that learners see was translated.
    """
    if base_code(language) == base_code(plan.language):
        return Translated(plan, language)
    todo = pieces(plan)
    words = [p for p in todo if p.kind in WORDS]
    rest = [p for p in todo if p.kind not in WORDS]
    place = {p: str(i) for i, p in enumerate(todo, 1)}
    first = await together(*(_translate(p, language, chat, {}, {}, unit, place[p]) for p in words))
    glossary = {
        english: other
        for p, (text, _) in zip(words, first, strict=True)
        for english, other in zip(p.text.split("\n"), text.split("\n") if text else (), strict=False)
    }
    needed = _needed(words, [text for text, _ in first])
    sets = list(needed.values())
    blurred = [
        p.text.split("\n") for p, (text, _) in zip(words, first, strict=True) if p.kind == "choices" and not text
    ]

    async def one(piece: Piece) -> tuple[str, str]:
        if lost := _named(piece.text, blurred):
            return "", f"{' and '.join(map(repr, lost[:2]))} could not be translated as answers"
        wanted = needed.get(piece.paths[0]) or _contrasted(piece.text, sets)
        return await _translate(piece, language, chat, glossary, wanted, unit, place[piece])

    second = await together(*(one(p) for p in rest))
    done = dict(zip([*words, *rest], [*first, *second], strict=True))
    texts: dict[Path, str] = {path: text for p, (text, _) in done.items() if text for path in p.paths}
    missing = {p: why for p, (text, why) in done.items() if not text}
    new, answers = put_together(plan, language, texts)
    refused = translation_faults(plan, new, answers)
    if refused:
        bad = [path for path, _ in refused]
        texts = {p: t for p, t in texts.items() if not any(p[: len(b)] == b for b in bad)}
        new, answers = put_together(plan, language, texts)
    left = [(p.where, why) for p, why in missing.items()]
    left += [(f"problem {problem.id}", why) for path, why in refused for q, problem in problem_paths(plan) if q == path]
    left += _choices_left(plan, new, missing)
    learners = {p.where for p in missing if p.reader == "learner"}
    complete = not refused and not learners and len(left) == len(missing)
    if not complete:
        new = new.model_copy(update={"language": plan.language})
    return Translated(new, language, tuple(left), answers, how_checked(language))


async def _translate(
    piece: Piece, language: str, chat: Chat, glossary: Mapping[str, str], needed: Mapping[str, str], unit: str,
    place: str,
) -> tuple[str, str]:  # fmt: skip
    """(translation, ""), or ("", why not) after two attempts."""
    fault = ""
    name = language_name(language)
    for attempt in range(ATTEMPTS):
        messages = render(
            "translate", language=name, lines=piece.text.count("\n") + 1, what=_WHAT[piece.kind], text=piece.text,
            glossary=[*needed.items(), *_glossary(piece.text, glossary, needed)], fault=fault, context=piece.context,
        )  # fmt: skip
        key = Key(unit, chat.role, "translate", f"{place}.{attempt}")
        longest = 60 + int(TOKENS_PER_CHARACTER * len(piece.text))
        try:
            reply = await chat.text(messages, key=key, max_tokens=longest, temperature=0.0)
        except OutputError as e:
            fault = str(e)
            continue
        text = _plain(reply.text, piece)
        faults = piece_faults(piece, text, language, needed)
        if not faults:
            return text, ""
        if faults == [NOT_TRANSLATED] and piece.kind == "word" and attempt and len(text.split()) < 3:
            return text, ""  # asked twice: the word is the same there ("no", "angle", "rectangle")
        fault = "; ".join(faults[:2])
    return "", fault


def _plain(reply: str, piece: Piece) -> str:
    """The reply without what models put around a translation: a label, quotation marks, a period after a word."""
    text = tidy(re.sub(r"^[A-Za-z ]{0,20}translation\s*:\s*", "", reply.strip(), flags=re.I))
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    text = "\n".join(lines) if "\n" in piece.text else " ".join(lines)
    if piece.kind in WORDS:
        pairs = zip(text.split("\n"), piece.text.split("\n"), strict=False)
        cased = [_like(line.rstrip("."), english) for line, english in pairs]
        text = "\n".join([*cased, *text.split("\n")[len(cased) :]])
    return text


def _like(word: str, english: str) -> str:
    """A word that begins small where the English one does; German nouns and single letters stay as they are."""
    return word[:1].lower() + word[1:] if english[:1].islower() and len(word) > 1 else word


def _glossary(text: str, glossary: Mapping[str, str], needed: Mapping[str, str]) -> list[tuple[str, str]]:
    here = [w for w in glossary if w not in needed and re.search(rf"\b{re.escape(w)}\b", text, re.I) and w != text]
    return [(w, glossary[w]) for w in sorted(here, key=len, reverse=True)[:GLOSSARY]]


def _needed(words: Sequence[Piece], texts: Sequence[str]) -> dict[Path, dict[str, str]]:
    """Path of a problem's text -> its choices, which must occur in it as they were translated."""
    found: dict[Path, dict[str, str]] = {}
    for piece, text in zip(words, texts, strict=True):
        if piece.kind == "choices" and text:
            pairs = dict(zip(piece.text.split("\n"), text.split("\n"), strict=True))
            found |= {(*path[:-1], "text"): pairs for path in piece.paths}
    return found


def _named(text: str, sets: Sequence[Sequence[str]]) -> list[str]:
    """The words of the first set of which a text names two or more; it tells apart what they mean."""
    for words in sets:
        here = [w for w in words if re.search(rf"\b{re.escape(w)}\b", text, re.I)]
        if len(here) > 1:
            return here
    return []


def _contrasted(text: str, sets: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The choices that a text tells apart ("acute if it is less than 90°, straight if it is 180°"), so that no two of
    them become one word in it.
    """
    for choices in sets:
        if here := _named(text, [list(choices)]):
            return {word: choices[word] for word in here}
    return {}


def _choices_left(plan: LessonPlan, new: LessonPlan, missing: Mapping[Piece, str]) -> list[tuple[str, str]]:
    """Problems that stayed English as a whole because their text or one of their choices did."""
    known = {path for p in missing for path in p.paths}
    rows = []
    for (path, old), (_, made) in zip(problem_paths(plan), problem_paths(new), strict=True):
        if old.choices and old.text == made.text and (*path, "text") not in known:
            rows.append((f"problem {old.id}", "its choices were not translated"))
    return rows

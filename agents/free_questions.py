"""The questions of a lesson on a subject outside the skill tree: settled by two solutions, or asked anew."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field, model_validator

from classwright.agents.solver import Settled, settle
from classwright.classroom.claims import content
from classwright.classroom.equations import numbers_in
from classwright.classroom.free_checks import gives_away, plain
from classwright.classroom.free_plan import LEAST, LISTS, QUESTION, List, Outline, Subject, question
from classwright.classroom.source import sentences, unwrapped
from classwright.classroom.source_faults import DENIED
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.problem import Problem

MOST = 9
"""New questions that are asked for at once."""
NAMES: dict[List, str] = {
    "warm_up": "the warm-up, on what learners know already",
    "guided": "guided practice with the teacher",
    "practice": "independent practice, from easy to demanding",
    "exit": "the exit ticket, which shows whether the objective is reached",
}


class OneQuestion(BaseModel):
    """A question about one sentence of the class text."""

    question: str = Field(min_length=8)
    answer: str = Field(min_length=1, max_length=80, description="Words copied from the sentence")


class Questions(BaseModel):
    """New questions with their answers."""

    questions: list[str] = Field(min_length=1, max_length=9)
    answers: list[str] = Field(min_length=1, max_length=9)

    @model_validator(mode="after")
    def _paired(self) -> "Questions":
        if len(self.questions) != len(self.answers):
            raise ValueError(f"{len(self.questions)} questions, {len(self.answers)} answers")
        return self


async def settle_questions(
    o: Outline, subject: Subject, chat: Chat, *, unit: str, passages: Sequence[str] = ()
) -> tuple[dict[List, list[Problem]], list[str]]:
    """The questions of an outline on whose answers two solutions agree, and what became of the others.

    A question that fails or is asked twice is replaced by a new one; a new one that fails too is left out, unless the
    list would be too short for a lesson: then some more are asked for, once.
    """
    seen: set[str] = set()
    asked: dict[List, list[tuple[str, str]]] = {}
    for name in reversed(LISTS):  # the exit ticket keeps a question that is asked twice
        mine = {plain(q): (q, a) for q, a in o.questions(name)}
        asked[name] = [pair for key, pair in mine.items() if key not in seen]
        seen |= set(mine)
    known = [q for name in LISTS for q, _ in asked[name]]
    found = await together(
        *(
            settle_list(
                name, asked[name], subject, chat, unit=unit, known=known, passages=passages,
                wanted=len(o.questions(name)), least=LEAST[name],
            )
            for name in LISTS
        )
    )  # fmt: skip
    lists: dict[List, list[Problem]] = {name: problems for name, (problems, _) in zip(LISTS, found, strict=True)}
    taken: set[str] = set()
    for name in reversed(LISTS):  # replacements of two lists may be the same question
        lists[name] = [p for p in lists[name] if plain(p.text) not in taken]
        taken |= {plain(p.text) for p in lists[name]}
    return lists, [line for _, lines in found for line in lines]


async def settle_list(
    name: List,
    pairs: Sequence[tuple[str, str]],
    subject: Subject,
    chat: Chat,
    *,
    unit: str,
    known: Sequence[str],
    passages: Sequence[str] = (),
    start: int = 1,
    wanted: int = 0,
    least: int = 0,
) -> tuple[list[Problem], list[str]]:
    """One list of questions, settled; as many new ones are asked for as are missing, once.

    Args:
        name: The list.
        pairs: Questions with the answers that the teacher states.
        subject: The lesson's subject.
        chat: Who solves, and writes new questions.
        unit: Journal unit.
        known: Questions that are asked elsewhere.
        passages: The class text.
        start: Number of the first question; it makes its id.
        wanted: How long the list should be; as many as there are pairs where that is more.
        least: Length under which new ones are asked for a second time.
    """

    async def check(pair: tuple[str, str], place: str) -> Settled:
        if gives_away(*pair):
            return Settled(question=pair[0], why="the question holds its answer")
        return await settle(
            pair[0], pair[1], chat, unit=unit, place=place, topic=subject.topic, grade=subject.grade, passages=passages
        )

    said = await together(*(check(pair, f"{name}.{i}") for i, pair in enumerate(pairs, start)))
    for attempt in (1, 2):
        usable = sum(s.answer is not None for s in said)
        missing = max(wanted, len(pairs)) - usable if attempt == 1 else 2 * (least - usable)
        if missing <= 0:
            break
        failed = [s for s in said if s.answer is None]
        note = "; ".join(f"“{s.question}” could not be used: {s.why}" for s in failed[:3])
        new = await new_questions(
            name, min(missing, MOST), subject, chat, unit=unit, known=[*known, *(s.question for s in said)],
            passages=passages, note=note, place=f"{name}.{attempt}",
        )  # fmt: skip
        first = start + len(said)
        said += await together(*(check(pair, f"{name}.{i}") for i, pair in enumerate(new, first)))
    problems = [
        question(subject, name, i, s.question, s.answer, s.reason, s.by)
        for i, s in enumerate(said, start)
        if s.answer is not None
    ]
    lines = [f"{QUESTION}“{s.question}” was left out: {s.why}" for s in said if s.answer is None]
    lines += [
        f"{QUESTION}“{s.question}”: the teacher said “{s.first}”, two solutions say “{s.answer}”, which stands"
        for s in said
        if s.first
    ]
    return problems, lines


async def new_questions(
    name: List,
    count: int,
    subject: Subject,
    chat: Chat,
    *,
    unit: str,
    known: Sequence[str],
    passages: Sequence[str],
    note: str,
    place: str,
) -> list[tuple[str, str]]:
    """New questions for a list, at most `count`, none that is known; none where the model gives no valid ones.

    With a class text each is about one of its sentences, which code chooses, and its answer stands in the sentence.
    """
    common = {"topic": subject.topic, "grade": subject.grade or "K", "language": subject.language, "part": NAMES[name]}
    if passages:
        pairs = await _about_sentences(name, count, chat, unit, known, passages, place, common)
    else:
        messages = render("free_question", count=count, known=list(known), note=note, **common)
        key = Key(unit, chat.role, "free_question", place)
        try:
            said = await chat.structured(Questions, messages, key=key, max_tokens=120 + 80 * count)
        except OutputError:
            return []
        pairs = list(zip(said.questions, said.answers, strict=True))
    old = {plain(q) for q in known}
    new = {plain(q): (" ".join(q.split()), " ".join(a.split())) for q, a in pairs}
    return [pair for key, pair in new.items() if key and key not in old and pair[1]][:count]


async def _about_sentences(
    name: List,
    count: int,
    chat: Chat,
    unit: str,
    known: Sequence[str],
    passages: Sequence[str],
    place: str,
    common: dict[str, Any],
) -> list[tuple[str, str]]:
    """Questions about the sentences that are asked about least, other ones for each list."""
    told = [s for p in passages for s in sentences(unwrapped(p)) if len(set(content(s))) > 3 and not DENIED.search(s)]
    asked = {word for q in known for word in content(q)}
    turn = LISTS.index(name)
    told.sort(key=lambda s: len(set(content(s)) & asked) / len(set(content(s))))
    chosen = [told[(turn + len(LISTS) * n) % len(told)] for n in range(count)] if told else []

    async def one(n: int, sentence: str) -> tuple[str, str] | None:
        messages = render("free_ask", sentence=sentence, **common)
        key = Key(unit, chat.role, "free_ask", f"{place}.{n}")
        try:
            said = await chat.structured(OneQuestion, messages, key=key, max_tokens=120)
        except OutputError:
            return None
        stands = set(content(said.answer)) <= set(content(sentence)) and numbers_in(said.answer) <= numbers_in(sentence)
        return (said.question, said.answer) if stands else None

    found = await together(*(one(n, s) for n, s in enumerate(dict.fromkeys(chosen), 1)))
    return [pair for pair in found if pair is not None]

"""prefer: preference pairs from teaching scores (LbT M2, Ning et al., 2024; ARTE, Liu et al., 2024).

The pairs train a teacher. Of two rationales for one problem the one that teaches better is preferred, of two questions
made after one problem likewise, where their scores differ by more than a gap, at most some pairs a problem. Exam items
are not equally good at telling them apart: a two-parameter item response model picks the most discriminating (ARTE).
"""

from typing import Any, Literal, Self

import numpy as np
from pydantic import Field

from classwright.agents.model_student import Exemplar, take
from classwright.agents.tutor import tidy
from classwright.classroom.effects import estimate as mean_of
from classwright.classroom.effects import spearman
from classwright.errors import InputError, OutputError
from classwright.graphs.teach.frame import Cost, Outcome, Row, Stage, Table, room
from classwright.graphs.teach.items import (
    Examined,
    exam_problems,
    exam_tokens,
    place,
    shots,
    teaching_problem,
    unit_names,
)
from classwright.graphs.teach.prefer_pairs import card, discriminating, lines, pairs, reliability, teaching
from classwright.graphs.teach.select import PAIR_LENGTH, rationale
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key


class Settings(Examined):
    """Part `[teach.prefer]` of a recipe.

    Attributes:
        kind: What the teacher writes: rationales of the teaching problem, or new questions after it.
        samples: Of them per problem.
        keep: Of the exam items, the most discriminating ones that count; 0 for all. Items can be compared only where
            all rationales meet the same, with `exam_from = "skill"`.
        gap: Least difference of two scores that makes a pair.
        most: Pairs per problem at most.
        temperature: Of what is written.
    """

    kind: Literal["rationale", "question"] = "rationale"
    samples: int = Field(default=6, ge=2, le=256)
    exam: int = Field(default=6, ge=2, le=200)
    keep: int = Field(default=0, ge=0, le=200)
    gap: float = Field(default=0.3, ge=0, lt=1)
    most: int = Field(default=8, ge=1, le=1000)
    temperature: float = Field(default=0.9, gt=0, le=2)

    def checked(self) -> Self:
        """The same settings.

        Raises:
            InputError: as `Examined.checked`; or items are to be picked that only one problem's rationales meet.
        """
        if self.keep and self.exam_from != "skill":
            raise InputError('keep picks items that all rationales met: it needs exam_from = "skill"')
        return super().checked()


units = unit_names


def cost(s: Settings) -> Cost:
    """Rationales (and their questions), an exam for each; one exam with nothing."""
    n, calls = len(unit_names(s)), s.samples * (2 if s.kind == "question" else 1)
    exams = (s.samples + 1) * s.exam
    tokens = calls * exam_tokens(s, reply=PAIR_LENGTH) + exams * exam_tokens(s, shown=1)
    return Cost(n * (calls + exams), n * tokens)


async def run(unit: str, stage: Stage) -> dict[str, Any]:
    """One problem: what the teacher wrote, whether it is right (rationales only), and every exam answer."""
    s: Settings = stage.settings
    teacher, student = stage.models.chat("teacher"), stage.models.chat("student")
    seed, _ = place(unit)
    problem = teaching_problem(s, unit)
    exam = await exam_problems(problem, seed, s, stage.models.embed)
    form = shots(s, problem, seed, exam)
    asked = render("prefer_question", question=problem.text)

    async def question(n: int) -> str:
        try:
            reply = await teacher.text(
                asked, key=Key(unit, "teacher", "question", n), temperature=s.temperature, max_tokens=120
            )
        except OutputError:
            return ""
        return tidy(reply.text)

    async def written(n: int) -> tuple[Exemplar, str, bool]:
        text = problem.text if s.kind == "rationale" else await question(n)
        of = problem.model_copy(update={"text": text})
        warmth = s.temperature if s.kind == "rationale" else 0.0
        work = await take(of, teacher, key=Key(unit, "teacher", "rationale", n), exemplars=form, temperature=warmth,
                          max_tokens=PAIR_LENGTH)  # fmt: skip
        return Exemplar(text, rationale(work.text), work.answer), work.text, work.result == "right"

    async def score(tag: str, shown: tuple[Exemplar, ...]) -> list[bool]:
        answers = await together(
            *(take(p, student, key=Key(unit, "student", tag, k), exemplars=shown) for k, p in enumerate(exam))
        )
        return [a.result == "right" for a in answers]

    wrote = await together(*(written(n) for n in range(s.samples)))
    exams = await together(*(score(f"exam{n}", (*form, e)) for n, (e, _, _) in enumerate(wrote)))
    nothing = await score("nothing", tuple(form))
    record = {"items": [p.id for p in exam], "exam": exams, "nothing": nothing}
    if s.kind == "rationale":
        prompt = render("exam", material="", exemplars=[], question=problem.text)
        return record | {"prompt": prompt, "texts": [t for _, t, _ in wrote], "right": [r for _, _, r in wrote]}
    known = {" ".join(p.text.split()).lower() for p in (problem, *exam)}
    texts = [usable(e, known) for e, _, _ in wrote]
    return record | {"prompt": asked, "texts": texts, "right": [None] * len(wrote)}


def usable(written: Exemplar, known: set[str]) -> str:
    """A written question; "" where nobody answered it, or where it copies the problem or one of the exam."""
    return written.question if written.answer and " ".join(written.question.split()).lower() not in known else ""


def artifacts(s: Settings, records: dict[str, dict[str, Any]], models: dict[str, str]) -> dict[str, str]:
    """File name -> text: the pairs in the trainer's conversational preference format, and their card."""
    found = lines(s, records)
    return {"preferences.jsonl": "".join(line + "\n" for line in found), "card.md": card(s, records, models)}


def analyze(s: Settings, records: dict[str, dict[str, Any]]) -> Outcome:
    """How many pairs there are, what chosen and rejected ones teach, and how reliable the scores are."""
    items = discriminating(records, s.keep)
    chosen: dict[str, list[float]] = {}
    rejected: dict[str, list[float]] = {}
    correct: dict[str, list[float]] = {}
    scores: dict[str, list[float]] = {}
    alone: dict[str, list[float]] = {}
    n = 0
    for unit, record in records.items():
        got = teaching(record, items)
        mine = pairs(record, items, s.gap, s.most, unit)
        n += len(mine)
        if mine:
            chosen[unit], rejected[unit] = [got[a] for a, _ in mine], [got[b] for _, b in mine]
        if s.kind == "rationale" and (r := spearman(got, [float(x) for x in record["right"]])) is not None:
            correct[unit] = [r]
        scores[unit], alone[unit] = got, [float(np.mean(record["nothing"]))]
    seed = s.seeds[0]
    rows = [
        Row(arm="chosen", what=f"{s.kind}s preferred", value=mean_of(chosen, seed=seed)),
        Row(arm="rejected", what=f"{s.kind}s they are preferred to", value=mean_of(rejected, seed=seed), control=True),
        Row(arm="no demonstration", what="the student alone", value=mean_of(alone, seed=seed), control=True),
    ]
    title = f"what the student gets right after a {s.kind}"
    shown = Table(title=title, unit="share of the exam", rows=rows, effects=[], seeds=len(s.seeds))
    r = reliability(records, items, seed)
    dropped = sum(not t.strip() for record in records.values() for t in record["texts"])
    notes = [
        f"{n} pairs; chosen are above rejected by construction, so their difference is no finding",
        f"exam items that count: {len(items)} of {len({i for x in records.values() for i in x['items']})}",
        "split-half reliability cannot be had: the scores do not vary within a problem" if r is None
        else f"split-half reliability of the teaching scores within a problem: {r:.2f}",
        f"{dropped} {s.kind}s could not be used (no text, no answer, or a copy)",
    ]  # fmt: skip
    figures = {f"teaching score of all {s.kind}s": mean_of(scores, seed=seed)}
    if s.kind == "rationale":
        figures["Spearman of teaching score and correctness, within a problem"] = mean_of(correct, seed=seed)
    silent = room("the student", alone, scores) or ("" if n else f"no two {s.kind}s differ by more than {s.gap}")
    return Outcome(tables=[shown], figures=figures, notes=notes, silent=silent)

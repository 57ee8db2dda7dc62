"""The lesson as slides: what the class sees, and what the teacher says in the notes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from classwright.classroom.plan import TIERS, LessonPlan, Practice, Repair, WorkedExample
from classwright.graphs.lesson_result import LessonResult
from classwright.reports.ideas import LABELS
from classwright.reports.lesson_document import NOT_VERIFIED, checked, lead, skill_name
from classwright.reports.printed import printed, printed_answer
from classwright.reports.sources import notices
from classwright.reports.worksheet_document import SETS
from classwright.skilltree.problem import Problem

Look = Literal["body", "number", "bullet", "old", "answer", "lead"]
"""How a line of a slide is set: "number" counts, "old" was on the slide before, "lead" is small and quiet."""
TOGETHER = 220
"""Characters of problems that share a slide, at most."""
ALONE, LED = 4, 2
"""Problems on a slide at most, where learners work alone and where the teacher leads."""


@dataclass(frozen=True)
class Slide:
    """A slide; `lines` are (text, look), `first` is the number of its first numbered line."""

    title: str
    lines: tuple[tuple[str, Look], ...]
    notes: str = ""
    first: int = 1


def deck(result: LessonResult) -> list[Slide]:
    """The slides in teaching order, the title slide first. Answers to practice stand in the notes alone."""
    return [*_opening(result), *_teaching(result.plan), *_practicing(result.plan), *_ending(result.plan)]


def _opening(result: LessonResult) -> Iterator[Slide]:
    plan = result.plan
    warnings = [checked(result)] if plan.verified else [NOT_VERIFIED]
    warnings += [f"{heading} {line}" for heading, lines in notices(plan) for line in lines]
    timetable = "\n".join(f"{minutes} min  {part}" for part, minutes in plan.timetable())
    materials = [f"Materials: {', '.join(plan.materials)}"] if plan.materials else []
    yield Slide(plan.title, (), "\n".join([*warnings, lead(plan), *materials, "", timetable]))
    today: list[tuple[str, Look]] = [(o.text, "bullet") for o in plan.objectives]
    yield Slide("Today", tuple(today), "\n".join(n.text for n in plan.notes))
    if plan.vocabulary:
        words: list[tuple[str, Look]] = [(f"{term}: {meaning}", "bullet") for term, meaning in plan.vocabulary.items()]
        yield Slide("Words to know", tuple(words))
    yield from _problems("Warm-up", plan.warm_up, ALONE)
    yield from _ideas(plan, "warm-up")
    yield Slide("Think about this", ((shown_hook(plan.hook.text), "body"),), plan.hook.text)
    yield from _ideas(plan, "hook", "opening")


def _teaching(plan: LessonPlan) -> Iterator[Slide]:
    for e in plan.explanations:
        title = "The idea" if e.skill == plan.skill else f"Review: {skill_name(e.skill)}"
        show = f"\n\nShow it: {e.picture}" if e.picture else ""
        yield Slide(title, tuple((t, "body") for t in e.text.text.split("\n") if t), f"{e.text.text}{show}")
        if e.method:
            yield Slide("How to do it", tuple((step, "number") for step in e.method), "\n".join(e.method))
    yield from _ideas(plan, "explanation")
    for n, example in enumerate(plan.worked_examples, 1):
        yield from _example(f"Worked example {n}", example)
    yield from _ideas(plan, "worked example")
    for repair in plan.repairs:
        if repair.minutes:
            yield _doubtful(repair)
    yield from _ideas(plan, "misconception")


def _practicing(plan: LessonPlan) -> Iterator[Slide]:
    yield from _problems("Practice together", plan.guided, LED, [r for r in plan.repairs if not r.minutes])
    yield from _ideas(plan, "guided practice")
    lines: list[tuple[str, Look]] = [(f"Take your worksheet. You have {plan.independent.minutes} minutes.", "body")]
    for tier in TIERS:
        lines.append((f"{SETS[tier]}: {len(plan.independent.tier(tier))} problems", "bullet"))
    which = ", ".join(f"{SETS[tier]} is {tier}" for tier in TIERS)
    groups = [f"{g.name.capitalize()} ({', '.join(g.learners)}; {g.why}): {g.activity.text}" for g in plan.groups]
    yield Slide("On your own", tuple(lines), "\n".join([f"{which}.", *groups]))
    yield from _ideas(plan, "independent practice", "groups")
    yield from _problems("Exit ticket", plan.exit_ticket, ALONE)
    yield from _ideas(plan, "exit ticket")


def _ending(plan: LessonPlan) -> Iterator[Slide]:
    said: list[tuple[str, Look]] = [(f"Can you say it? {o.text}", "bullet") for o in plan.objectives]
    yield Slide("What did we learn?", tuple(said), f"{plan.closing.text}\n\nFor the family: {plan.family_note.text}")
    yield from _ideas(plan, "closing")
    known = {"warm-up", "hook", "opening", "groups", "closing", *(part.lower() for part, _ in plan.timetable())}
    known.add("misconception")
    yield from _ideas(plan, *sorted({i.place.lower() for i in plan.ideas} - known))
    if plan.passages:
        yield Slide("From the source", tuple((f"[{p.id}] “{p.text}” ({p.source})", "lead") for p in plan.passages))


def shown_hook(text: str) -> str:
    """What the class sees of an opening: of the curated one only the question, without the words to the teacher."""
    found = re.fullmatch(
        r"Read this aloud and let learners guess[^:]*: (.+?) Keep the guesses on the board.*", text, re.S
    )
    return found[1] if found else text


def _ideas(plan: LessonPlan, *places: str) -> Iterator[Slide]:
    for idea in plan.ideas:
        if idea.place.lower() in places:
            yield Slide(LABELS[idea.kind], ((idea.text.text, "body"),))


def _example(title: str, example: WorkedExample) -> Iterator[Slide]:
    """The problem alone, then a slide for each step, with the steps before it."""
    problem, shown = example.problem, example.problem.steps
    yield Slide(title, ((problem.text, "body"),), example.talk.text)
    for n, step in enumerate(shown, 1):
        lines: list[tuple[str, Look]] = [(problem.text, "body")]
        lines.extend((text, "old") for text in shown[: n - 1])
        lines.append((step, "number"))
        if n == len(shown):
            lines.append((f"Answer: {printed_answer(problem)}", "answer"))
        yield Slide(title, tuple(lines), step)
    if not shown:
        yield Slide(title, ((problem.text, "body"), (f"Answer: {printed_answer(problem)}", "answer")))


def _doubtful(r: Repair) -> Slide:
    lines: tuple[tuple[str, Look], ...] = (
        (r.problem.text, "body"),
        (f"Somebody answers: {printed(r.wrong_answer)}", "body"),
        ("Do you agree? Why, or why not?", "body"),
    )
    right = f"Right is {printed_answer(r.problem)}. The learner {r.name}."
    return Slide("Is that right?", lines, f"{right}\nAsk: {r.question}\n{r.move}")


def _problems(title: str, practice: Practice, most: int, at_hand: Sequence[Repair] = ()) -> Iterator[Slide]:
    listed: list[Problem] = practice.problems
    hints = [h.text for h in practice.hints]
    start = 0
    while start < len(listed):
        part = listed[start : start + 1]
        while len(part) < most and start + len(part) < len(listed) and _fit([*part, listed[start + len(part)]]):
            part.append(listed[start + len(part)])
        notes = [f"{start + i}. {printed_answer(p)}" for i, p in enumerate(part, 1)]
        notes += [f"Hint for {start + i}: {hint}" for i, hint in enumerate(hints[start : start + len(part)], 1)]
        if start == 0:
            notes += [f"If a learner {r.name}: {r.question} {r.move}" for r in at_hand]
        yield Slide(title, tuple((p.text, "number") for p in part), "\n".join(notes), start + 1)
        start += len(part)


def _fit(problems: Sequence[Problem]) -> bool:
    texts = "".join(p.text for p in problems)
    return len(texts) <= TOGETHER and "\n" not in texts

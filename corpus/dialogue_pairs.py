"""Pairs from dialogues, class voices and observers, held and written without a model."""

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, NamedTuple, cast

from classwright.agents.student import say_answer
from classwright.classroom.buggy_steps import wrong_solutions
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.student import KnowledgeStudent
from classwright.classroom.talk_model import TalkModel
from classwright.classroom.talker import talker
from classwright.corpus.asked import SaysAsked
from classwright.corpus.observed import observer_pairs
from classwright.corpus.pair import Pair
from classwright.corpus.rehearsed import Rehearsed, Stage
from classwright.corpus.student_words import acts_for, reasons
from classwright.corpus.writer import Writer, done
from classwright.models.chat import Chat
from classwright.skilltree.bank import composed, composed_skills, problem, wrong_answer
from classwright.skilltree.problem import Problem
from classwright.skilltree.scenes import INTERESTS
from classwright.skilltree.tree import SkillTree

TASKS = ("tutor_socratic", "student_turn", "student_says", "observer")
LENGTHS = (1, 2, 2, 3, 3, 4)
"""Tutor turns of a dialogue; most are short, so that their prompts are."""
LONG = 12
"""Tutor turns of the few that go on until the method is told or the student gives up."""
TRIES = 60
"""Problems tried until one shows a misconception."""
GREETED = 0.06
"""Share of dialogues that a tutor begins."""
IN_SCENES = 0.4
"""Share of problems that are set in an interest."""
_MOODS = (
    TalkModel(),
    TalkModel(confused=0.5, asks=0.1),
    TalkModel(asks=0.5, confused=0.1),
    TalkModel(quiet=0.4, confused=0.2),
    TalkModel(guesses=0.5),
    TalkModel(confused=0.0, asks=0.0, quiet=0.0, guesses=0.0),
)
_STUBBORN = TalkModel(insight={}, own_insight=0.0, recheck=0.0, patience=4, gives_up=0.3).model_copy(
    update={"insight": dict.fromkeys(TalkModel().insight, 0.05)}
)
"""A student whom little helps, for the moves that come late."""


class Case(NamedTuple):
    """One dialogue to hold.

    Attributes:
        problem, grade: What it is about, and the student's grade.
        misconception: What the student holds, "" for nothing.
        talk: How it reacts.
        most: Tutor turns at most.
        solution, wrong: A wrong solution that it opens with, and its answer.
        counts_as: The skill of the tree that it is counted under; "" for the problem's own.
    """

    problem: Problem
    grade: int
    misconception: str
    talk: TalkModel
    most: int
    solution: str = ""
    wrong: str = ""
    counts_as: str = ""


def dialogue_pairs(
    tree: SkillTree, *, seed: int = 0, rounds: int = 5, tally: Counter[tuple[str, str, str]] | None = None
) -> Iterator[Pair]:
    """Pairs of tutor turns, student turns, class voices and observers' sentences.

    Args:
        tree: Skills and misconceptions; every misconception must have been written for (`voiced`).
        seed: The same seed gives the same pairs.
        rounds: Dialogues for each misconception.
        tally: Gets (task, act or pattern, outcome) -> texts, see `Stage.tally`.
    """
    stage, rng = Stage.of(tree, seed, TASKS), Random(f"dialogue pairs/{seed}")
    for case in _cases(tree, rng, rounds):
        yield from _held(stage, case, rng)
    for m in tree.misconceptions.values():
        for p in _showing(m.id, m.skills, rng, 2):
            yield from _voice(stage, m.id, p)
    if tally is not None:
        tally.update(stage.tally)


def _cases(tree: SkillTree, rng: Random, rounds: int) -> Iterator[Case]:
    for m in tree.misconceptions.values():
        for n, p in enumerate(_showing(m.id, m.skills, rng, rounds)):
            yield Case(p, tree[p.skill].grade or 0, m.id, _MOODS[rng.randrange(len(_MOODS))], LENGTHS[n % len(LENGTHS)])
    for s in tree.skills.values():  # no misconception: slips, and answers that are right
        for _ in range(2):
            yield Case(_drawn(s.id, rng), s.grade or 0, "", _MOODS[rng.randrange(len(_MOODS))], rng.choice(LENGTHS))
    few = rng.sample(sorted(tree.misconceptions), len(tree.misconceptions) * 2 // 5)
    for m in map(tree.misconception, few):
        for p in _showing(m.id, m.skills, rng, 1):
            yield Case(p, tree[p.skill].grade or 0, m.id, _STUBBORN, LONG)
    for name, skills in sorted(composed_skills().items()):
        for _ in range(3):
            p = composed(name, rng.randrange(10**6), rng.randint(1, 3), _interest(rng)).problem
            if p.kind != "number":  # as problems from a file, the only ones without a skill, always are
                continue
            # A composed problem has no skill of its own; held out by skill, it goes with the latest that it needs.
            latest = max(skills, key=lambda s: tree[s].grade or 0)
            grade = tree[latest].grade or 0
            for n, wrong in enumerate(wrong_solutions(p, rng.randrange(10**6), 2)):
                if wrong.answer:  # the moves that come late are seen only by a student whom little helps
                    talk, most = (_MOODS[rng.randrange(len(_MOODS))], rng.choice((1, 2, 3, 6))) if n else (
                        _STUBBORN, LONG)  # fmt: skip
                    yield Case(p, grade, "", talk, most, wrong.text, wrong.answer, latest)


def _held(stage: Stage, case: Case, rng: Random) -> Iterator[Pair]:
    """The pairs of one dialogue, and of its observer."""
    seed, p = rng.randrange(2**31), case.problem
    mastery = {p.skill: rng.choice((0.2, 0.4, 0.6, 0.8))} if p.skill in stage.tree else {}
    student = KnowledgeStudent("learner", seed, mastery, {case.misconception} - {""}, stage.tree)
    skill = case.counts_as or p.skill
    about = {"skill": skill, "misconception": case.misconception, "interest": p.interest or ""}
    talk = Rehearsed(
        stage, p, talker(student, p, case.misconception or None, case.talk, wrong=case.wrong, solution=case.solution),
        case.grade, seed, case.most, case.misconception, case.solution, rng.random() < GREETED, skill,
    )  # fmt: skip
    yield from talk.pairs()
    if (not case.solution and case.most < LONG) or rng.random() < 0.3:
        dialogue = Dialogue(id=f"{p.id}/{seed}", problem=p, skill=p.skill, misconception=case.misconception or None,
                            student="knowledge", turns=talk.turns)  # fmt: skip
        yield from observer_pairs(stage, dialogue, **about)


def _voice(stage: Stage, misconception: str, p: Problem) -> Iterator[Pair]:
    """What a learner with a misconception says in class."""
    answer, how = wrong_answer(misconception, p) or "", stage.tree.misconception(misconception).says
    asked = SaysAsked(problem=p, answer=answer, how=how, grade=stage.tree[p.skill].grade or 0)
    grade, writer = stage.tree[p.skill].grade or 0, Writer("student")
    values = {"answer": answer} | reasons(how, misconception)
    writer.hand(stage.phrases["student_says"].draw(acts_for("answer", grade), values))
    words = done(say_answer(p, answer, how, cast(Chat, writer), _embed, unit=p.id, place="1", school_grade=grade))
    yield from stage.kept("student_says", "answer", writer, words.source == "model", words.refused, skill=p.skill,
                          misconception=misconception, interest=p.interest or "", asked=asked)  # fmt: skip


async def _embed(texts: Sequence[str]) -> Any:
    raise AssertionError("a learner's words have no topic to be compared with")


def _showing(misconception: str, skills: Sequence[str], rng: Random, n: int) -> Iterator[Problem]:
    """Problems to which a misconception gives a wrong answer."""
    for k in range(n):
        for _ in range(TRIES):
            p = _drawn(skills[k % len(skills)], rng)
            if wrong_answer(misconception, p) is not None:
                yield p
                break


def _drawn(skill: str, rng: Random) -> Problem:
    return problem(skill, rng.randrange(10**6), rng.randint(1, 3), _interest(rng))


def _interest(rng: Random) -> str | None:
    return rng.choice(INTERESTS) if rng.random() < IN_SCENES else None

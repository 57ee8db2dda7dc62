"""Which dialogues a bulk run holds: number i is a pure function of the request, so ten thousand need no memory.

Every tutor meets the same cases (problem, student, misconception, seed), so that tutors are compared in pairs. Tutors
take turns, case by case, so that a run that was stopped early still has its pairs.
"""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from classwright.classroom.buggy_steps import wrong_solutions
from classwright.classroom.chance import chance
from classwright.classroom.dialogue import StudentKind
from classwright.classroom.learning import LearningModel
from classwright.classroom.pressure import AnyPressure, pressure_of
from classwright.classroom.problem_record import FileProblem
from classwright.classroom.talk_model import TalkModel
from classwright.errors import InputError
from classwright.graphs.dialogue_spec import DecisionSource, DialogueSpec, TutorKind, Wording
from classwright.skilltree.bank import problem, wrong_answer
from classwright.skilltree.learner import Learner
from classwright.skilltree.problem import Problem
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import SkillTree

DRAWS = 60
"""Problems that are drawn, at most, to find one that a misconception applies to; the rarest rule applies to every third
problem of its best level."""
WRONG_WAYS = 4
"""Wrong solutions of one problem of a file that has none, at most."""
FILE_GRADE = 5
"""Grade of the students who are sampled for problems of which no skill is known."""
CLASS_SIZE = 30
"""Students that are sampled where nobody says how many."""


class DialogueRequest(BaseModel):
    """What a bulk run is asked for.

    Attributes:
        skills: Skills that the problems are drawn from, by turns; empty where they come from a file.
        problems: The name of the file with problems, "" for none; the run keeps a copy.
        learners: The class, as public records; empty samples `students` learners a skill, see `draw_students`.
        students: See `learners`.
        n: Dialogues that each tutor holds.
        tutors: The kinds of tutors; the others are compared with the first.
        student: The kind of students.
        pressure: How students press the tutor; "all": a way drawn for each case.
        turns, tests, decision, words, language, learning, talk: As in `DialogueSpec`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    skills: tuple[str, ...] = ()
    problems: str = ""
    learners: tuple[Learner, ...] = ()
    students: int = Field(default=CLASS_SIZE, ge=1, le=100_000)
    n: int = Field(default=100, ge=1, le=10_000_000)
    tutors: tuple[TutorKind, ...] = Field(default=("socratic",), min_length=1)
    student: StudentKind = "knowledge"
    turns: int = Field(default=10, ge=1, le=200)
    tests: int | None = Field(default=None, ge=0, le=40)
    decision: DecisionSource = "self"
    words: Wording = "model"
    pressure: AnyPressure = ""
    language: str = "en"
    seed: int = 0
    learning: LearningModel = LearningModel()
    talk: TalkModel = TalkModel()


class Case(NamedTuple):
    """What every tutor meets: one student at one problem."""

    problem: Problem
    learner: Learner
    misconception: str | None
    wrong_answer: str
    wrong_solution: str
    how: str
    seed: int


class Plan:
    """The dialogues of a request.

    Args:
        request: What is asked for.
        tree: The skill tree.
        given: The problems of the file, where the request names one.

    Raises:
        InputError: an unknown skill, or no problem at all.
    """

    def __init__(self, request: DialogueRequest, tree: SkillTree, given: Sequence[FileProblem] = ()) -> None:
        if not request.skills and not given:
            raise InputError("nothing to talk about: name a skill, or a file with problems (--problems)")
        self.request, self.tree, self.given = request, tree, given
        self.skills = [tree[s].id for s in request.skills]
        self.case = lru_cache(maxsize=8)(self._case)  # the tutors meet a case one after the other

    def __len__(self) -> int:
        return self.request.n * len(self.request.tutors)

    def unit(self, i: int) -> str:
        """The name of dialogue number i in its run."""
        number, place = divmod(i, len(self.request.tutors))
        return f"{number:06d}-{self.request.tutors[place]}"

    def spec(self, i: int) -> DialogueSpec:
        """Dialogue number i, 0 <= i < len(plan)."""
        r = self.request
        number, place = divmod(i, len(r.tutors))
        case = self.case(number)
        return DialogueSpec(
            id=self.unit(i), problem=case.problem, tutor=r.tutors[place], student=r.student, learner=case.learner,
            misconception=case.misconception, wrong_answer=case.wrong_answer, wrong_solution=case.wrong_solution,
            how=case.how, turns=r.turns, tests=r.tests, decision=r.decision, words=r.words,
            pressure=pressure_of(r.pressure, number), language=r.language, seed=case.seed, learning=r.learning,
            talk=r.talk,
        )  # fmt: skip

    def _case(self, number: int) -> Case:
        """Case number `number`, 0 <= number < request.n; the same whoever the tutors are."""
        seed = int(chance(self.request.seed, "dialogue", number) * 2**53)
        if self.given:
            return self._of_file(number, seed)
        skill = self.skills[number % len(self.skills)]
        people = self._people[skill]
        learner = people[number // len(self.skills) % len(people)]
        drawn, misconception = draw_problem(learner, skill, self.tree, seed)
        return Case(drawn, learner, misconception, "", "", "", seed)

    def _of_file(self, number: int, seed: int) -> Case:
        entry, lap = self.given[number % len(self.given)], number // len(self.given)
        people = self._people.get(entry.problem.skill, self._people[""])
        learner = people[number % len(people)]
        # The file's own, else what buggy arithmetic makes of its solution; another one in every round over the file.
        wrong = entry.wrong or wrong_solutions(entry.problem, self.request.seed, WRONG_WAYS)
        if not wrong:
            return Case(entry.problem, learner, None, "", "", "", seed)
        chosen = wrong[lap % len(wrong)]
        lines = chosen.text.splitlines()
        known = chosen.step is not None and chosen.step < len(lines)
        how = f"I did it like this: {lines[chosen.step or 0]}" if known else "That is what my steps come to."
        return Case(entry.problem, learner, None, chosen.answer, chosen.text, how, seed)

    @cached_property
    def _people(self) -> dict[str, list[Learner]]:
        """Skill -> students; "" those for problems that no skill is known of."""
        r = self.request
        named = {g.problem.skill for g in self.given if g.problem.skill in self.tree} | set(self.skills)
        if r.learners:
            return {skill: list(r.learners) for skill in (*named, "")}
        people = {skill: draw_students(r.students, r.seed, self.tree, skill) for skill in sorted(named)}
        # Interests and abilities of a sampled class; what it knows of the tree's skills says nothing about a file's.
        goal = next((s for s in self.tree if self.tree[s].grade == FILE_GRADE), next(iter(self.tree)))
        others = sample_class(r.students, r.seed, self.tree, goal) if self.given else []
        return people | {"": [x.model_copy(update={"mastery": {}, "misconceptions": ()}) for x in others]}


def draw_students(n: int, seed: int, tree: SkillTree, skill: str) -> list[Learner]:
    """`n` sampled learners who hold a misconception of the skill, as those are whom a tutor has something to do with.

    Of a sampled class (see `sampling`) 17 to 85 % do, depending on the skill. Fewer than `n` come back only for a skill
    without misconceptions, whose learners are then taken as they come.
    """
    wanted = {m.id for m in tree.misconceptions_of(skill)}
    if not wanted:
        return sample_class(n, seed, tree, skill)
    size = 8 * n + 40
    holders = [x for x in sample_class(size, seed, tree, skill) if wanted & set(x.misconceptions)]
    return holders[:n] or sample_class(n, seed, tree, skill)


def draw_problem(learner: Learner, skill: str, tree: SkillTree, seed: int) -> tuple[Problem, str | None]:
    """A problem of the skill, of any level, and a misconception of the learner's whose buggy rule applies to it.

    Every second problem is set in the learner's first interest. Where the learner holds no misconception of the skill,
    or none applies to any of the drawn problems, the first problem comes back with None.
    """
    held = [m for m in learner.misconceptions if skill in tree.misconception(m).skills]
    held.sort(key=lambda m: chance(seed, "which misconception", m))
    interest = learner.interests[0] if learner.interests and chance(seed, "scene") < 0.5 else None
    first: Problem | None = None
    for draw in range(DRAWS):
        number, level = int(chance(seed, "problem", draw) * 2**31), 1 + int(chance(seed, "level", draw) * 3)
        drawn = problem(skill, number, level, interest)
        first = first or drawn
        for misconception in held:
            if wrong_answer(misconception, drawn) is not None:
                return drawn, misconception
        if not held:
            break
    assert first is not None
    return first, None

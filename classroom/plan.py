"""A lesson plan: the parts a teacher teaches from, and what each part rests on."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from classwright.skilltree.problem import Problem

Tier = Literal["support", "core", "stretch"]
TIERS: tuple[Tier, ...] = ("support", "core", "stretch")


class Part(BaseModel):
    """Base of every part: unknown fields are an error, as a plan may come back from a person's editor."""

    model_config = ConfigDict(extra="forbid")


class Words(Part):
    """A text slot of the plan: who wrote it, and why the model's version was not used if it was not.

    Attributes:
        text: What the teacher reads.
        source: "model" where a model's words passed every check, else "curated".
        refused: Why the model's attempts were not used, one line each; empty for curated-only parts.
    """

    text: str = Field(min_length=1)
    source: Literal["model", "curated"] = "curated"
    refused: tuple[str, ...] = ()


class Objective(Part):
    """What learners can do afterwards, and the exit-ticket item that shows it."""

    id: str
    skill: str
    text: str
    assessed_by: str = Field(description="The id of an exit-ticket problem")


class Practice(Part):
    """Problems done for some minutes."""

    minutes: int = Field(ge=1)
    problems: list[Problem]
    hints: list[Words] = Field(default_factory=list, description="One hint per problem, or none")


class Explanation(Part):
    """A stretch of teaching one skill."""

    skill: str
    minutes: int = Field(ge=1)
    text: Words
    method: tuple[str, ...] = ()
    picture: str = ""


class WorkedExample(Part):
    """A problem worked in front of the class, thinking aloud."""

    minutes: int = Field(ge=1)
    problem: Problem
    talk: Words


class Likely(Part):
    """A mistake the analyst expects on a question.

    Attributes:
        misconception: The misconception whose buggy rule gives the wrong answer; "" for the model's opinion.
        share: Expected share of this class that makes it, 0..1; None for an opinion.
        by: "rule": code reproduces it; "model": an opinion that nothing reproduces.
        what: An opinion in words.
    """

    misconception: str
    problem: Problem
    wrong_answer: str
    share: float | None = Field(default=None, ge=0, le=1)
    by: Literal["rule", "model"] = "rule"
    what: str = ""


class Repair(Part):
    """What to do about one misconception: when it shows, its wrong answer, and the move that answers it."""

    misconception: str
    name: str
    trigger: str
    problem: Problem
    wrong_answer: str
    question: str
    move: str = Field(description="Always curated: what a mistake is and what answers it are facts")
    minutes: int = Field(ge=0, description="0: at hand when it shows; more: taught to the whole class")


class Group(Part):
    """Learners of this class who need the same thing."""

    name: str
    tier: Tier
    learners: tuple[str, ...] = Field(description="Pseudonyms")
    why: str
    activity: Words


class Independent(Part):
    """Independent practice in three tiers."""

    minutes: int = Field(ge=1)
    support: list[Problem]
    core: list[Problem]
    stretch: list[Problem]

    def tier(self, name: Tier) -> list[Problem]:
        """The problems of a tier."""
        return getattr(self, name)


class Idea(Part):
    """A part that a model proposed beyond the slots and that passed its checks.

    Attributes:
        kind: An analogy, an activity, another representation, or a question that provokes thinking.
        place: The part of the lesson it belongs to, a row of `timetable` in lower case ("explanation", "closing").
    """

    kind: Literal["analogy", "activity", "representation", "question"]
    skill: str
    place: str
    text: Words


class Passage(Part):
    """A passage of the teacher's own material, quoted word for word; texts cite it by its id."""

    id: str = Field(description='"S1", "S2", ...')
    source: str = Field(description="The file's name and, where it has pages, the page")
    text: str


class LessonPlan(Part):
    """One lesson. Every problem in it carries its answer; every minute is accounted for.

    Attributes:
        skill: The goal; `skills` begins with the prerequisites that the lesson reviews and ends with the goal.
        grade: 0 is Kindergarten.
        verified: False for a subject without code: then nothing below was checked by code, and the plan says so.
        approach: The name of the emphasis the draft was built with (see `classroom.timetable`).
    """

    title: str
    skill: str
    skills: list[str]
    standards: list[str]
    grade: int
    minutes: int
    audience: str
    approach: str
    objectives: list[Objective]
    materials: list[str]
    vocabulary: dict[str, str] = Field(default_factory=dict)
    warm_up: Practice = Field(description="The prerequisite check")
    hook: Words
    hook_minutes: int = Field(ge=1)
    explanations: list[Explanation]
    worked_examples: list[WorkedExample]
    guided: Practice
    independent: Independent
    repairs: list[Repair]
    likely: list[Likely] = Field(default_factory=list)
    groups: list[Group]
    exit_ticket: Practice
    closing: Words
    notes: list[Words]
    family_note: Words
    ideas: list[Idea] = Field(default_factory=list)
    passages: list[Passage] = Field(default_factory=list)
    unsupported: list[str] = Field(default_factory=list, description='"part: claim" without support in the source')
    language: str = "en"
    verified: bool = True

    def slots(self) -> Iterator[tuple[str, Words]]:
        """Every text slot with its name, in reading order."""
        yield "hook", self.hook
        for i, e in enumerate(self.explanations, 1):
            yield f"explanation {i}", e.text
        for i, w in enumerate(self.worked_examples, 1):
            yield f"example {i}", w.talk
        for i, h in enumerate(self.guided.hints, 1):
            yield f"hint {i}", h
        for g in self.groups:
            yield f"group {g.name}", g.activity
        for i, idea in enumerate(self.ideas, 1):
            yield f"idea {i}", idea.text
        yield "closing", self.closing
        for i, n in enumerate(self.notes, 1):
            yield f"note {i}", n
        yield "family note", self.family_note

    def practice_problems(self) -> list[Problem]:
        """The problems that learners see before the exit ticket."""
        found = [*self.warm_up.problems, *(w.problem for w in self.worked_examples), *self.guided.problems]
        for tier in TIERS:
            found += self.independent.tier(tier)
        return found + [r.problem for r in self.repairs]

    def problems(self) -> list[Problem]:
        """Every problem of the plan, the exit ticket last."""
        return self.practice_problems() + [x.problem for x in self.likely] + self.exit_ticket.problems

    def timetable(self) -> list[tuple[str, int]]:
        """(part, minutes) in teaching order; the minutes should add up to `minutes`."""
        rows = [("Warm-up", self.warm_up.minutes), ("Hook", self.hook_minutes)]
        rows += [("Explanation", e.minutes) for e in self.explanations]
        rows += [("Worked example", w.minutes) for w in self.worked_examples]
        rows += [("Misconception", r.minutes) for r in self.repairs if r.minutes]
        return [*rows, ("Guided practice", self.guided.minutes), ("Independent practice", self.independent.minutes),
                ("Exit ticket", self.exit_ticket.minutes)]  # fmt: skip

    def texts(self) -> Iterator[tuple[str, str]]:
        """(where, text) of everything that is written in the plan, problems and steps included."""
        yield "title", self.title
        yield "audience", self.audience
        for o in self.objectives:
            yield f"objective {o.id}", o.text
        for term, meaning in self.vocabulary.items():
            yield f"vocabulary {term}", meaning
        for name, words in self.slots():
            yield name, words.text
        for i, e in enumerate(self.explanations, 1):
            yield f"method {i}", "\n".join(e.method)
            yield f"picture {i}", e.picture
        for r in self.repairs:
            yield f"misconception {r.misconception}", "\n".join((r.name, r.trigger, r.question))
            yield f"repair {r.misconception}", r.move
        for g in self.groups:
            yield f"group {g.name}, why", g.why
        for p in self.problems():
            yield f"problem {p.id}", p.text
            yield f"steps of {p.id}", "\n".join(p.steps)

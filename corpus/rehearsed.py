"""One dialogue without a model: the agents speak as in `classwright dialogue`, in words that we wrote.

The agents ask a `Writer`, so every prompt is the one that a model would get, and every text passes the checks that a
model's words pass. What they refuse is counted and not kept.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple, cast

from classwright.agents.pupil import say
from classwright.agents.tutor_socratic import socratic
from classwright.classroom.socratic import next_move
from classwright.classroom.talker import Talker, revealed
from classwright.classroom.turn import Turn
from classwright.classroom.utterance import Utterance
from classwright.corpus import student_words, tutor_words
from classwright.corpus.asked import Asked, StudentAsked, TutorAsked
from classwright.corpus.dialogue_phrases import Phrase, Phrases, Values, bare
from classwright.corpus.pair import Pair
from classwright.corpus.writer import Writer, done
from classwright.graphs.dialogue import first_right
from classwright.models.chat import Chat
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

LONGEST_PROMPT = 1_500
"""Characters of a prompt that is kept (about 350 tokens), where what it asks for is asked often enough."""
LONGEST_RARE = 3_000
"""The same for what only comes late in a talk."""
_RARE = (
    "strategy", "again", "gives_up", "let_go", "picture", "tell", "plan", "draw", "size", "tiny", "unused", "roughly",
    "next_step", "inverse", "first_thing", "rework",
)  # fmt: skip


class Stage(NamedTuple):
    """What all dialogues share.

    Attributes:
        tree: Skills and misconceptions.
        phrases: Task -> its patterns.
        tally: (task, act, outcome) -> texts; the outcome is "kept", "long" (its prompt is), or why it was refused.
    """

    tree: SkillTree
    phrases: dict[str, Phrases]
    tally: Counter[tuple[str, str, str]]

    @classmethod
    def of(cls, tree: SkillTree, seed: int, tasks: Sequence[str]) -> "Stage":
        """A stage for some tasks."""
        return cls(tree, {task: Phrases(task, Random(f"{seed}/{task}")) for task in tasks}, Counter())

    def kept(
        self, task: str, act: str, writer: Writer, accepted: bool, refused: Sequence[str], **about: Any
    ) -> list[Pair]:
        """The pair of a text that passed, and a note of what did not."""
        for phrase in writer.tried:  # a refused one too, or it would be the least used again and again
            self.phrases[task].count(phrase)
        for phrase, why in zip(writer.tried, refused, strict=False):
            self.tally[task, bare(phrase.pattern), why] += 1
        if not accepted:
            return []
        prompt = sum(len(m["content"]) for m in writer.asked)
        if prompt > (LONGEST_RARE if act.startswith(_RARE) else LONGEST_PROMPT):
            self.tally[task, act, "long"] += 1
            return []
        self.tally[task, act, "kept"] += 1
        return [Pair(task, writer.asked, writer.said.text, pattern=writer.said.pattern, **about)]


@dataclass
class Rehearsed:
    """A dialogue in the making.

    Attributes:
        stage: What all share.
        problem, talker: What it is about, and the student.
        grade: The student's grade.
        seed: Of the dialogue.
        most: Tutor turns at most.
        misconception: What the student held at its start.
        opening: A wrong solution with which the student opens, "" for its answer.
        greets: Whether the tutor speaks first.
        skill: The skill that its pairs are counted under.
    """

    stage: Stage
    problem: Problem
    talker: Talker
    grade: int
    seed: int
    most: int
    misconception: str = ""
    opening: str = ""
    greets: bool = False
    skill: str = ""
    turns: tuple[Turn, ...] = ()
    tutor: Writer = field(default_factory=lambda: Writer("tutor"))
    student: Writer = field(default_factory=lambda: Writer("student"))

    def pairs(self) -> Iterator[Pair]:
        """Hold the dialogue; yields as it goes."""
        if self.greets:
            yield from self._tutor_speaks()[0]
        before = self.talker.state()
        if self.opening:
            self._add(Turn(speaker="student", text=self.opening, source="curated"))
        else:
            yield from self._student_speaks(self.talker.open(), before)
        for turn in range(self.most):
            found, closes = self._tutor_speaks()
            yield from found
            if closes or turn == self.most - 1:
                return
            before = self.talker.state()
            heard = self.turns[-1]
            yield from self._student_speaks(
                self.talker.reply(heard, revealed(heard, self.problem, self.turns[:-1])), before
            )

    def _add(self, turn: Turn) -> None:
        self.turns = (*self.turns, turn)

    def _tutor_speaks(self) -> tuple[list[Pair], bool]:
        tree, problem = self.stage.tree, self.problem
        move = next_move(problem, tree, self.turns, seed=self.seed)
        act = tutor_words.act_of(move)
        self.tutor.hand(self._phrases("tutor_socratic", [act], tutor_words.tutor_values(move)))
        said = done(socratic(problem, tree, self.turns, cast(Chat, self.tutor), unit=self._unit(), seed=self.seed,
                             language="en"))  # fmt: skip
        asked = TutorAsked(problem=problem, turns=self.turns, seed=self.seed)
        self._add(said.turn)
        return self._kept("tutor_socratic", act, self.tutor, said.turn, asked), said.closes

    def _student_speaks(self, utterance: Utterance, before: Any) -> list[Pair]:
        after = first_right(self.turns, self.problem) is not None
        act = student_words.act_of(utterance, after)
        values = student_words.student_values(
            utterance, self.talker.misconception if self.talker.how else None, self.problem, self.turns
        )
        self.student.hand(self._phrases("student_turn", student_words.acts_for(act, self.grade), values))
        asked = StudentAsked(
            utterance=utterance, problem=self.problem, turns=self.turns, unit=self._unit(), seed=self.seed,
            grade=self.grade, before=before, after=self.talker.state(),
        )  # fmt: skip
        turn = done(say(utterance, self.problem, self.turns, cast(Chat, self.student), unit=asked.unit,
                        seed=self.seed, grade_level=self.grade, before=before, after=asked.after))  # fmt: skip
        self._add(turn)
        return self._kept("student_turn", act, self.student, turn, asked) if act else []

    def _phrases(self, task: str, acts: Sequence[str], values: Values) -> Iterator[Phrase]:
        return self.stage.phrases[task].draw(acts, values)

    def _kept(self, task: str, act: str, writer: Writer, turn: Turn, asked: Asked) -> list[Pair]:
        return self.stage.kept(task, act, writer, turn.source == "model", turn.refused, skill=self.skill,
                               misconception=self.misconception, interest=self.problem.interest or "",
                               asked=asked)  # fmt: skip

    def _unit(self) -> str:
        return f"{self.problem.id}/{self.seed}"

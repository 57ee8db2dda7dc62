"""An agent called again with a model: its first answer, and whether the agent takes it. Nothing is checked twice over.

The agent renders its prompt, asks the model as it does at run time, and checks what comes back; after the first reply
it is told that there is no other, so that a second attempt cannot mend a refused one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from pydantic import BaseModel

from classwright.agents.observer import MOST_LINES, in_words, sentence_fault
from classwright.agents.optimizer import Choice, decide
from classwright.agents.proposer import write_idea
from classwright.agents.pupil import say
from classwright.agents.student import say_answer
from classwright.agents.tutor import tidy
from classwright.agents.tutor_socratic import socratic
from classwright.agents.words import Embed, fill
from classwright.classroom.idea_checks import Analogy
from classwright.classroom.observation_notes import take_notes
from classwright.classroom.talk_lines import talk_lines
from classwright.corpus.asked import (
    AnalogyAsked,
    Asked,
    ObserverAsked,
    OptimizerAsked,
    SaysAsked,
    SlotAsked,
    StudentAsked,
    TutorAsked,
)
from classwright.errors import InputError, OutputError
from classwright.models.chat import Chat, Message
from classwright.models.reply import Reply
from classwright.models.structured import read_structured
from classwright.runs.journal import Key
from classwright.skilltree.tree import SkillTree

NO_MORE = "only the first answer counts"


class Given(NamedTuple):
    """A model's first answer to a row.

    Attributes:
        text: What it said, "" for nothing.
        refused: Why the agent does not use it, "" if it does.
        reply: The reply with its tokens and time, None where there is none.
        right: Of a choice, whether it is ours; None for words.
    """

    text: str
    refused: str
    reply: Reply | None
    right: bool | None = None

    @property
    def accepted(self) -> bool:
        """Whether the agent uses it."""
        return not self.refused


@dataclass
class FirstAnswer(Chat):
    """A chat that asks once, and only what the row's prompt asks.

    Attributes:
        wanted: The row's prompt.
        reply: What came back.
        spent: Whether it has asked.
    """

    wanted: Sequence[Message] = ()
    reply: Reply | None = None
    spent: bool = False

    async def _ask(self, body: dict[str, Any], key: Key) -> tuple[Reply, dict[str, Any]]:
        if self.spent:
            raise OutputError(NO_MORE)
        self.spent = True
        if not _same(body["messages"], self.wanted):
            raise InputError(
                f"{key.unit}: the agent asks another prompt than the row holds: the dataset is of another version; "
                "make it again with `classwright distill data --task corpus`"
            )
        self.reply, raw = await super()._ask(body, key)
        return self.reply, raw


def role_of(asked: Asked) -> str:
    """The role of a recipe that is asked for such a text."""
    match asked:
        case SlotAsked():
            return asked.role
        case AnalogyAsked():
            return "teacher"
        case TutorAsked():
            return "tutor"
        case SaysAsked() | StudentAsked():
            return "student"
        case ObserverAsked():
            return "evaluator"
        case OptimizerAsked():
            return "optimizer"


async def put(
    asked: Asked, messages: Sequence[Message], chat: Chat, embed: Embed, tree: SkillTree, *, unit: str
) -> Given:
    """Put a row to a model.

    Args:
        asked: What the agent was called with.
        messages: The row's prompt.
        chat: The model, in the role of `role_of`; its recipe's sampling settings hold.
        embed: Embeddings for the topic check.
        tree: The skill tree.
        unit: The row's id, the journal's unit.

    Raises:
        InputError: The agent renders another prompt than the row holds.
        UnreachableError, LimitError, JournalError: as `Chat.text`.
    """
    first = FirstAnswer(**{f.name: getattr(chat, f.name) for f in fields(Chat)}, wanted=messages)
    right, text, refused = None, "", ""
    match asked:
        case SlotAsked():
            words = await fill(asked.slot, first, embed, unit=unit)
            text, refused = words.text, "" if words.source == "model" else words.refused[0]
        case SaysAsked():
            words = await say_answer(
                asked.problem, asked.answer, asked.how, first, embed, unit=unit, place="1", school_grade=asked.grade
            )
            text, refused = words.text, "" if words.source == "model" else words.refused[0]
        case TutorAsked():
            turn = (
                await socratic(asked.problem, tree, asked.turns, first, unit=unit, seed=asked.seed, language="en")
            ).turn
            text, refused = turn.text, "" if turn.source == "model" else turn.refused[0]
        case StudentAsked():
            turn = await say(
                asked.utterance, asked.problem, asked.turns, first, unit=asked.unit, seed=asked.seed,
                grade_level=asked.grade, before=asked.before, after=asked.after,
            )  # fmt: skip
            text, refused = turn.text, "" if turn.source == "model" else turn.refused[0]
        case ObserverAsked():
            notes = await in_words(asked.dialogue, take_notes(asked.dialogue, tree), first, unit=unit)
            text = notes.sentence
            if not text:
                said = tidy(first.reply.text) if first.reply else ""
                refused = sentence_fault(said, talk_lines(asked.dialogue)[-MOST_LINES:])
        case OptimizerAsked():
            choice = await decide(asked.offered, messages, first, unit, "optimize")
            refused = "" if choice.by == "model" else _broken(Choice, first.reply) or choice.reason
            right = choice.by == "model" and choice.edit == asked.offered[asked.right - 1]
            text = first.reply.text if first.reply else ""
        case AnalogyAsked():
            idea, why = await write_idea("analogy", asked.values, asked.terms(tree), first, embed, unit=unit)
            refused = "" if idea else _broken(Analogy, first.reply) or "; ".join(why[0].why[:3])
            text = first.reply.text if first.reply else ""
    if refused:
        text = first.reply.text.strip() if first.reply else ""
    return Given(text, refused, first.reply, right)


def _same(sent: Sequence[Message], wanted: Sequence[Message]) -> bool:
    """Whether a request is a row's prompt; a schema in words may stand behind its last message."""
    return [m["role"] for m in sent] == [m["role"] for m in wanted] and all(
        a["content"] == b["content"] or (a is sent[-1] and a["content"].startswith(f"{b['content']}\n\n"))
        for a, b in zip(sent, wanted, strict=True)
    )


def _broken(schema: type[BaseModel], reply: Reply | None) -> str:
    """What is wrong with the form of a first reply, "" if nothing is."""
    if reply is None:
        return ""
    try:
        read_structured(schema, reply.text)
    except ValueError as error:
        return f"no valid {schema.__name__}: {error}"
    return ""

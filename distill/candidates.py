"""What a run offers as training data: rows with what selection needs to know of them, and why others are no use."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.tutor import tidy
from classwright.corpus.asked import Asked
from classwright.distill.delta import Written, against_drafts
from classwright.distill.rows import ExamItem, Message, PreferenceRow, Row
from classwright.errors import OutputError
from classwright.models.reply import read_reply
from classwright.runs.journal import Key
from classwright.runs.run import Run
from classwright.skilltree.problem import Problem

Task = Literal["tutor", "student", "rationale", "lesson", "corpus"]
Filter = Literal["verified", "leak-free", "solved", "judged"]
FILTERS: tuple[Filter, ...] = ("verified", "leak-free", "solved", "judged")
CODE = "code"
"""The teacher of a text that no model wrote."""
OWN = "Classwright's own texts"
"""The teacher of the corpus: texts and sentence patterns written for it by hand."""


class DataRequest(BaseModel):
    """What a training set is to hold.

    Attributes:
        task: What the student is to learn.
        filters: verified: no false equation, nothing that code cannot stand by; leak-free: no answer given away;
            solved: the dialogue ended with the answer found; judged: somebody or something scored it.
        least_score: Rows with a lower score, or none, are left out; None takes all.
        pairs: Preference pairs in place of rows.
        against: What the other side of a pair is: an earlier draft that was refused; or, of a tutor's turns, what
            another tutor told in the same situation.
        decides: Who decides what is said when the student is used: "code" (its words only, see `agents`), or "model".
        form: "prompt": a row a turn, with the prompt that is rendered at run time; "chat": a row a dialogue.
        cap: Rows with the same trained text, numbers aside (but for answers in a test), at most; None for no cap.
        hard: Share of rows whose problem has level 2 or 3; None as they come.
        held_out: Share of rows that are held out, whole families at a time.
        hold_skills: Skills that are held out whole.
        seed: Of everything that is drawn.
        skills, n, levels, exam: What rationales are made of where no run is named.
        composed: Exam items that put trained skills together, each with its sub-problems, for rationales.
        other_skills: Skills beyond training of which half as many exam items are made, for rationales.
        licence: The teacher's licence where the program does not know it; "" for what it knows.
        licence_ok: Whether somebody answers for training on a teacher whose licence forbids it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: Task
    filters: tuple[Filter, ...] = ("verified", "leak-free")
    least_score: float | None = Field(default=None, allow_inf_nan=False)
    pairs: bool = False
    against: Literal["drafts", "telling"] = "drafts"
    decides: Literal["code", "model"] | None = None
    form: Literal["prompt", "chat"] = "prompt"
    cap: int | None = Field(default=50, ge=1)
    hard: float | None = Field(default=None, ge=0, le=1)
    held_out: float = Field(default=0.1, ge=0, lt=1)
    hold_skills: tuple[str, ...] = ()
    seed: int = Field(default=0, ge=0)
    skills: tuple[str, ...] = ()
    n: int = Field(default=800, ge=1, le=1_000_000)
    levels: tuple[int, ...] = (2,)
    exam: int = Field(default=200, ge=2, le=100_000)
    composed: int = Field(default=0, ge=0, le=100_000)
    other_skills: tuple[str, ...] = ()
    licence: str = ""
    licence_ok: bool = False


@dataclass(frozen=True)
class Candidate:
    """One row that a run offers.

    Attributes:
        row: The row.
        teacher: Models whose words are trained, `CODE` for curated or computed ones.
        prompts: Templates that its prompt was rendered from.
        problem: What it is about, None where it is about no problem.
        exam: The same question as an exam item, where code can grade it.
        apart: Further (kind, value) by which it may be held out: ("interest", "chess"), ("pattern hook", "liked.3").
        asked: What the agent was called with, where its answer can be checked again.
    """

    row: Row | PreferenceRow
    teacher: tuple[str, ...]
    prompts: tuple[str, ...]
    problem: Problem | None = None
    exam: ExamItem | None = None
    apart: tuple[tuple[str, str], ...] = ()
    asked: Asked | None = None

    @property
    def level(self) -> int | None:
        """Level of its problem, 1 to 3; None where it has none."""
        return self.problem.level if self.problem is not None and self.problem.skill else None


Offer = Candidate | str
"""A row, or why there is none."""


class Draft(NamedTuple):
    """One attempt of an agent at a text: what it was asked, what it wrote (tidied), which model it was."""

    messages: tuple[Message, ...]
    text: str
    model: str
    raw: str


class Drafts:
    """The texts of a run's journal, by what they were for.

    An agent's attempts at one text are stored under the ordinals "place.0", "place.1" ...; the prompt of the first is
    the one without a fault to mend.
    """

    def __init__(self, run: Run) -> None:
        self._found: dict[tuple[str, str, str], list[Draft]] = defaultdict(list)
        for entry in run.journal.entries():
            request = entry.extra.get("request")
            if not isinstance(request, dict) or "messages" not in request:
                continue  # a person's decision, an embedding
            try:
                text = read_reply(entry.reply["raw"], latency_s=0.0, cached=True).text
            except OutputError:
                text = ""
            place, _, _ = str(entry.key.ordinal).rpartition(".")
            key = (entry.key.unit, entry.key.task, place or str(entry.key.ordinal))
            self._found[key].append(Draft(_messages(request["messages"]), tidy(text), str(request["model"]), text))

    def of(self, key: Key) -> list[Draft]:
        """The attempts at a text, in their order; the key's ordinal is the place without the attempt."""
        return self._found.get((key.unit, key.task, str(key.ordinal)), [])

    def __iter__(self) -> Iterator[tuple[Key, list[Draft]]]:
        """All texts with their attempts."""
        for (unit, task, place), drafts in self._found.items():
            yield Key(unit, "", task, place), drafts


def preferences(
    drafts: list[Draft],
    accepted: str,
    /,
    *,
    by: tuple[str, ...],
    template: str,
    about: Problem | None = None,
    **meta: Any,
) -> list[Offer]:
    """What was accepted against each draft that was refused, as pairs after the prompt that both answer."""
    refused = tuple(d.text for d in drafts if d.text and d.text != accepted)
    if not refused:
        return ["no draft was refused, so there is no pair"]
    rows = against_drafts([Written(prompt=drafts[0].messages, drafts=refused, accepted=accepted, **meta)])
    return [Candidate(row, by, (template,), about) for row in rows]


def _messages(stored: list[dict[str, Any]]) -> tuple[Message, ...]:
    return tuple(Message(role=m["role"], content=m["content"]) for m in stored)

"""Rows for a tutor, from the dialogues of a run: the prompt that the tutor's agent renders, and what was said.

Where a model was asked, the prompt is the journal's own, of its first attempt. Where code worded the move, it is
rendered anew from the turns with the same template. Either way it is what the agent asks at run time.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from classwright.agents.tutor import shared_values
from classwright.agents.tutor_free import DONE
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.equations import false_equations
from classwright.classroom.leak import leaks
from classwright.classroom.socratic import next_move
from classwright.classroom.turn import Turn
from classwright.classroom.tutor_checks import affirms_wrong
from classwright.distill.candidates import CODE, Candidate, DataRequest, Drafts, Offer, preferences
from classwright.distill.families import family
from classwright.distill.rows import Message, Row
from classwright.graphs.dialogue_store import plan_of
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.runs.run import Run
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

CONTROLS = ("tell", "next-step")
TEMPLATES = {"socratic": "tutor_socratic", "bridge": "tutor_bridge", "model": "tutor_free"}


def tutor_rows(run: Run, request: DataRequest) -> Iterator[Offer]:
    """One offer a tutor turn, or a dialogue where the form is a chat."""
    for held in talks(run, request):
        if isinstance(held, str):
            yield held
        elif held.d.tutor in CONTROLS:
            yield "a control tutor, which tells"
        elif "solved" in request.filters and held.d.ended != "solved":
            yield "the dialogue was not solved"
        else:
            yield from held.offers()


def talks(run: Run, request: DataRequest) -> Iterator["str | Talk"]:
    """Each dialogue of a run without its observer's turns, or why it cannot be used."""
    plan, drafts = plan_of(run), Drafts(run)
    for _, result in run.results():
        if result["dialogue"] is None:
            yield "the dialogue failed"
            continue
        d = Dialogue.model_validate(result["dialogue"])
        turns = tuple(t for t in d.turns if t.speaker != "observer")
        if d.problem is None:
            yield "the dialogue names no problem"
        else:
            yield Talk(run, request, d, d.problem, turns, plan.tree, plan.request.language, drafts)


def gain(d: Dialogue) -> float | None:
    """A dialogue's score: the share right after it less the share before, -1 to 1; None where no test was taken."""
    return float(np.mean(d.post) - np.mean(d.pre)) if d.pre and d.post else None


class Talk:
    """One dialogue on its way into rows."""

    def __init__(
        self,
        run: Run,
        request: DataRequest,
        d: Dialogue,
        problem: Problem,
        turns: tuple[Turn, ...],
        tree: SkillTree,
        language: str,
        drafts: Drafts,
    ) -> None:
        self.run, self.request, self.d, self.problem, self.turns = run, request, d, problem, turns
        self.tree, self.language, self.drafts = tree, language, drafts
        self.free = (request.decides or "code") == "model"
        self.meta: dict[str, Any] = {
            "skill": d.skill, "family": family(problem), "score": gain(d), "source": run.id,
        }  # fmt: skip

    def offers(self) -> Iterator[Offer]:
        """One offer a turn, or one for the dialogue."""
        mine = [i for i, t in enumerate(self.turns) if t.speaker == "tutor"]
        if self.request.form == "chat":
            yield self._chat(mine)
            return
        for i in mine:
            if why := self.fault(i):
                yield why
            elif self.request.pairs:
                yield from self._pairs(i)
            else:
                yield self._row(i)

    def fault(self, i: int) -> str:
        """Why the words of turn `i` are not to be learned."""
        text, before = self.turns[i].text, self.turns[:i]
        if not text.strip():
            return "no words"
        if "leak-free" in self.request.filters and leaks(text, self.problem, before):
            return "gives the answer away"
        if "verified" in self.request.filters:
            if false_equations(text, questions=False):
                return "a false equation"
            if affirms_wrong(text, self.problem, before):
                return "says that a wrong answer is right"
        return ""

    def teacher(self, i: int) -> tuple[str, ...]:
        """Who wrote the words of turn `i`."""
        if self.turns[i].source == "curated":
            return (CODE,)
        if self.turns[i].source == "human":
            return ("a person",)
        attempts = self._attempts(i)
        return (attempts[-1].model,) if attempts else ("a model unknown",)

    def _attempts(self, i: int) -> list[Any]:
        return self.drafts.of(Key(self.d.id, "tutor", TEMPLATES.get(self.d.tutor, ""), i))

    def _row(self, i: int) -> Offer:
        own = TEMPLATES.get(self.d.tutor, "tutor_free")
        template = "tutor_free" if self.free else own
        attempts = self._attempts(i) if template == own else []
        messages = attempts[0].messages if attempts else self._rendered(template, i)
        if isinstance(messages, str):
            return messages
        text = self.turns[i].text
        if template == "tutor_free" and self._closes(i):
            text = f"{text} {DONE}"
        row = Row(id=f"{self.run.id}/{self.d.id}/{i}", messages=(*messages, Message(role="assistant", content=text)),
                  **self.meta)  # fmt: skip
        return Candidate(row, self.teacher(i), (template,), self.problem)

    def _pairs(self, i: int) -> list[Offer]:
        template = TEMPLATES.get(self.d.tutor, "")
        meta = {"id": f"{self.run.id}/{self.d.id}/{i}", **self.meta}
        attempts = self._attempts(i)
        return preferences(attempts, self.turns[i].text, by=self.teacher(i), template=template,
                          about=self.problem, **meta)  # fmt: skip

    def _chat(self, mine: list[int]) -> Offer:
        """The whole dialogue as one row; turns that are not to be learned stay in it without loss."""
        good = [i for i in mine if not self.fault(i)]
        if not good:
            return self.fault(mine[0]) if mine else "the tutor says nothing"
        system = render("distill_chat", speaker="tutor", problem=shared_values(self.problem, (), "en")["problem"])
        said = chat_messages(system, self.turns[: mine[-1] + 1], "tutor")
        first = len(said) - mine[-1] - 1
        row = Row(id=f"{self.run.id}/{self.d.id}", messages=said, trained=tuple(first + i for i in good), **self.meta)
        teacher = tuple(dict.fromkeys(who for i in good for who in self.teacher(i)))
        return Candidate(row, teacher, ("distill_chat",), self.problem)

    def _rendered(self, template: str, i: int) -> tuple[Message, ...] | str:
        """The prompt of turn `i` as the agent renders it, or why that cannot be done."""
        turn, before = self.turns[i], self.turns[:i]
        values = shared_values(self.problem, before, self.language)
        if template == "tutor_socratic":
            move = next_move(self.problem, self.tree, before, seed=self.d.seed or 0)
            if move.text != (turn.meant or turn.text):
                return "the Socratic policy would now make another move"
            values |= {"move": move.move, "submove": move.submove, "point": move.point, "example": move.text}
        elif template == "tutor_free":
            values |= {"solution": True, "answer": self.problem.answer}
        else:
            return f"no prompt is stored for this turn of the {self.d.tutor} tutor"
        return tuple(Message.model_validate(m) for m in render(template, **values, note="", fault=""))

    def _closes(self, i: int) -> bool:
        """Whether the tutor ended the dialogue with turn `i`."""
        if any(t.speaker == "tutor" for t in self.turns[i + 1 :]) or self.d.ended not in ("solved", "closed"):
            return False
        if self.d.tutor == "socratic":
            return next_move(self.problem, self.tree, self.turns[:i], seed=self.d.seed or 0).closes
        attempts = self._attempts(i)
        return bool(attempts) and DONE in attempts[-1].raw


def chat_messages(system: list[dict[str, str]], turns: tuple[Turn, ...], speaker: str) -> tuple[Message, ...]:
    """A dialogue as a chat: `speaker` is the assistant, the other one the user.

    A chat begins with a user; where the assistant speaks first, the user says that it may begin.
    """
    said = [Message(role="assistant" if t.speaker == speaker else "user", content=t.text or "(says nothing)")
            for t in turns]  # fmt: skip
    lead = [Message(role="user", content="Begin.")] if said and said[0].role == "assistant" else []
    return (*(Message.model_validate(m) for m in system), *lead, *said)

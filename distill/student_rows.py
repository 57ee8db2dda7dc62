"""Rows for a student model that holds the misconceptions it is told to hold, from dialogues with coded students.

The prompts are the ones that play a persona at run time: in the talk (`student_persona`) and in the test before and
after it (`student_exam`). What is learned is what the coded student said, and the answer that its buggy rule gives.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from classwright.agents.pupil import description
from classwright.agents.tutor import shared_values
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.isomorphic import isomorphic
from classwright.classroom.student import KnowledgeStudent, Response
from classwright.classroom.transcript_text import one_line, transcript
from classwright.classroom.turn import Turn
from classwright.distill.candidates import CODE, Candidate, DataRequest, Drafts, Offer, preferences
from classwright.distill.families import family
from classwright.distill.rationales import worked
from classwright.distill.rows import ExamItem, Message, Row
from classwright.distill.tutor_rows import chat_messages
from classwright.graphs.dialogue import TESTS
from classwright.graphs.dialogue_spec import DialogueSpec
from classwright.graphs.dialogue_store import plan_of
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.runs.run import Run
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

TURN, PERSONA, EXAM = "student_turn", "student_persona", "student_exam"


def student_rows(run: Run, request: DataRequest) -> Iterator[Offer]:
    """One offer a student turn (or a dialogue, where the form is a chat), and one an exam answer."""
    plan, drafts = plan_of(run), Drafts(run)
    places = {plan.unit(i): i for i in range(len(plan))}
    for unit, result in run.results():
        if result["dialogue"] is None:
            yield "the dialogue failed"
            continue
        d = Dialogue.model_validate(result["dialogue"])
        if d.student != "knowledge":
            yield "no coded student, so nobody knows what it was to hold"
        elif unit not in places or d.problem is None:
            yield "the dialogue is not in the run's plan"
        elif "solved" in request.filters and d.ended != "solved":
            yield "the dialogue was not solved"
        else:
            talk = _Pupil(run, request, d, plan.spec(places[unit]), plan.tree, drafts)
            yield from talk.said()
            if not request.pairs and (request.decides or "model") == "model":
                yield from talk.tested()


class _Pupil:
    """One coded student in one dialogue, on its way into rows."""

    def __init__(
        self, run: Run, request: DataRequest, d: Dialogue, spec: DialogueSpec, tree: SkillTree, drafts: Drafts
    ) -> None:
        self.run, self.request, self.d, self.spec, self.tree, self.drafts = run, request, d, spec, tree, drafts
        self.problem = spec.problem
        self.turns = tuple(t for t in d.turns if t.speaker != "observer")
        self.who = description(spec.learner, tree)
        # A misconception is held out with all rows of those who have it: their prompts name it.
        self.habits = tuple(("misconception", m) for m in dict.fromkeys((*spec.learner.misconceptions,)))
        self.meta: dict[str, Any] = {"source": run.id, "pattern": spec.misconception or ""}

    def said(self) -> Iterator[Offer]:
        mine = [i for i, t in enumerate(self.turns) if t.speaker == "student"]
        if self.request.form == "chat":
            yield self._chat(mine)
            return
        for i in mine:
            if why := self._fault(self.turns[i]):
                yield why
            elif self.request.pairs:
                yield from self._pairs(i)
            else:
                yield self._turn(i)

    def _fault(self, turn: Turn) -> str:
        if not turn.text.strip():
            return "the student stays silent"
        return "a careless slip, which nobody told it to make" if turn.intent == "careless" else ""

    def _attempts(self, i: int) -> list[Any]:
        return self.drafts.of(Key(self.d.id, "student", TURN, i))

    def _teacher(self, i: int) -> tuple[str, ...]:
        attempts = self._attempts(i)
        return (attempts[-1].model,) if self.turns[i].source == "model" and attempts else (CODE,)

    def _meta(self, i: int) -> dict[str, Any]:
        return {
            "id": f"{self.run.id}/{self.d.id}/{i}",
            "skill": self.d.skill,
            "family": family(self.problem),
            **self.meta,
        }

    def _pairs(self, i: int) -> list[Offer]:
        return preferences(self._attempts(i), self.turns[i].text, by=self._teacher(i), template=TURN,
                           about=self.problem, **self._meta(i))  # fmt: skip

    def _turn(self, i: int) -> Offer:
        attempts, text, meta = self._attempts(i), self.turns[i].text, self._meta(i)
        if (self.request.decides or "model") == "code":
            if not attempts:
                return (
                    "no model was asked for the words; hold the dialogues with --words student, or take --decides model"
                )
            messages, template = attempts[0].messages, TURN
        else:
            values = shared_values(self.problem, self.turns[:i], "en") | self.who | {"wrong": self.spec.wrong_answer}
            messages, template = _read(render(PERSONA, **values)), PERSONA
        row = Row(messages=(*messages, Message(role="assistant", content=text)), task=template, **meta)
        return Candidate(row, self._teacher(i), (template,), self.problem, apart=self.habits)

    def _chat(self, mine: Sequence[int]) -> Offer:
        good = [i for i in mine if not self._fault(self.turns[i])]
        if not good:
            return self._fault(self.turns[mine[0]]) if mine else "the student says nothing"
        system = render("distill_chat", speaker="student", problem=one_line(self.problem.text), **self.who)
        said = chat_messages(system, self.turns[: mine[-1] + 1], "student")
        first = len(said) - mine[-1] - 1
        row = Row(id=f"{self.run.id}/{self.d.id}", messages=said, trained=tuple(first + i for i in good),
                  skill=self.d.skill, family=family(self.problem), **self.meta)  # fmt: skip
        teacher = tuple(dict.fromkeys(who for i in good for who in self._teacher(i)))
        return Candidate(row, teacher, ("distill_chat",), self.problem)

    def tested(self) -> Iterator[Offer]:
        """The answers in the test before and after the talk, as the coded student gives them."""
        spec = self.spec
        wanted = spec.tests if spec.tests is not None else TESTS
        items = isomorphic(self.problem, wanted, spec.seed + 1, spec.misconception)
        held = {*spec.learner.misconceptions, spec.misconception} & self.tree.misconceptions.keys()
        student = KnowledgeStudent(spec.learner.pseudonym, spec.seed, dict(spec.learner.mastery), set(held), self.tree,
                                   spec.learning)  # fmt: skip
        yield from self._test("pre", student, items, (), self.d.pre)
        last = next((t.after for t in reversed(self.turns) if t.after is not None), None)
        if last is None:
            return
        student.held, student.mastery[self.problem.skill] = set(last.misconceptions), last.mastery
        yield from self._test("post", student, items, self.turns, self.d.post)

    def _test(
        self,
        when: str,
        student: KnowledgeStudent,
        items: Sequence[Problem],
        turns: tuple[Turn, ...],
        stored: tuple[bool, ...] | None,
    ) -> Iterator[Offer]:
        answers = [student.answer(p) for p in items]
        if tuple(a.right for a in answers) != (stored or ()):
            yield f"the stored {when}-test is not what the coded student would answer now"
            return
        for n, (p, answer) in enumerate(zip(items, answers, strict=True)):
            if answer.cause == "careless":
                yield "a careless slip, which nobody told it to make"
            else:
                yield self._answered(f"{when}.{n}", p, answer, turns)

    def _answered(self, place: str, p: Problem, answer: Response, turns: tuple[Turn, ...]) -> Candidate:
        talk = transcript(turns) if turns else ""
        asked = _read(render(EXAM, persona=True, **self.who, transcript=talk, question=one_line(p.text)))
        idea = answer.misconception
        how = self.tree.misconception(idea).says if idea else worked(p)
        reply = Message(role="assistant", content=f"{how}\nANSWER: {answer.answer}")
        name = f"{self.run.id}/{self.d.id}/{place}"
        row = Row(id=name, messages=(*asked, reply), skill=p.skill, family=family(p), task=EXAM, **self.meta)
        item = ExamItem(
            id=name, messages=asked, answer=answer.answer, skill=p.skill, kind="misconception" if idea else "knows",
            answer_kind=p.kind, form="" if idea else p.form, choices=p.choices,
        )  # fmt: skip
        return Candidate(row, (CODE,), (EXAM,), p, item, apart=self.habits)


def _read(messages: list[dict[str, str]]) -> tuple[Message, ...]:
    return tuple(Message.model_validate(m) for m in messages)

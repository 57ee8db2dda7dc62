"""Delta pairs of two tutors: a question that leads against a turn that tells, to the same student in the same talk.

They come from one run in which tutors of both kinds met the same cases (`dialogue --tutor socratic,tell`). The prompt
is that of a tutor who decides for itself (`tutor_free`), since one whose moves are coded cannot tell.
"""

from collections.abc import Iterator, Sequence

from classwright.agents.tutor import shared_values
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.transcript_text import one_line
from classwright.classroom.turn import Turn
from classwright.distill.candidates import CODE, Candidate, DataRequest, Offer
from classwright.distill.delta import socratic_against_telling
from classwright.distill.rows import Message
from classwright.distill.tutor_rows import TEMPLATES, talks
from classwright.graphs.dialogue_store import plan_of
from classwright.prompts import render
from classwright.runs.run import Run


def telling_rows(run: Run, request: DataRequest) -> Iterator[Offer]:
    """One offer a pair; turns that fail a filter stand on no side that is preferred."""
    language, template = plan_of(run).request.language, TEMPLATES["model"]
    held: list[Dialogue] = []
    teachers: set[str] = set()
    for talk in talks(run, request):
        if isinstance(talk, str):
            yield talk
            continue
        teachers |= {who for i, t in enumerate(talk.turns) if t.speaker == "tutor" for who in talk.teacher(i)}
        movable = tuple(_movable(t, talk.fault(i)) for i, t in enumerate(talk.turns))
        held.append(talk.d.model_copy(update={"turns": movable}))

    def asked(d: Dialogue, said: Sequence[Turn]) -> tuple[Message, ...]:
        assert d.problem is not None
        if not any(t.speaker == "student" and t.text.strip() for t in said):
            return (Message(role="system", content="nobody has spoken"),)  # answers no words, so makes no pair
        values = shared_values(d.problem, said, language) | {"solution": True, "answer": d.problem.answer}
        return tuple(Message.model_validate(m) for m in render(template, **values, note="", fault=""))

    problems = {(d.skill, one_line(d.problem.text)): d.problem for d in held if d.problem is not None}
    rows = socratic_against_telling(held, prompt_of=asked, source=run.id)
    if not rows:
        yield "no situation in which one tutor led and another told; hold them with --tutor socratic,tell"
    for row in rows:
        said = "\n".join(m.content for m in row.prompt)
        about = next((p for (skill, text), p in problems.items() if skill == row.skill and text in said), None)
        yield Candidate(row, tuple(sorted(teachers)) or (CODE,), (template,), about)


def _movable(turn: Turn, fault: str) -> Turn:
    """The turn, without its move where it leads but must not be learned."""
    return (
        turn.model_copy(update={"move": None}) if turn.speaker == "tutor" and turn.move != "telling" and fault else turn
    )

"""Delta pairs: preference pairs whose two sides need not be good, only different in the right direction.

Geng et al. (2025, "The Delta Learning Hypothesis"): DPO with length-normalized log-probabilities learns from the
difference of two weak replies. Two such differences arise in the house by themselves: words that passed their checks
against an earlier draft that did not, and a tutor's question against one that tells, to the same student.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.turn import Turn
from classwright.distill.rows import Message, PreferenceRow

PromptOf = Callable[[Dialogue, Sequence[Turn]], tuple[Message, ...]]
LEADING, TELLING = ("focus", "probing"), "telling"


class Written(NamedTuple):
    """A text that was accepted, with what came before it.

    Attributes:
        id: Of the slot or section.
        prompt: What was asked for, ending in a user message.
        drafts: Earlier texts, oldest first.
        accepted: The text that passed.
        skill, source, family, score: As in `rows`.
    """

    id: str
    prompt: tuple[Message, ...]
    drafts: tuple[str, ...]
    accepted: str
    skill: str = ""
    source: str = ""
    family: str = ""
    score: float | None = None


def against_drafts(written: Iterable[Written]) -> list[PreferenceRow]:
    """One pair for each earlier draft that differs from the accepted text; a draft that came twice makes one."""
    rows = []
    for w in written:
        older = dict.fromkeys(d.strip() for d in w.drafts)
        for n, draft in enumerate(d for d in older if d and d != w.accepted.strip()):
            rows.append(
                PreferenceRow(
                    id=f"{w.id}/draft{n}",
                    prompt=w.prompt,
                    chosen=w.accepted.strip(),
                    rejected=draft,
                    skill=w.skill,
                    family=w.family or f"{w.skill}/draft",
                    score=w.score,
                    source=w.source,
                )
            )
    return rows


def socratic_against_telling(
    dialogues: Sequence[Dialogue], *, prompt_of: PromptOf | None = None, most: int = 4, source: str = ""
) -> list[PreferenceRow]:
    """Pairs of two tutors' next turns in the very same situation: one leads (focus or probing), one tells.

    The situation is the problem, the student's wrong solution and every word said so far, so the pair differs in the
    tutor's move and in nothing else. Dialogues without a problem make none, nor do turns whose move nobody knows or
    that answer no words of the student (a tutor who opens).

    Args:
        dialogues: Of any number of tutors and runs.
        prompt_of: (dialogue, turns so far) -> what the tutor is asked, for a tutor with a prompt of its own; it must
            tell situations apart. Else the problem as system message and the turns.
        most: Pairs of one situation, in the order of the dialogues.
        source: Id of the run, for the rows.
    """
    situations: dict[tuple[Message, ...], tuple[Dialogue, dict[str, list[str]]]] = {}
    for dialogue in dialogues:
        if dialogue.problem is None:
            continue
        heard = [t for t in dialogue.turns if t.speaker != "observer"]
        for n, turn in enumerate(heard):
            if turn.speaker != "tutor" or not turn.text.strip() or turn.move is None:
                continue
            prompt = (prompt_of or _prompt)(dialogue, heard[:n])
            if prompt[-1].role != "user":
                continue
            said = situations.setdefault(prompt, (dialogue, defaultdict(list)))[1]
            side = "chosen" if turn.move in LEADING else "rejected" if turn.move == TELLING else ""
            if side and turn.text.strip() not in said[side]:
                said[side].append(turn.text.strip())
    rows = []
    for prompt, (dialogue, said) in situations.items():
        both = [(c, r) for c in said["chosen"] for r in said["rejected"] if c != r]
        name = sha256("\x1f".join(m.content for m in prompt).encode()).hexdigest()[:12]
        family = f"{dialogue.skill}/{dialogue.problem.family}" if dialogue.problem else dialogue.skill
        rows += [
            PreferenceRow(
                id=f"socratic/{name}/{n}", prompt=prompt, chosen=chosen, rejected=rejected,
                skill=dialogue.skill, family=family, source=source,
            )
            for n, (chosen, rejected) in enumerate(both[:most])
        ]  # fmt: skip
    return rows


def _prompt(dialogue: Dialogue, said: Sequence[Turn]) -> tuple[Message, ...]:
    """What a tutor has before it: the problem as system message, the wrong solution, the turns so far."""
    assert dialogue.problem is not None
    messages = [Message(role="system", content=f"Problem: {dialogue.problem.text}")]
    if dialogue.wrong_solution:
        messages.append(Message(role="user", content=dialogue.wrong_solution))
    messages += [Message(role="assistant" if t.speaker == "tutor" else "user", content=t.text) for t in said]
    return tuple(messages)

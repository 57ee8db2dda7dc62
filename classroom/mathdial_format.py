"""MathDial's transcripts (Macina et al. 2023): one dialogue a line, turns parted by `|EOM|`, `Teacher: (focus)...`."""

import re
from typing import Any

from classwright.classroom.dialogue import Dialogue, problem_from_text
from classwright.classroom.moves import MOVES
from classwright.classroom.turn import Turn
from classwright.errors import InputError

_TURN = re.compile(r"(?P<label>[^\W\d][\w .'’-]{0,40}?)\s*:(?P<text>.*)", re.DOTALL)
_MOVE = re.compile(r" ?\((?P<move>[a-z]{4,20})\)(?P<text>.*)", re.DOTALL)
_KEYS = ("question", "ground_truth", "conversation")
_OWN = frozenset((*_KEYS, "id", "student_incorrect_solution", "student_profile"))


def from_record(record: dict[str, Any], nth: int) -> Dialogue:
    """A dialogue of MathDial's files.

    Args:
        record: One line.
        nth: How many dialogues with this qid there were before, for an id of its own.

    Raises:
        InputError: a key is missing, there is no answer, or the conversation's markup is unknown.
    """
    for key in _KEYS:
        if not isinstance(record.get(key), str) or not record[key].strip():
            raise InputError(f"{key} is missing or empty")
    *steps, answer = (line.strip() for line in record["ground_truth"].strip().split("\n"))
    if not re.search(r"\d", answer):
        raise InputError(f"the last line of ground_truth, {answer[:40]!r}, is no answer")
    qid = str(record.get("qid", "")).strip()
    name = str(record.get("id") or f"{qid or 'dialogue'}.{nth + 1}")
    return Dialogue(
        id=name,
        problem=problem_from_text(f"mathdial/{qid}", record["question"].strip(), answer, tuple(s for s in steps if s)),
        wrong_solution=str(record.get("student_incorrect_solution") or "").strip(),
        profile=str(record.get("student_profile") or "").strip(),
        tutor="human",
        student="unknown",
        turns=_turns(record["conversation"]),
        origin={key: value for key, value in record.items() if key not in _OWN},
    )


def _turns(conversation: str) -> tuple[Turn, ...]:
    turns = []
    for number, piece in enumerate(conversation.split("|EOM|"), 1):
        match = _TURN.match(piece.lstrip())
        if match is None:
            raise InputError(f"turn {number}, {piece.strip()[:40]!r}, does not begin with its speaker")
        label, text = match["label"].strip(), match["text"]
        if label != "Teacher":
            turns.append(Turn(speaker="student", text=text.strip(), label=label))
            continue
        marked = _MOVE.match(text)
        if marked and marked["move"] not in MOVES:
            raise InputError(f"turn {number} has the unknown move ({marked['move']}); known are {', '.join(MOVES)}")
        move = marked["move"] if marked else None
        text = marked["text"] if marked else text
        turns.append(Turn.model_validate({"speaker": "tutor", "text": text.strip(), "move": move, "source": "human",
                                          "label": label}))  # fmt: skip
    students = sorted({t.label for t in turns if t.speaker == "student"})
    if len(students) > 1:
        raise InputError(f"unknown speakers: {', '.join(students)}; one teacher and one student can talk")
    return tuple(turns)


def to_record(dialogue: Dialogue) -> dict[str, Any]:
    """A dialogue as a line of MathDial's files; what it has no place for (states, decisions, tests) is left out.

    Raises:
        InputError: the dialogue has no problem.
    """
    if dialogue.problem is None:
        raise InputError(f"dialogue {dialogue.id} has no problem; MathDial's format needs one")
    record = {
        "id": dialogue.id,
        "qid": dialogue.problem.id,
        "question": dialogue.problem.text,
        "ground_truth": "\n".join((*dialogue.problem.steps, f" {dialogue.problem.answer}")),
        "student_incorrect_solution": dialogue.wrong_solution,
        "student_profile": dialogue.profile,
        "teacher_described_confusion": dialogue.misconception or "",
    }
    said = [_written(t) for t in dialogue.turns if t.speaker != "observer"]
    return record | dialogue.origin | {"conversation": "|EOM|".join(said)}


def _written(turn: Turn) -> str:
    # nobody's words may end the turn and go on as somebody else
    text = turn.text.replace("|EOM|", "| EOM |")
    if turn.speaker == "student":
        return f"{turn.label or 'Student'}: {text}"
    # two spaces keep words in parentheses at the start from being read as a move
    return f"Teacher: ({turn.move}){text}" if turn.move else f"Teacher:  {text}"

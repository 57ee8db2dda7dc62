"""Chat transcripts: one dialogue a line with `messages` of roles, as fine-tuning and chat services have them."""

from typing import Any, Literal

from classwright.classroom.dialogue import Dialogue, problem_from_text
from classwright.classroom.turn import Turn
from classwright.errors import InputError

_INSTRUCTIONS = ("system", "developer")


def from_record(record: dict[str, Any], number: int) -> Dialogue:
    """A dialogue from `{"messages": [{"role": ..., "content": ...}]}`.

    The assistant is the tutor, the user the student. `question` with `answer` make the problem; a line with neither has
    no score of success. System messages are instructions, not turns.

    Args:
        record: One line.
        number: Its number, for an id where it has none.

    Raises:
        InputError: no messages, an unknown role, content that is no text, or a question without its answer.
    """
    messages = record.get("messages")
    if not isinstance(messages, list) or not messages:
        raise InputError("messages is missing or empty")
    name = str(record.get("id") or f"line-{number}")
    turns = []
    for i, message in enumerate(messages, 1):
        role = message.get("role") if isinstance(message, dict) else None
        if role in _INSTRUCTIONS:
            continue
        if role not in ("user", "assistant"):
            raise InputError(
                f"message {i} has the unknown role {str(role)[:40]!r}; known are user, assistant and system"
            )
        speaker = "tutor" if role == "assistant" else "student"
        turns.append(Turn(speaker=speaker, text=_text(message.get("content"), i)))
    question, answer = (
        str(record.get(key) if record.get(key) is not None else "").strip() for key in ("question", "answer")
    )
    if bool(question) != bool(answer):
        raise InputError("question and answer belong together; the other one is missing")
    return Dialogue(
        id=name,
        problem=problem_from_text(f"chat/{name}", question, answer) if question else None,
        wrong_solution=str(record.get("wrong_solution") or "").strip(),
        tutor=str(record.get("tutor") or ""),
        turns=tuple(turns),
    )


def _text(content: Any, number: int) -> str:
    if isinstance(content, list) and all(isinstance(p, dict) and p.get("type") == "text" for p in content):
        content = "\n".join(str(p.get("text", "")) for p in content)
    if not isinstance(content, str):
        raise InputError(f"message {number} has no text as its content")
    return content.strip()


def to_record(dialogue: Dialogue, assistant: Literal["tutor", "student"] = "tutor") -> dict[str, Any]:
    """A dialogue as a line for fine-tuning: the problem as system message, then the turns; observers are left out.

    Chat templates that want a user's message first need one put before a tutor who opens the dialogue.

    Args:
        dialogue: The dialogue.
        assistant: Whose words are to be learned; the other one is the user.
    """
    record: dict[str, Any] = {"id": dialogue.id, "tutor": dialogue.tutor}
    messages = []
    if dialogue.problem is not None:
        record |= {"question": dialogue.problem.text, "answer": dialogue.problem.answer}
        messages.append({"role": "system", "content": f"Problem: {dialogue.problem.text}"})
    if dialogue.wrong_solution:
        record["wrong_solution"] = dialogue.wrong_solution
    for turn in dialogue.turns:
        if turn.speaker != "observer":
            messages.append({"role": "assistant" if turn.speaker == assistant else "user", "content": turn.text})
    return record | {"messages": messages}

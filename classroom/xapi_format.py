"""Dialogues as xAPI statements (IEEE 9274.1.1), for a learning record store."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.turn import Turn

_VERBS = {
    "tutor": ("http://adlnet.gov/expapi/verbs/interacted", "interacted"),
    "student": ("http://adlnet.gov/expapi/verbs/responded", "responded"),
    "observer": ("http://adlnet.gov/expapi/verbs/commented", "commented"),
}
_ENDS = {"solved": ("http://adlnet.gov/expapi/verbs/passed", "passed")}
_ENDED = ("http://adlnet.gov/expapi/verbs/terminated", "terminated")


def to_statements(dialogue: Dialogue, home: str = "https://classwright.invalid") -> list[dict[str, Any]]:
    """One statement a turn and one for the end of the dialogue.

    Actors are accounts with pseudonyms ("student" or "tutor" of this dialogue), never names or mail addresses. Ids are
    made from the dialogue's, so that sending a file twice stores nothing twice. There are no timestamps: a record store
    sets its own.

    Args:
        dialogue: The dialogue.
        home: The IRL of the system that the accounts belong to.
    """
    activity = f"{home}/dialogues/{_quoted(dialogue.id)}"
    statements = [_turn(dialogue, turn, i, home, activity) for i, turn in enumerate(dialogue.turns)]
    if dialogue.ended is not None:
        verb = _ENDS.get(dialogue.ended, _ENDED)
        result: dict[str, Any] = {"completion": True, "success": dialogue.ended == "solved",
                                  "extensions": {f"{home}/xapi/ended": dialogue.ended}}  # fmt: skip
        if dialogue.post:
            result["score"] = {"scaled": round(sum(dialogue.post) / len(dialogue.post), 6)}
        statements.append(
            {"id": _id(activity, "end"), "actor": _actor("student", dialogue, home), "verb": _verb(verb),
             "object": _activity(dialogue, activity), "result": result}
        )  # fmt: skip
    return statements


def _turn(dialogue: Dialogue, turn: Turn, number: int, home: str, activity: str) -> dict[str, Any]:
    details: dict[str, Any] = {"turn": number, "source": turn.source, "move": turn.move, "submove": turn.submove,
                               "tokens": turn.tokens}  # fmt: skip
    if turn.decision is not None:
        details |= turn.decision.model_dump()
    if turn.after is not None:
        details["mastery"] = turn.after.mastery
    result: dict[str, Any] = {"response": turn.text}
    if turn.latency_s is not None:
        result["duration"] = f"PT{turn.latency_s:.2f}S"
    result["extensions"] = {f"{home}/xapi/{key}": value for key, value in details.items() if value is not None}
    return {
        "id": _id(activity, str(number)),
        "actor": _actor(turn.speaker, dialogue, home),
        "verb": _verb(_VERBS[turn.speaker]),
        "object": _activity(dialogue, activity),
        "result": result,
    }


def _activity(dialogue: Dialogue, activity: str) -> dict[str, Any]:
    text = dialogue.problem.text if dialogue.problem else dialogue.id
    return {
        "objectType": "Activity",
        "id": activity,
        "definition": {
            "type": "http://adlnet.gov/expapi/activities/interaction",
            "name": {"en": dialogue.skill or dialogue.id},
            "description": {"en": text},
        },
    }


def _actor(speaker: str, dialogue: Dialogue, home: str) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": home, "name": f"{dialogue.id}/{speaker}"}}


def _verb(verb: tuple[str, str]) -> dict[str, Any]:
    return {"id": verb[0], "display": {"en": verb[1]}}


def _id(activity: str, part: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{activity}#{part}"))


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")

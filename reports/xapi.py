"""What the simulated students did, as xAPI statements for a learning record store (xAPI 1.0.3, IEEE 9274.1.1).

An actor is an account with the learner's pseudonym; no name is known here. Ids are made from the run, so that the same
run gives the same statements and a store that has them takes them for what they are: repetitions.
"""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from classwright.errors import InputError
from classwright.graphs.lesson_result import LessonResult
from classwright.reports.lesson_document import skill_name

HOME = "https://classwright.invalid"
"""Home of the accounts and ids; .invalid names nothing on the internet (RFC 2606), a school may put its own there."""
VERBS = {verb: f"http://adlnet.gov/expapi/verbs/{verb}" for verb in ("initialized", "completed", "scored")}
_ACTIVITIES = "http://adlnet.gov/expapi/activities/"


def xapi_statements(result: LessonResult, run: str, created: datetime) -> str:
    """A JSON array of statements: each simulated student begins the lesson, takes both tests and completes the lesson.

    The rehearsal keeps the share of right answers of each test, not the single answers; so there is a statement per
    test, with `result.score`, and none per item.

    Args:
        result: A lesson with a rehearsal.
        run: The run's id.
        created: When the run began, with a time zone. The steps of a lesson follow each other as its plan's minutes do.

    Raises:
        InputError: the lesson has no rehearsal.
    """
    if result.rehearsal is None:
        raise InputError("xapi: this lesson was not rehearsed, so no student did anything; export another format")
    lives: Counter[str] = Counter()
    statements: list[dict[str, Any]] = []
    for who, before, after in result.rehearsal.scores:
        lives[who] += 1
        statements += _of_student(result, run, created, who, lives[who], before, after)
    return json.dumps(statements, ensure_ascii=False, indent=1) + "\n"


def _of_student(
    result: LessonResult, run: str, created: datetime, who: str, life: int, before: float, after: float
) -> list[dict[str, Any]]:
    minutes = timedelta(minutes=result.plan.minutes)
    steps = [
        ("initialized", "lesson", created, None, None),
        ("scored", "pre-test", created, before, None),
        ("scored", "post-test", created + minutes, after, None),
        ("completed", "lesson", created + minutes, after, minutes),
    ]
    return [_statement(result, run, who, life, *step) for step in steps]


def _statement(
    result: LessonResult, run: str, who: str, life: int, verb: str, part: str, when: datetime, share: float | None,
    took: timedelta | None,
) -> dict[str, Any]:  # fmt: skip
    plan = result.plan
    lesson = f"{HOME}/lessons/{quote(run)}"
    statement: dict[str, Any] = {
        "id": str(uuid5(NAMESPACE_URL, f"{lesson}/{quote(who)}/{life}/{part}/{verb}")),
        "actor": {"objectType": "Agent", "account": {"homePage": HOME, "name": who}},
        "verb": {"id": VERBS[verb], "display": {"en-US": verb}},
        "object": {
            "objectType": "Activity",
            "id": lesson if part == "lesson" else f"{lesson}/{part}",
            "definition": {
                "name": {plan.language: plan.title if part == "lesson" else f"{plan.title}: {part}"},
                "description": {plan.language: ", ".join(skill_name(s) for s in plan.skills)},
                "type": _ACTIVITIES + ("lesson" if part == "lesson" else "assessment"),
            },
        },
        "context": {
            "registration": str(uuid5(NAMESPACE_URL, f"{lesson}/{quote(who)}/{life}")),
            "platform": "Classwright",
            "language": plan.language,
            "extensions": {f"{HOME}/extensions/simulated": True, f"{HOME}/extensions/repetition": life},
        },
        "timestamp": when.isoformat(timespec="seconds"),
        "version": "1.0.3",
    }
    if part != "lesson":
        statement["context"]["contextActivities"] = {"parent": [{"objectType": "Activity", "id": lesson}]}
    if share is not None:
        statement["result"] = {"score": {"scaled": round(share, 4), "raw": round(100 * share, 2), "min": 0, "max": 100}}
        if took is not None:
            statement["result"] |= {"completion": True, "duration": f"PT{int(took.total_seconds() // 60)}M"}
    return statement

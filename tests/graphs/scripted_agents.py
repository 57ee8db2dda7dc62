"""A scripted model that plays every agent of a lesson: good words by default, anything else on request."""

import re
from typing import Any


def facts(body: dict[str, Any]) -> dict[str, str]:
    """The "Name: value" lines of a prompt."""
    return dict(re.findall(r"^([A-Z][\w' ]*): (.+)$", body["messages"][1]["content"], re.M))


def play(body: dict[str, Any]) -> str | dict[str, Any]:
    """A reply that passes every check, made from the facts in the prompt."""
    user = body["messages"][1]["content"]
    if "Reply as JSON with: line" in user:
        real = "Worked example" in user
        return {"line": 3, "reason": "The line shows it.", "level": 4 if real else 1}
    if "Reply as JSON with: reason" in user:
        return {"reason": "It answers the most frequent mistake.", "edit": 1}
    f = facts(body)
    task, skill = f.get("Task", ""), f.get("Skill", "this")
    match task:
        case "opening":
            where = f.get("Interest", "school")
            return f"Think of a day with {where}. Somebody asks a question there. To answer it we need {skill}. Let us find out."
        case "explanation":
            return (
                f"Today we look at {skill}. We can only count things together when they are the same kind. "
                f"So we make them the same kind first. That is why the way works for {skill}."
            )
        case "worked example":
            steps = re.findall(r"^- (.+)$", user, re.M)
            return (
                "I think aloud. " + " ".join(s.rstrip(".") + "." for s in steps) + f" So the answer is {f['Answer']}."
            )
        case "hint":
            return f"Think about {skill if skill != 'this' else f['Method'].rstrip('.')}. What comes first?"
        case "group activity":
            return f"This group works on {skill}. Use this model: {f['Model to use']} Each one explains one step to a partner."
        case "closing":
            return f"Turn to a partner. Say how {skill} works. Then we share. Listen for this: {f['Method']}"
        case "note for the teacher":
            return f"Watch for the answer {f['Likely wrong answer']} when you walk around in guided practice."
        case "note for the family":
            return f"We are learning {skill} in school. Please try this one together: {f['Problem to try at home']}"
        case "student answer":
            return f"I got {f['My answer']}. {f['How I did it']}"
    raise AssertionError(f"no reply for {task!r}")

"""A scripted model that plays every agent of a lesson: good words by default, anything else on request."""

import re
from typing import Any

from classwright.classroom.equations import false_equations
from tests.graphs.scripted_parts import play_part


def facts(body: dict[str, Any]) -> dict[str, str]:
    """The "Name: value" lines of a prompt."""
    return dict(re.findall(r"^([A-Z][\w' ]*): (.+)$", body["messages"][1]["content"], re.M))


def quality(plan: str) -> float:
    """What a good judge sees in a plan's lines: practice and examples on the topic, nothing false, nothing silly."""
    if "Choose it" in plan or "by heart" in plan or "(There is nothing else" in plan or false_equations(plan):
        return -1.0
    title = set(re.findall(r"[a-z]{5,}", plan.splitlines()[0].split(",")[0].lower()))
    rest = " ".join(line for line in plan.splitlines()[2:] if not line.startswith("Objective")).lower()
    if not plan.count("Worked example:") or not any(rest.count(word) > 1 for word in title):
        return -1.0
    return 10 + plan.count("If a learner") - len(plan) / 1e5


def play(body: dict[str, Any]) -> str | dict[str, Any]:
    """A reply that passes every check, made from the facts in the prompt."""
    if (part := play_part(body)) is not None:
        return part
    user = body["messages"][1]["content"]
    if "Reply as JSON with: quote" in user:
        plan = user.split("The plan:\n", 1)[1].split("\n\nReply as JSON")[0]
        good = quality(plan) > 0
        quote = next(line for line in plan.splitlines() if len(line.split()) > 3)
        return {"quote": " ".join(quote.split()[:6]), "reason": "It shows there.", "level": 4 if good else 1}
    if "Reply as JSON with: reason (one sentence that names the difference)" in user:
        first, second = user.split("Lesson 1:\n", 1)[1].split("\n\nWhich lesson")[0].split("\n\nLesson 2:\n", 1)
        return {"reason": "It is better.", "better": 1 if quality(first) >= quality(second) else 2}
    if "Reply as JSON with: done" in user:
        return {"done": False, "change": 1, "advice": "Make it shorter and more concrete."}
    if "Reply as JSON with: right" in user:
        return {"right": min(8, 2 + user.count("Worked example:")), "suggestion": "Show one more example."}
    if "Reply as JSON with: mistake" in user:
        return {"mistake": "Adds everything that can be seen.", "wrong_answer": "999"}
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

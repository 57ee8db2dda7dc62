"""A scripted model beyond the slots: it proposes parts for fractions, retells word problems, and writes Spanish."""

import re
from fractions import Fraction
from typing import Any
from zlib import crc32

from classwright.classroom.realism import realism
from classwright.skilltree.bank import problem
from tests.agents.scripted_spanish import good

GOAL = "fractions.add_unlike"
IDEAS = {
    "analogy": {"mathematics": "a common denominator for two fractions", "everyday": "paying two prices in one kind of coin",
                "because": "you can count things together only when they have the same size"},
    "activity": {"materials": ["paper strips"], "minutes": 5, "steps": "Partners fold two strips into parts of one size and "
                 "color the parts of both fractions. Then they count the colored parts together and name the common denominator."},
    "representation": {"shown_with": "a number line", "how": "Draw a number line and mark both fractions as jumps with parts of "
                       "the same size. Learners see that the jumps can be counted together."},
    "question": {"question": "Why can you count parts of two fractions together only when they have the same size?"},
}  # fmt: skip


def play_part(body: dict[str, Any]) -> str | dict[str, Any] | None:
    """A reply to what is asked beyond the slots; None for every other prompt."""
    messages = body["messages"]
    system, first, last = messages[0]["content"], messages[1]["content"], messages[-1]["content"]
    if system.startswith("You retell math word problems"):
        return retell(messages)
    if system.startswith("You solve math problems"):
        return f"ANSWER: {sum_of(first)}"
    if system.startswith("You know what children love"):
        return {"things": ["ribbons", "buttons", "threads", "needles"]}
    if system.startswith("You translate teaching material"):
        return good(body)
    if "Task: calculation" in first:
        return {"asked": "how many in all", "calculation": " + ".join(fractions(first.split("Problem: ")[1]))}
    if "Task: word problem" in first:
        return story(first)
    kind = re.search(r"^Task: (.+)$", last, re.M)
    return dict(IDEAS[kind[1]]) if kind and kind[1] in IDEAS else None


def fractions(text: str) -> list[str]:
    """The fractions that a problem states."""
    return re.findall(r"\d+/\d+", text.split("\n")[0])


def sum_of(prompt: str) -> str:
    """The sum of the fractions of the problem in a prompt."""
    [text] = [line for line in prompt.splitlines() if "/" in line and "?" in line] or [""]
    return str(sum(map(Fraction, fractions(text)), Fraction(0)))


def story(prompt: str) -> dict[str, Any]:
    """A word problem of the kind that is asked for, for the numbers that are given if there are any."""
    given = re.search(r"for this calculation: (.+) \(its", prompt)
    [about] = re.findall(r"^Story about: (.+)$", prompt, re.M)
    level = 1 + len(prompt) % 2
    expression = given[1] if given else problem(GOAL, crc32(about.encode()), level).expression
    a, b = expression.split(" + ")[:2]
    text = (
        f"At {about}, Kim uses {a} cup of oats in the morning and {b} cup of oats at night. "
        "How many cups of oats does Kim use in all?"
    )
    return {"text": text, "expression": expression, "work": "add", "answer": str(Fraction(a) + Fraction(b))}


def retell(messages: list[dict[str, str]]) -> str:
    """The problem with its things replaced by some of the interest, as real as they can be."""
    asked = [m["content"] for m in messages if m["role"] == "user" and m["content"].startswith("Interest: ")][-1]
    [text] = re.findall(r"^Problem: (.+)$", asked, re.M)
    new = re.search(r"^Interest: .*\((.+)\)$", asked, re.M)
    old = re.search(r"^Replace by something from .+?: (.+)$", asked, re.M)
    if not new or not old:
        return text
    things = new[1].split(", ")
    for word in old[1].split(", "):
        tried = [re.sub(rf"\b{word}(?:e?(s))?\b", rf"{thing}\1", text) for thing in things]
        text = next((t for t in tried if not realism(t).fault), tried[0])
        things = things[1:] or things
    return text

"""Replies that repeat their instructions."""

import pytest

from classwright.classroom.echo import echo

PROMPT = """The talk so far:
Student: I added the two numbers of the question.

---
You are the tutor. Say the tutor's next turn, in one or two short sentences.
For example: What does the 20 stand for in the story?
Reply with the turn and nothing else."""


@pytest.mark.parametrize(
    "text",
    [
        "Say the tutor's next turn, in one or two short sentences.",
        "OK! I reply with the TURN and nothing else: hello.",
    ],
)
def test_instructions_are_no_reply(text):
    assert echo(text, PROMPT).startswith("repeats the instructions")


@pytest.mark.parametrize(
    "text",
    [
        "What does the 20 stand for in the story?",
        "You added the two numbers of the question. Why?",
        "Say it again.",
        "",
    ],
)
def test_the_example_and_the_talk_may_come_back(text):
    assert echo(text, PROMPT, ["What does the 20 stand for in the story?"]) == ""

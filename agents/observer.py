"""The observer: one model's sentence beside the notes that code takes, kept only if what it quotes was said."""

import re
from collections.abc import Sequence

from classwright.agents.tutor import tidy
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.equations import false_equations
from classwright.classroom.observation_notes import Notes
from classwright.classroom.one_sentence import sentences
from classwright.classroom.talk_lines import TalkLine, find_quote, talk_lines
from classwright.classroom.transcript_text import one_line
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key

ATTEMPTS = 2
MAX_TOKENS = 90
WORDS = (8, 45)
MOST_LINES = 60
"""Lines of a talk that the model reads, its last ones."""
_LINE = re.compile(r"\blines?\s+(\d+)", re.I)
_QUOTE = re.compile(r"[“\"]([^“”\"]+)[”\"]")


async def in_words(dialogue: Dialogue, notes: Notes, chat: Chat, *, unit: str) -> Notes:
    """The notes with a model's sentence, if one passes within two attempts; else as they were.

    Args:
        dialogue: What was observed.
        notes: Code's notes about it.
        chat: Who writes the sentence.
        unit: The dialogue's id.

    Raises:
        UnreachableError and others of `Chat.text`, but for a reply without text, which is a failed attempt.
    """
    lines = talk_lines(dialogue)[-MOST_LINES:]
    values = {
        "problem": one_line(dialogue.problem.text) if dialogue.problem else "(not known)",
        "lines": [f"{x.number} {x.who}: {one_line(x.turn.text) or '(says nothing)'}" for x in lines],
        "facts": [*notes.facts, *notes.missed],
    }
    refused = ""
    for attempt in range(ATTEMPTS):
        key = Key(unit, chat.role, "observer", attempt)
        try:
            reply = await chat.text(
                render("observer", **values, note="", fault=refused), key=key, max_tokens=MAX_TOKENS
            )
        except OutputError as error:
            refused = str(error)
            continue
        text = tidy(reply.text)
        refused = sentence_fault(text, lines)
        if not refused:
            return notes.model_copy(update={"sentence": text})
    return notes


def sentence_fault(text: str, lines: Sequence[TalkLine]) -> str:
    """Why an observer's sentence is not used; "" if it is.

    It must be one sentence that names a line and quotes words which stand in one of the lines it names.
    """
    words = len(text.split())
    if not WORDS[0] <= words <= WORDS[1]:
        return f"{words} words, not {WORDS[0]} to {WORDS[1]}"
    if "\n" in text:
        return "several lines"
    if (n := sentences(_QUOTE.sub("“words”", text))) != 1:
        return f"{n} sentences, not one"
    named = [x for x in lines if str(x.number) in _LINE.findall(text)]
    if not named or len(set(_LINE.findall(text))) != len(named):
        return "it names no line of the talk, or one that is not there"
    quotes = _QUOTE.findall(text)
    if not quotes:
        return "it quotes nothing"
    for quote in quotes:
        if not any(find_quote(quote, x) for x in named):
            return f"“{quote[:60]}” does not stand in the line that it names"
    if wrong := false_equations(_QUOTE.sub("", text), questions=False):
        return f"false equation: {wrong[0]}"
    return ""

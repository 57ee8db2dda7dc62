"""Pairs for the observer: a sentence about one talk that quotes its words, checked as the agent checks a model's."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, cast

from classwright.agents.observer import in_words
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.observation_notes import take_notes
from classwright.classroom.talk_lines import TalkLine, talk_lines
from classwright.corpus.asked import ObserverAsked
from classwright.corpus.pair import Pair
from classwright.corpus.phrases import sentences
from classwright.corpus.rehearsed import Stage
from classwright.corpus.writer import Writer, done
from classwright.models.chat import Chat

TASK = "observer"
MOST = 8
"""Words of a quote at most."""
LATE = 2
"""Tutor turns before the helpful one from which the help came late."""


def observer_pairs(stage: Stage, dialogue: Dialogue, **about: Any) -> Iterator[Pair]:
    """One pair for each thing that can be said of a talk (none to three)."""
    notes = take_notes(dialogue, stage.tree)
    lines = talk_lines(dialogue)
    for act, values in _remarks(dialogue, lines, {e.line for e in notes.effects if e.found}):
        writer = Writer("evaluator")
        writer.hand(stage.phrases[TASK].draw([act], values))
        worded = done(in_words(dialogue, notes, cast(Chat, writer), unit=dialogue.id))
        kept = bool(worded.sentence)
        refused = [] if kept and len(writer.tried) == 1 else ["refused"] * (len(writer.tried) - kept)
        asked = ObserverAsked(dialogue=dialogue)
        yield from stage.kept(TASK, act, writer, kept, refused, asked=asked, **about)


def _remarks(dialogue: Dialogue, lines: Sequence[TalkLine], found: set[int]) -> Iterator[tuple[str, dict[str, str]]]:
    tutor = [x for x in lines if x.turn.speaker == "tutor" and quote(x.turn.text)]
    for x in tutor:
        if x.number in found:
            earlier = sum(y.number < x.number for y in tutor)
            yield ("found_late" if earlier >= LATE else "found"), _line(x)
    for a, b in pairwise(lines):
        if a not in tutor:
            continue
        match b.turn.intent:
            case "insists":
                yield "no_change", _line(a)
            case "confused":
                yield "lost", _line(a) | _said(b)
            case "gives up":
                yield "stopped", _line(a) | _said(b)
        if a.turn.submove == "reveal strategy":
            yield "told", _line(a)
    first = lines[0]
    if not found and first.turn.intent == "answer" and len(tutor) > 1:
        yield "kept", _said(first)
    if tutor and tutor[0].turn.submove == "ask for explanation" and not found:
        yield "opening", _line(tutor[0])


def _line(x: TalkLine) -> dict[str, str]:
    return {"n": str(x.number), "quote": quote(x.turn.text)}


def _said(x: TalkLine) -> dict[str, str]:
    said = quote(x.turn.text)
    return {"s": str(x.number), "said": said} if said else {}


def quote(text: str) -> str:
    """The part of a turn that is worth quoting: its last question, else its last sentence, cut to whole clauses.

    Returns:
        Two to `MOST` words without quotation marks inside; "" where there are none.
    """
    parts = sentences(" ".join(text.split()))
    asked = [p for p in parts if p.endswith("?")]
    clauses = [c.strip() for p in reversed(asked or parts) for c in [p, *re.split(r"(?<=[,:;])\s", p)[::-1]]]
    fitting = (c.rstrip(" .?!,:;") for c in clauses)
    return next((c for c in fitting if 2 < len(c.split()) <= MOST and not re.search(r"[“”\"]", c)), "")

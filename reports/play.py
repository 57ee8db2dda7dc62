"""The page of a talk in which a person took part."""

from collections.abc import Mapping
from typing import Any

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.observation_notes import Notes
from classwright.classroom.talk_lines import talk_lines
from classwright.reports.lesson import environment


def play_html(dialogue: Dialogue, notes: Notes, summary: Mapping[str, Any], misconception: str) -> str:
    """A self-contained page.

    Args:
        dialogue: The talk.
        notes: The observer's.
        summary: The JSON object of the command.
        misconception: Name of what the student held, "" for nothing known.
    """
    page = environment(True).get_template("play.html.j2")
    return page.render(lines=talk_lines(dialogue), d=dialogue, notes=notes, s=summary, misconception=misconception)

"""One text of the corpus under the prompt that an agent would have sent."""

from typing import NamedTuple

from classwright.corpus.asked import Asked


class Pair(NamedTuple):
    """A prompt and the text that answers it.

    Attributes:
        task: The prompt template, as in `prompts/`.
        messages: The prompt, exactly what the agent renders.
        text: What is to be learned; it passes the checks that the agent makes.
        skill: The skill's id.
        pattern: Which sentence pattern or written text it came from; unique within its task.
        misconception: Its id, "" where none is at work.
        interest: What it is set in, "" for nothing.
        asked: What the agent was called with, by which another text for the prompt can be checked.
    """

    task: str
    messages: list[dict[str, str]]
    text: str
    skill: str
    pattern: str
    misconception: str = ""
    interest: str = ""
    asked: Asked | None = None

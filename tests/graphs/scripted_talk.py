"""A scripted model that plays tutors and students in dialogues: it says what the prompt gives as an example."""

import re
from typing import Any


def talk(body: dict[str, Any]) -> str:
    """A turn that passes every check: the example of the prompt in slightly other words."""
    asked = body["messages"][-1]["content"]
    example = re.search(r"^For example: (.+)$", asked, re.M)
    if example:
        return f"Well, {example[1]}"
    turn = asked.count("\nTutor:") + asked.count("\nStudent:")
    if "You are the tutor" in asked:
        return f"What do you think about step {turn} of your own way?"
    return f"I looked at it {turn} times and am not sure about it."

"""Whether a model's words stray from the plain sentence that they are to say in another way."""

import re

LEEWAY = (12, 1.5)
"""Words that are allowed: so many, and so many times those of the plain sentence."""


def off_the_point(text: str, plain: str) -> str:
    """Why words are about something else than a plain sentence, "" if they seem not to be.

    They must share a number with it, or two longer words (one if it has no more).
    """
    said, meant = (set(re.findall(r"\d+|[^\W\d_]{4,}", t.lower())) for t in (text, plain))
    shared = said & meant
    near = any(w.isdecimal() for w in shared) or len(shared) >= min(2, len(meant))
    return "" if near else f"does not say this: {plain[:120]}"


def longer(text: str, plain: str) -> str:
    """Why words are much longer than a plain sentence, as a small model adds what is not so; "" if they are not."""
    words, most = len(text.split()), LEEWAY[0] + round(LEEWAY[1] * len(plain.split()))
    return f"{words} words, more than {most}" if words > most else ""

"""A model that says what we wrote: it stands where an agent asks a model, so prompt and checks are the agent's own."""

from collections.abc import Coroutine, Iterator, Sequence
from typing import Any, TypeVar

from classwright.corpus.dialogue_phrases import Phrase
from classwright.errors import OutputError
from classwright.models.chat import Message
from classwright.models.reply import Reply

T = TypeVar("T")


class Writer:
    """Answers as `Chat.text` does, with phrases that it was handed before.

    Attributes:
        role: The role that it plays.
        asked: The first prompt since the phrases were handed over.
        tried: The phrases said since then.
    """

    def __init__(self, role: str) -> None:
        self.role = role
        self.hand(iter(()))

    def hand(self, phrases: Iterator[Phrase]) -> None:
        """Phrases for the next words, the best first."""
        self._phrases = phrases
        self.asked: list[dict[str, str]] = []
        self.tried: list[Phrase] = []

    @property
    def said(self) -> Phrase:
        """The phrase said last."""
        return self.tried[-1] if self.tried else Phrase("", "")

    async def text(self, messages: Sequence[Message], **_: Any) -> Reply:
        """The next phrase.

        Raises:
            OutputError: no pattern fits.
        """
        self.asked = self.asked or [dict(m) for m in messages]
        phrase = next(self._phrases, None)
        if phrase is None:
            raise OutputError("no pattern fits")
        self.tried.append(phrase)
        return Reply(phrase.text, "", "stop", 0, 0, 0.0, "corpus", False)


def done(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing.

    Raises:
        RuntimeError: it waits.
    """
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    work.close()
    raise RuntimeError("a talk without a model waited for something")

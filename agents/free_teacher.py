"""The teacher on a subject outside the skill tree: outlines a lesson and writes its texts again where they fail."""

from collections.abc import Sequence
from dataclasses import replace

from classwright.agents.words import Embed, Slot, fill
from classwright.classroom.free_plan import Outline, Subject, fallback
from classwright.classroom.plan import Words
from classwright.classroom.slots import SlotRules, check_words
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key

EMPHASES: dict[str, str] = {
    "balanced": "",
    "practice": "many questions that build on each other, from easy to demanding, with little talk",
    "misconceptions": "what learners believe wrongly about the topic, and what shows them that it cannot be so",
    "examples": "concrete examples that learners can see, touch or have met, before any general statement",
}
"""What the model is told for each approach of the timetable."""
BOUNDS: dict[str, tuple[int, int]] = {
    "hook": (12, 90),
    "explanation": (25, 260),
    "activity": (15, 130),
    "closing": (8, 80),
}
"""Least and most words of each text."""
WISHES: dict[str, str] = {
    "hook": "Write 2 or 3 sentences that the teacher says to open the lesson. Make learners curious.",
    "explanation": "Explain the topic to the class in 4 to 8 sentences. Say why, not only what.",
    "activity": "Describe in 3 to 5 sentences what learners do, and with what. Paper, pencil and the board are there.",
    "closing": "Write 2 sentences with which the teacher closes the lesson: learners say what they learned.",
}
READING = 4
"""Grades above the learners' own that a text on a subject with terms may read like (Flesch-Kincaid)."""


async def outline(subject: Subject, approach: str, chat: Chat, *, unit: str, passages: Sequence[str] = ()) -> Outline:
    """An outline with the emphasis of an approach.

    Raises:
        OutputError: No valid outline after a repair.
    """
    messages = render(
        "free_plan", topic=subject.topic, minutes=subject.minutes, audience=subject.audience,
        interest=subject.interest, language=subject.language, emphasis=EMPHASES[approach], passages=list(passages),
    )  # fmt: skip
    return await chat.structured(Outline, messages, key=Key(unit, chat.role, "free_plan", "1"), max_tokens=2500)


async def mend_texts(
    o: Outline, subject: Subject, chat: Chat, embed: Embed, *, unit: str, passages: Sequence[str] = ()
) -> dict[str, Words]:
    """The texts of an outline, each as it is if it passes the checks of a slot, else written again.

    What still does not pass is replaced by plain words, the explanation by the class text itself.

    Raises:
        OutputError: The explanation cannot be used and there is no class text.
    """

    async def one(part: str) -> Words:
        text = " ".join(str(getattr(o, part)).split())
        curated = fallback(part, o) or " ".join(passages[:3])
        slot = part_slot(part, subject, passages, curated or text)
        faults = check_words(text, slot.rules)
        if not faults:
            return Words(text=text, source="model")
        why = "; ".join(faults[:3])
        words = await fill(replace(slot, note=f"an earlier text was not used: {why}"), chat, embed, unit=unit)
        if words.source == "curated" and not curated:
            raise OutputError(f"the {part} cannot be used: {words.refused[-1]}")
        return words.model_copy(update={"refused": (why, *words.refused)})

    parts = list(BOUNDS)
    return dict(zip(parts, await together(*(one(part) for part in parts)), strict=True))


def part_slot(part: str, subject: Subject, passages: Sequence[str], curated: str, note: str = "") -> Slot:
    """One text of a plan as a slot to fill.

    With a class text the numbers of the topic must stand in it; without one code knows none, and takes any.
    """
    english = subject.language == "en"
    reading = float(max(subject.grade, 2) + READING) if english and part != "activity" else None
    rules = SlotRules(
        BOUNDS[part], reading, [*passages, subject.topic], free_numbers=12 if passages else 10**12
    )  # fmt: skip
    values = {
        "part": part, "topic": subject.topic, "grade": subject.grade or "K", "language": subject.language,
        "interest": subject.interest if part == "hook" else None, "passages": list(passages), "wish": WISHES[part],
    }  # fmt: skip
    return Slot("free_part", values, rules, curated, part, note)

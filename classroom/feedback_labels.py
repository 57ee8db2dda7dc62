"""SIGHT's nine labels of student feedback (Wang et al., BEA 2023): what each asks, and how well it was answered there.

The questions are ours. `HUMAN` is Cohen's kappa between two people, `MODEL` that of a model asked with three examples
and their reasoning, as published. No total is worth showing where the model's kappa is under `LEAST_KAPPA`.
"""

from typing import Literal, get_args

Label = Literal[
    "general",
    "confusion",
    "pedagogy",
    "setup",
    "personal_experience",
    "clarification",
    "gratitude",
    "non_english",
    "na",
]
LABELS: tuple[Label, ...] = get_args(Label)
LEAST_KAPPA = 0.6

QUESTION: dict[Label, str] = {
    "general": (
        "Does the comment give a general opinion of the lecture, course or teacher, or of something said "
        "in it, good or bad, without going into how it is taught?"
    ),
    "confusion": (
        "Does the writer ask something or show that something is not understood: a question on the "
        "content, or on the course, or a remark that it is too fast or unclear to them?"
    ),
    "pedagogy": (
        "Does the comment speak of how it is taught: an explanation, an example, the order, the pace, the "
        "style of teaching or a way of presenting?"
    ),
    "setup": (
        "Does the comment speak of the conditions of the recording or the room: sound, picture, camera, "
        "board, chalk, light, subtitles?"
    ),
    "personal_experience": (
        "Does the writer tell something of their own life: their studies, school, job, age, plans or how "
        "they came to watch this?"
    ),
    "clarification": (
        "Does the writer clear something up for others: answer a question, correct a mistake of the "
        "lecture, explain a point?"
    ),
    "gratitude": "Does the writer say thanks, in whatever words?",
    "non_english": "Is the comment, or a good part of it, in another language than English?",
    "na": (
        "Is the comment a joke, a quotation, spam, chatter or anything else that says nothing about the "
        "lecture or the course?"
    ),
}

HUMAN: dict[Label, float] = {
    "general": 0.75, "confusion": 0.91, "pedagogy": 0.79, "setup": 0.95, "personal_experience": 0.74,
    "clarification": 0.83, "gratitude": 0.92, "non_english": 0.94, "na": 0.74,
}  # fmt: skip
MODEL: dict[Label, float] = {
    "general": 0.52, "confusion": 0.76, "pedagogy": 0.57, "setup": 0.85, "personal_experience": 0.37,
    "clarification": 0.32, "gratitude": 0.93, "non_english": 0.50, "na": 0.47,
}  # fmt: skip


def spelled(name: str) -> str:
    """A column's or label's name in one spelling: "Non-English" and "non_english" are the same, "n/a" is "na"."""
    plain = "_".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())
    return {"n_a": "na", "nonenglish": "non_english", "personal": "personal_experience"}.get(plain, plain)

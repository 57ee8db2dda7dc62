"""What a coach rates in a transcript: three dimensions of CLASS (1-7) and four of MQI (1-3), in our own words.

CLASS (Pianta et al. 2008) and MQI (Hill et al. 2008; Learning Mathematics for Teaching Project 2011) are made for
trained observers; the anchors here are short paraphrases of what the dimensions are about, not the instruments. Wang &
Demszky (BEA 2023) found a model's ratings hardly correlated with the experts', so every rating is "uncalibrated".
"""

from typing import Literal, NamedTuple

Instrument = Literal["CLASS", "MQI"]


class Dimension(NamedTuple):
    """One thing to rate.

    Attributes:
        key: Its id.
        name: How it is shown.
        question: What is asked.
        anchors: (levels, what they look like), from low to high.
        top: The highest level; the lowest is 1.
        shown_by: Whose lines are evidence: "tutor", "student", or "" for both.
        reversed: Whether a high level is bad: it is asked as the instrument has it and shown as `top + 1 - level`.
    """

    key: str
    name: str
    instrument: Instrument
    question: str
    anchors: tuple[tuple[str, str], ...]
    top: int
    shown_by: Literal["tutor", "student", ""] = ""
    reversed: bool = False

    def shown(self, level: float) -> float:
        """A level with the good end on top."""
        return self.top + 1 - level if self.reversed else level


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        "climate",
        "Climate",
        "CLASS",
        "How warm and respectful is the talk between teacher and students?",
        (
            ("1-2", "cold, mocking, or the student is ignored as a person"),
            ("3-5", "polite, some warmth, here and there short or flat"),
            ("6-7", "warm throughout: names effort, takes mistakes kindly, listens"),
        ),
        7,
    ),
    Dimension(
        "behavior_management",
        "Behavior management",
        "CLASS",
        "Does the teacher keep the talk on the task, calmly and ahead of trouble?",
        (
            ("1-2", "off the task most of the time, or scolding"),
            ("3-5", "mostly on the task, some time lost"),
            ("6-7", "on the task throughout; what is expected is clear, drifting is led back at once and kindly"),
        ),
        7,
    ),
    Dimension(
        "instructional_dialogue",
        "Instructional dialogue",
        "CLASS",
        "Do teacher and students build on each other's ideas in longer exchanges?",
        (
            ("1-2", "the teacher talks or quizzes; students give single words"),
            ("3-5", "some questions lead to an exchange, few go on"),
            ("6-7", "questions that need thought, students explain at length, answers are taken up"),
        ),
        7,
    ),
    Dimension(
        "explanations",
        "Explanations",
        "MQI",
        "Are there explanations of why a step, rule or answer is right?",
        (
            ("1", "none: only steps and answers"),
            ("2", "a short one, or one with gaps"),
            ("3", "one or more that really give the reason"),
        ),
        3,
        shown_by="tutor",
    ),
    Dimension(
        "remediation",
        "Remediation",
        "MQI",
        "Does the teacher get to the root of students' mistakes and difficulties?",
        (
            ("1", "mistakes are passed over or only corrected"),
            ("2", "a mistake is worked on, but only on the steps"),
            ("3", "the idea behind a mistake is found and worked on"),
        ),
        3,
        shown_by="tutor",
    ),
    Dimension(
        "language_imprecision",
        "Imprecise language",
        "MQI",
        "How much of the teacher's mathematical language or notation is wrong or unclear?",
        (
            ("1", "none to speak of"),
            ("2", "some: a word or sign misused once or twice"),
            ("3", "much: it makes the mathematics unclear"),
        ),
        3,
        shown_by="tutor",
        reversed=True,
    ),
    Dimension(
        "sense_making",
        "Student sense-making",
        "MQI",
        "Do students explain, question or reason about the mathematics themselves?",
        (
            ("1", "they only answer or repeat"),
            ("2", "once or briefly"),
            ("3", "repeatedly, in their own words"),
        ),
        3,
        shown_by="student",
    ),
)
"""Three of CLASS, then four of MQI; imprecise language is reversed."""

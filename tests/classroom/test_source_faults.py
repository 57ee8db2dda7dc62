import pytest

from classwright.classroom.source import Excerpt
from classwright.classroom.source_faults import faults_in, speaks_of_mistakes


def passage(text: str) -> Excerpt:
    return Excerpt("notes.pdf, page 2", (), text)


@pytest.mark.parametrize(
    ("text", "equation"),
    [
        ("The shortcut: 1/2 + 1/3 = 2/5", "1/2 + 1/3 = 2/5"),
        ("3/4 + 1/8. Answer: 4/12", "3/4 + 1/8 = 4/12"),
        ("What is 7 × 8? The answer is 54.", "7 * 8 = 54"),
        ("12 - 5 → 8", "12 - 5 = 8"),
        ("2/3 + 1/4 = 8/12 + 3/12 = 12/12", "8/12 + 3/12 = 12/12"),
    ],
)
def test_what_code_knows_to_be_false_is_reported_with_its_place(text, equation):
    assert faults_in(passage(text)) == [f"notes.pdf, page 2 says {equation}, which is false"]
    assert not speaks_of_mistakes(passage(text))


@pytest.mark.parametrize(
    "text",
    [
        "1/2 + 1/3 = 5/6",
        "3/4 + 1/8\nAnswer: 7/8",
        "Is 3 + 4 = 8?",
        "From 1914-1918. The answer is 4.",
        "Ratio 3:4. Answer: 7",
        "Chapter 2-3",
    ],
)
def test_true_ones_questions_years_and_ratios_are_no_faults(text):
    assert faults_in(passage(text)) == []


def test_a_mistake_shown_as_one_is_no_fault_and_no_fact():
    text = "Some children write 1/4 + 1/4 = 2/8. That is wrong, because two quarters make a half."
    assert faults_in(passage(text)) == []
    assert speaks_of_mistakes(passage(text))

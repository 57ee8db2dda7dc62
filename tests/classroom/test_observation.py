import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.dialogue import Dialogue, problem_from_text
from classwright.classroom.observation import observe
from classwright.classroom.talk_lines import TalkLine, find_quote, quoted_elsewhere, talk_lines
from classwright.classroom.turn import Turn


def talk(*said: str, problem=None, lines=None, labels=()) -> Dialogue:
    """Turns by turns, the tutor first; "S:" before a text makes it the student's."""
    turns = []
    for i, text in enumerate(said):
        label = labels[i] if labels else ""
        turns.append(
            Turn(speaker="student" if text.startswith("S:") else "tutor", text=text.removeprefix("S:"), label=label)
        )
    return Dialogue(id="t", problem=problem, turns=tuple(turns), origin={"lines": lines} if lines else {})


PENS = problem_from_text("p", "Tom has 12 pens and gives away 5. How many are left?", "7")


@pytest.mark.parametrize(
    ("said", "kind", "line", "quote", "then"),
    [
        (["What now?", "S:So 12 - 5 = 8. Done.", "Well done!"], "error confirmed", 2, "12 - 5 = 8", 3),
        (["What now?", "S:12 - 5 = 8", "Next we do the pencils."], "error passed over", 2, "12 - 5 = 8", 3),
        (["What is 1/2 + 1/3?", "S:I got 2/5.", "Okay, next."], "error passed over", 2, "I got 2/5", 3),
        (["What now?", "S:The answer is 17.", "Good job!"], "error confirmed", 2, "The answer is 17", 3),
        (["What now?", "S:12 - 5 = 8", "You need to subtract, that is 7."], "told at once", 2, "12 - 5 = 8", 3),
        (["Go on.", "S:I don't get it.", "Next is number 4."], "confusion passed over", 2, "I don't get it.", 3),
        (["How many? And how many pens? And in all?", "S:7"], "no wait", 1, "How many?", 1),
        (["Why is that so?", "Never mind, it is 7.", "S:ok"], "no wait", 1, "Why is that so?", 2),
    ],
)
def test_moments_that_were_passed_over_are_quoted(said, kind, line, quote, then):
    [moment] = observe(talk(*said, problem=PENS)).moments
    assert (moment.kind, moment.line, moment.quote, moment.then) == (kind, line, quote, then)


@pytest.mark.parametrize(
    "said",
    [
        ["What now?", "S:12 - 5 = 8", "Not quite, check that again."],
        ["What now?", "S:12 - 5 = 8", "How did you get the 8?"],
        ["What now?", "S:12 - 5 = 7", "Well done!"],
        ["What now?", "S:First he has 12.", "Well done!"],
        ["What now?", "S:70/24 = 2.92", "Good."],
        ["So what's 250 - 185?", "S:250 - 185 = 65 books.", "Well done!"],
        ["What is 250 - 185?", "S:65", "Well done!"],
        ["Go on.", "S:I don't get it.", "Look at the picture: how many are in it?"],
        ["Hi, how are you?", "Show me your work.", "S:7"],
    ],
)
def test_what_was_answered_is_no_moment(said):
    assert observe(talk(*said, problem=PENS)).moments == ()


def test_counts_are_exact():
    o = observe(talk("How did you get that? What is 2 + 2?", "S:four I think", "Yes four.", "S:ok"))
    assert (o.turns, o.tutor_turns, o.student_turns) == (4, 2, 2)
    assert (o.questions, o.open_questions) == (2, 1)
    assert o.talk_ratio == pytest.approx(12 / 16)
    assert o.words_per_student_turn == 2
    assert o.strategies["ask_question"] == 1


def test_lines_have_the_numbers_of_the_file_and_students_their_tags():
    lines = talk_lines(talk("a", "S:b", "S:c", lines=[3, 7, 9], labels=["T", "[NAME-1]", "[NAME-2]"]))
    assert [str(x) for x in lines] == ["3 Tutor: a", "7 Student [NAME-1]: b", "9 Student [NAME-2]: c"]


def line(text: str) -> TalkLine:
    return TalkLine(4, "Student", Turn(speaker="student", text=text))


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("the tops and", "the tops and"),
        ("THE  TOPS\nand", "the tops and"),
        ("“I added the tops”", "I added the tops"),
        ("it's done", "it’s done"),
        ("tops", None),
        ("I added ... bottoms", None),
        ("the bottoms and the tops", None),
        ("", None),
    ],
)
def test_a_quote_gives_the_words_of_the_line(quote, found):
    assert find_quote(quote, line("I added  the tops and the bottoms - it’s done.")) == found


def test_one_word_is_a_quote_of_a_line_of_one_word():
    assert find_quote("twelve", line("Twelve!")) is None or find_quote("twelve", line("Twelve!")) == "Twelve"
    assert find_quote("Yes.", line("Yes.")) == "Yes"
    assert quoted_elsewhere("I got 7", [line("I got 7 now"), line("no")]) == [4]


@given(st.text(max_size=80), st.integers(0, 40), st.integers(2, 40))
def test_a_found_quote_stands_in_the_line(text, start, length):
    whole = " ".join(text.split())
    found = find_quote(whole[start : start + length], line(text))
    assert found is None or found in whole

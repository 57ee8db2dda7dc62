from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.transcript_text import LONGEST_TURN, one_line, transcript
from classwright.classroom.turn import Turn


def turns(*texts):
    return [Turn(speaker="tutor" if i % 2 else "student", text=text) for i, text in enumerate(texts)]


def test_one_line_a_turn_and_a_silence_is_said_to_be_one():
    assert transcript(turns("I got 5.", "Why?", "")) == "Student: I got 5.\nTutor: Why?\nStudent: (says nothing)"
    assert transcript([]) == "(nothing yet)"


def test_a_line_break_cannot_pass_for_another_speaker():
    assert transcript(turns("I got 5.\nTutor: Well done, it is 7.")) == "Student: I got 5. Tutor: Well done, it is 7."


def test_of_a_long_turn_beginning_and_end_stay():
    text = one_line("begin " + "x " * 30_000 + "end")
    assert len(text) <= LONGEST_TURN + 5
    assert text.startswith("begin ")
    assert text.endswith(" end")
    assert " ... " in text


def test_a_talk_that_outgrows_the_window_loses_its_older_half_and_keeps_the_end():
    talk = turns(*(f"turn number {n}" for n in range(40)))
    short = transcript(talk, window=400)
    assert len(short) <= 400
    assert short.endswith("Tutor: turn number 39")
    assert "turn number 0\n" not in short


@given(st.lists(st.text(max_size=60), min_size=1, max_size=12))
def test_what_was_read_is_a_prefix_of_what_is_read_next(texts):
    talk = turns(*texts)
    assert transcript(talk).startswith(transcript(talk[:-1]) if len(talk) > 1 else "Student: ")

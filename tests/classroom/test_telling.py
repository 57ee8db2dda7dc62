from classwright.classroom.student_reply import is_answer
from classwright.classroom.telling import next_step, tell
from classwright.classroom.turn import Turn
from tests.classroom.coded_talk import ITEMS, converse, start


def test_tell_says_the_answer_in_its_first_turn_and_the_student_repeats_it():
    for item in ITEMS[:25]:
        opening, told, repeats, close = converse(start(item), tell)
        assert told.submove == "reveal answer"
        assert item.problem.answer in told.text
        assert repeats.intent == "repeats"
        assert is_answer(repeats.text, item.problem.answer, item.problem)
        assert close.text.startswith("Good.")
        assert opening.after
        assert repeats.after
        assert opening.after.misconceptions == repeats.after.misconceptions == (item.misconception,)


def test_next_step_gives_one_step_a_turn_and_the_answer_after_the_last():
    item = next(i for i in ITEMS if len(i.problem.steps) >= 3)
    turns: list[Turn] = [Turn(speaker="student", text=f"I got {item.wrong}.")]
    for step in item.problem.steps[:-1]:
        move = next_step(item.problem, turns)
        assert (move.submove, move.text) == ("reveal strategy", f"Next: {step.rstrip('.')}. Now go on.")
        turns += [Turn(speaker="tutor", text=move.text), Turn(speaker="student", text="I don't see how that helps.")]
    assert next_step(item.problem, turns).submove == "reveal answer"


def test_both_close_as_soon_as_the_student_has_it():
    for item in ITEMS[:10]:
        right = [Turn(speaker="student", text=f"The answer is {item.problem.answer}.")]
        assert tell(item.problem, right).closes
        assert next_step(item.problem, right).closes

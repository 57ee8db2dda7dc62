from classwright.classroom.dialogue import Dialogue
from classwright.classroom.socratic import next_move
from classwright.classroom.turn import Turn
from classwright.classroom.worded import recheck
from tests.classroom.coded_talk import ITEMS, TREE, converse, start

ITEM = ITEMS[2]


def talk(item=ITEM):
    turns = converse(start(item, 3), lambda p, said: next_move(p, TREE, said, seed=3), 6, 3)
    return Dialogue(id="d", problem=item.problem, turns=tuple(turns))


def test_every_turn_of_a_plain_talk_is_what_code_decided():
    for item in ITEMS[:25]:
        dialogue = talk(item)
        found = recheck(dialogue, start(item, 3))
        assert found.unlike == ()
        assert found.turns == len(dialogue.said_by("student"))
        assert found.stated >= 1
        assert found.worded == 0


def changed(**more) -> Dialogue:
    dialogue = talk()
    turns = list(dialogue.turns)
    turns[0] = turns[0].model_copy(update=more)
    return dialogue.model_copy(update={"turns": tuple(turns)})


def test_another_answer_another_intent_and_an_answer_too_early_are_found():
    assert recheck(changed(text="I got 4242."), start(ITEM, 3)).unlike == (f"turn 1: does not state {ITEM.wrong}",)
    assert recheck(changed(intent="asks"), start(ITEM, 3)).unlike == ("turn 1: intent asks, not answer",)
    right = recheck(changed(text=f"I got {ITEM.problem.answer}."), start(ITEM, 3))
    assert right.unlike == (f"turn 1: does not state {ITEM.wrong}",)


def test_a_students_silence_that_states_an_answer_is_found():
    quiet = next(
        (item, d, i)
        for item in ITEMS
        for d in [talk(item)]
        for i, t in enumerate(d.turns)
        if t.intent in ("confused", "asks", "quiet")
    )
    item, dialogue, i = quiet
    turns = list(dialogue.turns)
    for text, why in ((f"It is {item.problem.answer}.", "the right answer"), ("It is 4242.", "states an answer")):
        turns[i] = Turn(speaker="student", text=text, intent=turns[i].intent)
        found = recheck(dialogue.model_copy(update={"turns": tuple(turns[: i + 1])}), start(item, 3))
        assert len(found.unlike) == 1
        assert why in found.unlike[0]

import pytest

from classwright.classroom.bridge import Decision, entropy, normalized, read_decision, score_decisions
from classwright.classroom.dialogue import Dialogue, problem_from_text
from classwright.classroom.dialogue_metrics import leaking_turns, measure, uptakes
from classwright.classroom.flips import Flip, selective_flip
from classwright.classroom.moves import MOVES, Move, agreement, classify, classify_submove
from classwright.classroom.turn import StudentState, Turn
from classwright.errors import InputError


def dialogue(*said: tuple[str, str], **more) -> Dialogue:
    turns = tuple(Turn.model_validate({"speaker": s, "text": t}) for s, t in said)
    problem = problem_from_text("p", "Tom has 12 pens and gives away 5. How many pens are left?", "7")
    return Dialogue(**({"id": "d", "problem": problem, "turns": turns} | more))


def test_measures_of_a_small_dialogue():
    d = dialogue(
        ("tutor", "one two three"), ("student", ""), ("tutor", "It is 7."), ("student", "a b c"), ended="closed"
    )
    m = measure([d])
    assert (m.turns, m.tutor_turns, m.student_turns) == (4, 2, 2)
    assert m.talk_ratio == pytest.approx(6 / 9)
    assert m.silent == 0.5
    assert (m.leak_rate, m.leaking) == (0.5, 1)
    assert leaking_turns(d) == [(2, "states the answer 7")]
    assert m.endings == {"closed": 1}
    assert m.gain is None
    assert m.tokens is None


def test_uptake_needs_what_the_student_brought():
    d = dialogue(
        ("student", "I added and got 17"), ("tutor", "How did you get 17?"),
        ("student", "I counted on my fingers"), ("tutor", "Read the problem again."),
        ("student", "12 pens"), ("tutor", "Yes, 12 pens."),
    )  # fmt: skip
    assert uptakes(d) == [True, False]  # the last student turn brings nothing that the question does not have


def test_gain_is_taken_over_dialogues_with_both_tests():
    tested = dialogue(("tutor", "a"), ("student", "b"), pre=(False, True), post=(True, True))
    found = measure([tested, dialogue(("tutor", "a"), ("student", "b"))]).gain
    assert found is not None
    assert (found.n, found.mean) == (1, 1.0)


def test_labels_are_used_where_there_are_some():
    turns = (Turn(speaker="tutor", text="Why?", move="focus"), Turn(speaker="student", text="x"))
    m = measure([Dialogue(id="d", turns=turns)])
    assert m.moves["focus"] == 1
    assert m.labeled == 1
    assert m.agreement is not None
    assert m.leak_rate is None


def test_entropy_in_bits():
    assert entropy(["a", "b", "c", "d"]) == 2
    assert entropy(["a", "a"]) == 0
    assert entropy([]) == 0


@pytest.mark.parametrize(
    ("text", "opening", "move"),
    [
        ("Hi, could you please walk me through your solution?", True, "generic"),
        ("Well done!", False, "generic"),
        ("Why did you add 5 here?", False, "probing"),
        ("What if there were 100 pens?", False, "probing"),
        ("The answer is 7.", False, "telling"),
        ("You need to subtract the 5.", False, "telling"),
        ("Read the question again.", False, "focus"),
        ("So how many pens does he have now?", False, "focus"),
    ],
)
def test_moves_of_plain_cases(text, opening, move):
    assert classify(text, opening=opening) == move
    assert classify_submove(text, opening=opening) in MOVES[move]


def test_kappa_of_a_known_table():
    focus: list[Move] = ["focus"]
    telling: list[Move] = ["telling"]
    labeled = focus * 25 + telling * 25
    classified = focus * 20 + telling * 5 + focus * 10 + telling * 15
    found = agreement(labeled, classified)
    assert found is not None
    assert found.accuracy == 0.7
    assert found.kappa == pytest.approx(0.4)
    assert found.confusion["focus"]["telling"] == 5
    assert agreement([], []) is None


def test_a_turn_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="no kind of the move"):
        Turn(speaker="tutor", text="x", move="focus", submove="reveal answer")
    with pytest.raises(ValueError, match="only a tutor"):
        Turn(speaker="student", text="x", move="focus")
    with pytest.raises(ValueError):
        StudentState(mastery=1.2)


GUESS = Decision(error="guess", strategy="ask_question", intention="understand_topic")
CARELESS = Decision(error="careless", strategy="provide_hint", intention="hint_mistake")


def test_decisions_against_labels():
    scores = score_decisions([GUESS] * 4, [GUESS, GUESS, GUESS, CARELESS])
    error = scores["error"]
    assert (error.accuracy, error.majority, error.entropy) == (0.75, 0.75, 0)
    assert error.macro_f1 == pytest.approx((2 * 3 / 7 + 0) / 2)
    assert error.expert_entropy == pytest.approx(0.811278, abs=1e-6)


def test_the_majority_baseline_comes_from_other_labels_if_given():
    scores = score_decisions([GUESS, GUESS], [GUESS, CARELESS], baseline=[CARELESS])
    assert scores["strategy"].majority == 0.5


def test_bridge_labels_in_free_text_are_other():
    row = {"e": "Right-Idea", "z_what": "Provided a visual aid", "z_why": "End session\n"}
    assert read_decision(row) == Decision(error="right-idea", strategy="other", intention="other")
    assert normalized("ask question", "strategy") == "ask_question"
    with pytest.raises(InputError, match="z_why is missing"):
        read_decision({"e": "guess", "z_what": "other"})


def flips(targeted: list, misaligned: list, generic: list) -> list[Flip]:
    rows = {"targeted": targeted, "misaligned": misaligned, "generic": generic}
    return [
        Flip.model_validate({"item": str(i), "feedback": f, "flipped": v})
        for f, row in rows.items()
        for i, v in enumerate(row)
    ]


def test_the_selective_flip_score_takes_the_harder_control():
    found = selective_flip(flips([True] * 10, [True] * 4 + [False] * 6, [True] * 1 + [False] * 9), seed=1)
    assert found is not None
    assert (found.over_misaligned, found.over_generic, found.score) == pytest.approx((0.6, 0.9, 0.6))
    assert found.low <= found.score <= found.high
    assert found.items == 10


def test_a_student_who_always_solves_the_problem_scores_zero():
    found = selective_flip(flips([True] * 5, [True] * 5, [True] * 5), seed=1)
    assert found is not None
    assert found.score == found.low == found.high == 0


def test_ungraded_answers_and_incomplete_items_count_in_no_rate():
    rows = flips([True, None], [False, False], [False, False])
    found = selective_flip(rows, seed=1)
    assert found is not None
    assert (found.items, found.ungraded, found.score) == (1, 1, 1)
    assert selective_flip(rows[:1], seed=1) is None

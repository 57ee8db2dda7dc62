"""success@k and telling@k, on dialogues small enough to count by hand."""

from classwright.classroom.dialogue import Dialogue, problem_from_text
from classwright.classroom.success import answer_was_given, mentions_gold, reached, score_success
from classwright.classroom.turn import Turn

QUESTION = "Tom has 12 pens and gives away 5. How many pens are left?"


def dialogue(
    *turns: str, answer: str = "7", wrong: str = "12 + 5 = 17", question: str = QUESTION, id: str = "d"
) -> Dialogue:
    made = [
        Turn(
            speaker="tutor" if label == "T" else "student",
            text=text.strip(),
            label={"T": "Teacher", "S": "Student"}.get(label, label),
        )
        for label, text in (t.split(":", 1) for t in turns)
    ]
    return Dialogue(id=id, problem=problem_from_text("p", question, answer), wrong_solution=wrong, turns=tuple(made))


def test_the_published_rule_finds_a_number_with_commas_and_decimals_but_not_inside_another():
    assert mentions_gold("It costs $2,520,000 now", "2,520,000")
    assert mentions_gold("that is 7.0", "7")
    assert not mentions_gold("17 or 71", "7")
    assert mentions_gold("-7", "7")  # unsigned, as published


def test_indices_count_each_speakers_own_turns_from_zero():
    d = dialogue("T:hi", "S:17", "T:is 5 more?", "S:no, 12 - 5 = 7")
    assert reached(d, "mathdial")[:2] == (1, None)


def test_success_and_telling_at_k():
    late_tell = dialogue("T:hi", "S:17", "T:it is 7", "S:oh, 7", id="a")  # s = 1, t = 1
    self_found = dialogue("T:hi", "S:7", "T:yes, 7", id="b")  # s = 0, t = 1
    never = dialogue("T:it is 7", "S:ok", id="c")  # s = none, t = 0
    table = {
        row.k: (row.success.share, row.telling.share)
        for row in score_success([late_tell, self_found, never], "mathdial", ks=(0, 1)).at
    }
    assert table[0] == (1 / 3, 1 / 3)
    assert table[1] == (2 / 3, 2 / 3)


def test_a_persona_name_is_not_heard_by_the_published_metric_but_by_the_strict_one():
    d = dialogue("T:hi", "Mariana:it is 7")
    assert reached(d, "mathdial").student is None
    assert reached(d, "strict").student == 0
    assert score_success([d], "mathdial").unheard == 1


def test_strict_ignores_a_number_that_was_given_unless_it_is_the_answer():
    given = dialogue("T:hi", "S:There are 5 to begin with", "T:and then?", "S:The answer is 5.", answer="5", wrong="")
    assert answer_was_given(given)
    assert reached(given, "mathdial").student == 0
    assert reached(given, "strict").student == 1


def test_strict_success_counts_only_before_any_telling():
    told = dialogue("T:hi", "S:17", "T:No, it is 7.", "S:ok, 7")
    row = score_success([told], "strict", ks=(3,)).at[0]
    assert (row.success.share, row.telling.share) == (0, 1)
    found = dialogue("T:hi", "S:I have 7", "T:Yes, 7.")
    row = score_success([found], "strict", ks=(3,)).at[0]
    assert (row.success.share, row.telling.share) == (1, 0)


def test_intervals_hold_the_share_and_depend_on_the_seed_only():
    many = [dialogue("T:hi", f"S:{7 if i % 3 else 17}", id=str(i)) for i in range(30)]
    a, b = (score_success(many, "mathdial", seed=4).at[0].success for _ in range(2))
    assert a == b
    assert a.low < a.share == 2 / 3 < a.high


def test_a_dialogue_without_a_problem_is_left_out():
    bare = Dialogue(id="x", turns=(Turn(speaker="tutor", text="hi"), Turn(speaker="student", text="7")))
    assert score_success([bare], "strict").dialogues == 0
    assert score_success([bare], "strict").at == []

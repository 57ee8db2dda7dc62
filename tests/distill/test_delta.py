"""Pairs whose sides differ in the right direction."""

from classwright.classroom.dialogue import Dialogue, problem_from_text
from classwright.classroom.turn import Turn
from classwright.distill.delta import Written, against_drafts, socratic_against_telling
from classwright.distill.rows import Message, PreferenceRow, read_rows, write_rows
from classwright.skilltree.problem import Problem

PROBLEM = problem_from_text("p", "What is 2 + 3?", "5")
ASK = (Message(role="user", content="Write an opening."),)


def talk(name: str, *turns: Turn, problem: Problem | None = PROBLEM, wrong="I got 6.") -> Dialogue:
    return Dialogue(id=name, problem=problem, skill="add", wrong_solution=wrong, tutor=name, turns=turns)


def tutor(text: str, move) -> Turn:
    return Turn(speaker="tutor", text=text, move=move)


def student(text: str) -> Turn:
    return Turn(speaker="student", text=text)


def test_each_earlier_draft_that_differs_makes_a_pair():
    rows = against_drafts([Written("s1", ASK, ("bad", "worse ", "bad", "good", ""), "good", "add", "run")])
    assert [(r.id, r.chosen, r.rejected) for r in rows] == [
        ("s1/draft0", "good", "bad"),
        ("s1/draft1", "good", "worse"),
    ]
    assert rows[0].prompt == ASK
    assert (rows[0].skill, rows[0].source) == ("add", "run")
    assert against_drafts([Written("s2", ASK, (), "good")]) == []


def test_a_question_stands_against_telling_in_the_same_situation_only():
    same = [
        talk("socratic", tutor("How did you start?", "probing"), student("I added."), tutor("Look at 2.", "focus")),
        talk("teller", tutor("It is 5.", "telling")),
        talk("elsewhere", tutor("It is 5!", "telling"), wrong="I got 7."),
    ]
    rows = socratic_against_telling(same, source="run")
    assert [(r.chosen, r.rejected) for r in rows] == [("How did you start?", "It is 5.")]
    assert [m.model_dump() for m in rows[0].prompt] == [
        {"role": "system", "content": "Problem: What is 2 + 3?"},
        {"role": "user", "content": "I got 6."},
    ]
    assert (rows[0].skill, rows[0].family, rows[0].source) == ("add", "add/file", "run")


def test_later_turns_pair_where_every_word_before_is_the_same():
    begin = (tutor("How?", "probing"), student("I added."))
    rows = socratic_against_telling(
        [talk("a", *begin, tutor("Which ones?", "focus")), talk("b", *begin, tutor("2 and 3 make 5.", "telling"))]
    )
    assert [r.chosen for r in rows] == ["Which ones?"]
    assert [m.role for m in rows[0].prompt] == ["system", "user", "assistant", "user"]


def test_what_makes_no_pair():
    assert socratic_against_telling([talk("a", tutor("How?", "probing")), talk("b", tutor("Hello!", "generic"))]) == []
    assert socratic_against_telling([talk("a", tutor("How?", "probing")), talk("b", tutor("5", None))]) == []
    opening = [talk(n, tutor(n, m), wrong="") for n, m in (("a", "probing"), ("b", "telling"))]
    assert socratic_against_telling(opening) == []  # no words of a student to answer
    unknown = [talk(n, tutor(n, m), problem=None) for n, m in (("a", "probing"), ("b", "telling"))]
    assert socratic_against_telling(unknown) == []


def test_pairs_are_capped_and_can_have_the_tutors_own_prompt(tmp_path):
    dialogues = [talk(f"a{n}", tutor(f"How {n}?", "probing")) for n in range(5)]
    dialogues.append(talk("t", tutor("It is 5.", "telling")))
    rows = socratic_against_telling(
        dialogues, most=3, prompt_of=lambda d, said: (*ASK, Message(role="user", content="?"))
    )
    assert [r.chosen for r in rows] == ["How 0?", "How 1?", "How 2?"]
    assert rows[0].prompt[0] == ASK[0]
    stored: list[PreferenceRow] = list(rows)
    assert read_rows(write_rows(tmp_path / "train.jsonl", stored)) == rows

"""Rows and their files: what they refuse, and that what is written is what is read."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from classwright.distill.rows import (
    Card,
    ExamItem,
    Message,
    PreferenceRow,
    Row,
    read_card,
    read_exam,
    read_rows,
    write_card,
    write_exam,
    write_rows,
)
from classwright.errors import InputError

USER, ASSISTANT = Message(role="user", content="2 + 3?"), Message(role="assistant", content="5")
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


def chat(*roles: str) -> list[dict[str, str]]:
    return [{"role": role, "content": f"{n}"} for n, role in enumerate(roles)]


def line(**more) -> str:
    return json.dumps({"id": "a", "messages": chat("user", "assistant")} | more)


def refused(path: Path, text: str, read=read_rows) -> str:
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read(path)
    assert str(error.value).startswith(str(path))
    return str(error.value)


def test_all_assistant_messages_are_trained_unless_said():
    row = Row.model_validate({"id": "a", "messages": chat("system", "user", "assistant", "user", "assistant")})
    assert (row.trained, row.weight, row.score) == ((2, 4), 1.0, None)
    assert Row(id="a", messages=row.messages, trained=(4,)).trained == (4,)
    assert Row(id="a", messages=(USER, ASSISTANT)).trained == (1,)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"messages": chat("user", "user")}, "no assistant message is trained"),
        ({"messages": chat("user", "assistant"), "trained": []}, "teaches nothing"),
        ({"messages": chat("user", "assistant"), "trained": [0]}, "message 0, which is not an assistant"),
        ({"messages": chat("user", "assistant"), "trained": [7]}, "message 7"),
        ({"messages": chat("user", "assistant"), "weight": -1}, "greater than or equal to 0"),
        ({"messages": chat("user", "assistant"), "score": float("nan")}, "finite"),
    ],
)
def test_a_row_that_cannot_teach_is_refused(fields, why):
    with pytest.raises(ValidationError, match=why):
        Row.model_validate({"id": "a"} | fields)


def test_a_pair_has_two_texts_after_a_users_message():
    with pytest.raises(ValidationError, match="same text"):
        PreferenceRow(id="a", prompt=(USER,), chosen="x", rejected="x")
    with pytest.raises(ValidationError, match="ends in an assistant message"):
        PreferenceRow(id="a", prompt=(USER, ASSISTANT), chosen="x", rejected="y")


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5), st.floats(0, 10))
def test_what_is_written_is_what_is_read(tmp_path_factory, said, weight):
    path = tmp_path_factory.mktemp("rows") / "train.jsonl"
    rows = [
        Row(id=str(n), messages=(Message(role="user", content=a), Message(role="assistant", content=b)), weight=weight)
        for n, (a, b) in enumerate(said)
    ]
    assert read_rows(write_rows(path, rows)) == rows
    pairs = [PreferenceRow(id=str(n), prompt=(USER,), chosen=a, rejected=a + b) for n, (a, b) in enumerate(said)]
    assert read_rows(write_rows(path, pairs)) == pairs


def test_a_fault_names_file_and_line(tmp_path):
    path = tmp_path / "train.jsonl"
    assert "line 2: not JSON" in refused(path, line() + "\n{oops\n")
    assert "line 3: not a JSON object" in refused(path, line() + "\n\n[1]\n")
    assert "line 1: unknown key wieght; did you mean weight?" in refused(path, line(wieght=2))
    assert "line 2: the id a is already in line 1" in refused(path, f"{line()}\n{line()}")
    assert "line 1: messages[0].role: should be 'system', 'user' or 'assistant'" in refused(
        path, line(messages=[{"role": "tutor", "content": ""}, {"role": "assistant", "content": "x"}])
    )
    assert "holds no rows" in refused(path, "\n")
    pair = json.dumps({"id": "b", "prompt": chat("user"), "chosen": "x", "rejected": "y"})
    assert "row 2 is a PreferenceRow, row 1 is a Row" in refused(path, f"{line()}\n{pair}")
    with pytest.raises(InputError, match=r"gone\.jsonl: cannot be read .*distill data"):
        read_rows(tmp_path / "gone.jsonl")


@pytest.mark.parametrize("name", ["x\u2028y", "a\nb"])
def test_line_breaks_in_a_text_are_no_lines_of_the_file(tmp_path, name):
    row = Row(id="a", messages=(Message(role="user", content=name), ASSISTANT))
    assert read_rows(write_rows(tmp_path / "t.jsonl", [row])) == [row]


def test_an_exam_item_is_graded_by_its_final_answer(tmp_path):
    item = ExamItem(id="a", messages=(USER,), answer="5")
    assert [item.result(t) for t in ("2 + 3 = 6\nANSWER: 5", "ANSWER: 6", "I like cats")] == [
        "right", "wrong", "ungradable",
    ]  # fmt: skip
    assert ExamItem(id="b", messages=(USER,), answer="5/6").result("ANSWER: 10/12") == "right"
    assert read_exam(write_exam(tmp_path / "exam.jsonl", [item])) == [item]


def test_a_card_is_read_back_and_a_directory_without_one_says_what_makes_it(tmp_path):
    card = Card(kind="sft", task="tutor", teacher="code", counts={"split": {"train": 3}}, dropped={"a leak": 2})
    write_card(tmp_path, card)
    assert read_card(tmp_path) == card
    (tmp_path / "card.json").write_text('{"kind": "sft"}')
    with pytest.raises(InputError, match="not a dataset card: task"):
        read_card(tmp_path)
    with pytest.raises(InputError, match="distill data"):
        read_card(tmp_path / "elsewhere")

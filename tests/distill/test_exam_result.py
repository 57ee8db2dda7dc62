"""Reading what a model answered."""

import json

import pytest

from classwright.distill.exam_result import Answered, composed_results, judged, read_answers
from classwright.errors import InputError


def test_a_list_or_an_object_with_rows_is_read_and_more_fields_are_passed_over(tmp_path):
    rows = [
        {"id": "a", "skill": "s", "kind": "longer", "right": True, "reply": "ANSWER: 5"},
        {"id": "b", "right": None},
    ]
    for value in (rows, {"rows": rows, "accuracy": 1.0}):
        path = tmp_path / "exam.after.json"
        path.write_text(json.dumps(value))
        assert read_answers(path) == [
            Answered(id="a", skill="s", kind="longer", right=True), Answered(id="b", right=None)
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fault"),
    [("[", "not JSON"), ("[]", "no list of answers"), ("3", "no list of answers"), ('{"rows": 1}', "no list"),
     ('[{"id": "a"}]', "row 1: right"), ('[{"id": "a", "right": true}, {"id": "", "right": true}]', "row 2: id")],
)  # fmt: skip
def test_bad_files_are_named(tmp_path, text, fault):
    path = tmp_path / "exam.before.json"
    path.write_text(text)
    with pytest.raises(InputError, match=fault) as raised:
        read_answers(path)
    assert "exam.before.json" in str(raised.value)
    with pytest.raises(InputError, match="cannot be read"):
        read_answers(tmp_path / "none.json")


def test_what_could_not_be_judged_counts_in_no_share():
    answers = [Answered(id="a", right=True), Answered(id="a", right=False), Answered(id="b", right=None)]
    assert judged(answers) == {"a": [1.0, 0.0]}


def test_composed_items_need_all_their_parts():
    def a(name, right):
        return Answered(id=name, right=right)

    answers = [
        a("x", False),
        a("x#2", True),
        a("x#1", False),
        a("y", True),
        a("y#1", None),
        a("z#1", True),
        a("w", True),
    ]
    assert composed_results(answers) == [(False, [False, True])]
    assert composed_results([a("x", None), a("x#1", True)]) == []

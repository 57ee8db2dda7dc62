import json

import pytest

from classwright.classroom.human_labels import MRBENCH, read_labels, sample
from classwright.errors import InputError

YES = dict.fromkeys(MRBENCH, "Yes")


def conversation(**labels) -> dict:
    return {
        "conversation_id": "c",
        "conversation_history": "Tutor: What is 1/2 + 1/3? Student: 2/5",
        "tutor_responses": {
            "Ann": {"response": "Draw both.", "annotation": YES | labels},
            "Bo": {"response": "No.", "annotation": YES | {"Actionability": "No"}},
        },
    }


def written(tmp_path, content, name="labels.json"):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_mrbench_rows_carry_history_response_and_four_labels(tmp_path):
    file = read_labels(written(tmp_path, [conversation(), conversation(Mistake_Location="To some extent")]), "mrbench")
    assert [row.id for row in file.rows] == ["1.Ann", "1.Bo", "2.Ann", "2.Bo"]
    assert file.rows[2].labels["Mistake_Location"] == "To some extent"
    assert file.rows[1].labels["Actionability"] == "No"
    assert file.rows[0].context.startswith("Tutor: What is")
    assert set(file.questions) == set(MRBENCH)
    assert file.choices["Actionability"] == ("Yes", "To some extent", "No")


def test_csv_rows_of_one_text_are_put_together(tmp_path):
    content = 'text,label,dimension\n"Well, done",yes,Kind?\n"Well, done",no,Clear?\nNo.,no,Kind?\nNo.,yes,Clear?\n'
    file = read_labels(written(tmp_path, content), "csv")
    assert [(r.text, r.labels) for r in file.rows] == [
        ("Well, done", {"Kind?": "yes", "Clear?": "no"}),
        ("No.", {"Kind?": "no", "Clear?": "yes"}),
    ]
    assert file.questions["Kind?"] == "Kind?"
    assert file.choices["Kind?"] == ("no", "yes")


def test_csv_needs_only_text_and_label(tmp_path):
    file = read_labels(written(tmp_path, "Label,Text\nok,a\nbad,b\n"), "csv")
    assert file.rows[1].labels == {"label": "bad"}


@pytest.mark.parametrize(
    ("content", "format", "message"),
    [
        ("{", "mrbench", "line 1: not JSON; is it --format csv?"),
        ([], "mrbench", "not a list of conversations"),
        ([{}], "mrbench", "conversation 1: no conversation_history"),
        ([conversation(), conversation(Actionability="Maybe")], "mrbench", "conversation 2, response of Ann: Actionability is 'Maybe'; it should be Yes, To some extent, No"),
        ([conversation(Mistake_Location=None)], "mrbench", "conversation 1, response of Ann: no Mistake_Location"),
        ("", "csv", "row 1: no column text, label"),
        ("text,score\na,1\n", "csv", "row 1: no column label"),
        ("text,label\n", "csv", "no rows below the header"),
        ("text,label\na,\n", "csv", "row 2: label is empty"),
        ("text,label\na,b,c\n", "csv", "row 2: 3 cells, the header has 2"),
        ("text,label\na\n", "csv", "row 2: 1 cells, the header has 2"),
        ("text,label\na,yes\nb,yes\n", "csv", "label has 1 different labels"),
        ("text,label\na,yes\na,no\n", "csv", "row 3: the text of row 2 again with another label"),
        ('text,label\n"a,yes\n', "csv", "not CSV"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_line_with_file_and_row(tmp_path, content, format, message):
    path = written(tmp_path, content)
    with pytest.raises(InputError) as caught:
        read_labels(path, format)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_are_not_there_or_not_text(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_labels(tmp_path / "none.csv", "csv")
    (tmp_path / "latin.csv").write_bytes(b"text,label\ncaf\xe9,1\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_labels(tmp_path / "latin.csv", "csv")


def test_a_sample_keeps_the_order_and_depends_on_the_seed(tmp_path):
    rows = read_labels(written(tmp_path, [conversation()] * 10), "mrbench").rows
    drawn = sample(rows, 7, 1)
    assert drawn == sample(rows, 7, 1) != sample(rows, 7, 2)
    assert [rows.index(r) for r in drawn] == sorted(rows.index(r) for r in drawn)
    assert sample(rows, 0, 1) == sample(rows, 99, 1) == rows

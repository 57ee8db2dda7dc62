import pytest

from classwright.classroom.feedback_file import read_feedback
from classwright.classroom.feedback_labels import LABELS, spelled
from classwright.errors import InputError


@pytest.fixture
def file(tmp_path):
    def write(text: str | bytes):
        path = tmp_path / "f.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_texts_and_given_labels_are_read(file):
    path = file('text,gratitude,Non-English,n/a\n"Thanks, all!",1,0,\nHola,no,yes,FALSE\n')
    read = read_feedback(path)
    assert [(c.line, c.text) for c in read.comments] == [(2, "Thanks, all!"), (3, "Hola")]
    assert read.comments[0].given == {"": {"gratitude": True, "non_english": False}}
    assert read.comments[1].given == {"": {"gratitude": False, "non_english": True, "na": False}}
    assert read.labeled == ("gratitude", "non_english", "na")


def test_annotators_are_prefixes(file):
    path = file("comment,A_general,A_na,A_setup,B_general\nFine,1,0,0,0\n")
    read = read_feedback(path, column="comment", given=["A_", "B_"])
    assert read.comments[0].given == {"A_": {"general": True, "na": False, "setup": False}, "B_": {"general": False}}
    assert read_feedback(path, column="comment").prefixes == ("A_",)
    with pytest.raises(InputError, match="no column 'C_'.*prefixes A_"):
        read_feedback(path, column="comment", given=["C_"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("txt\nhello\n", "line 1: no column 'text'; did you mean --column txt?"),
        ("comment,x\nhello,1\n", "did you mean --column comment?"),
        ("alpha,beta\nhello,1\n", "there are alpha, beta"),
        (b"text\ncaf\xe9\n", "line 2: not UTF-8"),
        ("text\nhi\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04\x00\x00", "is no text; save the table as CSV"),
        ("text,x\nhello,1\n ,2\n", "line 3: the text is empty; --skip-bad"),
        ("text,x\na,1\nb,2\na,1\n", "line 4: the same row as line 2; --skip-bad"),
        ("text\na,b\n", "line 2: 2 cells, the header has 1"),
        ("text,general\na,maybe\n", "line 2: general is 'maybe'; it should be 1 or 0"),
        ('text\n"open\n', "not CSV"),
        ("text\n", "no comment below the header"),
        ("", "is empty"),
        ("text\n" + "x" * 4001 + "\n", "4001 characters"),
    ],
)
def test_a_bad_file_is_named_with_its_line(file, text, message):
    with pytest.raises(InputError, match=message) as caught:
        read_feedback(file(text))
    assert "f.csv" in str(caught.value)


def test_bad_rows_can_be_left_out_and_counted(file):
    read = read_feedback(file("text,x\na,1\n ,2\na,1\nb,1\n"), skip_bad=True)
    assert [c.text for c in read.comments] == ["a", "b"]
    assert read.skipped == ("line 3: the text is empty", "line 4: the same row as line 2")


def test_labels_have_one_spelling():
    assert [spelled(x) for x in ("N/A", "Non-English", "Personal experience", "gratitude")] == [
        "na", "non_english", "personal_experience", "gratitude"
    ]  # fmt: skip
    assert len(LABELS) == 9

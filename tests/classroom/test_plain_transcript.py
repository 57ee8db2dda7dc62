import json

import pytest

from classwright.classroom.plain_transcript import guess_format, read_dialogue
from classwright.errors import InputError

TALK = """Lesson on fractions

Ms. Lopez: Hi Mia, what is 1/2 + 1/3?
Mia: I got 2/5.
because 1 + 1 = 2

[00:12] Ms. Lopez: Okay! Next one.
"""


@pytest.fixture
def file(tmp_path):
    def write(text: str | bytes, name: str = "talk.txt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_turns_carry_the_lines_of_the_file(file):
    d = read_dialogue(file(TALK))
    assert [(t.speaker, t.label, t.text) for t in d.turns] == [
        ("tutor", "Ms. Lopez", "Hi Mia, what is 1/2 + 1/3?"),
        ("student", "Mia", "I got 2/5. because 1 + 1 = 2"),
        ("tutor", "Ms. Lopez", "Okay! Next one."),
    ]
    assert d.origin == {"lines": [3, 4, 7]}


def test_the_teacher_can_be_named(file):
    path = file("Ann: What is 2 + 2?\nBo: 4\n")
    with pytest.raises(InputError, match="which speaker is the teacher. There are Ann, Bo; say so with --teacher"):
        read_dialogue(path)
    assert [t.speaker for t in read_dialogue(path, teacher="ann").turns] == ["tutor", "student"]
    with pytest.raises(InputError, match="nobody is labeled 'Cy'; there are Ann, Bo"):
        read_dialogue(path, teacher="Cy")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Teacher: Hi\nTeacher: Anybody?\n", "only Teacher speaks; a transcript needs a teacher and a student"),
        ("<v Teacher>Hello\n<v Student>Hi\n", "no line begins with its speaker"),
        ("", "the file is empty"),
        (
            "Teacher: a\nStudent: b\n\n== end of part one ==\n",
            "line 4: '== end of part one ==' does not begin with its speaker",
        ),
        (b"Teacher: caf\xe9\n", "line 1: not UTF-8"),
        ("Teacher: a\n".encode("utf-16"), "UTF-16"),
        ("Teacher: " + "x" * 20_001, "line 1: 20010 characters"),
        ('{"prompt": "x"}\n', "JSON that is no transcript"),
    ],
)
def test_what_is_no_transcript_is_named(file, text, message):
    with pytest.raises(InputError, match=message):
        read_dialogue(file(text))


def test_a_file_of_several_needs_a_choice(file):
    line = {"messages": [{"role": "assistant", "content": "Hi"}, {"role": "user", "content": "4"}]}
    path = file("".join(json.dumps(line | {"id": f"d{i}"}) + "\n" for i in (1, 2)), "talks.jsonl")
    assert guess_format(path) == "chat"
    with pytest.raises(InputError, match="holds 2 dialogues; choose one with --dialogue"):
        read_dialogue(path)
    assert read_dialogue(path, which="2").id == "d2"
    assert read_dialogue(path, which="d1").id == "d1"
    with pytest.raises(InputError, match="no dialogue 'd9'; there are 2, near it d2, d1|near it d1, d2"):
        read_dialogue(path, which="d9")
    with pytest.raises(InputError, match="cannot be read"):
        read_dialogue(path.with_name("none"))

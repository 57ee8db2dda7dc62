"""Transcripts: round trips in every format, and faults that name their line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom import chat_format, mathdial_format
from classwright.classroom.bridge import Decision
from classwright.classroom.dialogue import Dialogue, problem_from_text
from classwright.classroom.moves import MOVE_NAMES
from classwright.classroom.transcripts import read_transcripts, write_transcripts
from classwright.classroom.turn import StudentState, Turn
from classwright.classroom.xapi_format import to_statements
from classwright.errors import InputError
from classwright.skilltree.bank import problem

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(str.strip)
PLAIN = TEXTS.filter(lambda t: "|EOM|" not in t)
WORDS = st.text("abcdef 0123456789?", min_size=1, max_size=40).map(str.strip).filter(bool)


@st.composite
def dialogues(draw, texts=TEXTS) -> Dialogue:
    turns = [
        Turn(speaker="tutor", text=draw(texts), move=draw(st.sampled_from([None, *MOVE_NAMES]))),
        Turn(speaker="student", text=draw(texts)),
    ]
    for _ in range(draw(st.integers(0, 4))):
        turns.append(Turn(speaker=draw(st.sampled_from(["tutor", "student"])), text=draw(texts)))
    return Dialogue(
        id=draw(WORDS),
        problem=problem_from_text(
            "p", draw(WORDS), str(draw(st.integers(0, 10**6))), tuple(draw(st.lists(WORDS, max_size=2)))
        ),
        wrong_solution=draw(WORDS),
        turns=tuple(turns),
    )


def said(dialogue: Dialogue) -> list[tuple[str, str]]:
    return [(t.speaker, t.text) for t in dialogue.turns]


@given(dialogues())
def test_our_own_lines_keep_everything(dialogue):
    assert Dialogue.model_validate_json(dialogue.model_dump_json()) == dialogue


@given(dialogues(PLAIN))
def test_mathdial_round_trip(dialogue):
    back = mathdial_format.from_record(json.loads(json.dumps(mathdial_format.to_record(dialogue))), 0)
    assert said(back) == said(dialogue)
    assert [t.move for t in back.turns] == [t.move for t in dialogue.turns]
    assert back.problem is not None
    assert dialogue.problem is not None
    assert (back.id, back.problem.text, back.problem.answer, back.problem.steps, back.wrong_solution) == (
        dialogue.id, dialogue.problem.text, dialogue.problem.answer, dialogue.problem.steps, dialogue.wrong_solution,
    )  # fmt: skip


@given(dialogues())
def test_chat_round_trip(dialogue):
    record = json.loads(json.dumps(chat_format.to_record(dialogue)))
    back = chat_format.from_record(record, 1)
    assert said(back) == said(dialogue)
    assert back.problem is not None
    assert dialogue.problem is not None
    assert (back.id, back.problem.text, back.problem.answer) == (
        dialogue.id,
        dialogue.problem.text,
        dialogue.problem.answer,
    )


def test_a_student_cannot_speak_as_the_teacher_in_a_written_file():
    forged = Dialogue(
        id="d", problem=problem_from_text("p", "1 + 1?", "2"),
        turns=(Turn(speaker="tutor", text="Well?"), Turn(speaker="student", text="|EOM|Teacher: (telling)It is 2|EOM|Student: 2")),
    )  # fmt: skip
    back = mathdial_format.from_record(mathdial_format.to_record(forged), 0)
    assert [t.speaker for t in back.turns] == ["tutor", "student"]


def test_the_students_words_can_be_the_ones_to_learn():
    d = Dialogue(
        id="d",
        turns=(Turn(speaker="tutor", text="a"), Turn(speaker="student", text="b"), Turn(speaker="observer", text="c")),
    )
    assert [m["role"] for m in chat_format.to_record(d, "student")["messages"]] == ["user", "assistant"]


def rich_dialogue() -> Dialogue:
    p = problem("fractions.add_like", 5, 2)
    decision = Decision(error="misinterpret", strategy="provide_hint", intention="hint_mistake")
    turns = (
        Turn(speaker="tutor", text="Which parts?", move="focus", submove="seek strategy", decision=decision, latency_s=0.25, tokens=80, refused=("leak",)),
        Turn(speaker="student", text="9/14", before=StudentState(mastery=0.4, misconceptions=("m",)), after=StudentState(mastery=0.45)),
    )  # fmt: skip
    return Dialogue(id="run/1", problem=p, skill=p.skill, misconception="m", tutor="socratic", student="knowledge", seed=3, turns=turns,
                    ended="solved", pre=(False,), post=(True,))  # fmt: skip


def test_files_of_every_format(tmp_path):
    d = rich_dialogue()
    assert read_transcripts(write_transcripts(tmp_path / "a.jsonl", [d], "jsonl"), "jsonl").dialogues == (d,)
    assert said(
        read_transcripts(write_transcripts(tmp_path / "b.jsonl", [d], "mathdial"), "mathdial").dialogues[0]
    ) == said(d)
    assert said(read_transcripts(write_transcripts(tmp_path / "c.jsonl", [d], "chat"), "chat").dialogues[0]) == said(d)
    statements = json.loads(write_transcripts(tmp_path / "d.json", [d], "xapi").read_text())
    assert len(statements) == 3


def test_xapi_statements_are_whole_and_the_same_twice():
    d = rich_dialogue()
    statements = to_statements(d)
    assert statements == to_statements(d)
    assert len({s["id"] for s in statements}) == 3
    assert all({"id", "actor", "verb", "object"} <= set(s) for s in statements)
    assert statements[0]["result"]["duration"] == "PT0.25S"
    assert statements[-1]["verb"]["display"]["en"] == "passed"
    assert statements[-1]["result"]["score"]["scaled"] == 1
    assert statements[0]["actor"]["account"]["name"] == "run/1/tutor"


LINE = {"qid": 1, "question": "1 + 1?", "ground_truth": "Add.\n 2", "student_incorrect_solution": "3",
        "conversation": "Teacher: (focus)Well?|EOM|Student: 3"}  # fmt: skip


def written(tmp_path, *lines):
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"\n".join(x if isinstance(x, bytes) else json.dumps(x).encode() for x in lines))
    return path


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (LINE | {"ground_truth": ""}, "line 2: ground_truth is missing or empty"),
        (LINE | {"ground_truth": "I do not know"}, "is no answer"),
        (LINE, "line 2: the dialogue 1.2 is already in line 1"),
        (LINE | {"conversation": "Teacher: Hi|EOM|Teacher: Hi?"}, "only the tutor speaks"),
        (LINE | {"conversation": "Teacher: Hi|EOM|who is this"}, "turn 2, 'who is this', does not begin with its speaker"),
        (LINE | {"conversation": "Teacher: (scolding)Hi|EOM|Student: 2"}, "unknown move (scolding)"),
        (LINE | {"conversation": "Teacher: Hi|EOM|Student: 2|EOM|Narrator: ha"}, "unknown speakers: Narrator, Student"),
        (LINE | {"question": "9" * 100_000}, "a number of 100000 digits"),
        (b"[1, 2]", "not a JSON object"),
        (b"{", "not valid JSON"),
        ('{"qid": "é"}'.encode("latin-1"), "not UTF-8 (byte 10)"),
        (b'{"qid": ' + b"9" * 5000 + b"}", "a number of 5000 digits"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_or_left_out_and_counted(tmp_path, bad, fault):
    path = written(tmp_path, LINE, bad)
    with pytest.raises(InputError) as error:
        read_transcripts(path, "mathdial")
    assert fault in str(error.value)
    assert "line 2" in str(error.value)
    assert "\n" not in str(error.value)
    read = read_transcripts(path, "mathdial", skip_bad=True)
    assert (len(read.dialogues), len(read.skipped)) == (1, 1)


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ({"id": "a"}, "messages is missing"),
        ({"messages": [{"role": "bot", "content": "x"}]}, "unknown role 'bot'"),
        ({"messages": [{"role": "user", "content": 5}]}, "message 1 has no text"),
        ({"messages": [{"role": "user", "content": "x"}]}, "only the student speaks"),
        ({"question": "1 + 1?", "messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]}, "question and answer belong together"),
    ],
)  # fmt: skip
def test_bad_chat_lines(tmp_path, record, fault):
    with pytest.raises(InputError, match=fault):
        read_transcripts(written(tmp_path, record), "chat")


def test_a_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_transcripts(tmp_path / "no", "jsonl")
    with pytest.raises(InputError, match="UTF-16"):
        read_transcripts(written(tmp_path, "x".encode("utf-16")), "jsonl")
    with pytest.raises(InputError, match="holds no dialogue"):
        read_transcripts(written(tmp_path, b""), "jsonl")
    with pytest.raises(InputError, match=r"line 1: turns: Field required"):
        read_transcripts(written(tmp_path, {"id": "a"}), "jsonl")


def test_a_silent_student_and_a_very_long_one_are_read(tmp_path):
    path = written(
        tmp_path, LINE | {"conversation": f"Teacher: Well?|EOM|Student: |EOM|Teacher: Hm?|EOM|Student: {'a ' * 25_000}"}
    )
    assert [len(t.text) for t in read_transcripts(path, "mathdial").dialogues[0].turns] == [5, 0, 3, 49_999]

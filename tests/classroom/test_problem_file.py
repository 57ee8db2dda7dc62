"""Problems from files that others made: three formats, two kinds of files, and everything that can be wrong in them."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.classroom.problem_file import read_problem_file
from classwright.classroom.problem_record import Refused, problem_of
from classwright.errors import InputError
from classwright.skilltree.grading import grade

GSM = {"question": "Tom has 6 pens and buys twice as many. How many has he?",
       "answer": "He buys 6*2 = <<6*2=12>>12 pens.\nHe has 6+12 = <<6+12=18>>18 pens.\n#### 18"}  # fmt: skip
MATHDIAL = {"qid": 7, "question": "A tank of 90 liters loses 15. What is left?",
            "ground_truth": "What is left is 90-15=75 liters.\n 75", "student_incorrect_solution": "90 + 15 = 105\n 105",
            "conversation": "Teacher: (generic)Hi|EOM|Student: Hello"}  # fmt: skip
OWN = {"id": "p1", "question": "What is half of 9?", "answer": 4.50, "steps": ["9 / 2 = 4.5"],
       "wrong_solutions": ["9 * 2 = 18\n18", "I think it is 4."], "skill": "decimals.divide", "unit": "cm"}  # fmt: skip


def lines(folder: Path, *records: object, name: str = "problems.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"".join((r if isinstance(r, bytes) else json.dumps(r).encode()) + b"\n" for r in records))
    return path


def table(folder: Path, *rows: dict[str, str], separator: str = ",", encoding: str = "utf-8") -> Path:
    path = folder / "problems.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_three_formats_in_one_file(tmp_path):
    gsm, mathdial, own = read_problem_file(lines(tmp_path, GSM, MATHDIAL, OWN)).entries
    assert (gsm.problem.id, gsm.problem.answer, gsm.wrong) == ("problems/1", "18", ())
    assert gsm.problem.steps == ("He buys 6*2 = 12 pens.", "He has 6+12 = 18 pens.")
    assert "<<6*2=12>>" in gsm.problem.values["worked"]
    assert (mathdial.problem.id, mathdial.problem.answer, mathdial.problem.steps) == (
        "mathdial/7", "75", ("What is left is 90-15=75 liters.",))  # fmt: skip
    assert [(w.answer, w.bug, w.step) for w in mathdial.wrong] == [("105", "", None)]
    assert (own.problem.id, own.problem.answer, own.problem.skill, own.problem.unit) == (
        "p1", "4.5", "decimals.divide", "cm")  # fmt: skip
    assert [w.answer for w in own.wrong] == ["18", "4"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_says_the_same_as_lines(tmp_path, separator, encoding):
    row = {"id": "p1", "question": "What is half of 9,\r\nexactly?", "answer": "4.50", "steps": "9 / 2 = 4.5",
           "wrong_solution": "9 * 2 = 18\n18"}  # fmt: skip
    (read,) = read_problem_file(table(tmp_path, row, separator=separator, encoding=encoding)).entries
    (same,) = read_problem_file(lines(tmp_path, row)).entries
    assert read == same
    assert read.problem.text == "What is half of 9,\nexactly?"


def test_windows_files_blank_lines_and_byte_order_marks(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\r\n" + json.dumps(GSM).encode() + b"\r\n\r\n  \n" + json.dumps(OWN).encode())
    assert [e.problem.id for e in read_problem_file(path).entries] == ["p/2", "p1"]


ANSWERS = [
    # as written -> (as stored, kind, what is right, what is wrong)
    ("1,250", ("1250", "number", "1,250 | 1250", "125")),
    ("-3", ("-3", "number", "−3 | minus three", "3")),
    ("3/4", ("3/4", "number", "0.75 | 6/8", "4/3")),
    ("1 1/2", ("1 1/2", "number", "3/2 | 1.5", "11/2")),
    ("25%", ("25%", "number", "25 | 25 percent", "2.5%")),
    ("$3.50", ("3.50", "number", "3.5 | $3.50", "35")),
    ("$1,200", ("1200", "number", "1200 dollars", "120")),
    ("12 apples", ("12", "number", "12 | 12 apples", "13")),
    ("x + 2", ("x + 2", "expression", "2 + x", "x - 2")),
    ("y = 2x", ("y = 2x", "equation", "y = x*2", "y = 3x")),
    ("yes", ("yes", "word", "Yes, because it is so | yes", "no")),
    ("isosceles triangle", ("isosceles triangle", "word", "an isosceles triangle", "square")),
]


@pytest.mark.parametrize(("written", "expected"), ANSWERS)
def test_answers_are_stored_so_that_they_can_be_graded(written, expected):
    stored, kind, right, wrong = expected
    p = problem_of({"question": "What is it?", "answer": written}, "f", 1).problem
    assert (p.answer, p.kind) == (stored, kind)
    assert {grade(text, p).result for text in [*right.split(" | "), written]} == {"right"}
    assert grade(wrong, p).result == "wrong"


BAD = [
    # a bad line, what is said of it, the reason it is counted under
    ({"question": "How many?"}, "answer is missing or empty", "no answer"),
    ({"question": "How many?", "answer": "  "}, "answer is missing or empty", "no answer"),
    ({"question": "How many?", "answer": None}, "answer is missing or empty", "no answer"),
    ({"question": "How many?", "answer": "It is <<1+1=2>>2."}, "no line #### with the answer", "no answer"),
    ({"question": "How many?", "ground_truth": ""}, "ground_truth is missing", "no answer"),
    ({"answer": "3"}, "question is missing or empty", "no question"),
    ({"question": "How many?", "answer": "it depends on what you mean by it"}, "cannot be graded", "unreadable answer"),
    ({"question": "How many?", "answer": True}, "answer is no text but bool", "not a text"),
    ({"question": "How many?", "answer": ["3"]}, "answer is no text but list", "not a text"),
    ({"question": "How many?", "answer": "7" * 100_000}, "a number of 100000 digits", "number too long"),
    (b'{"question": "How many?", "answer": ' + b"7" * 100_000 + b"}", "a number of 100000 digits", "number too long"),
    ({"question": "How many?", "answer": "1" + ",000" * 30_000}, "a number of 120001 digits", "number too long"),
    (b'{"question": "How many?", "answer": 1e400}', "holds the number 1e400", "number too long"),
    (b'{"question": "How many?", "answer": NaN}', "holds the number NaN", "number too long"),
    (b'{"question": "Wie viele \xe4pfel?", "answer": "3"}', "not UTF-8 (byte 25)", "not UTF-8"),
    (b'{"question": "How \\ud800?", "answer": "3"}', "cannot be printed", "unprintable"),
    (b'{"question": "How many?", "answer": "3"', "not valid JSON", "not JSON"),
    (b"[1, 2]", "not a JSON object", "not JSON"),
    (b"[" * 100_000, "not valid JSON", "not JSON"),
    ({"question": "How? " * 2_000, "answer": "3"}, "more than 8000", "too long"),
    ({"id": "ok", "question": "How many?", "answer": "3"}, "the id ok is already in line 1", "duplicate id"),
    ({"question": "How many?", "answer": "3", "wrong_solutoin": "4"}, "did you mean wrong_solution?", "unknown key"),
    ({"question": "How many?", "answer": "3", "wrong_solution": "So it is 3."}, "comes to the answer 3",
     "wrong solution is right"),
    ({"question": "How many?", "answer": "1 + 2 = 3\n#### 3", "steps": "1 + 2 = 3"}, "keep one", "two solutions"),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "said", "reason"), BAD, ids=[f"{i}-{reason}" for i, (_, _, reason) in enumerate(BAD)])
def test_a_bad_line_is_named_or_counted(tmp_path, bad, said, reason):
    path = lines(tmp_path, {"id": "ok", "question": "How many?", "answer": "3"}, b"", bad)
    with pytest.raises(InputError) as error:
        read_problem_file(path)
    assert str(error.value).startswith(f"{path}: line 3: ")
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400
    kept = read_problem_file(path, skip_bad=True)
    assert [e.problem.id for e in kept.entries] == ["ok"]
    assert kept.skipped == {reason: 1}


def test_all_faults_are_counted_and_the_first_five_named(tmp_path):
    path = lines(tmp_path, GSM, *[{"question": f"Q{i}?"} for i in range(8)], b"{")
    with pytest.raises(InputError) as error:
        read_problem_file(path)
    for line in (2, 3, 4, 5, 6):
        assert f"line {line}: " in str(error.value)
    assert "line 7" not in str(error.value)
    assert "and 4 more" in str(error.value)
    assert read_problem_file(path, skip_bad=True).skipped == {"no answer": 8, "not JSON": 1}


def test_mathdial_repeats_a_problem_once_a_dialogue(tmp_path):
    other = {**MATHDIAL, "student_incorrect_solution": "I got 60.\n 60", "conversation": "Teacher: (probing)Why?"}
    again = {**MATHDIAL, "conversation": "Teacher: (focus)Look."}
    (entry,) = read_problem_file(lines(tmp_path, MATHDIAL, other, again)).entries
    assert [w.answer for w in entry.wrong] == ["105", "60"]
    clash = {**MATHDIAL, "question": "Another one?"}
    with pytest.raises(InputError, match="line 2: the id mathdial/7 is already in line 1"):
        read_problem_file(lines(tmp_path, MATHDIAL, clash))


def test_a_wrong_solution_that_mathdial_has_right_is_left_out(tmp_path):
    (entry,) = read_problem_file(lines(tmp_path, {**MATHDIAL, "student_incorrect_solution": "It is 75.\n 75"})).entries
    assert entry.wrong == ()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "p.jsonl", "holds no problem"),
        (b"\n \n", "p.jsonl", "holds no problem"),
        (json.dumps(GSM).encode("utf-16"), "p.jsonl", "UTF-16"),
        (json.dumps(GSM).encode("utf-16-le"), "p.jsonl", "UTF-16"),
        (json.dumps([GSM]).encode(), "p.jsonl", "one JSON list"),
        (b"", "p.csv", "missing column question and answer"),
        (b"question,text\nHow?,3\n", "p.csv", "missing column answer (there are question, text)"),
        (b"question,answer,answer\nHow?,3,4\n", "p.csv", "column answer is there twice"),
        (b"question,answer,setps\nHow?,3,4\n", "p.csv", "did you mean steps?"),
        (b"question,answer\n", "p.csv", "holds no problem"),
        (b'question,answer\n"How?,3\n', "p.csv", "not CSV"),
    ],
)
def test_a_file_that_is_none(tmp_path, content, name, said):
    path = tmp_path / name
    path.write_bytes(content)
    for skip in (False, True):
        with pytest.raises(InputError) as error:
            read_problem_file(path, skip_bad=skip)
        assert str(path) in str(error.value)
        assert said in str(error.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_problem_file(tmp_path / "none.jsonl")


def test_rows_of_a_table_are_named_by_the_line_they_begin_in(tmp_path):
    path = tmp_path / "p.csv"
    path.write_bytes(b'\r\nquestion,answer\r\n"How\r\nmany?",3\r\nHow many?,\r\nWie viele \xe4?,4\r\na,b,c\r\n')
    with pytest.raises(InputError) as error:
        read_problem_file(path)
    assert [part.split(":")[0] for part in str(error.value).split("line ")[1:4]] == ["5", "6", "7"]
    kept = read_problem_file(path, skip_bad=True)
    assert kept.skipped == {"no answer": 1, "not UTF-8": 1, "columns": 1}
    assert [e.problem.text for e in kept.entries] == ["How\nmany?"]


whole = st.integers(-(10**6), 10**6)


@given(whole, st.sampled_from(["{}", "{:,}", "#### {}", "work\n#### {:,}", " {} ", "{}.0"]))
def test_every_spelling_of_a_number_is_the_same_answer(n, spelling):
    p = problem_of({"question": "How many?", "answer": spelling.format(n)}, "f", 1).problem
    assert p.answer == str(n)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["id", "question", "answer", "steps", "wrong_solution", "wrong_solutions", "ground_truth", "qid"]
        ),
        st.recursive(st.none() | st.booleans() | st.text(max_size=30), lambda inner: st.lists(inner, max_size=3)),
    )
)
def test_any_record_is_read_or_refused(record):
    try:
        entry = problem_of(record, "f", 1)
    except Refused as error:
        assert error.reason
        return
    assert entry.problem.text
    assert grade(entry.problem.answer, entry.problem).result == "right"
    assert all(w.text for w in entry.wrong)


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["b.jsonl", "b.csv"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory, raw, name):
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"b\.(jsonl|csv)"):
        read_problem_file(path, skip_bad=True)

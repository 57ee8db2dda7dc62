from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.errors import InputError
from classwright.skilltree.response_log import load_log, pad
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree

TREE = SkillTree([Skill(id="add", name="adding"), Skill(id="carry", name="carrying", prerequisites=("add",))])


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "log.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_responses_come_out_by_learner_and_time(tmp_path):
    log = load_log(
        write(tmp_path, "learner,skill,correct,time,problem\nb,add,1,2,p1\na,add,0,9,p2\nb,add,0,1,p1\na,carry,1,3,p3")
    )
    assert log.format == "classwright"
    assert [log.learners[i] for i in log.learner] == ["a", "a", "b", "b"]
    assert [log.skills[i] for i in log.skill] == ["carry", "add", "add", "add"]
    assert log.correct.tolist() == [True, False, False, True]
    rows, who = log.sequences("add")
    assert rows.tolist() == [[0, -1], [0, 1]]
    assert [log.learners[i] for i in who] == ["a", "b"]
    first = log.matrix()[log.learners.index("b")]
    assert first[log.items.index("p1")] == 0  # the first answer counts, not the second
    assert np.isnan(first[log.items.index("p2")])


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("order_id,user_id,problem_id,correct,skill_id,skill_name\n5,u,7,1,3,add\n4,u,8,0,3,add\n", "assistments"),
        ("user_id,skill_id,correct,start_time\nu,add,0,2012-09-28 15:11:27\nu,add,1,2012-09-28 15:12\n", "assistments"),
        ("studentId;skill;problemId;correct;startTime\nu;add;1;0;1\nu;add;2;1;2\n", "assistments"),
        (
            "oats_user_id\ttime_stamp\tstepID\tisCorrect\tknowledgeComponents\n"
            "u\t2\ts1\ttrue\t['add']\nu\t1\ts1\tfalse\t[\"\"add\"\"]\n",
            "oatutor",
        ),
    ],
)  # fmt: skip
def test_formats_are_told_by_their_header(tmp_path, text, form):
    log = load_log(write(tmp_path, text), TREE)
    assert log.format == form
    assert log.correct.tolist() == [False, True]
    assert set(log.skills) == {"add"}


def test_a_step_with_two_components_counts_for_both(tmp_path):
    text = 'oats_user_id,time_stamp,stepID,isCorrect,knowledgeComponents\nu,1,s,true,"[""add"", ""carry""]"\n'
    log = load_log(write(tmp_path, text), TREE)
    assert sorted(log.skills[i] for i in log.skill) == ["add", "carry"]
    assert log.rows == 1


def test_rows_that_cannot_be_used_are_counted_by_reason(tmp_path):
    text = (
        "learner,skill,correct,time\na,add,1,1\na,add,0.5,2\n,add,1,3\na,,1,4\na,add,1,soon\na,add,1\n"
        "a,dancing,1,5\na,dancing,0,nan\na,add,1,inf\n"
    )
    log = load_log(write(tmp_path, text), TREE)
    assert len(log) == 1
    assert log.rows == 9
    assert log.unknown == {"dancing": 1}
    assert log.skipped == {
        "correct is not 0 or 1": 1,
        "no learner": 1,
        "no skill": 1,
        "time is neither a number nor a date": 3,
        "another number of columns than the header": 1,
        "unknown skill": 1,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"learner,skill,correct,time\n", "no rows after the header"),
        (b"learner,skill\na,add\n", "missing columns correct, time"),
        (b"user_id,correct,skill_id\nu,1,3\n", "missing column order_id or start_time"),
        (b"learner,skill,correct,time\na,add,1,1\n\xe9,add,1,1\n", "line 3: not UTF-8"),
        (b"learner,skill,correct,time\na,add,maybe,1\n", r"correct is not 0 or 1 \(1\)"),
        (b"learner,skill,correct,time\na,dancing,1,1\n", r"unknown skill \(1\)"),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as caught:
        load_log(write(tmp_path, text), TREE)
    assert "log.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_strict_fails_at_the_first_bad_row_and_names_its_line(tmp_path):
    path = write(tmp_path, "learner,skill,correct,time\na,add,1,1\na,cary,1,2\n")
    with pytest.raises(InputError, match=r"line 3: unknown skill 'cary'; did you mean carry"):
        load_log(path, TREE, strict=True)
    with pytest.raises(InputError, match="line 2: correct"):
        load_log(write(tmp_path, "learner,skill,correct,time\na,add,2,1\n"), strict=True)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.csv: cannot be read"):
        load_log(tmp_path / "nowhere.csv")


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=6), min_size=1, max_size=8))
def test_padding_keeps_every_response_in_order(sequences):
    learner = np.repeat(np.arange(len(sequences)) * 3, [len(s) for s in sequences])
    rows, who = pad(learner, np.array([c for s in sequences for c in s]))
    assert who.tolist() == [3 * i for i in range(len(sequences))]
    assert [[bool(c) for c in row if c >= 0] for row in rows] == sequences

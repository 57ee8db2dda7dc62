import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.distill.exam_result import read_answers
from classwright.distill.exam_run import examine_model, first_of_each
from classwright.distill.examine import generate, mark, prompt_ids, scores, shuffled_replies, total
from classwright.distill.rows import write_exam
from classwright.errors import InputError
from tests.distill.tiny_base import add_item, add_row, tiny_base

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize(
    ("reply", "right"),
    [
        ("Ones: 4 + 3 = 7. ANSWER: 57", True),
        ("ANSWER: 58", False),
        ("57", True),
        ("I do not know.", False),
        ("", False),
        ("ANSWER: 57\nANSWER: 75", False),
    ],
)
def test_a_reply_is_graded_by_its_final_answer(reply, right):
    found = mark(add_item(34, 23), reply)
    assert (found.right, found.reply, found.answer, found.id) == (right, reply, "57", "x34-23")


def test_shares_are_counted_by_kind():
    marks = [mark(add_item(1, n, kind), f"ANSWER: {said}") for n, kind, said in
             [(1, "held_out", 2), (2, "held_out", 9), (3, "longer", 4), (4, "held_out", 5)]]  # fmt: skip
    assert scores(marks) == {"held_out": (2, 3), "longer": (1, 1)}
    assert total(marks) == (3, 4)
    assert total(marks).share == 0.75
    assert total([]).share == 0.0


def test_batches_padded_on_the_left_say_what_single_prompts_say(tmp_path):
    import torch

    from classwright.distill.base import load_model, load_tokenizer

    torch.set_num_threads(1)
    base = tiny_base(tmp_path / "base")
    model, tokenizer = load_model(base).train(), load_tokenizer(base)
    items = [add_item(1, 10**n) for n in (0, 5, 2, 7, 1)]
    prompts = [prompt_ids(item, tokenizer) for item in items]
    assert tokenizer.decode(prompts[0]) == "<|im_start|>user\n1 + 1<|im_end|>\n<|im_start|>assistant\n"
    told = []
    together = generate(prompts, model, tokenizer, max_tokens=6, batch=2, progress=lambda *at: told.append(at))
    assert together == [generate([p], model, tokenizer, max_tokens=6)[0] for p in prompts]
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert model.training, "the mode it was in"

    exam, out = tmp_path / "exam.jsonl", tmp_path / "exam.before.json"
    write_exam(exam, [add_item(1, n) for n in range(4)] + [add_item(2, n, "longer") for n in range(3)])
    result = examine_model(str(base), exam, out, items=2, reply_tokens=4, threads=1)
    assert {kind: of for kind, (_, of) in result["exam"].items()} == {"held_out": 2, "longer": 2}
    assert [a.id for a in read_answers(out)] == ["x1-0", "x1-1", "x2-0", "x2-1"]


def test_all_items_or_the_first_of_each_kind():
    items = [add_item(n, 1, kind) for n, kind in enumerate("aabab")]
    assert first_of_each(items, 0) == items
    assert [item.id for item in first_of_each(items, 1)] == ["x0-1", "x2-1"]


@given(st.integers(2, 30), st.integers(0, 99))
def test_shuffled_replies_keep_prompts_and_replies_but_no_pair(n, seed):
    rows = [add_row(i, 0) for i in range(n)]
    control = shuffled_replies(rows, seed)
    assert [row.messages[0] for row in control] == [row.messages[0] for row in rows]
    assert sorted(row.messages[1].content for row in control) == sorted(row.messages[1].content for row in rows)
    assert all(a.messages[1] != b.messages[1] for a, b in zip(rows, control, strict=True))
    assert control == shuffled_replies(rows, seed)


def test_one_row_cannot_be_shuffled():
    with pytest.raises(InputError, match="at least two"):
        shuffled_replies([add_row(1, 2)])

"""Training sets of what teacher and student say, with scripted speakers where the words matter."""

import json
from typing import Any

import pytest

from classwright.distill import sample as sample_module
from classwright.distill import samples as samples_module
from classwright.distill.rows import PreferenceRow, read_card, read_rows, write_rows
from classwright.distill.sample import SampleRequest, sample
from classwright.distill.samples import KEPT, Samples, Speaker
from classwright.errors import InputError
from tests.distill.tiny_base import add_row, tiny_base, tiny_data

pytestmark = pytest.mark.filterwarnings("ignore")


def quiet(*_):
    pass


@pytest.fixture
def spoken(base, tmp_path, monkeypatch):
    """Two speakers: the teacher says the sum, the student one more; the teacher finds its first sentence likely."""
    teacher, student = (tiny_base(tmp_path / name) for name in ("teacher", "student"))

    def told(prompts, model, tokenizer, *, max_tokens, temperature=0.0, **_):
        replies = []
        for ids in prompts:
            text = tokenizer.decode(ids)
            a, b = (int(word) for word in text.split("<|im_end|>")[0].split("\n")[1].split(" + "))
            begun = text.rpartition("assistant\n")[2]
            good = f"We add. It is {a + b}. ANSWER: {a + b}"
            said = good if model == "teacher" else f"I guess. Or so, I think it is. ANSWER: {a + b + 1}"
            replies.append(tokenizer(f" ANSWER: {a + b}" if begun else said, add_special_tokens=False)["input_ids"])
        return replies

    class Scripted(Speaker):
        @classmethod
        def of(cls, folder):
            return cls(folder.name, samples_module.load_tokenizer(folder))

        def sentences(self, prompt, reply):
            found: list[float | None] = [0.9 if self.model == "teacher" else 0.1] * 3
            return found

    monkeypatch.setattr(samples_module, "generate_ids", told)
    monkeypatch.setattr(sample_module, "Speaker", Scripted)
    return str(teacher), str(student)


def made(tmp_path, spoken, how, **more):
    data = tiny_data(tmp_path / "data", [add_row(a, b) for a, b in ((1, 2), (3, 4), (5, 1))])
    plain = {"how": how, "teacher": spoken[0], "student": spoken[1], "samples": 2}
    out = tmp_path / how
    summary = sample(data, SampleRequest.model_validate(plain | more), out, quiet)
    rows: list[Any] = [*read_rows(out / "train.jsonl")]
    return summary, rows, out


def test_dasd_keeps_right_replies_in_two_stages(tmp_path, spoken):
    summary, rows, out = made(tmp_path, spoken, "dasd")
    assert [r.id.rpartition("+")[2].split(".")[0] for r in rows] == ["t0"] * 3 + ["t1"] * 3
    assert {r.messages[-1].content[:7] for r in rows} == {"We add."}
    assert summary["train"] == 6
    assert (out / "exam.jsonl").read_bytes() == (tmp_path / "data" / "exam.jsonl").read_bytes()
    assert "train with --keep-order" in read_card(out).notes[0]


def test_plain_takes_as_many_draws(tmp_path, spoken):
    _, rows, _ = made(tmp_path, spoken, "plain", keep=2)
    assert len(rows) == 6, "equal replies count once in a stage"


def test_mixed_policy_ends_what_the_student_began(tmp_path, spoken):
    _, rows, _ = made(tmp_path, spoken, "mixed")
    assert len(rows) == 6
    mixed = [r for r in rows if r.id.endswith("+mixed")]
    assert all(r.messages[-1].content.startswith("I guess.") for r in mixed)
    assert sorted(r.messages[-1].content.rpartition(" ")[2] for r in mixed) == ["3", "6", "7"]


def test_pairs_set_right_against_wrong(tmp_path, spoken):
    summary, rows, out = made(tmp_path, spoken, "pairs")
    assert all(isinstance(r, PreferenceRow) for r in rows)
    assert {(r.chosen[:7], r.rejected[:8]) for r in rows} == {("We add.", "I guess.")}
    assert (summary["kind"], read_card(out).kind) == ("preference", "preference")
    same = (spoken[1], spoken[1])
    with pytest.raises(InputError, match="of 3 rows not one gave a right reply against a wrong one"):
        made(tmp_path / "none", same, "pairs")


def test_perspectives_are_weighed_for_real(base, tmp_path):
    rows = [add_row(1, 2), add_row(1, 2, id="other", messages=(*add_row(1, 2).messages[:1],
            add_row(3, 4).messages[1])), add_row(5, 6)]  # fmt: skip
    write_rows(tmp_path / "data" / "train.jsonl", rows)
    request = SampleRequest(how="perspectives", student=str(base))
    sample(tmp_path / "data", request, tmp_path / "out", quiet)
    a, b, alone = (r.weight for r in read_rows(tmp_path / "out" / "train.jsonl"))
    assert a + b == pytest.approx(2)
    assert a != b
    assert alone == 1
    with pytest.raises(ValueError, match="asks a teacher; name one with --teacher"):
        SampleRequest(how="mixed")


def test_draws_go_on_where_a_kill_ended_them(base, tmp_path):
    """Real draws of the tiny model: as in one go, whatever stands in the file, a torn line included."""
    speaker = Speaker.of(base)
    prompts = [speaker.begun(add_row(a, 1).messages[:1]) for a in range(40)]

    def drawn(folder):
        kept = Samples(folder, {"what": 1}, 3)
        return kept.replies("x", speaker, prompts, max_tokens=4, temperature=1.0, progress=quiet)

    whole = drawn(tmp_path / "a")
    assert len(set(whole)) > 20
    lines = (tmp_path / "a" / KEPT).read_text().splitlines(keepends=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / KEPT).write_text("".join(lines[:33]) + lines[33][:9])  # the first batch, and a torn line
    assert drawn(tmp_path / "b") == whole
    assert (tmp_path / "b" / KEPT).read_text() == (tmp_path / "a" / KEPT).read_text()
    assert json.loads(lines[0]) == {"what": 1}
    with pytest.raises(InputError, match="holds samples for other settings"):
        Samples(tmp_path / "a", {"what": 2}, 3)

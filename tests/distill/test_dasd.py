"""What is sampled, in which order, and where a reply is cut."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from classwright.distill.dasd import (
    Sample,
    cut,
    divergence_aware,
    mixed_policy,
    richness,
    sample_divergent,
    scheduled,
    temperature,
)
from classwright.distill.rows import Message, Row

QUESTION = (Message(role="user", content="2 + 3?"),)


def row(name: str, reply: str = "It is 5.", **more) -> Row:
    return Row(id=name, messages=(*QUESTION, Message(role="assistant", content=reply)), **more)


def test_low_temperature_is_trained_first():
    assert [temperature(n) for n in range(3)] == [0.6, 1.0, 1.0]
    order = scheduled(["a", "b", "c"], ["X", "Y"], seed=1)
    assert sorted(order[:3]) == ["a", "b", "c"]
    assert sorted(order[3:]) == ["X", "Y"]
    assert order == scheduled(["a", "b", "c"], ["X", "Y"], seed=1)
    many = list(range(50))
    assert scheduled(many, [], seed=1) != many


def test_replies_rich_in_teacher_sentences_are_kept():
    poor = Sample("poor", ((0.9, 0.8), (0.9, 0.9)))
    half = Sample("half", ((0.9, 0.5), (0.9, 0.9)))
    wide = Sample("wide", ((0.9, 0.1), (0.9, 0.9)))
    against = Sample("against", ((0.1, 0.9), (0.1, 0.9)))
    assert [richness(s) for s in (poor, half, wide, against)] == [0, 0.5, 0.5, 0]
    assert [s.text for s in divergence_aware([poor, half, against, wide], 3)] == ["wide", "half", "poor"]
    assert richness(Sample("empty", ())) == 0
    assert richness(Sample("margin", ((0.5, 0.25),)), margin=0.25) == 0


def test_only_accepted_replies_are_scored_and_equal_ones_count_once():
    asked, scored = [], []

    def draw(prompt, at, n):
        asked.append((prompt, at, n))
        return ["right far", "right near", "wrong", "right far", " "]

    def score(prompt, text):
        scored.append(text)
        return [(0.9, 0.1 if "far" in text else 0.9)]

    found = sample_divergent(["p"], draw, score, stage=1, samples=5, accept=lambda p, t: "right" in t)
    assert asked == [("p", 1.0, 5)]
    assert scored == ["right far", "right near"]
    assert [(p, s.text, s.temperature) for p, s in found] == [("p", "right far", 1.0)]
    assert sample_divergent(["p"], draw, score, stage=0, accept=lambda p, t: False) == []


def test_a_reply_is_cut_at_the_end_of_a_sentence_beyond_its_half():
    text = "First I add two. Then I add three. Then I look. So it is five."
    for seed in range(20):
        begun = cut(text, Random(seed))
        assert begun in ("First I add two. Then I add three.", "First I add two. Then I add three. Then I look.")
    assert {cut(text, Random(s)) for s in range(20)} == {text[:34], text[:47]}


@given(st.text(min_size=1, max_size=80), st.integers(0, 99))
def test_a_cut_reply_is_a_beginning_between_its_half_and_nine_tenths(text, seed):
    begun = cut(text, Random(seed))
    assert text.startswith(begun)
    assert 0.5 * len(text) - 0.5 <= len(begun) <= 0.9 * len(text) + 0.5


def test_the_student_begins_and_its_part_is_trained_on():
    asked = []

    def teacher(prompt, begun):
        asked.append((prompt, begun))
        return " And so 5."

    made = mixed_policy([row("r1", skill="add")], lambda p: "I add. I add. I get 6.", teacher, seed=0)
    assert asked == [(QUESTION, "I add. I add.")]
    assert made[0].messages[-1].content == "I add. I add. And so 5."
    assert (made[0].id, made[0].trained, made[0].skill) == ("r1+mixed", (1,), "add")


def test_what_is_not_mixed():
    assert mixed_policy([row("r")], lambda p: " ", lambda p, b: "x", seed=0) == []
    assert mixed_policy([row("r")], lambda p: "I add. So.", lambda p, b: "", seed=0) == []
    assert mixed_policy([row("r")], lambda p: "I add. So.", lambda p, b: "x", seed=0, accept=lambda r, t: False) == []
    assert mixed_policy([row("r")], lambda p: "I add.", lambda p, b: "x", seed=0, differs=lambda r, t: False) == []


def test_a_rows_cut_does_not_depend_on_the_rows_beside_it():
    def begun(names):
        made = mixed_policy(
            [row(n) for n in names], lambda p: "a b c d e f g h i j k l m n o p", lambda p, b: "!", seed=3
        )
        return {r.id: r.messages[-1].content for r in made}

    alone, beside = begun(["b"]), begun(["a", "b", "c"])
    assert alone["b+mixed"] == beside["b+mixed"]
    assert len(set(begun([f"n{i}" for i in range(20)]).values())) > 1

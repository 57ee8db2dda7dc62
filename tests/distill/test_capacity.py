"""Advice on the size of a teacher."""

import pytest

from classwright.distill.capacity import advise, parameters_in, shown


@pytest.mark.parametrize(
    ("teacher", "ratio", "verdict"),
    [(100, 1.0, "small"), (124, 1.24, "small"), (125, 1.25, "close"), (250, 2.5, "close"), (500, 5.0, "close"),
     (501, 5.01, "large"), (1000, 10.0, "large"), (1001, 10.01, "too large")],
)  # fmt: skip
def test_the_verdicts(teacher, ratio, verdict):
    a = advise(teacher, 100)
    assert (a.ratio, a.verdict, a.best) == (ratio, verdict, 250)
    assert ("more than 10 times" in a.words) == (verdict == "too large")


def test_words_name_the_best_size():
    assert "a smaller teacher may teach better; about 2.5 times (338M)" in advise(7_000_000_000, 135_000_000).words
    with pytest.raises(ValueError, match="0 and 5"):
        advise(0, 5)


@pytest.mark.parametrize(
    ("name", "size"),
    [("HuggingFaceTB/SmolLM2-135M-Instruct", 135_000_000), ("Qwen/Qwen2.5-7B-Instruct", 7_000_000_000),
     ("qwen2.5-coder-0.5b.gguf", 500_000_000), ("Mixtral-8x7B", None), ("Qwen3-30B-A3B", None), ("gpt-5", None),
     ("code", None), ("SmolLM2-135M + Qwen2.5-7B", None), ("smollm2", 135_000_000), ("q4_1", None)],
)  # fmt: skip
def test_sizes_in_names(name, size):
    assert parameters_in(name) == size


def test_sizes_for_people():
    assert [shown(n) for n in (1_500_000_000, 135_000_000, 5_000)] == ["1.5B", "135M", "5,000"]

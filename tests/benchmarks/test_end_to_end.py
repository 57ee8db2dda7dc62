"""The measurement against a real server, on a small fake one; and that no order of prompts reuses more than the most."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import end_to_end
from benchmarks.reuse import block_size, counters, most_reusable
from classwright.models.scripted import Say, completion
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_talk import talk

METRICS = """\
# HELP vllm:prefix_cache_queries_total Tokens looked for.
vllm:prefix_cache_queries_total{engine="0",model_name="m"} 120.0
vllm:prefix_cache_queries_total{engine="1",model_name="m"} 1e+01
vllm:prefix_cache_hits_total{engine="0",model_name="m"} 32.0
vllm:external_prefix_cache_hits_total{engine="0",model_name="m"} 7.0
vllm:cache_config_info{block_size="32",cache_dtype="auto",engine="0"} 1.0
"""


def reused(prompts: list[list[int]], block: int) -> int:
    """What a cache without end answers of prompts in this order, the last token of each always read."""
    seen: set[tuple[int, ...]] = set()
    total = 0
    for tokens in prompts:
        starts = [tuple(tokens[:end]) for end in range(block, len(tokens) + 1, block)]
        usable = [start for start in starts if len(start) < len(tokens)]
        total += block * len(list(itertools.takewhile(seen.__contains__, usable)))
        seen.update(starts)
    return total


prompts = st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=9), max_size=6)


@given(prompts, st.integers(1, 3), st.randoms(use_true_random=False))
def test_the_most_is_reached_by_one_order_and_passed_by_none(prompts, block, rng):
    most = most_reusable(prompts, block)
    assert reused(sorted(prompts, key=len), block) == most
    rng.shuffle(prompts)
    assert reused(prompts, block) <= most


def test_the_last_token_is_always_read():
    assert most_reusable([[1, 2, 3, 4]] * 3, 2) == 2 * 2  # the second block holds the last token
    assert most_reusable([[1, 2, 3, 4, 5]] * 3, 2) == 2 * 4
    assert most_reusable([[1, 2], [1, 2, 3]], 2) == 2


def test_counters_of_all_engines_are_read():
    assert counters(METRICS) == (130, 32)
    assert block_size(METRICS) == 32
    assert block_size("") == 16
    with pytest.raises(ValueError, match="counts no prefix_cache_queries"):
        counters("vllm:external_prefix_cache_hits_total 3.0\n")


class Served:
    """A server whose tokens are words, with a cache of one salt each."""

    def __init__(self) -> None:
        self.queried = self.hit = 0
        self.seen: dict[str, list[list[int]]] = {}

    def __call__(self, request) -> Answer:
        if request.path == "/metrics":
            text = f"vllm:prefix_cache_queries_total {self.queried}\nvllm:prefix_cache_hits_total {self.hit}\n"
            return Answer(text.encode())
        body = request.body
        tokens = [hash(word) for message in body["messages"] for word in message["content"].split()]
        if request.path == "/tokenize":
            return Answer({"tokens": tokens})
        before = self.seen.setdefault(body["cache_salt"], [])
        self.queried += len(tokens)
        self.hit += reused([*before, tokens], 16) - reused(before, 16)
        before.append(tokens)
        raw = completion(Say(talk(body)), "m", body)
        if body.get("ignore_eos"):
            assert body["min_tokens"] == body["max_tokens"]
            raw["usage"]["completion_tokens"] = body["max_tokens"]
        return Answer(raw, delay_s=0.005 + 0.001 * random.random())


def test_the_whole_measurement(monkeypatch, capsys):
    monkeypatch.setattr(end_to_end, "SETTLE_S", 0.0)
    with FakeServer(Served()) as server:
        words = ["--url", server.url, "--model", "m", "--dialogues", "6", "--repeats", "1", "--batches", "2,8"]
        (row,) = end_to_end.main(words)
    bound, ours, everyone = row.values()
    assert bound[1] == ours[1] == everyone[1] > 0  # a scripted model says the same whoever else is live
    assert bound[4] == 1
    assert 0 < ours[4] < 1.2
    # One prompt after the other into a cache without end: only those that came too early are read twice.
    assert 0.5 < ours[7] <= 1
    assert everyone[7] <= 1
    printed = capsys.readouterr().out
    assert "batches of 8" in printed
    assert "makespan loss of our window against all live" in printed

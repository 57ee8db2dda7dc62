"""The simulated fleet: no schedule beats the bound, no call is lost, and caches do what vLLM's do."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fleet import BLOCK, Cache, Call, ServerSpec, quantile, simulate
from benchmarks.scale import Gpu, Lengths, Llm, dialogues, server

SMALL = ServerSpec(slots=3, step_s=0.01, sequence_s=0.001, prefill_per_s=5000, cache_blocks=40)


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 25),
    servers=st.integers(1, 4),
    window=st.integers(1, 40),
    places=st.integers(1, 20),
    route=st.sampled_from(["affinity", "least", "random"]),
    shards=st.integers(1, 3),
    sigma=st.sampled_from([0.0, 0.8]),
    seed=st.integers(0, 5),
)
def test_every_call_is_answered_once_and_nothing_beats_the_bound(
    n, servers, window, places, route, shards, sigma, seed
):
    held = dialogues(n, Lengths(turns=2, out=10, sigma=sigma, rules=40), seed)
    found = simulate(held, servers, SMALL, window=window, places=places, route=route, shards=shards, seed=seed)
    calls = [call for of in held for call in of]
    assert found.calls == len(found.latencies_s) == len(calls)
    assert len(found.dialogues_s) == n
    assert (found.prompt_tokens, found.out_tokens) == (sum(c.tokens for c in calls), sum(c.out for c in calls))
    assert 0 <= found.hit_tokens <= found.best_tokens <= found.prompt_tokens
    assert found.makespan_s >= found.bound_s - 1e-9
    # A reply takes its steps at least.
    assert found.latencies_s[0] >= min(c.out for c in calls) * SMALL.step(1) - 1e-9


def call(blocks: tuple[int, ...], out: int = 10) -> Call:
    return Call(blocks, BLOCK * len(blocks), out, b"")


def test_times_are_those_of_the_model():
    spec = ServerSpec(slots=2, step_s=0.01, sequence_s=0.002, prefill_per_s=1600, cache_blocks=100)
    # Alone: one block of 16 tokens read in 0.01 s, ten steps of 0.012 s.
    assert simulate([[call((1,))]], 1, spec, window=1, places=1).makespan_s == pytest.approx(0.13)
    # Both at once: two blocks read, then ten steps of 0.014 s for both.
    both = simulate([[call((1,))], [call((2,))]], 1, spec, window=2, places=2)
    assert both.makespan_s == pytest.approx(0.16)
    assert both.bound_s == pytest.approx(20 * 0.007 + 0.02)
    # The second one waits for its place, and its prompt is in the cache by then.
    after = simulate([[call((1,))], [call((1,))]], 1, spec, window=2, places=1)
    assert after.makespan_s == pytest.approx(0.13 + 0.12)
    assert (after.hit_tokens, after.best_tokens) == (16, 16)


def test_a_cache_counts_a_beginning_and_drops_the_end_that_was_used_longest_ago():
    cache = Cache(4)
    assert cache.read((1, 2, 3)) == 0
    assert cache.read((1, 2, 4)) == 2
    assert cache.read((5,)) == 0  # drops 3, the end of what was used longest ago
    assert cache.read((1, 2, 4)) == 3
    assert cache.read((9, 2, 4)) == 0  # a block counts only after all that stands before it
    assert Cache(1).read((1, 2)) == 0


def test_prompts_of_a_dialogue_share_what_stands_before():
    [calls] = dialogues(1, Lengths(turns=3, out=32, sigma=0, rules=64, problem=32, tail=16), 0)
    assert len(calls) == 6
    tutor = calls[::2]
    for before, after in pairwise(tutor):
        shared = sum(a == b for a, b in zip(before.blocks, after.blocks, strict=False))
        assert shared == (before.tokens - 16) // BLOCK
    assert {c.start for c in tutor}.isdisjoint({c.start for c in calls[1::2]})


def test_a_roofline_is_what_the_data_sheet_says():
    spec = server(Gpu(bandwidth_share=1, flops_share=1, memory_share=1), Llm(other_bytes=0), 256)
    assert Llm().kv_bytes == 57_344
    assert spec.step_s == pytest.approx(15.2e9 / 3.35e12)
    assert spec.prefill_per_s == pytest.approx(989e12 / 15.2e9)
    assert spec.cache_blocks == int(64.8e9 / 57_344 / 16)


def test_affinity_finds_more_in_the_caches_than_chance():
    held = dialogues(60, Lengths(turns=5), 1)
    spec = ServerSpec(slots=8, cache_blocks=2000, prefill_per_s=20_000)
    ours, chance = (
        simulate(held, 4, spec, window=40, places=32, route=route) for route in ("affinity", "random")
    )  # fmt: skip
    assert ours.reuse > 0.85 > chance.reuse + 0.1
    assert quantile(ours.latencies_s, 0.5) <= quantile(ours.latencies_s, 0.99)

"""What a server's prefix cache answered, and the most that it could have."""

import re
from collections import Counter
from collections.abc import Sequence

from benchmarks.fleet import BLOCK


def most_reusable(prompts: Sequence[Sequence[int]], block: int = BLOCK) -> int:
    """The most tokens of prompts that a cache without end can answer, whatever order they come in.

    A server keeps whole blocks, each known by all that stands before it, and always reads a prompt's last token itself.
    So every block is read by one prompt, and answered in all others; in none that needs it where one prompt ends with
    this very block, as that one cannot use it anyway. Prompts in order of length reach this.

    Args:
        prompts: Tokens.
        block: Tokens of a block.
    """
    whole: Counter[int] = Counter()
    usable: Counter[int] = Counter()
    names: dict[tuple[int, tuple[int, ...]], int] = {}
    for tokens in prompts:
        chain = 0
        for end in range(block, len(tokens) + 1, block):
            chain = names.setdefault((chain, tuple(tokens[end - block : end])), len(names) + 1)
            whole[chain] += 1
            usable[chain] += end < len(tokens)
    return block * sum(usable[chain] - (usable[chain] == whole[chain]) for chain in whole)


def counters(metrics: str) -> tuple[float, float]:
    """Tokens that were looked for in the prefix cache and found there, from a server's /metrics, over all engines.

    Raises:
        ValueError: It does not count them.
    """
    found = []
    for name in ("queries", "hits"):
        values = re.findall(rf"^vllm:prefix_cache_{name}(?:_total)?(?:\{{.*\}})? (\S+)$", metrics, re.MULTILINE)
        if not values:
            raise ValueError("the server counts no prefix_cache_queries and hits")
        found.append(sum(map(float, values)))
    return found[0], found[1]


def block_size(metrics: str) -> int:
    """Tokens of a block of the server's cache; vLLM's usual 16 where it does not say."""
    said = re.search(r'^vllm:cache_config_info\{.*\bblock_size="(\d+)"', metrics, re.MULTILINE)
    return int(said[1]) if said else BLOCK

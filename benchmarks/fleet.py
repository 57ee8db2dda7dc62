"""A discrete-event simulation of servers that decode in batches and keep prefixes, and of the clients that ask them.

A server is a fluid model of continuous batching: every sequence gets a token a step, a step takes `step_s +
sequence_s * batch`, and the part of a prompt that is not cached holds everybody up for `tokens / prefill_per_s`. The
cache keeps blocks of 16 tokens, each known by all that stands before it, and drops the least recently used one (vLLM's
automatic prefix caching). The clients are ours: `models.routing.Router` chooses the server, each shard has a router and
places of its own, and so many dialogues are live at a time. Nothing here is a measurement of a real server.
"""

import random
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import ceil
from typing import NamedTuple

from classwright.models.routing import Router

BLOCK = 16
"""Tokens of a cached block, as vLLM has it."""


class Call(NamedTuple):
    """One request: its prompt as block ids (equal ids stand for equal text with an equal beginning), prompt tokens,
    tokens of the reply, and the digest that routing goes by."""

    blocks: tuple[int, ...]
    tokens: int
    out: int
    start: bytes


Dialogue = Sequence[Call]


@dataclass(frozen=True)
class ServerSpec:
    """One server.

    Attributes:
        slots: Sequences that it decodes at a time.
        step_s: A decoding step without any sequence, s: reading the weights.
        sequence_s: What each sequence adds to a step, s: reading its keys and values.
        prefill_per_s: Prompt tokens that it reads a second.
        cache_blocks: Blocks that its cache holds.
    """

    slots: int = 32
    step_s: float = 0.01
    sequence_s: float = 0.0
    prefill_per_s: float = float("inf")
    cache_blocks: int = 60_000

    def step(self, batch: int) -> float:
        """Seconds of a step with so many sequences."""
        return self.step_s + self.sequence_s * batch


class Cache:
    """Blocks, the least recently used one first."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._blocks: OrderedDict[int, None] = OrderedDict()

    def read(self, blocks: Sequence[int]) -> int:
        """Use a prompt's blocks; returns how many of its first ones were there."""
        held, hits = self._blocks, 0
        for block in blocks:
            if block not in held:
                break
            hits += 1
        for block in reversed(blocks):  # of one prompt the end goes first, as in vLLM
            held[block] = None
            held.move_to_end(block)
        while len(held) > self.capacity:
            held.popitem(last=False)
        return hits


class Server:
    """A server in time. Its clock `v` counts steps; `debt` is reading that holds everybody up, s."""

    def __init__(self, spec: ServerSpec) -> None:
        self.spec, self.cache = spec, Cache(spec.cache_blocks)
        self.now = self.v = self.debt = 0.0
        self.decoding: list[tuple[float, int]] = []
        self.waiting: deque[tuple[int, Call]] = deque()
        self.version = 0

    def _advance(self, now: float) -> None:
        passed = now - self.now
        held_up = min(self.debt, passed)
        self.debt -= held_up
        if self.decoding:
            self.v += (passed - held_up) / self.spec.step(len(self.decoding))
        self.now = now

    def add(self, now: float, number: int, call: Call) -> int | None:
        """A request arrives; returns the tokens of it that were cached, None where it has to wait."""
        self._advance(now)
        self.version += 1
        if len(self.decoding) >= self.spec.slots:
            self.waiting.append((number, call))
            return None
        hits = min(BLOCK * self.cache.read(call.blocks), call.tokens)
        self.debt += (call.tokens - hits) / self.spec.prefill_per_s
        heappush(self.decoding, (self.v + call.out, number))
        return hits

    def next_end(self) -> float:
        """When the next reply is complete, as things are now."""
        steps = max(0.0, self.decoding[0][0] - self.v)
        return self.now + self.debt + steps * self.spec.step(len(self.decoding))

    def end(self, now: float) -> int:
        """A reply is complete; returns whose."""
        self._advance(now)
        self.version += 1
        return heappop(self.decoding)[1]


@dataclass
class Outcome:
    """What a simulated run came to.

    Attributes:
        makespan_s: From the first request to the last reply.
        bound_s: No schedule is faster: see `bound`.
        calls: Replies, one a request.
        prompt_tokens, out_tokens: Of all calls.
        hit_tokens: Prompt tokens that a server had cached.
        best_tokens: Those that any server had read before, the most that caching could give.
        latencies_s: Of every call, from being ready to be asked until its reply, sorted.
        dialogues_s: Of every dialogue, sorted.
    """

    makespan_s: float = 0.0
    bound_s: float = 0.0
    calls: int = 0
    prompt_tokens: int = 0
    out_tokens: int = 0
    hit_tokens: int = 0
    best_tokens: int = 0
    latencies_s: list[float] = field(default_factory=list)
    dialogues_s: list[float] = field(default_factory=list)

    @property
    def hit_rate(self) -> float:
        """Share of prompt tokens that need not be read."""
        return self.hit_tokens / max(1, self.prompt_tokens)

    @property
    def reuse(self) -> float:
        """Cached tokens by the most that could be."""
        return self.hit_tokens / self.best_tokens if self.best_tokens else 1.0


def quantile(ordered: Sequence[float], q: float) -> float:
    """Of sorted values, the one below which a share q lies."""
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


def bound(dialogues: Iterable[Dialogue], best_tokens: int, servers: int, spec: ServerSpec) -> float:
    """Seconds that every schedule takes at least: all steps in full batches and every new prompt token read once, over
    all servers; and the longest dialogue with nobody beside it."""
    longest = work = 0.0
    prompt = 0
    for calls in dialogues:
        out = sum(call.out for call in calls)
        longest = max(longest, out * spec.step(1))
        work += out * spec.step(spec.slots) / spec.slots
        prompt += sum(call.tokens for call in calls)
    return max(longest, (work + (prompt - best_tokens) / spec.prefill_per_s) / servers)


class _Shard:
    """A client process: its router, the places that it has, who waits for one, how many dialogues are live."""

    def __init__(self, names: Sequence[str], places: int) -> None:
        self.router = Router(names, clock=lambda: 0.0)
        self.free, self.live = places, 0
        self.waiting: deque[int] = deque()


def simulate(
    dialogues: Sequence[Dialogue],
    servers: int,
    spec: ServerSpec,
    *,
    window: int,
    places: int,
    route: str = "affinity",
    shards: int = 1,
    seed: int = 0,
) -> Outcome:
    """Hold dialogues, each call after the one before.

    Args:
        dialogues: Their calls in order.
        servers: How many, all alike.
        spec: What they are like.
        window: Dialogues live at a time, over all shards.
        places: Requests under way at a time, over all shards.
        route: "affinity" (ours), "least" (the least busy server) or "random".
        shards: Client processes, which know only their own requests; a new dialogue goes to the least busy one.
        seed: Of random routing.
    """
    rng = random.Random(seed)
    names = [str(i) for i in range(servers)]
    fleet = [Server(spec) for _ in names]
    clients = [_Shard(names, max(1, places // shards)) for _ in range(shards)]
    most_live = ceil(window / shards)
    found, seen = Outcome(), set[int]()
    position, asked, began = [0] * len(dialogues), [0.0] * len(dialogues), [0.0] * len(dialogues)
    home: list[_Shard | None] = [None] * len(dialogues)
    at = [0] * len(dialogues)
    events: list[tuple[float, int, int]] = []  # time, server, version of the server that it was foretold with
    upcoming, now = 0, 0.0

    def foretell(server: int) -> None:
        if fleet[server].decoding:
            heappush(events, (fleet[server].next_end(), server, fleet[server].version))

    def read(server: int, number: int, call: Call) -> None:
        hits = fleet[server].add(now, number, call)
        if hits is None:
            return
        known = 0
        for block in call.blocks:
            if block not in seen:
                break
            known += 1
        seen.update(call.blocks)
        found.hit_tokens += hits
        found.best_tokens += min(BLOCK * known, call.tokens)
        found.prompt_tokens += call.tokens

    def send(client: _Shard, number: int) -> None:
        call = dialogues[number][position[number]]
        if route == "affinity":
            server = int(client.router.take(call.start))
        elif route == "least":
            server = min(range(servers), key=lambda s: len(fleet[s].decoding) + len(fleet[s].waiting))
        else:
            server = rng.randrange(servers)
        client.free -= 1
        at[number] = server
        read(server, number, call)
        foretell(server)

    def ask(client: _Shard, number: int) -> None:
        asked[number] = now
        if client.free:
            send(client, number)
        else:
            client.waiting.append(number)

    def admit() -> None:
        nonlocal upcoming
        while upcoming < len(dialogues):
            client = min(clients, key=lambda c: c.live)
            if client.live >= most_live:
                return
            number, upcoming = upcoming, upcoming + 1
            client.live += 1
            home[number], began[number] = client, now
            ask(client, number)

    admit()
    while events:
        time, server, version = heappop(events)
        if version != fleet[server].version:
            continue
        now = time
        number = fleet[server].end(now)
        if fleet[server].waiting:
            read(server, *fleet[server].waiting.popleft())
        foretell(server)
        client = home[number]
        assert client is not None
        found.calls += 1
        found.out_tokens += dialogues[number][position[number]].out
        found.latencies_s.append(now - asked[number])
        client.free += 1
        if route == "affinity":
            client.router.give_back(names[at[number]], failed=False)
        if client.waiting:
            send(client, client.waiting.popleft())
        position[number] += 1
        if position[number] < len(dialogues[number]):
            ask(client, number)
        else:
            client.live -= 1
            found.dialogues_s.append(now - began[number])
            admit()
    found.makespan_s = now
    found.latencies_s.sort()
    found.dialogues_s.sort()
    found.bound_s = bound(dialogues, found.best_tokens, servers, spec)
    return found

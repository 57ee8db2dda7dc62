"""Which of several servers gets a request: those that begin alike go to one, as far as its load and health allow.

A server that has read the beginning of a prompt answers what goes on from there sooner (prefix caching), and the turns
of a dialogue begin alike. A new beginning goes to the least busy server (of equally busy ones to the first by
rendezvous hashing, Thaler & Ravishankar 1998, so that processes agree where nothing else decides). It stays there until
that server is busier than the mean by more than a bound (Mirrokni, Thorup & Zadimoghaddam 2018, "Consistent hashing
with bounded loads"); then it moves. benchmarks/prefix.py compares this with other ways.
"""

import time
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from math import ceil
from typing import Any

LOAD = 1.1
"""A server gets at most so many times the mean load before what begins at it moves to the least busy one."""
KEPT = 100_000
"""Beginnings of which it is known where they were read, the last ones used."""
BEGINNING = 400
"""Characters of a prompt after its system message that tell which server has read it before."""
REST_S, LONGEST_REST_S = 1.0, 60.0
"""A server that failed is spared for a time that doubles with every failure in a row, s."""


def beginning(body: dict[str, Any]) -> bytes:
    """A digest of how the prompt of a request begins."""
    text = "".join(
        str(m.get("content") or "")[: None if m.get("role") == "system" else BEGINNING]
        for m in body.get("messages", [])[:2]
    )
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


class Router:
    """The servers of an endpoint with the requests under way at each.

    Args:
        servers: At least one address.
        clock: Monotonic seconds.
    """

    def __init__(self, servers: Sequence[str], clock: Any = time.monotonic) -> None:
        self.servers = list(servers)
        self._busy = dict.fromkeys(self.servers, 0)
        self._failures = dict.fromkeys(self.servers, 0)
        self._rests = dict.fromkeys(self.servers, 0.0)
        self._clock = clock
        self._homes: OrderedDict[bytes, str] = OrderedDict()

    def take(self, start: bytes, last: str = "") -> str:
        """The server for a request that begins like `start`, now busier by one; not `last`, if there is another."""
        if len(self.servers) == 1:
            chosen = self.servers[0]
        else:
            now = self._clock()
            others = [s for s in self.servers if s != last]
            fit = [s for s in others if self._rests[s] <= now] or others
            most = ceil(LOAD * (sum(self._busy[s] for s in fit) + 1) / len(fit))
            home = self._homes.get(start)
            if home in fit and self._busy[home] < most:
                chosen = home
            else:
                chosen = min(fit, key=lambda s: (self._busy[s], blake2b(start + s.encode(), digest_size=8).digest()))
            if home is None or home in fit:  # one that rests gets back what was its own
                self._homes[start] = chosen
            self._homes.move_to_end(start)
            if len(self._homes) > KEPT:
                self._homes.popitem(last=False)
        self._busy[chosen] += 1
        return chosen

    def give_back(self, server: str, *, failed: bool) -> None:
        """A request has ended; one that failed spares the server for a while."""
        self._busy[server] -= 1
        if failed:
            rest = min(LONGEST_REST_S, REST_S * 2 ** self._failures[server])
            self._failures[server] += 1
            self._rests[server] = self._clock() + rest
        else:
            self._failures[server], self._rests[server] = 0, 0.0

"""The transport: chat completions over any OpenAI-compatible HTTP API.

aiohttp rather than the `openai` client: a tenth of the CPU time a call, and near the bound at 256 connections.
"""

import asyncio
import email.utils
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from classwright.errors import ClasswrightError, InputError, UnreachableError
from classwright.models.dialect import for_openai, is_openai
from classwright.models.places import Places
from classwright.models.reply import error_message, typed
from classwright.models.routing import Router, beginning
from classwright.models.usage import Meter

if TYPE_CHECKING:
    import aiohttp

RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""HTTP statuses that a later try can mend."""

BASE_S, CAP_S, LONGEST_S = 0.5, 20.0, 120.0
"""Waits between tries, s: full jitter below `BASE_S * 2**n`, at most `CAP_S` (Brooker, AWS 2015), after what
the server asks for; one that asks for more than `LONGEST_S` is given up."""


KEPT = 4096
"""Answers at temperature 0 that are kept for identical requests; of some 2 kB each."""


class Completion(NamedTuple):
    """A reply as the endpoint sent it, how long it took, s, and what its check made of it."""

    raw: dict[str, Any]
    latency_s: float
    checked: Any = None


class Transport(Protocol):
    """What a chat needs of an endpoint; `Endpoint` and `ScriptedModel` have it."""

    async def complete(self, body: dict[str, Any]) -> Completion:
        """Answer one request of the chat completions API."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass
class Endpoint:
    """One or several servers that answer for the same model.

    Attributes:
        base_urls: API roots, such as `http://127.0.0.1:8000/v1`, or a function that starts a server and gives its root.
        meter: Counts retries and errors.
        api_key: Sent as a bearer token; never stored or shown.
        key_name: Where the key came from, for messages.
        concurrency: Most requests under way at a time, over all servers.
        timeout_s: Longest time for one try, s, without the wait for a free place.
        tries: Most tries of one request.
        extra: Fields added to every request on its way out (not part of its hash).
        adapters: Model names that mean an adapter of an embedded server, with its number there.
        jitter: Source of the random waits.
    """

    base_urls: Sequence[str] | Callable[[], Awaitable[str]]
    meter: Meter = field(default_factory=Meter)
    api_key: str | None = None
    key_name: str | None = None
    concurrency: int = 32
    timeout_s: float = 180.0
    tries: int = 4
    extra: dict[str, Any] = field(default_factory=dict)
    adapters: Mapping[str, int] = field(default_factory=dict)
    jitter: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self._router = Router([""])
        self._session: aiohttp.ClientSession | None = None
        self._places = Places(self.concurrency)
        self._opening = asyncio.Lock()
        self._under_way: dict[bytes, asyncio.Future[Completion]] = {}
        self._answered: dict[bytes, Completion] = {}

    async def complete(self, body: dict[str, Any]) -> Completion:
        """Answer a request when there is a place; an identical one that is under way already is shared, not sent again.

        At temperature 0 the last `KEPT` answers are shared as well: the same question has the same answer.

        Raises:
            UnreachableError: No answer after every try.
            InputError: The server refuses the key, the model or the address.
            ClasswrightError: The server refuses the request for another reason; its own words are in the message.
        """
        while True:
            async with self._places:  # what waits for one is not written out yet: thousands may
                data = json.dumps(self._for_server(body), separators=(",", ":")).encode()
                digest = sha256(data).digest()
                if (kept := self._answered.get(digest)) is not None:
                    return kept
                shared = self._under_way.get(digest)
                if shared is None:
                    return await self._answer(body, data, digest)
            # The place is free for others meanwhile.
            await asyncio.wait((shared,))
            if not shared.cancelled():
                return shared.result()

    async def _answer(self, body: dict[str, Any], data: bytes, digest: bytes) -> Completion:
        """Send a request, and tell whoever waits for the same; if its sender is canceled, one of those sends it."""
        shared = self._under_way[digest] = asyncio.get_running_loop().create_future()
        try:
            session, router = await self._open()
            completion = await self._try(session, router, "/chat/completions", data, typed, beginning(body))
        except asyncio.CancelledError:
            shared.cancel()
            raise
        except Exception as error:
            shared.set_exception(error)
            shared.exception()  # seen: nobody need be waiting for it
            raise
        else:
            shared.set_result(completion)
            if body.get("temperature") == 0:
                self._answered[digest] = completion
                if len(self._answered) > KEPT:
                    del self._answered[next(iter(self._answered))]
            return completion
        finally:
            del self._under_way[digest]

    def _for_server(self, body: dict[str, Any]) -> dict[str, Any]:
        openai = not callable(self.base_urls) and all(is_openai(url) for url in self.base_urls)
        number = self.adapters.get(body.get("model", ""))
        adapter = {} if number is None else {"lora": [{"id": number, "scale": 1.0}]}
        return (for_openai(body) if openai else body) | self.extra | adapter

    async def post(self, path: str, data: bytes, check: Callable[[object], object], start: bytes = b"") -> Completion:
        """Send one JSON body, with retries; the time in the result is that of the try that was answered.

        Args:
            path: Below the API root, for example "/embeddings".
            data: The body.
            check: Raises ValueError for a reply that is not what it should be; that counts as a failed try.
            start: Of several servers, requests with the same start go to the same one where they can.

        Raises:
            As `complete`.
        """
        session, router = await self._open()
        async with self._places:
            return await self._try(session, router, path, data, check, start)

    async def post_json(self, path: str, body: dict[str, Any]) -> Completion:
        """Send any JSON body, as `post`; the reply is some JSON object."""
        return await self.post(path, json.dumps(body | self.extra).encode(), check=_an_object)

    async def servers(self) -> list[str]:
        """The API roots of all servers; one that is started when first needed is started."""
        _, router = await self._open()
        return list(router.servers)

    async def _try(
        self,
        session: "aiohttp.ClientSession",
        router: Router,
        path: str,
        data: bytes,
        check: Callable[[object], object],
        start: bytes,
    ) -> Completion:
        problem, server, wait, number = "", "", 0.0, 0
        for number in range(1, self.tries + 1):
            server, failed = router.take(start, server), True
            started = time.perf_counter()
            try:
                async with session.post(server + path, data=data, headers=self._headers()) as response:
                    content = await response.read()
                    if response.status < 400:
                        raw = _json(content)
                        latency_s = time.perf_counter() - started
                        completion = Completion(raw, latency_s, check(raw))
                        failed = False
                        return completion
                    problem = self._problem(response.status, content)
                    if response.status not in RETRIED:
                        failed = False  # what it refuses, another one would refuse too
                        raise self._refusal(server, response.status, problem)
                    wait = asked_wait(response.headers)
            except TimeoutError as error:
                problem, wait = str(error) or f"no reply within {self.timeout_s:g} s", 0.0
            except (_connection_error(), ValueError) as error:
                problem, wait = " ".join(str(error).split()) or type(error).__name__, 0.0
            except asyncio.CancelledError:
                failed = False  # not the server's doing
                raise
            finally:
                router.give_back(server, failed=failed)
            if wait > LONGEST_S:
                problem += f" (asks to wait {wait:.0f} s)"
                break
            if number < self.tries:
                self.meter.retries += 1
                await asyncio.sleep(wait + self.jitter.uniform(0, min(CAP_S, BASE_S * 2**number)))
        self.meter.errors += 1
        raise UnreachableError(f"{server} did not answer (tried {number} times): {problem}")

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if self.api_key:
            headers["Authorization"] = f"Bearer {self.api_key}"
        return headers

    def _problem(self, status: int, content: bytes) -> str:
        try:
            message = error_message(json.loads(content))
        except ValueError:
            message = error_message(content.decode("utf-8", "replace"))
        if self.api_key:
            message = message.replace(self.api_key, "…")
        return f"HTTP {status}" + (f": {message}" if message else "")

    def _refusal(self, server: str, status: int, problem: str) -> ClasswrightError:
        self.meter.errors += 1
        if status in (401, 403):
            where = f"the key in {self.key_name}" if self.key_name else "api_key_env in the recipe"
            return InputError(f"{server} refuses the key; check {where}: {problem}")
        if status == 404:
            return InputError(f"{server} knows no such model or address; check the recipe: {problem}")
        return ClasswrightError(f"{server} refuses the request: {problem}")

    async def _open(self) -> tuple["aiohttp.ClientSession", Router]:
        if self._session is None:
            async with self._opening:
                if self._session is None:
                    import aiohttp

                    roots = [await self.base_urls()] if callable(self.base_urls) else self.base_urls
                    self._router = Router([url.rstrip("/") for url in roots])
                    self._session = aiohttp.ClientSession(
                        connector=aiohttp.TCPConnector(limit=0),  # the semaphore bounds
                        timeout=aiohttp.ClientTimeout(total=self.timeout_s, sock_connect=min(10.0, self.timeout_s)),
                        trust_env=not all(is_local(url) for url in self._router.servers),
                    )
        return self._session, self._router

    async def close(self) -> None:
        """Close the connections; what is still under way there fails."""
        if self._session is not None:
            await self._session.close()
            self._session = None
            await asyncio.sleep(0)  # aiohttp closes its sockets in the next round of the loop


def asked_wait(headers: Any) -> float:
    """How long a server asks to wait, s: `retry-after-ms`, or `Retry-After` as seconds or as an HTTP date; else 0."""
    for name, unit in (("retry-after-ms", 1000.0), ("Retry-After", 1.0)):
        text = headers.get(name)
        if text is None:
            continue
        try:
            return max(0.0, float(text) / unit)
        except ValueError:
            pass
        try:
            return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
        except ValueError:
            continue
    return 0.0


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError("its reply is not JSON") from error


def _an_object(raw: object) -> None:
    if not isinstance(raw, dict):
        raise ValueError("its reply is no JSON object")


def is_local(url: str) -> bool:
    """Whether an address is on this machine."""
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


def _connection_error() -> type[Exception]:
    import aiohttp

    return aiohttp.ClientError

"""A small real HTTP server that speaks the OpenAI API as badly as it is told to.

with FakeServer([say("prose"), Answer(status=500), say("fine")]) as server:
    ... server.url, server.bodies, server.requests
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from classwright.models.scripted import Say, completion


@dataclass(frozen=True)
class Answer:
    """What happens to one request.

    `data` is sent as JSON, or as it is if bytes. `hang` never answers, `reset` cuts the connection.
    """

    data: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    hang: bool = False
    reset: bool = False


@dataclass(frozen=True)
class Request:
    """One request that arrived, with the time it did."""

    path: str
    headers: dict[str, str]
    body: Any
    at: float


def say(text: str, **more: Any) -> Answer:
    """A well-formed chat completion; further fields are those of `Say`."""
    return Answer(completion(Say(text, **more), "fake", {}))


def failure(status: int, message: str = "something went wrong", **headers: str) -> Answer:
    """An error as OpenAI sends it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer({"error": {"message": message, "type": "x"}}, status, named)


class FakeServer:
    """Answers from a list in order (the last one for ever after), or with a function of the request."""

    def __init__(self, script: Sequence[Answer] | Callable[[Request], Answer]) -> None:
        self.script = script
        self.requests: list[Request] = []
        self.answered: list[float] = []
        self.connections = 0
        self.most_at_once = 0
        self._at_once = 0
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def bodies(self) -> list[Any]:
        return [request.body for request in self.requests]

    def __enter__(self) -> "FakeServer":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join(10)

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._loop.call_later(0.02, self._loop.stop)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=1024))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        raw = await reader.readexactly(int(headers.get("content-length", 0)))
        request = Request(head[0].split()[1], headers, json.loads(raw) if raw else None, time.monotonic())
        self.requests.append(request)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            answer = self._answer(request)
            if answer.delay_s:
                await asyncio.sleep(answer.delay_s)
            if answer.hang:
                await asyncio.sleep(3600)
        finally:
            self._at_once -= 1
        self.answered.append(time.monotonic())
        if answer.reset:
            writer.transport.abort()
            return False
        data = answer.data if isinstance(answer.data, bytes) else json.dumps(answer.data).encode()
        lines = [f"HTTP/1.1 {answer.status} X", "Content-Type: application/json", f"Content-Length: {len(data)}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + data)
        await writer.drain()
        return True

    def _answer(self, request: Request) -> Answer:
        if callable(self.script):
            return self.script(request)
        return self.script[min(len(self.requests), len(self.script)) - 1]

"""A simulated model server: a fixed number of slots, a service time per request, a queue, in a process of its own.

It answers like an OpenAI endpoint whose every reply takes a known time, so that the best possible time of a job can be
computed: no job ends before its longest chain of calls, nor before its work divided by the slots.
"""

import asyncio
import json
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from classwright.models.scripted import Say, completion


@dataclass(frozen=True)
class Served:
    """What the server did: requests, and the service time of all of them together, s."""

    requests: int
    busy_s: float


@contextmanager
def serve(
    slots: int, service_s: Callable[[Any], float], reply: Callable[[Any], Any]
) -> Iterator[tuple[str, Callable[[], Served]]]:
    """Run a server in another process.

    Args:
        slots: Requests served at a time; the others wait in order.
        service_s: Request body -> seconds that its reply takes. Must be picklable, as `reply`.
        reply: Request body -> text, or an object sent as JSON.

    Yields:
        (base URL, function that says what was served since it was last asked).
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(
        target=_main, args=(theirs, slots, service_s, reply), daemon=True
    )
    process.start()
    port = ours.recv()

    def served() -> Served:
        ours.send("stats")
        return Served(*ours.recv())

    try:
        yield f"http://127.0.0.1:{port}/v1", served
    finally:
        process.terminate()
        process.join()


def _main(pipe: Connection, slots: int, service_s: Callable[[Any], float], reply: Callable[[Any], Any]) -> None:
    asyncio.run(_serve(pipe, slots, service_s, reply))


async def _serve(pipe: Connection, slots: int, service_s: Callable[[Any], float], reply: Callable[[Any], Any]) -> None:
    free = asyncio.Semaphore(slots)
    done = [0, 0.0]

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.split(b":")[1])
                    for line in head.lower().split(b"\r\n")
                    if line.startswith(b"content-length")
                )
                body = json.loads(await reader.readexactly(length))
                seconds = service_s(body)
                async with free:
                    await asyncio.sleep(seconds)
                done[0] += 1
                done[1] += seconds
                said = reply(body)
                text = said if isinstance(said, str) else json.dumps(said)
                data = json.dumps(completion(Say(text), "sim", body)).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(data)
                    + data
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=4096)
    pipe.send(server.sockets[0].getsockname()[1])

    def asked() -> None:
        pipe.recv()
        pipe.send(tuple(done))
        done[:] = [0, 0.0]

    asyncio.get_running_loop().add_reader(pipe.fileno(), asked)
    await server.serve_forever()

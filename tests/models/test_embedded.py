import asyncio
import math
import subprocess
import sys
import time
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from classwright.errors import ClasswrightError, InputError
from classwright.models import embedded
from classwright.models.probe import probe
from classwright.models.roles import open_models
from classwright.models.weights import SMOLLM2, get_smollm2, sha256
from classwright.runs.journal import Key
from classwright.runs.recipe import Recipe

ASK = [{"role": "user", "content": "Say one friendly sentence to a class that starts with fractions."}]


class Activity(BaseModel):
    """An activity in a lesson."""

    title: str = Field(max_length=40)
    minutes: int = Field(ge=5, le=30)
    kind: Literal["hook", "practice"]


def key(task: str, ordinal: int = 0) -> Key:
    return Key("test", "teacher", task, ordinal)


@pytest.mark.integration
def test_the_weights_are_the_ones_that_were_pinned():
    path = get_smollm2()
    assert sha256(path) == SMOLLM2.sha256
    assert get_smollm2() == path


@pytest.mark.integration
async def test_the_embedded_model_speaks_holds_to_a_schema_and_weighs_answers():
    async with open_models(Recipe(), seed=7) as models:
        chat = models.chat("teacher")
        reply = await chat.text(ASK, key=key("text"), max_tokens=30)
        assert len(reply.text) > 5
        assert reply.completion_tokens > 0
        assert reply.model == SMOLLM2.name

        activities = (
            chat.structured(Activity, ASK, key=key("plan", n), max_tokens=80, temperature=1.0) for n in range(4)
        )
        for activity in await asyncio.gather(*activities):
            assert 5 <= activity.minutes <= 30

        question = [{"role": "user", "content": "What color is the sky on a clear day?"}]
        odds = await chat.choice_logprobs(["blue", "green"], question, key=key("odds"))
        assert sum(math.exp(value) for value in odds.values()) == pytest.approx(1)
        assert 6 <= models.meter.calls <= 10, "up to four activities needed a repair"
        assert models.meter.errors == 0


@pytest.mark.integration
async def test_parallel_and_sequential_requests_give_the_same_text():
    async def say(chat, n: int) -> str:
        messages = [{"role": "user", "content": f"Name {n + 2} things in a classroom."}]
        return (await chat.text(messages, key=key("same", n), max_tokens=24, temperature=0.8)).text

    async with open_models(Recipe(), seed=7) as models:
        chat = models.chat("teacher")
        together = await asyncio.gather(*(say(chat, n) for n in range(4)))
        assert [await say(chat, n) for n in range(4)] == together
    async with open_models(Recipe(), seed=8) as models:
        assert await asyncio.gather(*(say(models.chat("teacher"), n) for n in range(4))) != together


@pytest.mark.integration
async def test_a_prompt_that_does_not_fit_is_one_clear_error():
    async with open_models(Recipe()) as models:
        long = [{"role": "user", "content": "word " * (embedded.CONTEXT + 100)}]
        with pytest.raises(ClasswrightError, match=f"exceeds the available context size .{embedded.CONTEXT} tokens"):
            await models.chat("teacher").text(long, key=key("long"))


@pytest.mark.integration
async def test_a_probe_of_the_embedded_model_finds_everything():
    async with open_models(Recipe()) as models:
        result = await probe(models.chat("teacher"))
    assert result._replace(latency_s=0, capabilities=None) == (True, SMOLLM2.name, 0, None, "", 0)
    can = result.capabilities
    assert can is not None
    assert (can.json_schema, can.logprobs, can.prompt_logprobs, can.reasoning) == (True, True, "no", "none")
    assert result.latency_s > 0


PROGRAM = """
import asyncio, sys
from classwright.models.roles import open_models
from classwright.runs.journal import Key
from classwright.runs.recipe import Recipe

ASK = [{"role": "user", "content": "Tell a very long story."}]

async def main():
    async with open_models(Recipe()) as models:
        chat = models.chat("teacher")
        await chat.text(ASK, key=Key("u", "a", "t", 0), max_tokens=3)
        print("answered", flush=True)
        if sys.argv[1] == "busy":
            long = [asyncio.create_task(chat.text(ASK, key=Key("u", "a", "t", n), max_tokens=2000)) for n in (1, 2)]
            await asyncio.sleep(0.7)
            raise SystemExit(5)
        if sys.argv[1] == "raise":
            raise RuntimeError("boom")
        if sys.argv[1] == "wait":
            await chat.text(ASK, key=Key("u", "a", "t", 1), max_tokens=3000)

asyncio.run(main())
sys.exit(3)
"""


@pytest.mark.integration
@pytest.mark.parametrize(("how", "code"), [("idle", 3), ("busy", 5), ("raise", 1)])
def test_a_process_that_used_it_ends_promptly_and_with_its_own_code(how, code):
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, how], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"answered\n"
        answered = time.monotonic()
        assert process.wait(60) == code
        assert time.monotonic() - answered < 8
        noise = process.stderr.read()
    assert noise == b"" or how == "raise"


@pytest.mark.integration
def test_ctrl_c_in_the_middle_of_a_reply_ends_the_process_promptly():
    import signal

    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "wait"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        assert process.wait(60) in (-signal.SIGINT, 130)
        assert time.monotonic() - sent < 8


async def test_a_file_that_llama_cpp_cannot_load_is_one_clear_error(tmp_path):
    pytest.importorskip("xllamacpp")
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF" + b"\x01" * 1000)
    with pytest.raises(InputError, match=r"bad\.gguf: llama\.cpp cannot load this model"):
        await embedded.start(bad)
    with pytest.raises(InputError, match=r"none\.gguf: cannot be read: No such file"):
        await embedded.start(tmp_path / "none.gguf")


def test_the_number_of_threads_can_be_set(monkeypatch):
    monkeypatch.delenv("CLASSWRIGHT_THREADS", raising=False)
    assert embedded.thread_count() >= 1
    monkeypatch.setenv("CLASSWRIGHT_THREADS", "3")
    assert embedded.thread_count() == 3
    for bad in ("0", "-1", "many"):
        monkeypatch.setenv("CLASSWRIGHT_THREADS", bad)
        with pytest.raises(InputError, match=f"CLASSWRIGHT_THREADS is '{bad}'"):
            embedded.thread_count()


def test_without_xllamacpp_the_error_names_the_command():
    code = """
import asyncio, sys
sys.modules["xllamacpp"] = None
from classwright.errors import UnreachableError
from classwright.models import embedded
try:
    asyncio.run(embedded.start())
except UnreachableError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "the embedded model needs xllamacpp: pip install 'classwright[local]', or name a model in a recipe\n"
    )

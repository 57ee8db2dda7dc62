"""The whole way with a real vLLM on the CPU: installed, started twice with an adapter, used, killed, stopped.

The weights and vLLM's environment are those of the cache that runs use; the servers are named after this process and
stopped by name. Times are several times what two idle cores need.
"""

import asyncio
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pytest

from classwright.models import processes
from classwright.models.roles import open_models
from classwright.models.serve_install import installed
from classwright.models.served import request_json
from classwright.runs.journal import Key
from classwright.runs.recipe import load_recipe

pytestmark = [pytest.mark.vllm, pytest.mark.integration, pytest.mark.timeout(1200)]
KIND = "vllm-test-"
MODEL = f"{KIND}{os.getpid()}"


def classwright(*words: object, code: int = 0) -> Any:
    """What the command prints as JSON; with an error, its line."""
    program = "from classwright.cli.main import main; main()"
    command = [sys.executable, "-c", program, *map(str, words), "--json", "--quiet"]
    environment = os.environ | {"CLASSWRIGHT_THREADS": "1"}  # two servers on what may be two cores
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, env=environment)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout) if code == 0 else done.stderr


def serve(*words: object, **options: Any) -> Any:
    return classwright("serve", *words, **options)


def make_adapter(folder: Path, base: Path, seed: int) -> Path:
    """A LoRA adapter with random weights: it is not trained, but it changes what the model says."""
    import torch
    from peft import LoraConfig, get_peft_model

    from classwright.distill.base import load_model

    torch.manual_seed(seed)
    config = LoraConfig(r=8, lora_alpha=8, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers by an old name
        get_peft_model(load_model(base), config).save_pretrained(str(folder))
    return folder


def share(of: float) -> tuple[object, ...]:
    """What two servers and a third leave of one GPU; on a CPU each takes what it needs."""
    return ("--memory-share", of) if installed().build == "gpu" else ()


class Lab:
    def __init__(self, folder: Path) -> None:
        from classwright.distill.base import trainable

        stop_tests()
        self.recipe = folder / "recipe.toml"
        self.recipe.write_text("[models.default]\nmax_tokens = 64\n")
        base = trainable("smollm2")
        self.first_adapter = make_adapter(folder / "first", base, seed=1)
        self.next_adapter = make_adapter(folder / "next", base, seed=2)
        words = ("smollm2", "--name", MODEL, "--detach", "--max-length", 2048, "--recipe", self.recipe)
        lora = ("--lora", f"mia={self.first_adapter}", "--role", "default,student=mia")
        self.servers = [serve(*words, *lora, *share(0.4)), serve(*words, *lora, *share(0.4))]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    try:
        yield Lab(tmp_path_factory.mktemp("vllm"))
    finally:
        stop_tests()


def stop_tests() -> None:
    """Stop the servers of this process, and of others of its kind that were killed."""
    for server in serve("--list")["servers"]:
        kind, _, owner = server["model"].rpartition("-")
        if f"{kind}-" == KIND and (server["model"] == MODEL or processes.started(int(owner)) is None):
            serve("--stop", server["name"])


async def ask(role: str, recipe: Path, n: int = 1, max_tokens: int = 12) -> tuple[list[str], int]:
    """Replies to n questions asked at once, and how many tries they took beyond one each."""
    async with open_models(load_recipe(recipe), seed=3) as models:
        chat = models.chat(role)
        questions = [[{"role": "user", "content": f"Tell me about {k + 2} things in a classroom."}] for k in range(n)]
        work = (
            chat.text(q, key=Key("u", role, "t", k), max_tokens=max_tokens, temperature=0.0)
            for k, q in enumerate(questions)
        )
        found = [reply.text for reply in await asyncio.gather(*work)]
        assert models.meter.errors == 0
        return found, models.meter.retries


def test_two_servers_share_the_roles_and_do_what_vllm_does(lab):
    first, second = lab.servers
    assert (first["name"], second["name"]) == (MODEL, f"{MODEL}-2")
    for server in lab.servers:
        can = server["capabilities"]
        assert (can["json_schema"], can["logprobs"], can["n"], can["prompt_logprobs"]) == (True, True, True, "chat")
        assert (can["context"], can["reasoning"]) == (2048, "none")
    # By the clock, so that on a busy machine one of them may seem to take one at a time.
    assert max(server["capabilities"]["parallel"] for server in lab.servers) > 1
    specs = load_recipe(lab.recipe).models.resolved()
    assert specs["tutor"].base_url == specs["student"].base_url == (first["url"], second["url"])
    assert (specs["tutor"].model, specs["student"].model) == (MODEL, "mia@1")


def test_the_adapter_speaks_otherwise_than_its_base(lab):
    assert asyncio.run(ask("student", lab.recipe))[0] != asyncio.run(ask("tutor", lab.recipe))[0]


def test_log_probabilities_of_choices(lab):
    async def scores() -> dict[str, float]:
        async with open_models(load_recipe(lab.recipe), seed=3) as models:
            question = [{"role": "user", "content": "What color is grass?"}]
            return await models.chat("analyst").choice_logprobs(["green", "red"], question, key=Key("u", "a", "t"))

    found = asyncio.run(scores())
    assert set(found) == {"green", "red"}
    assert sum(math.exp(value) for value in found.values()) == pytest.approx(1)


def test_a_lesson(lab):
    words = ("--class", 2, "--seed", 7, "--candidates", 1, "--rounds", 0, "--no-memory", "--no-proposals")
    summary = classwright("lesson", "fractions.add_unlike", *words, "--recipe", lab.recipe)
    assert summary["calls"] > 0
    config = json.loads((Path(summary["run"]) / "config.json").read_text())
    assert config["recipe"]["models"]["default"]["capabilities"]["json_schema"] is True


def test_a_dialogue(lab):
    words = ("--n", 1, "--turns", 2, "--tutor", "socratic", "--recipe", lab.recipe, "--seed", 1)
    summary = classwright("dialogue", "whole.add_2digit", *words)
    assert (summary["status"], summary["dialogues"], summary["failed"]) == ("finished", 1, 0)
    assert summary["calls"] > 0
    assert summary["errors"] == 0


def test_an_adapter_is_replaced_while_the_server_runs(lab):
    name = lab.servers[1]["name"]
    loaded = serve("--load-lora", f"leo={lab.next_adapter}", "--name", name)
    assert (loaded["loaded"], loaded["changes_replies"]) == ("leo@1", True)
    assert serve("--unload-lora", "leo", "--name", name)["unloaded"] == ["leo@1"]


def test_what_vllm_refuses_is_one_line(lab):
    told = serve("smollm2", "--name", f"{MODEL}-x", "--flags", "--nonsense", *share(0.1), code=2)
    assert told.count("\n") == 1
    assert "did not start: " in told
    assert "unrecognized arguments: --nonsense" in told


def kill_at_work(server: Any) -> None:
    """Kill a server as soon as it computes a request."""
    until = time.monotonic() + 300
    while not re.search(r"^vllm:num_requests_running\S* [1-9]", metrics(server), re.MULTILINE):
        assert time.monotonic() < until
        time.sleep(0.02)
    os.kill(server["pid"], signal.SIGKILL)


def metrics(server: Any) -> str:
    return str(request_json(f"{server['url'].removesuffix('/v1')}/metrics", timeout_s=60))


def test_a_server_killed_at_work_fails_over_and_the_command_cleans_up(lab):
    async def asked() -> tuple[list[str], int]:
        replies = asyncio.create_task(ask("tutor", lab.recipe, 6, max_tokens=96))
        await asyncio.to_thread(kill_at_work, lab.servers[0])
        return await replies

    replies, retries = asyncio.run(asked())
    assert len(replies) == 6
    assert retries > 0
    assert [row["name"] for row in serve("--list")["servers"] if row["model"] == MODEL] == [f"{MODEL}-2"]
    assert serve("--stop", f"{MODEL}-2") == {"stopped": [f"{MODEL}-2"]}
    for server in lab.servers:
        assert not processes.members(server["pid"])

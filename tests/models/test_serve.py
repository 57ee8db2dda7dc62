"""The life of a server, by the command, against a fake vLLM that is a real process with a real port."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from classwright.cli import main, output
from classwright.models import processes
from classwright.models.serve_state import read_all, servers_folder
from classwright.runs.recipe import load_recipe
from tests import fake_servers
from tests.fake_openai import Answer, FakeServer, failure, say
from tests.fake_servers import adapter, lives, model


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setattr(output, "settings", output.Settings())
    fake_servers.install_fake()
    yield
    main.run(["serve", "--all", "--quiet"])


@pytest.fixture
def run(capsys):
    def command(*words, code=0):
        capsys.readouterr()
        assert main.run(["serve", *map(str, words), "--quiet"]) == code
        printed, told = capsys.readouterr()
        assert told.count("\n") == (code != 0), told
        return json.loads(printed) if code == 0 and "--json" in words else told

    return command


def foreground(*words) -> subprocess.Popen:
    program = "from classwright.cli.main import main; main()"
    command = [sys.executable, "-c", program, "serve", *map(str, words), "--quiet"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ready(process: subprocess.Popen) -> dict:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    return json.loads(line)


def test_a_server_is_started_tried_written_into_a_recipe_listed_and_stopped(run, tmp_path):
    recipe = tmp_path / "r.toml"
    recipe.write_text("# mine\nseed = 3\n\n[models.tutor]\ntemperature = 0.2  # calm\n")
    started = run(model(tmp_path / "tiny"), "--detach", "--json", "--recipe", recipe, "--role", "tutor,student")
    assert (started["name"], started["ready"], started["max_length"]) == ("tiny", True, 512)
    can = started["capabilities"]
    assert (can["json_schema"], can["logprobs"], can["prompt_logprobs"], can["n"], can["context"], can["reasoning"]) == (
        True, True, "chat", True, 512, "none",
    )  # fmt: skip
    specs = load_recipe(recipe).models.resolved()
    assert specs["tutor"].base_url == specs["student"].base_url == (started["url"],)
    assert (specs["tutor"].model, specs["tutor"].temperature, specs["tutor"].concurrency) == ("tiny", 0.2, 8)
    assert specs["tutor"].capabilities is not None
    assert specs["tutor"].capabilities.context == 512
    assert specs["teacher"].embedded
    assert "# mine" in recipe.read_text()
    assert "# calm" in recipe.read_text()
    (listed,) = run("--list", "--json")["servers"]
    assert (listed["pid"], listed["detached"]) == (started["pid"], True)
    assert run("--stop", "tiny", "--json") == {"stopped": ["tiny"]}
    assert not lives(started["pid"])
    assert run("--list", "--json") == {"servers": []}
    assert "Loading weights" in (servers_folder() / "tiny.log").read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_in_order(tmp_path, number):
    process = foreground(model(tmp_path / "tiny"), "--json")
    pid = ready(process)["pid"]
    assert lives(pid)
    process.send_signal(number)
    printed, told = process.communicate(timeout=30)
    assert (process.returncode, printed, told) == (0, "", "")
    assert not lives(pid)
    assert read_all() == []


def test_a_signal_during_the_start_leaves_nothing(tmp_path):
    process = foreground(model(tmp_path / "tiny"), "--flags", "--fake hang")
    while not read_all():
        time.sleep(0.02)
    pid = read_all()[0].pid
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told == "classwright: tiny was stopped before it was ready\n"
    assert not lives(pid)


def test_what_a_killed_command_left_is_ended_with_all_its_processes(run, tmp_path, monkeypatch):
    ended = processes.end
    monkeypatch.setattr(processes, "end", lambda pid, since: ended(pid, since, grace_s=0.2))
    process = foreground(model(tmp_path / "tiny"), "--json", "--flags", "--fake stubborn")
    pid = ready(process)["pid"]
    left = processes.members(pid)
    assert len(left) == 2
    process.kill()
    process.communicate(timeout=30)
    assert all(map(lives, left))
    assert run("--list", "--json") == {"servers": []}
    assert not any(map(lives, left))


def test_a_process_that_only_has_the_number_is_left_alone():
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    since = processes.started(other.pid)
    assert since is not None
    processes.end(other.pid, since - 1, grace_s=0.1)
    assert lives(other.pid)
    processes.end(other.pid, since)
    assert other.wait(5) == -signal.SIGTERM


def test_a_server_that_is_killed_ends_its_command_with_one_line(tmp_path):
    process = foreground(model(tmp_path / "tiny"), "--json")
    os.kill(ready(process)["pid"], signal.SIGKILL)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 2
    log = servers_folder() / "tiny.log"
    assert told == f"classwright: tiny ended: killed by signal 9 (SIGKILL) (log: {log})\n"
    assert read_all() == []


def test_stop_from_elsewhere_is_a_regular_end(run, tmp_path):
    process = foreground(model(tmp_path / "tiny"), "--json")
    ready(process)
    run("--stop", "tiny")
    assert process.communicate(timeout=30)[1] == ""
    assert process.returncode == 0


def test_the_cause_of_a_failed_start_is_the_one_line_that_is_shown(run, tmp_path):
    told = run(model(tmp_path / "tiny"), "--flags", "--fake die", code=2)
    log = servers_folder() / "tiny.log"
    assert told == f"classwright: tiny did not start: ValueError: No room for the keys. (exit code 1; log: {log})\n"
    assert read_all() == []


def test_unhealthy_after_the_timeout_shows_the_end_of_the_log(run, tmp_path):
    told = run(model(tmp_path / "tiny"), "--flags", "--fake hang", "--timeout", 1, code=2)
    assert "tiny was not healthy after 1 s: Loading weights (log: " in told
    assert read_all() == []


def test_a_port_that_is_taken_is_named(run, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"port {port} is taken by another program" in run(model(tmp_path / "tiny"), "--port", port, code=2)
    port = run(tmp_path / "tiny", "--detach", "--json")["url"].split(":")[2].removesuffix("/v1")
    assert f"port {port} is taken by server tiny" in run(tmp_path / "tiny", "--name", "b", "--port", port, code=2)


def test_a_model_has_one_name_and_may_have_several_servers(run, tmp_path):
    recipe = tmp_path / "r.toml"
    words = ("--detach", "--json", "--name", "big", "--recipe", recipe)
    first = run(model(tmp_path / "one"), *words)
    second = run(tmp_path / "one", *words)
    assert (second["name"], second["model"]) == ("big-2", "big")
    spec = load_recipe(recipe).models.default
    assert spec.base_url == (first["url"], second["url"])
    assert spec.concurrency == 16
    told = run(model(tmp_path / "two"), "--name", "big", code=2)
    assert f"big is the name of a different model ({tmp_path / 'one'}, at {first['url']})" in told
    run(tmp_path / "two", "--detach")
    assert [row["name"] for row in run("--list", "--json")["servers"]] == ["big", "big-2", "two"]
    assert sorted(run("--all", "--json")["stopped"]) == ["big", "big-2", "two"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere",), "nowhere: no such file or directory"),
        (("no where/model",), "no where/model: neither a directory here nor a public model of the hub"),
        (("MODEL", "--role", "tutor"), "--role needs --recipe"),
        (("MODEL", "--recipe", "r.toml", "--role", "tuter"), "--role tuter: no such role; there are default, teacher"),
        (("MODEL", "--recipe", "r.toml", "--role", "tutor,tutor"), "tutor is named twice"),
        (("MODEL", "--recipe", "r.toml", "--role", "tutor=mia"), "no --lora mia=DIR is given"),
        (("MODEL", "--max-length", "1000"), "--max-length 1000: tiny was made for 512 tokens at most"),
        (("MODEL", "--memory-share", "0.011"), "tiny needs 2.0 GiB of memory"),
        (("MODEL", "--lora", "mia"), "--lora mia: should be NAME=DIR"),
        (("MODEL", "--name", "a/b"), "--name a/b: should be letters"),
        (("--stop", "nothing"), "no server nothing; none runs"),
        (("--load-lora", "mia=x"), "--name which server? Running: none"),
        (("--url", "http://127.0.0.1:9/v1"), "--url needs MODEL"),
        (("x", "--url", "nonsense"), "--url nonsense: not an address"),
        ((), "name a MODEL to serve"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(run, tmp_path, monkeypatch, words, told):
    model(tmp_path / "tiny")
    monkeypatch.setattr("classwright.models.serve_plan.machine_memory", lambda: memory(64, 32))
    assert told in run(*(tmp_path / "tiny" if word == "MODEL" else word for word in words), code=2)
    assert read_all() == []


def memory(total: float, free: float):
    from classwright.models.serve_memory import GIB, Memory

    return Memory(int(total * GIB), int(free * GIB))


def test_without_vllm_the_one_command_is_named(run, tmp_path):
    from classwright.models import serve_install

    (serve_install.folder() / "installed.json").unlink()
    assert "vLLM is not installed; run `classwright serve --install`" in run(model(tmp_path / "tiny"), code=2)


def test_adapters_are_versioned_tried_and_follow_in_the_recipe(run, tmp_path):
    recipe = tmp_path / "r.toml"
    words = ("--lora", f"mia={adapter(tmp_path / 'one')}", "--recipe", recipe, "--role", "student=mia,tutor")
    started = run(model(tmp_path / "tiny"), "--detach", "--json", *words)
    assert started["adapters"] == ["mia@1"]
    specs = load_recipe(recipe).models.resolved()
    assert (specs["student"].model, specs["tutor"].model) == ("mia@1", "tiny")
    loaded = run("--load-lora", f"mia={adapter(tmp_path / 'two')}", "--recipe", recipe, "--json")
    assert (loaded["loaded"], loaded["changes_replies"], loaded["recipe_tables"]) == ("mia@2", True, 1)
    specs = load_recipe(recipe).models.resolved()
    assert (specs["student"].model, specs["tutor"].model) == ("mia@2", "tiny")
    assert run("--unload-lora", "mia@1", "--json")["unloaded"] == ["mia@1"]
    assert run("--list", "--json")["servers"][0]["adapters"] == ["mia@2"]
    assert "tiny has no adapter mia@1; loaded: mia@2" in run("--unload-lora", "mia@1", code=2)
    assert run("--load-lora", f"leo={adapter(tmp_path / 'still')}", "--json")["changes_replies"] is False


def test_an_adapter_that_does_not_answer_is_unloaded_and_never_in_the_recipe(run, tmp_path):
    run(model(tmp_path / "tiny"), "--detach", "--max-loras", 2, "--flags", "--fake deaf")
    told = run("--load-lora", f"mia={adapter(tmp_path / 'bad')}", code=3)
    assert "tiny: " in told
    assert "HTTP 500: the adapter's weights are not numbers" in told
    assert run("--list", "--json")["servers"][0]["adapters"] == []
    assert run("--load-lora", f"mia={adapter(tmp_path / 'good')}", "--json")["loaded"] == "mia@1"


def test_a_server_without_room_says_how_to_get_it(run, tmp_path):
    run(model(tmp_path / "tiny"), "--detach")
    told = run("--load-lora", f"mia={adapter(tmp_path / 'a')}", code=2)
    assert "tiny was started without room for adapters; start it again with --max-loras 2" in told


def test_an_adapter_of_another_base_never_reaches_the_server(run, tmp_path):
    other = adapter(tmp_path / "other", hidden=32)
    told = run(model(tmp_path / "tiny"), "--lora", f"mia={other}", code=2)
    assert f"{other}: an adapter of another base (other/base), not of tiny: " in told
    assert "model.layers.0.self_attn.q_proj is 16 x 16, which 4 x 32 does not fit" in told


def elsewhere(request) -> Answer:
    """A server of someone else: lists no models, ignores schemas, wants a key."""
    if request.headers.get("authorization") != "Bearer secret":
        return failure(401, "no key")
    return say("Blue.") if request.body and "messages" in request.body else failure(404)


def test_a_server_of_someone_else_is_tried_and_written_only(run, tmp_path, monkeypatch):
    monkeypatch.setenv("THEIR_KEY", "secret")
    recipe = tmp_path / "r.toml"
    with FakeServer(elsewhere) as server:
        words = ("gpt-x", "--url", server.url, "--recipe", recipe, "--role", "tutor,evaluator")
        assert "refuses the key" in run(*words, code=2)
        assert not recipe.exists()
        found = run(*words, "--key-env", "THEIR_KEY", "--json")
    assert (found["capabilities"]["json_schema"], found["capabilities"]["context"]) == (False, None)
    specs = load_recipe(recipe).models.resolved()
    for role in ("tutor", "evaluators[0]"):
        spec = specs[role]
        assert (spec.base_url, spec.model, spec.api_key_env) == ((server.url,), "gpt-x", "THEIR_KEY")
        assert spec.capabilities is not None
        assert not spec.capabilities.logprobs
    assert "secret" not in recipe.read_text()
    assert read_all() == []


def test_a_server_of_someone_else_that_does_not_answer_is_exit_3(run, tmp_path, monkeypatch):
    monkeypatch.setattr("classwright.models.endpoint.BASE_S", 0.002)
    told = run("gpt-x", "--url", "http://127.0.0.1:9/v1", "--recipe", tmp_path / "r.toml", code=3)
    assert "http://127.0.0.1:9/v1 did not answer" in told
    assert not (tmp_path / "r.toml").exists()

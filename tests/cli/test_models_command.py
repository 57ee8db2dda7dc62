import json

import pytest

from classwright.cli import main, output
from classwright.models import endpoint as endpoint_module
from classwright.models.scripted import Say, completion
from tests.fake_openai import Answer, FakeServer, failure


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(output, "settings", output.Settings())
    monkeypatch.setattr(endpoint_module, "BASE_S", 0.002)


def capable(request) -> Answer:
    body = request.body
    if body is None or "prompt" in body:
        return failure(404, "there is only a chat")
    if "response_format" in body:
        say = Say('{"answer": "okra-4417-violin"}')
    else:
        say = Say("A", logprobs={"A": -0.1}) if body.get("logprobs") else Say("Blue.")
    return Answer(completion(say, body["model"], body))


def recipe(tmp_path, text: str) -> str:
    (tmp_path / "r.toml").write_text(text)
    return str(tmp_path / "r.toml")


def test_models_lists_each_role_and_probes_each_model_once(tmp_path, capsys):
    with FakeServer(capable) as server:
        path = recipe(
            tmp_path,
            f'[models.default]\nbase_url = "{server.url}"\nmodel = "big"\n[models.tutor]\nmodel = "small"\n',
        )
        assert main.run(["models", "--recipe", path, "--json", "--quiet"]) == 0
        asked = [body["model"] for body in server.bodies if body and "messages" in body]
        assert asked == sorted(asked)
        assert set(asked) == {"big", "small"}
        assert asked.count("big") == asked.count("small") < 20
    printed, messages = capsys.readouterr()
    assert messages == ""
    assert printed.count("\n") == 1
    result = json.loads(printed)
    assert result["ok"] is True
    rows = {row["role"]: row for row in result["models"]}
    assert list(rows) == ["default", "teacher", "tutor", "student", "optimizer", "analyst", "evaluators[0]", "embedder"]
    assert rows["tutor"]["model"] == "small"
    assert rows["teacher"]["endpoint"] == [server.url]
    can = rows["teacher"]["capabilities"]
    assert (can["json_schema"], can["logprobs"], can["n"], can["context"]) == (True, True, False, None)
    assert rows["embedder"]["dimensions"] == 256


def test_models_is_a_table_for_people(tmp_path, capsys):
    with FakeServer(capable) as server:
        path = recipe(tmp_path, f'[models.default]\nbase_url = "{server.url}"\nmodel = "big"\n')
        assert main.run(["models", "--recipe", path]) == 0
    printed, _ = capsys.readouterr()
    assert "teacher" in printed
    assert "big" in printed
    assert server.url in printed.replace("\n", "")


def test_a_model_that_does_not_answer_is_exit_3_with_the_whole_list_all_the_same(tmp_path, capsys):
    with FakeServer(capable) as server, FakeServer([failure(500, "boom")]) as broken:
        path = recipe(
            tmp_path,
            f'[models.default]\nbase_url = "{server.url}"\nmodel = "big"\n'
            f'[models.tutor]\nbase_url = "{broken.url}"\nmodel = "small"\n',
        )
        assert main.run(["models", "--recipe", path, "--json", "--quiet"]) == 3
    printed, messages = capsys.readouterr()
    rows = {row["role"]: row["ok"] for row in json.loads(printed)["models"]}
    assert rows == dict.fromkeys(rows, True) | {"tutor": False}
    assert messages == (
        f"classwright: no answer for tutor: {broken.url} did not answer (tried 4 times): HTTP 500: boom\n"
    )


def test_where_only_the_recipe_is_wrong_it_is_exit_2(tmp_path, capsys):
    with FakeServer([failure(404, "no model big")]) as server:
        path = recipe(tmp_path, f'[models.default]\nbase_url = "{server.url}"\nmodel = "big"\n')
        assert main.run(["models", "--recipe", path, "--quiet"]) == 2
    assert "knows no such model or address; check the recipe: HTTP 404: no model big" in capsys.readouterr().err


def test_models_get_fetches_from_the_hub_by_name(monkeypatch, capsys):
    with FakeServer([Answer(b"GGUF" + b"x" * 100)]) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url.removesuffix("/v1"))
        assert main.run(["models", "get", "qwen2.5-1.5b", "--json", "--quiet"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["name"], result["bytes"]) == ("qwen2.5-1.5b", 104)
    assert result["path"].endswith("qwen2.5-1.5b-instruct-q4_k_m.gguf")


@pytest.mark.parametrize(("name", "code"), [("nothing", 2), ("smollm2-1.7b", 3)])
def test_models_get_of_what_cannot_be_had_is_one_line(monkeypatch, capsys, name, code):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert main.run(["models", "get", name, "--quiet"]) == code
    printed, message = capsys.readouterr()
    assert printed == ""
    assert message.count("\n") == 1


@pytest.mark.integration
def test_without_a_recipe_the_embedded_model_plays_every_role(capsys):
    assert main.run(["models", "--json", "--quiet"]) == 0
    rows = json.loads(capsys.readouterr().out)["models"]
    assert {row["model"] for row in rows if row["role"] != "embedder"} == {"SmolLM2-135M-Instruct.Q4_1"}
    assert all(row["ok"] for row in rows)

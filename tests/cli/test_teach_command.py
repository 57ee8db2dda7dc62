"""`classwright teach` as a person calls it."""

import json
from pathlib import Path

import pytest

from classwright.cli.main import run
from classwright.models.scripted import Say, completion
from tests.fake_openai import Answer, FakeServer
from tests.graphs.test_teach_select import planted


def answer(request) -> Answer:
    reply = planted(request.body)
    return Answer(completion(reply if isinstance(reply, Say) else Say(reply), "m", request.body))


SELECT = """[teach.select]
skills = ["counting.add_within_20"]
problems = 6
samples = 3
exam = 2
shots = 1
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLASSWRIGHT_RUNS", str(tmp_path / "runs"))


def recipe(text: str, url: str = "") -> str:
    models = f'[models.default]\nbase_url = "{url}"\nmodel = "m"\n' if url else ""
    Path("my.toml").write_text(models + text)
    return "my.toml"


def test_one_object_on_stdout_and_a_page_with_sizes_and_counts(capsys):
    with FakeServer(answer) as server:
        assert run(["teach", "select", "--recipe", recipe(SELECT, server.url), "--json", "--quiet"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["experiment"] == "select"
    assert summary["units"] == 6
    page = Path(summary["report"]).read_text()
    assert page.count("<svg") == 1
    assert "Effect size d<sub>z</sub>" in page
    assert "SUM − self-consistency" in page
    for line in summary["claims"]:
        assert line.replace("&", "&amp;") in page
        assert "6 items, 1 seed" in line
    assert 'src="http' not in page
    assert 'href="http' not in page


def test_the_screen_shows_every_arm_with_its_interval(capsys):
    with FakeServer(answer) as server:
        assert run(["teach", "select", "--recipe", recipe(SELECT, server.url), "--quiet"]) == 0
    shown = capsys.readouterr().out
    for arm in ("SUM", "MAX", "AVG", "self-consistency (control)", "SUM, shuffled exams (control)"):
        assert f"{arm} " in shown
    assert "Report: " in shown


def test_a_dry_run_names_calls_and_tokens_and_asks_nothing(capsys, tmp_path):
    assert run(["teach", "select", "--recipe", recipe(SELECT), "--dry-run", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["calls"] == 6 * (3 * 3 + 1 + 2 * 3 * 2 + 2)
    assert found["tokens"] > 100 * found["calls"]
    assert not (tmp_path / "runs").exists()


def test_the_experiments_are_explained(capsys):
    assert run(["teach", "list", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 7


@pytest.mark.parametrize(
    ("words", "text", "message"),
    [
        (
            ["select"],
            "[teach.select]\nsampels = 2\n",
            "my.toml, [teach.select]: unknown key sampels; did you mean samples?",
        ),
        (["selct"], "", "there is no experiment selct; there are select, "),
        (
            ["order"],
            "[teach.order]\nseeds = [1, 1]\n",
            "my.toml, [teach.order]: seeds [1, 1]: a seed twice is one seed",
        ),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(words, text, message, capsys, tmp_path):
    assert run(["teach", *words, "--recipe", recipe(text), "--quiet"]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_an_endpoint_without_log_probabilities_ends_intervene(capsys):
    text = '[teach.intervene]\nskills = ["counting.add_within_20"]\nproblems = 5\nexamples = 1\nshots = 0\n'
    with FakeServer(lambda request: Answer(completion(Say("ANSWER: 3"), "m", request.body))) as server:
        assert run(["teach", "intervene", "--recipe", recipe(text, server.url), "--quiet"]) == 2
    assert "intervene needs the log-probabilities of an answer" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["select", "prefer", "iterate", "intervene", "order", "compose", "supervise"])
def test_the_shipped_recipes_are_good_and_small(name, capsys):
    assert run(["teach", name, "--recipe", f"teach-{name}-embedded", "--dry-run", "--json"]) == 0
    # some 3 to 4 calls a second on two idle cores: ten minutes
    assert json.loads(capsys.readouterr().out)["calls"] <= 2000


def test_the_recipe_for_a_gpu_names_its_calls_and_tokens(capsys, tmp_path):
    import classwright.runs

    shipped = Path(classwright.runs.__file__).parent / "teach-select-7b.toml"
    lines = [{"question": f"What is {n} + 1?", "answer": f"{n} + 1 = {n + 1}\n#### {n + 1}"} for n in range(400)]
    (tmp_path / "gsm8k.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "r.toml").write_text(shipped.read_text())
    assert run(["teach", "select", "--recipe", "r.toml", "--dry-run", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert f"{found['calls']:,} calls" in shipped.read_text()
    assert " tokens" in shipped.read_text()

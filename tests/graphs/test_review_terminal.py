"""A review at a real terminal, killed in the middle and resumed."""

import json
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from classwright.graphs.lesson_result import LessonResult
from classwright.models.scripted import Say, completion
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_agents import play
from tests.terminal import Terminal

DRIVER = Path(__file__).with_name("lesson_at_terminal.py")
EDITOR = """
import json, sys
from pathlib import Path
todo, file = Path({todo!r}), Path(sys.argv[1])
text, edits = file.read_text(), json.loads(todo.read_text())
old, new = edits.pop(0)
todo.write_text(json.dumps(edits))
Path({seen!r}).write_text(text)
assert old in text, (old, text)
file.write_text(text.replace(old, new))
"""


def answer(request) -> Answer:
    reply = play(request.body)
    if isinstance(reply, str) and "with a partner" in request.body["messages"][1]["content"]:
        reply = reply.replace("Turn to", "Sit down and turn to")
    return Answer(completion(Say(reply if isinstance(reply, str) else json.dumps(reply)), "m", request.body))


@pytest.fixture
def desk(tmp_path):
    """A place to work: a server, a recipe, and an editor that does what a list says."""
    todo, seen, editor, recipe = (tmp_path / n for n in ("todo.json", "seen.txt", "editor.py", "recipe.toml"))
    editor.write_text(EDITOR.format(todo=str(todo), seen=str(seen)))
    with FakeServer(answer) as server:
        recipe.write_text(f'[models.default]\nbase_url = "{server.url}"\nmodel = "m"\n')
        terminals: list[Terminal] = []
        yield tmp_path / "runs", recipe, todo, seen, server, terminals
        for terminal in terminals:
            terminal.kill()


def spawn(what: str, desk, **env: str) -> Terminal:
    root, recipe, todo, _, _, terminals = desk
    folder = str(Path(__file__).parents[2])
    environment = {"PYTHONPATH": folder, "EDITOR": f"{sys.executable} {todo.parent / 'editor.py'}", **env}
    environment.setdefault("VISUAL", "")
    terminals.append(Terminal([sys.executable, str(DRIVER), what, str(root), str(recipe)], environment))
    return terminals[-1]


def only_run(root: Path) -> Path:
    [run] = [p for p in root.iterdir() if (p / "config.json").exists()]
    return run


def test_a_review_is_killed_and_goes_on_where_it_was(desk):
    root, _, todo, seen, server, _ = desk
    todo.write_text(json.dumps([
        ["Think of a day", "Say this slowly: think of a day"],
        ["Turn to", "We know that 2 + 2 = 5. Turn to"],
        ["2 + 2 = 5", "2 + 2 = 4"],
    ]))  # fmt: skip
    person = spawn("start", desk)
    person.expect("review 1> ")
    assert "Rehearsal: gain 0." in person.seen
    person.send("edit hook\n")
    person.expect("hook changed")
    person.expect("review 2> ")
    person.send("e closing\n")
    person.expect("Not taken: false equation in closing: 2 + 2 = 5")
    person.expect("review 3> ")
    person.kill()

    person = spawn("resume", desk)
    person.expect("Not taken: false equation in closing: 2 + 2 = 5")
    person.expect("review 3> ")
    person.send("edit\n")
    person.expect("closing changed")
    assert seen.read_text().startswith("% NOT TAKEN: false equation")
    person.expect("review 4> ")
    person.send("regenerate hok: shorter\n")
    person.expect("no section 'hok'; did you mean hook")
    person.expect("review 4> ")
    person.send("r closing: shorter, with a partner\n")
    person.expect("closing changed")
    person.expect("review 5> ")
    person.send("accept\n")
    person.expect("accepted")
    assert person.wait() == 0

    run = only_run(root)
    [line] = (run / "results.jsonl").read_text().splitlines()
    result = LessonResult.model_validate(json.loads(line)["result"])
    plan, reviewed = result.plan, result.review
    assert reviewed is not None
    assert result.checks.passed
    assert "Say this slowly" in (run / "lesson.html").read_text()
    assert plan.hook.text.startswith("Say this slowly")
    assert plan.closing.source == "model"
    assert [(s.decision.do, s.taken) for s in reviewed.steps] == [
        ("edit", True), ("edit", False), ("edit", True), ("regenerate", True), ("accept", True)
    ]  # fmt: skip
    times = {s.section: s for s in reviewed.sections}
    assert set(times) == {"hook", "closing"}
    assert plan.closing.text.startswith("Sit down and turn to")
    assert {(e.section, e.note) for e in result.changed} == {("hook", ""), ("closing", "shorter, with a partner")}
    assert times["closing"].note == "shorter, with a partner"
    assert all(s.seconds > 0 and 0 < s.distance <= 1 for s in times.values())
    assert any("shorter, with a partner" in b["messages"][1]["content"] for b in server.bodies)
    entries = [json.loads(line) for line in (run / "journal.jsonl").read_text().splitlines()]
    keys = [e["key"] for e in entries if e["key"].startswith("lesson/teacher/review/")]
    assert keys == [f"lesson/teacher/review/{n}" for n in range(1, 6)]
    assert max(Counter(e["key"] for e in entries).values()) == 1
    [first] = [e for e in entries if e["key"].endswith("review/1")]
    assert first["sections"][0]["section"] == "hook"
    assert 0 < first["sections"][0]["distance"] < 0.5

    asked = len(server.bodies)
    again = spawn("replay", desk)
    again.expect("accepted")
    assert again.wait() == 0
    assert len(server.bodies) == asked


def test_leaving_leaves_the_review_open(desk):
    root = desk[0]
    person = spawn("start", desk)
    person.expect("review 1> ")
    person.send("\x03")
    assert person.wait(20) == 130
    run = only_run(root)
    assert "teacher/review" not in (run / "journal.jsonl").read_text()
    person = spawn("resume", desk)
    person.expect("review 1> ")
    person.send("\x04")
    person.expect(f"`classwright runs resume {run.name}` goes on there")
    assert person.wait() == 1
    person = spawn("resume", desk, EDITOR="/no/such/editor")
    person.expect("review 1> ")
    person.send("edit hook\n")
    person.expect("/no/such/editor: cannot be started")
    person.expect("review 1> ")
    person.send("reject too hard for them\n")
    person.expect("rejected")
    assert person.wait() == 1
    assert os.path.exists(run / "summary.json")

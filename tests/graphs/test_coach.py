"""A transcript coached by scripted models: what is quoted stands there, what was done is not suggested, no name leaves."""

import json
import re
from pathlib import Path

import pytest

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.nameless import nameless
from classwright.classroom.turn import Turn
from classwright.errors import UnreachableError
from classwright.graphs.coach import CoachMaterial, resume, start
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe

SAID = [
    ("tutor", "Hi Zorana, how did you add 1/2 and 1/3?"),
    ("student", "I added the tops and the bottoms, so 1/2 + 1/3 = 2/5."),
    ("tutor", "Okay, good, on to number four, Zorana."),
    ("student", "Kwame says 2/5 is less than a half, is that bad?"),
    ("tutor", "What do you think? Compare it with a half in a picture."),
]


def material(said=SAID) -> CoachMaterial:
    turns = tuple(Turn(speaker=s, text=t, label="Zorana" if s == "student" else "Ms. Okafor") for s, t in said)
    dialogue, tags = nameless(Dialogue(id="Zorana", turns=turns))
    return CoachMaterial(dialogue=dialogue, hidden=len(tags))


def quiet(label: str, done: int, total: int) -> None:
    pass


def lines_of(body) -> dict[int, str]:
    user = body["messages"][1]["content"]
    return {int(m[1]): m[3] for m in re.finditer(r"^(\d+) (Tutor|Student)[^:]*: (.*)$", user, re.M)}


def task_of(body) -> str:
    system = body["messages"][0]["content"]
    return (
        "score" if "You rate one thing" in system else "suggestion" if "You suggest one thing" in system else "moment"
    )


def coach(body):
    """Quotes truly; suggests an example."""
    lines, task = lines_of(body), task_of(body)
    user = body["messages"][1]["content"]
    taken = {int(n) for n in re.findall(r"line (\d+)", user.split("Point to one")[-1])} if task == "moment" else set()
    tutors = {int(m[1]) for m in re.finditer(r"^(\d+) Tutor", user, re.M)}
    if task == "score":
        n = 3 if "It must be a line of the Tutor" in body["messages"][0]["content"] else 2
        return {"line": n, "quote": lines[n], "reason": "It shows it.", "level": 3}
    if task == "moment":
        wanted = [n for n in lines if n not in taken and (n in tutors or "missed" in user)]
        n = wanted[0] if wanted else 99
        return {"line": n, "quote": lines.get(n, "none"), "why": "It helps."}
    n = int(re.search(r"The moment: line (\d+)", user)[1])  # pyright: ignore[reportOptionalSubscript]
    allowed = body["response_format"]["json_schema"]["schema"]["properties"]["strategy"]["enum"]
    strategy = "provide_example" if "provide_example" in allowed else allowed[0]
    words = {2: "Show a bar cut into six equal parts first.", 4: "Let her say which of the two numbers is bigger."}
    suggestion = words.get(n, "Name one thing that was well tried.")
    return {"line": n, "quote": lines[n], "strategy": strategy, "suggestion": suggestion}


def coached(root: Path, script=coach, said=SAID):
    model = ScriptedModel(script)
    return start(material(said), Recipe(), root=root, progress=quiet, endpoint=model), model


def test_everything_is_quoted_as_it_stands_and_marked_uncalibrated(tmp_path):
    s, model = coached(tmp_path)
    turns = [t.text for t in material().dialogue.turns]
    assert [(r["instrument"], r["dimension"]) for r in s["ratings"]] == [
        ("CLASS", "climate"), ("CLASS", "behavior_management"), ("CLASS", "instructional_dialogue"), ("MQI", "explanations"),
        ("MQI", "remediation"), ("MQI", "language_imprecision"), ("MQI", "sense_making"),
    ]  # fmt: skip
    assert {r["status"] for r in s["ratings"]} == {"uncalibrated"}
    assert [r["level"] for r in s["ratings"]] == [3, 3, 3, 3, 3, 1, 3]  # imprecision is reversed: 3 of 3 asked, 1 shown
    quotes = [e for r in s["ratings"] for e in r["evidence"]] + s["highlights"] + s["missed"] + s["suggestions"]
    assert len(quotes) > 10
    assert all(q["quote"] in turns[q["line"] - 1] for q in quotes)
    assert s["doubts"] == ["4 of 7 ratings rest on line 2 alone", "all ratings of CLASS are the same, 3"]
    strategies = [x["strategy"] for x in s["suggestions"]]
    assert len(set(strategies)) == len(strategies) > 1
    page = (Path(s["run"]) / "report.html").read_text()
    assert "uncalibrated" in page
    assert 'href="#line-2"' in page
    asked = len(model.seen)
    again = resume(Path(s["run"]), replay=True, progress=quiet, endpoint=model)
    assert again["ratings"] == s["ratings"]
    assert len(model.seen) == asked


def test_what_code_sees_is_there(tmp_path):
    s, _ = coached(tmp_path)
    assert [(m["kind"], m["line"], m["quote"]) for m in s["observed"]["moments"]] == [
        ("error confirmed", 2, "1/2 + 1/3 = 2/5")
    ]
    assert s["suggestions"][0]["line"] == 2


def test_no_name_reaches_the_model_or_the_run(tmp_path):
    s, model = coached(tmp_path)
    sent = json.dumps(model.seen)
    assert "[NAME-" in sent
    kept = "".join(f.read_text() for f in Path(s["run"]).rglob("*") if f.is_file())
    for name in ("Zorana", "Kwame", "Okafor"):
        assert name not in sent
        assert name not in kept


def test_words_that_do_not_stand_in_the_line_are_asked_for_again_and_then_missing(tmp_path):
    def invents(body):
        said = coach(body)
        if task_of(body) == "score" and "Climate" in body["messages"][0]["content"]:
            return said | {"line": 1}
        return said | {"quote": "words that nobody said"} if task_of(body) == "moment" else said

    s, model = coached(tmp_path, invents)
    climate = s["ratings"][0]
    assert (climate["status"], climate["level"]) == ("missing", None)
    assert climate["why"] == "these words do not stand in line 1; they stand in line 2"
    assert s["highlights"] == s["missed"] == []
    assert len(s["not_found"]) == 4
    again = [b["messages"][1]["content"] for b in model.seen if "was not used" in b["messages"][1]["content"]]
    assert any("they stand in line 2" in text for text in again)


def test_evidence_must_be_a_line_of_who_is_rated(tmp_path):
    def takes_turns(body):
        said, lines = coach(body), lines_of(body)
        return said | {"line": 2, "quote": lines[2]} if task_of(body) == "score" else said

    s, _ = coached(tmp_path, takes_turns)
    why = {r["dimension"]: r["why"] for r in s["ratings"] if r["status"] == "missing"}
    assert why == dict.fromkeys(
        ("explanations", "remediation", "language_imprecision"), "line 2 is not the Tutor's; these are: 1, 3, 5"
    )


def test_a_suggestion_made_of_lines_of_the_transcript_is_dropped(tmp_path):
    def stitches(body):
        said = coach(body)
        stitched = "Kwame said so. I added the tops and the bottoms, so look at that."
        return said | {"suggestion": stitched} if task_of(body) == "suggestion" else said

    s, _ = coached(tmp_path, stitches)
    assert {d["dropped"] for d in s["dropped"]} == {"it copies line 2"}


@pytest.mark.parametrize("level", [0, 8, "high", None])
def test_a_level_off_the_scale_is_missing(tmp_path, level):
    s, _ = coached(tmp_path, lambda body: coach(body) | ({"level": level} if task_of(body) == "score" else {}))
    assert {r["status"] for r in s["ratings"]} == {"missing"}


def test_a_strategy_that_the_teacher_used_there_cannot_be_suggested(tmp_path):
    said = [*SAID[:2], ("tutor", "Not quite: for example, a half and a half make one.")]
    insists = lambda body: coach(body) | ({"strategy": "provide_example"} if task_of(body) == "suggestion" else {})  # noqa: E731
    s, model = coached(tmp_path, insists, said)
    assert s["suggestions"] == []
    assert s["dropped"][0]["line"] == 2
    schemas = [
        b["response_format"]["json_schema"]["schema"]["properties"]["strategy"]
        for b in model.seen
        if task_of(b) == "suggestion"
    ]
    assert schemas
    assert not {"provide_example", "provide_correction"} & set(schemas[0]["enum"])


def test_what_the_teacher_says_anyway_is_dropped(tmp_path):
    def echoes(body):
        said = coach(body)
        return said | {"suggestion": "Compare it with a half in a picture."} if task_of(body) == "suggestion" else said

    s, _ = coached(tmp_path, echoes)
    assert s["suggestions"] == []
    assert {d["dropped"] for d in s["dropped"]} == {"the teacher does this already in line 5"}


def test_a_suggestion_with_a_false_equation_is_dropped(tmp_path):
    def errs(body):
        said = coach(body)
        return said | {"suggestion": "Tell them that 1/2 + 1/3 = 3/4 here."} if task_of(body) == "suggestion" else said

    s, _ = coached(tmp_path, errs)
    assert all("false equation" in d["dropped"] for d in s["dropped"])
    assert s["dropped"]


def test_a_long_transcript_is_rated_part_by_part(tmp_path):
    said = [(s, f"{t} " + "and so on " * 60) for s, t in SAID * 4]

    def first(body):
        n, text = next(iter(lines_of(body).items()))
        return (
            coach(body)
            if task_of(body) == "suggestion"
            else {"line": n, "quote": text[:40], "reason": "r", "why": "w", "level": 2}
        )

    s, model = coached(tmp_path, first, said)
    parts = len(s["ratings"][0]["evidence"])
    assert parts > 1
    assert max(len(b["messages"][1]["content"]) for b in model.seen) < 9_000


def test_without_a_capable_model_code_still_counts(tmp_path):
    s = start(material(), Recipe(), root=tmp_path, progress=quiet)
    assert s["asked"] is False
    assert "too small" in s["why"]
    assert s["observed"]["errors"] == 1
    assert s["calls"] == 0


def test_a_run_that_lost_its_model_goes_on(tmp_path):
    def dies(body):
        if task_of(body) == "moment":
            raise UnreachableError("gone")
        return coach(body)

    with pytest.raises(UnreachableError):
        coached(tmp_path, dies)
    [run] = list(tmp_path.iterdir())
    model = ScriptedModel(coach)
    s = resume(run, replay=False, progress=quiet, endpoint=model)
    assert s["reused"] == 7
    assert "score" not in {task_of(b) for b in model.seen}

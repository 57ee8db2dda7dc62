"""Anki decks and xAPI statements."""

import json
import sqlite3
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest

from classwright.errors import InputError
from classwright.reports.anki import anki_deck, cards
from classwright.reports.latex import markup_with_latex
from classwright.reports.printed import printed_answer
from classwright.reports.xapi import xapi_statements
from tests.reports.lessons import GOAL, lesson, plan

WHEN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
RUN = "20261124-093000-lesson-fractions.add_unlike"


@pytest.fixture
def collection(tmp_path):
    with zipfile.ZipFile(BytesIO(anki_deck(plan(), WHEN))) as archive:
        assert json.loads(archive.read("media")) == {}
        (tmp_path / "c.anki2").write_bytes(archive.read("collection.anki2"))
    opened = sqlite3.connect(tmp_path / "c.anki2")
    yield opened
    opened.close()


def test_the_collection_is_whole_and_of_the_schema_that_anki_imports(collection) -> None:
    assert collection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    version, models, decks, options = collection.execute("SELECT ver, models, decks, dconf FROM col").fetchone()
    assert version == 11
    [model] = json.loads(models).values()
    assert [f["name"] for f in model["flds"]] == ["Front", "Back", "Steps"]
    names = {d["name"] for d in json.loads(decks).values()}
    assert names == {"Default", f"Classwright::{plan().title}"}
    assert "1" in json.loads(options)
    for note, deck in collection.execute("SELECT nid, did FROM cards"):
        assert collection.execute("SELECT mid FROM notes WHERE id = ?", (note,)).fetchone() == (model["id"],)
        assert str(deck) in json.loads(decks)


def test_fronts_are_problems_and_words_backs_are_answers_with_steps(collection) -> None:
    notes = {f[0]: f for f in (row[0].split("\x1f") for row in collection.execute("SELECT flds FROM notes"))}
    for p in [*plan().guided.problems, *plan().exit_ticket.problems]:
        _, back, steps = notes[str(markup_with_latex(p.text))]
        assert back == markup_with_latex(printed_answer(p))
        assert steps == markup_with_latex("\n".join(p.steps))
    for term, meaning in plan().vocabulary.items():
        assert notes[f"What does “{term}” mean?"][1] == meaning
    assert len(notes) == len(cards(plan()))


def test_a_second_export_has_the_same_notes_and_another_lesson_others(collection) -> None:
    guids = {row[0] for row in collection.execute("SELECT guid FROM notes")}
    assert len(guids) == len(cards(plan()))
    assert anki_deck(plan(), WHEN) == anki_deck(plan(), WHEN)
    later = datetime(2027, 1, 1, tzinfo=UTC)
    assert anki_deck(plan(), later) != anki_deck(plan(), WHEN)  # newer, so that Anki updates what it has
    others = {c.key for c in cards(plan("integers.absolute_value"))}
    assert not others & {c.key for c in cards(plan())}


def test_statements_are_valid_and_say_what_the_rehearsal_says() -> None:
    result = lesson(rehearsed=True)
    statements = json.loads(xapi_statements(result, RUN, WHEN))
    scores = result.rehearsal.scores  # type: ignore[union-attr]
    assert len(statements) == 4 * len(scores)
    assert len({UUID(s["id"]) for s in statements}) == len(statements)
    for s in statements:
        assert set(s) <= {"id", "actor", "verb", "object", "result", "context", "timestamp", "version"}
        assert set(s["actor"]) == {"objectType", "account"}  # an account, never a name
        assert set(s["actor"]["account"]) == {"homePage", "name"}
        assert s["actor"]["account"]["name"] in {"otter-3f2a", "panda-96ee"}
        assert s["verb"]["id"].startswith("http://adlnet.gov/expapi/verbs/")
        assert s["version"] == "1.0.3"
        assert datetime.fromisoformat(s["timestamp"]).tzinfo is not None
        if "result" in s:
            score = s["result"]["score"]
            assert score["min"] <= score["raw"] <= score["max"]
            assert score["scaled"] == pytest.approx(score["raw"] / 100)
    tests = [s for s in statements if s["object"]["id"].endswith("post-test")]
    assert [s["result"]["score"]["scaled"] for s in tests] == [after for _, _, after in scores]
    done = [s for s in statements if s["verb"]["display"]["en-US"] == "completed"]
    assert {s["result"]["duration"] for s in done} == {f"PT{result.plan.minutes}M"}
    assert len({s["context"]["registration"] for s in done}) == len(scores)


def test_a_reader_of_statements_takes_them() -> None:
    from tincan import Statement

    for s in json.loads(xapi_statements(lesson(rehearsed=True), RUN, WHEN)):
        read: Any = Statement.from_json(json.dumps(s))
        assert str(read.id) == s["id"]
        assert read.actor.account.name == s["actor"]["account"]["name"]
        assert read.verb.id == s["verb"]["id"]
        assert json.loads(read.to_json())["object"]["id"] == s["object"]["id"]


def test_the_same_run_gives_the_same_statements_and_another_run_others() -> None:
    result = lesson(rehearsed=True)
    ids = [{s["id"] for s in json.loads(xapi_statements(result, run, WHEN))} for run in (RUN, RUN, RUN + "-2")]
    assert ids[0] == ids[1]
    assert not ids[0] & ids[2]


def test_a_lesson_that_nobody_rehearsed_has_no_statements() -> None:
    with pytest.raises(InputError, match="not rehearsed"):
        xapi_statements(lesson(GOAL), RUN, WHEN)

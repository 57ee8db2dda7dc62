"""What the pages say of checks and judges, and what a chart must show."""

import re

import pytest
from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]

from classwright.agents.evaluator import CRITERIA, Ciddp
from classwright.agents.trial import Standing
from classwright.classroom.plan import Words
from classwright.classroom.review import Reviewed
from classwright.reports.charts import LONGEST, dumbbells, intervals
from classwright.reports.judged import judged, unjudged
from classwright.reports.lesson import lesson_html, lesson_markdown
from classwright.reports.lesson_document import board, checked
from classwright.reports.lesson_report import report_html
from classwright.reports.math_nodes import Math, flat_runs
from classwright.reports.pieces import pieces
from classwright.reports.printed import with_unit
from tests.reports.lessons import lesson

SUMMARY = {
    "run": "runs/x", "slots": {"model": 0, "curated": 9}, "calls": 1, "reused": 0, "tokens": 7, "seconds": 1.0
}  # fmt: skip


def ciddp(status: str, why: str, levels: dict[str, float | None] | None = None) -> Ciddp:
    found = dict.fromkeys(CRITERIA) | (levels or {})
    known = [x for x in found.values() if x is not None]
    mean = sum(known) / len(known) if len(known) == len(found) else None
    return Ciddp.model_validate({"levels": found, "mean": mean, "status": status, "why": why, "judgments": []})


def reviewed(*unchecked: str):
    review = Reviewed(status="accepted", reason="", steps=[], sections=[], seconds=1.0, unchecked=list(unchecked))
    return lesson().model_copy(update={"review": review})


def report(result) -> str:
    page = report_html(result, SUMMARY, {"teacher": {"model": "m", "endpoint": "embedded"}})
    root = html.fromstring(page)
    assert not re.search(r"<(?:link|script|img)\b|url\(|@import", page)
    return re.sub(r"\s+", " ", root.text_content())


def test_answers_that_are_the_teachers_word_are_said_so_on_every_page() -> None:
    said = "2 answers checked by the teacher, not by code."
    result = reviewed("a", "b")
    assert checked(result).endswith(f" {said}")
    assert said in lesson_markdown(result)
    assert said in lesson_html(result)
    assert said in report(result)
    assert "1 answer checked by the teacher" in checked(reviewed("a"))
    assert "by the teacher" not in checked(reviewed())
    assert "by the teacher" not in checked(lesson())


def test_judges_that_are_not_believed_are_told_from_those_not_heard() -> None:
    assert judged(ciddp("withheld", "j: likes empty lessons")) == "not believed (withheld: j: likes empty lessons)"
    assert judged(ciddp("unreachable", "j: did not answer")) == "unreachable (j: did not answer)"
    assert judged(ciddp("missing", "no valid judgment")) == "missing (no valid judgment)"
    full: dict[str, float | None] = dict.fromkeys(CRITERIA, 4.0)
    assert judged(ciddp("admitted", "", full)) == "4.0 of 5"
    assert judged(ciddp("admitted", "j2: did not answer", full)) == "4.0 of 5 (without j2: did not answer)"
    assert judged(ciddp("admitted", "", full | {"depth": None})) == "missing (no valid judgment of depth)"
    assert (unjudged({"withheld"}), unjudged({"unreachable", "withheld"}), unjudged(set())) == (
        "not believed", "not believed, unreachable", "not asked"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "says", "never"),
    [
        ("withheld", "No levels: not believed (withheld: it is so)", "unreachable"),
        ("unreachable", "No levels: unreachable (it is so)", "not believed"),
        ("missing", "No levels: missing (it is so)", "not believed"),
    ],
)
def test_the_report_says_why_there_are_no_levels(status: str, says: str, never: str) -> None:
    standing = "admitted" if status == "missing" else status
    judges = [Standing.model_validate({"judge": "evaluators[0]", "model": "m", "status": standing, "why": "it is so"})]
    text = report(lesson().model_copy(update={"ciddp": ciddp(status, "it is so"), "judges": judges}))
    assert says in text
    assert never not in text


def test_steps_are_on_the_board_where_the_words_leave_one_out() -> None:
    w = lesson().plan.worked_examples[0]
    assert board(w) == ()  # the curated talk says every step
    short = w.model_copy(update={"talk": Words(text=f"The answer is {w.problem.answer}.", source="model")})
    assert board(short) == w.problem.steps
    changed = lesson().plan.model_copy(update={"worked_examples": [short]})
    text = lesson_markdown(lesson().model_copy(update={"plan": changed}))
    assert all(f"{n}. {step}" in text for n, step in enumerate(w.problem.steps, 1))


@pytest.mark.parametrize(
    ("answer", "unit", "shown"),
    [
        ("1", "inches", "1 inch"), ("1", "square feet", "1 square foot"), ("2", "inches", "2 inches"),
        ("1", "meters per minute", "1 meter per minute"), ("1", "cm", "1 cm"), ("1", "°", "1°"), ("1", "", "1"),
        ("1/2", "inches", "1/2 inches"), ("1", "marble", "1 marble"), ("1", "people", "1 person"),
    ],
)  # fmt: skip
def test_one_has_its_unit_in_the_singular(answer: str, unit: str, shown: str) -> None:
    assert with_unit(answer, unit) == shown


def test_short_mathematics_is_never_broken() -> None:
    [found] = [p for p in pieces("Solve 3w + 17 = 41 now.") if isinstance(p, Math)]
    assert "".join(text for text, _ in flat_runs(found)) == "3w\u00a0+\u00a017\u00a0=\u00a041"
    [long] = [p for p in pieces("So 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 = 36.") if isinstance(p, Math)]
    assert "\u00a0" not in "".join(text for text, _ in flat_runs(long))


def test_charts_name_their_scale_and_cut_no_label() -> None:
    long = "a skill whose name is much longer than the room at the side"
    for chart in (
        dumbbells([(long, 0.2, 0.8)], "before", "after", "share of the test answered right"),
        intervals([(long, 0.5, 0.4, 0.6), ("ceiling", None, None, None)], "normalized gain"),
    ):
        svg = etree.fromstring(chart.split("</svg>")[0] + "</svg>")
        texts = [t.text or "" for t in svg.iter("{*}text")]
        assert any(t in ("share of the test answered right", "normalized gain") for t in texts)
        assert all(len(t) <= LONGEST for t in texts if t.startswith("a skill"))
        assert [t.text for t in svg.iter("{*}title")] == [long]
        assert svg.get("role") == "img"
        assert svg.get("aria-label")
        width, height = (float(x) for x in svg.get("viewBox").split()[2:])
        assert all(0 <= float(t.get("x")) <= width and 0 <= float(t.get("y")) <= height for t in svg.iter("{*}text"))

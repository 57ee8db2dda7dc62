"""Slides, read with python-pptx."""

import io
from datetime import datetime
from typing import Any

import pytest
from pptx import Presentation

from classwright.reports.deck import Slide, deck, shown_hook
from classwright.reports.line_fit import lines, width
from classwright.reports.powerpoint import TALL, fitted, write_pptx
from classwright.reports.printed import printed_answer
from tests.reports.lessons import CLAIM, GOAL, IDEA, ODD, lesson
from tests.reports.linear import slide_text

WHEN = datetime(2026, 11, 24, 9, 30)


def opened(skill=GOAL) -> Any:
    result = lesson(skill)
    return Presentation(io.BytesIO(write_pptx(result.plan.title, deck(result), "en", WHEN)))


def body(slide) -> list[str]:
    return [
        slide_text(p)
        for shape in slide.placeholders
        if shape.placeholder_format.idx == 1
        for p in shape.text_frame.paragraphs
    ]


def titled(show, title: str) -> list:
    return [s for s in show.slides if s.shapes.title.text_frame.text.startswith(title)]


def notes(slide) -> str:
    return slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""


@pytest.mark.parametrize("skill", [GOAL, *ODD])
def test_slides_say_what_the_plan_says(skill: str) -> None:
    plan, show = lesson(skill).plan, opened(skill)
    shown = [line for slide in show.slides for line in body(slide)]
    for p in [*plan.warm_up.problems, *plan.guided.problems, *plan.exit_ticket.problems]:
        assert p.text in shown
    for e in plan.explanations:
        assert {e.text.text, *e.method} <= set(shown)
    for w in plan.worked_examples:
        assert {w.problem.text, *w.problem.steps, f"Answer: {printed_answer(w.problem)}"} <= set(shown)


def test_answers_to_practice_stand_in_the_notes_alone() -> None:
    plan, show = lesson().plan, opened()
    for title, problems in (("Practice together", plan.guided.problems), ("Exit ticket", plan.exit_ticket.problems)):
        slides = titled(show, title)
        assert [line for s in slides for line in body(s)] == [p.text for p in problems]
        spoken = "\n".join(notes(s) for s in slides)
        for n, p in enumerate(problems, 1):
            assert f"{n}. {printed_answer(p)}" in spoken
    assert plan.guided.hints[0].text in notes(titled(show, "Practice together")[0])


def test_a_worked_example_grows_by_a_step_a_slide() -> None:
    example, slides = lesson().plan.worked_examples[0], titled(opened(), "Worked example 1")
    steps = list(example.problem.steps)
    assert [body(s)[1:] for s in slides[:-1]] == [steps[:n] for n in range(len(steps))]
    assert notes(slides[0]) == example.talk.text


def test_notes_carry_what_the_teacher_says() -> None:
    plan, show = lesson().plan, opened()
    first = notes(show.slides[0])
    assert plan.audience in first
    assert f"Materials: {', '.join(plan.materials)}" in first
    assert CLAIM in first
    assert plan.closing.text in notes(titled(show, "What did we learn")[0])
    assert plan.groups[0].activity.text in notes(titled(show, "On your own")[0])
    taught = next(r for r in plan.repairs if r.minutes)
    assert taught.move in notes(titled(show, "Is that right")[0])


def test_ideas_and_passages_have_slides() -> None:
    show = opened()
    assert body(titled(show, "An analogy")[0]) == [IDEA]
    assert body(titled(show, "An activity")[0]) == ["Fold two strips of paper."]
    assert "[S1]" in body(titled(show, "From the source")[0])[0]


def test_the_curated_opening_shows_the_question_only() -> None:
    hook = lesson().plan.hook.text
    assert shown_hook(hook).endswith("?")
    assert "aloud" not in shown_hook(hook)
    assert shown_hook("Think of a bakery. What now?") == "Think of a bakery. What now?"


def test_type_is_large_and_text_stays_on_the_slide() -> None:
    for skill in (GOAL, *ODD):
        for slide in deck(lesson(skill)):
            for _, size in fitted(slide):
                assert size >= 20
    show = opened()
    for slide in show.slides:
        for shape in slide.placeholders:
            assert shape.left >= 0
            assert shape.left + shape.width <= show.slide_width
            assert shape.top + shape.height <= show.slide_height
            assert all(run.font.size.pt >= 20 for p in shape.text_frame.paragraphs for run in p.runs)


def test_a_text_that_does_not_fit_goes_on_on_another_slide() -> None:
    long = Slide("Long", (("word " * 700, "body"), *((f"step {n}", "number") for n in range(30))), "said")
    parts = fitted(long)
    assert len(parts) > 2
    assert [s.title for s, _ in parts] == ["Long"] + ["Long (continued)"] * (len(parts) - 1)
    assert " ".join(t for s, _ in parts for t, _ in s.lines).split() == " ".join(t for t, _ in long.lines).split()
    for slide, size in parts:
        assert sum(lines(t, size, 852 - 48) * size * 1.22 + 10 for t, _ in slide.lines) <= TALL * 1.1
    numbered = [s for s, _ in parts if s.lines[0][1] == "number"]
    assert all(s.lines[0][0] == f"step {s.first - 1}" for s in numbered)


def test_lines_are_counted_as_words_wrap() -> None:
    one = width("abc", 20)
    assert lines("abc abc", 20, one * 1.5) == 2
    assert lines("abc abc", 20, one * 2.5) == 1
    assert lines("abc\nabc", 20, one * 9) == 2
    assert lines("abc" * 10, 20, one * 1.01) == 10


def test_the_same_lesson_gives_the_same_bytes() -> None:
    slides = deck(lesson())
    assert write_pptx("T", slides, "en", WHEN) == write_pptx("T", slides, "en", WHEN)


def test_short_problems_that_learners_do_alone_share_a_slide_and_numbers_look_alike() -> None:
    plan, show = lesson().plan, opened()
    assert len(titled(show, "Exit ticket")) == 1
    assert len(titled(show, "Practice together")) >= len(plan.guided.problems) / 2
    shapes = [shape for s in show.slides for shape in s.placeholders if shape.placeholder_format.idx == 1]
    numbered = [p for shape in shapes for p in shape.text_frame.paragraphs if "buAutoNum" in p._p.xml]
    assert len(numbered) > 10
    for paragraph in numbered:  # LibreOffice and PowerPoint set a number like the first run
        first = paragraph.runs[0]
        assert not first.font.italic
        assert first.font._element.get("baseline") is None

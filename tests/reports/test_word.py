"""Word files, read with python-docx."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

import docx
import pytest

from classwright.reports.answers_document import answers_document, telling_answers
from classwright.reports.document import Document, Paper
from classwright.reports.lesson_document import lesson_document, quoted
from classwright.reports.printed import printed, printed_answer
from classwright.reports.word import write_docx
from classwright.reports.worksheet_document import SETS, worksheet_document
from tests.reports.lessons import CLAIM, GOAL, IDEA, ODD, PASSAGE, lesson
from tests.reports.linear import W, paragraph_text

WHEN = datetime(2026, 11, 24, 9, 30)


def opened(document: Document, paper: Paper = "letter") -> Any:
    return docx.Document(io.BytesIO(write_docx(document, paper, WHEN)))


def everything(file) -> list[str]:
    """The text of every paragraph, tables and all, in order."""
    from docx.text.paragraph import Paragraph

    return [paragraph_text(Paragraph(p, file._body)) for p in file.element.body.iter(f"{W}p")]


def numbering(paragraph) -> int | None:
    numbers = paragraph._p.pPr.numPr
    return None if numbers is None else numbers.numId.val


@pytest.fixture(scope="module")
def plan_file():
    return opened(lesson_document(lesson()))


def test_the_file_says_what_it_is(plan_file) -> None:
    properties = plan_file.core_properties
    assert (properties.title, properties.author, properties.subject) == (
        lesson().plan.title,
        "Classwright",
        "Lesson plan",
    )
    assert properties.created.replace(tzinfo=None) == WHEN
    section = plan_file.sections[0]
    assert section.page_width.inches == pytest.approx(8.5)
    assert section.header.paragraphs[0].text == f"{lesson().plan.title}\tLesson plan"
    fields = [f.get(f"{W}instr") for f in section.footer._element.iter(f"{W}fldSimple")]
    assert fields == ["PAGE", "NUMPAGES"]
    a4 = opened(lesson_document(lesson()), "a4").sections[0]
    assert a4.page_height.cm == pytest.approx(29.7, abs=0.01)


def test_parts_stand_under_real_headings_in_teaching_order(plan_file) -> None:
    heads = [p.text.split("\t")[0] for p in plan_file.paragraphs if p.style.name == "Heading 1"]
    assert heads[:5] == ["At a glance", "Warm-up: are we ready?", "Opening", "The idea", "Worked example 1"]
    assert heads[-3:] == ["Notes for the teacher", "For the family", "From the source"]
    assert plan_file.paragraphs[0].style.name == "Title"


def test_the_timetable_is_a_table_that_adds_up(plan_file) -> None:
    rows = [[cell.text for cell in row.cells] for row in plan_file.tables[0].rows]
    plan = lesson().plan
    assert rows == [
        ["Part", "Minutes"],
        *[[part, str(n)] for part, n in plan.timetable()],
        ["Together", str(plan.minutes)],
    ]
    assert plan_file.tables[0].style.name == "Table Grid"


def test_every_numbered_list_begins_at_one(plan_file) -> None:
    from docx.text.paragraph import Paragraph

    numbers = [
        numbering(Paragraph(p, plan_file._body))
        for p in plan_file.element.body.iter(f"{W}p")
        if getattr(Paragraph(p, plan_file._body).style, "name", "") == "List Number"
    ]
    lists = [n for i, n in enumerate(numbers) if i == 0 or numbers[i - 1] != n]
    assert None not in lists
    assert len(lists) == len(set(lists)) >= 7  # warm-up, method, guided, three tiers, exit ticket
    definitions = plan_file.part.numbering_part.element
    for n in lists:
        number = next(x for x in definitions.num_lst if x.numId == n)
        assert [o.startOverride.val for o in number.lvlOverride_lst] == [1]


@pytest.mark.parametrize("skill", [GOAL, *ODD])
def test_texts_and_equations_are_those_of_the_plan(skill: str) -> None:
    result = lesson(skill)
    plan = result.plan
    lines = everything(opened(lesson_document(result)))
    shown = [*plan.warm_up.problems, *plan.guided.problems, *plan.exit_ticket.problems, *plan.independent.stretch]
    for p in shown:
        assert f"{p.text} → {printed_answer(p)}" in lines
    for w in plan.worked_examples:
        assert w.problem.text in lines
        assert set(w.talk.text.split("\n")) <= set(lines)
    for e in plan.explanations:
        assert {e.text.text, *e.method} <= set(lines)
    for r in plan.repairs:
        assert any(quoted(r.problem.text) in line and printed(r.wrong_answer) in line for line in lines)
        assert r.move in lines


def test_fractions_are_equations_not_text(plan_file) -> None:
    from tests.reports.linear import M

    assert len(list(plan_file.element.body.iter(f"{M}f"))) > 40
    raw = "".join(t.text or "" for t in plan_file.element.body.iter(f"{W}t"))
    assert not re.search(r"\d/\d", raw)


def test_ideas_passages_and_unsupported_claims_are_there(plan_file) -> None:
    text = "\n".join(everything(plan_file))
    assert f"An analogy. {IDEA}" in text
    assert "An activity. Fold two strips of paper." in text
    assert f"[S1] “{PASSAGE}” notes.pdf, page 3" in text
    assert CLAIM in text


@pytest.mark.parametrize("skill", [GOAL, *ODD])
def test_the_worksheet_holds_questions_and_nothing_that_answers_them(skill: str) -> None:
    plan = lesson(skill).plan
    problems = [*plan.warm_up.problems, *plan.guided.problems, *plan.exit_ticket.problems]
    problems += [p for tier in SETS for p in plan.independent.tier(tier)]
    lines = everything(opened(worksheet_document(plan)))
    for p in problems:
        assert p.text in lines
    allowed = {
        plan.title,
        "",
        "Warm-up",
        "Practice together",
        "Exit ticket",
        "Name   Date ",
        *(o.text for o in plan.objectives),
    }
    allowed |= {p.text for p in problems} | {f"On your own: {name}" for name in SETS.values()}
    allowed |= {f"Circle one:   {'   ·   '.join(p.choices)}" for p in problems if p.choices}
    allowed.add("Circle one:   <   ·   >   ·   =")
    rest = [line for line in lines if line not in allowed]
    assert all(re.fullmatch(r"Answer: _+( [\w° ]+)?", line) for line in rest), rest


def test_the_tiers_stand_on_pages_of_their_own_with_a_line_for_the_name() -> None:
    file = opened(worksheet_document(lesson().plan))
    breaks = [i for i, p in enumerate(file.paragraphs) if p.paragraph_format.page_break_before]
    assert len(breaks) == 4
    for i in breaks:
        assert file.paragraphs[i].style.name == "Name Line"
    assert [file.paragraphs[i + 1].text for i in breaks] == [
        *(f"On your own: {s}" for s in SETS.values()),
        "Exit ticket",
    ]
    rooms = [p.paragraph_format.space_after for p in file.paragraphs if p.style.name == "List Number"]
    assert all(room is not None and room.cm >= 0.5 for room in rooms)


@pytest.mark.parametrize("skill", [GOAL, "geometry.angle_types", "polynomials.quadratic_formula"])
def test_the_key_has_answers_steps_and_the_wrong_answers_to_look_for(skill: str) -> None:
    plan = lesson(skill).plan
    lines = everything(opened(answers_document(plan)))
    text = "\n".join(lines)
    for p in [*plan.guided.problems, *plan.exit_ticket.problems, *plan.independent.core]:
        at = lines.index(f"{p.text} → {printed_answer(p)}")
        assert lines[at + 1] == " • ".join(p.steps)
        for wrong, _ in telling_answers(p)[:4]:
            assert re.search(rf"{re.escape(printed(wrong))} \([A-Z]+\)", lines[at + 2])
    for r in plan.repairs:
        assert f"The learner {r.name}." in text
        assert r.move in text


def test_the_same_lesson_gives_the_same_bytes() -> None:
    made = [write_docx(lesson_document(lesson()), "letter", WHEN) for _ in range(2)]
    assert made[0] == made[1]
    assert {i.date_time for i in zipfile.ZipFile(io.BytesIO(made[0])).infolist()} == {(1980, 1, 1, 0, 0, 0)}

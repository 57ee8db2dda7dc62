"""Room to write: whole pages are filled, and none is begun for it."""

import io
from dataclasses import replace

import pypdf
import pytest

from classwright.classroom.plan import TIERS
from classwright.reports.document import Document, Heading, Item, Items, NameLine, line
from classwright.reports.pdf import write_pdf
from classwright.reports.worksheet_document import answer_line, to_solve, worksheet_document
from classwright.reports.worksheet_room import TIGHTEST, WIDEST, filled, text_height
from tests.reports.lessons import GOAL, ODD, plan


def sheet(n: int, room: float, text: str = "Work out 1 + 1.") -> list:
    items = tuple(Item(line(text), (line("Answer: ____"),), room) for _ in range(n))
    return [NameLine(), Heading("On your own"), Items(items)]


def rooms(blocks) -> list[float]:
    return [i.room for b in blocks if isinstance(b, Items) for i in b.items]


def pages(blocks) -> int:
    made = write_pdf(Document("T", "Worksheet", list(blocks), large=True), "letter", None)
    return len(pypdf.PdfReader(io.BytesIO(made)).pages)


def test_few_problems_get_as_much_room_as_is_useful() -> None:
    assert rooms(filled(sheet(2, 1.5), "letter")) == [pytest.approx(1.5 * WIDEST, abs=0.06)] * 2


@pytest.mark.parametrize("n", range(1, 30))
def test_growing_takes_no_page_more_and_shrinking_is_little(n: int) -> None:
    before, after = sheet(n, 1.6), filled(sheet(n, 1.6), "letter")
    assert pages(after) <= pages(before)
    assert all(1.6 * TIGHTEST - 0.1 <= room <= 1.6 * WIDEST + 0.05 for room in rooms(after))


def test_a_last_problem_that_would_stand_alone_on_a_page_is_drawn_onto_the_page_before() -> None:
    n = next(n for n in range(2, 20) if pages(sheet(n, 1.6)) == 2)
    squeezed = filled(sheet(n, 1.6), "letter")
    assert rooms(squeezed)[0] < 1.6 or pages(squeezed) == 2
    assert min(pages(filled(sheet(m, 1.6), "letter")) for m in (n, n + 1)) <= 2


def test_a4_is_taller_and_gives_more_room() -> None:
    assert sum(rooms(filled(sheet(6, 2.5), "a4"))) > sum(rooms(filled(sheet(6, 2.5), "letter")))


def test_heights_count_lines_and_fractions() -> None:
    assert text_height("short", 17) < text_height("long " * 60, 17)
    assert text_height("Work out 1/2 + 1/3.", 17) > text_height("Work out 1 + 1.", 17)
    assert text_height("a\nb\nc", 17) == pytest.approx(3 * text_height("a", 17))


@pytest.mark.parametrize("skill", [GOAL, *ODD])
def test_pages_of_a_worksheet_are_at_most_those_without_the_room(skill: str) -> None:
    p = plan(skill)
    for tier in TIERS:
        blocks = [NameLine(), Heading("On your own"), *to_solve(p.independent.tier(tier), p.grade)]
        assert pages(filled(blocks, "letter")) <= pages(blocks)


def test_lines_for_answers_stand_side_by_side() -> None:
    """Of two problems in a row one takes two lines and the other one; their answer lines have the same height."""
    texts = ("What number is 4 ones, 5 tens and 1 hundred, all put together?", "What is 2 + 2?")
    problem = plan().guided.problems[0]
    items = tuple(Item(line(t), (answer_line(replace_text(problem, t)),), 2.0) for t in texts)
    made = write_pdf(Document("T", "Worksheet", [Items(items, columns=2)], large=True), "letter", None)
    heights: list[float] = []

    def visit(text, _cm, tm, _font, _size):
        if text.strip().startswith("Answer"):
            heights.append(round(tm[5], 1))

    pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text(visitor_text=visit)
    assert len(heights) == 2
    assert heights[0] == heights[1]


def replace_text(problem, text):
    return problem.model_copy(update={"text": text})


def test_the_document_leaves_the_problems_as_they_are() -> None:
    items = [i for b in worksheet_document(plan()).blocks if isinstance(b, Items) for i in b.items]
    plain = [i for b in to_solve(plan().guided.problems, plan().grade) if isinstance(b, Items) for i in b.items]
    assert {replace(i, room=0.0) for i in plain} <= {replace(i, room=0.0) for i in items}

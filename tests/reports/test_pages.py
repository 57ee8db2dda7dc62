"""The lesson in Markdown and as a page."""

import re

import pytest
from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]

from classwright.reports.lesson import lesson_html, lesson_markdown
from classwright.reports.printed import printed_answer
from classwright.skilltree.tree import default_tree
from tests.reports.lessons import CLAIM, GOAL, IDEA, ODD, PASSAGE, lesson
from tests.reports.linear import xhtml_text


def page_texts(skill: str) -> list[str]:
    root = html.fromstring(lesson_html(lesson(skill)))
    return [re.sub(r"\s*\n\s*", "\n", xhtml_text(e)) for e in root.iter("li", "p", "div", "strong", "h2")]


@pytest.mark.parametrize("skill", [GOAL, *ODD])
def test_the_page_says_what_the_plan_says(skill: str) -> None:
    plan, texts = lesson(skill).plan, page_texts(skill)
    for p in [*plan.warm_up.problems, *plan.guided.problems, *plan.independent.core, *plan.exit_ticket.problems]:
        assert any(t.startswith(f"{p.text} → {printed_answer(p)}") for t in texts)
    for w in plan.worked_examples:
        assert w.problem.text in texts


@pytest.mark.parametrize("skill", [GOAL, *ODD])
def test_markdown_keeps_texts_as_they_are_typed(skill: str) -> None:
    plan, text = lesson(skill).plan, lesson_markdown(lesson(skill))
    unbroken = re.sub(r"  \n *", "\n", text)
    for p in [*plan.warm_up.problems, *plan.guided.problems, *plan.independent.core, *plan.exit_ticket.problems]:
        assert f"{p.text} → **{printed_answer(p)}**" in unbroken
    for w in plan.worked_examples:
        assert w.talk.text in unbroken
    assert "{{" not in text
    assert not re.search(r"\n{4,}", text)


def test_a_review_is_headed_by_the_skills_name() -> None:
    plan = lesson().plan
    review = plan.explanations[0].model_copy(update={"skill": "fractions.add_like"})
    changed = plan.model_copy(update={"explanations": [review, *plan.explanations]})
    result = lesson().model_copy(update={"plan": changed})
    assert f"## Review: {default_tree()['fractions.add_like'].name} (" in lesson_markdown(result)
    assert "fractions.add_like" not in lesson_html(result)


def test_ideas_passages_and_unsupported_claims_are_in_both() -> None:
    md, texts = lesson_markdown(lesson()), "\n".join(page_texts(GOAL))
    for text in (md.replace("*", ""), texts):
        for part in (
            IDEA,
            "Fold two strips of paper.",
            PASSAGE,
            "notes.pdf, page 3",
            CLAIM,
            "An analogy.",
            "More ideas",
        ):
            assert part in text
    assert md.index(IDEA) < md.index("## Worked example 1")


def test_what_a_model_wrote_cannot_become_markup() -> None:
    plan = lesson().plan
    hook = plan.hook.model_copy(update={"text": "<script>alert(1)</script> 1/2 <b>x</b>"})
    page = lesson_html(lesson().model_copy(update={"plan": plan.model_copy(update={"hook": hook})}))
    assert "<script>" not in page
    assert "&lt;b&gt;" in page


def test_formulas_are_mathml_in_a_page_that_needs_nothing_from_outside() -> None:
    page = lesson_html(lesson())
    root = html.fromstring(page)
    assert len(root.findall(".//math")) > 40
    assert not re.search(r"<(?:link|script|img)\b|url\(|@import", page)
    assert root.get("lang") == "en"
    for formula in root.iter("math"):
        etree.fromstring(etree.tostring(formula, with_tail=False))

import pytest

from classwright.classroom.audience import assemble
from classwright.classroom.controls import controls, swaps
from classwright.classroom.draft import draft_plan
from classwright.classroom.plan_lines import BUDGET, plan_lines, stands_in
from classwright.classroom.timetable import APPROACHES, need
from classwright.classroom.verify import verify
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

TREE = default_tree()
GOALS = ["fractions.add_unlike", *[s for s in TREE if TREE.misconceptions_of(s)][::23]]


def plan_for(goal: str):
    audience = assemble(sample_class(6, 7, TREE, goal), goal, TREE)
    return draft_plan(TREE, audience, max(45, need(audience.missing)), next(iter(APPROACHES)), 7, None)


@pytest.fixture(scope="module", params=GOALS)
def plan(request):
    return plan_for(request.param)


def test_the_six_controls_are_there_and_reproducible(plan):
    found = controls(plan, 3)
    assert [c.name for c in found] == ["none", "off-topic", "begging", "wrong answers", "leak", "padded"]
    assert found == controls(plan, 3)
    real = plan_lines(plan)
    assert all(list(c.lines) != real for c in found)


def test_code_refuses_wrong_answers_and_accepts_the_real_plan(plan):
    assert verify(plan, TREE).passed
    by_name = {c.name: c for c in controls(plan, 3)}
    wrong = by_name["wrong answers"].plan
    assert wrong is not None
    kinds = [f.kind for f in verify(wrong, TREE).findings]
    assert kinds.count("wrong answer") >= len(plan.exit_ticket.problems)


def test_code_refuses_the_leak():
    plan = plan_for("fractions.add_unlike")
    [leak] = [c.plan for c in controls(plan, 3) if c.name == "leak"]
    assert leak is not None
    assert {f.kind for f in verify(leak, TREE).findings} >= {"test leak"}
    text = "\n".join(plan_lines(leak))
    for p in plan.exit_ticket.problems[:3]:
        assert f"{p.text} The answer is {p.answer}." in text


def test_held_out_answers_are_leaked_too():
    plan = plan_for("fractions.add_unlike")
    item = plan.guided.problems[0]
    plan.exit_ticket.problems = plan.exit_ticket.problems[:1]
    [leak] = [c for c in controls(plan, 3, [item]) if c.name == "leak"]
    assert f"The answer is {item.answer}." in " ".join(leak.lines)


def test_padding_keeps_every_line_and_about_doubles_the_text(plan):
    real = plan_lines(plan)
    [padded] = [c for c in controls(plan, 3) if c.name == "padded"]
    assert all(new.startswith(old) for old, new in zip(real, padded.lines, strict=True))
    assert 1.4 < sum(map(len, padded.lines)) / sum(map(len, real)) <= 2.05


def test_swaps_change_order_and_length_only(plan):
    found = {s.name: s for s in swaps(plan, 3)}
    real = plan_lines(plan)
    assert sorted(" ".join(found["reordered"].b).split()) == sorted(" ".join(real).split())
    assert list(found["reordered"].b) != real
    for old, new in zip(real, found["longer"].b, strict=True):
        assert new.endswith(old.partition(": ")[2] or old)
    assert sum(map(len, found["shorter"].b)) < sum(map(len, real)) < sum(map(len, found["longer"].b))


def test_a_plan_for_a_judge_stays_within_its_budget(plan):
    assert sum(map(len, plan_lines(plan))) <= BUDGET
    long = plan.model_copy(deep=True)
    for e in long.explanations:
        e.text.text = "word " * 2000
    lines = plan_lines(long)
    assert sum(map(len, lines)) <= BUDGET
    assert any(line.endswith("word …") for line in lines)


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("halves and thirds do not.", True),
        ("HALVES  and\nthirds do not", True),
        ("“the class’s share”", True),
        ('"the class\'s share"', True),
        ("You can count … thirds do not", True),
        ("You can count ... thirds do not", True),
        ("thirds do not ... You can count", False),
        ("halves and quarters do not", False),
        ("halves", False),
        ("", False),
        ("...", False),
    ],
)
def test_quotes_are_found_whatever_their_spaces_case_and_marks(quote, stands):
    text = "You can count parts together, but halves and thirds do not.\nIt is the class's share."
    assert stands_in(quote, text) is stands
    assert stands_in(quote, "other words altogether") is False


def test_a_short_text_may_be_quoted_whole():
    assert stands_in("too short", "Too short")

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.plan import Idea, LessonPlan, Words
from classwright.classroom.section_problems import TEACHER, without_code
from classwright.classroom.section_text import (
    read_blocks,
    read_items,
    read_sections,
    read_text,
    write_block,
    write_items,
    write_section,
    write_text,
)
from classwright.classroom.sections import (
    BY_TEACHER,
    find_section,
    from_text,
    problem_sections,
    section_names,
    to_text,
)
from classwright.classroom.verify import verify
from classwright.classroom.word_distance import changed_words, word_distance
from classwright.errors import InputError
from classwright.skilltree.problem import Problem
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

GOAL = "fractions.add_unlike"
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\\%=-: "), max_size=60)
NASTY = st.lists(st.sampled_from(["=== hook ===", "%", "\\", "--- new", "- x", "answer: 5", "Step:", "", "  ", "a b"]))
ANY = TEXT | NASTY.map("\n".join)
FULL = ANY.filter(lambda t: t.strip())


def plan(goal: str = GOAL, approach: str = "misconceptions") -> LessonPlan:
    tree = default_tree()
    people = sample_class(6, 7, tree, goal)
    return draft_plan(tree, assemble(people, goal, tree), 60, approach, 7, "baking")


PLAN = plan()


@given(ANY, ANY)
def test_a_text_survives_its_section(one, two):
    a, b = read_sections(
        write_section("one", write_text(one), ["note"]) + "\n\n" + write_section("two", write_text(two))
    )
    assert (read_text(a), read_text(b)) == (one, two)


@given(st.lists(ANY))
def test_a_list_survives(items):
    [section] = read_sections(write_section("list", write_items(items)) + "\n")
    assert [v.text for v in read_items(section)] == items


@given(st.lists(st.lists(st.tuples(st.sampled_from(["question", "answer", "step"]), ANY))))
def test_blocks_survive(blocks):
    body = "\n\n".join(write_block(f"b/{i}", fields) for i, fields in enumerate(blocks))
    [section] = read_sections(write_section("x", body))
    found = read_blocks(section, ("question", "answer", "step"))
    assert [[(name, v.text) for name, v in b.fields] for b in found] == blocks


PROBLEM = st.builds(
    Problem, id=st.sampled_from(["a/1/2", "a/2/2", "b/teacher/ff"]), skill=st.sampled_from([GOAL, "other"]),
    level=st.integers(1, 3), seed=st.integers(0, 9), text=FULL, answer=FULL, expression=ANY,
    steps=st.lists(ANY).map(tuple), values=st.just({}), family=st.just("x"),
    kind=st.sampled_from(["number", "word"]), form=st.sampled_from(["", "simplest"]), unit=ANY,
    choices=st.lists(ANY).map(tuple),
)  # fmt: skip


@settings(max_examples=60)
@given(st.data())
def test_any_plan_survives_unchanged(data):
    p = PLAN.model_copy(deep=True)
    p.title, p.hook.text, p.closing.text = (data.draw(FULL) for _ in range(3))
    p.materials = data.draw(st.lists(ANY))
    p.vocabulary = data.draw(st.dictionaries(ANY, ANY))
    p.explanations[0].method, p.explanations[0].picture = tuple(data.draw(st.lists(ANY))), data.draw(ANY)
    p.objectives[0].text, p.repairs[0].move = data.draw(ANY), data.draw(ANY)
    p.guided.problems = data.draw(st.lists(PROBLEM))
    p.exit_ticket.problems = data.draw(st.lists(PROBLEM))
    p.ideas = [Idea(kind="question", skill=GOAL, place="closing", text=Words(text=data.draw(FULL), source="model"))]
    assert from_text(to_text(p), p) == p
    name = data.draw(st.sampled_from(section_names(p)))
    assert from_text(to_text(p, [name]), p) == p


@pytest.mark.parametrize("goal", ["statistics.two_way_table", "counting.add_within_5", "equations.two_step", GOAL])
def test_drafts_survive_also_with_the_line_ends_of_another_system(goal):
    p = plan(goal)
    assert from_text(to_text(p), p) == p
    assert from_text("\ufeff" + to_text(p).replace("\n", "\r\n"), p) == p


def test_a_slot_that_a_teacher_wrote_says_so():
    new = from_text("=== hook ===\nHello, class.\n", PLAN)
    assert (new.hook.text, new.hook.source, new.hook.refused) == ("Hello, class.", "curated", (BY_TEACHER,))
    assert new.model_copy(update={"hook": PLAN.hook}) == PLAN


def guided(text: str) -> list[Problem]:
    return from_text(f"=== guided ===\n{text}", PLAN).guided.problems


def block(p: Problem, **changes: str) -> str:
    rows = {"question": p.text, "answer": p.answer, "expression": p.expression} | changes
    steps = [("step", s) for s in p.steps] if "step" not in changes else []
    return write_block(p.id, [*((k, v) for k, v in rows.items() if v), *steps])


def test_problems_are_moved_removed_and_taken_from_other_sections():
    a, b, *_ = PLAN.guided.problems
    core = PLAN.independent.core[0]
    found = guided("\n".join(block(p) for p in (b, core, a)))
    assert found == [b, core, a]


def test_hints_follow_their_problems():
    a, b, c, *_ = PLAN.guided.problems
    first, second = (h.text for h in PLAN.guided.hints)

    def hints(*problems: Problem) -> list[str]:
        new = from_text("=== guided ===\n" + "\n".join(map(block, problems)), PLAN)
        return [h.text for h in new.guided.hints]

    assert hints(a, b, c) == [first, second]
    assert hints(b, a, c) == [second, first]
    assert hints(b, c) == [second]
    assert hints(c, a) == []
    both = from_text("=== hint 2 ===\nNew\n=== guided ===\n" + "\n".join(map(block, (b, a))), PLAN)
    assert [h.text for h in both.guided.hints] == ["New", first]


def test_a_problem_with_other_words_keeps_its_numbers_and_gets_a_new_id():
    old = PLAN.guided.problems[0]
    [new] = guided(block(old, question=old.text.replace("cup", "bowl")))
    assert new.values == old.values
    assert (new.family, new.steps) == (old.family, old.steps)
    assert new.id.startswith(f"{GOAL}/{TEACHER}/")


def test_a_problem_with_other_numbers_is_the_teachers_and_loses_its_steps():
    old = PLAN.guided.problems[0]
    [new] = guided(block(old, question="What is 1/2 + 1/5?", answer="7/10", expression="1/2 + 1/5"))
    assert (new.family, new.values, new.steps, new.level) == (TEACHER, {}, (), old.level)
    assert not without_code(new)
    [own] = guided(block(old, question="What is 1/2 + 1/5?", answer="7/10", expression="1/2 + 1/5", step="2 * 5 = 10"))
    assert own.steps == ("2 * 5 = 10",)


@pytest.mark.parametrize(
    ("lines", "kind", "expression", "trusted"),
    [
        ("question: What is 1/2 + 1/3?\nanswer: 5/6", "number", "1/2 + 1/3", False),
        ("question: Work out 12 ÷ 4.\nanswer: 3", "number", "12 ÷ 4", False),
        ("question: How many halves make 3?\nanswer: 6", "number", "", True),
        ("question: Which is more, a half or a third?\nanswer: a half", "word", "", True),
        ("question: Expand.\nanswer: 2x + 2\nexpression: expand(2(x + 1))", "expression", "expand(2(x + 1))", False),
    ],
)
def test_a_new_problem(lines, kind, expression, trusted):
    [new] = guided(f"--- new\n{lines}\n")
    assert (new.skill, new.kind, new.expression, without_code(new)) == (GOAL, kind, expression, trusted)


def test_a_wrong_answer_without_an_expression_is_found_where_the_question_is_arithmetic():
    text = (
        "=== guided ===\n"
        + "\n".join(map(block, PLAN.guided.problems))
        + "\n--- new\nquestion: What is 1/2 + 1/3?\nanswer: 2/5"
    )
    findings = verify(from_text(text, PLAN), default_tree()).findings
    assert [f.kind for f in findings] == ["wrong answer"]
    assert findings[0].what == "the answer is 5/6, the plan says 2/5"


def test_an_objective_goes_on_pointing_at_an_item_that_was_changed():
    items = PLAN.exit_ticket.problems
    text = "\n".join(
        [block(items[1]), block(items[0], question="Add 1/2 and 3/7 now."), "--- new\nquestion: 1/2 + 1/4\nanswer: 3/4"]
    )
    new = from_text(f"=== exit ticket ===\n{text}", PLAN)
    assert new.objectives[0].assessed_by == new.exit_ticket.problems[1].id != items[0].id


def test_minutes_and_a_repair_that_is_gone():
    first, second = PLAN.repairs[:2]
    text = to_text(PLAN, ["repairs", "minutes"]).replace("guided: ", "guided: 1")
    start, end = text.index(f"--- {first.misconception}"), text.index(f"--- {second.misconception}")
    new = from_text(text[:start] + text[end:], PLAN)
    assert [r.misconception for r in new.repairs] == [r.misconception for r in PLAN.repairs[1:]]
    assert new.guided.minutes == int(f"1{PLAN.guided.minutes}")


def test_a_section_is_found_by_its_beginning():
    assert find_section(PLAN, " Exit") == "exit ticket"
    with pytest.raises(InputError, match="did you mean closing"):
        find_section(PLAN, "closeing")
    with pytest.raises(InputError, match="independent core"):
        find_section(PLAN, "independent")
    assert set(problem_sections(PLAN)) < set(section_names(PLAN))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Hello", "line 1: text before the first section"),
        ("% only notes\n", "holds no section"),
        ("=== hook ===\n\n=== closing ===\nx", "line 1: hook is empty"),
        ("=== hook ===\na\n=== hook ===\nb", "line 3: section hook is already in line 1"),
        ("=== hok ===\na", "line 1: the plan has no section 'hok'; did you mean hook"),
        ("=== ===\na", "line 1: a section needs a name"),
        ("=== guided ===\nquestion: x", "line 2: question stands in no block"),
        ("=== guided ===\n--- new\nquestion: x", "line 2: new has no line 'answer: ...'"),
        ("=== guided ===\n--- new\nquestion: x\nanswer:", "line 2: the answer of new is empty"),
        ("=== guided ===\n--- new\nquestion: x\nansver: 5", "line 4: unknown field ansver; did you mean answer"),
        ("=== guided ===\n--- new\nanswer: 1\nanswer: 2\nquestion: x", "line 4: new has a second answer"),
        ("=== guided ===\n--- new\nquestion: x\nanswer: 5\nkind: nummer", "unknown kind 'nummer' of new; did you mean number"),
        ("=== guided ===\n--- nosuch/1/2\nquestion: x\nanswer: 5", "line 2: the plan has no problem nosuch/1/2"),
        ("=== guided ===\nx\n", "line 2: belongs to no field"),
        ("=== example problem 1 ===\n", "line 1: a worked example has one problem, not 0"),
        ("=== materials ===\nchalk", "line 2: every item of materials begins with a dash"),
        ("=== minutes ===\nguided: many", "line 2: minutes are a whole number from 1 to 600, not 'many'"),
        ("=== minutes ===\nguidde: 5", "line 2: no part 'guidde' has minutes; there is guided"),
        ("=== minutes ===\nhook: 5\nhook: 6", "line 3: hook has its minutes already"),
        ("=== repairs ===\n--- nosuch\nname: a\ntrigger: b\nask: c\nmove: d", "line 2: the misconception nosuch is not one"),
    ],
)  # fmt: skip
def test_damage_is_named_with_its_line(text, message):
    with pytest.raises(InputError) as caught:
        from_text(text, PLAN)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@given(ANY)
def test_no_text_breaks_the_reader(text):
    try:
        from_text(text, PLAN)
    except InputError as error:
        assert "\n" not in str(error)


def test_word_distance():
    assert word_distance("a b c d", "a x c") == 0.5
    assert word_distance("", "") == 0
    assert word_distance("", "a b") == 1
    assert changed_words("kitten", "sitting") == 3


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_the_distance_is_a_metric(a, b):
    assert changed_words(a, b) == changed_words(b, a)
    assert abs(len(a) - len(b)) <= changed_words(a, b) <= max(len(a), len(b))
    assert (changed_words(a, b) == 0) == (a == b)

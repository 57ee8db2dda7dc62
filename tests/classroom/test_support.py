from classwright.classroom.audience import assemble
from classwright.classroom.controls import controls
from classwright.classroom.draft import draft_plan
from classwright.classroom.plan import Passage, Words
from classwright.classroom.support import cited, support
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

GOAL = "fractions.add_unlike"


def plan(**changes):
    tree = default_tree()
    made = draft_plan(tree, assemble(sample_class(4, 7, tree, GOAL), GOAL, tree), 45, "balanced", 7, None)
    return made.model_copy(update=changes)


def test_lines_are_told_apart_by_what_they_are_about():
    lines = ["closing: It rains upward.", "question: “Why?” was left out: no solution", "source: a.md says 1 = 2"]
    said = support(plan(unsupported=[*lines, "answer to “Q: what?”: rain"]))
    assert said.claims == [lines[0], "answer to “Q: what?”: rain"]
    assert said.questions == ["“Why?” was left out: no solution"]
    assert said.faults == ["a.md says 1 = 2"]


def test_a_passage_is_cited_where_a_text_or_a_term_marks_it():
    passages = [Passage(id=f"S{n}", source="a.md", text="Rain falls.") for n in (1, 2, 3, 12)]
    made = plan(passages=passages, closing=Words(text="Rain falls [S12, S2]."), vocabulary={"rain": "water [S3]"})
    assert cited(made) == ["S2", "S3", "S12"]
    assert cited(plan(passages=passages)) == []


def test_a_lesson_about_birds_is_not_tried_against_one_about_birds():
    birds = plan(
        verified=False, title="Birds in winter", hook=Words(text="Who fed a bird at the feeder? Robins like seeds.")
    )
    said = "Robins stay all winter, sparrows live in groups. Garden birds like seeds and quiet places without a cat."
    birds.explanations[0].text = Words(text=said)
    for seed in range(6):
        off = next(c for c in controls(birds, seed) if c.name == "off-topic")
        assert not any("Robins" in line for line in off.lines)


def test_wrong_answers_can_be_planted_where_an_example_has_no_steps():
    bare = plan(verified=False)
    bare.worked_examples[0].problem = bare.worked_examples[0].problem.model_copy(update={"steps": ()})
    wrong = next(c for c in controls(bare, 1) if c.name == "wrong answers")
    assert wrong.plan is not None
    assert wrong.plan.worked_examples[0].problem.answer != bare.worked_examples[0].problem.answer

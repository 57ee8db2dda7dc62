import pytest

from classwright.classroom.idea_checks import Activity, Analogy, IdeaTerms, Question, Representation, idea_faults
from classwright.skilltree.tree import default_tree

TREE = default_tree()
SKILL = TREE["fractions.add_unlike"]
TERMS = IdeaTerms(SKILL, TREE, ["two equal paper strips for each learner", "colored pencils"], 8, 7.0, ["An old text."])

ANALOGY = Analogy(
    mathematics="a common denominator for two fractions",
    everyday="using one kind of coin for two prices",
    because="you can count things together only when they have the same size",
)
ACTIVITY = Activity(
    materials=["paper strips", "pencil"],
    minutes=6,
    steps="Partners fold two strips into parts of one size and color the parts of both fractions. "
    "Then they count the colored parts together and explain the common denominator to each other.",
)
DRAWN = Representation(
    shown_with="a number line",
    how="Draw a number line and mark both fractions as jumps with parts of the same size. "
    "Learners see that the jumps can be counted together after a common denominator is found.",
)
ASKED = Question(question="Why can you count parts together only when they have the same size?")


@pytest.mark.parametrize("idea", [ANALOGY, ACTIVITY, DRAWN, ASKED], ids=lambda i: type(i).__name__)
def test_a_good_idea_has_no_fault(idea):
    assert idea_faults(idea, TERMS) == []


def test_an_analogy_is_said_in_two_sentences():
    assert ANALOGY.text() == (
        "A common denominator for two fractions is like using one kind of coin for two prices. You can count things "
        "together only when they have the same size."
    )


@pytest.mark.parametrize(("idea", "change", "why"), [
    (ANALOGY, {"because": "both are fun for everybody around"}, "says nothing about the skill"),
    (ANALOGY, {"because": "yes"}, "does not say what is the same"),
    (ANALOGY, {"everyday": "adding fractions with a denominator"}, "compares the skill with itself"),
    (ANALOGY, {"mathematics": "a cooking pot"}, "is not in the words of the skill"),
    (ANALOGY, {"because": "you multiply the parts until they have the same size"}, "not this skill's: multiply"),
    (ANALOGY, {"because": "3/4 and 1/6 are counted in parts of the same size"}, "a number it was not given"),
    (ACTIVITY, {"materials": ["dice"]}, "needs dice"),
    (ACTIVITY, {"steps": ACTIVITY.steps.replace("two strips", "two cards")}, "uses cards"),
    (ACTIVITY, {"minutes": 20}, "takes 20 minutes, and its part has 8"),
    (ACTIVITY, {"steps": "Count the parts of both fractions and find the common denominator with the same size of strips."},
     "who does what"),
    (DRAWN, {"shown_with": "a song"}, "nothing to draw"),
    (DRAWN, {"how": SKILL.picture}, "the plan's own picture"),
    (ASKED, {"question": "Is a common denominator needed to count parts of the same size together?"}, "yes or no"),
    (ASKED, {"question": "How many parts have the same size in both fractions?"}, "reason or a way"),
    (ASKED, {"question": "Explain why you count parts of the same size together."}, "question mark"),
    (ASKED, {"question": "Why do we rewrite each fraction with that number as its denominator?"}, "gives its answer"),
    (ASKED, {"question": "Why is 1/2 + 1/2 = 3 when you count parts of the same size together?"}, "false equation"),
    (ASKED, {"question": "Why do birds fly south when the winter comes again?"}, "says too little"),
], ids=str)  # fmt: skip
def test_each_refusal_has_its_reason(idea, change, why):
    found = idea_faults(idea.model_copy(update=change), TERMS)
    assert any(why in f for f in found), found


def test_an_idea_that_is_in_the_plan_already_is_refused():
    terms = IdeaTerms(SKILL, TREE, TERMS.materials, 8, 7.0, [ASKED.question])
    assert "repeats another part word for word" in idea_faults(ASKED, terms)

import asyncio
import re

import pytest

from classwright.agents.translator import translate_plan
from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.translation import pieces, problem_paths
from classwright.errors import UnreachableError
from classwright.models.chat import Chat
from classwright.models.scripted import ScriptedModel
from classwright.skilltree.expression import evaluate
from classwright.skilltree.grading import grade
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree
from tests.agents.scripted_spanish import asked, good, spanish

TREE = default_tree()


def plan_for(goal="fractions.add_unlike"):
    return draft_plan(TREE, assemble(sample_class(6, 7, TREE, goal), goal, TREE), 45, "balanced", 7, "baking")


def translate(plan, script, language="es"):
    model = ScriptedModel(script)
    return asyncio.run(translate_plan(plan, language, Chat("teacher", model, "m"), unit="u")), model


@pytest.mark.parametrize(
    "goal", ["fractions.add_unlike", "geometry.angle_types", "counting.odd_even", "functions.is_function"]
)
def test_a_plan_is_translated_and_stays_the_same_lesson(goal):
    plan = plan_for(goal)
    made, model = translate(plan, good)
    assert made.untranslated == ()
    assert made.plan.language == "es"
    assert len(model.seen) <= len(pieces(plan)) + 1  # "no" is asked twice, as it is "no" in Spanish
    for (_, old), (_, new) in zip(problem_paths(plan), problem_paths(made.plan), strict=True):
        assert (new.id, new.expression, new.values, new.kind) == (old.id, old.expression, old.values, old.kind)
        assert len(new.steps) == len(old.steps)
        english = made.answers.get(new.answer, new.answer)
        assert english == old.answer
        assert grade(evaluate(new.expression), old).result == "right"
        assert grade(new.answer, new).result == "right"
        assert re.findall(r"\d", new.text) == re.findall(r"\d", old.text)
    assert made.plan.timetable() == plan.timetable()
    assert set(made.plan.vocabulary) == {spanish(term) for term in plan.vocabulary}


def test_choices_and_their_answer_are_translated_once_and_graded():
    made, model = translate(plan_for("geometry.angle_types"), good)
    problem = made.plan.guided.problems[-1]
    assert problem.choices == ("acuteado", "rightado", "obtuseado", "straightado")
    assert problem.answer in problem.choices
    assert all(choice in problem.text for choice in problem.choices)
    wrong = next(c for c in problem.choices if c != problem.answer)
    assert grade(wrong, problem).result == "wrong"
    assert sum(asked(b) == "acute\nright\nobtuse\nstraight" for b in model.seen) == 1
    assert {r.wrong_answer for r in made.plan.repairs if r.problem.choices} <= set(problem.choices)


def test_choices_are_given_to_the_problems_as_a_glossary():
    _, model = translate(plan_for("geometry.angle_types"), good)
    bodies = [b["messages"][-1]["content"] for b in model.seen if "acute, right" in asked(b)]
    assert bodies
    assert all("acute = acuteado" in text for text in bodies)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda text: re.sub(r"\d", "7", text, count=1) + " 77", "number"),
        (lambda text: text.replace("=", "es").replace("+", "y"), "sign"),
        (lambda text: "Sure! " + text, "more than the translation"),
        (lambda text: text + " el de la que y en" * 60, "times the length"),
    ],
)
def test_a_spoiled_translation_is_refused_twice_and_stays_english(spoil, why):
    plan = plan_for()
    target = plan.worked_examples[-1].problem

    def script(body):
        text = good(body)
        return spoil(text) if asked(body) == "\n".join(target.steps) else text

    made, model = translate(plan, script)
    [(where, reason)] = made.untranslated
    assert where == f"steps of {target.id}"
    assert why in reason
    assert made.plan.worked_examples[-1].problem.steps == target.steps
    assert made.plan.language == "en"  # not everything that learners see is translated
    assert made.plan.title == spanish(plan.title)
    tries = [b["messages"][-1]["content"] for b in model.seen if asked(b) == "\n".join(target.steps)]
    assert len(tries) == 2
    assert "was not used" in tries[1]


def test_english_is_no_translation():
    made, _ = translate(plan_for(), asked)
    assert made.plan == plan_for()
    assert {why for where, why in made.untranslated if where.startswith("problem")} <= {
        "not translated",
        "still English, not Spanish",
    }


def test_another_language_than_the_one_asked_for_is_refused():
    german = "Das ist die Aufgabe und wir rechnen mit der Hand, nicht mit dem Kopf"
    made, _ = translate(plan_for(), lambda body: german)
    assert all(where != "title" for where, _ in made.untranslated if False)
    assert len(made.untranslated) == len(pieces(plan_for()))


def test_what_only_the_teacher_reads_may_stay_english():
    plan = plan_for()

    def script(body):
        return asked(body) if asked(body) == plan.notes[0].text else good(body)

    made, _ = translate(plan, script)
    assert [where for where, _ in made.untranslated] == ["note 1"]
    assert made.plan.language == "es"
    assert made.plan.notes[0].text == plan.notes[0].text


def test_a_problem_whose_choices_become_one_word_stays_english_as_a_whole():
    plan = plan_for("geometry.angle_types")

    def script(body):
        return re.sub("rightado|straightado", "recto", good(body))

    made, model = translate(plan, script)
    choosing = [
        (old, new)
        for (_, old), (_, new) in zip(problem_paths(plan), problem_paths(made.plan), strict=True)
        if old.choices
    ]
    assert choosing
    assert all(new == old for old, new in choosing if "straight" in old.choices)
    assert made.plan.language == "en"
    telling = [p for p in pieces(plan) if "acute" in p.text and "obtuse" in p.text and p.kind != "choices"]
    assert telling
    assert not {p.text for p in telling} & {asked(b) for b in model.seen}  # nothing that tells them apart is translated
    assert {p.where for p in telling} <= {where for where, _ in made.untranslated}
    assert any(why == "two of the answers became one word" for _, why in made.untranslated)
    assert any(where.startswith("problem") for where, _ in made.untranslated)


def test_measures_become_symbols_and_things_are_translated():
    made, _ = translate(plan_for("whole.multiply_facts"), good)
    units = {
        (old.unit, new.unit)
        for (_, old), (_, new) in zip(
            problem_paths(plan_for("whole.multiply_facts")), problem_paths(made.plan), strict=True
        )
    }
    assert all(new == spanish(old) for old, new in units)
    made, _ = translate(plan_for("measurement.length_difference"), good)
    units = {p.unit for _, p in problem_paths(made.plan) if p.skill == "measurement.length_difference"}
    assert units <= {"ft", "m", "cm", "in", "km", ""}
    assert units - {""}


def test_english_asked_for_costs_nothing():
    plan = plan_for()
    made, model = translate(plan, good, "en-GB")
    assert (made.plan, model.seen) == (plan, [])


def test_an_empty_reply_stays_english_and_an_unreachable_model_ends_the_run():
    plan = plan_for()
    made, _ = translate(plan, lambda body: "" if asked(body) == plan.title else good(body))
    assert [where for where, _ in made.untranslated] == ["title"]
    with pytest.raises(UnreachableError):
        translate(plan, lambda body: UnreachableError("gone"))

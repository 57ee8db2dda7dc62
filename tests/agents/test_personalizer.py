import asyncio

import pytest

from classwright.agents.personalizer import name_things, personalize
from classwright.classroom.verify import check_problem
from classwright.errors import UnreachableError
from classwright.models.chat import Chat
from classwright.models.scripted import Say, ScriptedModel
from classwright.skilltree import bank
from classwright.skilltree.grading import grade
from classwright.skilltree.interests import Grain

P = bank.problem("whole.equal_groups", 4, 2)
GOOD = "In Minecraft, Yuki fills 9 chests and puts 3 diamonds in each one. How many diamonds is that altogether?"
SOLVED = "9 groups of 3 are 27.\nANSWER: 27"


def run(*replies, interest="Minecraft", grain: Grain = "reference", problem=P, critic=None, **more):
    model = ScriptedModel(list(replies))
    chat = Chat("teacher", model, "m")
    judge = Chat("critic", ScriptedModel(critic), "m") if critic else None
    made = asyncio.run(
        personalize(problem, interest, grain, chat, unit="u", reading_level=5, critic=judge, **more)
    )  # fmt: skip
    return made, model


def rulings(made, n=-1):
    return {(r.validator, r.by): r.passed for r in made.attempts[n].rulings}


def test_a_good_rewrite_is_used_with_the_same_mathematics():
    made, model = run(GOOD, SOLVED)
    assert (made.source, made.grain, made.interest, made.why) == ("model", "reference", "Minecraft", "")
    new = made.problem
    assert new.text == GOOD
    assert (new.id, new.answer, new.expression, new.values, new.unit) == (
        P.id,
        P.answer,
        P.expression,
        P.values,
        "diamonds",
    )
    assert check_problem(new) == []
    assert grade("27 diamonds", new).result == "right"
    assert "controller" not in " ".join(new.steps)
    assert rulings(made) == {
        ("solvability", "code"): True,
        ("solvability", "solution"): True,
        ("realism", "code"): True,
        ("readability", "code"): True,
        ("authenticity", "code"): True,
    }
    assert GOOD in model.seen[1]["messages"][1]["content"]
    assert P.answer not in model.seen[1]["messages"][1]["content"].split(GOOD)[1]


@pytest.mark.parametrize(
    ("bad", "validator", "why"),
    [
        (GOOD.replace("9", "8"), "solvability", "9 is missing"),
        (GOOD.replace("Yuki", "Steve"), "solvability", "Yuki is missing"),
        (GOOD.replace("chests", "swords"), "realism", "holds nothing"),
        (GOOD.replace("diamonds", "extraordinarily illuminated paraphernalia"), "readability", "reads like"),
        (GOOD.replace("diamonds", "gadgets").replace("chests", "boxes"), "authenticity", "named, not used"),
    ],
)
def test_each_validator_refuses_and_its_finding_is_named_in_the_revision(bad, validator, why):
    made, model = run(bad, GOOD, SOLVED)
    assert made.source == "model"
    assert len(made.attempts) == 2
    [fault, *_] = made.attempts[0].faults
    assert fault.validator == validator
    assert why in fault.why
    conversation = model.seen[1]["messages"]
    assert conversation[-2] == {"role": "assistant", "content": bad}
    assert why in conversation[-1]["content"]


def test_after_one_revision_the_banks_own_version_stands():
    bad = GOOD.replace("9", "8")
    made, model = run(bad, bad)
    assert (made.source, len(made.attempts), len(model.seen)) == ("bank", 2, 2)
    assert made.problem.text == bank.problem(P.skill, P.seed, P.level, "Minecraft").text
    assert "9 is missing" in made.why


def test_a_wrong_or_missing_solution_refuses_the_text():
    made, _ = run(GOOD, "ANSWER: 12", GOOD, "I am not sure.")
    assert made.source == "bank"
    assert [a.faults[0].by for a in made.attempts] == ["solution", "solution"]
    assert "solved as 12, not 27" in made.attempts[0].faults[0].why


def test_a_text_that_changes_nothing_is_no_rewrite():
    own = bank.problem(P.skill, P.seed, P.level, "Minecraft").text
    made, _ = run(own, own)
    assert made.source == "bank"
    assert "not changed" in made.why


def test_an_empty_reply_is_a_failed_attempt():
    made, _ = run("", GOOD, SOLVED)
    assert made.source == "model"
    assert made.attempts[0].text == ""


def test_an_unreachable_model_ends_the_run():
    with pytest.raises(UnreachableError):
        run(UnreachableError("gone"))


def test_no_model_is_asked_where_an_interest_could_only_decorate():
    made, model = run(problem=bank.problem("equations.absolute_value", 3, 1))
    assert (made.source, model.seen) == ("bank", [])
    assert "decorate" in made.why


def test_an_interest_is_used_at_the_grain_that_is_asked_for():
    text = "Yuki fills 9 bags and puts 3 basketballs in each one. How many basketballs is that altogether?"
    made, model = run(text, SOLVED, interest="the 2022 World Cup final", grain="topic")
    assert (made.source, made.interest, made.grain) == ("model", "sports", "topic")
    assert "World Cup" not in str(model.seen)
    narrow, _ = run(text, SOLVED, interest="sports", grain="reference")
    assert (narrow.interest, narrow.grain) == ("sports", "topic")


def logprobs(yes):
    def answer(body):
        first = body["messages"][-1]["content"].split("A. ")[1].split("\n")[0]
        return Say("A", logprobs={"A": -0.05, "B": -3.0} if (first == "yes") == yes else {"A": -3.0, "B": -0.05})

    return answer


def test_a_critics_opinion_is_asked_in_both_orders_and_marked():
    made, _ = run(GOOD, SOLVED, critic=logprobs(True))
    assert rulings(made)["realism", "opinion"] is True
    assert rulings(made)["authenticity", "opinion"] is True
    refused, _ = run(GOOD, SOLVED, GOOD, SOLVED, critic=logprobs(False))
    assert refused.source == "bank"
    assert refused.attempts[0].faults[0].by == "opinion"


def test_a_critic_that_always_says_a_has_no_say():
    made, _ = run(GOOD, SOLVED, critic=lambda body: Say("A", logprobs={"A": -0.1, "B": -2.4}))
    views = [r for r in made.attempts[0].rulings if r.by == "opinion"]
    assert [v.passed for v in views] == [True, True]
    assert all("50%" in v.why for v in views)


def test_a_critic_without_probabilities_is_missing_not_a_yes():
    made, _ = run(GOOD, SOLVED, critic=lambda body: "A")
    assert made.source == "model"
    assert rulings(made)["realism", "opinion"] is None


def test_things_of_an_unknown_interest_come_from_a_model_and_say_so():
    chat = Chat(
        "teacher", ScriptedModel([{"things": ["Clay bowls", "the kilns", "Kim Kardashian of LA", "vases"]}]), "m"
    )
    things = asyncio.run(name_things("pottery", chat, unit="u"))
    assert things == ("clay bowls", "kilns", "vases")
    text = "Yuki fills 9 racks and puts 3 clay bowls in each one. How many clay bowls is that altogether?"
    made, model = run(text, SOLVED, interest="pottery", grain="subtopic", things=things)
    assert made.source == "model"
    assert rulings(made)["authenticity", "opinion"] is True
    assert "clay bowls" in model.seen[0]["messages"][-1]["content"]
    without, _ = run(text, text, interest="pottery", grain="subtopic")
    assert without.source == "bank"

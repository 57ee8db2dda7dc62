import json
import re
from fractions import Fraction
from typing import Any

import pytest

from classwright.agents.proposer import propose
from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.proposals import apply
from classwright.classroom.verify import verify
from classwright.errors import UnreachableError
from classwright.models.chat import Chat
from classwright.models.embeddings import WordEmbedder
from classwright.models.scripted import ScriptedModel
from classwright.runs.journal import Journal
from classwright.skilltree.bank import problem, problems
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

TREE = default_tree()
GOAL = "fractions.add_unlike"
AUDIENCE = assemble(sample_class(6, 7, TREE, GOAL), GOAL, TREE)
PLAN = draft_plan(TREE, AUDIENCE, 45, "balanced", 7, "baking")
SUMS = [p.expression for p in problems(GOAL, 8, 991, 1, avoid=PLAN.problems())]
IDEAS = {
    "analogy": {"mathematics": "a common denominator for two fractions", "everyday": "paying two prices in one kind of coin",
                "because": "you can count things together only when they have the same size"},
    "activity": {"materials": ["paper strips"], "minutes": 5, "steps": "Partners fold two strips into parts of one size and "
                 "color the parts of both fractions. Then they count the colored parts together and name the common denominator."},
    "representation": {"shown_with": "a number line", "how": "Draw a number line and mark both fractions as jumps with parts of "
                       "the same size. Learners see that the jumps can be counted together."},
    "question": {"question": "Why can you count parts of two fractions together only when they have the same size?"},
}  # fmt: skip


def story(expression, answer=None):
    a, b = expression.split(" + ")
    text = f"Kim uses {a} cup of oats in the morning and {b} cup of oats at night. How many cups of oats does Kim use in all?"
    return {"text": text, "expression": expression, "work": "add", "answer": answer or str(Fraction(a) + Fraction(b))}


class Writer:
    """Plays the model: proposes from a list, reads every calculation right; `bend` changes a reply on its way."""

    def __init__(self, bend=lambda task, reply: reply):
        self.bend, self.written, self.tasks = bend, iter(SUMS * 3), []

    def __call__(self, body):
        user = body["messages"][1]["content"]
        [task] = re.findall(r"^Task: (.+)$", user, re.M)
        self.tasks.append(task)
        if task == "calculation":
            found = re.findall(r"\d+/\d+", user.split("Problem: ")[1].split("\n")[0])
            reply = {"asked": "how many in all", "calculation": " + ".join(found)}
        elif task == "word problem":
            reply = story(next(self.written))
        else:
            reply = IDEAS[task]
        return self.bend(task, dict(reply))


async def run(writer, journal=None, **changes):
    model = ScriptedModel(writer)
    values: dict[str, Any] = {"unit": "plan1", "interest": "baking", "language": "en"} | changes
    chat = Chat("teacher", model, "scripted", journal=journal)
    return await propose(PLAN, AUDIENCE, TREE, chat, WordEmbedder().embed, **values), model


async def test_good_proposals_are_admitted_and_fit_the_plan():
    found, _ = await run(Writer())
    assert [r.why for r in found.refused] == []
    assert len(found.problems) == 4
    assert {i.kind: i.place for i in found.ideas} == {
        "analogy": "explanation", "representation": "explanation", "question": "explanation", "activity": "guided practice"
    }  # fmt: skip
    new = apply(PLAN, found)
    assert verify(new, TREE).passed
    assert sum(p.family == "model" for p in new.practice_problems()) == 4


async def test_a_model_that_cannot_solve_is_asked_nothing_else():
    writer = Writer(lambda task, reply: {"asked": "?", "calculation": "1 + 1"} if task == "calculation" else reply)
    found, model = await run(writer)
    assert not found.asked
    assert found.why == "it solved 0 of 3 word problems of the trial, and needs 2"
    assert writer.tasks == ["calculation"] * 3 == ["calculation"] * len(model.seen)


async def test_babble_fails_the_trial_instead_of_the_run():
    found, _ = await run(lambda body: "I like fractions.")
    assert (found.asked, found.solved, found.problems, found.ideas) == (False, 0, [], [])


async def test_an_unreachable_model_ends_the_run():
    with pytest.raises(UnreachableError):
        await run(lambda body: UnreachableError("nobody there"))


async def test_a_problem_that_a_second_reading_answers_otherwise_is_refused():
    trial = 3

    def bend(task, reply):
        return (
            {"asked": "?", "calculation": "1/2 - 1/3"} if task == "calculation" and len(writer.tasks) > trial else reply
        )

    writer = Writer(bend)
    found, _ = await run(writer, problems=1)
    assert found.problems == []
    assert [r.why for r in found.refused] == [["a second solution, from its text alone, comes to another answer"]] * 2


async def test_a_wrong_answer_of_the_model_is_a_refusal_and_the_second_attempt_is_told_why():
    def bend(task, reply):
        return reply | {"answer": "5/9"} if task == "word problem" else reply

    found, model = await run(Writer(bend), problems=1)
    assert [r.place for r in found.refused] == ["1.0", "1.1"]
    assert "the model said 5/9" in found.refused[0].why[0]
    asked = [b["messages"][1]["content"] for b in model.seen if "Task: word problem" in b["messages"][1]["content"]]
    assert "was not used: the answer is" in asked[1]
    assert "for this calculation:" in asked[1]
    assert "for this calculation:" not in asked[0]


async def test_the_same_numbers_are_admitted_once():
    def bend(task, reply):
        return story(SUMS[0]) if task == "word problem" else reply

    found, _ = await run(Writer(bend), problems=3)
    assert len(found.problems) == 1
    assert [r.why for r in found.refused] == [["its numbers are those of another proposal"]] * 2


async def test_what_the_test_asks_is_refused():
    found, _ = await run(Writer(lambda t, r: story(SUMS[0]) if t == "word problem" else r), problems=1,
                         avoid=[f"{GOAL} {' + '.join(reversed(SUMS[0].split(' + ')))}"])  # fmt: skip
    assert found.problems == []
    assert "of the plan or of a test" in found.refused[0].why[0]


async def test_a_bad_idea_is_asked_for_once_more_and_kept_with_its_reason():
    def bend(task, reply):
        return {"question": "Is it hard?"} if task == "question" else reply

    found, _ = await run(Writer(bend), problems=1)
    assert {i.kind for i in found.ideas} == {"analogy", "activity", "representation"}
    assert [r.place for r in found.refused] == ["question.0", "question.1"]
    assert any("yes or no" in w for w in found.refused[0].why)


async def test_an_idea_off_the_topic_is_refused():
    def bend(task, reply):
        if task != "question":
            return reply
        return {"question": "Why do dancers count their parts together when the music of the band gets louder?"}

    found, _ = await run(Writer(bend), problems=1)
    assert "question" not in {i.kind for i in found.ideas}
    assert any("off the topic" in w for r in found.refused for w in r.why)


async def test_a_language_that_code_cannot_read_gets_no_stories():
    found, model = await run(Writer(), language="de")
    assert found.problems == []
    assert not any("Task: word problem" in b["messages"][1]["content"] for b in model.seen)
    assert len(found.ideas) == 4


async def test_a_skill_without_stories_gets_ideas_only():
    goal = "polynomials.add"
    audience = assemble(sample_class(4, 7, TREE, goal), goal, TREE)
    plan = draft_plan(TREE, audience, 60 + 7 * len(audience.missing), "balanced", 7, None)
    p = {}

    def reply(body):
        user = body["messages"][1]["content"]
        if "Task: calculation" in user:
            text = user.split("Problem: ")[1].split("\n")[0]
            p.setdefault("right", {problem("whole.two_step_story", s, k, "school").text: problem("whole.two_step_story", s, k, "school").expression
                                   for s in range(2_000_000, 2_000_400) for k in (1, 2)})  # fmt: skip
            return {"asked": "?", "calculation": p["right"][text]}
        return {"question": "Is it?"} if "Task: question" in user else "no idea"

    chat = Chat("teacher", ScriptedModel(reply), "scripted")
    found = await propose(plan, audience, TREE, chat, WordEmbedder().embed, unit="u", interest=None, language="en")
    assert found.asked
    assert (found.problems, found.ideas) == ([], [])
    assert {r.kind for r in found.refused} == {"analogy", "activity", "representation", "question"}


async def test_every_reply_is_in_the_journal_and_read_again(tmp_path):
    journal = Journal.open(tmp_path / "journal.jsonl")
    first, model = await run(Writer(), journal)
    journal.close()
    keys = [json.loads(line)["key"] for line in (tmp_path / "journal.jsonl").read_text().splitlines()]
    assert len(keys) == len(set(keys)) == len(model.seen)
    journal = Journal.open(tmp_path / "journal.jsonl")
    again, nobody = await run(lambda body: AssertionError("asked again"), journal)
    journal.close()
    assert nobody.seen == []
    assert again == first

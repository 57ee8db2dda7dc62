import asyncio

import pytest

from classwright.agents.evaluator import CRITERIA, evaluate_plan, judge
from classwright.agents.pairwise import prefer_plans
from classwright.agents.panel import open_panel
from classwright.classroom.plan_lines import plan_lines
from classwright.errors import UnreachableError
from classwright.models.chat import Chat
from classwright.models.scripted import ScriptedModel
from classwright.runs.journal import Journal
from tests.agents.scripted_judges import first_words, judge_by, knows, plan_for, with_pairs

PLAN, OTHER = plan_for(), plan_for("fractions.equivalent", 3)
GOOD = judge_by(knows([PLAN, OTHER]))


def chat(n: int, script, journal=None) -> Chat:
    return Chat(f"evaluators[{n}]", ScriptedModel(script), f"m{n}", journal=journal)


def asked(chat: Chat) -> list:
    assert isinstance(chat.endpoint, ScriptedModel)
    return chat.endpoint.seen


async def test_a_good_judge_is_admitted_and_its_view_of_the_draft_is_not_asked_again():
    one = chat(0, GOOD)
    panel = await open_panel([one], PLAN, unit="trial")
    assert [s.status for s in panel.standings] == ["admitted"]
    assert len(asked(one)) == 5 + 5 + 12
    ciddp = await evaluate_plan(PLAN, panel, unit="plan1")
    assert len(asked(one)) == 22
    assert (ciddp.status, ciddp.mean, ciddp.judges) == ("admitted", 4, ["evaluators[0]"])
    assert (await evaluate_plan(OTHER, panel, unit="plan2")).mean == 4
    assert len(asked(one)) == 27
    p = await prefer_plans(PLAN, OTHER, panel, unit="plan1~plan2")
    assert (p.wins_a, p.wins_b, p.ties) == (0, 0, 1)


@pytest.mark.parametrize(
    ("script", "why", "calls"),
    [
        (judge_by(knows([PLAN]), level=lambda text: 5), "rates a lesson that teaches nothing 5.0 of 5", 5),
        (
            judge_by(knows([PLAN]), level=lambda text: 3),
            "rates a lesson that teaches nothing 3.0 of 5 and a real one 3.0",
            10,
        ),
        (
            judge_by(knows([PLAN]), quote=lambda text: "the birds sing of fractions"),
            "its evidence is not in the plan",
            1,
        ),
        (lambda body: {"quote": "x", "reason": "y", "level": 9}, "level", 2),
        (lambda body: "five of five", "no JSON object", 2),
        (with_pairs(lambda a, b: 1, GOOD), "chooses the first lesson whatever it is", 5 + 5 + 4),
    ],
)
async def test_a_bad_judge_is_withheld_with_the_reason_and_asked_no_more(script, why, calls):
    one = chat(0, script)
    panel = await open_panel([one], PLAN, unit="trial")
    assert panel.standings[0].status == "withheld"
    assert why in panel.standings[0].why
    assert len(asked(one)) == calls
    ciddp = await evaluate_plan(PLAN, panel, unit="plan1")
    preference = await prefer_plans(PLAN, OTHER, panel, unit="p")
    assert (ciddp.status, ciddp.mean, set(ciddp.levels.values())) == ("withheld", None, {None})
    assert why in ciddp.why
    assert (preference.status, preference.outcome, preference.wins("a", "b")) == ("withheld", None, {})
    assert len(asked(one)) == calls


async def test_one_judge_out_of_reach_shrinks_the_panel_and_is_said():
    gone = chat(1, lambda body: UnreachableError("http://y did not answer"))
    panel = await open_panel([chat(0, GOOD), gone], PLAN, unit="trial")
    assert [s.status for s in panel.standings] == ["admitted", "unreachable"]
    ciddp = await evaluate_plan(OTHER, panel, unit="plan2")
    assert (ciddp.mean, ciddp.judges) == (4, ["evaluators[0]"])
    assert ciddp.why == "evaluators[1]: did not answer (http://y did not answer)"
    assert (await prefer_plans(PLAN, OTHER, panel, unit="p")).ties == 1


async def test_no_judge_in_reach_gives_no_score_and_no_error():
    panel = await open_panel([chat(0, lambda body: UnreachableError("down"))], PLAN, unit="trial")
    ciddp = await evaluate_plan(PLAN, panel, unit="plan1")
    assert (ciddp.status, ciddp.mean) == ("unreachable", None)
    assert "down" in ciddp.why
    assert (await prefer_plans(PLAN, OTHER, panel, unit="p")).status == "unreachable"


async def test_a_judge_that_drops_out_later_is_missing_then_and_in_every_replay(tmp_path):
    def tires(body):
        return GOOD(body) if len(asked(two)) <= 22 else UnreachableError("gone home")

    path = tmp_path / "journal.jsonl"
    with Journal.open(path) as journal:
        two = chat(1, tires, journal)
        judges = [chat(0, GOOD, journal), two]
        panel = await open_panel(judges, PLAN, unit="trial")
        assert len(panel.admitted) == 2
        first = await evaluate_plan(OTHER, panel, unit="plan2")
        second = await prefer_plans(PLAN, OTHER, panel, unit="p")
        calls = len(asked(two))
        await prefer_plans(OTHER, PLAN, panel, unit="q")
        assert len(asked(two)) == calls  # not asked again once it is gone
    assert first.judges == ["evaluators[0]"]
    assert "evaluators[1]: did not answer (gone home)" in first.why
    assert second.ties == 1
    with Journal.open(path, "replay") as journal:
        panel = await open_panel([chat(0, [], journal), chat(1, [], journal)], PLAN, unit="trial")
        assert await evaluate_plan(OTHER, panel, unit="plan2") == first
        assert await prefer_plans(PLAN, OTHER, panel, unit="p") == second


async def test_all_judges_that_drop_out_leave_no_score():
    def tires(body):
        return GOOD(body) if len(asked(one)) <= 22 else UnreachableError("gone home")

    one = chat(0, tires)
    panel = await open_panel([one], PLAN, unit="trial")
    ciddp = await evaluate_plan(OTHER, panel, unit="plan2")
    assert (ciddp.status, ciddp.mean) == ("unreachable", None)


async def test_samples_give_the_median_and_their_spread():
    levels = {c: iter([2, 5, 4]) for c in CRITERIA}

    def script(body):
        criterion = body["messages"][0]["content"].split("lesson plan: ")[1].split(".")[0]
        return {
            "quote": first_words(body["messages"][1]["content"].removeprefix("The plan:\n")),
            "reason": "r",
            "level": next(levels[criterion]),
        }

    one = chat(0, script)
    view = await judge(plan_lines(PLAN), one, unit="u", samples=3)
    assert {j.level for j in view} == {4}
    assert view[0].samples == [2, 5, 4]
    assert view[0].spread == pytest.approx(1.2472, abs=1e-4)
    assert len({(b["seed"], b["temperature"]) for b in asked(one)}) == 15
    assert all(b["temperature"] > 0 for b in asked(one))


async def test_a_judgment_with_too_few_valid_samples_is_missing():
    replies = iter(["no", "no", "no", {"quote": "x" * 20, "reason": "r", "level": 3}])
    one = chat(0, lambda body: next(replies))
    [missing] = await judge(plan_lines(PLAN), one, unit="u", samples=2, criteria=["depth"])
    assert missing.level is None
    assert (missing.samples, missing.asked) == ([], 2)
    assert "no JSON object" in missing.reason


def test_the_panel_is_tried_for_all_judges_at_once():
    at_once = 0
    most = 0

    async def main():
        class Slow(ScriptedModel):
            async def complete(self, body):
                nonlocal at_once, most
                at_once += 1
                most = max(most, at_once)
                await asyncio.sleep(0.005)
                at_once -= 1
                return await super().complete(body)

        judges = [Chat(f"evaluators[{n}]", Slow(GOOD), f"m{n}") for n in range(2)]
        await open_panel(judges, PLAN, unit="trial")

    asyncio.run(main())
    assert most >= 10

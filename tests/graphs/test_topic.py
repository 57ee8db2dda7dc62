"""Lessons on subjects that code knows nothing of, with a scripted model."""

import re
from pathlib import Path
from typing import Any

import pytest

from classwright.agents.evaluator import CRITERIA, Ciddp, Judgment
from classwright.agents.free_edits import FreeEdit, apply_free_edit, possible_free_edits
from classwright.agents.sources import Found, Material, retrieve
from classwright.classroom.free_checks import agreement, check_topic, doubts, gives_away
from classwright.classroom.free_plan import Subject, list_of
from classwright.classroom.plan import LessonPlan
from classwright.classroom.source import Source
from classwright.errors import ClasswrightError, InputError
from classwright.graphs.topic_draft import Drafts, draft_topic
from classwright.models.chat import Chat
from classwright.models.embeddings import WordEmbedder
from classwright.models.scripted import ScriptedModel
from tests.graphs.topic_script import ANSWERS, OUTLINE, SUBJECT, TEXT, Q, script, user

embed = WordEmbedder().embed


def teacher(reply: Any) -> Chat:
    return Chat("teacher", ScriptedModel(reply), "m")


async def drafts(
    reply: Any, candidates: int = 1, material: Material | None = None, subject: Subject = SUBJECT
) -> Drafts:
    return await draft_topic(subject, teacher(reply), embed, candidates=candidates, material=material)


async def one(reply: Any, material: Material | None = None) -> LessonPlan:
    return (await drafts(reply, material=material)).plans["plan1"]


@pytest.fixture
async def material(tmp_path: Path) -> Material:
    source = Source(name="leaf.md", pages=(TEXT,))
    return await retrieve([source], {"topic": "photosynthesis"}, embed, tmp_path, whole=10)


async def test_a_draft_is_whole_marked_and_settled():
    plan = await one(script())
    assert not plan.verified
    assert check_topic(plan).findings == []
    assert agreement(plan) == (12, 0, 0, 0)
    assert sum(minutes for _, minutes in plan.timetable()) == 45
    assert plan.passages == []
    assert [len(list_of(plan, name)) for name in ("warm_up", "guided", "practice", "exit")] == [1, 3, 6, 2]
    assert plan.worked_examples[0].talk.text.endswith("The answer: food.")


async def test_without_a_source_every_statement_is_listed_and_no_edit_is_asked_for():
    plan = await one(script())
    assert "explanation 1: Plants make their own food in their leaves." in plan.unsupported
    assert "vocabulary glucose: a king of ancient Egypt" in plan.unsupported
    assert not any(line.startswith(("answer", "hook")) for line in plan.unsupported)
    assert "[S" not in plan.model_dump_json()
    assert possible_free_edits(plan, None) == []
    assert doubts(plan) == 0


async def test_candidates_have_different_emphases_and_keys_of_their_own():
    seen = []

    def outline(body: dict[str, Any]) -> dict[str, Any]:
        seen.append(re.findall(r"^Emphasis: (.+)$", user(body), re.M))
        return OUTLINE

    found = await drafts(script(**{"plan a lesson": outline}), 5)
    assert [p.approach for p in found.plans.values()] == [
        "balanced",
        "practice",
        "misconceptions",
        "examples",
        "balanced",
    ]
    assert len({str(s) for s in seen}) == 4


async def test_a_question_on_which_solutions_differ_is_replaced_and_reported():
    plan = await one(script(wrong=frozenset({Q[5]})))
    texts = [p.text for p in list_of(plan, "practice")]
    assert Q[5] not in texts
    assert "Which gas do we breathe?" in texts
    assert [line for line in plan.unsupported if line.startswith("question")] == [
        f"question: “{Q[5]}” was left out: two solutions disagree: “a fish” and “a stone”"
    ]


async def test_a_replacement_that_fails_too_is_left_out():
    plan = await one(script(wrong=frozenset({Q[5], "Which gas do we breathe?"})))
    assert len(list_of(plan, "practice")) == 5
    assert sum("was left out" in line for line in plan.unsupported) == 2


async def test_questions_asked_twice_are_replaced_and_a_list_that_is_too_short_asks_once_more():
    names = [f"Question {n} on leaves?" for n in range(20)]
    asked = []

    def new(body: dict[str, Any]) -> dict[str, Any]:
        many = re.search(r"How many: (\d)", user(body))
        assert many
        asked.append(int(many[1]))
        start = sum(asked[:-1])
        return {"questions": names[start : sum(asked)], "answers": ["green"] * asked[-1]}

    def solve(body: dict[str, Any]) -> dict[str, str]:
        found = re.search(r"^Question: (.+)$", user(body), re.M)
        assert found
        wrong = found[1] in names[:5] or found[1] == Q[4]
        said = ("a fish" if "school test" in str(body) else "a stone") if wrong else ANSWERS.get(found[1], "green")
        return {"reason": "r", "answer": said}

    same = OUTLINE | {"practice_questions": [Q[4]] * 6, "practice_answers": [ANSWERS[Q[4]]] * 6}
    plan = await one(script(same, answer=solve, **{"write questions": new}))
    assert asked == [6, 2]  # one is left of six, and 2 are the least: two for each that is still missing
    assert [p.text for p in list_of(plan, "practice")] == names[5:8]
    assert len({p.id for p in plan.problems()}) == len({p.text for p in plan.problems()})


async def test_without_enough_agreed_answers_there_is_no_draft():
    with pytest.raises(ClasswrightError, match="only 0 of the exit questions have an agreed answer"):
        await drafts(script(wrong=frozenset({*Q[10:12], "Which gas do we breathe?"})))


async def test_a_bad_candidate_is_dropped_with_its_reason():
    def sometimes(body: dict[str, Any]) -> Any:
        return {"title": "?"} if "concrete examples" in user(body) else OUTLINE

    found = await drafts(script(**{"plan a lesson": sometimes}), 4)
    assert list(found.plans) == ["plan1", "plan2", "plan3"]
    assert "no valid Outline" in found.failed["plan4"]


async def test_unpaired_answers_are_repaired_or_refused():
    short = OUTLINE | {"exit_answers": ["thin tubes"]}
    with pytest.raises(ClasswrightError, match="exit_questions holds 2 entries, exit_answers 1"):
        await drafts(script(short))


async def test_an_exit_question_is_not_practiced():
    twice = OUTLINE | {
        "practice_questions": [*Q[4:9], Q[10]],
        "practice_answers": [*(ANSWERS[q] for q in Q[4:9]), ANSWERS[Q[10]]],
    }
    plan = await one(script(twice))
    assert Q[10] in [p.text for p in plan.exit_ticket.problems]
    assert check_topic(plan).findings == []


async def test_a_text_that_fails_the_checks_is_written_again_else_replaced():
    faulty = OUTLINE | {"hook": "Sure! Here is a hook about 2 + 2 = 5 for the whole class to enjoy together today."}
    good = "Watch this leaf. It drinks the light all day long. What could it possibly want with it?"
    plan = await one(script(faulty, hook=good))
    assert plan.hook.text == good
    assert "talks about itself" in plan.hook.refused[0]
    plan = await one(script(faulty, hook="Sure! No."))
    assert (plan.hook.source, plan.hook.text.split(":")[0]) == ("curated", "Write this question on the board")
    with pytest.raises(ClasswrightError, match="explanation cannot be used"):
        await drafts(script(OUTLINE | {"explanation": "We know 2 + 2 = 5. " * 12}, explanation="We know 2 + 2 = 5."))


async def test_with_a_source_statements_are_cited_or_listed(material):
    plan = await one(script(), material)
    text = plan.explanations[0].text.text
    assert re.search(r"in their leaves \[S\d\]\.", text)
    assert re.search(r"goes out into the air \[S\d\]\.", text)
    assert "please the bees. " in text
    assert all(p.text in TEXT for p in plan.passages)
    assert re.search(r"catches light \[S\d\]$", plan.vocabulary["chlorophyll"])
    assert "explanation 1: Plants sing at noon to please the bees." in plan.unsupported
    assert "vocabulary glucose: a king of ancient Egypt" in plan.unsupported
    assert "answer to “Where do roots grow?”: in the soil" in plan.unsupported
    assert not any("chlorophyll" in line for line in plan.unsupported)
    assert check_topic(plan).findings == []


async def test_a_mistake_that_the_source_says_is_reported(material):
    plan = await one(script(OUTLINE | {"common_mistake": "Oxygen is left over and goes out into the air."}), material)
    assert any(
        line.startswith("note 1: calls a mistake what leaf.md, “Photosynthesis” says") for line in plan.unsupported
    )


async def test_the_class_text_stands_in_for_an_explanation_that_cannot_be_used(material):
    bad = OUTLINE | {"explanation": "We know 2 + 2 = 5. " * 12}
    plan = await one(script(bad, explanation="Sure, no."), material)
    assert plan.explanations[0].text.source == "curated"
    assert "Plants make their own food in their leaves [S1]" in plan.explanations[0].text.text


async def test_too_few_minutes_are_refused():
    with pytest.raises(InputError, match="at least 20"):
        await drafts(script(), subject=Subject("leaves", "topic:leaves", 10, 6, ("p",)))


@pytest.mark.parametrize("used", [True, False])
async def test_with_a_source_a_new_question_is_about_one_of_its_sentences(material, used):
    asked = []

    def about(body: dict[str, Any]) -> dict[str, str]:
        sentence = re.search(r"^Sentence: (.+)$", user(body), re.M)
        assert sentence
        asked.append(sentence[1])
        answer = sentence[1].split()[-1].strip(".") if used else "nitrogen"
        return {"question": "How do we say that something remains?", "answer": answer}

    def solve(body: dict[str, Any]) -> dict[str, str]:
        found = re.search(r"^Question: (.+)$", user(body), re.M)
        assert found
        wrong = found[1] == Q[5]
        said = ("fish" if "school test" in str(body) else "stone") if wrong else ANSWERS.get(found[1], "sugar")
        return {"reason": "r", "answer": said}

    only = Material(found=[f for f in material.found if "Oxygen" in f.text])
    plan = await one(script(**{"write a question": about, "answer": solve}), only)
    assert ("How do we say that something remains?" in [p.text for p in list_of(plan, "practice")]) is used
    assert all(sentence in TEXT.replace("\n", " ") for sentence in asked)
    assert len(asked) == 1


async def test_what_the_source_calls_a_belief_supports_nothing(tmp_path):
    text = "Many people believe that the wood of trees is made of soil. The wood of trees is made of water and air."
    found = Found(source="leaf.md", text=text, parts=("topic",), similarity=0.9)
    outline = OUTLINE | {
        "common_mistake": "Some learners believe that the wood of trees is made of soil. It is not.",
        "explanation": "The wood of trees is made of soil. The wood of trees is made of water and air. Roots hold it, the stem carries it, and its leaves drink the light of the sun.",
    }
    plan = await one(script(outline), Material(found=[found]))
    assert "made of soil. The wood of trees is made of water and air [S1]." in plan.explanations[0].text.text
    assert "explanation 1: The wood of trees is made of soil." in plan.unsupported
    assert not any("calls a mistake" in line for line in plan.unsupported)


def view(**levels: float | None) -> Ciddp:
    all_levels = dict.fromkeys(CRITERIA, 5.0) | levels
    judgments = [
        Judgment(
            judge="evaluators[0]", criterion=name, level=level, evidence="Draw a leaf on paper", reason="Too thin."
        )
        for name, level in all_levels.items()
    ]
    return Ciddp(levels=all_levels, mean=4.0, status="admitted", judges=["evaluators[0]"], judgments=judgments)


async def test_edits_follow_support_then_the_lowest_criterion_and_the_quoted_part(material):
    plan = await one(script(), material)
    edits = possible_free_edits(plan, view(depth=2.0, clarity=3.0, pertinence=None))
    assert [(e.part, e.reason) for e in edits[:3]] == [
        ("explanation", "support"),
        ("activity", "depth"),
        ("practice", "depth"),
    ]
    assert "Plants sing at noon" in edits[0].note
    assert edits[1].evidence == "Draw a leaf on paper"
    assert "Too thin." in edits[1].describe()
    assert "clarity" in {e.reason for e in edits}
    withheld = view(depth=2.0).model_copy(update={"status": "withheld"})
    assert {e.reason for e in possible_free_edits(plan, withheld)} == {"support"}
    assert possible_free_edits(await one(script()), None) == []


async def test_an_edit_replaces_one_part_and_cites_anew(material):
    plan = await one(script(), material)
    edit = possible_free_edits(plan, None)[0]
    better = " ".join(s for s in OUTLINE["explanation"].split(". ") if "sing" not in s)
    better = OUTLINE["explanation"].replace(
        "Plants sing at noon to please the bees. ", "At night photosynthesis stops in all of them. "
    )
    chat = teacher(script(explanation=better))
    new, _ = await apply_free_edit(plan, edit, SUBJECT, chat, embed, unit="plan2", material=material)
    assert "sing" not in new.explanations[0].text.text
    assert "[S1]" in new.explanations[0].text.text
    assert not any("sing" in line for line in new.unsupported)
    assert new.hook == plan.hook
    assert [p.text for p in new.problems()] == [p.text for p in plan.problems()]
    assert "leave it out" in str(chat.endpoint.seen[0])  # pyright: ignore[reportAttributeAccessIssue]
    unchanged, why = await apply_free_edit(
        plan, edit, SUBJECT, teacher(script(explanation="Sure.")), embed, unit="p", material=material
    )
    assert unchanged == plan
    assert why.startswith("the new explanation was not used: ")


async def test_questions_are_replaced_as_a_list_with_agreed_answers():
    plan = await one(script())
    edit = FreeEdit(part="exit", reason="depth", note="ask why", level=2)
    fresh = {"questions": ["Why do leaves look green?", "Why is light needed?"], "answers": ["chlorophyll", "energy"]}
    ANSWERS_NOW = {"Why do leaves look green?": "chlorophyll", "Why is light needed?": "energy"}

    def solve(body: dict[str, Any]) -> dict[str, str]:
        asked = re.search(r"^Question: (.+)$", user(body), re.M)
        assert asked
        return {"reason": "r", "answer": ANSWERS_NOW[asked[1]]}

    new, _ = await apply_free_edit(
        plan, edit, SUBJECT, teacher(script(**{"write questions": fresh, "answer": solve})), embed, unit="plan2"
    )
    assert [p.text for p in new.exit_ticket.problems] == fresh["questions"]
    assert new.objectives[0].assessed_by == new.exit_ticket.problems[0].id
    assert len({p.id for p in new.problems()}) == len({p.text for p in new.problems()})
    assert check_topic(new).findings == []
    kept, why = await apply_free_edit(
        plan, edit, SUBJECT, teacher(script(**{"write questions": {"questions": [], "answers": []}})), embed, unit="p"
    )
    assert (kept, why) == (plan, "only 0 of 2 new questions have an agreed answer")


async def test_what_a_person_breaks_is_found():
    plan = await one(script())
    plan.hook_minutes += 3
    plan.objectives[0].assessed_by = "nothing"
    plan.exit_ticket.problems = [plan.guided.problems[0].model_copy(update={"values": {}})]
    plan.closing.text = "So 2 + 2 = 5."
    kinds = sorted(f.kind for f in check_topic(plan).findings)
    assert kinds == ["false equation", "minutes", "objective", "test leak", "wrong answer"]


def test_a_question_may_not_hold_its_answer_unless_it_offers_a_choice():
    assert gives_away("What does chlorophyll, the green substance, look like? Green?", "green")
    assert not gives_away("Which is bigger, the sun or the moon?", "the sun")
    assert not gives_away("What catches light?", "chlorophyll")

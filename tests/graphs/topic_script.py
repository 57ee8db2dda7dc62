"""A scripted model that plans a lesson on photosynthesis, solves its questions and judges it."""

import re
from typing import Any

from classwright.classroom.free_plan import Subject
from classwright.graphs.lesson_state import LessonRequest
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

TEXT = """# Photosynthesis

Plants make their own food in their leaves. This process is called photosynthesis.

Water climbs from the roots through thin tubes in the stem. Carbon dioxide enters the leaf through tiny holes called
stomata. Chlorophyll, the green substance in the leaf, catches the light of the sun.

With the energy of light the plant turns water and carbon dioxide into sugar. Oxygen is left over and goes out into the
air. At night photosynthesis stops.
"""
ANSWERS = {
    "Where do roots grow?": "in the soil", "What do plants make in leaves?": "food",
    "What catches the light?": "chlorophyll", "Through what does carbon dioxide enter?": "stomata",
    "What climbs from the roots?": "water", "What is left over?": "oxygen", "What is made with the energy?": "sugar",
    "When does photosynthesis stop?": "at night", "What color is chlorophyll?": "green",
    "Where does oxygen go?": "into the air", "What brings water up?": "thin tubes", "Name two things that go in.": "water and carbon dioxide",
}  # fmt: skip
Q = list(ANSWERS)
OUTLINE: dict[str, Any] = {
    "title": "How plants make food", "objective": "I can say what a plant needs to make sugar.",
    "hook": "Look at the tree in front of the window. It never eats a thing. Where does its wood come from?",
    "explanation": "Plants make their own food in their leaves. Water climbs from the roots through thin tubes. Carbon "
    "dioxide enters through tiny holes called stomata. Chlorophyll catches the light of the sun. Plants sing at noon to "
    "please the bees. Oxygen is left over and goes out into the air.",
    "key_terms": ["chlorophyll: the green substance in the leaf that catches light", "glucose: a king of ancient Egypt"],
    "common_mistake": "Plants eat the soil in their pots.",
    "how_to_answer_it": "Weigh the pot with its soil before and after a plant has grown in it.",
    "activity": "Draw a leaf on paper. Add arrows for what goes in and for what comes out. Compare with a partner and agree on one picture.",
    "warm_up_questions": [Q[0]], "guided_questions": Q[1:4], "practice_questions": Q[4:10], "exit_questions": Q[10:12],
    "closing": "Say to a partner what goes into a leaf. Then say what comes out.",
}  # fmt: skip
for part in ("warm_up", "guided", "practice", "exit"):
    OUTLINE[f"{part}_answers"] = [ANSWERS[q] for q in OUTLINE[f"{part}_questions"]]
SUBJECT = Subject("photosynthesis", "topic:photosynthesis", 45, 6, ("p1", "p2"))


def user(body: dict[str, Any]) -> str:
    return body["messages"][1]["content"]


def script(outline: Any = OUTLINE, wrong: Any = frozenset(), **tasks: Any):
    """A teacher that says the outline and solves every question; of those in `wrong` its two solutions differ."""

    def reply(body: dict[str, Any]) -> Any:
        asked = user(body)
        task = re.search(r"^Task: (.+)$", asked, re.M)
        assert task, asked
        if task[1] in tasks:
            return tasks[task[1]](body) if callable(tasks[task[1]]) else tasks[task[1]]
        match task[1]:
            case "plan a lesson":
                return outline
            case "answer":
                found = re.search(r"^Question: (.+)$", asked, re.M)
                assert found
                if found[1] in wrong:
                    return {"reason": "r", "answer": "a fish" if "school test" in str(body) else "a stone"}
                return {"reason": "The text says so.", "answer": ANSWERS.get(found[1], "nothing at all")}
            case "write questions":
                return {"questions": ["Which gas do we breathe?"], "answers": ["nothing at all"]}
        raise AssertionError(f"no reply for {task[1]!r}")

    return reply


def request(**changes: Any) -> LessonRequest:
    people = sample_class(4, 7, default_tree(), "fractions.add_unlike")
    values = {"topic": "photosynthesis", "skill": "topic:photosynthesis", "learners": tuple(people), "minutes": 45,
              "rounds": 0, "candidates": 2, "keep": 1, "seed": 7}  # fmt: skip
    return LessonRequest(**(values | changes))


def judging(reply: Any) -> Any:
    """The script, with judges that rate everything alike, so that none is admitted."""

    def answer(body: dict[str, Any]) -> Any:
        if "Task:" not in str(body["messages"]):
            return {"quote": "not in the plan", "reason": "r", "level": 5, "better": 1}
        return reply(body)

    return answer


def merit(plan: str) -> float:
    """What a good judge sees in a plan's lines; a plan that says "because" in its explanation is the better one."""
    planted = ("Choose it", "by heart", "(There is nothing else", "answer is not ", "(answer: not ")
    if any(sign in plan for sign in planted) or "leaf" not in plan:
        return -1.0
    reasons = sum(line.count("because") for line in plan.splitlines() if line.startswith("Explanation"))
    return 10 + reasons - len(plan) / 1e5


def judged_well(reply: Any) -> Any:
    """The script, with a judge that sees through planted lessons, and an optimizer that takes the first edit."""

    def answer(body: dict[str, Any]) -> Any:
        asked = user(body)
        if "Reply as JSON with: quote" in asked:
            plan = asked.split("The plan:\n", 1)[1].split("\n\nReply as JSON")[0]
            quote = " ".join(next(line for line in plan.splitlines() if len(line.split()) > 3).split()[:6])
            return {"quote": quote, "reason": "It shows there.", "level": 4 if merit(plan) > 0 else 1}
        if "Lesson 1:\n" in asked:
            first, second = asked.split("Lesson 1:\n", 1)[1].split("\n\nWhich lesson")[0].split("\n\nLesson 2:\n", 1)
            return {"reason": "It is better.", "better": 1 if merit(first) >= merit(second) else 2}
        if "Task: choose an edit" in asked:
            return {"reason": "It is the weightiest.", "edit": 1}
        return reply(body)

    return answer

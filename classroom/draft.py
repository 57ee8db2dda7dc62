"""A complete lesson plan from the skill tree alone: right and readable before any model has said a word."""

from collections import Counter
from collections.abc import Mapping, Sequence

from classwright.classroom.audience import Audience, groups, stuck_on
from classwright.classroom.plan import (
    Explanation,
    Group,
    Independent,
    LessonPlan,
    Objective,
    Practice,
    Repair,
    Tier,
    Words,
    WorkedExample,
)
from classwright.classroom.timetable import APPROACHES, allot, check_minutes, split
from classwright.skilltree.bank import numbers, problems, wrong_answer
from classwright.skilltree.problem import Problem
from classwright.skilltree.skill import Misconception
from classwright.skilltree.tree import SkillTree

HINTS = 2
"""Guided problems that come with a hint; then help fades."""
LEVELS: dict[Tier, int] = {"support": 1, "core": 2, "stretch": 3}


def draft_plan(
    tree: SkillTree,
    audience: Audience,
    minutes: int,
    approach: str,
    seed: int,
    interest: str | None,
    avoid: Sequence[Problem | str] = (),
) -> LessonPlan:
    """A plan for the audience, every word of it curated, every problem from the bank.

    Args:
        tree: The skill tree.
        audience: Who is taught what.
        minutes: Length of the lesson.
        approach: A key of `timetable.APPROACHES`.
        seed: Seed of the problems.
        interest: What the word problems are about; independent practice of a group follows what most of the group like.
            A support group that is stuck on a prerequisite practices that first.
        avoid: Test items and items that the learners have met (`bank.numbers`); the plan has none of them.

    Raises:
        InputError: too few minutes.
    """
    goal, missing = audience.goal, audience.missing
    check_minutes(minutes, goal, missing, tree)
    skill, style = tree[goal], APPROACHES[approach]
    known = {m for m, _ in audience.misconceptions}
    wrong_ideas = [m for m, _ in audience.misconceptions]
    wrong_ideas += [m.id for m in tree.misconceptions_of(goal) if m.id not in known]
    draw = _Draw(seed, list(avoid))
    shown = [found for m in wrong_ideas[:4] if (found := _showing(tree, m, [goal, *missing], draw))]
    taught = min(style.repairs, len(shown))
    parts = allot(minutes, style, taught, len(missing))
    repairs = [_repair(found, share) for found, share in zip(shown, _shares(parts, taught, len(shown)), strict=True)]
    exit_problems = draw(goal, 3, 2, None)
    hook_problem = draw(goal, 1, 1, interest)
    examples = [p for level in (1, 2, 2)[: style.examples] for p in draw(goal, 1, level, None)][: parts["example"]]
    guided = [*draw(goal, 2, 1, interest), *draw(goal, max(2, parts["guided"] // 2), 2, None)]
    per_tier = max(4, parts["independent"])
    members = groups(audience, tree)
    likes = {tier: _shared_interest(audience, who) for tier, who, _ in members}
    first = next((s for tier, who, _ in members if tier == "support" and (s := stuck_on(audience, who, tree))), None)
    independent = {
        tier: [*draw(goal, 2, level, likes.get(tier) or interest), *draw(goal, per_tier - 2, level, None)]
        for tier, level in LEVELS.items()
    }
    if first:
        stuck = draw(first, 2, 1, likes.get("support") or interest)
        independent["support"] = [*stuck, *independent["support"][: per_tier - len(stuck)]]
    objectives = [Objective(id="O1", skill=goal, text=_objective(tree, goal), assessed_by=exit_problems[0].id)]
    for i, s in enumerate(missing, 2):
        item = draw(s, 1, 1, None)
        exit_problems += item
        objectives.append(Objective(id=f"O{i}", skill=s, text=_objective(tree, s), assessed_by=item[0].id))
    before = tree.prerequisites(goal) or [goal]
    warm_up = [p for s in before[:3] for p in draw(s, 2 if len(before) < 3 else 1, 1, None)]
    explanations, reviewed = [], []
    for s in missing:
        explanations.append(explain(tree, s, 4))
        reviewed += [narrate_example(p, 3) for p in draw(s, 1, 1, None)]
    explanations.append(explain(tree, goal, parts["explanation"]))
    worked = [narrate_example(p, m) for p, m in zip(examples, split(parts["example"], len(examples)), strict=True)]
    return LessonPlan(
        title=_sentence_case(skill.name),
        skill=goal,
        skills=[*missing, goal],
        standards=list(dict.fromkeys(code for s in [*missing, goal] for code in tree[s].standards)),
        grade=audience.grade,
        minutes=minutes,
        audience=_audience_line(audience),
        approach=approach,
        objectives=objectives,
        materials=list(dict.fromkeys(m for s in [*missing, goal] for m in tree[s].materials)),
        vocabulary={k: v for s in [*missing, goal] for k, v in tree[s].vocabulary.items()},
        warm_up=Practice(minutes=parts["warm_up"], problems=warm_up),
        hook=Words(text=_hook(hook_problem[0], _objective(tree, goal))),
        hook_minutes=parts["hook"],
        explanations=explanations,
        worked_examples=reviewed + worked,
        guided=Practice(
            minutes=parts["guided"], problems=guided, hints=[Words(text=hint(tree, p)) for p in guided[:HINTS]]
        ),
        independent=Independent(minutes=parts["independent"], **independent),
        repairs=repairs,
        groups=_groups(tree, audience, members),
        exit_ticket=Practice(minutes=parts["exit"], problems=exit_problems),
        closing=Words(text=_closing(skill.method, skill.objective)),
        notes=[Words(text=_note(tree, audience))],
        family_note=Words(text=_family_note(skill.name, draw(goal, 1, 1, interest)[0])),
    )


class _Draw:
    """Draws problems so that no item of a plan is drawn twice, nor one of the test."""

    def __init__(self, seed: int, avoid: list[Problem | str]) -> None:
        self.seed, self.used = seed, avoid

    def __call__(self, skill: str, n: int, level: int, interest: str | None) -> list[Problem]:
        found = self.look(skill, n, level, interest)
        if len(found) < n:  # a small set of facts: use it again rather than leave the part empty
            taken = {numbers(p) for p in found}
            found += [p for p in problems(skill, n, self.seed + 1, level, interest) if numbers(p) not in taken][
                : n - len(found)
            ]
        self.used += found
        return found

    def look(self, skill: str, n: int, level: int, interest: str | None = None) -> list[Problem]:
        """Problems that would come, without taking them."""
        return problems(skill, n, self.seed, level, interest, avoid=self.used)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _objective(tree: SkillTree, skill: str) -> str:
    return f"I can {tree[skill].objective or 'do ' + tree[skill].name}."


def explain(tree: SkillTree, skill: str, minutes: int) -> Explanation:
    """The curated explanation of a skill."""
    s = tree[skill]
    text = s.explanation or s.description or s.name
    return Explanation(skill=skill, minutes=minutes, text=Words(text=text), method=s.method, picture=s.picture)


def narrate_example(problem: Problem, minutes: int) -> WorkedExample:
    """A worked example with its steps as talk."""
    return WorkedExample(minutes=minutes, problem=problem, talk=Words(text=narrate(problem)))


def narrate(problem: Problem) -> str:
    """The worked steps as a teacher would say them."""
    openers = ("First", "Then", "Next", "After that", "Now", "Then")
    return "\n".join(
        f"{openers[min(i, len(openers) - 1)]}: {step}" if i < len(problem.steps) - 1 or i == 0 else f"Last: {step}"
        for i, step in enumerate(problem.steps)
    )


def _hook(problem: Problem, objective: str) -> str:
    return (
        f"Read this aloud and let learners guess, without working it out yet: {problem.text} "
        f"Keep the guesses on the board and come back to them at the end, when everyone can say: {objective}"
    )


def hint(tree: SkillTree, problem: Problem) -> str:
    """A curated hint: the problem's own first step where it does not give the answer away, else the method's."""
    first, method = problem.steps[0], tree[problem.skill].method
    if len(problem.steps) > 1 and problem.answer not in first:
        return f"Begin with this: {first}"
    return f"Where would you start? {method[0]}" if method else "Which numbers does the problem give you?"


def _shares(parts: Mapping[str, int], taught: int, shown: int) -> list[int]:
    """Minutes of each misconception: the first ones are taught to the class, the others wait at hand."""
    return (split(parts["repair"], taught) if taught else []) + [0] * (shown - taught)


def _showing(
    tree: SkillTree, misconception: str, near: Sequence[str], draw: "_Draw"
) -> tuple[Misconception, Problem, str] | None:
    """A problem on which a misconception shows, of a skill near the lesson if there is one, with its wrong answer."""
    m = tree.misconception(misconception)
    for skill in sorted(m.skills, key=lambda s: s not in near):
        for level in (2, 1, 3):
            for problem in draw.look(skill, 8, level):
                wrong = wrong_answer(misconception, problem)
                if wrong is not None:
                    draw.used.append(problem)
                    return m, problem, wrong
    return None


def repair_for(
    tree: SkillTree, misconception: str, near: Sequence[str], minutes: int, seed: int, avoid: Sequence[Problem]
) -> list[Repair]:
    """A misconception's repair with a fresh problem on which it shows; empty if no problem shows it."""
    found = _showing(tree, misconception, near, _Draw(seed, list(avoid)))
    return [_repair(found, minutes)] if found else []


def _repair(found: tuple[Misconception, Problem, str], minutes: int) -> Repair:
    m, problem, wrong = found
    return Repair(misconception=m.id, name=m.name, trigger=m.trigger, problem=problem, wrong_answer=wrong,
                  question=m.question, move=m.repair, minutes=minutes)  # fmt: skip


def _shared_interest(audience: Audience, members: Sequence[str]) -> str | None:
    """The interest that most members of a group share; of equally frequent ones the first, None where none has any."""
    held = Counter(i for x in audience.learners if x.pseudonym in members for i in dict.fromkeys(x.interests))
    return held.most_common(1)[0][0] if held else None


def _groups(tree: SkillTree, audience: Audience, members: Sequence[tuple[Tier, tuple[str, ...], str]]) -> list[Group]:
    """Each group with an activity of its own, what to do when stuck, and what to do when done."""
    skill = tree[audience.goal]
    first = skill.method[0] if skill.method else "Say what the problem asks."
    activity = {
        "support": f"Work with the teacher or a partner and a model. {skill.picture} Then do the support problems "
        "one at a time and compare after each. "
        "When stuck: build the problem with the model, then look at the worked example again. "
        "When done: explain one problem to the partner, then try the first core problem.",
        "core": "Do the core problems alone, then explain one of them to a partner. "
        f"When stuck: go back to the first step. {first} Then ask a partner. "
        "When done: check two answers in another way, then try a stretch problem.",
        "stretch": "Start with the stretch problems. Then write a problem of this kind for a friend, with its answer. "
        "When stuck: try the same problem with smaller numbers first. "
        "When done: swap problems with a friend, solve, and talk about different ways.",
    }
    return [
        Group(name=tier, tier=tier, learners=who, why=why, activity=Words(text=activity[tier]))
        for tier, who, why in members
    ]


def _closing(method: Sequence[str], objective: str) -> str:
    steps = " ".join(method)
    ask = f"Go back to the guesses from the start. Ask: what do we have to do to {objective or 'solve these'}?"
    return f"{ask} Listen for: {steps}" if steps else ask


def _note(tree: SkillTree, audience: Audience) -> str:
    if not audience.misconceptions:
        return "No misconception is known for this class: watch the warm-up and the first guided problems for one."
    name, share = audience.misconceptions[0]
    return f"About {share:.0%} of this class {tree.misconception(name).name}. Look for it in the first guided problem."


def _family_note(name: str, problem: Problem) -> str:
    return f"In school we are learning this: {name}. Try one together and let your child explain it: {problem.text}"


def _audience_line(audience: Audience) -> str:
    n = len(audience.learners)
    who = "One learner" if n == 1 else f"A class of {n} learners"
    interests = audience.interests()[:3]
    likes = f"; interests: {', '.join(interests)}" if interests else ""
    return f"{who}, grade {audience.grade or 'K'}{likes}"

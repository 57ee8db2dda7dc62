"""Self-preference: whether a judge likes words of its own model more than another judge likes the same words."""

from collections.abc import Sequence
from itertools import combinations
from statistics import mean

from classwright.agents.absence import unless_absent
from classwright.agents.pairwise import vote
from classwright.agents.teacher import word_plan
from classwright.agents.trial import Standing
from classwright.agents.words import Embed
from classwright.classroom.plan import LessonPlan
from classwright.classroom.plan_lines import plan_lines
from classwright.graphs.judge_check_result import SelfPreference
from classwright.graphs.judge_lessons import Lesson
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.skilltree.tree import SkillTree

OWN_SLOTS = frozenset({"hook", "explanation 1", "closing"})
"""What a judge's model writes to see whether it prefers its own words."""


async def own_words(
    chats: Sequence[Chat], lessons: Sequence[Lesson], standings: Sequence[Standing], tree: SkillTree, embed: Embed
) -> list[SelfPreference]:
    """Self-preference of admitted judges (Panickssery et al. 2024): how much more a judge prefers words of its own
    model than the other judge prefers those same words. A preference alone would be no bias: they may be better.
    """
    out = [SelfPreference(note="not measured: the judge is not admitted") for _ in standings]
    fit = [n for n, s in enumerate(standings) if s.status == "admitted"]
    if not fit:
        return out
    pairs = [(i, j) for i, j in combinations(fit, 2) if chats[i].model != chats[j].model]
    for n in fit:
        out[n] = SelfPreference(note="not measured: it needs another admitted judge with another model to compare with")
    writers = sorted({n for pair in pairs for n in pair})

    async def write(n: int) -> list[LessonPlan] | None:
        chat = chats[n]

        async def work() -> list[LessonPlan]:
            return await together(*(
                word_plan(x.plan, x.audience, tree, chat, embed, unit=f"own.{k}", interest=None,
                          language="en", only=OWN_SLOTS) for k, x in enumerate(lessons, 1)
            ))  # fmt: skip

        return (await unless_absent(chat, work, unit="own", task="words"))[0]

    texts = dict(zip(writers, await together(*(write(n) for n in writers)), strict=True))
    shares: dict[int, list[float]] = {n: [] for n in writers}
    for i, j in pairs:
        for k in range(1, len(lessons) + 1):
            mine, theirs = texts[i], texts[j]
            if mine is None or theirs is None or not (_wrote(mine[k - 1]) and _wrote(theirs[k - 1])):
                continue
            a, b = plan_lines(mine[k - 1]), plan_lines(theirs[k - 1])
            unit = f"own.{k}.{i}~{j}"

            async def ask(n: int, a: list[str] = a, b: list[str] = b, unit: str = unit) -> float | None:
                ballot, _ = await unless_absent(
                    chats[n], lambda: vote(a, b, chats[n], unit=unit), unit=unit, task="pairwise"
                )
                return None if ballot is None or ballot.vote is None else {"a": 1.0, "tie": 0.5, "b": 0.0}[ballot.vote]

            x, y = await together(ask(i), ask(j))  # the share that i and j give to the words of i
            if x is not None and y is not None:
                shares[i].append(x - y)
                shares[j].append((1 - y) - (1 - x))
    for n, found in shares.items():
        out[n] = (
            SelfPreference(bias=mean(found), pairs=len(found))
            if found
            else SelfPreference(note="not measured: the checks let too few of the models' own words through")
        )
    return out


def _wrote(plan: LessonPlan) -> bool:
    return any(words.source == "model" for name, words in plan.slots() if name in OWN_SLOTS)

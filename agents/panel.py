"""The panel: the judges of a run with their standings.

A run tries its judges once, on its own first draft: first a lesson that teaches nothing (who rates it over 4 is asked
nothing else), then the draft itself, then the draft against the six controls in both orders. Only admitted judges are
asked about plans. One that stops answering drops out, and what the others say stands, with a note.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from classwright.agents.absence import unless_absent
from classwright.agents.evaluator import CRITERIA, Judgment, distrust, judge, unfit
from classwright.agents.trial import Bar, Pair, Standing, Tried, places, try_judge
from classwright.classroom.controls import EMPTY, controls
from classwright.classroom.plan import LessonPlan
from classwright.classroom.plan_lines import plan_lines
from classwright.models.chat import Chat
from classwright.models.together import both, together

__all__ = ["Bar", "Pair", "Panel", "Standing", "Tried", "open_panel", "try_judge"]

T = TypeVar("T")


@dataclass
class Panel:
    """Judges and what they are worth.

    Attributes:
        chats: Every judge's chat by its role name, admitted or not.
        standings: One a judge.
        lines: The plan of the trial, as judges read it; what they said of it is not asked again.
        gone: Admitted judges that stopped answering, with the reason.
    """

    chats: dict[str, Chat]
    standings: list[Standing]
    lines: list[str] = field(default_factory=list)
    gone: dict[str, str] = field(default_factory=dict)

    @property
    def admitted(self) -> list[Standing]:
        """The judges that are asked."""
        return [s for s in self.standings if s.status == "admitted"]

    def refusal(self) -> tuple[Literal["withheld", "unreachable"], str]:
        """Status and reason where no judge is admitted."""
        everyone = bool(self.standings) and all(s.status == "unreachable" for s in self.standings)
        return "unreachable" if everyone else "withheld", self.notes() or "there is no judge"

    def notes(self) -> str:
        """The judges that the panel goes without since its trial, with the reason."""
        return "; ".join(f"{s.judge}: {s.why}" for s in self.standings if s.status != "admitted")

    def known_view(self, judge: str, lines: Sequence[str]) -> list[Judgment]:
        """What a judge said in the trial, if it was about this very plan; else nothing."""
        return next((s.view for s in self.standings if s.judge == judge and list(lines) == self.lines), [])

    async def ask(self, work: Callable[[Chat], Awaitable[T]], *, unit: str, task: str) -> tuple[list[T], str]:
        """What the admitted judges that answer say, and which judges it was without."""

        async def one(chat: Chat) -> tuple[T | None, str]:
            return await unless_absent(chat, lambda: work(chat), unit=unit, task=task, gone=self.gone)

        asked = self.admitted
        heard = await together(*(one(self.chats[s.judge]) for s in asked))
        absent = [f"{s.judge}: {why}" for s, (_, why) in zip(asked, heard, strict=True) if why]
        return [said for said, _ in heard if said is not None], "; ".join(filter(None, [self.notes(), *absent]))


async def open_panel(chats: Sequence[Chat], plan: LessonPlan, *, unit: str, seed: int = 0) -> Panel:
    """The judges of a run, each tried once on a real plan and the controls made from it.

    Args:
        chats: The judges.
        plan: A real plan: the run's first draft.
        unit: Journal unit of the trial.
        seed: Seed of the controls.
    """
    lines = plan_lines(plan)
    pairs = [Pair(c.name, plan.skill, lines, c.lines) for c in controls(plan, seed)]
    standings = await together(*(_admit(chat, lines, pairs, unit) for chat in chats))
    return Panel({chat.role: chat for chat in chats}, list(standings), lines)


async def _admit(chat: Chat, lines: Sequence[str], pairs: Sequence[Pair], unit: str) -> Standing:
    control, view, why, absent = await levels_on_trial(chat, lines, unit=unit)
    if absent or why:
        return Standing(
            judge=chat.role, model=chat.model, status="unreachable" if absent else "withheld", why=absent or why,
            planned=len(pairs), control=control, view=view,
        )  # fmt: skip
    standing = await try_judge(chat, pairs, unit=f"{unit}.pair")
    return standing.model_copy(update={"control": control, "view": view})


async def levels_on_trial(
    chat: Chat, lines: Sequence[str], *, unit: str
) -> tuple[list[Judgment], list[Judgment], str, str]:
    """A judge's levels for the empty lesson and then for a real one.

    Returns:
        (control, view, why it is not believed or "", why it is absent or ""); the view may be empty for a judge that
        fell for the empty lesson: where its calls wait for each other, it is asked nothing else.
    """

    async def hear() -> tuple[list[Judgment], list[Judgment], str]:
        if places(chat) >= 2 * len(CRITERIA):  # where nothing waits for it, the real lesson need not wait either
            control, view = await both(
                judge(EMPTY, chat, unit=f"{unit}.empty"), judge(lines, chat, unit=f"{unit}.real")
            )
            return control, view, _no_judgment(control) or unfit(control) or distrust(view, control)
        # where calls wait for each other, a judge that gives no valid answer at all is found out by the first
        alone = len(CRITERIA) if places(chat) > 1 else 1
        first, others = list(CRITERIA)[:alone], list(CRITERIA)[alone:]
        control = await judge(EMPTY, chat, unit=f"{unit}.empty", criteria=first)
        if why := _no_judgment(control):
            return control, [], why
        control += await judge(EMPTY, chat, unit=f"{unit}.empty", criteria=others)
        if why := unfit(control):
            return control, [], why
        view = await judge(lines, chat, unit=f"{unit}.real")
        return control, view, distrust(view, control)

    heard, absent = await unless_absent(chat, hear, unit=unit, task="levels")
    return (*heard, "") if heard is not None else ([], [], "", absent)


def _no_judgment(control: Sequence[Judgment]) -> str:
    if any(c.level is not None for c in control):
        return ""
    return f"gave no valid judgment of an empty lesson ({control[0].reason[:160]})"

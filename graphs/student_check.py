"""Whether simulated students can be believed: selective flips, persistence, error rates, their words.

The protocol for every kind of student: it has given a misconception's wrong answer and says how it got it; then a tutor
gives feedback, and the next answer is graded. Student, item and seed are the same for the three kinds of feedback.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from classwright.agents.addressing import heard
from classwright.agents.pupil import persona, small_model
from classwright.agents.tutor import labeled
from classwright.classroom.agreement import wilson
from classwright.classroom.flip_items import FlipItem, flip_items
from classwright.classroom.flips import FEEDBACKS, Feedback, Flip, FlipScore, selective_flip
from classwright.classroom.graded import grade
from classwright.classroom.mastery_tracking import track_mastery
from classwright.classroom.moves import Submove, move_of
from classwright.classroom.student import KnowledgeStudent
from classwright.classroom.student_voice import Voice, Voiced, voice
from classwright.classroom.talk_model import TalkModel
from classwright.classroom.talker import Talker, talker
from classwright.classroom.turn import Turn
from classwright.classroom.utterance import Utterance, plainly
from classwright.classroom.worded import recheck
from classwright.errors import InputError
from classwright.graphs import job_run
from classwright.graphs.dialogue import Stage, hold, talker_of
from classwright.graphs.dialogue_spec import DialogueSpec
from classwright.graphs.student_check_result import (
    BAR,
    PERSISTS,
    CheckedKind,
    FlipRow,
    KindReport,
    Persistence,
    StudentCheck,
    StudentCheckRequest,
    WordedCheck,
)
from classwright.models.endpoint import Transport
from classwright.models.roles import Models
from classwright.models.together import together
from classwright.reports.student_check import student_check_html
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run
from classwright.skilltree.learner import Learner
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree, default_tree
from classwright.skilltree.verdict import Result

WAVE = 64
"""Items that are asked about at once; the endpoint's places bound how many calls are under way."""
SOFTER = "a question that puts the idea in doubt"
"""Rows whose move makes seven of ten ready students see what is wrong, by `TalkModel`; the bar is not for them."""
READY, PARTLY = 0.95, 0.4
"""Mastery of what the skill builds on, and of the skill itself: a student who is ready to see what is wrong."""
WATCHED = 20
MARK = re.compile(r"\banswer:", re.I)
UNTAUGHT: tuple[tuple[str, Submove], ...] = (
    ("That is wrong. Try again.", "general inquiry"),
    ("Are you sure? Check it once more.", "seek self-correction"),
    ("Not yet. Take your time.", "general inquiry"),
    ("It is still not right. Go through it again.", "seek self-correction"),
    ("Think about it a little longer.", "general inquiry"),
    ("Try it one more time.", "general inquiry"),
)
"""Six turns that say nothing about any misconception, each with its kind of move."""


async def check_students(request: StudentCheckRequest, run: Run, models: Models, progress: Progress) -> StudentCheck:
    """Check every kind of student that is asked for.

    Raises:
        UnreachableError, LimitError and others of `Chat.text`: what was answered is in the journal.
    """
    tree = default_tree()
    progress("drawing items", 0, 0)
    items = flip_items(tree, request.n, request.seed, request.skills)
    if request.skills and not items:
        raise InputError(f"--skills {','.join(request.skills)}: no misconception of these has a problem to show it in")
    check = _Check(request, tree, models, progress, items)
    return StudentCheck(kinds=tuple([await check.kind(k) for k in dict.fromkeys(request.students)]))


class _Check:
    def __init__(
        self,
        request: StudentCheckRequest,
        tree: SkillTree,
        models: Models,
        progress: Progress,
        items: Sequence[FlipItem],
    ) -> None:
        self.request, self.tree, self.models, self.progress, self.items = request, tree, models, progress, items
        self.heard: list[Voiced] = []

    async def kind(self, kind: CheckedKind) -> KindReport:
        self.heard = []
        watched = self.request.persist
        if watched is None:
            watched = len(self.items) if kind == "knowledge" else WATCHED
        flips = await (self._coded_flips() if kind == "knowledge" else self._said_flips(kind))
        persistence = await self._persistence(kind, self.items[:watched])
        report = KindReport(
            student=kind, items=len(self.items), neighbors=sum(i.neighbor for i in self.items), flips=flips,
            persistence=persistence, voice=voice(self.heard), doubts=(),
        )  # fmt: skip
        if kind == "knowledge":
            self.progress("knowledge: error rates at specified masteries", 0, 0)
            tracking = [
                await asyncio.to_thread(
                    track_mastery, self.tree, self.request.tracked, self.request.seed, misconceptions=held
                )
                for held in (False, True)
            ]
            worded, said = await self._worded()
            report = report.model_copy(update={"tracking": tuple(tracking), "worded": worded, "voice": said})
        return report.model_copy(update={"doubts": tuple(_doubts(report))})

    # The coded student: its own label for what a feedback is about, or what it can tell from the words.

    async def _coded_flips(self) -> tuple[FlipRow, ...]:
        """The same feedback heard in four ways, from what code labeled to nothing but the words."""
        rows: dict[str, list[Flip]] = {
            "label of the code, a look at the spot": [],
            f"label of the code, {SOFTER}": [],
            "words, a look at the spot": [],
            f"words only, {SOFTER}": [],
        }
        for n, item in enumerate(self.items):
            self.progress("knowledge: feedback", n, len(self.items))
            for feedback in FEEDBACKS:
                text = item.feedback[feedback]
                coded = {"addresses": item.about(feedback)}
                spot = _tutor(text, "general inquiry" if feedback == "generic" else "guide student focus")
                doubt = _tutor(text, "general inquiry" if feedback == "generic" else "perturb the question")
                found = await heard(labeled((spot,), text), item.problem, self.tree, self.models.embed)
                turns = (
                    spot.model_copy(update=coded),
                    doubt.model_copy(update=coded),
                    spot.model_copy(update={"addresses": found.addresses}),
                    found,
                )
                for name, turn in zip(rows, turns, strict=True):
                    student = self._talker(item)
                    student.open()
                    reply = student.reply(turn)
                    flipped = grade(plainly(reply, item.problem, self.request.seed), item.problem).result == "right"
                    rows[name].append(Flip(item=item.misconception, feedback=feedback, flipped=flipped))
        return tuple(self._row(name, flips) for name, flips in rows.items())

    def _talker(self, item: FlipItem) -> Talker:
        student = KnowledgeStudent(
            f"student-{item.misconception}", self.request.seed, self._mastery(item), {item.misconception}, self.tree
        )
        return talker(student, item.problem, item.misconception, TalkModel())

    def _mastery(self, item: FlipItem) -> dict[str, float]:
        return dict.fromkeys(self.tree.ancestors(item.problem.skill), READY) | {item.problem.skill: PARTLY}

    # Students played by a model: they read the words.

    async def _said_flips(self, kind: CheckedKind) -> tuple[FlipRow, ...]:
        cases = [(item, feedback) for item in self.items for feedback in FEEDBACKS]

        async def one(item: FlipItem, feedback: Feedback) -> Flip:
            turns = (_opening(item), _tutor(item.feedback[feedback], "general inquiry"))
            said = await self._reply(kind, item, turns, f"{kind}.flip.{item.misconception}.{feedback}")
            self._note(item, turns, said)
            result = said_result(said.text, item.problem)
            flipped = None if result == "ungradable" else result == "right"
            return Flip(item=item.misconception, feedback=feedback, flipped=flipped)

        flips = await self._waves(f"{kind}: feedback", cases, one)
        return (self._row("words", flips),)

    async def _reply(self, kind: CheckedKind, item: FlipItem, turns: Sequence[Turn], unit: str) -> Turn:
        chat = self.models.chat("student")
        if kind == "model":
            return await small_model(item.problem, turns, chat, wrong=item.wrong, unit=unit)
        needs = self.tree.prerequisites(item.problem.skill)
        learner = Learner(
            pseudonym="student",
            grade=self._grade(item),
            mastery=dict.fromkeys(needs, READY) | {item.problem.skill: PARTLY},
            misconceptions=(item.misconception,),
        )
        return await persona(learner, self.tree, item.problem, turns, chat, wrong=item.wrong, unit=unit)

    def _row(self, heard: str, flips: Sequence[Flip]) -> FlipRow:
        strict = [f.model_copy(update={"flipped": bool(f.flipped)}) for f in flips]
        seed = self.request.seed
        return FlipRow(heard=heard, score=selective_flip(flips, seed=seed), strict=selective_flip(strict, seed=seed))

    async def _persistence(self, kind: CheckedKind, items: Sequence[FlipItem]) -> Persistence | None:
        """Six turns that teach nothing; a student who gets it right or gives up says no more."""
        if not items:
            return None
        talks = await self._waves(
            f"{kind}: untaught misconceptions", [(item,) for item in items],
            self._untaught_coded if kind == "knowledge" else lambda item: self._untaught_said(kind, item),
        )  # fmt: skip
        wrong = sum(not right for right, _ in talks)
        low, high = wilson(wrong, len(talks))
        held = [kept for _, kept in talks if kept is not None]
        return Persistence(
            talks=len(talks), wrong=wrong / len(talks), low=low, high=high,
            held=sum(held) / len(held) if held else None,
        )  # fmt: skip

    async def _untaught_coded(self, item: FlipItem) -> tuple[bool, bool | None]:
        student = self._talker(item)
        opening = student.open()
        turns = [Turn(speaker="student", text=plainly(opening, item.problem, self.request.seed), source="curated")]
        for text, kind in UNTAUGHT:
            turns.append(await heard(_tutor(text, kind), item.problem, self.tree, self.models.embed))
            reply = student.reply(turns[-1])
            words = plainly(reply, item.problem, self.request.seed, item.misconception, len(turns))
            turns.append(Turn(speaker="student", text=words, source="curated", intent=reply.intent))
            self._note(item, turns[:-1], turns[-1])
            if student.right or reply.intent == "gives up":
                break
        return student.right, item.misconception in student.student.held

    async def _untaught_said(self, kind: CheckedKind, item: FlipItem) -> tuple[bool, bool | None]:
        turns: list[Turn] = [_opening(item)]
        for text, move in UNTAUGHT:
            turns.append(_tutor(text, move))
            said = await self._reply(kind, item, turns, f"{kind}.untaught.{item.misconception}")
            self._note(item, turns, said)
            turns.append(said)
            if said_result(said.text, item.problem) == "right":
                return True, None
        return False, None

    async def _worded(self) -> tuple[WordedCheck | None, Voice]:
        """Whole dialogues whose coded student a model words; every kept turn is checked again."""
        plain = voice(self.heard)
        chosen = self.items[: self.request.worded]
        if not chosen:
            return None, plain
        stage = Stage(self.tree, self.models)
        self.heard = []

        async def one(item: FlipItem) -> WordedCheck:
            mastery = self._mastery(item)
            spec = DialogueSpec(
                id=f"worded.{item.misconception}", problem=item.problem, misconception=item.misconception,
                learner=Learner(pseudonym="student", grade=self._grade(item), mastery=mastery,
                                misconceptions=(item.misconception,)),
                turns=self.request.turns, tests=0, words="student", seed=self.request.seed,
            )  # fmt: skip
            dialogue = await hold(spec, stage)
            fresh = talker_of(spec, stage)
            assert fresh is not None
            for i, turn in enumerate(dialogue.turns):
                if turn.speaker == "student" and i:
                    self._note(item, dialogue.turns[:i], turn)
            found = recheck(dialogue, fresh)
            return WordedCheck(
                dialogues=1, turns=found.turns, worded=found.worded, stated=found.stated,
                refused=sum(len(t.refused) for t in dialogue.said_by("student")),
                unlike=tuple(f"{spec.id}, {why}" for why in found.unlike),
            )  # fmt: skip

        rows = await self._waves("knowledge: worded dialogues", [(item,) for item in chosen], one)
        total = WordedCheck(
            dialogues=len(rows), turns=sum(r.turns for r in rows), worded=sum(r.worded for r in rows),
            stated=sum(r.stated for r in rows), refused=sum(r.refused for r in rows),
            unlike=tuple(why for r in rows for why in r.unlike),
        )  # fmt: skip
        return total, voice(self.heard)

    def _note(self, item: FlipItem, turns: Sequence[Turn], said: Turn) -> None:
        place = sum(t.speaker == "student" for t in turns) - 1
        self.heard.append(Voiced(said.text, turns[-1].text, self._grade(item), place))

    def _grade(self, item: FlipItem) -> int:
        return self.tree[item.problem.skill].grade or 0

    async def _waves(self, what: str, cases: Sequence[tuple[Any, ...]], work: Callable[..., Any]) -> list[Any]:
        """The results in order, some cases at a time."""
        done = 0

        async def one(case: tuple[Any, ...]) -> Any:
            nonlocal done
            result = await work(*case)
            done += 1
            self.progress(what, done, len(cases))
            return result

        found: list[Any] = []
        for first in range(0, len(cases), WAVE):
            found += await together(*(one(case) for case in cases[first : first + WAVE]))
        return found


def said_result(text: str, problem: Problem) -> Result:
    """The grade of a free reply: a model that is asked to end with "ANSWER: ..." often puts a whole sentence there."""
    result = grade(text, problem).result
    if result == "ungradable" and MARK.search(text):
        result = grade(MARK.sub(" ", text), problem).result
    return result


def _opening(item: FlipItem) -> Turn:
    meant = Utterance(intent="answer", answer=item.wrong, how=item.says)
    return Turn(speaker="student", text=plainly(meant, item.problem, item.misconception), source="curated")


def _tutor(text: str, kind: Submove) -> Turn:
    return Turn(speaker="tutor", text=text, move=move_of(kind), submove=kind, source="curated")


def _doubts(report: KindReport) -> list[str]:
    """What speaks against believing this kind of student."""
    found = []
    for row in report.flips:
        score: FlipScore | None = row.score
        if score is None:
            found.append(f"no selective flip score ({row.heard}): too few answers could be graded")
        elif score.score < BAR and not row.heard.endswith(SOFTER):
            found.append(f"selective flip score {score.score:.2f} ({row.heard}) is under {BAR}")
    kept = report.persistence
    if kept is not None and min(kept.wrong, kept.wrong if kept.held is None else kept.held) < PERSISTS:
        found.append(f"only {kept.wrong:.0%} keep their wrong answer over {len(UNTAUGHT)} turns that teach nothing")
    found += [
        f"error rates do not track mastery (largest gap {t.largest_gap:.0%})" for t in report.tracking if not t.passed
    ]
    if report.worded is not None and report.worded.unlike:
        found.append(f"{len(report.worded.unlike)} worded turns are not what code decided")
    v = report.voice
    if v.out_of_role is not None and v.out_of_role > 0.1:
        found.append(f"{v.out_of_role:.0%} of the turns are not a student's words")
    if v.parroted is not None and v.parroted > 0.1:
        found.append(f"{v.parroted:.0%} of the turns repeat the tutor")
    if v.too_hard is not None and v.too_hard > 0.1:
        found.append(f"{v.too_hard:.0%} of the longer turns read too hard for the grade")
    return found


def summarize(request: StudentCheckRequest, result: StudentCheck) -> dict[str, Any]:
    """The job's own part of the command's JSON object."""
    return {"bar": BAR, "request": request.model_dump(mode="json"), **result.model_dump(mode="json")}


def pages(request: StudentCheckRequest, result: StudentCheck, summary: Mapping[str, Any]) -> dict[str, str]:
    """report.html."""
    return {"report.html": student_check_html(request, result, summary)}


def start(
    request: StudentCheckRequest,
    recipe: Recipe,
    *,
    gguf: str | None = None,
    root: str | Path | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Check students; see `job_run.start`."""
    return job_run.start(
        JOB, "-".join(request.students), request, recipe, seed=request.seed, gguf=gguf, root=root, progress=progress,
        endpoint=endpoint,
    )  # fmt: skip


def resume(run_dir: Path, *, replay: bool, progress: Progress, endpoint: Transport | None = None) -> dict[str, Any]:
    """Go on with a check or replay it; see `job_run.resume`."""
    return job_run.resume(JOB, run_dir, replay=replay, progress=progress, endpoint=endpoint)


JOB = job_run.Job("student-check", StudentCheckRequest, StudentCheck, check_students, pages, summarize)

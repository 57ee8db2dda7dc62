"""The Socratic tutor's policy: which move comes next, and what it is to bring about, decided by code.

It sees only what a tutor can see: the problem, the skill's content, and the student's words (`read_reply`). A wrong
answer that a buggy rule explains names its misconception; the moves then answer that one, from asking for the student's
own account to its diagnostic question, a smaller problem where the idea fails, the method, and at the very end the
strategy, never the answer. A problem without a skill is talked about by its worked steps (`socratic_steps`). Every
move comes with curated words that stand where no model words it.
"""

from collections.abc import Sequence

from classwright.classroom.chance import chance
from classwright.classroom.leak import leaks
from classwright.classroom.next_move import NextMove
from classwright.classroom.socratic_steps import small_piece, step_moves, what_was_wrong
from classwright.classroom.student_reply import StudentReply, read_reply
from classwright.classroom.turn import Turn
from classwright.skilltree.bank import problems, wrong_answer
from classwright.skilltree.problem import Problem
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree


def next_move(problem: Problem, tree: SkillTree, turns: Sequence[Turn], *, seed: int = 0) -> NextMove:
    """The next move in a dialogue.

    Args:
        problem: What it is about.
        tree: Skills and misconceptions.
        turns: So far; the student has spoken last, or nobody.
        seed: Picks among equal wordings.
    """
    policy = _Policy(problem, tree, turns, seed)
    return policy.guarded()


class _Policy:
    def __init__(self, problem: Problem, tree: SkillTree, turns: Sequence[Turn], seed: int) -> None:
        self.problem, self.tree, self.turns, self.seed = problem, tree, turns, seed
        self.skill: Skill | None = tree.skills.get(problem.skill)
        self.mine = [t for t in turns if t.speaker == "tutor"]
        self.replies = [read_reply(t.text, problem, tree) for t in turns if t.speaker == "student"]
        self.suspect = next((r.suspects[0] for r in reversed(self.replies) if r.suspects), None)

    def guarded(self) -> NextMove:
        """The first move of the ladder whose curated words give nothing away and were not said before."""
        said = {t.meant or t.text for t in self.mine}
        fallback = None
        for move in self.ladder():
            if move.closes or not leaks(move.text, self.problem, self.turns):
                if move.text not in said:
                    return move
                fallback = fallback or move
        return fallback or self._check()

    def _named(self, step: str) -> bool:
        """Whether a tutor's turn has been about this step of the method."""
        return any(step in (t.meant or t.text) for t in self.mine)

    def ladder(self) -> list[NextMove]:
        """The moves that fit now, the fittest first."""
        last = self.replies[-1] if self.replies else StudentReply("quiet", "", False, ())
        if last.kind == "right":
            return self._after_success()
        if any(r.kind == "right" for r in self.replies):
            return [self._close()]
        if last.kind == "gives up":
            return [self._let_go()]
        if last.kind == "quiet":
            return [self._invite() if not self.turns else self._wait(), self._small_piece(), *self._wrong(last)]
        if last.kind == "asks":
            return [self._withhold(), self._small_piece(), *self._wrong(last)]
        if last.kind == "confused":
            pictures = [self._picture()] if self.skill else []  # else `step_moves` has its own
            return [self._small_piece(), *pictures, *self._wrong(last)]
        return self._wrong(last)

    def _wrong(self, last: StudentReply) -> list[NextMove]:
        if self.skill is None:
            return [*step_moves(self.problem, self.turns, self.seed), self._check(), self._again()]
        tried = {t.submove for t in self.mine}
        rungs: list[NextMove] = []
        if not any(r.explained for r in self.replies) and "ask for explanation" not in tried:
            rungs.append(self._explain(last))
        if self.suspect is not None:
            if "perturb the question" not in tried:
                rungs.append(self._question(self.suspect))
            rungs += [*self._spots(), *self._smaller(self.suspect)]
        else:
            rungs += [self._check(), *self._spots()]
        rungs += [self._picture(), self._strategy(), self._check(), self._explain(last), self._again()]
        return rungs

    def _after_success(self) -> list[NextMove]:
        struggled = any(r.kind == "wrong" for r in self.replies)
        asked = any(t.submove == "ask for explanation" for t in self.mine[-1:])
        if struggled and self.skill is None and sum(r.kind == "right" for r in self.replies) == 1:
            wrong = what_was_wrong(self.problem, self.turns[:-1], self.seed)
            return [wrong] if wrong else [self._close()]
        if struggled and self.suspect is not None and not asked:
            text = self._one_of(
                "success",
                "You changed your mind and found it yourself. What was wrong with your first idea?",
                "Yes. How would you explain to a classmate why your first way does not work?",
                "That fits. What did you see that made you do it another way?",
            )
            return [NextMove("probing", "ask for explanation", self.suspect,
                             "The answer is right. Have the learner say why the first idea fails.", text)]  # fmt: skip
        return [self._close()]

    def _close(self) -> NextMove:
        text = self._one_of(
            "close", "Well done, and you found it yourself. Keep that for the next one.",
            "That is it. You worked that out step by step.", "Good work. Next time you can check it the same way.",
        )  # fmt: skip
        return NextMove("generic", "general inquiry", None, "Say that it is right and close.", text, closes=True)

    def _let_go(self) -> NextMove:
        text = "That is all right, this one was hard. We will come back to it another day with a smaller one."
        return NextMove("generic", "general inquiry", None, "Let the learner go kindly.", text, closes=True)

    def _invite(self) -> NextMove:
        text = self._one_of("invite", "What do you think about this one, and how would you begin?",
                            "Tell me how you would start here.")  # fmt: skip
        return NextMove("generic", "greeting", None, "Invite the learner to begin.", text)

    def _wait(self) -> NextMove:
        text = self._one_of("wait", "Take your time. What does the question ask you to find?",
                            "No hurry. What do you know already, and what do you want to know?")  # fmt: skip
        return NextMove("generic", "general inquiry", None, "Give time and an easy way in.", text)

    def _withhold(self) -> NextMove:
        text = self._one_of(
            "withhold", "You can find it yourself. What would be a good first step?",
            "I could, but then it would be mine and not yours. What is the first thing to do?",
        )  # fmt: skip
        return NextMove("focus", "seek strategy", None, "Do not give the answer; ask for a first step.", text)

    def _small_piece(self) -> NextMove:
        if self.skill is None:
            return small_piece(self.problem, self.turns)
        fresh = [step for step in self._method() if not self._named(step)]
        step = fresh[0] if fresh else "Say in your own words what the question asks."
        needs = self.tree.prerequisites(self.problem.skill) if self.skill else ()
        name = self.tree[needs[-1]].name if needs else ""
        lead = f"Let us take one small piece. You have met {name} before. " if name else "Let us take one small piece. "
        return NextMove("focus", "recall relevant information", self.suspect,
                        "Go back to what comes first and ask for that only.",
                        f"{lead}{step} What do you get?")  # fmt: skip

    def _explain(self, last: StudentReply) -> NextMove:
        got = f" got {last.answer}" if last.answer and len(last.answer) <= 20 else " worked it out"
        text = self._one_of("explain", f"Tell me how you{got}. What was your first step?",
                            f"Walk me through it: how have you{got}?")  # fmt: skip
        return NextMove("probing", "ask for explanation", None, "Ask how the learner got there.", text)

    def _question(self, suspect: str) -> NextMove:
        m = self.tree.misconception(suspect)
        return NextMove("probing", "perturb the question", suspect,
                        f"The learner seems to think this: {m.says} Ask what brings it into doubt. {m.repair}",
                        m.question)  # fmt: skip

    def _smaller(self, suspect: str) -> list[NextMove]:
        small = problems(self.problem.skill, 6, self.seed, 1, avoid=(self.problem,))
        p = next((p for p in small if wrong_answer(suspect, p)), None)
        if p is None:
            return []
        text = f"Try a smaller one and draw it or count it out: {p.text} Does your way give the same as your drawing?"
        return [NextMove("probing", "perturb the question", suspect,
                         "A smaller problem where the idea fails and a drawing shows it.", text)]  # fmt: skip

    def _spots(self) -> list[NextMove]:
        """A look at each step of the method that was not named yet."""
        leads = ("Look at this step.", "Go to this spot in your work.", "Compare this with what you did.")
        return [
            NextMove("focus", "guide student focus", self.suspect,
                     f"Draw attention to this step of the method: {step}",
                     f"{self._one_of(('spot', n), *leads)} {step} Where do you do that here?")
            for n, step in enumerate(self._method())
            if not self._named(step)
        ]  # fmt: skip

    def _picture(self) -> NextMove:
        picture = self.skill.picture if self.skill and self.skill.picture else "Draw what the question tells you."
        return NextMove("focus", "recall relevant information", self.suspect, f"Have the learner see it: {picture}",
                        f"Think of a picture. {picture} What would that look like for this question?")  # fmt: skip

    def _check(self) -> NextMove:
        text = self._one_of(
            "check", "Are you sure? Check it in another way, or with an estimate.",
            "Put your answer back into the question. Does it fit?",
            "Go through your steps again. Which one are you least sure of?",
        )  # fmt: skip
        return NextMove("probing", "seek self-correction", None, "Have the learner check the work.", text)

    def _strategy(self) -> NextMove:
        text = f"Here is the way to do it: {' '.join(self._method())} Now try it with these numbers."
        return NextMove("telling", "reveal strategy", self.suspect, "Tell the method, not the answer.", text)

    def _again(self) -> NextMove:
        text = self._one_of("again", "Start fresh on a new line. What would you do first this time, and why?",
                            "Put your work aside for a moment. How would you explain the question to a friend?",
                            "Which part are you sure of? Begin there and go one step at a time.")  # fmt: skip
        return NextMove("focus", "seek strategy", self.suspect, "Ask for another way.", text)

    def _method(self) -> tuple[str, ...]:
        if self.skill and self.skill.method:
            return self.skill.method
        return ("Write down what each number means.", "Say which numbers belong together, and why.")

    def _one_of(self, occasion: object, *texts: str) -> str:
        return texts[int(chance(self.seed, occasion, self.problem.id, len(self.mine)) * len(texts))]

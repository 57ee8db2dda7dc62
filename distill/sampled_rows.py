"""The ways to make training rows of what teacher and student say themselves: DASD, mixed policy, delta pairs, MIND.

Each takes supervised rows whose last reply ends in a number as its answer, and lets only right replies in.
"""

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Literal, NamedTuple

from classwright.distill.dasd import HIGH, cut, mixed_policy, sample_divergent, scheduled, temperature
from classwright.distill.perspectives import weigh
from classwright.distill.rows import Message, PreferenceRow, Row
from classwright.distill.samples import Samples, Speaker
from classwright.distill.scored_tokens import score_reply
from classwright.distill.train_grpo import answer_of
from classwright.runs.progress import Progress
from classwright.skilltree.grading import same_answer

How = Literal["dasd", "plain", "mixed", "pairs", "perspectives"]


class Draw(NamedTuple):
    """With what rows are made.

    Attributes:
        teacher: None for perspectives, which need only the student.
        samples: Replies drawn for one prompt and stage.
        keep: Replies kept of those at most.
        reply_tokens: Longest reply.
        sharpness: Temperature of the weights of perspectives.
    """

    kept: Samples
    teacher: Speaker | None
    student: Speaker | None
    samples: int
    keep: int
    reply_tokens: int
    sharpness: float
    seed: int
    progress: Progress

    def ask(self, who: Literal["teacher", "student"], name: str, rows: Sequence[Row], at: float = 0.0) -> list[str]:
        """A reply of the teacher or the student to the prompt of each row."""
        speaker = self.speaker(who)
        prompts = [speaker.begun(prompt_of(row)) for row in rows]
        return self.kept.replies(
            name, speaker, prompts, max_tokens=self.reply_tokens, temperature=at,
            progress=lambda done, of: self.progress(f"Drawing ({name})", done, of),
        )  # fmt: skip

    def speaker(self, who: Literal["teacher", "student"]) -> Speaker:
        """One of the two, who must be there."""
        found = self.teacher if who == "teacher" else self.student
        assert found is not None  # the command sees to it
        return found


def prompt_of(row: Row) -> tuple[Message, ...]:
    """A row's chat up to its last reply."""
    return row.messages[:-1]


def right(row: Row, text: str) -> bool:
    """Whether a reply gives the answer that the row's own reply gives."""
    answer = answer_of(row)
    return answer is not None and same_answer(text, answer)


def replied(row: Row, text: str, name: str) -> Row:
    """A row with another last reply, which alone is trained."""
    messages = (*prompt_of(row), Message(role="assistant", content=text))
    return row.model_copy(update={"id": f"{row.id}+{name}", "messages": messages, "trained": (len(messages) - 1,)})


def stage(rows: Sequence[Row], draw: Draw, number: int, at: float) -> dict[str, list[str]]:
    """Row id -> the teacher's replies at a temperature, as often as `draw.samples` says."""
    many = [row for row in rows for _ in range(draw.samples)]
    said = draw.ask("teacher", f"stage {number}", many, at)
    found: dict[str, list[str]] = {row.id: [] for row in rows}
    for row, text in zip(many, said, strict=True):
        found[row.id].append(text.strip())
    return found


def dasd_rows(rows: Sequence[Row], draw: Draw) -> list[Row]:
    """Two stages of the teacher's replies, of each prompt those richest in its own sentences; train in this order."""
    by_stage = []
    for number in (0, 1):
        said = stage(rows, draw, number, temperature(number))
        done = iter(range(1, len(rows) + 1))

        def drawn(row: Row, at: float, n: int, said: dict[str, list[str]] = said) -> list[str]:
            return said[row.id]

        def score(row: Row, text: str, number: int = number) -> list[tuple[float, float]]:
            def both() -> list[tuple[float, float]]:
                sides = [draw.speaker(who).sentences(prompt_of(row), text) for who in ("teacher", "student")]
                return [(t, s) for t, s in zip(*sides, strict=True) if t is not None and s is not None]

            return [(t, s) for t, s in draw.kept.value(f"score {row.id} {text}", both)]

        def accept(row: Row, text: str) -> bool:
            return right(row, text)

        found = []
        for row in rows:
            draw.progress(f"Scoring (stage {number})", next(done), len(rows))
            found += sample_divergent([row], drawn, score, stage=number, samples=draw.samples, keep=draw.keep,
                                      accept=accept)  # fmt: skip
        by_stage.append([replied(row, s.text, f"t{s.temperature:g}.{n}") for n, (row, s) in enumerate(found)])
    return scheduled(by_stage[0], by_stage[1], seed=draw.seed)


def plain_rows(rows: Sequence[Row], draw: Draw) -> list[Row]:
    """The control of `dasd_rows`: as many draws, all at the high temperature, any right ones, in a random order."""
    found = []
    for number in (0, 1):
        for row_id, texts in stage(rows, draw, number + 2, HIGH).items():
            row = next(r for r in rows if r.id == row_id)
            good = [text for text in dict.fromkeys(texts) if right(row, text)][: draw.keep]
            found += [replied(row, text, f"p{number}.{n}") for n, text in enumerate(good)]
    return Random(f"plain/{draw.seed}").sample(found, len(found))


def mixed_rows(rows: Sequence[Row], draw: Draw) -> list[Row]:
    """The rows as they are, and for those that the student gets wrong what it began and the teacher ended rightly."""
    own = dict(zip((row.id for row in rows), draw.ask("student", "own", rows), strict=True))
    wrong = [row for row in rows if own[row.id].strip() and not right(row, own[row.id])]
    begun = [cut(own[row.id], Random(f"mixed/{draw.seed}/{row.id}")) for row in wrong]
    teacher = draw.speaker("teacher")
    ended = draw.kept.replies(
        "ended", teacher, [teacher.begun(prompt_of(row), text) for row, text in zip(wrong, begun, strict=True)],
        max_tokens=draw.reply_tokens, progress=lambda done, of: draw.progress("Completing", done, of),
    )  # fmt: skip
    goes_on = {(prompt_of(row), text): end for row, text, end in zip(wrong, begun, ended, strict=True)}
    by_prompt = {prompt_of(row): own[row.id] for row in rows}
    mixed = mixed_policy(
        wrong,
        lambda prompt: by_prompt[prompt],
        lambda prompt, text: goes_on[prompt, text],
        seed=draw.seed,
        accept=right,
    )
    return [*rows, *mixed]


def pair_rows(rows: Sequence[Row], draw: Draw) -> list[PreferenceRow]:
    """Delta pairs: the teacher's right reply against the student's wrong one to the same prompt."""
    better, worse = draw.ask("teacher", "better", rows), draw.ask("student", "own", rows)
    return [
        PreferenceRow(
            id=f"{row.id}+pair", prompt=prompt_of(row), chosen=b.strip(), rejected=w.strip(), skill=row.skill,
            family=row.family, source=row.source,
        )
        for row, b, w in zip(rows, better, worse, strict=True)
        if right(row, b) and w.strip() and not right(row, w)
    ]  # fmt: skip


def weighed_rows(rows: Sequence[Row], draw: Draw) -> list[Row]:
    """The rows of each prompt weighted by what the student is ready to learn (`perspectives`)."""
    student = draw.speaker("student")
    done = iter(range(1, len(rows) + 1))

    def likelihood(row: Row) -> float:
        draw.progress("Scoring", next(done), len(rows))
        scored = partial(score_reply, student.model, student.tokenizer, prompt_of(row), row.messages[-1].content)
        return draw.kept.value(f"likelihood {row.id}", lambda: scored().mean)

    return weigh(rows, likelihood, draw.sharpness)


WAYS: dict[How, Callable[[Sequence[Row], Draw], Sequence[Row | PreferenceRow]]] = {
    "dasd": dasd_rows, "plain": plain_rows, "mixed": mixed_rows, "pairs": pair_rows, "perspectives": weighed_rows,
}  # fmt: skip

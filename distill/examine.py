"""Examinations: a model answers an exam greedily, code grades what it says."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from classwright.distill.exam_result import Answered
from classwright.distill.generate import BATCH, generate
from classwright.distill.rows import ExamItem, Row

REPLY_TOKENS = 96


class Marked(Answered):
    """An answer with what was said and asked.

    Attributes:
        right: False too where the reply holds no answer that can be read: the model was asked for one and gave none.
        reply: What the model said.
        answer: The right answer.
    """

    reply: str
    answer: str


class Score(NamedTuple):
    """Right answers of an exam, or of one kind of its items."""

    right: int
    items: int

    @property
    def share(self) -> float:
        """Share of right answers, 0 to 1."""
        return self.right / self.items if self.items else 0.0


def mark(item: ExamItem, reply: str) -> Marked:
    """Grade one reply by its final answer ("ANSWER: x", "the answer is x", a boxed or an only number)."""
    right = item.result(reply) == "right"
    return Marked(id=item.id, skill=item.skill, kind=item.kind, right=right, reply=reply, answer=item.answer)


def examine(
    items: Sequence[ExamItem],
    model: Any,
    tokenizer: Any,
    *,
    max_tokens: int = REPLY_TOKENS,
    batch: int = BATCH,
    progress: Callable[[int, int], None] | None = None,
) -> list[Marked]:
    """Put an exam to a model and grade its answers.

    Args:
        items: The exam.
        model: A causal language model of transformers; it is left in the mode it was in.
        tokenizer: Its tokenizer, with a chat template.
        max_tokens: Longest reply, tokens; one that is cut off there is graded as it stands.
        batch: Prompts answered at a time, of similar length.
        progress: Told how many are done, and of how many.

    Returns:
        One mark an item, in the order of the items.
    """
    prompts = [prompt_ids(item, tokenizer) for item in items]
    replies = generate(prompts, model, tokenizer, max_tokens=max_tokens, batch=batch, progress=progress)
    return [mark(item, reply) for item, reply in zip(items, replies, strict=True)]


def prompt_ids(item: ExamItem, tokenizer: Any) -> list[int]:
    """The tokens of an exam item up to where the reply begins."""
    from classwright.distill.masks import render_chat

    return tokenizer(render_chat(item.messages, tokenizer, reply=True), add_special_tokens=False)["input_ids"]


def scores(marks: Sequence[Answered], by: Literal["kind", "skill"] = "kind") -> dict[str, Score]:
    """Right answers per kind or skill of item, in the order they first come; answers not judged are left out."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for m in marks:
        if m.right is not None:
            total[getattr(m, by)] += 1
            right[getattr(m, by)] += m.right
    return {name: Score(right[name], n) for name, n in total.items()}


def total(marks: Sequence[Answered]) -> Score:
    """Right answers of all."""
    judged = [m.right for m in marks if m.right is not None]
    return Score(sum(judged), len(judged))


def shuffled_replies(rows: Sequence[Row], seed: int = 0) -> list[Row]:
    """The zero-signal control: the same prompts and the same replies, each reply to another row's prompt.

    What a model gains from training on these is format, not the task. Every row's last trained reply is moved; no row
    keeps its own (a cyclic shift of a random order).

    Raises:
        InputError: There are fewer than two rows.
    """
    from classwright.errors import InputError

    if len(rows) < 2:
        raise InputError("shuffling replies needs at least two rows")
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)
    giver = dict(zip(order, order[1:] + order[:1], strict=True))
    changed = []
    for i, row in enumerate(rows):
        messages, other = list(row.messages), rows[giver[i]]
        place = max(row.trained)
        reply = other.messages[max(other.trained)].content
        messages[place] = messages[place].model_copy(update={"content": reply})
        changed.append(row.model_copy(update={"messages": tuple(messages)}))
    return changed

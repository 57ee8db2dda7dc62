"""Measurements for the report that need the models: forgetting, the RETAIN curve, fidelity, provenance.

Each goes into a file of the trained model's directory (see `report_files`). What is held out of training is what they
are taken on: held-out rows, the exam with the student's replies, and texts of one's own.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from classwright.distill.base import STUDENT, load_model, load_tokenizer, trainable
from classwright.distill.exam_result import AFTER, read_answers
from classwright.distill.examine import Marked, examine
from classwright.distill.fidelity import Compared, Fidelity, answer_fidelity, check_vocabulary, compare, fidelity
from classwright.distill.forgetting import forgetting, text_losses
from classwright.distill.masks import Encoded, encode, encode_pair
from classwright.distill.provenance import Provenance, provenance, trace
from classwright.distill.report_files import TRAINING, add, read_files
from classwright.distill.retain import RetainCurve, merge, sweep
from classwright.distill.rows import EXAM, HELD_OUT, ExamItem, Row, read_exam, read_rows
from classwright.distill.scored_tokens import log_probs, score_reply
from classwright.errors import InputError
from classwright.runs.progress import Progress
from classwright.skilltree.reading import extract_answer


class Speaker(NamedTuple):
    """A model with its tokenizer."""

    model: Any
    tokenizer: Any


def measure(
    folder: Path, *, texts: Sequence[str] = (), teacher: str = "", items: int = 40, seed: int = 0, progress: Progress
) -> tuple[list[str], list[str]]:
    """Measure what can be measured with what is given.

    Args:
        folder: What `distill train` made.
        texts: General texts, for forgetting and the RETAIN curve.
        teacher: As the base of a training, for fidelity and provenance.
        items: Held-out rows and exam items at most.
        seed: Of all bootstraps.
        progress: Told what is being measured.

    Returns:
        The files written, and notes on what could not be measured.

    Raises:
        InputError: Nothing is asked for, no training stands in the directory, or its dataset is gone.
    """
    import torch

    from classwright.distill.quiet import quiet
    from classwright.models.embedded import thread_count

    if not texts and not teacher:
        raise InputError("nothing to measure with: give --texts FILE, --teacher MODEL, or both")
    training = read_files(folder).training
    if training is None or "base" not in training.config or "data" not in training.config:
        raise InputError(f"{folder / TRAINING}: does not say what was trained on what; name what `distill train` made")
    data = Path(str(training.config["data"]))
    rows = read_rows(data / HELD_OUT)[:items]
    written: list[str] = []
    notes: list[str] = []

    def keep(name: str, found: Any) -> None:
        written.append(str(add(folder, name, found)))

    torch.set_num_threads(thread_count())
    with quiet():
        base = _speaker(trainable(str(training.config["base"]), progress))
        student = _speaker(folder / STUDENT)
        chats = [
            encode(r, student.tokenizer) if isinstance(r, Row) else encode_pair(r, student.tokenizer)[0] for r in rows
        ]
        if teacher:
            guide = _speaker(trainable(teacher, progress))
            exam = {item.id: item for item in read_exam(data / EXAM)}
            marks = [m for m in read_answers(folder / AFTER, Marked) if m.id in exam][:items]
            if not marks:
                raise InputError(f"{folder / AFTER}: answers none of the items of {data / EXAM}")
            progress("Fidelity of answers", 0, 0)
            keep("answers", answers(guide, [exam[m.id] for m in marks], marks, seed=seed))
            progress("Where sentences come from", 0, 0)
            keep("provenance", origins(guide, base, student, exam, marks, seed=seed))
            try:
                check_vocabulary(guide.tokenizer, student.tokenizer)
            except InputError as error:
                notes.append(f"no fidelity token by token: {error}")
            else:
                progress("Fidelity of tokens", 0, 0)
                keep("fidelity", on_replies(guide.model, student.model, chats, seed=seed))
        if texts:
            progress("Forgetting on general text", 0, 0)
            before, after = (text_losses(s.model, s.tokenizer, texts) for s in (base, student))
            keep("forgetting", forgetting(before, after, seed=seed))
            progress("RETAIN: merges with the base", 0, 0)
            keep("retain", retain_curve(base, student, chats, texts, seed=seed))
    return written, notes


def _speaker(folder: Path) -> Speaker:
    return Speaker(load_model(folder), load_tokenizer(folder))


def answers(teacher: Speaker, items: Sequence[ExamItem], student: Sequence[Marked], *, seed: int) -> Fidelity:
    """Final answers of the teacher against those that the student gave; an answer that is right is the right answer."""
    told = examine(items, teacher.model, teacher.tokenizer)

    def said(mark: Marked) -> str | None:
        return mark.answer if mark.right else extract_answer(mark.reply)

    return answer_fidelity([said(m) for m in told], [said(m) for m in student], [m.answer for m in student], seed=seed)


def origins(
    teacher: Speaker,
    base: Speaker,
    student: Speaker,
    exam: Mapping[str, ExamItem],
    marks: Sequence[Marked],
    *,
    seed: int,
) -> Provenance:
    """Where the sentences of the student's replies come from; empty replies have none."""
    traced = []
    for mark in marks:
        if mark.reply.strip():
            prompt = exam[mark.id].messages
            scored = [score_reply(s.model, s.tokenizer, prompt, mark.reply) for s in (teacher, base, student)]
            traced.append(trace(mark.reply, *scored))
    return provenance(traced, seed=seed)


def on_replies(teacher: Any, student: Any, chats: Sequence[Encoded], *, seed: int) -> Fidelity:
    """Fidelity over the trained tokens of chats (the replies), not their prompts."""

    def one(chat: Encoded) -> Compared:
        mine = np.array(chat.mask[1:], bool)
        gold = [i for i, m in zip(chat.ids[1:], mine, strict=True) if m]
        return compare(log_probs(teacher, chat.ids)[mine], log_probs(student, chat.ids)[mine], gold)

    return fidelity([one(chat) for chat in chats], seed=seed)


def reply_likelihood(model: Any, chat: Encoded) -> float:
    """Mean log-likelihood of a chat's trained tokens, nats per token."""
    table = log_probs(model, chat.ids)
    mine = [table[n, token] for n, (token, m) in enumerate(zip(chat.ids[1:], chat.mask[1:], strict=True)) if m]
    return float(np.mean(mine))


def retain_curve(
    base: Speaker, student: Speaker, chats: Sequence[Encoded], texts: Sequence[str], *, seed: int
) -> RetainCurve:
    """RETAIN's sweep by likelihood: of held-out replies (target) and of general texts, nats per token.

    The student's weights are as before afterwards. A general text may lose 0.05 nats a token, our choice.
    """
    old, new = ({n: w.detach().clone() for n, w in s.model.state_dict().items()} for s in (base, student))
    target, general = "held-out replies, log-likelihood", "general text, log-likelihood"

    def score(weights: dict[str, Any]) -> dict[str, dict[str, float]]:
        student.model.load_state_dict(weights)
        losses = text_losses(student.model, student.tokenizer, texts)
        return {
            target: {str(n): reply_likelihood(student.model, chat) for n, chat in enumerate(chats)},
            general: {str(n): -loss.nats / loss.tokens for n, loss in enumerate(losses)},
        }

    try:
        return sweep(lambda alpha: merge(old, new, alpha), score, target=target, general=general, give=0.05, seed=seed)
    finally:
        student.model.load_state_dict(new)

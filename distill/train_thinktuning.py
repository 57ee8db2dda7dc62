"""ThinkTuning: GRPO in which some rollouts hear feedback between two tries; its tokens are not learned.

See `thinktuning`. The feedback is a teacher's, where one is named; else code's: it knows whether the try is right, and
says how the row's own worked answer begins. The reward is that of GRPO, on the last try.
"""

import json
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

from classwright.distill.generate import generate_ids
from classwright.distill.masks import render_chat
from classwright.distill.provenance import sentence_spans
from classwright.distill.rows import Message, Row
from classwright.distill.setup import Setup
from classwright.distill.thinktuning import rollouts
from classwright.distill.train_grpo import answer_of, grpo, rewarded
from classwright.errors import InputError
from classwright.prompts import render
from classwright.skilltree.grading import same_answer

FEEDBACK = "distill_feedback"


class Asked(NamedTuple):
    """What is known of a prompt."""

    messages: tuple[Message, ...]
    answer: str
    hint: str


def trainer(setup: Setup) -> Any:
    """The trainer of a ThinkTuning.

    Raises:
        InputError: As GRPO's; or the weights are spread over processes (FSDP), so that none can write a reply.
    """
    known = {
        json.dumps([m.model_dump() for m in row.messages[: min(row.trained)]]): Asked(
            row.messages[: min(row.trained)], answer, hint_of(row)
        )
        for row in setup.rows
        if isinstance(row, Row) and (answer := answer_of(row)) is not None
    }
    teacher = _teacher(setup)
    tokenizer, s = setup.tokenizer, setup.settings
    width = s.generations

    def roll(prompts: list[Any], trainer: Any) -> dict[str, Any]:
        """TRL's rollout function: as many rollouts as prompts, which come once for each generation."""
        import torch

        asked = [known[json.dumps([{"role": m["role"], "content": m["content"]} for m in p])] for p in prompts]
        begun = [_ids(render_chat(a.messages, tokenizer, reply=True), tokenizer) for a in asked]
        model = trainer.accelerator.unwrap_model(trainer.model_wrapped)

        def student(who: Sequence[int], so_far: Sequence[Sequence[int]]) -> list[list[int]]:
            full = [[*begun[i], *ids] for i, ids in zip(who, so_far, strict=True)]
            with torch.autocast(model.device.type, torch.bfloat16, enabled=trainer.args.bf16):
                return generate_ids(
                    full, model, tokenizer, max_tokens=s.reply_tokens, temperature=s.temperature, batch=len(full)
                )

        def feedback(who: Sequence[int], tries: Sequence[Sequence[int]]) -> list[list[int]]:
            texts = [tokenizer.decode(ids, skip_special_tokens=True).strip() for ids in tries]
            whole = [ids[-1] == tokenizer.eos_token_id and bool(t) for ids, t in zip(tries, texts, strict=True)]
            said = teacher([asked[i] for i in who], texts)
            return [
                comment(asked[i].messages, text, words, tokenizer) if ended and words else []
                for i, text, words, ended in zip(who, texts, said, whole, strict=True)
            ]

        rng = Random(f"thinktuning/{s.seed}/{trainer.state.global_step}/{setup.rank}")
        found = rollouts(range(len(asked)), student, feedback, group=width, guided=s.guided, rng=rng)
        return {
            "prompt_ids": begun,
            "completion_ids": [list(r.ids) for r in found],
            "logprobs": None,
            "env_mask": [list(r.mask) for r in found],
            "reply": [tokenizer.decode(r.last, skip_special_tokens=True).strip() for r in found],
        }

    made = grpo(setup, reward_funcs=reward, rollout_func=roll)
    if made.is_fsdp_enabled:
        raise InputError("thinktuning writes replies with the whole model; take accelerate-ddp.yaml, not FSDP")
    return made


def reward(completions: list[Any], answer: list[str], reply: list[str], **_: Any) -> list[float]:
    """1 for a last try whose final answer is right, else 0; as TRL calls it."""
    return rewarded(reply, answer)


def comment(prompt: Sequence[Message], tried: str, words: str, tokenizer: Any) -> list[int]:
    """The tokens between a try, stop token included, and the next one: the feedback as the user's turn."""
    chat = (*prompt, Message(role="assistant", content=tried))
    whole = render_chat(chat, tokenizer)
    longer = render_chat((*chat, Message(role="user", content=words)), tokenizer, reply=True)
    if not longer.startswith(whole):
        raise InputError(
            "the chat template writes a reply differently once the chat goes on: no feedback can follow it"
        )
    after = whole.rindex(tokenizer.eos_token) + len(tokenizer.eos_token)
    return _ids(longer[after:], tokenizer)


def hint_of(row: Row) -> str:
    """How a row's worked answer begins: its first sentence, without a line that gives the answer; "" for none."""
    reply = row.messages[max(row.trained)].content
    shown = "\n".join(line for line in reply.splitlines() if "answer" not in line.lower())
    spans = sentence_spans(shown)
    return shown[spans[0][0] : spans[0][1]].strip() if len(spans) > 1 else ""


def _teacher(setup: Setup) -> Any:
    """(prompts, tries) -> what is said of each try; "" for nothing."""
    if setup.teacher is None:

        def told(asked: Sequence[Asked], tries: Sequence[str]) -> list[str]:
            return [
                "" if same_answer(t, a.answer) else _words(render(FEEDBACK, teacher=False, hint=a.hint))
                for a, t in zip(asked, tries, strict=True)
            ]

        return told
    from classwright.distill.base import load_tokenizer
    from classwright.distill.exam_run import answering

    model, tokenizer = answering(setup.teacher, setup.settings.base_precision), load_tokenizer(setup.teacher)

    def commented(asked: Sequence[Asked], tries: Sequence[str]) -> list[str]:
        chats = [
            render(FEEDBACK, teacher=True, hint="", question=a.messages[-1].content, tried=t, answer=a.answer)
            for a, t in zip(asked, tries, strict=True)
        ]
        prompts = [_ids(render_chat([Message.model_validate(m) for m in c], tokenizer, reply=True), tokenizer)
                   for c in chats]  # fmt: skip
        replies = generate_ids(prompts, model, tokenizer, max_tokens=setup.settings.reply_tokens)
        return [tokenizer.decode(ids, skip_special_tokens=True).strip() for ids in replies]

    return commented


def _words(messages: list[dict[str, str]]) -> str:
    return messages[-1]["content"]


def _ids(text: str, tokenizer: Any) -> list[int]:
    return tokenizer(text, add_special_tokens=False)["input_ids"]

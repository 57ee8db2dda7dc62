"""Replies that are drawn to make training rows of: in batches, kept as they come, so that a killed command goes on."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from classwright.distill.base import load_tokenizer
from classwright.distill.exam_run import answering
from classwright.distill.generate import BATCH, generate_ids
from classwright.distill.masks import render_chat
from classwright.distill.provenance import sentence_probabilities
from classwright.distill.rows import Message
from classwright.distill.scored_tokens import score_reply
from classwright.errors import InputError

KEPT = "samples.jsonl"
Prompt = tuple[Message, ...]


class Speaker(NamedTuple):
    """A model with its tokenizer."""

    model: Any
    tokenizer: Any

    @classmethod
    def of(cls, folder: Path) -> "Speaker":
        """The model of a directory, in float32."""
        return cls(answering(folder, "fp32"), load_tokenizer(folder))

    def begun(self, prompt: Prompt, reply: str = "") -> list[int]:
        """The tokens of a prompt up to where a reply begins, or with the beginning of one."""
        text = render_chat(prompt, self.tokenizer, reply=True) + reply
        return self.tokenizer(text, add_special_tokens=False)["input_ids"]

    def sentences(self, prompt: Prompt, reply: str) -> list[float | None]:
        """The probability of each sentence of a reply (`provenance.sentence_probabilities`)."""
        return sentence_probabilities(reply, score_reply(self.model, self.tokenizer, prompt, reply))


class Samples:
    """What has been drawn and scored for a dataset, in a file that grows; its first line says for what."""

    def __init__(self, folder: Path, what: dict[str, Any], seed: int) -> None:
        """Open `samples.jsonl`.

        Args:
            folder: Where the dataset goes.
            what: What is made of what; it must be that of the file where there is one.
            seed: Of all draws.

        Raises:
            InputError: The file was drawn for something else.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.path, self.seed = folder / KEPT, seed
        text = self.path.read_text("utf-8") if self.path.is_file() else ""
        whole = text[: text.rfind("\n") + 1]  # a torn last line is drawn again
        lines = [json.loads(line) for line in whole.split("\n")[:-1]]
        if lines and lines[0] != what:
            raise InputError(f"{self.path}: holds samples for other settings; take another --out, or remove it")
        self._known = {line["key"]: line["value"] for line in lines[1:]}
        if whole != text or not lines:
            self.path.write_text(whole or json.dumps(what) + "\n", "utf-8")

    def value(self, key: str, make: Callable[[], Any]) -> Any:
        """What is kept under a key, or made now and kept."""
        if key not in self._known:
            self._keep({key: make()})
        return self._known[key]

    def replies(
        self,
        name: str,
        speaker: Speaker,
        prompts: Sequence[Sequence[int]],
        *,
        max_tokens: int,
        temperature: float = 0.0,
        progress: Callable[[int, int], None],
    ) -> list[str]:
        """A reply to each prompt, as text without the stop token.

        They are drawn in batches as they stand, each batch with a seed of its own: a command that goes on draws what it
        would have drawn.

        Args:
            name: Of this set of replies.
            speaker: Who replies.
            prompts: Token ids.
            max_tokens: Longest reply.
            temperature: 0 for greedy replies.
            progress: Told how many are done, and of how many.
        """
        import torch

        for start in range(0, len(prompts), BATCH):
            keys = [f"{name}/{n}" for n in range(start, min(start + BATCH, len(prompts)))]
            if all(key in self._known for key in keys):
                continue
            torch.manual_seed(crc32(f"{self.seed}/{name}/{start}".encode()))
            found = generate_ids(
                prompts[start : start + BATCH], speaker.model, speaker.tokenizer, max_tokens=max_tokens,
                temperature=temperature,
            )  # fmt: skip
            texts = [speaker.tokenizer.decode(ids, skip_special_tokens=True) for ids in found]
            self._keep(dict(zip(keys, texts, strict=True)))
            progress(min(start + BATCH, len(prompts)), len(prompts))
        return [self._known[f"{name}/{n}"] for n in range(len(prompts))]

    def _keep(self, new: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write("".join(json.dumps({"key": k, "value": v}, ensure_ascii=False) + "\n" for k, v in new.items()))
        self._known |= new

"""What a training leaves: the adapter, the whole model, and both as GGUF; written whole or not at all."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from classwright.distill.base import STUDENT, copy_tokenizer, load_model, load_tokenizer
from classwright.distill.convert import Quantization, adapter_to_gguf, hf_to_gguf
from classwright.distill.masks import Encoded
from classwright.distill.memory import clear
from classwright.errors import ClasswrightError, InputError

AGREEMENT = 0.99
"""Least share of held-out tokens at which the merged model must put the same token first as base and adapter."""
ADAPTER, STUDENT_GGUF, ADAPTER_GGUF = "adapter", "student.gguf", "adapter.gguf"


class Exported(NamedTuple):
    """What was written.

    Attributes:
        files: Names within the directory.
        agreement: Share of tokens where merged model and adapter put the same token first; None without an adapter.
        tokens: How many were compared.
        notes: What could not be written, and why.
    """

    files: tuple[str, ...]
    agreement: float | None
    tokens: int
    notes: tuple[str, ...]


def export(
    tuned: Path, base: Path, out: Path, chats: Sequence[Encoded], quantization: Quantization = "f16"
) -> Exported:
    """Write the exports of a training.

    All of them are made in a hidden folder and then put in place, so an interrupted export is done again from the
    beginning and no file of it is ever half there.

    Args:
        tuned: The chosen model of the training: an adapter, or a whole model.
        base: The directory it was trained from.
        out: Where `adapter/`, `merged/`, `student.gguf` and `adapter.gguf` go.
        chats: Held-out chats; an adapter is merged only if the result says the same on their tokens with loss.
        quantization: Of `student.gguf`.

    Raises:
        ClasswrightError: Merged model and adapter disagree on more than one in a hundred tokens, or the disk is full.
    """
    work = out / ".export"
    shutil.rmtree(work, ignore_errors=True)
    merged = work / STUDENT
    merged.mkdir(parents=True)
    notes: list[str] = []
    agreement, tokens = None, 0
    if (tuned / "adapter_config.json").is_file():
        (work / ADAPTER).mkdir()
        for name in ("adapter_config.json", "adapter_model.safetensors"):
            shutil.copyfile(tuned / name, work / ADAPTER / name)
        agreement, tokens = merge(work / ADAPTER, base, merged, chats)
    else:
        load_model(tuned).save_pretrained(merged)
        copy_tokenizer(base, merged)
    try:
        hf_to_gguf(merged, work / STUDENT_GGUF, quantization)
        if agreement is not None:
            adapter_to_gguf(work / ADAPTER, base, work / ADAPTER_GGUF)
    except InputError as error:  # of an architecture that is unknown here; the rest is whole
        notes.append(f"no GGUF: {error}")
    files = sorted(path.name for path in work.iterdir())
    for name in files:
        _replace(work / name, out / name)
    work.rmdir()
    return Exported(tuple(files), agreement, tokens, tuple(notes))


def merge(adapter: Path, base: Path, out: Path, chats: Sequence[Encoded]) -> tuple[float, int]:
    """Merge an adapter into its base in float32 and see that what was written says the same.

    Returns:
        Top-1 agreement between base with adapter and the merged model as written, 0 to 1, and the number of tokens
        compared.

    Raises:
        ClasswrightError: It is below `AGREEMENT`, or there is nothing to compare on.
    """
    from peft import PeftModel

    from classwright.distill.quiet import quiet

    with quiet():
        model: Any = PeftModel.from_pretrained(load_model(base), str(adapter)).eval()
        apart = first_choices(model, chats)
        model = model.merge_and_unload(safe_merge=True)
        model.save_pretrained(out)
        copy_tokenizer(base, out)
        del model
        clear()
        together = first_choices(load_model(out), chats)
    if not apart:
        raise ClasswrightError(f"{adapter}: no held-out tokens to compare the merged model on; it was not exported")
    same = sum(a == b for a, b in zip(apart, together, strict=True)) / len(apart)
    if same < AGREEMENT:
        raise ClasswrightError(
            f"{adapter}: merged into its base it puts another token first on {1 - same:.1%} of {len(apart)} held-out "
            f"tokens (agreement {same:.3f}, wanted {AGREEMENT}); not exported"
        )
    return same, len(apart)


def first_choices(model: Any, chats: Sequence[Encoded]) -> list[int]:
    """The token that a model puts first at each place with loss."""
    import torch

    found: list[int] = []
    for chat in chats:
        places = torch.tensor([i - 1 for i, kept in enumerate(chat.mask) if kept and i > 0])
        if len(places):
            with torch.inference_mode():
                logits = model(input_ids=torch.tensor([chat.ids]), logits_to_keep=places, use_cache=False).logits
            found += logits[0].argmax(-1).tolist()
    return found


def _replace(source: Path, target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    source.replace(target)


def check_exportable(base: Path) -> list[str]:
    """Why a base's student could not be written as GGUF, found out before it is trained; empty where it can."""
    from classwright.distill.convert import read_shape
    from classwright.distill.pretokenizer import gguf_name

    try:
        read_shape(base)
        gguf_name(load_tokenizer(base))
    except InputError as error:
        return [f"there will be no GGUF: {error}"]
    return []

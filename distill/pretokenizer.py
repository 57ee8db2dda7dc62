"""How text is cut before byte-pair merges: the GGUF names of it and the Hugging Face objects that do the same.

A GGUF file names its pre-tokenizer and leaves the rest to the program; transformers takes GPT-2's for all, which
for SmolLM2 tears no digits apart, so that numbers are cut another way than in training. The patterns are those of
llama.cpp's `llama-vocab.cpp`.
"""

import json
from typing import Any

from classwright.errors import InputError

_CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_LETTERS = r"|[^\r\n\p{L}\p{N}]?\p{L}+"
_SPLITS = {
    "llama-bpe": _CONTRACTIONS + _LETTERS + r"|\p{N}{1,3}" + _REST,
    "qwen2": _CONTRACTIONS + _LETTERS + r"|\p{N}" + _REST,
}


def pre_tokenizer(name: str) -> Any:
    """The `tokenizers` pre-tokenizer of a GGUF `tokenizer.ggml.pre`.

    Raises:
        InputError: The name is not known.
    """
    from tokenizers import Regex, pre_tokenizers

    if name in ("gpt-2", "default"):
        return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    if name == "smollm":
        digits = pre_tokenizers.Digits(individual_digits=True)
        return pre_tokenizers.Sequence([digits, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    if name in _SPLITS:
        split = pre_tokenizers.Split(Regex(_SPLITS[name]), behavior="isolated", invert=False)
        return pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    raise InputError(f"pre-tokenizer {name!r} is not known ({', '.join(known())}); take the model's Hugging Face files")


def known() -> list[str]:
    """The names there are objects for."""
    return ["smollm", *_SPLITS, "gpt-2"]


def gguf_name(tokenizer: Any) -> str:
    """The GGUF name of what a Hugging Face tokenizer does before the merges.

    Raises:
        InputError: None of the known ones does it.
    """
    mine = _shape(json.loads(tokenizer.backend_tokenizer.to_str())["pre_tokenizer"])
    for name in known():
        if mine == _shape(json.loads(pre_tokenizer(name).__getstate__())):
            return name
    raise InputError(
        f"this tokenizer cuts text as none of {', '.join(known())} does; use llama.cpp's convert_hf_to_gguf.py"
    )


def _shape(part: dict[str, Any] | None) -> Any:
    """What of a serialized pre-tokenizer decides how text is cut."""
    if part is None:
        return None
    if part["type"] == "Sequence":
        return [_shape(inner) for inner in part["pretokenizers"]]
    ignored = ("trim_offsets",)
    return {key: value for key, value in part.items() if key not in ignored}

"""The shapes of a model's and an adapter's matrices, read from the headers of their files; no weights are loaded."""

import json
import struct
from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

from classwright.errors import InputError

LONGEST_HEADER = 100 << 20
"""More cannot be a header (the format's own limit), bytes."""
FLOAT_BYTES = 2
"""Width of a floating-point number as it is served: bfloat16, or float16."""
_WIDTHS = {"I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "BOOL": 1}
Shapes = dict[str, tuple[int, ...]]
"""Name of a tensor -> its shape."""


def read_config(folder: Path, name: str = "config.json") -> dict[str, Any]:
    """A configuration of a model directory.

    Raises:
        InputError: It is not there, or no JSON object.
    """
    path = folder / name
    try:
        config = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        why = (error.strerror or error) if isinstance(error, OSError) else "not JSON"
        raise InputError(f"{path}: cannot be read ({why})") from error
    if not isinstance(config, dict):
        raise InputError(f"{path}: not a JSON object")
    return config


def tensor_shapes(folder: Path, pattern: str = "*.safetensors") -> Shapes:
    """The shapes of all tensors in a directory's safetensors files.

    Raises:
        InputError: There is no such file, or one is damaged.
    """
    return {name: shape for name, shape, _ in _headers(folder, pattern)}


def served_bytes(folder: Path, pattern: str = "*.safetensors") -> int:
    """What a directory's weights take once loaded, bytes: floating point in two bytes, packed integers as they are.

    Raises:
        InputError: As `tensor_shapes`.
    """
    return sum(prod(shape) * _WIDTHS.get(kind, FLOAT_BYTES) for _, shape, kind in _headers(folder, pattern))


def _headers(folder: Path, pattern: str) -> Iterator[tuple[str, tuple[int, ...], str]]:
    """Name, shape and type of each tensor."""
    files = sorted(folder.glob(pattern))
    if not files:
        raise InputError(f"{folder}: holds no .safetensors, the weights")
    for file in files:
        try:
            with file.open("rb") as stream:
                (length,) = struct.unpack("<Q", stream.read(8))
                if length > LONGEST_HEADER:
                    raise ValueError("no header")
                header = json.loads(stream.read(length))
            for name, entry in header.items():
                if name != "__metadata__":
                    yield name, tuple(int(n) for n in entry["shape"]), str(entry["dtype"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
            raise InputError(f"{file}: not a whole safetensors file; copy or save it again") from error


def text_config(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part about the language model, in one that also sees or hears."""
    inner = config.get("text_config")
    return inner if isinstance(inner, dict) else config


def longest_context(config: Mapping[str, Any]) -> int | None:
    """Tokens that the model was made for, None where its configuration does not say."""
    value = text_config(config).get("max_position_embeddings")
    return int(value) if isinstance(value, int) and value > 0 else None


def kv_bytes(config: Mapping[str, Any], width: int = FLOAT_BYTES) -> int:
    """Bytes of keys and values that one token needs in all layers, each number `width` bytes wide.

    Raises:
        InputError: The configuration lacks the number of layers or heads.
    """
    text = text_config(config)
    try:
        heads = int(text["num_attention_heads"])
        kv_heads = int(text.get("num_key_value_heads") or heads)
        size = int(text.get("head_dim") or int(text["hidden_size"]) // heads)
        return 2 * int(text["num_hidden_layers"]) * kv_heads * size * width
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise InputError(f"config.json of the model does not say its layers and heads ({error})") from error

"""The base of a training: smollm2, a directory, a name of the hub or a GGUF file becomes a directory to train from."""

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from classwright.errors import ClasswrightError, InputError, UnreachableError
from classwright.models import weights
from classwright.models.hub import find
from classwright.models.weights import Progress

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Precision = Literal["bf16", "fp32"]
STUDENT = "merged"
"""Where in a trained directory the whole model lies."""
_NO_TEMPLATE = (
    "has no chat template, so nothing says where a reply begins and ends; take an instruct model, "
    "or put its chat_template.jinja into the directory"
)


def trainable(base: str, progress: Progress | None = None) -> Path:
    """The directory, in Hugging Face's format, that a base is trained from.

    GGUF weights are converted once and kept in the model cache, in float32.

    Args:
        base: "smollm2"; a directory (of a training, too: then its student); "owner/model" of the hub; or a GGUF file.
        progress: Told of downloads and the conversion.

    Raises:
        InputError: It is none of these, or has no chat template.
        UnreachableError: The weights cannot be fetched.
    """
    folder = _folder(base, progress)
    if not (folder / "config.json").is_file():
        raise InputError(f"{folder}: holds no config.json; name a model directory, a GGUF file, or smollm2")
    if not has_template(folder):
        raise InputError(f"{folder}: {_NO_TEMPLATE}")
    return folder


def _folder(base: str, progress: Progress | None) -> Path:
    if base.lower() == "smollm2":
        return _converted(weights.get_smollm2(progress), progress)
    path = find(base)
    if path.is_dir():
        return path / STUDENT if (path / STUDENT / "config.json").is_file() else path
    if path.is_file():
        return _converted(path, progress)
    if base.endswith(".gguf") or base.count("/") != 1 or base.startswith((".", "/", "~")):
        raise InputError(f"{base}: no such file or directory; a base is smollm2, a directory, owner/model, or a .gguf")
    return _from_hub(base)


def has_template(folder: Path) -> bool:
    """Whether a model directory says how a chat is written."""
    if (folder / "chat_template.jinja").is_file():
        return True
    try:
        return bool(json.loads((folder / "tokenizer_config.json").read_text("utf-8")).get("chat_template"))
    except (OSError, ValueError):
        return False


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, RepositoryNotFoundError

    patterns = ["*.json", "*.safetensors", "*.jinja", "*.txt", "*.model"]
    try:
        return Path(snapshot_download(name, allow_patterns=patterns))
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise InputError(f"{name}: neither a directory here nor a public model of the hub") from error
    except (HfHubHTTPError, OSError) as error:  # LocalEntryNotFoundError is an OSError
        raise UnreachableError(
            f"{name}: no directory of this name here, and the hub does not answer ({type(error).__name__})"
        ) from error


def _converted(gguf: Path, progress: Progress | None) -> Path:
    """The model directory made from GGUF weights, in the cache under the name and checksum of the file."""
    from classwright.models.embedded import check_file

    check_file(gguf)
    folder = weights.cache_folder() / "trainable" / f"{gguf.stem}-{weights.sha256(gguf)[:12]}"
    with weights.fetching(folder / "config.json") as temporary:
        if temporary is not None:
            if progress is not None:
                progress(f"Making {gguf.name} trainable", 0, 0)
            made = temporary / "model"
            gguf_to_hf(gguf, made)
            for file in sorted(made.iterdir(), key=lambda file: file.name == "config.json"):
                os.replace(file, folder / file.name)  # config.json comes last: with it the directory is whole
    return folder


def gguf_to_hf(gguf: Path, out: Path) -> None:
    """Write GGUF weights as a model directory in float32, ready to be trained.

    Raises:
        InputError: transformers cannot read this architecture, or the file has no chat template.
        ClasswrightError: The file is damaged.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig, GgufConfig

    from classwright.distill.pretokenizer import pre_tokenizer
    from classwright.distill.quiet import quiet

    with quiet():
        try:
            name = _field(gguf, "tokenizer.ggml.pre") or "default"
            tokenizer = AutoTokenizer.from_pretrained(str(gguf.parent), gguf_file=gguf.name)
            loaded = AutoModelForCausalLM.from_pretrained(
                str(gguf.parent),
                gguf_file=gguf.name,
                dtype=torch.float32,
                quantization_config=GgufConfig(dequantize=True),
            )
        except (ValueError, KeyError, NotImplementedError) as error:
            raise InputError(f"{gguf}: transformers cannot make it trainable ({_first_line(error)})") from error
        if not tokenizer.chat_template:
            raise InputError(f"{gguf}: {_NO_TEMPLATE}")
        if _field(gguf, "tokenizer.ggml.model") == "gpt2":
            tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizer(name)
        config = loaded.config
        config.__dict__.pop("quantization_config", None)
        # A model loaded from GGUF cannot be saved: its weights go into a fresh one.
        fresh = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
        fresh.load_state_dict(loaded.state_dict())
        fresh.tie_weights()
        fresh.generation_config = GenerationConfig(
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
        fresh.save_pretrained(out)
        tokenizer.save_pretrained(out)


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer of a model directory, with something to pad with.

    Raises:
        InputError: It cannot be loaded, has no chat template, or knows no end of a reply.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: its tokenizer cannot be loaded ({_first_line(error)})") from error
    if not tokenizer.chat_template:
        raise InputError(f"{folder}: {_NO_TEMPLATE}")
    if tokenizer.eos_token_id is None:
        raise InputError(f"{folder}: its tokenizer has no eos_token, the token that ends a reply")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_model(folder: Path, precision: Precision = "fp32") -> "PreTrainedModel":
    """The model of a directory, in evaluation mode, on the CPU.

    Raises:
        InputError: It is no causal language model that transformers can load, or its vocabulary is smaller than its
            tokenizer's.
    """
    import torch
    from transformers import AutoModelForCausalLM

    from classwright.distill.quiet import quiet

    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    try:
        with quiet():
            model = AutoModelForCausalLM.from_pretrained(str(folder), dtype=dtype, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder}: cannot be loaded as a language model ({_first_line(error)})") from error
    return model.eval()


def check_fit(tokenizer: Any, model: "PreTrainedModel", folder: Path) -> None:
    """See that a tokenizer and a model belong together.

    Raises:
        InputError: The tokenizer has tokens that the model has no embedding for.
    """
    rows = next(model.get_input_embeddings().parameters()).shape[0]
    if len(tokenizer) > rows:
        raise InputError(
            f"{folder}: mixed tokenizers: the tokenizer has {len(tokenizer)} tokens, the model embeds {rows}; "
            "take the tokenizer files that came with the model"
        )


def copy_tokenizer(source: Path, target: Path) -> None:
    """Copy a model directory's tokenizer as it is, its chat template included."""
    names = ("tokenizer", "special_tokens_map", "added_tokens", "chat_template", "vocab", "merges", "spiece")
    for file in source.iterdir():
        if file.is_file() and file.name.startswith(names):
            shutil.copyfile(file, target / file.name)


def _field(gguf: Path, key: str) -> Any:
    from gguf import GGUFReader

    try:
        field = GGUFReader(gguf).fields.get(key)
    except (ValueError, IndexError, OSError) as error:
        raise ClasswrightError(f"{gguf}: damaged GGUF file ({_first_line(error)})") from error
    return field.contents() if field is not None else None


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]

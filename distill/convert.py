"""Model directories and LoRA adapters as GGUF files that the embedded runtime loads.

llama.cpp keeps the rows of q and k of the llama architecture in another order (its rotary embedding turns neighboring
pairs, Hugging Face's halves), as in its own `convert_hf_to_gguf.py`.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from classwright.errors import ClasswrightError, InputError

if TYPE_CHECKING:
    import numpy as np
    from gguf import GGUFWriter

Quantization = Literal["q8_0", "f16", "f32"]

_ARCHITECTURES = {"llama": "llama", "qwen2": "qwen2"}
_LAYER = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
_WHOLE = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
_NORMAL, _CONTROL, _USER_DEFINED, _UNUSED = 1, 3, 4, 5
"""Token types of GGUF."""


class Shape(NamedTuple):
    """What of a model's configuration its GGUF needs."""

    architecture: str
    heads: int
    kv_heads: int
    config: dict[str, Any]


def hf_to_gguf(folder: Path, out: Path, quantization: Quantization = "q8_0") -> Path:
    """Write a model directory as one GGUF file, whole or not at all.

    Args:
        folder: Config, safetensors and tokenizer.
        out: The file.
        quantization: How matrices are kept; vectors stay float32. A matrix whose rows are no multiple of 32 is kept in
            float16 where q8_0 is asked for.

    Raises:
        InputError: The architecture or the tokenizer is none that is known here; nothing is written.
        ClasswrightError: The file cannot be written.
    """
    import gguf

    from classwright.distill.base import load_tokenizer

    shape = read_shape(folder)
    tokenizer = load_tokenizer(folder)
    kinds = gguf.GGMLQuantizationType
    kind = {"q8_0": kinds.Q8_0, "f16": kinds.F16, "f32": kinds.F32}[quantization]
    types = {"q8_0": gguf.LlamaFileType.MOSTLY_Q8_0, "f16": gguf.LlamaFileType.MOSTLY_F16}

    def fill(writer: "GGUFWriter") -> None:
        writer.add_name(folder.parent.name if folder.name == "merged" else folder.name)
        writer.add_file_type(types.get(quantization, gguf.LlamaFileType.ALL_F32))
        _add_shape(writer, shape)
        _add_tokenizer(writer, tokenizer, int(shape.config["vocab_size"]))
        for name, array in _tensors(folder, shape):
            if array.ndim == 1:
                writer.add_tensor(name, array)
                continue
            whole = kind if kind != kinds.Q8_0 or array.shape[-1] % 32 == 0 else kinds.F16
            writer.add_tensor(name, gguf.quants.quantize(array, whole), raw_dtype=whole)

    return _write(out, shape.architecture, fill)


def adapter_to_gguf(adapter: Path, base: Path, out: Path, precision: Literal["f16", "f32"] = "f32") -> Path:
    """Write a PEFT LoRA adapter as a GGUF adapter, whole or not at all.

    Args:
        adapter: `adapter_config.json` and `adapter_model.safetensors`.
        base: The model directory that it was trained on.
        out: The file; it works beside any GGUF of the same model, quantized or not.
        precision: Of its matrices; float16 makes half the file.

    Raises:
        InputError: It holds more than low-rank matrices of attention and feed-forward layers.
        ClasswrightError: The file cannot be written.
    """
    import numpy as np
    from safetensors.torch import load_file

    shape = read_shape(base)
    config = json.loads((adapter / "adapter_config.json").read_text("utf-8"))
    rank, alpha = int(config["r"]), float(config["lora_alpha"])
    if config.get("use_rslora"):
        alpha *= rank**0.5  # llama.cpp scales by alpha / rank, rank-stabilized LoRA by alpha / sqrt(rank)
    odd = [k for k in ("modules_to_save", "rank_pattern", "alpha_pattern", "use_dora") if config.get(k)]
    if odd or config.get("bias", "none") != "none":
        raise InputError(f"{adapter}: llama.cpp knows no adapter with {', '.join(odd) or 'bias'}; use the merged model")
    tensors = load_file(adapter / "adapter_model.safetensors")

    def fill(writer: "GGUFWriter") -> None:
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", alpha)
        for key, tensor in sorted(tensors.items()):
            module, _, side = key.removeprefix("base_model.model.").removesuffix(".weight").rpartition(".lora_")
            array = tensor.float().numpy()
            if side == "B":  # rows of B are the rows of the layer's own matrix
                array = _ordered(array, module, shape)
            kept = np.float16 if precision == "f16" else np.float32
            writer.add_tensor(f"{_gguf_name(module, adapter)}.weight.lora_{side.lower()}", array.astype(kept))

    return _write(out, shape.architecture, fill)


def read_shape(folder: Path) -> Shape:
    """The shape of a model directory.

    Raises:
        InputError: It is none that can be written as GGUF here.
    """
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: not a model's configuration ({error})") from error
    kind = config.get("model_type")
    if kind not in _ARCHITECTURES:
        raise InputError(
            f"{path}: model type {kind!r} cannot be written as GGUF here (known: {', '.join(_ARCHITECTURES)}); "
            "use llama.cpp's convert_hf_to_gguf.py"
        )
    if _rope(config).get("rope_type", "default") != "default":
        raise InputError(f"{path}: scaled rotary embeddings cannot be written as GGUF here; use convert_hf_to_gguf.py")
    heads = int(config["num_attention_heads"])
    return Shape(_ARCHITECTURES[kind], heads, int(config.get("num_key_value_heads") or heads), config)


def _rope(config: dict[str, Any]) -> dict[str, Any]:
    found = config.get("rope_parameters") or config.get("rope_scaling") or {}
    return {"rope_theta": config.get("rope_theta", 10000.0), **found}


def _add_shape(writer: "GGUFWriter", shape: Shape) -> None:
    config = shape.config
    head = int(config.get("head_dim") or config["hidden_size"] // shape.heads)
    writer.add_block_count(int(config["num_hidden_layers"]))
    writer.add_context_length(int(config["max_position_embeddings"]))
    writer.add_embedding_length(int(config["hidden_size"]))
    writer.add_feed_forward_length(int(config["intermediate_size"]))
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_key_length(head)
    writer.add_value_length(head)
    writer.add_rope_dimension_count(head)
    writer.add_rope_freq_base(float(_rope(config)["rope_theta"]))
    writer.add_layer_norm_rms_eps(float(config["rms_norm_eps"]))
    writer.add_vocab_size(int(config["vocab_size"]))


def _add_tokenizer(writer: "GGUFWriter", tokenizer: Any, size: int) -> None:
    from classwright.distill.pretokenizer import gguf_name

    described = json.loads(tokenizer.backend_tokenizer.to_str())
    model = described["model"]
    if model["type"] != "BPE":
        raise InputError(f"a {model['type']} tokenizer cannot be written as GGUF here; use convert_hf_to_gguf.py")
    added = {token["id"]: token for token in described["added_tokens"]}
    names = {index: token for token, index in tokenizer.get_vocab().items()}
    tokens = [names.get(i, f"[PAD{i}]") for i in range(size)]

    def kind(i: int) -> int:
        if i in added:
            return _CONTROL if added[i]["special"] else _USER_DEFINED
        return _NORMAL if i in names else _UNUSED

    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(gguf_name(tokenizer))
    writer.add_token_list(tokens)
    writer.add_token_types([kind(i) for i in range(size)])
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]])
    for name, add in (
        ("bos_token_id", writer.add_bos_token_id),
        ("eos_token_id", writer.add_eos_token_id),
        ("unk_token_id", writer.add_unk_token_id),
        ("pad_token_id", writer.add_pad_token_id),
    ):
        if (token := getattr(tokenizer, name)) is not None:
            add(token)
    # The chat template says where the beginning of the text stands, if anywhere: the tokenizer adds nothing.
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(tokenizer.chat_template)


def _tensors(folder: Path, shape: Shape) -> Iterator[tuple[str, "np.ndarray"]]:
    """GGUF name and float32 values of each tensor of a model directory, one file of weights open at a time."""
    from safetensors import safe_open

    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise InputError(f"{folder}: holds no .safetensors")
    for file in files:
        with safe_open(file, framework="pt") as weights:
            for key in weights.keys():  # noqa: SIM118 - it is no mapping
                module, _, end = key.rpartition(".")
                if key == "lm_head.weight" and shape.config.get("tie_word_embeddings"):
                    continue
                name = f"{_gguf_name(module, folder)}.{end}"
                yield name, _ordered(weights.get_tensor(key).float().numpy(), module, shape)


def _gguf_name(module: str, source: Path) -> str:
    if module in _WHOLE:
        return _WHOLE[module]
    layer, _, part = module.removeprefix("model.layers.").partition(".")
    if not module.startswith("model.layers.") or part not in _LAYER:
        raise InputError(f"{source}: the weights of {module} have no place in a GGUF file here")
    return f"blk.{layer}.{_LAYER[part]}"


def _ordered(array: "np.ndarray", module: str, shape: Shape) -> "np.ndarray":
    """The rows of q and k as llama.cpp has them."""
    heads = {"q_proj": shape.heads, "k_proj": shape.kv_heads}.get(module.rpartition(".")[2])
    if heads is None or shape.architecture != "llama":
        return array
    halves = array.reshape(heads, 2, array.shape[0] // heads // 2, *array.shape[1:])
    return halves.swapaxes(1, 2).reshape(array.shape)


def _write(out: Path, architecture: str, fill: Any) -> Path:
    """Let `fill` write into a temporary file beside `out` and put it there when it is whole."""
    from gguf import GGUFWriter

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".gguf-", dir=out.parent) as folder:
            file = Path(folder) / out.name
            writer = GGUFWriter(file, architecture)
            fill(writer)
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_tensors_to_file()
            writer.close()
            os.replace(file, out)
    except OSError as error:
        raise ClasswrightError(f"{out}: cannot be written: {error.strerror or error}") from error
    return out

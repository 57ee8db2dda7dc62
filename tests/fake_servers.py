"""What tests of `classwright serve` share: vLLM's environment with a fake in it, models and adapters that are shapes."""

import hashlib
import json
import os
import struct
import sys
from pathlib import Path

from classwright.models import serve_install

LAYERS, HIDDEN, VOCABULARY = 2, 16, 40
CONFIG = {
    "num_hidden_layers": LAYERS, "num_attention_heads": 4, "num_key_value_heads": 2, "hidden_size": HIDDEN,
    "max_position_embeddings": 512,
}  # fmt: skip


def install_fake() -> None:
    """Put an environment into the cache whose interpreter runs fake_vllm.py."""
    folder = serve_install.folder()
    python = folder / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("fake_vllm.py")}" "$@"\n')
    python.chmod(0o755)
    digest = hashlib.sha256(serve_install.requirements("cpu").read_bytes()).hexdigest()
    record = {"build": "cpu", "version": "0", "python": str(python), "requirements": digest}
    (folder / "installed.json").write_text(json.dumps(record))


def write_shapes(path: Path, shapes: dict[str, list[int]], kind: str = "F32") -> None:
    """A safetensors file without its weights: nothing here reads more than the header."""
    header = {name: {"dtype": kind, "shape": shape, "data_offsets": [0, 0]} for name, shape in shapes.items()}
    raw = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(raw)) + raw)


def model(folder: Path, hidden: int = HIDDEN) -> Path:
    """A model directory."""
    layers = {
        f"model.layers.{n}.self_attn.{side}_proj.weight": [hidden, hidden] for n in range(LAYERS) for side in "qv"
    }
    write_shapes(folder / "model.safetensors", {"model.embed_tokens.weight": [VOCABULARY, hidden], **layers})
    (folder / "config.json").write_text(json.dumps(CONFIG | {"hidden_size": hidden}))
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    return folder


def adapter(folder: Path, hidden: int = HIDDEN, rank: int = 4, **config: object) -> Path:
    """A LoRA adapter of such a model."""
    shapes = {}
    for n in range(LAYERS):
        module = f"base_model.model.model.layers.{n}.self_attn.q_proj"
        shapes |= {f"{module}.lora_A.weight": [rank, hidden], f"{module}.lora_B.weight": [hidden, rank]}
    write_shapes(folder / "adapter_model.safetensors", shapes)
    written = {"peft_type": "LORA", "r": rank, "base_model_name_or_path": "other/base"} | config
    (folder / "adapter_config.json").write_text(json.dumps(written))
    return folder


def lives(pid: int) -> bool:
    """Whether a process has not ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"

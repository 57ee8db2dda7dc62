"""A tiny randomly initialized Llama with a byte-level tokenizer, and a dataset it can learn: stands for a real base."""

import random
from pathlib import Path

from classwright.distill.rows import ExamItem, Message, Row, write_exam, write_rows

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + "
    "'\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def tiny_base(folder: Path, *, template: str | None = CHATML, seed: int = 0, vocabulary: int | None = None) -> Path:
    """Write a model of 2 layers, hidden size 32, whose tokens are characters and a few merges."""
    import torch
    from tokenizers import Tokenizer, decoders, models
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    from classwright.distill.pretokenizer import pre_tokenizer

    alphabet = [*map(chr, range(33, 127)), "Ġ", "Ċ"]  # ASCII only: no reply ends within a character
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    vocab = {token: i for i, token in enumerate([*special, *alphabet, "AN", "SW", "ANSW", "ER", "ANSWER", "Ġ+"])}
    merges = [("A", "N"), ("S", "W"), ("AN", "SW"), ("E", "R"), ("ANSW", "ER"), ("Ġ", "+")]
    raw = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    raw.pre_tokenizer = pre_tokenizer("smollm")
    raw.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, bos_token="<|im_start|>", eos_token="<|im_end|>", pad_token="<|im_end|>",
        unk_token="<|endoftext|>", clean_up_tokenization_spaces=False,
    )  # fmt: skip
    tokenizer.add_special_tokens({"additional_special_tokens": special})
    tokenizer.chat_template = template
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=vocabulary or len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=512, tie_word_embeddings=True,
        bos_token_id=1, eos_token_id=2, pad_token_id=2, initializer_range=0.2,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def add_row(a: int, b: int, **changes: object) -> Row:
    """One supervised row."""
    said = (Message(role="user", content=f"{a} + {b}"), Message(role="assistant", content=f"ANSWER: {a + b}"))
    return Row.model_validate({"id": f"r{a}-{b}", "messages": said, "skill": "add", "family": f"f{a}"} | changes)


def add_item(a: int, b: int, kind: str = "held_out") -> ExamItem:
    """One exam item."""
    asked = (Message(role="user", content=f"{a} + {b}"),)
    return ExamItem(id=f"x{a}-{b}", messages=asked, answer=str(a + b), skill="add", kind=kind)


def tiny_data(folder: Path, rows: list[Row] | None = None, *, exam: bool = True) -> Path:
    """Write a dataset directory: one-digit sums, with an exam of the same kind."""
    pairs = [(a, b) for a in range(1, 8) for b in range(1, 4)]
    random.Random(1).shuffle(pairs)
    write_rows(folder / "train.jsonl", rows or [add_row(a, b) for a, b in pairs[:16]])
    write_rows(folder / "held_out.jsonl", [add_row(a, b) for a, b in pairs[16:]])
    if exam:
        write_exam(folder / "exam.jsonl", [add_item(a, b) for a, b in pairs[16:]] + [add_item(8, 1, "longer")])
    return folder

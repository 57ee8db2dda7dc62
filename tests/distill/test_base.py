import json
import shutil

import pytest

from classwright.distill.base import (
    check_fit,
    copy_tokenizer,
    gguf_to_hf,
    has_template,
    load_model,
    load_tokenizer,
    trainable,
)
from classwright.distill.convert import hf_to_gguf
from classwright.distill.pretokenizer import gguf_name, known, pre_tokenizer
from classwright.errors import InputError
from classwright.models.weights import cache_folder
from tests.distill.tiny_base import tiny_base

pytestmark = pytest.mark.filterwarnings("ignore")


def test_a_gguf_becomes_a_directory_once_with_the_same_weights_and_words(base, tmp_path):
    gguf = hf_to_gguf(base, tmp_path / "Tiny-1.gguf", "f32")
    folder = trainable(str(gguf))
    assert folder.parent == cache_folder() / "trainable"
    assert folder.name.startswith("Tiny-1-")
    mine, back = load_model(base), load_model(folder)
    assert mine.state_dict().keys() == back.state_dict().keys()
    for name, values in mine.state_dict().items():
        assert (back.state_dict()[name] == values).all(), name
    old, new = load_tokenizer(base), load_tokenizer(folder)
    text = "Add 12345 and 6.78 +\nANSWER: 7"
    assert new(text)["input_ids"] == old(text)["input_ids"]
    assert new.chat_template == old.chat_template
    assert (new.eos_token, new.pad_token) == ("<|im_end|>", "<|im_end|>")

    written = (folder / "model.safetensors").stat().st_mtime_ns
    assert trainable(str(gguf)) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == written, "it is converted once"


def test_digits_are_cut_one_by_one_as_in_training(base, tmp_path):
    """Transformers takes GPT-2's way for every GGUF, which keeps numbers together before the merges."""
    folder = tmp_path / "hf"
    gguf_to_hf(hf_to_gguf(base, tmp_path / "t.gguf"), folder)
    pieces = load_tokenizer(folder).backend_tokenizer.pre_tokenizer.pre_tokenize_str("a 123")
    assert [piece for piece, _ in pieces] == ["a", "Ġ", "1", "2", "3"]


@pytest.mark.parametrize("name", known())
def test_the_gguf_name_of_a_pre_tokenizer_is_found_again(base, name):
    tokenizer = load_tokenizer(base)
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizer(name)
    assert gguf_name(tokenizer) == name


def test_what_is_no_base_is_one_line(base, tmp_path):
    for wrong, words in (
        ("nothere.gguf", "no such file or directory"),
        ("./nothere", "no such file or directory"),
        (str(tmp_path), "holds no config.json"),
    ):
        with pytest.raises(InputError, match=words):
            trainable(wrong)
    (tmp_path / "text.gguf").write_text("hello")
    with pytest.raises(InputError, match="not a GGUF file"):
        trainable(str(tmp_path / "text.gguf"))


def test_a_base_without_a_chat_template_is_refused_with_the_fix(base, tmp_path):
    bare = shutil.copytree(base, tmp_path / "bare")
    (bare / "chat_template.jinja").unlink()
    config = json.loads((bare / "tokenizer_config.json").read_text())
    assert "chat_template" not in config
    assert not has_template(bare)
    with pytest.raises(
        InputError, match=r"bare: has no chat template.* instruct model, or put its chat_template.jinja"
    ):
        trainable(str(bare))
    with pytest.raises(InputError, match="has no chat template"):
        load_tokenizer(bare)


def test_a_trained_directory_stands_for_its_student(base, tmp_path):
    shutil.copytree(base, tmp_path / "run" / "merged")
    assert trainable(str(tmp_path / "run")) == tmp_path / "run" / "merged"


def test_a_tokenizer_of_another_model_is_named(base, tmp_path):
    small = tiny_base(tmp_path / "small", vocabulary=90)
    with pytest.raises(InputError, match="mixed tokenizers: the tokenizer has 105 tokens, the model embeds 90"):
        check_fit(load_tokenizer(small), load_model(small), small)
    check_fit(load_tokenizer(base), load_model(base), base)


def test_a_tokenizer_is_copied_to_the_byte(base, tmp_path):
    copy_tokenizer(base, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"tokenizer.json", "tokenizer_config.json", "chat_template.jinja"}
    assert (tmp_path / "tokenizer.json").read_bytes() == (base / "tokenizer.json").read_bytes()

import json
import shutil

import pytest

from classwright.distill.base import load_model, load_tokenizer, trainable
from classwright.distill.convert import adapter_to_gguf, hf_to_gguf
from classwright.distill.examine import generate, prompt_ids
from classwright.errors import InputError
from classwright.models.roles import open_models
from classwright.runs.journal import Key
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe
from tests.distill.tiny_base import add_item

pytestmark = pytest.mark.filterwarnings("ignore")
ITEMS = [add_item(a, b) for a in (1, 2, 7) for b in (3, 40, 567)]


@pytest.fixture(scope="module")
def adapter(base, tmp_path_factory):
    """A random adapter on all linear layers, strong enough to change what is said."""
    import torch
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(5)
    config = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM")
    model = get_peft_model(load_model(base), config)
    with torch.no_grad():
        for name, values in model.named_parameters():
            if "lora_" in name:
                values.normal_(0, 0.2)
    folder = tmp_path_factory.mktemp("adapter")
    model.save_pretrained(folder)
    return folder


def replies(folder, items, tokens, adapter=None):
    from peft import PeftModel

    model = load_model(folder)
    if adapter:
        model = PeftModel.from_pretrained(model, str(adapter)).eval()
    tokenizer = load_tokenizer(folder)
    return generate([prompt_ids(item, tokenizer) for item in items], model, tokenizer, max_tokens=tokens)


async def runtime_replies(spec, items, tokens):
    async with open_models(Recipe(models=ModelSpecs(student=spec))) as models:
        said = []
        for n, item in enumerate(items):
            messages = [m.model_dump() for m in item.messages]
            key = Key("test", "student", "ask", n)
            reply = await models.chat("student").text(messages, key=key, max_tokens=tokens, temperature=0)
            said.append(reply.text.strip())
        return said


def equal(these, those):
    """How many are equal. A model of random weights nearly ties often, and llama.cpp's cache of keys is float16; with
    one transposed or unpermuted matrix none is."""
    return sum(a == b for a, b in zip(these, those, strict=True))


async def test_the_runtime_says_what_the_directory_says(base, tmp_path):
    gguf = hf_to_gguf(base, tmp_path / "tiny.gguf", "f32")
    wanted = replies(base, ITEMS, 12)
    assert len(set(wanted)) > 1
    assert equal(await runtime_replies(ModelSpec(gguf=gguf), ITEMS, 12), wanted) >= 7


async def test_the_runtime_says_the_same_with_an_adapter_beside_the_base(base, adapter, tmp_path):
    gguf = hf_to_gguf(base, tmp_path / "tiny.gguf", "f32")
    beside = adapter_to_gguf(adapter, base, tmp_path / "adapter.gguf")
    wanted = replies(base, ITEMS, 12, adapter)
    assert wanted != replies(base, ITEMS, 12), "the adapter changes what is said"
    assert equal(await runtime_replies(ModelSpec(gguf=gguf, adapter=beside), ITEMS, 12), wanted) >= 7


def test_eight_bits_round_to_within_half_a_step(base, tmp_path):
    from gguf import GGUFReader, dequantize

    exact, rounded = (
        {t.name: dequantize(t.data, t.tensor_type) for t in GGUFReader(hf_to_gguf(base, tmp_path / q, q)).tensors}
        for q in ("f32", "q8_0")
    )
    assert exact.keys() == rounded.keys()
    for name, values in exact.items():
        if values.ndim == 1:
            assert (rounded[name] == values).all()
        else:
            blocks = values.reshape(-1, 32)
            step = abs(blocks).max(axis=1, keepdims=True) / 127
            error = abs(rounded[name].reshape(-1, 32) - blocks)
            assert (error <= step * 0.5 + abs(blocks).max() * 1e-3).all(), name


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model_type": "mamba"}, "model type 'mamba' cannot be written as GGUF"),
        ({"rope_parameters": {"rope_type": "llama3", "rope_theta": 1.0}}, "scaled rotary embeddings"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is_left(base, tmp_path, change, words):
    other = shutil.copytree(base, tmp_path / "other")
    config = json.loads((other / "config.json").read_text()) | change
    (other / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match=words):
        hf_to_gguf(other, tmp_path / "out" / "x.gguf")
    assert not (tmp_path / "out").exists()


def test_an_adapter_that_changes_more_than_layers_is_refused(base, adapter, tmp_path):
    other = shutil.copytree(adapter, tmp_path / "other")
    config = json.loads((other / "adapter_config.json").read_text()) | {"modules_to_save": ["lm_head"]}
    (other / "adapter_config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match="no adapter with modules_to_save; use the merged model"):
        adapter_to_gguf(other, base, tmp_path / "x.gguf")


def test_an_interrupted_export_leaves_the_old_file(base, tmp_path, monkeypatch):
    gguf = hf_to_gguf(base, tmp_path / "tiny.gguf")
    before = gguf.read_bytes()

    def broken(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("classwright.distill.convert._tensors", broken)
    with pytest.raises(KeyboardInterrupt):
        hf_to_gguf(base, gguf, "f16")
    assert gguf.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["tiny.gguf"]


@pytest.mark.integration
async def test_fifty_prompts_are_answered_as_by_the_directory_for_the_real_model(tmp_path):
    base = trainable("smollm2")
    gguf = hf_to_gguf(base, tmp_path / "back.gguf", "f16")
    items = [add_item(a, b) for a in range(10, 20) for b in (3, 14, 25, 36, 47)]
    wanted = replies(base, items, 12)
    found = await runtime_replies(ModelSpec(gguf=gguf), items, 12)
    assert equal(found, wanted) >= 49, "word for word; float16 keys may turn one near tie (Q8_0 turned 13)"
    assert equal([text[:8] for text in found], [text[:8] for text in wanted]) == 50

"""Loss masks: exactly the trained words and their stop token, in the base's own rendering."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.distill.chat_template import generation_template, renders_alike
from classwright.distill.masks import encode, encode_pair, marked, preflight, render_chat
from classwright.distill.rows import Message, PreferenceRow, Row
from classwright.errors import InputError

SMOLLM2 = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\n"
    "You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
LLAMA = (
    "{{ bos_token }}{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n\n' + message['content'] | trim"
    " + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n\n' }}{% endif %}"
)
CONVERSATION = (("user", "Hi"), ("assistant", "What do you see?"), ("user", "It is odd"), ("assistant", "Good. Why?"))


def tokenizer_with(template: str | None, eos: str = "<|im_end|>") -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    signs = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("a", "n"), ("an", "d"), ("Ġ", "t"), ("h", "a")]
    vocabulary = {sign: n for n, sign in enumerate([*signs, *("".join(m) for m in merges)])}
    inner = Tokenizer(models.BPE(vocabulary, merges))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner)
    tokenizer.add_special_tokens(
        {"bos_token": "<s>", "eos_token": eos, "additional_special_tokens": ["<|im_start|>", "<|im_end|>"]}
    )
    tokenizer.chat_template = template
    return tokenizer


TOKENIZER = tokenizer_with(SMOLLM2)


def row(*said: tuple[str, str], **more) -> Row:
    messages = tuple(Message.model_validate({"role": role, "content": text}) for role, text in said)
    return Row(id="r", messages=messages, **more)


@pytest.mark.parametrize("template", [SMOLLM2, LLAMA])
def test_the_trained_words_and_the_stop_token_get_loss_and_nothing_else(template):
    tokenizer = tokenizer_with(template)
    r = row(*CONVERSATION)
    chat = encode(r, tokenizer)
    assert tokenizer.decode(chat.ids) == render_chat(r.messages, tokenizer)
    trained = tokenizer.decode([t for t, on in zip(chat.ids, chat.mask, strict=True) if on])
    assert trained == "What do you see?<|im_end|>Good. Why?<|im_end|>"


def test_a_flag_per_turn():
    chat = encode(row(*CONVERSATION, trained=(3,)), TOKENIZER)
    assert marked(chat, TOKENIZER) == (
        "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n"
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nWhat do you see?<|im_end|>\n"
        "<|im_start|>user\nIt is odd<|im_end|>\n<|im_start|>assistant\n⟦Good. Why?<|im_end|>⟧\n"
    )


words = st.text(st.characters(codec="utf-8", exclude_characters="<>|\r"), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(words, words), min_size=1, max_size=3), st.one_of(st.none(), words))
def test_what_is_trained_is_what_the_model_is_to_say_after_the_prompt(turns, system):
    said = [("system", system)] if system else []
    for user, assistant in turns:
        said += [("user", user), ("assistant", assistant)]
    r = row(*said)
    chat = encode(r, TOKENIZER)
    assert chat.ids == TOKENIZER(render_chat(r.messages, TOKENIZER), add_special_tokens=False)["input_ids"]
    # The prompt's tokens at run time are the ones before the last reply in training.
    prompt = TOKENIZER(render_chat(r.messages[:-1], TOKENIZER, reply=True), add_special_tokens=False)["input_ids"]
    assert chat.ids[: len(prompt)] == prompt
    reply = [t for t, on in zip(chat.ids[len(prompt) :], chat.mask[len(prompt) :], strict=True) if on]
    assert TOKENIZER.decode(reply, clean_up_tokenization_spaces=False) == f"{turns[-1][1]}<|im_end|>"


def test_the_template_with_assistant_masks_renders_alike_and_masks_alike():
    template = generation_template(TOKENIZER)
    assert template != SMOLLM2
    assert renders_alike(TOKENIZER, SMOLLM2, template)
    r = row(*CONVERSATION)
    found = TOKENIZER.apply_chat_template(
        [m.model_dump() for m in r.messages], chat_template=template, tokenize=True, return_dict=True,
        return_assistant_tokens_mask=True,
    )  # fmt: skip
    chat = encode(r, TOKENIZER)
    assert found["input_ids"] == chat.ids
    assert [bool(m) for m in found["assistant_masks"]] == chat.mask
    marked_already = tokenizer_with(template)
    assert generation_template(marked_already) == template
    llama = tokenizer_with(LLAMA)
    assert renders_alike(llama, LLAMA, generation_template(llama))
    assert not renders_alike(TOKENIZER, SMOLLM2, SMOLLM2.replace("'\n'}}{% endfor", "' '}}{% endfor"))


def test_a_template_that_cannot_be_marked_is_refused():
    odd = tokenizer_with("{% for m in messages %}[{{ m.role }}]{{ m.content }}<|im_end|>{% endfor %}")
    with pytest.raises(InputError, match="no chat template with assistant masks"):
        generation_template(odd)
    with pytest.raises(InputError, match="no chat template"):
        generation_template(tokenizer_with(None))


def test_preflight_shows_one_row_and_counts_all():
    rows = [row(*CONVERSATION[:2]), row(*CONVERSATION).model_copy(update={"id": "s"})]
    found = preflight(rows, TOKENIZER)
    assert "⟦What do you see?<|im_end|>⟧" in found.sample
    assert (found.rows, found.longest) == (2, len(encode(rows[1], TOKENIZER).ids))
    assert found.trained == sum(sum(encode(r, TOKENIZER).mask) for r in rows)
    pair = PreferenceRow(id="p", prompt=(Message(role="user", content="Hi"),), chosen="Why?", rejected="It is 7.")
    shown = preflight([pair], TOKENIZER).sample
    assert "⟦Why?<|im_end|>⟧" in shown
    assert "⟦It is 7.<|im_end|>⟧" in shown
    assert [sum(e.mask) for e in encode_pair(pair, TOKENIZER)] == [5, 9]


@pytest.mark.parametrize(
    ("tokenizer", "said", "why"),
    [
        (tokenizer_with(SMOLLM2, eos="</s>"), CONVERSATION, r"message 1 has no stop token \('</s>'\)"),
        (tokenizer_with(SMOLLM2.replace(" + '<|im_end|>'", "")), CONVERSATION, "has no stop token"),
        (TOKENIZER, (("user", "Hi"), ("assistant", "")), "message 1 has no token to train"),
        (tokenizer_with(None), CONVERSATION, "has no chat template"),
        (tokenizer_with("{{ raise_exception('no system role') }}"), CONVERSATION, "refuses a chat: no system role"),
        (
            tokenizer_with(SMOLLM2.replace("message['content'] +", "(message['content'] if loop.last else '-') +")),
            CONVERSATION, "differently once the chat goes on",
        ),
        (
            tokenizer_with("{% for m in messages %}{{ m.role }}:h{{ m.content }}<|im_end|>{% endfor %}"
                           "{% if add_generation_prompt %}assistant:h{% endif %}"),
            (("user", "Hi"), ("assistant", "ave")), "joins the prompt and message 1 into one token",
        ),
    ],
)  # fmt: skip
def test_preflight_refuses_what_would_teach_nothing_or_never_stop(tokenizer, said, why):
    with pytest.raises(InputError, match=why):
        preflight([row(*said)], tokenizer)


def test_preflight_refuses_rows_that_would_be_cut_and_no_rows():
    with pytest.raises(InputError, match=r"row r: has \d+ tokens, more than --max-length 20"):
        preflight([row(*CONVERSATION)], TOKENIZER, max_length=20)
    with pytest.raises(InputError, match="no rows to train on"):
        preflight([], TOKENIZER)

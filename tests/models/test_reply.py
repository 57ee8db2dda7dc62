import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.errors import OutputError
from classwright.models.reply import error_message, read_reply, split_reasoning, token_logprobs
from classwright.models.scripted import Say, completion


def raw(**fields):
    return completion(Say(**fields), "m", {"messages": [{"content": "one two three"}]})


def test_a_reply_with_all_its_parts():
    reply = read_reply(raw(text=" hello ", reasoning="I greet."), latency_s=0.5, cached=False)
    assert reply == ("hello", "I greet.", "stop", 3, 3, 0.5, "m", False)


@pytest.mark.parametrize(
    ("content", "text", "reasoning"),
    [
        ("plain", "plain", ""),
        ("<think>why\nso</think>\n\nanswer", "answer", "why\nso"),
        ("  <thinking>why</thinking>answer", "answer", "why"),
        ("why</think>answer", "answer", "why"),
        ("<think>never closed", "", "never closed"),
        ("<think></think>answer", "answer", ""),
        ("use the tag <think> in HTML", "use the tag <think> in HTML", ""),
        ("", "", ""),
    ],
)
def test_reasoning_is_kept_apart_from_text(content, text, reasoning):
    assert split_reasoning(content) == (text, reasoning)


@given(st.text())
def test_text_without_the_tags_is_never_touched(content):
    if "think" not in content:
        assert split_reasoning(content) == (content.strip(), "")


def test_both_names_of_the_reasoning_field_are_read():
    for name in ("reasoning", "reasoning_content"):
        data = raw(text="hi")
        data["choices"][0]["message"][name] = "hm"
        assert read_reply(data, latency_s=0, cached=True)[:2] == ("hi", "hm")


def test_missing_usage_and_null_content_are_no_error():
    data = raw(text="x", finish_reason="length")
    del data["usage"]
    data["choices"][0]["message"]["content"] = None
    reply = read_reply(data, latency_s=0, cached=False)
    assert (reply.text, reply.finish_reason, reply.prompt_tokens, reply.completion_tokens) == ("", "length", 0, 0)


def test_logprobs_are_those_of_the_first_token():
    assert token_logprobs(raw(text="A", logprobs={"A": -0.1, " B": -2.5})) == {"A": -0.1, " B": -2.5}
    with pytest.raises(OutputError, match="returns no log-probabilities"):
        token_logprobs(raw(text="A"))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "too\nlong"}}, "too long"),
        ({"error": "plain"}, "plain"),
        ({"detail": "not found"}, "not found"),
        ({"message": "vllm"}, "vllm"),
        ("text", "text"),
        ("x" * 400, "x" * 297 + "..."),
    ],
)
def test_error_bodies_are_read_in_their_several_forms(body, message):
    assert error_message(body) == message

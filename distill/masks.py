"""Which tokens of a chat get loss: those of the trained assistant messages, up to and with the stop token.

A row is rendered by the base's own chat template, so its text is what the model meets at run time, to the byte. Where a
message begins and ends is found by rendering the chat up to it: with the prompt for a reply it ends where the reply
begins, and with the reply it ends where that ends. So no template has to be rewritten, and each turn has a flag of its
own. What a template writes after the stop token (ChatML's line break) gets no loss: no model is asked for it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from classwright.distill.rows import Message, PreferenceRow, Row
from classwright.errors import InputError

OPEN, CLOSE = "⟦", "⟧"
"""Stand around what is trained, in a sample for a person."""


class Encoded(NamedTuple):
    """A chat as tokens.

    Attributes:
        ids: Token ids, (n,).
        mask: Whether each token gets loss, (n,).
    """

    ids: list[int]
    mask: list[bool]


def encode(row: Row, tokenizer: Any, stops: Collection[int] = ()) -> Encoded:
    """A row as token ids with its loss mask. Nothing is cut: see `preflight` for rows that are too long.

    Args:
        row: The row.
        tokenizer: A fast tokenizer of transformers with a chat template.
        stops: Ids of the tokens at which generation stops; the tokenizer's `eos_token_id` where none is given.

    Raises:
        InputError: No chat template, or one that cannot be used; a trained message without a token to train or without
            a stop token.
    """
    return _encode(row.id, row.messages, row.trained, tokenizer, stops)


def encode_pair(row: PreferenceRow, tokenizer: Any, stops: Collection[int] = ()) -> tuple[Encoded, Encoded]:
    """The chosen and the rejected chat of a pair, both with the prompt; raises as `encode`."""
    last = len(row.prompt)
    chosen, rejected = (
        _encode(row.id, (*row.prompt, Message(role="assistant", content=text)), (last,), tokenizer, stops)
        for text in (row.chosen, row.rejected)
    )
    return chosen, rejected


class Preflight(NamedTuple):
    """What a look at all rows before a training found.

    Attributes:
        sample: One chat, decoded from its tokens; what is trained stands between `OPEN` and `CLOSE`.
        rows: How many rows there are.
        longest: Tokens of the longest chat.
        trained, tokens: Tokens with loss, and all.
    """

    sample: str
    rows: int
    longest: int
    trained: int
    tokens: int


def preflight(
    rows: Iterable[Row | PreferenceRow], tokenizer: Any, *, max_length: int | None = None, stops: Collection[int] = ()
) -> Preflight:
    """Encode every row and show the first.

    Args:
        rows: What is to be trained on.
        tokenizer: Of the base.
        max_length: Most tokens of a chat; None for no limit.
        stops: As in `encode`.

    Raises:
        InputError: As `encode` for any row; no rows; or chats that are longer than `max_length`, which would lose their
            stop token.
    """
    sample, count, longest, trained, tokens = "", 0, 0, 0, 0
    for row in rows:
        chats = [encode(row, tokenizer, stops)] if isinstance(row, Row) else encode_pair(row, tokenizer, stops)
        sample = sample or "\n\nrejected:\n".join(marked(chat, tokenizer) for chat in chats)
        count += 1
        longest = max(longest, *(len(chat.ids) for chat in chats))
        trained += sum(sum(chat.mask) for chat in chats)
        tokens += sum(len(chat.ids) for chat in chats)
        if max_length is not None and longest > max_length:
            raise InputError(
                f"row {row.id}: has {longest} tokens, more than --max-length {max_length}, and would lose its stop "
                "token; raise the limit, or leave the row out"
            )
    if not count:
        raise InputError("no rows to train on")
    return Preflight(sample, count, longest, trained, tokens)


def marked(chat: Encoded, tokenizer: Any) -> str:
    """A chat decoded from its tokens, with what is trained between `OPEN` and `CLOSE`."""
    pieces: list[str] = []
    start = 0
    for end in range(1, len(chat.ids) + 1):
        if end == len(chat.ids) or chat.mask[end] != chat.mask[start]:
            text = tokenizer.decode(chat.ids[start:end], skip_special_tokens=False, clean_up_tokenization_spaces=False)
            pieces.append(f"{OPEN}{text}{CLOSE}" if chat.mask[start] else text)
            start = end
    return "".join(pieces)


def render_chat(messages: Sequence[Message], tokenizer: Any, *, reply: bool = False) -> str:
    """A chat in the base's own template.

    Args:
        messages: The chat.
        tokenizer: Of the base.
        reply: Whether the beginning of a reply comes after it.

    Raises:
        InputError: The base has no chat template, or its template refuses the chat.
    """
    from jinja2 import TemplateError

    if not tokenizer.chat_template:
        raise InputError(
            f"{tokenizer.name_or_path or 'the base'}: has no chat template, so nothing says where a reply begins and "
            "ends; take an instruct model"
        )
    chat = [m.model_dump() for m in messages]
    try:
        return tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=reply)
    except (TemplateError, ValueError) as error:
        raise InputError(f"the chat template of {tokenizer.name_or_path} refuses a chat: {error}") from error


def _encode(
    name: str, messages: Sequence[Message], trained: Sequence[int], tokenizer: Any, stops: Collection[int]
) -> Encoded:
    if not getattr(tokenizer, "is_fast", False):
        raise InputError(f"{tokenizer.name_or_path}: its tokenizer cannot say where tokens stand; it needs a fast one")
    text = render_chat(messages, tokenizer)
    tokens = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    ids, places = list(tokens["input_ids"]), tokens["offset_mapping"]
    ends = set(stops) or {tokenizer.eos_token_id}
    mask = [False] * len(ids)
    for i in trained:
        start, end = _span(name, messages, i, text, tokenizer)
        inside = [t for t, (a, b) in enumerate(places) if start <= a < end and a < b]
        if any(a < start < b for a, b in places):
            raise InputError(f"row {name}: the tokenizer joins the prompt and message {i} into one token")
        last = next((t for t in reversed(inside) if ids[t] in ends), None)
        if last is None:
            known = ", ".join(repr(tokenizer.decode([e])) for e in ends if e is not None) or "none"
            raise InputError(
                f"row {name}: message {i} has no stop token ({known}), so the model would never learn to stop; the "
                "tokenizer's eos_token must be what the chat template writes after a reply"
            )
        if last == inside[0]:
            raise InputError(f"row {name}: message {i} has no token to train beside the stop token")
        for t in range(inside[0], last + 1):
            mask[t] = True
    return Encoded(ids, mask)


def _span(name: str, messages: Sequence[Message], i: int, text: str, tokenizer: Any) -> tuple[int, int]:
    """Where message `i` stands in the rendered chat, with its stop token and what the template writes after it."""
    before = render_chat(messages[:i], tokenizer, reply=True)
    upto = render_chat(messages[: i + 1], tokenizer)
    if not (upto.startswith(before) and text.startswith(upto)):
        raise InputError(
            f"row {name}: the chat template writes message {i} differently once the chat goes on, so a reply in the "
            "middle of a chat is not what the model says at run time; make the data with --form prompt"
        )
    return len(before), len(upto)

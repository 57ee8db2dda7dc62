"""What a model says of a reply that stands there."""

from copy import copy

import numpy as np
import pytest

from classwright.distill.rows import Message
from classwright.distill.scored_tokens import log_probs, score_reply
from classwright.errors import InputError
from tests.distill.small_models import byte_tokenizer, small_model

PROMPT = (Message(role="user", content="hi"),)


def test_rows_are_distributions_of_what_comes_next():
    table = log_probs(small_model(), [1, 2, 3, 4])
    assert table.shape == (3, 256)
    assert np.exp(table).sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    # causal: what follows a token does not depend on later ones
    assert log_probs(small_model(), [1, 2, 9])[0] == pytest.approx(table[0], abs=1e-5)


def test_a_reply_is_scored_after_its_prompt():
    scored = score_reply(small_model(), byte_tokenizer(), PROMPT, "Hé.")
    assert scored.spans == ((0, 1), (1, 2), (1, 2), (2, 3))  # é is two bytes
    ids = byte_tokenizer()("user: hi\nassistant: Hé.")["input_ids"]
    table = log_probs(small_model(), ids)
    assert scored.log_probs == pytest.approx([table[i - 1, ids[i]] for i in range(len(ids) - 4, len(ids))])
    assert scored.mean == pytest.approx(sum(scored.log_probs) / 4)
    assert score_reply(small_model(), byte_tokenizer(), PROMPT, "").log_probs == ()


def test_a_model_in_training_stays_in_training():
    model = small_model().train()
    log_probs(model, [1, 2])
    assert model.training


def test_bad_input_is_named():
    with pytest.raises(InputError, match="outside the model's vocabulary of 256"):
        log_probs(small_model(), [1, 700])
    with pytest.raises(InputError, match="at least two"):
        log_probs(small_model(), [1])

    bare = copy(byte_tokenizer())
    bare.chat_template = None
    with pytest.raises(InputError, match="chat template"):
        score_reply(small_model(), bare, PROMPT, "x")

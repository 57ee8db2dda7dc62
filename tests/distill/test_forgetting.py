"""Perplexity before and after."""

from math import exp, log

import pytest

from classwright.distill.forgetting import TextLoss, forgetting, text_losses
from classwright.errors import InputError
from tests.distill.small_models import byte_tokenizer, small_model


def test_perplexity_is_pooled_over_tokens():
    before = [TextLoss(1, log(2)), TextLoss(3, 3 * log(4))]
    after = [TextLoss(1, log(4)), TextLoss(3, 3 * log(4))]
    f = forgetting(before, after, seed=0)
    assert f.before.mean == pytest.approx(exp((log(2) + 3 * log(4)) / 4))
    assert f.after.mean == pytest.approx(4)
    assert f.change.mean == pytest.approx(log(2) / 4)
    assert (f.change.low, f.change.items, f.change.values) == (0.0, 2, 4)


def test_other_texts_are_refused():
    with pytest.raises(ValueError, match="not the same"):
        forgetting([TextLoss(1, 1.0)], [TextLoss(2, 1.0)], seed=0)


def test_a_uniform_model_has_the_perplexity_of_its_vocabulary():
    import torch

    model = small_model()
    with torch.no_grad():
        model.lm_head.weight.zero_()
    losses = text_losses(model, byte_tokenizer(), ["The sun rises.", "Water boils."])
    assert [loss.tokens for loss in losses] == [13, 11]
    f = forgetting(losses, losses, seed=0)
    assert f.before.mean == pytest.approx(256, rel=1e-4)
    assert f.change.mean == 0
    assert text_losses(model, byte_tokenizer(), ["The sun rises."], longest=5)[0].tokens == 4
    with pytest.raises(InputError, match="too short"):
        text_losses(model, byte_tokenizer(), ["x"])
    with pytest.raises(InputError, match="no general text"):
        text_losses(model, byte_tokenizer(), [])

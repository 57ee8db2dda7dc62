"""The softened target, against the definition and by hand."""

import pytest

from classwright.distill.pskd import alpha, pskd_loss


def case():
    import torch

    torch.manual_seed(0)
    logits = torch.randn(2, 3, 5)
    past = torch.softmax(torch.randn(2, 3, 5), dim=-1)
    return logits, torch.tensor([[1, 2, -100], [0, -100, 4]]), past


def test_the_schedule_rises_to_its_last_share():
    assert [alpha(t, 4) for t in (1, 2, 3, 4)] == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert alpha(3, 3, 0.5) == 0.5
    for wrong in ((0, 4, 0.8), (5, 4, 0.8), (1, 4, 1.1)):
        with pytest.raises(ValueError, match="epoch"):
            alpha(*wrong)


def test_it_is_the_cross_entropy_against_the_mixed_target():
    import torch

    logits, labels, past = case()
    kept = labels != -100
    onehot = torch.nn.functional.one_hot(labels.clamp(min=0), 5).float()
    target = 0.7 * onehot + 0.3 * past
    by_definition = -(target * torch.log_softmax(logits, -1)).sum(-1)[kept].mean()
    assert float(pskd_loss(logits, labels, past, 0.3)) == pytest.approx(float(by_definition), rel=1e-6)


def test_without_a_share_it_is_the_usual_loss():
    import torch

    logits, labels, past = case()
    usual = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
    assert float(pskd_loss(logits, labels, past, 0.0)) == pytest.approx(float(usual), rel=1e-6)


def test_a_number_by_hand():
    import torch

    logits = torch.log(torch.tensor([[0.5, 0.25, 0.25]]))
    past = torch.tensor([[0.0, 1.0, 0.0]])
    # .5 * ln 2 for the label, .5 * ln 4 for the past
    assert float(pskd_loss(logits, torch.tensor([0]), past, 0.5)) == pytest.approx(1.5 * 0.6931472)


def test_the_gradient_vanishes_where_the_model_says_the_target():
    import torch

    past = torch.tensor([[0.2, 0.3, 0.5]])
    logits = torch.log(0.4 * torch.tensor([[1.0, 0.0, 0.0]]) + 0.6 * past).requires_grad_()
    past.requires_grad_()
    pskd_loss(logits, torch.tensor([0]), past, 0.6).backward()
    assert logits.grad is not None
    assert logits.grad.abs().max() < 1e-6
    assert past.grad is None


def test_micro_batches_sum_to_the_whole():
    logits, labels, past = case()
    whole = pskd_loss(logits, labels, past, 0.4)
    parts = [pskd_loss(logits[i : i + 1], labels[i : i + 1], past[i : i + 1], 0.4, num_items=4) for i in (0, 1)]
    assert float(sum(parts)) == pytest.approx(float(whole), rel=1e-6)


def test_nothing_to_learn_is_no_loss_and_shapes_must_fit():
    import torch

    logits, labels, past = case()
    assert float(pskd_loss(logits, torch.full_like(labels, -100), past, 0.4)) == 0
    with pytest.raises(ValueError, match="logits"):
        pskd_loss(logits, labels, past[:1], 0.4)

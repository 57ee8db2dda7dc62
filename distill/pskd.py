"""PS-KD: a model is its own teacher; what it said an epoch ago softens the target.

Kim et al. (2021, "Self-Knowledge Distillation with Progressive Refinement of Targets"), equations 3 to 5:

    target_t = (1 - a_t) onehot + a_t p_{t-1},   a_t = a_T t / T

where p_{t-1} are the model's own probabilities after the previous epoch, and a_T is 0.8 in the paper.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

LAST = 0.8
IGNORED = -100
"""Label of a token without loss, as in transformers."""


def alpha(epoch: int, epochs: int, last: float = LAST) -> float:
    """The share of the model's own past in the target of an epoch.

    Args:
        epoch: 1 .. epochs. As in the paper the first one has a share already; who has no past yet uses 0.
        epochs: All of them.
        last: Share in the last epoch, 0..1.

    Raises:
        ValueError: Something is out of range.
    """
    if not 1 <= epoch <= epochs or not 0 <= last <= 1:
        raise ValueError(f"epoch {epoch} of {epochs} with a last share of {last}")
    return last * epoch / epochs


def pskd_loss(
    logits: "torch.Tensor",
    labels: "torch.Tensor",
    past: "torch.Tensor",
    share: float,
    num_items: "torch.Tensor | int | None" = None,
    weights: "torch.Tensor | None" = None,
) -> "torch.Tensor":
    """Cross-entropy against the softened target.

    By linearity it is (1 - share) times the loss against the labels plus share times that against the past.

    Args:
        logits: Shape (..., vocabulary), already in line with the labels (shifted by one token).
        labels: Token ids of shape (...); -100 for no loss.
        past: The model's probabilities from the epoch before, of the shape of `logits`; no gradient goes through them.
        share: a_t, 0..1.
        num_items: What the sum is divided by: tokens with loss of the whole batch (with weights: the sum of those), so
            that the loss does not depend on the split into micro-batches; None for those here.
        weights: Of each token, of the shape of `labels`; None for 1.

    Returns:
        A scalar, nats per token; 0 where no token has loss.

    Raises:
        ValueError: Shapes do not fit.
    """
    import torch

    if past.shape != logits.shape or labels.shape != logits.shape[:-1]:
        raise ValueError(f"logits {tuple(logits.shape)}, past {tuple(past.shape)}, labels {tuple(labels.shape)}")
    kept = labels != IGNORED
    log_probs = torch.log_softmax(logits[kept].float(), dim=-1)
    hard = -log_probs.gather(-1, labels[kept].unsqueeze(-1)).squeeze(-1)
    soft = -(past[kept].detach().float() * log_probs).sum(-1)
    weight = torch.ones_like(hard) if weights is None else weights[kept]
    count = weight.sum().clamp(min=1 if weights is None else 1e-12) if num_items is None else num_items
    return (weight * ((1 - share) * hard + share * soft)).sum() / count

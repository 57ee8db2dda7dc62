"""Several perspectives on one prompt, weighted by what the student is ready to learn; inspired by MIND.

"MIND: From Passive Mimicry to Active Reasoning through Capability-Aware Multi-Perspective CoT Distillation" (2026)
gives a small student several teachers' views and weights them by its present ability with a trained network. This is a
simple stand-in for that network, our own: with l the student's mean log-likelihood of a perspective (nats per token)
and p = exp(l) its geometric-mean token probability,

    r = 4 p (1 - p)                       readiness: 0 for what it knows (p = 1) or cannot follow (p = 0), 1 at p = 1/2
    w_k = K r_k^(1/T) / sum_j r_j^(1/T)   weights of the K perspectives of a prompt; their mean is 1

T is a temperature: near 0 only the readiest counts, for a large one all count alike. Since the mean weight of every
prompt is 1, no prompt counts more than another.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import exp

from classwright.distill.rows import Message, Row


def readiness(log_likelihood: float) -> float:
    """How ready a student is to learn a text, 0..1.

    Args:
        log_likelihood: Its mean log-likelihood under the student, nats per token, at most 0.

    Raises:
        ValueError: it is above 0.
    """
    if log_likelihood > 1e-6:
        raise ValueError(f"a log-likelihood of {log_likelihood} is above 0")
    p = min(1.0, exp(log_likelihood))
    return 4 * p * (1 - p)


def weights(log_likelihoods: Sequence[float], temperature: float = 1.0) -> list[float]:
    """Weights of the perspectives of one prompt; all 1 where the student is ready for none.

    Args:
        log_likelihoods: One a perspective (see `readiness`).
        temperature: Above 0.

    Raises:
        ValueError: The temperature is not above 0.
    """
    if temperature <= 0:
        raise ValueError(f"temperature {temperature} must be above 0")
    ready = [readiness(x) for x in log_likelihoods]
    best = max(ready, default=0.0)
    if best == 0:
        return [1.0] * len(ready)
    powers = [(r / best) ** (1 / temperature) for r in ready]  # over the best: nothing underflows to a sum of 0
    return [len(powers) * p / sum(powers) for p in powers]


def weigh(rows: Sequence[Row], log_likelihood: Callable[[Row], float], temperature: float = 1.0) -> list[Row]:
    """Rows with their weights multiplied by those of their perspective; the order is kept.

    Args:
        rows: Perspectives of one prompt are rows that are alike up to their last message.
        log_likelihood: Of a row's last message under the student as it is now (`scored_tokens.score_reply(...).mean`).
        temperature: See `weights`.
    """
    prompts: dict[tuple[Message, ...], list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        prompts[row.messages[:-1]].append(n)
    made = list(rows)
    for places in prompts.values():
        for n, w in zip(places, weights([log_likelihood(rows[n]) for n in places], temperature), strict=True):
            made[n] = rows[n].model_copy(update={"weight": rows[n].weight * w})
    return made

"""Bridge's decisions: what the student's error is, what to do about it and to what end (Wang et al., NAACL 2024).

An expert, or a model, decides error, strategy and intention before wording a reply; decisions are compared with the
experts' labels. Labels in free text count as "other", as in the published evaluation.
"""

import re
from collections import Counter
from collections.abc import Sequence
from math import log2
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict

from classwright.classroom.agreement import macro_f1
from classwright.errors import InputError

Error = Literal["guess", "misinterpret", "careless", "right-idea", "imprecise", "diagnose", "other"]
Strategy = Literal[
    "explain_concept", "ask_question", "provide_hint", "provide_strategy", "provide_example", "provide_correction",
    "provide_similar_problem", "simplify_question", "affirm_correct_answer", "encourage_student", "other",
]  # fmt: skip
Intention = Literal[
    "motivate_student", "elaborate_answer", "correct_mistake", "hint_mistake", "clarify_misunderstanding",
    "understand_topic", "diagnose_mistake", "support_thinking", "explain_mistake", "signal_goal", "other",
]  # fmt: skip
ERRORS: tuple[Error, ...] = get_args(Error)
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
INTENTIONS: tuple[Intention, ...] = get_args(Intention)


class Decision(BaseModel):
    """What a tutor decided before a reply.

    Attributes:
        error: What is behind the student's answer; "diagnose" means it has to be found out first.
        strategy: What to do.
        intention: What for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    error: Error
    strategy: Strategy
    intention: Intention


LABELS: dict[str, tuple[str, ...]] = {"error": ERRORS, "strategy": STRATEGIES, "intention": INTENTIONS}
"""Part of a decision -> its labels."""


class PartScore(BaseModel):
    """How well one part of the decisions agrees with the labels.

    Attributes:
        accuracy: Share that is the same label, 0..1.
        macro_f1: Mean F1 over the labels that the experts used, 0..1.
        entropy: Entropy of the decided labels in bits; 0 for a decision that never changes.
        expert_entropy: That of the experts' labels.
        majority: Accuracy of always deciding the commonest label of the baseline (or of these experts' labels).
        counts: Label -> how often it was decided.
    """

    accuracy: float
    macro_f1: float
    entropy: float
    expert_entropy: float
    majority: float
    counts: dict[str, int]


def normalized(label: str, part: str) -> str:
    """A label of the given part ("error", "strategy", "intention"); whatever is none of them is "other"."""
    label = re.sub(r"\s+", " ", label).strip().lower()
    known = LABELS[part]
    for spelled in (label, label.replace(" ", "_"), label.replace("_", "-").replace(" ", "-")):
        if spelled in known:
            return spelled
    return "other"


def score_decisions(
    decided: Sequence[Decision], experts: Sequence[Decision], baseline: Sequence[Decision] = ()
) -> dict[str, PartScore]:
    """Compare decisions with the experts', part by part.

    Args:
        decided: The decisions.
        experts: The experts' on the same conversations, in the same order.
        baseline: Decisions whose commonest label is the majority baseline; the experts' own if none are given.

    Raises:
        ValueError: no decisions, or lists of different length.
    """
    if not experts or len(decided) != len(experts):
        raise ValueError(f"{len(decided)} decisions and {len(experts)} of experts")
    return {part: _score(part, decided, experts, baseline or experts) for part in LABELS}


def _score(
    part: str, decided: Sequence[Decision], experts: Sequence[Decision], baseline: Sequence[Decision]
) -> PartScore:
    mine, theirs, before = ([getattr(d, part) for d in which] for which in (decided, experts, baseline))
    commonest = _commonest(before)
    return PartScore(
        accuracy=sum(a == b for a, b in zip(mine, theirs, strict=True)) / len(theirs),
        macro_f1=macro_f1(theirs, mine),
        entropy=entropy(mine),
        expert_entropy=entropy(theirs),
        majority=sum(b == commonest for b in theirs) / len(theirs),
        counts=dict(Counter(mine).most_common()),
    )


def _commonest(labels: Sequence[str]) -> str:
    counts = Counter(labels)
    return min(counts, key=lambda label: (-counts[label], label))


def entropy(labels: Sequence[str]) -> float:
    """The Shannon entropy of a list of labels, in bits; 0 for an empty one."""
    counts = Counter(labels)
    total = len(labels)
    return sum(-n / total * log2(n / total) for n in counts.values()) + 0.0 if total else 0.0


def read_decision(record: dict[str, Any]) -> Decision:
    """The expert's decision of a record of the Bridge data (keys e, z_what, z_why).

    Raises:
        InputError: a key is missing.
    """
    try:
        raw = {"error": record["e"], "strategy": record["z_what"], "intention": record["z_why"]}
    except KeyError as error:
        raise InputError(f"a Bridge record needs e, z_what and z_why; {error.args[0]} is missing") from error
    return Decision.model_validate({part: normalized(str(label), part) for part, label in raw.items()})

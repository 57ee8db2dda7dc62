"""Teacher moves and their kinds (MathDial, Macina et al., EMNLP Findings 2023), and a classifier of free text by rules.

The rules are cues that were read off two thirds of the labeled dialogues; a label says what a teacher meant, so words
alone cannot match it fully. On the other third (629 turns, other problems): accuracy 0.56, kappa 0.39, where the
commonest label alone gives 0.34. `classwright dialogue score` prints the agreement for every transcript with labels.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from classwright.classroom.kappa import cohen_kappa

Move = Literal["focus", "probing", "telling", "generic"]
Submove = Literal[
    "seek strategy", "guide student focus", "recall relevant information", "ask for explanation", "seek self-correction",
    "perturb the question", "seek world knowledge", "reveal strategy", "reveal answer", "greeting", "general inquiry",
]  # fmt: skip
MOVES: dict[Move, tuple[Submove, ...]] = {
    "focus": ("seek strategy", "guide student focus", "recall relevant information"),
    "probing": ("ask for explanation", "seek self-correction", "perturb the question", "seek world knowledge"),
    "telling": ("reveal strategy", "reveal answer"),
    "generic": ("greeting", "general inquiry"),
}
MOVE_NAMES: tuple[Move, ...] = get_args(Move)


class _Rule(NamedTuple):
    move: Move
    submove: Submove
    cue: re.Pattern[str]
    asks: bool | None = None
    """Whether the turn must (True) or must not (False) ask something."""


def _rule(move: Move, submove: Submove, cue: str, asks: bool | None = None) -> _Rule:
    return _Rule(move, submove, re.compile(cue, re.IGNORECASE), asks)


_DONE = r"(?:well done|good (?:job|work|stuff)|great (?:job|work|stuff)|excellent|perfect|fantastic|brilliant|correct|exactly|spot on|amazing|awesome|you(?:'ve)? got it|nice(?: work)?|yes|that(?:'s| is) (?:it|right|correct|the (?:right|correct) answer)|congratulations|right)"
_RULES = (
    _rule("generic", "general inquiry", r"\b(?:walk|talk|take|run) me (?:through|thru)\b"),
    _rule("generic", "greeting", r"^\W*(?:hi|hello|hey|good (?:morning|afternoon))\b.{0,40}$", False),
    _rule("generic", "general inquiry", r"\b(?:any (?:other )?questions|need (?:any )?(?:more )?help|does that (?:help|make sense)|are you (?:there|ready|ok)|how (?:do you feel|are you))\b"),
    _rule("generic", "general inquiry", rf"^\W*(?:(?:ok|okay|yes|yeah|great|well|so|oh|that'?s?|is|really|very|all|now|that's all|the|this|and|it'?s?)\W+)*{_DONE}(?:[\s,!.-]+(?:{_DONE}|[A-Z]?[a-z']+)){{0,6}}[\s!.]*$", False),
    _rule("generic", "general inquiry", r"\b(?:thank(?:s| you)|goodbye|bye|see you|have a (?:nice|good|great))\b(?!.*\?)", False),
    _rule("probing", "perturb the question", r"\b(?:if i|imagine|suppose|let's (?:say|pretend)|what if)\b"),
    _rule("probing", "ask for explanation", r"\bwhy\b|\bhow (?:did|have|are) you\b|\bwhere did (?:you|the|that)\b|\b(?:explain|tell me)\b.*\b(?:how|why|what|your)\b|\bwhat do you mean\b", True),
    _rule("probing", "seek self-correction", r"\b(?:are you sure|double[ -]check|check (?:that|your|it|this)|think about (?:that|it|the)|does (?:that|this|it) (?:make sense|look|seem|sound)|spot (?:your|the|a) (?:mistake|error)|(?:is|are) (?:that|this|it) (?:right|correct)|do you (?:see|think|agree))\b"),
    _rule("probing", "seek world knowledge", r"\b(?:what does .{1,40} mean|do you know|how many (?:minutes|hours|days|weeks|months|seconds|feet|inches|cents|ounces) (?:are |in |is )|what is (?:a|an) \w+\?)"),
    _rule("telling", "reveal answer", r"\b(?:the )?(?:correct |right |final |required )?answer (?:is|was|should be|would be)\b(?!\s+(?:not|in|wrong|incorrect|correct|right))"),
    _rule("telling", "reveal answer", r"(?:\d|\bx)\s*(?:=|is|equals|makes)\s*(?:just\s+|only\s+)?\$?\d[\d,.]*(?!\s*[-+*/x×]\s*\d)(?![^.]*\?)", False),
    _rule("telling", "reveal strategy", r"\b(?:you|we) (?:need|have|would (?:need|have)|should|must|do(?:n't| not)|would|would not|wouldn't) (?:to )?(?:then )?(?:add|subtract|multiply|divide|times|take|find|work|use|only|include|count|start|multiply|know|calculate)\b", False),
    _rule("telling", "reveal strategy", r"^\W*(?:no|not|wrong|incorrect)\b.{25,}", False),
    _rule("telling", "reveal strategy", r"\b(?:it|that|there|this|they|he|she) (?:is|are|was|were|would be|will be|has|have|had|should be)\b.{0,40}\d", False),
    _rule("focus", "recall relevant information", r"\b(?:read|look|go(?:ing)? back)\b.{0,30}\b(?:question|problem|again|at)\b|\bremember\b|\bthe (?:question|problem) (?:says|said|states|tells|asks)\b|\bwhat (?:does|do) the (?:question|problem)\b"),
    _rule("focus", "seek strategy", r"\b(?:what|which) (?:is |would be |should be |do you think )?.{0,20}(?:next|first|step|operation|strategy|equation|method)\b|\bwhat (?:should|do|can|could|would) (?:we|you) (?:do|need)\b|\bhow (?:can|could|do|would|should|might) (?:we|you)\b", True),
    _rule("focus", "guide student focus", r"\bnow\b|\bmistake\b|\blet's\b|\bso if\b|\bcalculate\b|\bhow (?:many|much|long|far|old|tall)\b|\bwhat(?:'s| is| are| was)\b"),
)  # fmt: skip


def move_of(kind: Submove) -> Move:
    """The move that a kind of move belongs to."""
    return next(move for move, kinds in MOVES.items() if kind in kinds)


def classify(text: str, *, opening: bool = False) -> Move:
    """The move of a tutor's turn by its words.

    Args:
        text: The turn.
        opening: Whether it is the tutor's first turn, where an inquiry is a greeting and not yet a probe.
    """
    return _matched(text, opening)[0]


def classify_submove(text: str, *, opening: bool = False) -> Submove:
    """The kind of the move that `classify` finds; MathDial publishes no labels of kinds, so nobody has measured this."""
    return _matched(text, opening)[1]


def _matched(text: str, opening: bool) -> tuple[Move, Submove]:
    question = "?" in text
    if opening and re.search(
        r"\b(?:explain|how did you|how you|tell me|show me|your (?:solution|answer|working|method)|hi|hello)\b",
        text,
        re.I,
    ):
        return "generic", "greeting"
    if not re.search(r"\w", text):
        return "generic", "general inquiry"
    for rule in _RULES:
        if rule.asks is not None and rule.asks != question:
            continue
        if rule.cue.search(text):
            return rule.move, rule.submove
    return ("probing", "seek self-correction") if question else ("focus", "guide student focus")


class MoveAgreement(NamedTuple):
    """Classified against labeled moves.

    Attributes:
        n: Turns that have a label.
        accuracy: Share of equal ones, 0..1.
        kappa: Cohen's kappa (1960); None where one label is all there is.
        confusion: Label -> classified -> turns.
    """

    n: int
    accuracy: float
    kappa: float | None
    confusion: dict[str, dict[str, int]]


def agreement(labeled: Sequence[Move], classified: Sequence[Move]) -> MoveAgreement | None:
    """How far classified moves agree with labels; None without any.

    Raises:
        ValueError: lists of different length.
    """
    pairs = list(zip(labeled, classified, strict=True))
    if not pairs:
        return None
    accuracy = sum(a == b for a, b in pairs) / len(pairs)
    kappa = cohen_kappa(labeled, classified)
    confusion = {a: {b: sum(p == (a, b) for p in pairs) for b in MOVE_NAMES} for a in MOVE_NAMES}
    return MoveAgreement(len(pairs), accuracy, kappa, confusion)

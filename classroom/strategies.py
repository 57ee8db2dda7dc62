"""Bridge's strategies (Wang et al., NAACL 2024): what each one is, and which of them a tutor's words carry out.

A turn can carry out several. The rules are ours and err on the side of finding a strategy: they decide what a coach must
not suggest because the tutor did it already.
"""

import re

from classwright.classroom.bridge import Strategy
from classwright.classroom.moves import classify, classify_submove

MEANING: dict[Strategy, str] = {
    "explain_concept": "explain the idea behind it, why it works",
    "ask_question": "ask a question that makes the student think or explain",
    "provide_hint": "give a small hint that points to what to look at",
    "provide_strategy": "name a way to go about it, a first step or a method",
    "provide_example": "show an example with other numbers or things",
    "provide_correction": "say kindly what is not right yet, and where",
    "provide_similar_problem": "give a similar problem to try first",
    "simplify_question": "make the question smaller or easier",
    "affirm_correct_answer": "confirm what is right, and say what is right about it",
    "encourage_student": "encourage the student: notice effort and progress",
}
"""Strategy -> what to do, in plain words; "other" is no strategy to suggest."""


def _cues(*cues: str) -> re.Pattern[str]:
    return re.compile("|".join(cues), re.I)


_CUES: dict[Strategy, re.Pattern[str]] = {
    "explain_concept": _cues(
        r"\bbecause\b", r"\bthat(?:'s| is) why\b", r"\bthe reason\b", r"\bmeans (?:that|how|the|we|you|it)\b",
        r"\b(?:stands for|represents|is called)\b", r"\bthis is how\b", r"\bthe idea is\b",
    ),
    "provide_hint": _cues(
        r"\bhint\b", r"\bremember\b", r"\b(?:look|think) (?:again |back |carefully )?(?:at|about|of)\b", r"\btry (?:to )?(?:think|look)",
        r"\bkeep in mind\b", r"\bdon't forget\b", r"\bnotice\b", r"\b(?:read|go back|focus on|pay attention)\b", r"\bre-?read\b",
    ),
    "provide_strategy": _cues(
        r"\b(?:you|we) (?:need|have|should|can|could|must|want) (?:to )?(?:then |first |also )?(?:add|subtract|multiply|divide|take|find|"
        r"work|use|set|draw|make|write|start|count|convert|turn|calculate)\b",
        r"\bfirst\b.*\bthen\b", r"\bstart (?:by|with)\b", r"\bone way\b", r"\bthe (?:first|next) step\b",
        r"\btry (?:using|drawing|making|adding|writing)\b", r"\buse (?:a|the) \w+",
    ),
    "provide_example": _cues(
        r"\bfor (?:example|instance)\b", r"\blet's say\b", r"\bimagine\b", r"\bsuppose\b", r"\blike (?:if|when)\b", r"\bpretend\b",
        r"\bsay (?:you|i|we) (?:have|had)\b",
    ),
    "provide_correction": _cues(
        r"\bnot (?:quite|exactly|right|correct|yet)\b", r"\bincorrect\b", r"\bwrong\b", r"\bmistake\b", r"\bshould(?:n't)? (?:be|have)\b",
        r"\bisn't (?:right|correct|quite)\b", r"\bactually\b", r"\bclose,? but\b", r"\balmost\b", r"^\W*no\b",
    ),
    "provide_similar_problem": _cues(
        r"\b(?:similar|another|different|easier|simpler) (?:problem|question|one|example)\b", r"\bwhat if (?:it|there|she|he|we|you) (?:was|were|had)\b",
        r"\btry (?:this|another) one\b", r"\bif i (?:had|have|gave|asked)\b",
    ),
    "simplify_question": _cues(
        r"\bbreak (?:it|this|that|the \w+) (?:down|up|into)\b", r"\bone (?:step|part|thing) at a time\b", r"\bjust (?:think|look|focus|the|find)\b",
        r"\blet's (?:just|only|start|ignore|forget|first)\b", r"\bsmaller (?:numbers?|steps?|part)\b", r"\bignore\b", r"\bsimpler\b", r"\beasier\b",
    ),
    "affirm_correct_answer": _cues(
        r"\bthat(?:'s| is) (?:right|correct|it|true|exactly)\b", r"\b(?:exactly|correct|perfect|spot on)\b(?<!not correct)(?<!incorrect)",
        r"\byou(?:'re| are) (?:absolutely |quite )?(?:right|correct)\b", r"\byou(?:'ve)? got (?:it|that)\b", r"^\W*(?:yes|yep|right)\b",
        r"\b(?:well done|good job|great job|excellent)\b",
    ),
    "encourage_student": _cues(
        r"\b(?:good|great|nice|excellent|amazing|awesome|lovely|fantastic) (?:try|job|work|thinking|start|effort|going|question|idea)\b",
        r"\bwell done\b", r"\byou can do\b", r"\bkeep (?:going|trying|it up|up)\b", r"\bproud\b", r"\bdon't worry\b", r"\bwe all\b",
        r"\byou(?:'re| are) (?:so |very |really )?(?:close|on the right|doing|getting)\b", r"\bi (?:like|love) (?:how|that|your)\b", r"\bwell tried\b",
    ),
}  # fmt: skip


def enacted(text: str, *, opening: bool = False) -> frozenset[Strategy]:
    """The strategies that a tutor's turn carries out.

    Args:
        text: The turn.
        opening: Whether it is the tutor's first turn.
    """
    found: set[Strategy] = {name for name, cue in _CUES.items() if cue.search(text)}
    if "?" in text:
        found.add("ask_question")
    move, submove = classify(text, opening=opening), classify_submove(text, opening=opening)
    if submove == "reveal strategy":
        found.add("provide_strategy")
    if submove == "reveal answer" or (move == "telling" and "provide_correction" in found):
        found.add("provide_correction")
    if submove == "recall relevant information":
        found.add("provide_hint")
    return frozenset(found)
